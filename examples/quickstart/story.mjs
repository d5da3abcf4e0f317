// The quickstart's story: the program beside it, on the real Pulumi engine, against a local exchange. Each step says what it shows, and checks it.
// `npm run quickstart` runs it; `npm run quickstart -- --play` stops after the first `up` and leaves stack and exchange to you.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { check, meet, ORDER, WALLETS } from "./exchange.mjs";
import { command, heading, note, plainLine, seen } from "./screen.mjs";
import { operate } from "./operator.mjs";
import { NotAsTold, openStage } from "./stage.mjs";

const { options, stage } = begin();
const pulumi = stage.pulumi;

async function story() {
  plainLine("The quickstart: exchange keys as Pulumi resources. All of it runs on this machine, and no real account is touched.");

  heading("A local exchange starts: it speaks Bitfinex's API, and holds nothing of worth");
  const exchange = await meet(await stage.sandbox());
  seen(`Bitfinex's sandbox answers at ${exchange.url}`);

  heading("A stack is made: its configuration says where the managing key is found, and holds no secret");
  await makeStack(exchange);

  heading("An API key waits for a person: a ceremony takes the preview, says what to click, and proves what was made");
  await ceremony(exchange, ["preview", "--json"], []);

  heading("The first `up` takes the key and issues two tokens; each has to show what it can do before it counts as made");
  await pulumi(["up", "--yes"], { outputs: true });
  const first = await held();
  const alive = (await exchange.alive()).map(({ fingerprint }) => fingerprint);
  check(same(alive, first.fingerprints), "the exchange has two live tokens, those whose fingerprints the outputs show");
  check(/^market maker [0-9a-f]{16}$/.test(first.makerLabel), "the API key is labelled so that a person finds it");
  const state = await pulumi(["stack", "export"], { quiet: true });
  check(
    state.includes("ciphertext") && ![first.report, first.desk, first.maker.apiSecret].some((secret) => state.includes(secret)),
    "Pulumi's state holds them encrypted",
  );
  if (options.play) return play(exchange);

  heading("Tokens and key at work: each can do what the program says, and no more");
  await exchange.accepts(first.report, WALLETS, "nightly-report reads the wallets");
  await exchange.refuses(first.report, ORDER, "nightly-report can't send an order");
  await exchange.accepts(first.desk, ORDER, "desk-trader sends an order");
  await exchange.accepts(first.maker, ORDER, "market-maker, the API key, sends an order");
  await exchange.refuses(first.maker, WALLETS, "and can't read the wallets");

  heading("A second `up` finds nothing to do");
  const idle = await pulumi(["up", "--yes", "--skip-preview"]);
  check(idle.includes("4 unchanged") && (await exchange.tokens()).length === 2, "nothing changed, and no further token was issued");

  heading("Somebody revokes the report's token behind Pulumi's back; a preview with refresh notices");
  await exchange.revoke(first.fingerprints[0]);
  const drift = await pulumi(["preview", "--refresh"]);
  check(
    /\+ .*nightly-report create/.test(drift) && drift.includes("+ 1 to create"),
    "it is gone at the exchange, and the next `up` would issue another",
  );

  heading("`up --refresh` repairs it");
  await pulumi(["up", "--refresh", "--yes", "--skip-preview"]);
  const repaired = await held();
  await exchange.accepts(repaired.report, WALLETS, "nightly-report has a new token, which reads the wallets");
  check(repaired.desk === first.desk, "desk-trader kept its own");

  heading("Trading is to halt: one setting, and the preview shows the permission that goes");
  await pulumi(["config", "set", "tradingHalted", "true"]);
  const narrowing = await pulumi(["preview", "--diff"]);
  check(narrowing.includes('~ orders: "read-write" => "read"') && /- trade +:/.test(narrowing), "with it goes the power to trade");

  heading("`up` narrows: Bitfinex can't change a token, so another is issued, and the former one is revoked at once");
  await pulumi(["up", "--yes", "--skip-preview"]);
  const halted = await held();
  await exchange.refuses(first.desk, ORDER, "the former token is dead");
  await exchange.refuses(halted.desk, ORDER, "the new one can't send an order");

  heading("17 hours later the report's token is due, and the preview says so");
  await exchange.advance("17h");
  const due = await pulumi(["preview", "--diff"], changesOnly);
  check(
    due.includes('"first" => "due"') && due.includes("~ 1 to update"),
    "the renewal shows before it is done, with the end of the former token",
  );

  heading("`up` renews it; for an hour both tokens work, so that nobody has to hurry");
  await pulumi(["up", "--yes", "--skip-preview"]);
  const renewed = await held();
  await exchange.accepts(renewed.report, WALLETS, "the new token reads the wallets");
  await exchange.accepts(repaired.report, WALLETS, "so does the former one");

  heading("When the hour has passed, the next `up` revokes the former one");
  await exchange.advance("61m");
  await pulumi(["up", "--yes", "--skip-preview"]);
  await exchange.refuses(repaired.report, WALLETS, "the former token is dead");
  await exchange.accepts(renewed.report, WALLETS, "the new one works on");

  heading("Before all is destroyed, a person revokes the API key, guided by the stack's own record of it");
  await ceremony(exchange, ["stack", "export"], ["--revoke"]);

  heading("`destroy` revokes the tokens, and lets go of the API key once it is seen to be dead");
  await pulumi(["destroy", "--yes", "--skip-preview"], { only: (line) => !/^(The resources in|If you want)/.test(line) });
  const tokens = await exchange.tokens();
  check(tokens.length === 5 && tokens.every((token) => !token.alive), "of the 5 tokens of this story none is alive, says the exchange");

  whatNext();
}

/** The lines of a diff that have a sign, and whose they are. */
const changesOnly = { only: (line) => /[~+-] |::nightly/.test(line), as: "pulumi preview --diff | grep -E '[~+-] |::nightly'" };

async function makeStack({ url, address, account }) {
  const configuration = `config:
  exchange-keys:accounts:
    bitfinex-main:
      venue: bitfinex
      environment: sandbox
      address: ${new URL(url).host}
      apiKeyEnv: BITFINEX_API_KEY
      apiSecretEnv: BITFINEX_API_SECRET
`;
  note(`Pulumi.${options.stack}.yaml\n${configuration.trimEnd().replaceAll(/^/gm, "  ")}`);
  // For the story alone: a journal beside the stack, and the sandbox's clock.
  const apart = `  exchange-keys:journal: ${JSON.stringify(join(stage.folder, "journal"))}\n  exchange-keys:testClock: ${address.url}\n`;
  writeFileSync(stage.config, configuration + apart);
  Object.assign(stage.env, { BITFINEX_API_KEY: account.apiKey, BITFINEX_API_SECRET: account.apiSecret });
  await pulumi(["stack", "init", options.stack]);
}

/** Everything that waits for a person, done by a scripted one. */
async function ceremony(exchange, source, flags) {
  const options = ["--from", "-", ...flags, "--no-open"];
  const document = await pulumi(source, { quiet: true });
  const as = `pulumi ${source.join(" ")} | npx exchange-keys ceremony ${options.join(" ")}`;
  const { line, ended } = stage.exchangeKeys(["ceremony", ...options], document, as);
  const [tasks] = await Promise.all([exchange.person().then((desk) => operate(line, desk)), ended]);
  check(tasks.length === 1 && tasks[0].phase === "done", `${tasks[0].title}: what the machine saw is what is declared`);
}

/** The tokens, as the jobs that use them would get them. They are never printed. */
async function held() {
  const outputs = JSON.parse(await pulumi(["stack", "output", "--json", "--show-secrets"], { quiet: true }));
  const { report, desk } = outputs.fingerprints;
  const { makerCredential: maker, makerLabel } = outputs;
  return { report: outputs.reportCredential.token, desk: outputs.deskCredential.token, fingerprints: [report, desk], maker, makerLabel };
}

function same(some, others) {
  return some.length === others.length && some.every((each) => others.includes(each));
}

/** Leaves stack and exchange to the person, until a signal. */
async function play({ address }) {
  const file = join(stage.folder, "environment");
  const names = Object.keys(stage.env).filter((name) => /^(PULUMI_|BITFINEX_|TS_NODE_|PATH$)/.test(name));
  const values = {
    ...Object.fromEntries(names.map((name) => [name, stage.env[name]])),
    CONTROL: address.url,
    CONTROL_TOKEN: address.token,
  };
  const text = Object.entries(values).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`);
  writeFileSync(file, text.join(""), { mode: 0o600 });
  heading("Your turn: exchange and stack stay until Ctrl-C. In another terminal, from the same folder:");
  command(`. ${join(stage.place, "environment")}`);
  command("pulumi config set tradingHalted true && pulumi preview --diff");
  command("pulumi up");
  command(`curl -H "authorization: Bearer $CONTROL_TOKEN" --json '{"advance": "17h"}' $CONTROL/clock && pulumi preview --diff`);
  await new Promise((resolve) => setInterval(resolve, 2 ** 31 - 1)); // a signal ends it
}

function whatNext() {
  plainLine();
  plainLine("That was the whole life of two access tokens and an API key. What to try next:");
  command("npm run quickstart -- --play     # the same exchange and stack, left to you after the first `up`");
  command("npm run sandbox                  # the exchange alone; docs/sandbox.md has its faults and switches");
  command("npm test                         # all the proofs");
  note("examples/quickstart/index.ts is the program: change it, and run this again. README.md says how to use it for an account of yours.");
}

function begin() {
  try {
    const known = { stack: { type: "string", default: "story" }, play: { type: "boolean", default: false }, help: { type: "boolean" } };
    const { values } = parseArgs({ options: known });
    if (values.help) {
      plainLine(
        "npm run quickstart -- [--play] [--stack NAME]\n\n  --play        stop after the first `up`, and leave exchange and stack to you",
      );
      plainLine("  --stack NAME  another name and folder (.quickstart/NAME) than `story`, for two runs at once");
      process.exit(0);
    }
    return { options: values, stage: openStage(values.stack) };
  } catch (error) {
    process.stderr.write(`${error.message}.\n`);
    process.exit(error instanceof NotAsTold ? 1 : 2);
  }
}

let ending;

/** Leaves nothing running, and exits. */
function end(code) {
  ending ??= stage.close().finally(() => process.exit(code));
  return ending;
}

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
for (const [signal, code] of Object.entries(signals)) {
  process.on(signal, () => {
    const text = options.play
      ? "Ending the exchange, and with it all that it issued."
      : "Ending what runs; an `up` under way finishes what it has begun.";
    if (ending) return stage.killAll(); // a second one
    process.stderr.write(`\n${text}\n`);
    void end(options.play ? 0 : code);
  });
}
process.stdout.on("error", () => void end(1)); // whoever read it has gone

story().then(
  () => end(0),
  (error) => {
    if (ending) return ending; // by a signal: what it cut off isn't worth a word
    process.stderr.write(`\nStopped: ${error instanceof NotAsTold ? error.message : error.stack}\n`);
    return end(1);
  },
);

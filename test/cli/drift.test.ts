// `exchange-keys drift` on previews that the real CLI printed (previews/, secrets and folders masked), and on such with one thing changed.

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { run, start, type Ended } from "./command";

type Values = Record<string, unknown>;
interface State {
  inputs: Values;
  outputs: Values;
}
interface Step {
  op: string;
  urn: string;
  oldState?: State;
  newState?: State;
}
interface Preview {
  steps: Step[];
  changeSummary?: Values;
  diagnostics?: Values[];
}

const PREVIEWS = join(__dirname, "previews");
const text = (name: string): string => readFileSync(join(PREVIEWS, `${name}.json`), "utf8");
const recorded = (name: string): Preview => JSON.parse(text(name)) as Preview;

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "exchange-keys-drift-"))));
afterAll(() => rmSync(folder, { recursive: true }));

const here = (env: Record<string, string> = {}) => ({ cwd: folder, env: { PATH: process.env["PATH"] ?? "", ...env } });
const drift = (preview: Preview | string, ...args: string[]): Promise<Ended> =>
  run(["drift", "--from", "-", ...args], { ...here(), stdin: typeof preview === "string" ? preview : JSON.stringify(preview) });

/** The key's steps: the refresh with what is recorded, and what is to be done with what was seen and what is wanted. */
function stepsOf(preview: Preview, name: string): [Step, Step] {
  return preview.steps.filter(({ urn }) => urn.endsWith(`::${name}`)) as [Step, Step];
}

/** A clean preview, in which a look has found something else. */
function seen(inputs: Values, outputs: Values = {}): Preview {
  const preview = recorded("clean");
  const { oldState } = stepsOf(preview, "maker")[1];
  Object.assign(oldState!.inputs, inputs);
  Object.assign(oldState!.outputs, outputs);
  return preview;
}

/** A clean preview, in which the program wants something else. */
function wanted(inputs: Values): Preview {
  const preview = recorded("clean");
  const [, step] = stepsOf(preview, "maker");
  step.op = "update";
  Object.assign(step.newState!.inputs, inputs);
  return { ...preview, changeSummary: { same: 2, update: 1 } };
}

const PENDING = "Not applied yet: the program wants it, and the state doesn't have it:";
const DUE = "Only due, no difference: the next up sees to it:";
const DOWN =
  "bybit (sandbox): read the account: the venue reports an error of its own (10016), which says nothing of what was done; try again later";

test.each([
  ["clean", 0, ["2 keys of desk/dev are as declared."]],
  [
    "due",
    0,
    ["2 keys of desk/dev are as declared.", "", DUE, "hedge: is due; the next up renews it", "maker: is due; the next up renews it"],
  ],
  [
    "overlap",
    0,
    [
      "2 keys of desk/dev are as declared.",
      "",
      DUE,
      "hedge: generation 1 has had its time; the next up revokes it",
      "maker: generation 1 has had its time; the next up revokes it",
    ],
  ],
  ["widened", 1, ["maker: the IP list lets in 198.51.100.9, which nobody declared", "", "1 of 2 keys of desk/dev differs."]],
  [
    "widened-and-narrowed",
    1,
    [
      "maker: the IP list lets in 198.51.100.9, which nobody declared",
      "",
      PENDING,
      "hedge: the program takes away ContractTrade:Position",
      "maker: the program takes away ContractTrade:Position",
      "",
      "2 of 2 keys of desk/dev differ.",
    ],
  ],
  [
    "declared-already",
    1,
    [
      "maker: the IP list lets in 198.51.100.9 already, which the program declares and no up has recorded",
      "",
      PENDING,
      "hedge: the program lets in 198.51.100.9 (new) too",
      "maker: the program lets in 198.51.100.9 (new) too",
      "",
      "2 of 2 keys of desk/dev differ.",
    ],
  ],
  [
    "anywhere",
    1,
    [
      "maker: can now administer, transfer, by Wallet:AccountTransfer; recorded was read, trade",
      "maker: has no IP list any more: it works from anywhere",
      "",
      "1 of 2 keys of desk/dev differs.",
    ],
  ],
  ["gone", 1, ["maker: is gone: the venue has no such key any more; the next up makes another", "", "1 of 2 keys of desk/dev differs."]],
  [
    "gone-undeclared",
    1,
    ["maker: is gone: the venue has no such key any more; the program has it no longer either", "", "1 of 2 keys of desk/dev differs."],
  ],
  [
    "undeclared",
    1,
    [
      "maker: the IP list lets in 198.51.100.9, which nobody declared",
      "",
      PENDING,
      "hedge: isn't declared any more; the next up revokes it",
      "",
      "2 of 2 keys of desk/dev differ.",
    ],
  ],
  ["created", 1, [PENDING, "third: is declared, and not made yet", "", "1 of 3 keys of desk/dev differs."]],
  [
    "reissue",
    1,
    [
      PENDING,
      "hedge: is to be reissued, as the program asks",
      "maker: is to be reissued, as the program asks",
      "",
      "2 of 2 keys of desk/dev differ.",
    ],
  ],
  [
    "replaced",
    1,
    [
      PENDING,
      "hedge: is to be replaced by another key",
      "maker: is to be replaced by another key",
      "hedge: the program labels it other; recorded is hedge",
      "maker: the program labels it other; recorded is maker",
      "hedge: the program has another holder",
      "maker: the program has another holder",
      "",
      "2 of 2 keys of desk/dev differ.",
    ],
  ],
  ["maintenance", 3, ["Whether keys of desk/dev have drifted isn't known.", `hedge: ${DOWN}`, `maker: ${DOWN}`]],
  [
    "broken",
    3,
    [
      "Whether keys of desk/dev have drifted isn't known.",
      "The preview failed, outside the keys; run pulumi preview --refresh and see what it says.",
    ],
  ],
])("%s: exit code %i", async (name, code, lines) => {
  expect(await drift(text(name))).toEqual({ code, out: `${lines.join("\n")}\n`, err: "" });
});

test.each([
  ["without-refresh", "it was made without --refresh"],
  ["without-sames", "it was made without --show-sames"],
])("%s isn't enough", async (name, cause) => {
  const { code, out, err } = await drift(text(name));
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toBe(`exchange-keys: drift: ${cause}; give the output of pulumi preview --refresh --show-sames --json\n`);
});

test.each([
  ["nothing", "", "nothing came"],
  ["a truncated one", text("clean").slice(0, 4000), "it isn't one JSON document"],
  ["another document", "[1]", "it isn't what Pulumi prints"],
  ["an export", '{"version": 3, "deployment": {"resources": []}}', "it is a stack's export"],
])("%s", async (_, given, cause) => {
  const { code, out, err } = await drift(given);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(cause);
});

test("powers that withdraw come first, whatever else there is", async () => {
  const preview = seen(
    { allowedIps: "anywhere", label: "x" },
    { powers: { withdraw: "Wallet:Withdraw", lend: "Earn:Earn" }, grants: ["Wallet:Withdraw", "Earn:Earn"] },
  );
  const { code, out } = await drift(preview);
  expect(code).toBe(1);
  expect(out.split("\n").slice(0, 5)).toEqual([
    "maker: can now withdraw, lend, by Wallet:Withdraw, Earn:Earn; recorded was read, trade",
    "maker: has no IP list any more: it works from anywhere",
    "maker: can no longer read, trade",
    "maker: its label is x; recorded was maker",
    "",
  ]);
});

test.each([
  [
    "a grant without another power",
    seen({}, { grants: ["ContractTrade:Order", "ContractTrade:Position", "Derivatives:DerivativesTrade", "Spot:SpotTrade", "read-write"] }),
    "maker: has Spot:SpotTrade, which nobody declared",
  ],
  [
    "a grant less",
    seen({}, { grants: ["ContractTrade:Order", "Derivatives:DerivativesTrade", "read-write"] }),
    "maker: has lost ContractTrade:Position",
  ],
  [
    "another address in its place",
    seen({ allowedIps: { "203.0.113.11": "" } }),
    "maker: the IP list lets in 203.0.113.11, which nobody declared\nmaker: the IP list no longer lets in 203.0.113.10 (gateway)",
  ],
  ["a range around it", seen({ allowedIps: { "203.0.113.0/24": "" } }), "maker: the IP list lets in 203.0.113.0/24, which nobody declared"],
  ["dead or barred", seen({ alive: false }), "maker: doesn't work any more: it has ended, or is refused; the next up makes a successor"],
  ["an input of another release", seen({ margin: "cross" }), "maker: the venue shows another margin than is recorded"],
])("%s", async (_, preview, first) => {
  const { code, out } = await drift(preview);
  expect(code).toBe(1);
  expect(out.startsWith(`${first}\n`)).toBe(true);
});

test.each([
  [
    "powers",
    wanted({ powers: { read: "x", withdraw: "y" }, permissions: { Wallet: ["Withdraw"] } }),
    [
      "maker: the program wants withdraw, which it can't do yet",
      "maker: the program adds Wallet:Withdraw",
      "maker: can still trade, which the program takes away",
      "maker: the program takes away ContractTrade:Order, ContractTrade:Position",
    ],
  ],
  [
    "another list",
    wanted({ allowedIps: { "203.0.113.11": "fra2" } }),
    ["maker: the program lets in 203.0.113.11 (fra2) too", "maker: lets in 203.0.113.10 (gateway) still, which the program takes away"],
  ],
  ["no list", wanted({ allowedIps: "anywhere" }), ["maker: the program lets it be used from anywhere"]],
  ["purposes alone", wanted({ allowedIps: { "203.0.113.10": "fra2" } }), ["maker: the program has another allowedIps"]],
  [
    "a value that comes of another resource",
    wanted({ allowedIps: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }),
    ["maker: its allowedIps is known only after an up"],
  ],
  [
    "a successor for another reason",
    wanted({ generation: 2, reason: "changed", lifetime: "7d" }),
    ["maker: is to get a successor: changed", "maker: the program has another lifetime"],
  ],
])("not applied yet: %s", async (_, preview, lines) => {
  const { code, out } = await drift(preview);
  expect(out).toBe([PENDING, ...lines, "", "1 of 2 keys of desk/dev differs.", ""].join("\n"));
  expect(code).toBe(1);
});

test("drift that a refresh took into the state still differs from the program", async () => {
  const preview = seen({ allowedIps: "anywhere" });
  const [look, step] = stepsOf(preview, "maker");
  look.oldState!.inputs = step.oldState!.inputs;
  expect(await drift(preview)).toMatchObject({
    code: 1,
    out: expect.stringContaining("maker: works from anywhere still, and the program has an IP list"),
  });
});

test("found gone by an earlier refresh, and still without a successor", async () => {
  const preview = wanted({ generation: 2, reason: "gone" });
  for (const step of stepsOf(preview, "maker")) step.oldState!.inputs["alive"] = false;
  expect(await drift(preview)).toMatchObject({ code: 1, out: expect.stringContaining("maker: was found gone by an earlier run") });
});

test("a lapsed key isn't merely due", async () => {
  const { code, out } = await drift(wanted({ generation: 2, reason: "lapsed" }));
  expect([code, out.split("\n")[0]]).toEqual([1, "maker: has reached its end, and nothing has renewed it; the next up does"]);
});

test("another release of the package, and nothing else: the same", async () => {
  expect(await drift(wanted({ __provider: "another text" }))).toMatchObject({ code: 0 });
});

test("an unknown outcome is told, and isn't drift; beside drift it is told too", async () => {
  const why = "bybit: set IP list: no answer came";
  const open = (preview: Preview): Preview => {
    for (const step of stepsOf(preview, "maker")) step.oldState!.outputs["unsettled"] = { since: "2030-01-01T00:00:00.000Z", cause: why };
    return preview;
  };
  const alone = await drift(open(recorded("clean")));
  expect(alone.code).toBe(3);
  expect(alone.out).toContain(`maker: nobody knows what became of its last change: ${why}`);
  const beside = await drift(open(recorded("widened")));
  expect(beside.code).toBe(1);
  expect(beside.out).toContain(`maker: nobody knows what became of its last change: ${why}`);
});

test("what is declared as a secret can't be compared, and nobody says that it is the same", async () => {
  const preview = recorded("clean");
  for (const step of stepsOf(preview, "maker"))
    for (const state of [step.oldState, step.newState]) if (state) state.inputs["allowedIps"] = "[secret]";
  expect(await drift(preview)).toMatchObject({
    code: 3,
    out: expect.stringContaining("maker: its allowedIps can't be compared: declared as a secret"),
  });
});

test("where the CLI rewrites the look's step, it is read the same", async () => {
  const preview = recorded("widened");
  const [look, step] = stepsOf(preview, "maker");
  Object.assign(look, { op: "update", newState: step.oldState });
  expect((await drift(preview)).out).toBe((await drift(text("widened"))).out);
  const gone = recorded("gone");
  Object.assign(stepsOf(gone, "maker")[0], { op: "delete", newState: undefined });
  expect((await drift(gone)).out).toBe((await drift(text("gone"))).out);
});

test("other resources are counted, not judged", async () => {
  const preview = recorded("clean");
  const urn = "urn:pulumi:dev::desk::aws:s3/bucket:Bucket::logs";
  const state = { urn, type: "aws:s3/bucket:Bucket", inputs: { __provider: 1 }, outputs: {} };
  preview.steps.push({ op: "refresh", urn, oldState: state, newState: state }, { op: "update", urn, oldState: state, newState: state });
  const { code, out } = await drift(preview);
  expect(code).toBe(0);
  expect(out).toBe("2 keys of desk/dev are as declared.\n\n1 other resource of the stack differs too, not judged here: logs\n");
});

test("JSON", async () => {
  const { code, out } = await drift(text("widened"), "--json");
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual({
    verdict: "differs",
    stack: "desk/dev",
    keys: 2,
    foreign: [],
    reasons: [],
    findings: [
      {
        urn: "urn:pulumi:dev::desk::pulumi-nodejs:dynamic/exchange-keys/bybit:SubAccountApiKey::maker",
        name: "maker",
        type: "bybit:SubAccountApiKey",
        kind: "drift",
        about: "addresses",
        widens: true,
        text: "the IP list lets in 198.51.100.9, which nobody declared",
      },
    ],
  });
});

test("Markdown: the same each time, whatever order the engine worked in", async () => {
  const preview = recorded("widened-and-narrowed");
  const first = await drift(preview, "--format", "markdown");
  const other = await drift(
    { ...preview, steps: [...preview.steps].sort((a, b) => (a.urn === b.urn ? 0 : a.urn < b.urn ? 1 : -1)) },
    "--format",
    "markdown",
  );
  expect(other).toEqual(first);
  expect(first.out).toBe(`<!-- exchange%2Dkeys%20drift desk%2Fdev -->
### 2 of 2 keys of desk/dev differ

**Changed at the venue**

- \`maker\`: the IP list lets in \`198.51.100.9\`, which nobody declared

**Not applied yet: the program wants it, and the state doesn't have it**

- \`hedge\`: the program takes away \`ContractTrade:Position\`
- \`maker\`: the program takes away \`ContractTrade:Position\`
`);
});

test("hostile labels, names and addresses stay text", async () => {
  const label = "x` --> <script>alert(1)</script> @everyone [a](http://b) ``\u202e\n# head";
  const preview = JSON.stringify(seen({ label, allowedIps: { "203.0.113.10": "gateway", "<img src=x>|@all": "" } })).replaceAll(
    '::maker"',
    '::<b>@here</b>`|\\n-->"',
  );
  const { out } = await drift(preview, "--format", "markdown");
  const [head, ...rest] = out.split("\n");
  expect(head).toBe("<!-- exchange%2Dkeys%20drift desk%2Fdev -->");
  // Nothing hostile stands outside of code.
  const bare = rest.join("\n").replace(/(`+)(?!`)(?:(?!\1).|\1`+)*?[^`]\1(?!`)/g, "");
  expect(bare).not.toMatch(/[<>@\u202e|]|-->|http|\n#[^#]/);
  expect(rest.filter((line) => line.startsWith("#"))).toEqual(["### 1 of 2 keys of desk/dev differs"]);
  const { out: plain } = await drift(preview);
  expect(plain).not.toContain("\u202e");
});

test("a report stays below what an issue takes", async () => {
  const preview = recorded("widened");
  const own = stepsOf(preview, "maker");
  for (let at = 0; at < 1500; at += 1) {
    const urn = `${own[0].urn}-${at}`;
    preview.steps.push(...own.map((step) => ({ ...step, urn })));
  }
  const { code, out } = await drift(preview, "--format", "markdown");
  expect(code).toBe(1);
  expect(out.length).toBeLessThan(65_536);
  expect(out).toMatch(/\n\d+ more lines have no room here; exchange-keys drift prints them\.\n$/);
});

describe("a run of its own", () => {
  /** A CLI that does what a test says; all that is asked of it is written down. */
  function cli(script: string): Record<string, string> {
    const file = join(folder, "pulumi");
    writeFileSync(
      file,
      `#!${process.execPath}\nconst args = process.argv.slice(2);\nrequire("fs").appendFileSync("asked", args.join(" ") + "\\n");\n${script}\n`,
    );
    chmodSync(file, 0o755);
    writeFileSync(join(folder, "asked"), "");
    return { PATH: [folder, dirname(process.execPath)].join(delimiter) };
  }
  const state = (manifest = {}, more = {}): string =>
    JSON.stringify({
      version: 3,
      deployment: { manifest, resources: [{ urn: "urn:pulumi:dev::desk::pulumi:pulumi:Stack::desk-dev" }], ...more },
    });
  const answers = (exported: string, preview = text("clean"), ls = "[]"): string =>
    `const said = { stack: args[1] === "ls" ? ${JSON.stringify(ls)} : ${JSON.stringify(exported)}, whoami: '{"url":"https://api.example"}', preview: ${JSON.stringify(preview)} };\nprocess.stdout.write(said[args[0]]);`;

  test("asks, and changes nothing; the stack is passed on", async () => {
    const env = cli(answers(state()));
    expect(await run(["drift", "--stack", "dev"], here(env))).toEqual({ code: 0, out: "2 keys of desk/dev are as declared.\n", err: "" });
    const asked = readFileSync(join(folder, "asked"), "utf8").trim().split("\n");
    expect(new Set(asked)).toEqual(
      new Set([
        "preview --refresh --show-sames --json --stack=dev --non-interactive --color=never",
        "stack export --stack=dev --non-interactive --color=never",
        "whoami -v --json --non-interactive --color=never",
        "stack ls --json --non-interactive --color=never",
      ]),
    );
  });

  test("an update is in progress in Pulumi Cloud", async () => {
    const env = cli(answers(state(), text("clean"), '[{"name": "acme/dev", "updateInProgress": true}]'));
    expect(await run(["drift"], here(env))).toMatchObject({ code: 3, out: expect.stringContaining("The state is locked") });
  });

  test("the state was changed meanwhile", async () => {
    const env = cli(
      `${answers(state()).replace("process.stdout.write(said[args[0]]);", "")}\nif (args[1] === "export") said.stack = JSON.stringify({ version: 3, deployment: { manifest: { time: String(process.hrtime.bigint()) }, resources: [] } });\nprocess.stdout.write(said[args[0]]);`,
    );
    expect(await run(["drift"], here(env))).toMatchObject({ code: 3, out: expect.stringContaining("The state was changed meanwhile") });
  });

  test("a run was killed in the middle of a key, recorded or not", async () => {
    const { urn } = stepsOf(recorded("clean"), "maker")[0];
    const [one, other] = [urn, `${urn}-2`].map((each) => ({ resource: { urn: each }, type: "updating" }));
    const { code, out } = await run(["drift"], here(cli(answers(state({}, { pending_operations: [other, one] })))));
    expect(code).toBe(3);
    expect(out).toContain("maker: a run was stopped in the middle of it");
    expect(out).toContain("maker-2: a run was stopped in the middle of it");
  });

  test.each([
    [
      3,
      "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
      "the passphrase of the stack's secrets is wrong",
    ],
    [2, "error: no stack named 'nope' found", "there is no such stack"],
    [2, "error: no Pulumi.yaml project file found (searching upwards from /x).", "there is no Pulumi.yaml here"],
    [3, "error: something with sandbox-secret in it", "pulumi failed (exit code 255); run pulumi preview --refresh here"],
  ])("exit code %i: %s", async (code, said, cause) => {
    const ended = await run(["drift"], here(cli(`process.stderr.write(${JSON.stringify(said)}); process.exitCode = 255;`)));
    expect(ended).toEqual({ code, out: "", err: expect.stringContaining(cause) });
    expect(ended.err).not.toContain("sandbox-secret");
  });

  test("no pulumi, no folder, contradictions", async () => {
    const none = { PATH: mkdtempSync(join(folder, "empty-")) };
    expect(await run(["drift"], here(none))).toMatchObject({ code: 2, err: expect.stringContaining("there is no pulumi on PATH") });
    expect(await run(["drift", "--cwd", "nowhere"], here(none))).toMatchObject({ code: 2, err: expect.stringContaining("is no folder") });
    expect(await run(["drift", "--from", "-", "--stack", "dev"], here())).toMatchObject({ code: 2 });
    expect(await run(["drift", "--json", "--format", "text"], here())).toMatchObject({ code: 2 });
    expect(await run(["drift", "--format", "html"], here())).toMatchObject({ code: 2 });
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s is passed on, and awaited", async (signal) => {
    const env = cli(
      `process.on("${signal}", () => { require("fs").appendFileSync("asked", "stopped\\n"); process.exit(0); });\nsetInterval(() => undefined, 1000);`,
    );
    const running = start(["drift"], here(env));
    while (readFileSync(join(folder, "asked"), "utf8").split("\n").length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    running.child.kill(signal);
    const ended = await running.ended;
    expect(ended).toEqual({ code: 130, out: "", err: "exchange-keys: drift: interrupted; nothing was changed\n" });
  });
});

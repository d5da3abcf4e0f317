// The story of `npm run quickstart`, run as scripts/quickstart.mjs runs it: it checks itself; here is proved that it tells all, keeps secrets
// and leaves nothing behind.

import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { refusingProxy, type RefusingProxy } from "../proxy";

const root = join(__dirname, "../..");
const node = join(root, "node_modules/.bin/node");
/** Of this file alone, so that a person's own run in the same clone stays untouched. */
const stack = `story-of-tests-${process.pid}`;
const folder = join(root, ".quickstart", stack);

let proxy: RefusingProxy;
let environment: NodeJS.ProcessEnv;
let told: Told | undefined;

beforeAll(async () => {
  const cli = process.env["EXCHANGE_KEYS_PULUMI"];
  if (cli === undefined) throw new Error("EXCHANGE_KEYS_PULUMI names no Pulumi CLI: run the tests by `npm test`, which gets one");
  proxy = await refusingProxy();
  environment = {
    ...process.env,
    ...proxy.env,
    PATH: [join(root, "node_modules/.bin"), dirname(cli), process.env["PATH"]].join(delimiter),
    NODE_OPTIONS: `--require=${join(root, "test/network-guard.cjs")}`,
    // What a person may have set for stacks of their own must not reach the story.
    PULUMI_STACK: "another",
    PULUMI_CONFIG_PASSPHRASE: "another",
  };
});
afterEach(async () => {
  await told?.kill();
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => proxy.close());

/** A run of the story, and what it has printed so far. */
class Told {
  text = "";
  readonly code: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv) {
    const story = join(root, "examples/quickstart/story.mjs");
    this.#child = spawn(node, [story, "--stack", stack, ...args], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding("utf8").on("data", (piece: string) => (this.text += piece));
    this.code = new Promise((resolve) => this.#child.once("close", resolve));
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends it in its own orderly way, if it hasn't ended. */
  async kill(): Promise<void> {
    if (this.#child.exitCode === null) this.signal("SIGTERM");
    await this.code;
  }

  /** Waits until it has printed this. */
  async until(text: string): Promise<void> {
    const over = this.code.then(() => "over");
    while (!this.text.includes(text)) {
      const more = new Promise((resolve) => this.#child.stdout?.once("data", resolve));
      if ((await Promise.race([more, over])) === "over" && !this.text.includes(text))
        throw new Error(`it never said "${text}":\n${this.text}`);
    }
  }

  get exchange(): string {
    return /answers at (http:\/\/127\.0\.0\.1:\d+)/.exec(this.text)?.[1] ?? "";
  }
}

function tell(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Told {
  told = new Told(args, { ...environment, ...env });
  return told;
}

/** The exchange has ended, and neither the stack's configuration nor the mark of a run is left. */
async function expectNothingLeft(run: Told): Promise<void> {
  await expect(fetch(run.exchange)).rejects.toThrow("fetch failed");
  expect(existsSync(join(root, `Pulumi.${stack}.yaml`))).toBe(false);
  expect(existsSync(join(folder, "pid"))).toBe(false);
}

test("the whole story", async () => {
  const run = tell();
  const code = await run.code;
  expect({ code, text: run.text }).toEqual({ code: 0, text: expect.stringContaining("What to try next:") as string });
  const headings = [...run.text.matchAll(/^ ?(\d+) {2}(.+)$/gm)].map(([, number, text]) => `${number} ${text}`);
  expect(headings).toEqual([
    "1 A local exchange starts: it speaks Bitfinex's API, and holds nothing of worth",
    "2 A stack is made: its configuration says where the managing key is found, and holds no secret",
    "3 An API key waits for a person: a ceremony takes the preview, says what to click, and proves what was made",
    "4 The first `up` takes the key and issues two tokens; each has to show what it can do before it counts as made",
    "5 Tokens and key at work: each can do what the program says, and no more",
    "6 A second `up` finds nothing to do",
    "7 Somebody revokes the report's token behind Pulumi's back; a preview with refresh notices",
    "8 `up --refresh` repairs it",
    "9 Trading is to halt: one setting, and the preview shows the permission that goes",
    "10 `up` narrows: Bitfinex can't change a token, so another is issued, and the former one is revoked at once",
    "11 17 hours later the report's token is due, and the preview says so",
    "12 `up` renews it; for an hour both tokens work, so that nobody has to hurry",
    "13 When the hour has passed, the next `up` revokes the former one",
    "14 Before all is destroyed, a person revokes the API key, guided by the stack's own record of it",
    "15 `destroy` revokes the tokens, and lets go of the API key once it is seen to be dead",
  ]);
  expect(run.text).toContain('~ orders: "read-write" => "read"');
  expect(run.text).toContain("✓ of the 5 tokens of this story none is alive, says the exchange");

  expect(run.text).not.toMatch(/sandbox-[\w-]{8,}/); // what every key and token of the sandbox begins with
  expect(run.text).not.toContain(readFileSync(join(folder, "passphrase"), "utf8"));
  expect(run.text).not.toMatch(/warning|error|undefined|\[object/i);
  expect(run.text).not.toContain("\u001b"); // no terminal, no colours
  expect(proxy.requests).toEqual([]);
  await expectNothingLeft(run);
});

test("ended by a signal in the middle of an `up`, it leaves nothing, and the next run isn't in its way", async () => {
  const run = tell();
  await run.until("$ pulumi up");
  run.signal("SIGINT");
  expect(await run.code).toBe(130);
  await expectNothingLeft(run);

  const next = tell(["--play"]);
  await next.until("Your turn");
  expect(next.text).toContain("✓ Pulumi's state holds them encrypted");
});

test("left to a person, the stack works from another terminal", async () => {
  const run = tell(["--play"]);
  await run.until("$CONTROL/clock");
  const commands = [
    `. .quickstart/${stack}/environment`,
    "pulumi config set tradingHalted true && pulumi preview --diff --non-interactive",
  ];
  const { HOME } = process.env;
  const shell = spawn("bash", ["-ec", commands.join("\n")], { cwd: root, env: { HOME }, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [shell.stdout, shell.stderr]) stream.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  const code = await new Promise((resolve) => shell.once("close", resolve));
  expect({ code, text }).toEqual({ code: 0, text: expect.stringContaining('~ orders: "read-write" => "read"') as string });

  const second = new Told([], environment);
  expect(await second.code).toBe(1);
  expect(second.text).toMatch(/^another run \(process \d+\) has \.quickstart\/\S+: end it first/);

  run.signal("SIGINT");
  expect(await run.code).toBe(0);
  await expectNothingLeft(run);
});

test("a step that isn't as told ends it with a sentence", async () => {
  const run = tell([], { EXCHANGE_KEYS_PULUMI: "/nowhere/pulumi" });
  expect(await run.code).toBe(1);
  expect(run.text).toMatch(/\nStopped: the Pulumi CLI can't be started \(ENOENT\); `npm run quickstart` gets one[^\n]*\n$/);
  await expectNothingLeft(run);
});

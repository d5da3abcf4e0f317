// examples/consumer as it stands, on the real engine: a bot takes a renewed key and doesn't miss a request; one that doesn't take it is refused, and says so.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Market } from "./market";
import { start, until, type Ended } from "./processes";
import { ok, root, Stack } from "./stack";

const example = join(root, "examples/consumer");

let market: Market;
let stack: Stack<Market>;
/** It runs as long as the tests do. */
let bot: { readonly child: ChildProcess; readonly said: () => string } | undefined;
beforeAll(async () => {
  market = await Market.open(["bybit"]);
  stack = await Stack.open(market, { project: "consumer" });
  Object.assign(stack.env, market.env);
  stack.configure({ accounts: { "bybit-master": market.settings("bybit") } });
  rmSync(join(stack.cwd, "index.js"));
  stack.runtime({});
  stack.program(readFileSync(join(example, "index.ts"), "utf8"), "index.ts");
  copyFileSync(join(example, "deliver.mjs"), join(stack.cwd, "deliver.mjs"));
  await ok(stack.up());
});
afterAll(async () => {
  if (bot?.child.exitCode === null && bot.child.kill("SIGKILL")) await once(bot.child, "close");
  await stack?.close();
  await market?.close();
});

const file = (): string => join(stack.folder, "credential.json");
const deliver = () => ok(start(process.execPath, ["deliver.mjs", "dev", file()], stack.cwd, stack.env).ended);

/** The bot has none of the environment of the runs: no passphrase, and no managing key. */
function botEnv(credential: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { NODE_OPTIONS } = stack.env;
  return { PATH: process.env["PATH"], NODE_OPTIONS, BYBIT_URL: `http://${market.address}`, EVERY_MS: "2000", ...credential };
}

const BOT = join(example, "bot/bot.mjs");
const runBot = (credential: Readonly<Record<string, string>>): Promise<Ended> =>
  start(process.execPath, [BOT], stack.folder, botEnv(credential)).ended;

function startBot(credential: Readonly<Record<string, string>>): NonNullable<typeof bot> {
  const child = spawn(process.execPath, [BOT], { cwd: stack.folder, env: botEnv(credential), stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (piece: string) => (said += piece));
  return { child, said: () => said };
}
const lines = (): readonly string[] => bot!.said().trim().split("\n");
const balances = (): number => lines().filter((line) => line.startsWith("balance ")).length;

/** Waits for so many more balances, or for the bot's first complaint. */
async function more(count: number): Promise<void> {
  const before = balances();
  await until(`${count} more balances`, () => balances() >= before + count || /^(refused|failed)/m.test(bot!.said()) || undefined);
  expect(bot!.said()).not.toMatch(/^(refused|failed)/m);
}

/** Right after an answer, while the bot pauses: a request under way would be of another time. */
async function advance(duration: string): Promise<void> {
  await more(1);
  await market.control.post("/clock", { advance: duration });
}

const fingerprint = (): unknown => stack.resource("maker")!.outputs["fingerprint"];
const living = async (): Promise<number> => (await market.living("bybit")).length;

test("the file is its owner's alone, and the bot works with it", async () => {
  await deliver();
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  bot = startBot({ CREDENTIAL_FILE: file() });
  await more(2);
  expect(lines()[0]).toBe(`key ${String(fingerprint())}`);
});

test("through a renewal: the former key goes on, the new one is taken, the former is revoked", async () => {
  const former = { key: fingerprint(), parts: JSON.parse(readFileSync(file(), "utf8")) as { apiKey: string; apiSecret: string } };
  await advance("31d");
  await ok(stack.up());
  expect(fingerprint()).not.toBe(former.key);
  await more(1); // with the former one: it has its overlap
  expect(bot!.said()).not.toContain(String(fingerprint()));
  await deliver();
  await more(2);
  expect(lines()).toContain(`key ${String(fingerprint())}`);

  await advance("25h");
  await ok(stack.up());
  expect(await living()).toBe(1);
  await more(2);

  const late = await runBot({ BOT_API_KEY: former.parts.apiKey, BOT_API_SECRET: former.parts.apiSecret });
  expect(late).toMatchObject({
    code: 1,
    stdout: `key ${String(former.key)}\n`,
    stderr: `refused (10003): the key ${String(former.key)} is over; start again with the stack's credential\n`,
  });
  for (const said of [bot!.said(), late.text]) expect(said).not.toMatch(/sandbox-[\w-]{8,}/);
});

test("a file that others can read is refused", async () => {
  chmodSync(file(), 0o644);
  const { code, text } = await runBot({ CREDENTIAL_FILE: file() });
  expect(code).toBe(1);
  expect(text).toContain("can be read by others; take that from them, and reissue the key");
});

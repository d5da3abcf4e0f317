// As a user would have it: the three packages packed, installed from their tarballs in an empty folder, the sandbox started by its command,
// a TypeScript program with its type check on. Installing is a set-up step: it goes to the registry that npm is configured for.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Sandbox } from "exchange-keys-sandbox";
import { fails, ok, root, Stack } from "./stack";
import { start } from "./processes";
import { Venue } from "./venue";

const PROGRAM = `import * as keys from "pulumi-exchange-keys";

const main = keys.bitfinex.account("main", { holder: "the desk" });
const report = new keys.bitfinex.AccessToken("report", {
  account: main, permissions: { account: "read", wallets: "read" }, lifetime: "24h", allowedIps: "anywhere",
});
export const credential = report.credential;
export const ends = report.expiresAt;
`;
const TSCONFIG = { compilerOptions: { strict: true, target: "es2022", module: "nodenext", moduleResolution: "nodenext", types: [] } };

let inner: Venue;
let venue: Venue;
let stack: Stack;
let command: ChildProcess | undefined;

beforeAll(async () => {
  inner = await Venue.open(); // lends the stack its first configuration
  stack = await Stack.open(inner, { packages: null });
  rmSync(join(stack.cwd, "index.js"));
  const npm = async (cwd: string, ...args: string[]): Promise<void> => {
    await ok(start("npm", args, cwd, { ...process.env, NODE_OPTIONS: "" }).ended);
  };
  const workspaces = ["provider", "sandbox", "cli"].flatMap((name) => ["--workspace", name]);
  await npm(root, "pack", "--ignore-scripts", "--pack-destination", stack.folder, ...workspaces);
  const tarballs = readdirSync(stack.folder).filter((file) => file.endsWith(".tgz"));
  const { devDependencies } = require("../../package.json") as { devDependencies: Record<string, string> };
  const others = ["@pulumi/pulumi", "typescript", "ts-node"].map((name) => `${name}@${devDependencies[name]!}`);
  const quietly = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"];
  await npm(stack.cwd, "install", ...quietly, ...others, ...tarballs.map((file) => join(stack.folder, file)));

  const sandbox = await commandSandbox();
  venue = await Venue.open(sandbox);
  Object.assign(stack.env, { BFX_KEY: venue.account.apiKey, BFX_SECRET: venue.account.apiSecret });
  stack.configure({ accounts: { main: stack.account({ address: venue.address }) }, testClock: venue.testClock });
  stack.runtime({}); // TypeScript, with its types checked: what users get
  delete stack.env["TS_NODE_TRANSPILE_ONLY"];
  writeFileSync(join(stack.cwd, "tsconfig.json"), JSON.stringify(TSCONFIG));
}, 240_000);

afterAll(async () => {
  command?.kill("SIGKILL");
  await stack?.close();
  await inner?.close();
});

/** `exchange-keys sandbox --json`, as it was installed. */
async function commandSandbox(): Promise<Sandbox> {
  const bin = join(stack.cwd, "node_modules/.bin/exchange-keys");
  command = spawn(bin, ["sandbox", "--json"], { cwd: stack.cwd, env: stack.env, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface(command.stdout!), "line")) as [string];
  return { ...(JSON.parse(line) as Omit<Sandbox, "close">), close: () => Promise.resolve() };
}

test("the packages are the packed ones, none of them a link into the repository", () => {
  for (const name of ["pulumi-exchange-keys", "exchange-keys-sandbox", "exchange-keys"]) {
    const place = join(stack.cwd, "node_modules", name);
    expect(realpathSync(place)).toBe(join(realpathSync(stack.cwd), "node_modules", name));
    expect(existsSync(join(place, "dist"))).toBe(true);
  }
});

test("a mistake in the permissions is a type error, and the venue hears nothing", async () => {
  stack.program(PROGRAM.replace('account: "read"', 'account: "write"'), "index.ts");
  const counts = await venue.during(async () => {
    expect((await fails(stack.up())).text).toMatch(/index\.ts.*TS2322|TS2322.*index\.ts|error TS2322/s);
  });
  expect(counts).toEqual({});
});

test("up, nothing to do, the token at work, destroy", async () => {
  stack.program(PROGRAM, "index.ts");
  await ok(stack.up());
  const [token] = await venue.alive();
  const { stdout } = await ok(stack.run("stack", "output", "--json", "--show-secrets"));
  expect(JSON.parse(stdout)).toEqual({
    credential: { venue: "bitfinex", environment: "sandbox", token: token!.token },
    ends: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  });
  await ok(stack.up("--refresh", "--expect-no-changes"));
  const headers = { "bfx-token": token!.token, "bfx-nonce": String(Date.now() * 1000), "content-type": "application/json" };
  const answer = await fetch(`http://${venue.address}/v2/auth/r/wallets`, { method: "POST", headers, body: "{}" });
  expect(answer.status).toBe(200);
  await ok(stack.destroy());
  expect(await venue.alive()).toEqual([]);
});

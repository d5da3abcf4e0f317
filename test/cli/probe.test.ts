// `exchange-keys probe`: what is a statement and what isn't, where the key comes from, and that it stays nowhere.

import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { parseStatement } from "../../provider/ceremony/statement";
import { fingerprint } from "../../provider/core/secret";
import { HERE, Table } from "../ceremony/table";
import type { Credentials } from "../sandbox/caller";
import { MAIN, run, type Ended } from "./command";
import { hasPty, Pty } from "./pty";

let table: Table;
beforeAll(async () => (table = await Table.open()));
afterAll(() => table.close());
beforeEach(async () => {
  await table.bed.control.delete("/faults");
  await table.bed.switches({ ipRefusal: null });
});

const THERE = "203.0.113.11"; // as the sandbox sees 127.0.0.2

async function probe(key: Credentials, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Ended> {
  const where = ["--venue", "bitfinex", "--environment", "sandbox", "--address", table.address];
  const from = ["--key-env", "BOT_KEY", "--secret-env", "BOT_SECRET"];
  const own = { BOT_KEY: key.apiKey, BOT_SECRET: `${key.apiSecret}\n` };
  const ended = await run(["probe", ...where, ...from, ...args], { cwd: table.folder, env: { ...table.env, ...own, ...env } });
  for (const part of [key.apiKey, key.apiSecret]) expect(ended.out + ended.err).not.toContain(part);
  return ended;
}

test("let in: fingerprint, address, scopes and the venue's time on one line", async () => {
  const key = await table.key({ orders: "read", wallets: "read-write" }, { allowedIps: [HERE] });
  const { code, out, err } = await probe(key);
  expect(code).toBe(0);
  expect(out.endsWith("}\n")).toBe(true);
  const of = { venue: "bitfinex", environment: "sandbox", fingerprint: fingerprint("bitfinex", key.apiKey), address: HERE };
  expect(parseStatement(out)).toEqual({
    ...of,
    answer: "in",
    grants: ["orders:read", "wallets:read", "wallets:write"],
    at: expect.stringMatching(/Z$/),
  });
  expect(err).toContain(`was let in from ${HERE}`);
  expect((await probe(key, ["--json"])).err).toBe("");
});

test.each(["apikey-invalid", "own-error"])("refused at an address that isn't on the list (%s)", async (ipRefusal) => {
  await table.bed.switches({ ipRefusal });
  const key = await table.key({ orders: "read" }, { allowedIps: [HERE] });
  const { code, out, err } = await probe(key, ["--source-address", "127.0.0.2"]);
  expect(code).toBe(1);
  expect(parseStatement(out)).toMatchObject({ answer: "refused", address: THERE });
  expect(err).toContain(`was refused at ${THERE}`);
});

test("the time is the venue's, not this machine's", async () => {
  const key = await table.key({ orders: "read" });
  await table.bed.control.post("/clock", { set: "2031-05-06T07:08:09Z" });
  try {
    expect(parseStatement((await probe(key)).out).at).toMatch(/^2031-05-06T07:08:/);
  } finally {
    await table.bed.control.post("/clock", { offsetMs: 0 });
  }
});

test("a wrong secret is no refusal of the address: no statement", async () => {
  const key = await table.key({ orders: "read" });
  const { code, out, err } = await probe({ ...key, apiSecret: "sandbox-wrong" });
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(/^exchange-keys: bitfinex \(sandbox\): probe the key: .*the API secret is wrong; give the API secret that belongs/);
});

test("a bot that counts microseconds: no statement, until it is said", async () => {
  const key = await table.key({ orders: "read" });
  await table.bed.key("auth/r/permissions", {}, { key });
  const small = await probe(key);
  expect({ code: small.code, out: small.out }).toEqual({ code: 3, out: "" });
  expect(small.err).toContain("give --nonce-unit us");
  expect((await probe(key, ["--nonce-unit", "us"])).code).toBe(0);
});

test.each([
  ["maintenance", "auth/r/permissions", /maintenance/],
  ["429", "auth/r/permissions", /rate limit/],
  ["html", "auth/r/permissions", /try again/],
  ["500", "int/geo/ip", /without that address there is no statement/],
])(
  "%s at %s says nothing of the address",
  async (kind, path, words) => {
    const key = await table.key({ orders: "read" });
    await table.bed.fault(path, { kind, times: "always" });
    const { code, out, err } = await probe(key);
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toMatch(words);
  },
  30_000,
);

test("nobody there: no statement", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const { code, out } = await probe({ apiKey: "sandbox-a", apiSecret: "sandbox-b" }, ["--address", `127.0.0.1:${port}`]);
  expect({ code, out }).toEqual({ code: 3, out: "" });
}, 30_000);

test("--out writes it for its owner alone: into a folder, or as the file that is named", async () => {
  const key = await table.key({ orders: "read" });
  const folder = mkdtempSync(join(table.folder, "out-"));
  const { out } = await probe(key, ["--out", folder]);
  const [name = ""] = readdirSync(folder);
  expect(name).toMatch(/^probe-[0-9a-f]{16}-.*\.json$/);
  expect(readFileSync(join(folder, name), "utf8")).toBe(out);
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  await probe(key, ["--out", join(folder, "mine.json")]);
  expect(readdirSync(folder)).toContain("mine.json");
});

test("key and secret from files", async () => {
  const key = await table.key({ orders: "read" });
  for (const [name, text] of Object.entries({ key: key.apiKey, secret: key.apiSecret }))
    writeFileSync(join(table.folder, name), `${text}\n`);
  const where = ["--venue", "bitfinex", "--environment", "sandbox", "--address", table.address];
  const { code } = await run(["probe", ...where, "--key-file", "key", "--secret-file", "secret"], { cwd: table.folder, env: table.env });
  expect(code).toBe(0);
});

test.each([
  [["--venue", "bitfinex"], "the key is missing; give --key-env"],
  [["--venue", "bitfinex", "--key-env", "A", "--prompt"], "the key is given more than once"],
  [["--venue", "bitfinex", "--key-env", "sandbox-pasted", "--secret-env", "B"], "--key-env names an environment variable that is not set"],
  [["--venue", "bitfinex", "--key-file", "/none/sandbox-pasted", "--secret-env", "X"], "--key-file names a file that can't be read"],
  [["--venue", "bitfinex", "--prompt"], "--prompt needs a terminal"],
  [["--venue", "nowhere", "--key-env", "X", "--secret-env", "X"], 'there is no venue "nowhere"; give --venue bitfinex'],
  [["--venue", "bitfinex", "--environment", "demo", "--key-env", "X", "--secret-env", "X"], 'bitfinex has no environment "demo"'],
  [["--venue", "bitfinex", "--address", "127.0.0.1:1", "--key-env", "X", "--secret-env", "X"], "--address belongs to environment"],
  [["--venue", "bitfinex", "--environment", "sandbox", "--key-env", "X", "--secret-env", "X"], "--address is missing"],
  [["--venue", "bitfinex", "--key-env", "X", "--secret-env", "X"], "a sandbox's credential would leave this machine"],
])("%j can't be done", async (args, words) => {
  const { code, out, err } = await run(["probe", ...args], { cwd: table.folder, env: { ...table.env, X: "sandbox-x" } });
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(words);
  expect(err).toMatch(/^exchange-keys: /);
  expect(err).not.toContain("sandbox-pasted");
});

const pty = hasPty ? test : test.skip;
pty(`--prompt asks in the terminal and shows nothing${hasPty ? "" : " (no `script` of util-linux here)"}`, async () => {
  const key = await table.key({ orders: "read" });
  const command = `${process.execPath} ${MAIN} probe --venue bitfinex --environment sandbox --address ${table.address} --prompt`;
  const terminal = new Pty(command, { cwd: table.folder, env: table.env });
  try {
    await terminal.see(/API key.*: /);
    terminal.type(`${key.apiKey}\r`);
    await terminal.see(/API secret.*: /);
    terminal.type(`${key.apiSecret}\r`);
    await terminal.see(/"answer":"in"/);
    expect(await terminal.ended).toBe(0);
    expect(terminal.seen).not.toContain(key.apiSecret);
    expect(terminal.seen).not.toContain(key.apiKey);
  } finally {
    terminal.end();
  }
});

// The state file: what survives a restart, who may read the file, and files that can't be used.

import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox } from "../../sandbox/index";
import { Bed, nextNonce } from "./caller";

let folder: string;
let state: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sandbox-state-"));
  state = join(folder, "state.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("credentials, tokens, nonces, clock and settings survive; the control token doesn't", async () => {
  const first = await Bed.open({ state });
  await first.switches({ tokenInvalidCode: 10112 });
  await first.control.post("/clock", { advance: "2h" });
  await first.control.patch("/addresses", { "127.0.0.3": "198.51.100.3" });
  await first.control.put("/venues/bitfinex/maintenance", { on: true });
  await first.control.put("/venues/bitfinex/maintenance", { on: false });
  const token = await first.mint();
  const nonce = nextNonce();
  await first.key("auth/r/permissions", {}, { nonce });
  const { account, sandbox } = first;
  await first.close();

  const second = await Bed.open({ state, limits: true });
  try {
    expect(second.account).toEqual(account);
    expect(second.sandbox.control.token).not.toBe(sandbox.control.token);
    expect((await second.key("auth/r/permissions", {}, { nonce })).json).toEqual(["error", 10114, "nonce: small"]);
    expect(await second.control.get("/clock")).toMatchObject({ offsetMs: 7_200_000 });
    expect(await second.control.get("/addresses")).toEqual({ "127.0.0.3": "198.51.100.3" });
    expect(await second.control.get("/venues/bitfinex/switches")).toMatchObject({ tokenInvalidCode: 10112 });
    expect(await second.control.get("/venues/bitfinex/limits")).toMatchObject({ enabled: false });
    expect((await second.token(token, "auth/r/permissions")).status).toBe(200);
  } finally {
    await second.close();
  }
});

test("what was answered is in the file already, for a sandbox that is killed", async () => {
  const bed = await Bed.open({ state });
  try {
    const token = await bed.mint();
    expect(readFileSync(state, "utf8")).toContain(token);
  } finally {
    await bed.close();
  }
});

test("the file is its owner's alone, and no half-written one is left", async () => {
  const bed = await Bed.open({ state });
  await bed.mint();
  await bed.close();
  expect(statSync(state).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["state.json"]);
  chmodSync(state, 0o644);
  await (await Bed.open({ state })).close();
  expect(statSync(state).mode & 0o777).toBe(0o600);
});

test.each([
  ["no JSON", "{", "not a state file"],
  ["another version", '{"version":2,"sections":{}}', "not a state file"],
  ["a section of another shape", '{"version":1,"sections":{"clock":{"offsetMs":"much"}}}', "clock.offsetMs"],
  ["a switch of another kind", '{"version":1,"sections":{"bitfinex.switches":{"ipRefusal":{}}}}', "bitfinex.switches.ipRefusal"],
  ["a switch that there isn't", '{"version":1,"sections":{"bitfinex.switches":{"nonsense":true}}}', "nonsense: no such switch"],
])("refuses %s and leaves the file as it is", async (_what, text, message) => {
  writeFileSync(state, text);
  await expect(startSandbox({ state })).rejects.toMatchObject({ name: "StateError", message: expect.stringContaining(message) });
  expect(readFileSync(state, "utf8")).toBe(text);
});

test("refuses a folder that isn't there", async () => {
  await expect(startSandbox({ state: join(folder, "no", "state.json") })).rejects.toThrow(/can't be written/);
});

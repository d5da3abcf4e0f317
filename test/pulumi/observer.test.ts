// Who looks and who acts: an observer's credential is enough for a refresh, and never used for a write. What a refresh found dead leaves
// the journal, and a revocation that fails keeps no other key alive.

import type { RequestEntry } from "../../sandbox/index";
import { fingerprint } from "../../sandbox/index";
import { refusal, Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(async () => {
  await stage.settle();
});
afterAll(() => stage.close());

interface Made {
  readonly id: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

async function observer(): Promise<Made> {
  const made = { permissions: { account: "read" }, allowedIps: ["203.0.113.10"], label: "observer" };
  return stage.bed.control.post<Made>("/venues/bitfinex/keys", made);
}

/** Fingerprints of the API keys that signed requests to a path. */
async function signers(path: string): Promise<readonly (string | null)[]> {
  const { requests } = await stage.bed.control.get<{ requests: RequestEntry[] }>("/requests");
  return requests.filter((one) => one.path === `/v2/${path}`).map(({ credential }) => credential);
}

test("a refresh needs the observer alone; a write uses the managing key", async () => {
  const held = await stage.issue(await stage.start());
  await stage.bed.control.delete("/requests");
  const { apiKey, apiSecret } = await observer();
  const account = stage.account({ apiKey: undefined, apiSecret: undefined, observer: { apiKey, apiSecret } });
  const looking = await stage.start(stage.config({ main: account }));
  const seen = await looking.read(held.id, held.outs);
  expect(seen.id).toBe(held.id);
  expect(await signers("auth/r/info/user")).toEqual([fingerprint("bitfinex", apiKey)]);
  const { message } = await refusal(looking.delete(held.id, held.outs));
  expect(message).toContain("exchange-keys:accounts.main.apiKey is missing");
  expect(await stage.alive()).toHaveLength(1);

  await stage.bed.control.delete("/requests");
  const acting = await stage.start(stage.config({ main: stage.account({ observer: { apiKey, apiSecret } }) }));
  await acting.read(held.id, held.outs);
  await acting.delete(held.id, held.outs);
  const managing = fingerprint("bitfinex", String(stage.account()["apiKey"]));
  expect(await signers("auth/r/info/user")).toEqual([fingerprint("bitfinex", apiKey), managing]);
  expect(await stage.alive()).toEqual([]);
});

test("an observer of another account is refused", async () => {
  const held = await stage.issue(await stage.start());
  await stage.bed.control.post("/venues/bitfinex/accounts", { id: 777 });
  const other = { accountId: 777, permissions: { account: "read" }, label: "other" };
  const { apiKey, apiSecret } = await stage.bed.control.post<Made>("/venues/bitfinex/keys", other);
  const provider = await stage.start(stage.config({ main: stage.account({ observer: { apiKey, apiSecret } }) }));
  const { message } = await refusal(provider.read(held.id, held.outs));
  expect(message).toContain('its key belongs to account 123456, and the credential of "main" to 777');
});

test("an observer that the venue refuses is told from the managing key", async () => {
  const held = await stage.issue(await stage.start());
  stage.secrets.add("sandbox-nobody-knows-it");
  const account = stage.account({ observer: { apiKey: "sandbox-nobody-knows-it", apiSecret: "sandbox-nor-this" } });
  const provider = await stage.start(stage.config({ main: account }));
  const { message } = await refusal(provider.read(held.id, held.outs));
  expect(message).toContain('bitfinex (sandbox): observer of account "main": read the account: the venue refuses the API key (10100)');
  await provider.delete(held.id, held.outs); // by the managing key
});

test("a key that a refresh proved dead leaves the journal", async () => {
  const held = await stage.issue(await stage.start());
  const [token] = await stage.tokens();
  expect(stage.entries()).toHaveLength(1);
  await stage.bed.control.delete(`/venues/bitfinex/tokens/${token?.id ?? ""}`);
  const provider = await stage.start();
  expect((await provider.read(held.id, held.outs)).id).toBe("");
  expect(stage.entries()).toEqual([]);
});

test("a delete that can't revoke one generation revokes the other, fails, and is done by the next", async () => {
  const provider = await stage.start();
  const first = await stage.issue(provider);
  const both = await stage.change(provider, first, { permissions: { account: "read", wallets: "read", orders: "read" } });
  expect(await stage.alive()).toHaveLength(2);
  // The earlier one goes first: by its own hand, then by the account's; both are refused, and so it is still seen alive.
  const refused = { kind: "refuse", code: 10020, message: "token: params", times: 2 };
  await stage.fault("auth/w/token/del", refused);
  // In a run of its own: what a run has made itself it doesn't delete.
  const next = await stage.start();
  const { message } = await refusal(next.delete(both.id, both.outs));
  expect(message).toContain("revoke generation 1");
  expect(await stage.alive()).toHaveLength(1);
  await next.delete(both.id, both.outs);
  expect(await stage.alive()).toEqual([]);
});

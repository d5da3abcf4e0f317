// Clocks that disagree, and numbers that rise: ours an hour off either way, one set back, a key whose other client counts microseconds.

import type { Properties } from "./program";
import { refusal, Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.settle());
afterAll(() => stage.close());

const HOUR = 3_600_000;
const made = (): Promise<{ apiKey: string; apiSecret: string }> =>
  stage.bed.control.post("/venues/bitfinex/keys", { permissions: { account: "read-write", wallets: "read" } });

/** A managing key of this test alone, since what a key has seen can't be taken back. */
async function ownKey(changes: Properties = {}): Promise<Properties> {
  const { apiKey, apiSecret } = await made();
  return stage.account({ apiKey, apiSecret, ...changes });
}

test.each([
  ["behind", HOUR],
  ["ahead of", -HOUR],
])("our clock is an hour %s the venue's: nothing is written, neither in create nor in update", async (word, offsetMs) => {
  const main = await ownKey();
  const held = await stage.issue(await stage.start(stage.config({ main })));
  await stage.bed.control.post("/clock", { offsetMs });
  const fresh = await ownKey(); // the other has seen later numbers
  const provider = await stage.start(stage.config({ main: fresh }));
  const says = (operation: string) =>
    new RegExp(
      `^bitfinex \\(sandbox\\): ${operation} token "report": this machine's clock is (3599|360[01]) s ${word} the venue's; ` +
        "set the clock; times of renewal and revocation are counted by it$",
    );
  expect((await refusal(provider.create(held.inputs))).message).toMatch(says("create"));
  const { inputs } = await provider.check({ ...stage.inputs, reissue: "now" }, held.inputs);
  expect((await refusal(provider.update(held.id, held.outs, inputs))).message).toMatch(says("update"));
  expect(await stage.tokens()).toHaveLength(1);
});

test.each([
  ["a minute less a few seconds", 55_000],
  ["the same the other way", -55_000],
])("%s is let pass", async (_, offsetMs) => {
  await stage.bed.control.post("/clock", { offsetMs });
  await stage.issue(await stage.start(stage.config({ main: await ownKey() })));
  expect(await stage.alive()).toHaveLength(1);
});

test.each([
  ["early", -HOUR],
  ["late", HOUR],
])("one answer whose Date is an hour too %s does no harm, and none to the runs after it", async (_, skewMs) => {
  await stage.fault("int/geo/ip", { kind: "clock", skewMs });
  const main = await ownKey();
  const held = await stage.issue(await stage.start(stage.config({ main })));
  const lifetime = Date.parse(String(held.outs["expiresAt"])) - Date.now();
  expect(Math.abs(lifetime - 24 * HOUR)).toBeLessThan(60_000);
  await (await stage.start(stage.config({ main }))).delete(held.id, held.outs);
  expect(await stage.alive()).toEqual([]);
});

test("a clock set back: numbers go on rising in the process, and the next one says what is wrong", async () => {
  const config = stage.config({ main: await ownKey() }, { testClock: stage.bed.sandbox.control.url });
  const provider = await stage.start(config);
  const held = await stage.issue(provider);
  await stage.bed.control.post("/clock", { advance: "-1h" });
  expect((await provider.read(held.id, held.outs)).id).toBe(held.id);
  const next = await stage.start(config);
  const message =
    'bitfinex (sandbox): account "main": read the account: the venue has seen a greater nonce from this key (10114); ' +
    'let one program alone use this key; if that one counts microseconds, say nonceUnit: "us" in the account or the token';
  expect((await refusal(next.read(held.id, held.outs))).message).toBe(message);
  // A token needs no account to die.
  await next.delete(held.id, held.outs);
  expect(await stage.alive()).toEqual([]);
});

test("a managing key whose other client counts microseconds: refused, until the account says so", async () => {
  const key = await made();
  await stage.bed.key("auth/r/permissions", {}, { key });
  const { apiKey, apiSecret } = key;
  const provider = await stage.start(stage.config({ main: stage.account({ apiKey, apiSecret }) }));
  const { inputs } = await provider.check(stage.inputs);
  expect((await refusal(provider.create(inputs))).message).toContain("the venue has seen a greater nonce from this key (10114)");
  expect(await stage.tokens()).toEqual([]);
  await (await stage.start(stage.config({ main: stage.account({ apiKey, apiSecret, nonceUnit: "us" }) }))).create(inputs);
  expect(await stage.alive()).toHaveLength(1);
});

test("a token whose holder counts microseconds is not taken for dead, and can be revoked", async () => {
  const config = stage.config({ main: await ownKey() });
  const held = await stage.issue(await stage.start(config));
  await stage.bed.token(String(held.outs["token"]), "auth/r/permissions");
  const provider = await stage.start(config);
  expect((await refusal(provider.read(held.id, held.outs))).message).toContain("the venue has seen a greater nonce from this key (10114)");
  await provider.delete(held.id, held.outs);
  expect(await stage.alive()).toEqual([]);
});

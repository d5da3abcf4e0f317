// Refreshing keys that a person made: drift row by row, statements of probes as evidence, and a refusal that is taken for an absence only
// where it is one, and even then not for a revocation.

import { Desk, HERE, THERE, TRADING, TRADING_GRANTS } from "./desk";
import { refusal } from "./stage";
import type { Properties } from "./program";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.settle());
afterAll(() => desk.close());

test("permissions that changed at the venue: drift by rows, and repaired", async () => {
  const { held, made } = await desk.issued();
  await desk.edit(made, { permissions: { ...TRADING, positions: "read-write", history: "none" } });
  const drifted = await desk.refresh(held);
  const { history: _, ...rest } = TRADING;
  expect(drifted.inputs).toEqual({
    ...held.inputs,
    permissions: { ...rest, positions: "read-write" },
    powers: { read: "account:read orders:read positions:read wallets:read", trade: "orders:write positions:write" },
  });
  const { message } = await refusal(desk.up(drifted));
  expect(message).toContain("on the venue's page: turn positions:write off, turn history:read on; ");
  await desk.edit(made, { permissions: TRADING });
  const mended = await desk.up(drifted);
  expect(mended.outs["grants"]).toEqual([...TRADING_GRANTS]);
  expect((await desk.refresh(mended)).inputs).toEqual(held.inputs);
});

test("a scope without a row appears: drift, taken with a warning, then none", async () => {
  const { held, made } = await desk.issued();
  await desk.edit(made, { permissions: { ...TRADING, settings: "read" } });
  const drifted = await desk.refresh(held);
  expect(drifted.inputs["permissions"]).toEqual({ ...TRADING, settings: "read" });
  const next = await desk.up(drifted);
  expect(next.outs["warnings"]).toEqual([{ message: expect.stringContaining("it also has settings:read") as string }]);
  expect((await desk.refresh(next)).inputs).toEqual(next.inputs);
});

test("revoked at the venue: it stays, not alive; what answers again is alive again", async () => {
  const { held, made } = await desk.issued();
  await desk.edit(made, { allowedIps: [THERE] });
  const lost = await desk.refresh(held);
  expect(lost.inputs).toEqual({ ...held.inputs, alive: false });
  expect(lost.outs).toEqual({ ...held.outs, alive: false });
  expect(await desk.refresh(lost)).toEqual(lost);
  await desk.edit(made, { allowedIps: [HERE] });
  const found = await desk.refresh(lost);
  expect(found.inputs).toEqual(held.inputs);
  expect((await desk.up(found)).outs["apiKey"]).toBe(made.apiKey);
});

test.each(["revoked", "edited to bar this address"])(
  "%s: a successor is asked for, and the former one isn't dropped without a word",
  async (what) => {
    const { held, made } = await desk.issued();
    await (what === "revoked" ? desk.revoke(made) : desk.edit(made, { allowedIps: [THERE] }));
    const lost = await desk.refresh(held);
    const { message } = await refusal(desk.up(lost));
    expect(message).toContain("nobody has done that yet");
    const second = await desk.make();
    await desk.leave(desk.deposit(second, { generation: 2, at: new Date().toISOString() }));
    const provider = await desk.start();
    const { inputs } = await provider.check(desk.inputs, lost.inputs);
    expect(inputs).toMatchObject({ generation: 2, reason: "gone", alive: true, keepUntil: {} });
    const { message: waiting, partial } = await refusal(provider.update(lost.id, lost.outs, inputs));
    expect(waiting).toContain(`revoke generation 1 of API key "maker": the key labelled "${made.label}" has to be revoked`);
    expect(partial!.properties).toMatchObject({ apiKey: second.apiKey, retiring: [{ fingerprint: held.outs["fingerprint"] }] });
    // Later runs don't forget that nobody has said so: also not once another generation has come.
    const half = { id: lost.id, inputs, outs: partial!.properties };
    const third = await desk.make();
    await desk.leave(desk.deposit(third, { generation: 3, at: new Date().toISOString() }));
    const again = await desk.start();
    const reissue = await again.check({ ...desk.inputs, reissue: "1" }, half.inputs);
    const failed = await refusal(again.update(half.id, half.outs, reissue.inputs));
    expect(failed.message).toContain("has to be revoked");
    expect((failed.partial!.properties["retiring"] as unknown[]).length).toBe(2);
    await desk.revoke(made);
    await desk.revoke(second);
    await desk.leave(desk.deposit(made, { deed: "revoked", at: new Date().toISOString() }));
    // As the engine goes on with what it knows to be unfinished.
    const outs = await (await desk.start()).update(half.id, failed.partial!.properties, reissue.inputs);
    expect(outs).toMatchObject({ apiKey: third.apiKey, retiring: [] });
    expect(desk.stage.entries().map(({ mark }) => mark)).toEqual([third.label.slice(-16)]);
  },
);

const unknowns: readonly (readonly [string, Properties])[] = [
  ["small nonce", { kind: "refuse", code: 10_114, message: "nonce: small" }],
  ["wrong signature", { kind: "refuse", code: 10_100, message: "apikey: digest invalid" }],
  ["maintenance", { kind: "maintenance" }],
  ["rate limit", { kind: "429" }],
  ["own error", { kind: "500" }],
  ["cut off", { kind: "truncated" }],
  ["no answer", { kind: "reset" }],
];

test.each(unknowns)("%s isn't an absence: an error", async (_, what) => {
  const { held } = await desk.issued();
  await desk.stage.fault("auth/r/permissions", { times: "always", ...what }, 1);
  const error = await refusal((await desk.start()).read(held.id, held.outs));
  expect(error.message).toMatch(/^bitfinex \(sandbox\): /);
});

test("refused at an address that may not be the key's: an error, since nothing is proved there", async () => {
  const { held, made } = await desk.issued({ allowedIps: [HERE, THERE] }, { web: { allowedIps: [HERE, THERE] } });
  await desk.revoke(made);
  const { vantage: _, ...outs } = held.outs;
  const error = await refusal((await desk.start()).read(held.id, outs));
  expect(error.message).toContain("has never been seen to answer: that is no proof that it is dead");
});

test("a bot that counts milliseconds goes on trading through create, refresh and update", async () => {
  const { held, made } = await desk.issued();
  const trade = () => desk.stage.bed.key("auth/w/order/submit", { type: "LIMIT" }, { key: made, nonce: String(Date.now() + 2) });
  await new Promise((resolve) => setImmediate(resolve));
  expect((await trade()).status).toBe(200);
  const seen = await desk.refresh(held);
  expect((await trade()).status).toBe(200);
  await desk.edit(made, { permissions: { ...TRADING, funding: "read" } });
  await desk.up(seen, { permissions: { ...TRADING, funding: "read" } });
  expect((await trade()).status).toBe(200);
});

test("probes: their word on the list is told, and a list too wide is drift to anywhere", async () => {
  const given = { allowedIps: [HERE, THERE] };
  const { held, made } = await desk.issued(given, { web: given, deposit: { at: new Date(Date.now() - 7_200_000).toISOString() } });
  await desk.said(made, THERE, "in", 9, TRADING_GRANTS);
  await desk.said(made, "192.0.2.9", "refused", 6);
  const alone = await desk.refresh(held);
  expect((alone.outs["unverified"] as Properties)["allowedIps"]).toMatch(/^probed .{10}: in from 198\.51\.100\.7$/);
  await desk.said(made, THERE, "in", 3, TRADING_GRANTS);
  const probed = await desk.refresh(alone);
  expect((probed.outs["unverified"] as Properties)["allowedIps"]).toMatch(/: in from 198\.51\.100\.7, refused from 192\.0\.2\.9$/);
  expect(probed.inputs).toEqual(held.inputs);
  await desk.said(made, "192.0.2.9", "in", 1, TRADING_GRANTS);
  const wide = await desk.refresh(probed);
  expect(wide.inputs).toEqual({ ...held.inputs, allowedIps: "anywhere" });
  // The person sets the list, and attests it.
  const now = new Date().toISOString();
  await desk.leave(desk.deposit(made, { deed: "edited", at: now }, { ...desk.inputs, ...given }));
  const mended = await desk.up(wide, given);
  expect((await desk.refresh(mended)).inputs).toEqual(held.inputs);
});

test("statements that are old, of another key or of another environment say nothing", async () => {
  const { held, made } = await desk.issued({}, { deposit: { at: new Date(Date.now() - 48 * 3_600_000).toISOString() } });
  await desk.said(made, "192.0.2.9", "in", 24 * 60 + 1, TRADING_GRANTS);
  await desk.said({ ...made, apiKey: "sandbox-another" }, "192.0.2.9", "in", 1, TRADING_GRANTS);
  const seen = await desk.refresh(held);
  expect(seen.inputs).toEqual(held.inputs);
  expect(seen.outs).toEqual(held.outs);
});

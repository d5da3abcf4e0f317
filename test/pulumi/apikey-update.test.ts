// What changes of a key that a person made: permissions are looked at, addresses and label are attested. What the venue already shows needs
// nobody; what a deposit attested once attests nothing the second time.

import { Desk, HERE, THERE, TRADING, TRADING_GRANTS } from "./desk";
import { refusal, type Held } from "./stage";
import type { Deposit } from "../../provider/ceremony/deposit";
import { localIdentity } from "../../provider/ceremony/identity";
import type { Made } from "./desk";
import type { Properties } from "./program";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.settle());
afterAll(() => desk.close());

const COMMAND = "run `pulumi preview --json | npx exchange-keys ceremony --from -`, then `pulumi up` again";
const START = 'bitfinex (sandbox): update API key "maker": ';
const LESS = { ...TRADING, orders: "read" } as const;

async function waits(held: Held, changes: Properties): Promise<string> {
  const { message, partial } = await refusal(desk.up(held, changes));
  expect(partial).toBeUndefined();
  expect(message.startsWith(START)).toBe(true);
  return message.slice(START.length);
}

const attest = (made: Made, deed: Deposit["deed"], given: Properties, changes: Partial<Deposit> = {}) =>
  desk.leave(desk.deposit(made, { deed, at: new Date().toISOString(), ...changes }, { ...desk.inputs, ...given }));

test("permissions: waits with the rows that differ; once the venue agrees it needs nobody", async () => {
  const { held, made } = await desk.issued();
  expect(await waits(held, { permissions: LESS })).toBe(`on the venue's page: turn orders:write off; ${COMMAND}`);
  const wider = { ...TRADING, funding: "read-write" };
  expect(await waits(held, { permissions: wider })).toBe(`on the venue's page: turn funding:read on, turn funding:write on; ${COMMAND}`);
  await desk.edit(made, { permissions: LESS });
  await desk.stage.bed.control.delete("/requests");
  const next = await desk.up(held, { permissions: LESS });
  expect(next.outs["grants"]).toEqual(TRADING_GRANTS.filter((grant) => grant !== "orders:write"));
  for (const name of ["apiKey", "apiSecret", "deposit", "mark", "generation", "attested", "venueLabel"])
    expect(next.outs[name]).toEqual(held.outs[name]);
  expect((await desk.stage.requests()).slice(3)).toEqual(["auth/r/permissions", "auth/r/info/user"]);
  expect((await desk.up(next, { permissions: LESS })).outs).toEqual(next.outs);
});

test("a deposit says it was edited, and the venue shows that it wasn't", async () => {
  const { held, made } = await desk.issued();
  const deposit = await attest(
    made,
    "edited",
    { permissions: LESS },
    { proof: { grants: TRADING_GRANTS.slice(1), at: new Date().toISOString() } },
  );
  expect(await waits(held, { permissions: LESS })).toContain("turn orders:write off");
  expect(deposit).toContain("edited-maker-");
});

test("addresses: wait without a deposit; with one the key stays, and is looked at from here", async () => {
  const { held, made } = await desk.issued();
  const given = { allowedIps: [HERE, THERE] };
  expect(await waits(held, given)).toBe(`on the venue's page: change its IP list; ${COMMAND}`);
  await desk.edit(made, given);
  await attest(made, "edited", given);
  const next = await desk.up(held, given);
  expect(next.outs).toMatchObject({ apiKey: made.apiKey, generation: 1, attested: { by: expect.any(String) as string } });
  expect(next.outs["attested"]).not.toEqual(held.outs["attested"]);
  expect(Date.parse((next.outs["vantage"] as { provedAt: string }).provedAt)).toBeGreaterThan(
    Date.parse((held.outs["vantage"] as { provedAt: string }).provedAt) - 1,
  );
});

test("addresses that exclude this one: the vantage is forgotten, what is known of the permissions stays", async () => {
  const { held, made } = await desk.issued();
  const given = { allowedIps: [THERE] };
  // Attested, and not done: it answers here.
  await attest(made, "edited", given);
  expect(await waits(held, given)).toContain("it answers at 203.0.113.10, which its list excludes");
  await desk.edit(made, given);
  const next = await desk.up(held, given);
  expect(next.outs).not.toHaveProperty("vantage");
  expect(next.outs).toMatchObject({ grants: [...TRADING_GRANTS] });
  expect((await desk.refresh(next)).inputs).toEqual(next.inputs);
});

test("excluded here, and permissions change: only a look on the list says so, and not one from before", async () => {
  const { held, made } = await desk.issued({ allowedIps: [THERE] });
  const given = { allowedIps: [THERE], permissions: LESS };
  expect(await waits(held, given)).toBe(`on the venue's page: set its permissions, which can't be seen from here; ${COMMAND}`);
  const grants = TRADING_GRANTS.filter((grant) => grant !== "orders:write");
  await desk.said(made, THERE, "in", 60, grants);
  expect(await waits(held, given)).toContain("set its permissions, which can't be seen from here");
  await desk.said(made, THERE, "in", -0.5, grants);
  expect((await desk.up(held, given)).outs["grants"]).toEqual(grants);
});

test.each(["relabelled", "edited"] as const)("another label: attested by a deposit of the deed %s", async (deed) => {
  const { held, made } = await desk.issued();
  const given = { label: "taker" };
  expect(await waits(held, given)).toBe(`on the venue's page: change its label; ${COMMAND}`);
  const label = `taker ${made.label.slice(-16)}`;
  await attest(made, deed, given, { label });
  const next = await desk.up(held, given);
  expect(next.outs).toMatchObject({ label: "taker", venueLabel: label, apiKey: made.apiKey, vantage: { address: HERE } });
  expect((await desk.refresh(next)).inputs).toEqual(next.inputs);
});

test("a deposit for another label than is declared", async () => {
  const { held, made } = await desk.issued();
  await attest(made, "relabelled", {}, { label: `maker ${made.label.slice(-16)}` });
  const { message } = await refusal(desk.up(held, { label: "taker" }));
  expect(message).toContain(`it is for label "maker ${made.label.slice(-16)}", and "taker ${made.label.slice(-16)}" is wanted`);
});

test("an attestation isn't taken again: not by this journal, and not by one that never saw it", async () => {
  const [a, b] = [{ allowedIps: [HERE, THERE] }, { allowedIps: [HERE, "192.0.2.9"] }];
  const { held, made } = await desk.issued();
  await attest(made, "edited", a);
  let now = await desk.up(held, a);
  await attest(made, "edited", b);
  now = await desk.up(now, b);
  expect(await waits(now, a)).toContain("change its IP list");
  const elsewhere = { ...desk.stage.config(), "exchange-keys:journal": desk.stage.file("elsewhere/journal") };
  const { recipient } = await localIdentity(desk.stage.file("elsewhere/journal"));
  const { at } = now.outs["attested"] as { at: string };
  const older = new Date(Date.parse(at) - 1).toISOString();
  await desk.leave(desk.deposit(made, { deed: "edited", at: older }, { ...desk.inputs, ...a }), recipient);
  const { message } = await refusal(desk.up(now, a, elsewhere));
  expect(message).toContain(`it was attested at ${older}, and what the state has is of ${at}: it was used, or overtaken`);
});

test("a probe saw the former list: that is passed over once the new one is attested", async () => {
  const { held, made } = await desk.issued();
  const given = { allowedIps: [HERE, THERE] };
  await desk.said(made, "192.0.2.9", "in", 0, TRADING_GRANTS);
  await attest(made, "edited", given, { at: new Date(Date.now() + 5).toISOString() });
  expect((await desk.up(held, given)).outs["apiKey"]).toBe(made.apiKey);
});

test("edited so that it works nowhere near: the update is refused, and says what to look at", async () => {
  const { held, made } = await desk.issued();
  const given = { allowedIps: [HERE, THERE] };
  await desk.edit(made, { allowedIps: [THERE] });
  await attest(made, "edited", given);
  expect(await waits(held, given)).toContain("its IP list lacks this address");
});

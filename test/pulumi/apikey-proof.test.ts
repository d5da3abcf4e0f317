// A key with the right deposit that isn't what is declared once the machine looks: wider, narrower, of another account, dead, bound to
// other addresses or to none. Nothing of it is recorded, and nothing is revoked: the ceremony sees to that.

import { fingerprint } from "../../provider/core/secret";
import { ACCOUNT, Desk, HERE, THERE, TRADING, TRADING_GRANTS } from "./desk";
import type { Properties } from "./program";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.settle());
afterAll(() => desk.close());

const START = 'bitfinex (sandbox): create API key "maker": ';
const ALSO = 'bitfinex (sandbox): API key "maker": it also has';

async function mistaken(web: Properties, given: Properties = {}): Promise<string> {
  const made = await desk.make(web);
  await desk.leave(desk.deposit(made, {}, { ...desk.inputs, ...given }));
  const message = await desk.stillborn(given);
  expect(message).toContain(START);
  return message.slice(START.length);
}

const toggles: readonly (readonly [string, Properties, string])[] = [
  [
    "one toggle too many",
    { ...TRADING, positions: "read-write" },
    "on the venue's page: turn positions:write off; mend the key on the venue's page and run `pulumi up` again; or revoke it there, delete ",
  ],
  [
    "one too few",
    { ...TRADING, orders: "read" },
    "on the venue's page: turn orders:write on; mend the key on the venue's page and run `pulumi up` again; or revoke it there, delete ",
  ],
  ["both", { ...TRADING, orders: "read", wallets: "read-write" }, "turn wallets:write off, turn orders:write on; "],
  ["withdrawals", { ...TRADING, withdraw: "write" }, "turn withdraw:write off; "],
  ["a scope without a row, with write", { ...TRADING, settings: "write" }, "turn settings:write off; "],
];

test.each(toggles)("%s: the toggles to change", async (_, permissions, said) => {
  expect(await mistaken({ permissions })).toContain(said);
});

test("a scope without a row that only reads: recorded with a warning, and no difference later", async () => {
  const { held } = await desk.issued({}, { web: { permissions: { ...TRADING, settings: "read" } } });
  const [warning] = held.outs["warnings"] as { message: string }[];
  expect(warning!.message).toBe(`${ALSO} settings:read, which nobody declared and no row of the page turns off`);
  expect(held.outs["grants"]).toContain("settings:read");
  expect((await desk.refresh(held)).inputs).toEqual(held.inputs);
});

test("one with write, and accepted by name: the same", async () => {
  const permissions = { ...TRADING, settings: "read-write" };
  const { held } = await desk.issued({ accept: ["settings"] }, { web: { permissions } });
  const [warning] = held.outs["warnings"] as { message: string }[];
  expect(warning!.message).toContain(`${ALSO} settings:read, settings:write`);
  expect((await desk.refresh(held)).inputs).toEqual(held.inputs);
});

test("accepting one scope accepts no other", async () => {
  const permissions = { ...TRADING, ui_withdraw: "write" };
  expect(await mistaken({ permissions }, { accept: ["settings"] })).toContain("turn ui_withdraw:write off");
});

test("of another account, and of a sub-account", async () => {
  const { control } = desk.stage.bed;
  await control.post("/venues/bitfinex/accounts", { id: 700001 });
  await control.post("/venues/bitfinex/accounts", { id: 700002, masterAccountId: Number(ACCOUNT) });
  expect(await mistaken({ accountId: 700001 })).toContain("it belongs to account 700001, and 123456 is declared; ");
  await desk.settle();
  expect(await mistaken({ accountId: 700002 })).toContain("it belongs to sub-account 700002, and 123456 is declared; ");
});

test("one that may not say whose it is: recorded, and said to be unverified", async () => {
  const { held } = await desk.issued({ permissions: { orders: "read-write" } });
  expect(held.outs["unverified"]).toMatchObject({ accountId: "declared; nobody could ask the key whose it is" });
});

test("revoked since the ceremony", async () => {
  const made = await desk.make();
  await desk.leave(desk.deposit(made));
  await desk.revoke(made);
  const message = await desk.stillborn();
  expect(message).toContain("the venue refuses it at 203.0.113.10: it was revoked, or its IP list lacks this address");
  expect(message).toContain("mend the key on the venue's page and run");
});

test.each(["apikey-invalid", "own-error"])("its list lacks this address, which is declared (%s)", async (ipRefusal) => {
  await desk.stage.bed.switches({ ipRefusal });
  expect(await mistaken({ allowedIps: [THERE] })).toContain("the venue refuses it at 203.0.113.10");
});

test.each(["apikey-invalid", "own-error"])(
  "barred here as declared (%s): what the ceremony saw counts, and no vantage is proved",
  async (ipRefusal) => {
    await desk.stage.bed.switches({ ipRefusal });
    const { held } = await desk.issued({ allowedIps: [THERE] });
    expect(held.outs).not.toHaveProperty("vantage");
    expect(held.outs).toMatchObject({
      grants: [...TRADING_GRANTS],
      unverified: {
        permissions: "seen by a probe on a host of its list; this address is barred, as declared",
        accountId: "declared; nobody could ask the key whose it is",
      },
    });
    expect((await desk.refresh(held)).inputs).toEqual(held.inputs);
  },
);

test("barred here, and the ceremony saw other permissions than are declared", async () => {
  const made = await desk.make({ allowedIps: [THERE] });
  const given = { allowedIps: [THERE] };
  const deposit = desk.deposit(made, {}, { ...desk.inputs, ...given });
  await desk.leave({ ...deposit, proof: { ...deposit.proof!, grants: [...TRADING_GRANTS, "withdraw:write"] } });
  expect(await desk.stillborn(given)).toContain("turn withdraw:write off");
});

test("barred here, and a probe saw since that it can do more", async () => {
  const made = await desk.make({ allowedIps: [THERE] });
  const given = { allowedIps: [THERE] };
  await desk.leave(desk.deposit(made, { at: new Date(Date.now() - 3_600_000).toISOString() }, { ...desk.inputs, ...given }));
  await desk.said(made, THERE, "in", 10, [...TRADING_GRANTS, "wallets:write"]);
  expect(await desk.stillborn(given)).toContain("turn wallets:write off");
});

test("answers at an address that its list excludes: the list is missing or too wide", async () => {
  expect(await mistaken({ allowedIps: [] }, { allowedIps: [THERE] })).toContain(
    "it answers at 203.0.113.10, which its list excludes: the list is missing or too wide; ",
  );
});

test("a probe was let in from elsewhere", async () => {
  const made = await desk.make();
  await desk.leave(desk.deposit(made));
  await desk.said(made, "192.0.2.9", "in", 5, TRADING_GRANTS);
  expect(await desk.stillborn()).toContain("a probe was let in from 192.0.2.9");
});

test("probes from the list and beside it: told in unverified", async () => {
  const made = await desk.make({ allowedIps: [HERE, THERE] });
  const given = { ...desk.inputs, allowedIps: [HERE, THERE] };
  await desk.leave(desk.deposit(made, {}, given));
  await desk.said(made, THERE, "in", 9, TRADING_GRANTS);
  await desk.said(made, "192.0.2.9", "refused", 6);
  await desk.said(made, THERE, "in", 3, TRADING_GRANTS);
  const held = await desk.stage.issue(await desk.start(), given);
  const today = new Date(Date.now() - 180_000).toISOString().slice(0, 10);
  expect(held.outs["unverified"]).toMatchObject({ allowedIps: `probed ${today}: in from ${THERE}, refused from 192.0.2.9` });
});

const faults: readonly (readonly [string, Properties, string])[] = [
  ["maintenance", { kind: "maintenance" }, "maintenance"],
  ["a small nonce", { kind: "refuse", code: 10_114, message: "nonce: small" }, "greater nonce"],
  ["the rate limit", { kind: "429", times: "always" }, "rate limit"],
  ["no answer", { kind: "reset", times: "always" }, ""],
];

test.each(faults)("%s while it is looked at: an error of the venue's, and the deposit stays good", async (_, what, said) => {
  const made = await desk.make();
  await desk.leave(desk.deposit(made));
  const credential = fingerprint("bitfinex", made.apiKey);
  // The account's own look comes first.
  await desk.stage.fault("auth/r/permissions", { times: "always", ...what }, 1);
  expect(await desk.stillborn()).toContain(said);
  await desk.stage.bed.control.delete("/faults");
  expect((await desk.stage.issue(await desk.start())).outs["fingerprint"]).toBe(credential);
});

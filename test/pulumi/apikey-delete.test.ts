// Letting go of keys that a person made: only when they are dead by the venue's word at a proved vantage, or by a person's where no look
// can tell. While one answers, nobody's word counts.

import { Desk, THERE } from "./desk";
import { refusal, type Held } from "./stage";
import type { Made } from "./desk";
import type { Deposit } from "../../provider/ceremony/deposit";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.settle());
afterAll(() => desk.close());

const COMMAND = "run `pulumi stack export | npx exchange-keys ceremony --revoke --from -`, then this again";

const revoked = (made: Made, changes: Partial<Deposit> = {}) =>
  desk.leave(desk.deposit(made, { deed: "revoked", at: new Date().toISOString(), ...changes }));
const remove = async ({ id, outs }: Held): Promise<void> => (await desk.start()).delete(id, outs);

test("alive: waits, with the command and the label", async () => {
  const { held, made } = await desk.issued();
  expect((await refusal(remove(held))).message).toBe(
    `bitfinex (sandbox): revoke generation 1 of API key "maker": the key labelled "${made.label}" has to be revoked; ${COMMAND}`,
  );
  expect(await desk.alive()).toEqual([made.apiKey]);
});

test("revoked at the venue, from a proved vantage: it goes without anybody", async () => {
  const { held, made } = await desk.issued();
  await desk.revoke(made);
  await remove(held);
  expect(desk.stage.entries()).toEqual([]);
});

test("a deposit says revoked, and it still answers", async () => {
  const { held, made } = await desk.issued();
  await revoked(made);
  expect((await refusal(remove(held))).message).toContain("a person said that it was revoked, and it still answers");
  expect(desk.stage.entries()).toHaveLength(1);
  await desk.revoke(made);
  await remove(held);
});

test.each(["apikey-invalid", "own-error"])("barred here (%s): only with a deposit of its own", async (ipRefusal) => {
  await desk.stage.bed.switches({ ipRefusal });
  const { held, made } = await desk.issued({ allowedIps: [THERE] });
  await desk.revoke(made);
  const { message } = await refusal(remove(held));
  expect(message).toContain(`the key labelled "${made.label}" has to be revoked; ${COMMAND}`);
  await revoked({ ...made, apiKey: "sandbox-another" });
  expect((await refusal(remove(held))).message).toContain("it is for key with the fingerprint");
  await revoked(made);
  const provider = await desk.start();
  await provider.delete(held.id, held.outs);
  expect(provider.printed).toMatch(/took the deposit .*revoked-maker-.*\.age; delete that file when this run is through\n$/);
});

test("found gone by a refresh: a person says that it was revoked, since an edited list looks the same", async () => {
  const { held, made } = await desk.issued();
  await desk.edit(made, { allowedIps: [THERE] });
  const lost = await desk.refresh(held);
  expect((await refusal(remove(lost))).message).toContain("has to be revoked");
  await desk.revoke(made);
  await revoked(made);
  await remove(lost);
});

test.each([
  ["ended", { at: new Date(Date.now() - 80 * 3_600_000).toISOString() }, "it ended at"],
  ["of another generation", { generation: 2 }, "has to be revoked"],
] as const)("a revocation that is %s", async (_, changes, said) => {
  const { held, made } = await desk.issued({ allowedIps: [THERE] });
  await revoked(made, changes);
  expect((await refusal(remove(held))).message).toContain(said);
});

test("the managing key is dead: a deposit suffices where the key doesn't answer, and isn't enough where it does", async () => {
  const manager = await desk.make({ label: "manager", permissions: { account: "read" } });
  const { apiKey, apiSecret } = manager;
  const config = desk.stage.config({ main: desk.stage.account({ apiKey, apiSecret }) });
  const { held, made } = await desk.issued();
  const away = async () => (await desk.start(config)).delete(held.id, held.outs);
  await desk.revoke(manager);
  await revoked(made);
  expect((await refusal(away())).message).toContain("it still answers");
  await desk.revoke(made);
  await away();
});

test("maintenance says nothing about it", async () => {
  const { held, made } = await desk.issued();
  await desk.revoke(made);
  await revoked(made);
  await desk.stage.fault("auth/r/permissions", { kind: "maintenance", times: "always" }, 1);
  expect((await refusal(remove(held))).message).toContain("maintenance");
  expect(desk.taken().filter((line) => line.endsWith("taken"))).toEqual([]);
});

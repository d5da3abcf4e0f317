// Successors of keys that a person made: one deposit brings the new one, another lets the former one go; and how many an account may have.

import { openJournal } from "../../provider/journal/journal";
import { Desk } from "./desk";
import { refusal } from "./stage";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open("second");
});
afterEach(() => desk.settle());
afterAll(() => desk.close());

/** With a manager of its own: the clock moves, and a key's nonces never go back. */
async function moving(settings: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> {
  const { apiKey, apiSecret } = await desk.make({ label: "manager", permissions: { account: "read" } });
  const main = desk.stage.account({ apiKey, apiSecret });
  return desk.stage.config({ main }, { testClock: desk.stage.bed.sandbox.control.url, ...settings });
}

const now = () => new Date().toISOString();

test("reissued: the new key is taken, then the former one has to go", async () => {
  const { held, made } = await desk.issued();
  const given = { reissue: "2030-01" };
  expect((await refusal(desk.up(held, given))).message).toContain("nobody has done that yet");
  // The former key once more isn't a new one.
  const file = await desk.leave(desk.deposit(made, { generation: 2, at: now() }));
  expect((await refusal(desk.up(held, given))).message).toContain(`the deposit ${file} holds a key that stands in the state already`);
  const second = await desk.make();
  await desk.leave(desk.deposit(second, { generation: 2, at: now() }));
  await desk.revoke(made);
  const next = await desk.up(held, given);
  expect(next.outs).toMatchObject({ apiKey: second.apiKey, generation: 2, reason: "reissue", retiring: [] });
  expect(desk.stage.entries().map(({ mark }) => mark)).toEqual([second.label.slice(-16)]);
});

test("reissued, and the former one lives: the new one is recorded, the run fails with what is left to do, and the next one looks again", async () => {
  const { held, made } = await desk.issued();
  const second = await desk.make();
  await desk.leave(desk.deposit(second, { generation: 2, at: now() }));
  const provider = await desk.start();
  const { inputs } = await provider.check({ ...desk.inputs, reissue: "1" }, held.inputs);
  const { message, partial } = await refusal(provider.update(held.id, held.outs, inputs));
  expect(message).toContain(`revoke generation 1 of API key "maker": the key labelled "${made.label}" has to be revoked; run`);
  expect(partial!.properties).toMatchObject({ apiKey: second.apiKey, retiring: [{ venueLabel: made.label }] });
  expect(partial!.properties["retiringCredentials"]).toEqual({
    [String(held.outs["fingerprint"])]: { apiKey: made.apiKey, apiSecret: made.apiSecret },
  });
  expect(await desk.alive()).toEqual([made.apiKey, second.apiKey]);
  await desk.revoke(made);
  const outs = await (await desk.start()).update(held.id, partial!.properties, inputs);
  expect(outs).toMatchObject({ apiKey: second.apiKey, retiring: [], retiringCredentials: {} });
});

test("due: the former one is kept for its time, then revoked by a person; each shows in the inputs", async () => {
  const config = await moving();
  const given = { rotation: { every: "20h", overlap: "2h" } };
  const { control } = desk.stage.bed;
  const { held, made } = await desk.issued(given);
  const at = async (hours: number): Promise<string> => {
    await control.post("/clock", { offsetMs: hours * 3_600_000 });
    return new Date(Date.now() + hours * 3_600_000).toISOString();
  };
  const due = await at(21);
  const second = await desk.make();
  await desk.leave(desk.deposit(second, { generation: 2, at: due }));
  const next = await desk.up(held, given, config);
  const end = (next.inputs["keepUntil"] as Record<string, string>)["1"];
  expect(next.inputs).toMatchObject({ generation: 2, reason: "due" });
  expect(next.outs).toMatchObject({ apiKey: second.apiKey, retiring: [{ generation: 1, end }] });
  expect(await desk.alive()).toEqual(expect.arrayContaining([made.apiKey, second.apiKey]));
  await at(24);
  const { message } = await refusal(desk.up(next, given, config));
  expect(message).toContain(`the key labelled "${made.label}" has to be revoked`);
  await desk.revoke(made);
  expect((await desk.up(next, given, config)).outs).toMatchObject({ apiKey: second.apiKey, retiring: [] });
});

test("renewals that are merely due are held back", async () => {
  const config = await moving({ renew: "none" });
  const given = { rotation: { every: "20h", overlap: "2h" } };
  const { held } = await desk.issued(given);
  await desk.stage.bed.control.post("/clock", { offsetMs: 30 * 3_600_000 });
  expect((await desk.up(held, given, config)).inputs["generation"]).toBe(1);
});

test("maxKeys counts keys that ceremonies began, and no key twice", async () => {
  const limited = (maxKeys: number) => desk.stage.config({ main: desk.stage.account({ ceiling: { maxKeys } }) });
  const [first, second] = desk.all;
  const [one, two] = [await desk.make(), await desk.make({ label: `second ${desk.mark()}` })];
  await desk.leave(desk.deposit(one, {}, first));
  await desk.leave(desk.deposit(two, {}, second));
  // As the ceremony journalled them before the first click.
  const journal = openJournal(desk.stage.journal);
  for (const [key, given] of [[one, first!] as const, [two, second!] as const]) {
    const { identity, venue, environment, accountId, generation, mark, label } = desk.deposit(key, {}, given);
    const entry = { identity, venue, environment, accountId, generation, mark, label, account: "main", kind: "ApiKey", begunAt: now() };
    await journal.begin(entry);
  }
  const provider = await desk.start(limited(2));
  const checked = await Promise.all(desk.all.map((given) => provider.check(given)));
  const made = await Promise.all(checked.map(({ inputs }) => provider.create(inputs)));
  expect(made.map(({ outs }) => outs["apiKey"])).toEqual([one.apiKey, two.apiKey]);
  const strict = await desk.start(limited(1));
  const third = await desk.make();
  await desk.leave(desk.deposit(third, { at: now() }, first));
  const { inputs } = await strict.check(desk.inputs);
  const { message } = await refusal(strict.create(inputs));
  expect(message).toContain('account "main" may have 1 keys, and this run and its journal know 2 (the venue can\'t list them)');
  expect(await desk.alive()).toEqual([one.apiKey, two.apiKey, third.apiKey]);
});

// A key that a person made, taken from its deposit by the real provider process: what is recorded, what is journalled, and each deposit
// that isn't the one.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { ACCOUNT, Desk, HERE, TRADING_GRANTS } from "./desk";
import type { Deposit } from "../../provider/ceremony/deposit";
import { fingerprint, Secret } from "../../provider/core/secret";
import { openJournal } from "../../provider/journal/journal";
import { refusal } from "./stage";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open("second");
});
afterEach(() => desk.settle());
afterAll(() => desk.close());

const COMMAND = "run `pulumi preview --json | npx exchange-keys ceremony --from -`, then `pulumi up` again";
const WAITS = `bitfinex (sandbox): create API key "maker": it is made by a person, and nobody has done that yet`;

test("without a deposit each waiting key fails with the command, and none keeps another from being tried", async () => {
  const provider = await desk.start();
  for (const given of desk.all) {
    const { inputs } = await provider.check(given);
    const { name } = given["identity"] as { name: string };
    expect((await refusal(provider.create(inputs))).message).toBe(`${WAITS.replace("maker", name)}; ${COMMAND}`);
  }
  expect(desk.stage.entries()).toEqual([]);
  // One look at the account for all: address, whose, the managing key.
  expect(await desk.stage.requests()).toEqual(["int/geo/ip", "auth/r/info/user", "auth/r/permissions"]);
});

test("with the right one: recorded with all that is known, in two requests; the file to delete is named once", async () => {
  const made = await desk.make();
  const deposit = desk.deposit(made);
  const file = await desk.leave(deposit);
  const provider = await desk.start();
  const held = await desk.stage.issue(provider, desk.inputs);
  const print = fingerprint("bitfinex", made.apiKey);
  expect(held.outs).toMatchObject({
    ...{ apiKey: made.apiKey, apiSecret: made.apiSecret, accountId: ACCOUNT, environment: "sandbox" },
    credential: { venue: "bitfinex", environment: "sandbox", apiKey: made.apiKey, apiSecret: made.apiSecret },
    ...{ fingerprint: print, mark: deposit.mark, venueLabel: made.label, deposit: deposit.id, generation: 1 },
    ...{ grants: [...TRADING_GRANTS], createdAt: deposit.at, attested: { at: deposit.at, by: deposit.id }, warnings: [], retiring: [] },
    powers: { read: expect.any(String) as string, trade: "orders:write" },
    vantage: { address: HERE, provedAt: expect.any(String) as string },
    unverified: {
      allowedIps: "attested by a person; the venue lets nobody read it back",
      label: "attested by a person; the venue lets nobody read it back",
    },
  });
  expect(held.outs).not.toHaveProperty("expiresAt");
  const account = ["int/geo/ip", "auth/r/info/user", "auth/r/permissions"];
  expect(await desk.stage.requests()).toEqual([...account, "auth/r/permissions", "auth/r/info/user"]);
  const entry = { mark: deposit.mark, fingerprint: print, label: made.label, kind: "ApiKey", generation: 1 };
  expect(desk.stage.entries()).toEqual([expect.objectContaining({ ...entry, status: "issued" })]);
  expect(desk.taken()).toEqual([`${deposit.id} taken`]);
  expect(provider.printed).toBe(
    `bitfinex (sandbox): API key "maker": took the deposit ${file}; delete that file when this run is through\n`,
  );
  // The next operation finds it in the state.
  const next = await desk.start();
  expect((await next.read(held.id, held.outs)).outs).toEqual(held.outs);
  expect(next.printed).toBe("");
  expect(desk.stage.entries()).toEqual([expect.objectContaining({ ...entry, status: "recorded" })]);
  expect(desk.taken()).toEqual([`${deposit.id} recorded`]);
});

const later = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const others: readonly (readonly [string, Partial<Deposit>, string])[] = [
  ["environment", { environment: "production" }, 'it is for environment "production", and "sandbox" is wanted'],
  ["account", { accountId: "654321" }, 'it is for account "654321", and "123456" is wanted'],
  ["declaration", { desired: "0".repeat(64) }, "it is for other permissions or addresses than are declared now"],
  ["time to come", { at: later(1), endsAt: later(72) }, `it is dated`],
  ["time gone by", { at: later(-80), endsAt: later(-8) }, `it ended at`],
];

test.each(others)("a deposit of another %s is refused by name", async (_, changes, reason) => {
  const made = await desk.make();
  const file = await desk.leave(desk.deposit(made, changes));
  const message = await desk.stillborn();
  expect(message).toContain(`API key "maker": the deposit ${file} isn't the one: ${reason}`);
  expect(message).toContain(`; delete that file, then ${COMMAND}`);
});

test("one of another generation is named, and waited on", async () => {
  const made = await desk.make();
  const file = await desk.leave(desk.deposit(made, { generation: 2 }));
  expect(await desk.stillborn()).toBe(`${WAITS} (${file}: it is for generation 2, and generation 1 is wanted); ${COMMAND}`);
});

test.each(["organization", "project", "stack", "type", "name"])("one of another %s is nobody's here", async (member) => {
  const made = await desk.make();
  const identity = { ...(desk.inputs["identity"] as Deposit["identity"]), [member]: "another" };
  await desk.leave(desk.deposit(made, { identity }));
  expect(await desk.stillborn()).toBe(`${WAITS}; ${COMMAND}`);
});

test("sealed to someone else, broken, too large: each is named, and hides no good one", async () => {
  const made = await desk.make();
  const foreign = await desk.leave(desk.deposit(made), await identityToRecipient(await generateX25519Identity()));
  const [broken, large] = [join(desk.folder, "broken.age"), join(desk.folder, "large.age")];
  writeFileSync(broken, "age-encryption.org/v1\n-> X25519 nothing\n");
  writeFileSync(large, "age-encryption.org/v1\n".padEnd(70_000));
  const message = await desk.stillborn();
  expect(message).toContain(`(${foreign}: it is sealed to someone else)`);
  expect(message).toContain(`(${broken}: it is damaged`);
  expect(message).toContain(`(${large}: it is larger than 64 kB)`);
  await desk.leave(desk.deposit(made));
  expect((await desk.stage.issue(await desk.start(), desk.inputs)).outs["apiKey"]).toBe(made.apiKey);
});

test("a ceremony that nobody finished: silent as long as its deposit could come, then told", async () => {
  const journal = openJournal(desk.stage.journal);
  const made = await desk.make();
  const { identity, venue, environment, accountId, generation, mark, label } = desk.deposit(made);
  const entry = { identity, venue, environment, accountId, generation, mark, label, account: "main", kind: "ApiKey" };
  await journal.begin({ ...entry, begunAt: later(-71) });
  const young = await desk.start();
  const { inputs } = await young.check(desk.inputs);
  await refusal(young.create(inputs));
  expect(young.printed).not.toContain("unknown outcome");
  const begunAt = later(-73);
  await journal.begin({ ...entry, begunAt });
  const old = await desk.start();
  await refusal(old.create(inputs));
  expect(old.printed).toContain(
    `bitfinex (sandbox): ApiKey "maker": unknown outcome of ${begunAt}: a ceremony showed the label "${label}"; ` +
      `a key may be alive until it is revoked by hand (journal mark ${mark})`,
  );
});

test("used twice: the journal knows, and the state of the run as well", async () => {
  const { held, made } = await desk.issued();
  const provider = await desk.start();
  await provider.diff(held.id, held.outs, held.inputs);
  expect(desk.taken()).toHaveLength(1);
  const { message } = await refusal(provider.create(held.inputs));
  expect(message).toMatch(/nobody has done that yet \(.*issued-maker-.*\.age was used already; delete it\)/);
  expect(await desk.alive()).toEqual([made.apiKey]);
});

test("used twice, by a run that sees the state and has another journal", async () => {
  const { held, made } = await desk.issued();
  const config = { ...desk.stage.config(), "exchange-keys:journal": desk.stage.file("journal-2") };
  const provider = await desk.start(config);
  await provider.diff(held.id, held.outs, held.inputs);
  const { message } = await refusal(provider.create(held.inputs));
  expect(message).toContain("holds a key that stands in the state already; delete that file");
  expect(await desk.alive()).toEqual([made.apiKey]);
});

test("taken by a run that was killed before it could record: the same resource takes it again", async () => {
  const made = await desk.make();
  const deposit = desk.deposit(made);
  await desk.leave(deposit);
  const { outs } = await desk.stage.issue(await desk.start(), desk.inputs);
  // Nobody recorded that.
  const again = await desk.stage.issue(await desk.start(), desk.inputs);
  expect(again.outs).toMatchObject({ mark: outs["mark"], deposit: deposit.id, apiKey: made.apiKey });
  expect(desk.stage.entries()).toHaveLength(1);
});

test("two resources with one key: whichever comes second is refused, also at once", async () => {
  const made = await desk.make();
  const [first, second] = desk.all;
  await desk.leave(desk.deposit(made, {}, first));
  const label = made.label.replace("maker", "second");
  await desk.leave(desk.deposit(made, { label, mark: "f".repeat(16) }, second));
  await desk.leave(desk.deposit(made, { label: `second ${"f".repeat(16)}`, mark: "f".repeat(16) }, second));
  const provider = await desk.start();
  const checked = await Promise.all(desk.all.map((given) => provider.check(given)));
  const settled = await Promise.allSettled(checked.map(({ inputs }) => provider.create(inputs)));
  expect(settled.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const refused = settled.find(({ status }) => status === "rejected") as PromiseRejectedResult;
  expect(String(refused.reason)).toContain("holds a key that another resource of this stack has");
  expect(desk.stage.entries()).toHaveLength(1);
});

test("the key that manages the account is nobody's", async () => {
  const { apiKey, apiSecret } = desk.stage.bed.account;
  await desk.leave(desk.deposit({ id: "", label: `maker ${desk.mark()}`, apiKey, apiSecret }));
  expect(await desk.stillborn()).toContain("it is the credential that manages the account");
});

test("a label with other words than are declared", async () => {
  const made = await desk.make({ label: `taker ${desk.mark()}` });
  const file = await desk.leave(desk.deposit(made));
  const said = `create API key "maker": its label has other words than are declared (the deposit ${file}; delete it); ${COMMAND}`;
  expect(await desk.stillborn()).toContain(said);
});

test("the secret in the deposit is wrong", async () => {
  const made = await desk.make();
  await desk.leave(desk.deposit({ ...made, apiSecret: `${made.apiSecret}x` }));
  expect(await desk.stillborn()).toContain("the API secret is wrong");
});

test("an engine's configuration that names another identity: said, with the variable", async () => {
  const made = await desk.make();
  await desk.leave(desk.deposit(made));
  const identity = desk.stage.file("another-identity");
  const text = await generateX25519Identity();
  writeFileSync(identity, `${text}\n`, { mode: 0o600 });
  desk.stage.secrets.add(new Secret(text).reveal());
  const env = { EXCHANGE_KEYS_DEPOSITS: desk.folder, EXCHANGE_KEYS_IDENTITY: identity };
  const provider = await desk.stage.start(desk.stage.config(), { env });
  const { inputs } = await provider.check(desk.inputs);
  expect((await refusal(provider.create(inputs))).message).toContain("it is sealed to someone else");
});

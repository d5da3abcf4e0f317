// A key that a person makes: every phase from its first showing to the sealed deposit, wrong pastes, and keys that are thrown away.

import { alive, refusal, said, unreachable } from "../core/witness";
import { removeFolders } from "./deposits";
import { declared, GRANTS, HERE, KEY, NOW, PRINT, SECRET, Sitting, statement, THERE } from "./tasks";

let sitting: Sitting;
beforeEach(() => {
  sitting = new Sitting();
});
afterEach(() => {
  sitting.assertSilent();
  removeFolders();
});

const texts = () => sitting.view.findings.map(({ text }) => text);
const at = new Date(NOW).toISOString();

test("shown: the whole grid, the addresses, a label with a mark that is journalled when the person turns to it", async () => {
  const view = await sitting.sit();
  expect(view).toMatchObject({ does: "create", phase: "todo", name: "maker", mayExist: false, canLook: false, findings: [] });
  expect(view.rows.map(({ scope, want }) => [scope, want])).toEqual([
    ...[
      ["account", "none"],
      ["history", "none"],
      ["orders", "read-write"],
      ["positions", "none"],
      ["funding", "none"],
      ["wallets", "read"],
    ],
    ...[
      ["withdraw", "none"],
      ["bfxpay", "none"],
    ],
  ]);
  expect(view.rows.every((row) => row.is === undefined)).toBe(true);
  expect(view.allowedIps).toEqual([{ address: HERE, purpose: "fra1" }]);
  expect(view.label).toMatch(/^maker [0-9a-f]{16}$/);
  expect(await sitting.entries()).toEqual([]);
  await sitting.begin();
  await sitting.begin();
  const mark = view.label.slice(-16);
  expect(await sitting.entries()).toMatchObject([{ status: "begun", mark, label: view.label, generation: 1, account: "main" }]);
});

test("right at once: sealed with its proof, journalled as issued, done", async () => {
  sitting.eyes.observation = alive(GRANTS);
  await sitting.sit();
  const view = await sitting.submit(`  ${KEY}\n`, `\t${SECRET} `);
  const [deposit] = sitting.deposits;
  expect(view).toMatchObject({ phase: "done", findings: [], canLook: false, mayExist: false, deposit: { endsAt: deposit!.endsAt } });
  expect(deposit).toMatchObject({
    ...{ deed: "issued", fingerprint: PRINT, label: view.label, mark: view.label.slice(-16), at, generation: 1 },
    proof: { grants: GRANTS, address: HERE, at },
    credential: { apiKey: KEY },
  });
  expect(deposit!.credential!.apiSecret.reveal()).toBe(SECRET);
  expect(Date.parse(deposit!.endsAt) - NOW).toBe(72 * 3_600_000);
  expect(sitting.done).toEqual([deposit]);
  const { id, endsAt, desired } = deposit!;
  expect(await sitting.entries()).toMatchObject([{ status: "issued", fingerprint: PRINT, deposit: { id, endsAt, desired } }]);
  expect(sitting.seen.some((text) => text.includes('"phase":"checking"'))).toBe(true);
});

test.each([
  ["", SECRET, "Both are needed"],
  [KEY, "  \n", "Both are needed"],
  [KEY, ` ${KEY} `, "Both fields hold the same text."],
])("a wrong paste asks nobody", async (key, secret, text) => {
  await sitting.sit();
  const view = await sitting.submit(key, secret);
  expect(view).toMatchObject({ phase: "todo", canLook: false });
  expect(texts()[0]).toContain(text);
  expect(sitting.eyes.asked).toEqual([]);
  // The paste may follow a click at the venue: the mark is written down.
  expect(await sitting.entries()).toHaveLength(1);
});

test("swapped, mistyped, or barred by its list: what it may be, and the next paste counts", async () => {
  await sitting.sit();
  const view = await sitting.submit(SECRET, KEY);
  expect(view).toMatchObject({ phase: "todo", pasted: expect.stringMatching(/^.{1,14}…$/) as string });
  expect(view.findings[0]!.wayOut).toContain("Are key and secret swapped?");
  expect(view.findings[0]!.wayOut).toContain(`its IP list lacks ${HERE}`);
  sitting.eyes.observation = alive(GRANTS);
  expect(await sitting.submit()).toMatchObject({ phase: "done" });
});

test("a typo in the secret", async () => {
  sitting.eyes.observation = unreachable("signature-refused");
  await sitting.sit();
  expect(await sitting.submit()).toMatchObject({ phase: "todo", canLook: true });
  expect(texts()).toEqual(["The venue knows the key, but the secret is wrong."]);
});

test.each(["maintenance", "rate-limited", "nonce-refused", "timeout"] as const)("%s: told as it is, and looked at again", async (code) => {
  sitting.eyes.observation = unreachable(code);
  await sitting.sit();
  await sitting.submit();
  expect(sitting.view).toMatchObject({ phase: "differs", findings: [{ text: `The venue said ${code}`, wayOut: "Wait" }] });
  sitting.eyes.observation = alive(GRANTS);
  expect(await sitting.again()).toMatchObject({ phase: "done" });
});

test("toggles to change, by the rows' titles; looked at again without a new key", async () => {
  sitting.eyes.observation = alive(["orders:read", "wallets:read", "withdraw:write", "settings:write"]);
  await sitting.sit();
  const view = await sitting.submit();
  expect(view).toMatchObject({ phase: "differs", fingerprint: PRINT });
  expect(texts()).toEqual([
    'The key can write "settings", for which the page has no row: nobody can turn it off.',
    "Withdrawals (withdraw): turn Write off.",
    "Orders (orders): turn Write on.",
  ]);
  expect(view.rows.find(({ scope }) => scope === "orders")).toMatchObject({ want: "read-write", is: "read" });
  expect(sitting.deposits).toEqual([]);
  sitting.eyes.observation = alive(GRANTS);
  expect(await sitting.again()).toMatchObject({ phase: "done" });
});

test("of another account, and of a sub-account", async () => {
  sitting.eyes.observation = alive(GRANTS);
  sitting.eyes.owner = { accountId: "7", remarks: [] };
  await sitting.sit();
  await sitting.submit();
  expect(texts()).toEqual(["This key belongs to account 7; it is declared for account 123456 (main)."]);
  sitting.eyes.owner = { accountId: "8", masterId: "123456", remarks: [] };
  await sitting.again();
  expect(texts()).toEqual(["This key belongs to its sub-account 8; it is declared for account 123456 (main)."]);
  expect(sitting.deposits).toEqual([]);
});

test("a key that another resource has asks nobody, and isn't kept", async () => {
  sitting.holder = 'the resource "taker"';
  await sitting.sit();
  expect(await sitting.submit()).toMatchObject({ phase: "todo", canLook: false });
  expect(texts()).toEqual(['This key is in use: the resource "taker" has it.']);
  expect(sitting.eyes.asked).toEqual([]);
});

test("works where its list excludes it: never sealed, whatever a probe says", async () => {
  sitting = new Sitting({ declared: declared({ allowedIps: { [THERE]: "" } }) });
  sitting.eyes.observation = alive(GRANTS);
  await sitting.sit();
  await sitting.submit();
  expect(texts()).toEqual([`The key works from ${HERE}, which isn't on its list: its IP list is missing or too wide.`]);
  expect(await sitting.probe(THERE, "in", 1, GRANTS)).toMatchObject({ phase: "differs" });
  expect(sitting.deposits).toEqual([]);
});

test("barred here as declared: counts with a probe from the list, and no other paper", async () => {
  sitting = new Sitting({ declared: declared({ allowedIps: { [THERE]: "ams1" } }) });
  await sitting.sit();
  const view = await sitting.submit();
  expect(view).toMatchObject({ phase: "barred", probe: { hosts: [`${THERE} (ams1)`] } });
  expect(view.probe!.command).toBe("npx exchange-keys probe --venue bitfinex --environment sandbox --prompt");
  for (const text of ["", SECRET, "{}"]) {
    expect(await sitting.evidence(text)).toMatchObject({ phase: "barred", findings: [{ text: "This isn't a probe's statement." }] });
  }
  expect(await sitting.probe(THERE, "refused", 1)).toMatchObject({ phase: "barred" });
  expect(await sitting.probe(THERE, "in", 25 * 60, GRANTS)).toMatchObject({ phase: "barred" });
  expect(texts()).toContainEqual(expect.stringMatching(/^A statement wasn't counted: .* is older than 24 hours\.$/));
  const foreign = { version: 1, ...statement(NOW, THERE, "in", 3, GRANTS), accountId: "999" };
  expect(await sitting.evidence(JSON.stringify(foreign))).toMatchObject({
    phase: "todo",
    findings: [{ text: expect.stringContaining("belongs to account 999") as string }],
  });
  expect(await sitting.probe(THERE, "in", 2, GRANTS.slice(1))).toMatchObject({ phase: "differs" });
  expect(await sitting.probe(THERE, "in", 1, GRANTS)).toMatchObject({ phase: "done" });
  const proof = { grants: GRANTS, address: THERE, at: new Date(NOW - 60_000).toISOString() };
  expect(sitting.deposits[0]).toMatchObject({ proof });
});

test("a probe was let in from elsewhere: until it is refused there, and the key works", async () => {
  sitting.eyes.observation = alive(GRANTS);
  await sitting.sit();
  sitting.eyes.observation = unreachable("maintenance");
  await sitting.submit();
  sitting.eyes.observation = alive(GRANTS);
  expect(await sitting.probe(THERE, "in", 9, GRANTS)).toMatchObject({ phase: "barred" });
  expect(texts()).toEqual([`A probe was let in from ${THERE}, which isn't on its list: its IP list is missing or too wide.`]);
  expect(await sitting.again()).toMatchObject({ phase: "barred" });
  expect(await sitting.probe(THERE, "refused", 1)).toMatchObject({ phase: "done" });
});

test("thrown away: followed until it is dead; the mark stays, since nobody can tell which key had it", async () => {
  sitting.eyes.observation = alive([...GRANTS, "settings:write"]);
  const { label } = await sitting.sit();
  await sitting.submit();
  expect(await sitting.discard()).toMatchObject({ phase: "discarding" });
  expect(await sitting.again()).toMatchObject({
    phase: "discarding",
    findings: [{ text: `The key that begins with ${sitting.view.pasted!} still answers.` }],
  });
  for (const code of ["maintenance", "signature-refused", "nonce-refused"] as const) {
    sitting.eyes.observation = unreachable(code);
    expect(await sitting.again()).toMatchObject({ phase: "discarding" });
  }
  expect(await sitting.submit()).toMatchObject({ phase: "discarding" });
  sitting.eyes.observation = refusal;
  const view = await sitting.again();
  expect(view).toMatchObject({ phase: "todo", canLook: false, mayExist: true, label });
  expect(view).not.toHaveProperty("pasted");
  expect((await sitting.entries()).map(({ label: each }) => each)).toEqual([label]);
});

test.each(["never answered here", "barred here"])(
  "thrown away, and %s: a refusal is no proof, the person's word is asked for",
  async (what) => {
    if (what === "barred here") sitting = new Sitting({ declared: declared({ allowedIps: { [THERE]: "" } }) });
    const { label } = await sitting.sit();
    await sitting.submit();
    await sitting.discard();
    expect(await sitting.again()).toMatchObject({ phase: "discarding" });
    expect(texts()[0]).toContain("from here nobody can tell");
    expect(await sitting.entries()).toHaveLength(1);
    expect(await sitting.again()).toMatchObject({ phase: "todo", label, mayExist: true });
    expect(await sitting.entries()).toHaveLength(1);
  },
);

test("what can't be written down is told, and written at the next try", async () => {
  sitting.eyes.observation = alive(GRANTS);
  await sitting.sit();
  sitting.broken = "journal";
  expect(await sitting.begin()).toMatchObject({ phase: "todo", findings: [{ text: "The disk is full", wayOut: "Make room" }] });
  expect(await sitting.submit()).toMatchObject({ phase: "todo" });
  expect(sitting.eyes.asked).toEqual([]);
  sitting.broken = "keep";
  expect(await sitting.submit()).toMatchObject({ phase: "differs", findings: [{ text: "The disk is full" }], canLook: true });
  sitting.broken = undefined;
  expect(await sitting.again()).toMatchObject({ phase: "done" });
  expect(await sitting.entries()).toMatchObject([{ status: "issued", deposit: { id: sitting.deposits[0]!.id } }]);
});

test("blocked: nothing can be done, and nothing is", async () => {
  sitting = new Sitting({ blocked: "its permissions aren't known before `pulumi up`" });
  expect(await sitting.sit()).toMatchObject({ phase: "blocked", findings: [{ text: expect.stringContaining("aren't known") as string }] });
  for (const act of [sitting.begin, sitting.submit, sitting.again, sitting.attest, sitting.discard]) {
    expect(await act()).toMatchObject({ phase: "blocked" });
  }
  expect(await sitting.entries()).toEqual([]);
});

test("done is done: no later act changes it", async () => {
  sitting.eyes.observation = alive(GRANTS);
  await sitting.sit();
  await sitting.submit();
  sitting.eyes.owner = said("maintenance");
  for (const act of [sitting.begin, sitting.submit, sitting.again, sitting.attest, sitting.discard]) {
    expect(await act()).toMatchObject({ phase: "done" });
  }
  expect(sitting.deposits).toHaveLength(1);
});

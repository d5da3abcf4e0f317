// A ceremony that was killed and is opened again: before the mark was journalled, after it, after the key was made, after it was sealed.

import { alive } from "../core/witness";
import { removeFolders } from "./deposits";
import { declared, GRANTS, Sitting, THERE } from "./tasks";

let sitting: Sitting;
beforeEach(() => {
  sitting = new Sitting();
  sitting.eyes.observation = alive(GRANTS);
});
afterEach(() => {
  sitting.assertSilent();
  removeFolders();
});

test("before the person turned to it: another mark, and nothing may exist", async () => {
  const { label } = await sitting.sit();
  const view = await sitting.sit();
  expect(view).toMatchObject({ phase: "todo", mayExist: false });
  expect(view.label).not.toBe(label);
});

test("after it, and after a key was made: the same label, said to exist perhaps, and taken", async () => {
  const { label } = await sitting.sit();
  await sitting.begin();
  const view = await sitting.sit();
  expect(view).toMatchObject({ phase: "todo", mayExist: true, label });
  expect(view.findings[0]!.text).toContain("a key with it may exist");
  await sitting.begin();
  expect(await sitting.submit()).toMatchObject({ phase: "done", mayExist: false, label });
  expect(await sitting.entries()).toHaveLength(1);
});

test("after it was sealed: done, and nobody is asked again", async () => {
  await sitting.sit();
  const { label } = await sitting.submit();
  const view = await sitting.sit();
  expect(view).toMatchObject({ phase: "done", label, deposit: { endsAt: sitting.deposits[0]!.endsAt } });
  expect(view.findings[0]!.text).toContain("A former ceremony has sealed this key already");
  expect(sitting.deposits).toHaveLength(1);
});

test("between the journal and the file: the file is missed, and the key taken again", async () => {
  const { label } = await sitting.sit();
  sitting.broken = "keep";
  await sitting.submit();
  sitting.broken = undefined;
  const view = await sitting.sit();
  expect(view).toMatchObject({ phase: "todo", mayExist: true, label });
  expect(view.findings[0]!.text).toContain("its deposit has ended, is gone");
  expect(await sitting.submit()).toMatchObject({ phase: "done", label });
});

const spoiled: readonly (readonly [string, () => unknown, object])[] = [
  ["the deposit has ended", () => (sitting.now += 73 * 3_600_000), {}],
  ["the file is gone", () => sitting.deposits.splice(0), {}],
  ["other permissions are declared since", () => undefined, { declared: declared({ grants: ["orders:read"] }) }],
  ["other addresses are declared since", () => undefined, { declared: declared({ allowedIps: { [THERE]: "" } }) }],
];

test.each(spoiled)("sealed, and %s: the key is to go, or to be pasted again", async (_, what, changes) => {
  await sitting.sit();
  const { label } = await sitting.submit();
  what();
  const view = await sitting.sit(changes);
  expect(view).toMatchObject({ phase: "todo", mayExist: true, label });
  expect(view.findings[0]!.wayOut).toContain('Revoke that key under "My API Keys" first');
});

test("sealed, and another label is declared since: the mark stays, and is journalled with the new label", async () => {
  await sitting.sit();
  const { label } = await sitting.submit();
  const view = await sitting.sit({ declared: declared({ label: "taker" }) });
  expect(view).toMatchObject({ phase: "todo", mayExist: true, label: label.replace("maker", "taker") });
  await sitting.begin();
  expect(await sitting.entries()).toMatchObject([{ status: "begun", label: view.label, mark: label.slice(-16) }]);
});

test("recorded by a run since, of another generation, or of another resource: none of its business", async () => {
  const { label } = await sitting.sit();
  await sitting.begin();
  const { wanted } = sitting.changes;
  expect(wanted).toBeUndefined();
  const entry = (await sitting.entries())[0]!;
  const other = { venue: entry.venue, environment: entry.environment, accountId: entry.accountId, identity: entry.identity, generation: 2 };
  expect((await sitting.sit({ wanted: other })).label).not.toBe(label);
  const renamed = { ...other, generation: 1, identity: { ...entry.identity, name: "taker" } };
  expect((await sitting.sit({ wanted: renamed })).label).not.toBe(label);
  expect((await sitting.sit({ kindName: "AccessToken" })).label).not.toBe(label);
  expect((await sitting.sit()).label).toBe(label);
});

test("killed while a key was being thrown away: it may exist", async () => {
  const { label } = await sitting.sit();
  sitting.eyes.observation = alive([...GRANTS, "settings:write"]);
  await sitting.submit();
  await sitting.discard();
  expect(await sitting.sit()).toMatchObject({ phase: "todo", mayExist: true, label });
});

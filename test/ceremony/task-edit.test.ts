// Keys that are there: edited, given another label, revoked. What can be seen is looked at; the rest is the person's word, with its time.

import { alive, refusal, unreachable } from "../core/witness";
import { removeFolders } from "./deposits";
import { about, GRANTS, HERE, NOW, PRINT, Sitting, statement, THERE } from "./tasks";

let sitting: Sitting;
afterEach(() => {
  sitting.assertSilent();
  removeFolders();
});

const LESS = ["orders:read", "wallets:read"];

async function edit(changes: Parameters<typeof about>[1], more: Parameters<Sitting["sit"]>[0] = {}): Promise<Sitting> {
  sitting = new Sitting({ ...about("edit", changes), ...more });
  sitting.eyes.observation = alive(GRANTS);
  await sitting.sit();
  return sitting;
}

test("permissions: the rows as they are and are to be; looked at until they agree, and nobody's word counts", async () => {
  await edit({ grants: LESS });
  expect(sitting.view.rows.find(({ scope }) => scope === "orders")).toMatchObject({ is: "read-write", want: "read" });
  expect(sitting.view).toMatchObject({ fingerprint: PRINT, canLook: true, label: "maker 9f86d081884c7d65" });
  for (const act of [sitting.again, sitting.attest]) {
    expect(await act()).toMatchObject({ phase: "differs", findings: [{ text: "Orders (orders): turn Write off." }] });
  }
  sitting.eyes.observation = alive(LESS);
  expect(await sitting.again()).toMatchObject({ phase: "done" });
  expect(sitting.deposits).toMatchObject([{ deed: "edited", fingerprint: PRINT, proof: { grants: LESS, address: HERE } }]);
  expect(sitting.deposits[0]).not.toHaveProperty("credential");
  expect(await sitting.entries()).toEqual([]);
});

test("addresses: lines to add and to take away; attested, since nobody can read them back", async () => {
  await edit({ allowedIps: { [HERE]: "fra1", [THERE]: "ams1" } });
  expect(sitting.view.allowedIps).toEqual([
    { address: HERE, purpose: "fra1" },
    { address: THERE, purpose: "ams1", change: "add" },
  ]);
  expect(await sitting.again()).toMatchObject({ phase: "todo" });
  expect(sitting.view.findings[0]!.text).toContain("say when they are set");
  expect(await sitting.attest()).toMatchObject({ phase: "done" });
  expect(sitting.deposits).toMatchObject([{ deed: "edited", proof: { grants: GRANTS } }]);
});

test("addresses that exclude this one: an answer from here is no edit, a refusal and the person's word are", async () => {
  await edit({ allowedIps: { [THERE]: "" } });
  expect(sitting.view.allowedIps).toEqual([
    { address: THERE, purpose: "", change: "add" },
    { address: HERE, purpose: "fra1", change: "remove" },
  ]);
  expect(await sitting.attest()).toMatchObject({ phase: "differs" });
  sitting.eyes.observation = refusal;
  expect(await sitting.again()).toMatchObject({ phase: "todo" });
  expect(await sitting.attest()).toMatchObject({ phase: "done" });
  expect(sitting.deposits[0]).not.toHaveProperty("proof");
});

test("permissions of a key that is barred here: with a probe's word alone", async () => {
  const changes = { grants: LESS, allowedIps: { [THERE]: "" } };
  await edit(changes, { recorded: { grants: GRANTS, allowedIps: { [THERE]: "" }, label: "maker 9f86d081884c7d65" } });
  sitting.eyes.observation = refusal;
  expect(await sitting.again()).toMatchObject({ phase: "barred" });
  expect(await sitting.attest()).toMatchObject({ phase: "barred" });
  expect(await sitting.probe(THERE, "in", 1, GRANTS)).toMatchObject({ phase: "differs" });
  expect(await sitting.probe(THERE, "in", 0, LESS)).toMatchObject({ phase: "done" });
});

test("a list that a probe found too wide: set, attested, and the probe's word is of former days", async () => {
  await edit({}, { recorded: { grants: GRANTS, allowedIps: "anywhere", label: "maker 9f86d081884c7d65" } });
  sitting.statements.push(statement(NOW, "192.0.2.9", "in", 5));
  expect(await sitting.again()).toMatchObject({ phase: "differs" });
  expect(sitting.view.findings[0]!.wayOut).toContain("Then say that it is done.");
  expect(await sitting.attest()).toMatchObject({ phase: "done" });
});

test("another label alone: attested as that", async () => {
  await edit({ label: "taker" });
  expect(sitting.view).toMatchObject({ label: "taker 9f86d081884c7d65", labelFrom: "maker 9f86d081884c7d65" });
  expect(await sitting.again()).toMatchObject({ phase: "todo" });
  expect(await sitting.attest()).toMatchObject({ phase: "done" });
  expect(sitting.deposits).toMatchObject([{ deed: "relabelled", label: "taker 9f86d081884c7d65" }]);
  expect(sitting.deposits[0]).not.toHaveProperty("proof");
});

test("where nobody can look, edits and revocations are taken at the person's word", async () => {
  for (const does of ["edit", "revoke"] as const) {
    const { credential: _, ...order } = about(does, { grants: LESS });
    sitting = new Sitting(order);
    expect(await sitting.sit()).toMatchObject({ phase: "todo", canLook: false });
    expect(await sitting.attest()).toMatchObject({ phase: "done" });
    expect(sitting.deposits).toMatchObject([{ deed: does === "edit" ? "edited" : "revoked", fingerprint: PRINT }]);
    expect(sitting.deposits[0]).not.toHaveProperty("proof");
  }
});

test("revoked: looked at until it is refused like a dead one", async () => {
  sitting = new Sitting(about("revoke"));
  sitting.eyes.observation = alive(GRANTS);
  expect(await sitting.sit()).toMatchObject({ phase: "todo", rows: [], label: "maker 9f86d081884c7d65" });
  expect(await sitting.attest()).toMatchObject({
    phase: "differs",
    findings: [{ text: 'The key labelled "maker 9f86d081884c7d65" still answers.' }],
  });
  for (const code of ["maintenance", "rate-limited", "nonce-refused", "signature-refused", "timeout"] as const) {
    sitting.eyes.observation = unreachable(code);
    expect(await sitting.again()).toMatchObject({ phase: "differs" });
  }
  expect(sitting.deposits).toEqual([]);
  sitting.eyes.observation = refusal;
  expect(await sitting.again()).toMatchObject({ phase: "done" });
  expect(sitting.deposits).toMatchObject([{ deed: "revoked", label: "maker 9f86d081884c7d65", mark: "9f86d081884c7d65" }]);
});

test("what can't be sealed is told, and sealed at the next try", async () => {
  sitting = new Sitting(about("revoke"));
  await sitting.sit();
  sitting.broken = "keep";
  expect(await sitting.attest()).toMatchObject({ phase: "todo", findings: [{ text: "The disk is full" }] });
  sitting.broken = undefined;
  expect(await sitting.attest()).toMatchObject({ phase: "done" });
});

// The three acts on a key that a person carries out: taking it, changing it, letting it go. Each first looks at what the venue already shows.

import { desiredHash, type Deposited, type Hands, type Proof, type Sought, type Target, type Weighed } from "./byhand";
import type { Difference } from "./diff";
import { during, KeyError } from "./errors";
import type { Elsewhere } from "./examine";
import { compose, textIn } from "./label";
import { look } from "./look";
import { keyError, missing, type Declared, type Means } from "./means";
import { examined, proved, refusedKey, toDo } from "./proof";
import type { Generation, Recorded, Unverified } from "./record";

/** The key that a person made, proved before anything of it is written down. Nothing is undone here: the ceremony follows it up. */
export async function take(generation: number, recorded: Recorded | undefined, declared: Declared, means: Means): Promise<Recorded> {
  const operation = `create ${means.subject}`;
  const hands = handsOf(means, operation);
  const left = await hands.issued({ generation, desired: hashOf(declared), why: declared.reason, declared: targetOf(declared) });
  if (labelText(left, means) !== declared.label) throw mistaken(left, operation, means, "its label has other words than are declared");
  if (left.credential === undefined) throw keyError("deposit-refused", operation, means, "the deposit holds no key");
  if (means.managing.includes(left.fingerprint)) throw mistaken(left, operation, means, "it is the credential that manages the account");
  if (means.taken.has(left.fingerprint)) throw mistaken(left, operation, means, "another resource of this stack has this very key");
  const before = recorded === undefined ? [] : [...recorded.retiring, recorded.current];
  if (before.some((key) => key.fingerprint === left.fingerprint))
    throw mistaken(left, operation, means, "it is the key of an earlier generation, and another one is wanted");
  const evidence = await hands.evidence({ fingerprint: left.fingerprint, allowedIps: declared.key.allowedIps });
  const found = await examined(left.credential, seenLast(left, evidence), declared, means, operation);
  const proof = proved(found, evidence, declared, withFile(means, left), operation);
  if (!(await means.engineAlive())) {
    const cause = "the engine ended meanwhile; key and deposit are as they were";
    throw new KeyError("engine-gone", { venue: means.venue, operation, cause, wayOut: "run `pulumi up` again" });
  }
  // Right before it is written down: what failed its look takes nobody's room.
  await means.beforeIssue(left.mark);
  const { mark, label, fingerprint } = left;
  await means.ledger.took({ mark, generation, fingerprint, label });
  await hands.used(left);
  const { vantage, ...rest } = proof;
  const current: Generation = {
    ...{ generation, mark, fingerprint, credential: left.credential, createdAt: left.at, deposit: left.id, venueLabel: label },
    ...(vantage === undefined ? {} : { vantage }),
    attested: { at: left.at, by: left.id },
  };
  return { accountId: means.accountId, current, retiring: declared.reason === "gone" ? before.map(unproved) : before, ...rest };
}

/** A list that was edited at the venue looks like a revocation: from now on no refusal proves that this key is dead. */
function unproved(key: Generation): Generation {
  const { vantage: _, ...rest } = key;
  return rest;
}

/** What was seen of a key on a host of its list, by ceremony or probe: the later look. */
function seenLast(left: Deposited | undefined, { grants, at, accountId }: Weighed): (Elsewhere & Pick<Proof, "at">) | undefined {
  const probed = grants === undefined || at === undefined ? undefined : { grants, at, accountId };
  const proof = left?.proof;
  return probed !== undefined && later(probed.at, proof?.at) ? probed : proof;
}

/** The same of a recorded key: what was seen before the state's own last word on it says nothing of today. */
function seenSince(
  { attested, vantage }: Generation,
  decidedAt: string,
  left: Deposited | undefined,
  evidence: Weighed,
): Elsewhere | undefined {
  const seen = seenLast(left, evidence);
  const known = [attested?.at, vantage?.provedAt, decidedAt];
  return seen !== undefined && known.every((time) => later(seen.at, time)) ? seen : undefined;
}

/** A deed from before the last one that was taken, or that one again, attests nothing any more. */
function younger({ attested }: Generation, left: Deposited | undefined, operation: string, means: Means): Deposited | undefined {
  if (left === undefined || later(left.at, attested?.at)) return left;
  throw mistaken(
    left,
    operation,
    means,
    `it was attested at ${left.at}, and what the state has is of ${attested?.at ?? ""}: it was used, or overtaken`,
  );
}

function later(one: string, other: string | undefined): boolean {
  return other === undefined || Date.parse(one) > Date.parse(other);
}

/** Permissions are looked at; an address list or a label has nothing but a person's word, with its time. */
export async function amend(recorded: Recorded, declared: Declared, differences: readonly Difference[], means: Means): Promise<Recorded> {
  const operation = `update ${means.subject}`;
  const hands = handsOf(means, operation);
  const { current } = recorded;
  if (current.credential.kind !== "api-key") throw missing("update", operation, means);
  const unseen = differences.filter(({ property }) => property !== "permissions");
  const deed = unseen.some(({ property }) => property === "allowedIps") ? "edited" : "relabelled";
  const sought = soughtOf(recorded, declared, means);
  let left = unseen.length === 0 ? undefined : younger(current, await hands.attested(deed, sought), operation, means);
  const { fingerprint } = current;
  const weighed = async (since: string | undefined) =>
    hands.evidence({ fingerprint, allowedIps: declared.key.allowedIps, ...(since === undefined ? {} : { since }) });
  let evidence = await weighed((left?.deed === "edited" ? left : current.attested)?.at);
  // What was recorded stands for a look where nothing about the permissions changes.
  const same = differences.some(({ property }) => property === "permissions")
    ? undefined
    : { grants: recorded.grants, accountId: recorded.accountId };
  const { credential } = current;
  const closeLook = () => examined(credential, seenSince(current, declared.decidedAt, left, evidence) ?? same, declared, means, operation);
  let found = await closeLook();
  const open = unseen.length > 0 || found.is === "differs" || found.is === "barred";
  if (left === undefined && open) {
    left = unseen.length > 0 ? undefined : younger(current, await hands.attested("edited", sought), operation, means);
    if (left === undefined) throw waits(operation, means, hands, toDo(found, unseen));
    evidence = await weighed(left.at);
    found = await closeLook();
  }
  if (left === undefined) {
    const spare = await hands.lying("edited", sought);
    left = spare !== undefined && later(spare.at, current.attested?.at) ? spare : undefined;
  }
  const { vantage, unverified, ...rest } = proved(found, evidence, declared, means, operation);
  if (left !== undefined) await hands.used(left);
  const { vantage: before, ...key } = current;
  const kept = vantage ?? (deed === "edited" && unseen.length > 0 ? undefined : before);
  const next: Generation = {
    ...key,
    ...(kept === undefined ? {} : { vantage: kept }),
    ...(left === undefined ? {} : { venueLabel: left.label, attested: { at: left.at, by: left.id } }),
  };
  return { ...recorded, ...rest, current: next, unverified: stillProbed(unverified, recorded, evidence, unseen) };
}

/** What probes said of an address list that hasn't changed stays said. */
function stillProbed(
  now: Unverified,
  { unverified: { allowedIps } }: Recorded,
  { text }: Weighed,
  unseen: readonly Difference[],
): Unverified {
  const changed = unseen.some(({ property }) => property === "allowedIps");
  if (changed || text !== undefined || allowedIps === undefined || now["allowedIps"] === undefined) return now;
  return { ...now, allowedIps };
}

/**
 * A key that is dead, or that a person says to have revoked where no look can tell. Throws `ceremony-waits` while it lives.
 *
 * @param lost nobody is known to have revoked it: a list that was edited at the venue looks the same, so that a refusal isn't enough
 */
export async function bury(key: Generation, lost: boolean, operation: string, means: Means): Promise<void> {
  const hands = handsOf(means, operation);
  const seen = await look(key, { allowedIps: "anywhere" }, means, operation);
  if (seen.is === "dead" && !lost) return;
  const unprovable = seen.is === "unknown" && seen.error.code === "absence-unproved";
  if (seen.is === "unknown" && !unprovable) throw during(operation, seen.error, "not-revoked");
  const left = await hands.attested("revoked", {
    ...{ generation: key.generation, desired: "", fingerprint: key.fingerprint, mark: key.mark, why: "revoke" as const },
    recorded: { credential: key.credential, label: key.venueLabel ?? "", grants: [], allowedIps: "anywhere" },
  });
  if (left === undefined) throw waits(operation, means, hands, `the key labelled "${key.venueLabel ?? key.mark}" has to be revoked`);
  if (seen.is === "alive") {
    // What was attested while the page was served in this run may be younger than the look.
    const again = await look(key, { allowedIps: "anywhere" }, means, operation);
    if (again.is === "alive") throw keyError("not-revoked", operation, means, "a person said that it was revoked, and it still answers");
  }
  const { in: letIn } = await hands.evidence({ fingerprint: key.fingerprint, allowedIps: "anywhere", since: left.at });
  if (letIn.length > 0) {
    const cause = `a person said at ${left.at} that it was revoked, and a probe was let in from ${letIn.join(", ")} since`;
    throw keyError("not-revoked", operation, means, cause);
  }
  await hands.used(left);
}

export function hashOf(declared: Pick<Declared, "grants" | "key">): string {
  return desiredHash(declared.grants, declared.key.allowedIps);
}

function targetOf({ grants, options, label, key }: Declared): Target {
  return { grants, options, label, allowedIps: key.allowedIps };
}

function soughtOf(recorded: Recorded, declared: Declared, { kind }: Means): Sought {
  const { generation, fingerprint, mark, credential, venueLabel = "" } = recorded.current;
  const { recordedIps = declared.key.allowedIps } = declared;
  const known = { credential, label: venueLabel, grants: recorded.grants, allowedIps: recordedIps };
  const sought = {
    generation,
    desired: hashOf(declared),
    fingerprint,
    mark,
    recorded: known,
    why: "edit" as const,
    declared: targetOf(declared),
  };
  return kind.label === undefined ? sought : { ...sought, label: compose(declared.label, mark, kind.label) };
}

/** A key out of a deposit is mended at the venue, or given up with its file: the ceremony takes what is sealed for done. */
function withFile(means: Means, { file }: Deposited): Means {
  const { hands } = means;
  if (hands === undefined || file === undefined) return means;
  const wayOut = `mend the key on the venue's page and run \`pulumi up\` again; or revoke it there, delete ${file}, and ${hands.wayOut}`;
  return { ...means, hands: { ...hands, wayOut } };
}

function waits(operation: string, { venue }: Means, hands: Hands, cause: string): KeyError {
  return new KeyError("ceremony-waits", { venue, operation, cause, wayOut: hands.wayOut });
}

/** With the file, which is to be deleted. */
function mistaken({ file }: Deposited, operation: string, means: Means, cause: string): KeyError {
  return refusedKey("deposit-refused", operation, means, file === undefined ? cause : `${cause} (the deposit ${file}; delete it)`);
}

/** The words before the mark. */
function labelText({ label }: Deposited, { kind }: Means): string | undefined {
  return kind.label === undefined ? undefined : textIn(label, kind.label);
}

function handsOf(means: Means, operation: string): Hands {
  if (means.hands === undefined) throw missing("make, by a person,", operation, means);
  return means.hands;
}

// The engine's five questions after `check`, each answered by observing, deciding and acting. Knows no venue, and no transport.

import { apply, withEnds } from "../core/apply";
import type { Probed, Weighed } from "../core/byhand";
import { able, type KindManifest } from "../core/capability";
import { destroy } from "../core/destroy";
import { look } from "../core/look";
import { settleEarlier } from "../core/lost";
import { differences, updatable } from "../core/diff";
import { KeyError } from "../core/errors";
import type { KeyInputs } from "../core/inputs";
import { textIn } from "../core/label";
import { Unfinished, type Declared } from "../core/means";
import { ipDelta } from "../core/ip";
import type { AllowedIps } from "../core/model";
import { kept, plan } from "../core/plan";
import { grantDelta } from "../core/permission";
import { holdsKey, outputsOf, recordOf, type Recorded } from "../core/record";
import { forfeited } from "../core/retiring";
import { renewed } from "../core/seen";
import { venueName } from "./account";
import { draw } from "./mark";
import { Partial } from "./partial";
import type { Run } from "./run";
import type { Subject } from "./subject";
import { inputNames, inputsOf, propertiesOf, seconds, venueSide, type Properties } from "./state";
import { hasUnknown } from "./unknown";

/** Makes the key of the first generation. The id is random and says nothing. */
export async function create(run: Run, news: Properties): Promise<{ id: string; outs: Record<string, unknown> }> {
  const subject = run.subject(news);
  const id = draw();
  await run.meetNew(subject);
  const outs = await settle(run, subject, id, undefined, inputsOf(news, subject.kind));
  return { id, outs };
}

/** Brings the recorded key to what is declared; without a step to take, no request is sent. */
export async function update(run: Run, id: string, olds: Properties, news: Properties): Promise<{ outs: Record<string, unknown> }> {
  const subject = run.subject(news);
  const recorded = await run.meet(subject, recordOf(olds, subject.kind.powers));
  return { outs: await settle(run, subject, id, { recorded, olds }, inputsOf(news, subject.kind)) };
}

interface Differing {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace?: true;
}

/** What differs between the recorded state and the declared inputs. Sends no request. */
export async function diff(run: Run, olds: Properties, news: Properties): Promise<Differing> {
  const subject = run.subject(olds);
  const { kind } = subject;
  const recorded = holdsKey(olds) ? await run.meet(subject, recordOf(olds, kind.powers)) : await run.meetNew(subject);
  // Powers follow from permissions: among the outputs they are the observed ones.
  const names = inputNames(kind).filter((name) => name !== "powers");
  const differing = [...names, "__provider"].filter((name) => !same(olds[name], news[name]));
  const fixed = [...(kind.replaces ?? []), ...(able(kind.capabilities, "update-label") ? [] : ["label"])];
  const replaces = ["account", ...scoping(kind, olds, news), ...fixed].filter((name) => differing.includes(name));
  if (replaces.length > 0 && keepsPublicKey(kind, olds, news)) return { changes: true, replaces, deleteBeforeReplace: true };
  const open = recorded?.unproved !== undefined || recorded?.unsettled !== undefined;
  const lost = recorded !== undefined && (await run.hasLost(subject, recorded.accountId));
  return { changes: differing.length > 0 || open || lost, replaces };
}

/** The venue may refuse a second key with the public key of a living one: no document says that it takes it. */
function keepsPublicKey(kind: KindManifest, { publicKey }: Properties, news: Properties): boolean {
  return kind.replaces?.includes("publicKey") === true && publicKey !== undefined && same(publicKey, news["publicKey"]);
}

/** Inputs that say where the key is listed: in another scope's list it would be missing, and so taken for dead. */
function scoping(kind: KindManifest, olds: Properties, news: Properties): readonly string[] {
  const here = kind.scope?.(olds);
  return Object.keys(kind.extras).filter((name) => !same(here, kind.scope?.({ ...olds, [name]: news[name] })));
}

/** Looks at the key. Answers the recorded state with what was observed; nothing at all once no generation is alive. */
export async function read(run: Run, id: string, props: Properties): Promise<Record<string, unknown>> {
  const subject = run.subject(props);
  const { kind } = subject;
  const recorded = await run.meet(subject, recordOf(props, kind.powers));
  const known = withOverdue(inputsOf(props, kind), recorded);
  const means = await run.means(subject, "refresh", recorded.accountId);
  const operation = `refresh ${means.subject}`;
  const seen = await look(recorded.current, known, means, operation);
  if (seen.is === "unknown") throw seen.error;
  const ends = await forfeited(recorded, { ...known, ...judged(known, kind) }, means, operation);
  const inputs = { ...known, keepUntil: { ...known.keepUntil, ...ends } };
  const probed = kind.byHand === undefined ? undefined : await run.evidence(subject, recorded.accountId, keyOf(recorded, inputs));
  if (seen.is === "barred") return answer(id, props, ...withProbes(inputs, recorded, probed), subject);
  // What has ended, and is still listed, may be brought back by somebody: it is replaced, and then revoked.
  if (seen.is === "alive" && seen.key.lapsed === true) return answer(id, props, { ...inputs, alive: false }, recorded, subject);
  if (seen.is === "dead") {
    // What a person made may have been edited at the venue: a refused address looks the same as a dead key.
    if (kind.byHand !== undefined) return answer(id, props, { ...inputs, alive: false }, recorded, subject);
    const others = await Promise.all(recorded.retiring.map((key) => look(key, inputs, means, operation)));
    const failed = others.find((other) => other.is === "unknown");
    const dead = recorded.retiring.filter((_, index) => others[index]?.is === "dead");
    for (const key of [recorded.current, ...dead]) await means.ledger.close(key.mark);
    if (failed?.is === "unknown") throw failed.error;
    if (dead.length === recorded.retiring.length) return {};
    return answer(id, props, { ...inputs, alive: false }, recorded, subject);
  }
  const { grants } = seen.key;
  const { added, removed } = grantDelta(recorded.grants, grants);
  const { permissions, extras = {} } =
    added.length + removed.length === 0 ? inputs : kind.withDrift(inputs.permissions, added, removed, inputs.extras);
  const observed: KeyInputs = {
    ...inputs,
    permissions,
    extras: { ...inputs.extras, ...extras },
    // One that was refused, and answers again: its list was edited, and is as it was.
    alive: true,
    powers: kind.powers(kind.grants(permissions, { ...inputs.extras, ...extras })),
    ...(kind.label === undefined || seen.key.label === undefined ? {} : { label: textIn(seen.key.label, kind.label) }),
    allowedIps: seen.unbound ? "anywhere" : observedIps(inputs.allowedIps, seen.key.allowedIps),
  };
  const [shown, record] = withProbes(observed, { ...recorded, ...renewed(recorded, seen.key, observed.allowedIps, means) }, probed);
  return answer(id, props, shown, { ...record, warnings: await run.renewed(subject, record) }, subject);
}

function keyOf({ current: { fingerprint, attested } }: Recorded, { allowedIps }: KeyInputs): Probed {
  return { fingerprint, allowedIps, ...(attested === undefined ? {} : { since: attested.at }) };
}

/** What probes have seen, where nothing else tells: that the list holds, that it doesn't, and what a barred key can do. */
function withProbes(inputs: KeyInputs, recorded: Recorded, probed: Weighed | undefined): [KeyInputs, Recorded] {
  if (probed === undefined) return [inputs, recorded];
  if (probed.tooWide.length > 0) return [{ ...inputs, allowedIps: "anywhere" }, recorded];
  const open = recorded.unverified["allowedIps"] !== undefined && probed.text !== undefined;
  const unverified = open ? { ...recorded.unverified, allowedIps: probed.text ?? "" } : recorded.unverified;
  return [inputs, { ...recorded, unverified }];
}

/** What the venue shows, where it shows it and it differs; the purposes of addresses that stay are kept. */
function observedIps(recorded: AllowedIps, shown: AllowedIps | undefined): AllowedIps {
  if (shown === undefined || shown === "anywhere" || recorded === "anywhere") return shown ?? recorded;
  const { added, removed } = ipDelta(recorded, shown);
  if (added.length + removed.length === 0) return recorded;
  return Object.fromEntries(Object.entries(shown).map(([range, purpose]) => [range, recorded[range] ?? purpose]));
}

/** Earlier keys that should be dead show as entries whose time has passed, so that `check` drops them and the preview says so. */
function withOverdue(inputs: KeyInputs, recorded: Recorded): KeyInputs {
  const overdue = recorded.retiring.filter((key) => !kept(key, inputs));
  if (overdue.length === 0) return inputs;
  const entries = overdue.map((key) => [String(key.generation), key.end ?? key.createdAt]);
  return { ...inputs, keepUntil: { ...inputs.keepUntil, ...Object.fromEntries(entries) } };
}

/** Revokes every generation. One that a create of this very run has taken over stays. */
export async function remove(run: Run, props: Properties): Promise<void> {
  const subject = run.subject(props);
  const recorded = await run.meet(subject, recordOf(props, subject.kind.powers));
  const keys = [...recorded.retiring, recorded.current].filter(({ fingerprint }) => !run.taken.has(fingerprint));
  if (keys.length === 0) return;
  run.approval.assertRevocation(subject);
  const means = await run.lastMeans(subject, recorded.accountId);
  let failed: unknown;
  for (const key of keys) {
    // One that can't be revoked doesn't keep the others alive.
    const lost = key === recorded.current && props["alive"] === false;
    await destroy(key, `revoke generation ${key.generation} of ${means.subject}`, means, { lost }).catch(
      (error: unknown) => (failed ??= error),
    );
  }
  if (failed !== undefined) throw failed as Error;
}

interface Before {
  readonly recorded: Recorded;
  readonly olds: Properties;
}

async function settle(
  run: Run,
  subject: Subject,
  id: string,
  before: Before | undefined,
  inputs: KeyInputs,
): Promise<Record<string, unknown>> {
  const { kind, account } = subject;
  const doing = before === undefined ? "create" : "update";
  if (hasUnknown(inputs)) {
    throw new KeyError("input", {
      venue: venueName(account),
      operation: `${doing} ${subject.title}`,
      cause: "an input isn't known yet, and nothing unknown is ever sent to a venue",
      wayOut: "run `pulumi up` again once it is known",
    });
  }
  const { capabilities } = kind;
  const found = before === undefined ? [] : differences(venueSide(inputsOf(before.olds, kind), kind), venueSide(inputs, kind));
  const steps = plan(before?.recorded, inputs, updatable(found, capabilities));
  const lost = before !== undefined && (await run.hasLost(subject, before.recorded.accountId));
  if (before !== undefined && steps.length === 0 && !lost) return outputs(inputs, withEnds(before.recorded, inputs), subject);
  run.approval.assertKey(subject, doing, inputs, before?.recorded.current.generation);
  const means = await run.means(subject, doing, before?.recorded.accountId);
  run.assertClock(means, doing);
  if (lost) await settleEarlier(`${doing} ${subject.title}`, means);
  if (steps.some((step) => step.do !== "revoke")) run.assertCeiling(subject, doing, inputs);
  const declared = {
    ...inputs,
    key: desiredKey(inputs),
    ...judged(inputs, kind),
    ...(before === undefined ? {} : { recordedIps: inputsOf(before.olds, kind).allowedIps }),
  };
  try {
    const recorded = await apply(steps, before?.recorded, declared, means);
    run.take(recorded.current);
    return outputs(inputs, await withRunWarnings(run, recorded, subject), subject);
  } catch (error) {
    if (!(error instanceof Unfinished)) throw error;
    run.take(error.recorded.current);
    // Where no successor was made, the key is still what it was declared as before: a refresh must not take the new inputs for its own.
    // The same where nobody knows whether the key was changed: a refresh holds it against these.
    const { current, unsettled } = error.recorded;
    const former = before !== undefined && (current.generation < inputs.generation || unsettled !== undefined);
    const echoed = former ? inputsOf(before.olds, kind) : inputs;
    throw new Partial(id, outputs(echoed, error.recorded, subject), error.because);
  }
}

async function withRunWarnings(run: Run, recorded: Recorded, subject: Subject): Promise<Recorded> {
  const all = [...(await run.renewed(subject, recorded)), ...(await run.warnings(subject))];
  return { ...recorded, warnings: all.filter(({ message }, index) => all.findIndex((other) => other.message === message) === index) };
}

/** What a key is held against. */
function judged({ permissions, extras }: KeyInputs, kind: KindManifest): Pick<Declared, "grants" | "options"> {
  return { grants: kind.grants(permissions, extras), options: kind.options?.(extras) ?? {} };
}

function desiredKey(inputs: KeyInputs) {
  const lifetimeSeconds = seconds(inputs.lifetime);
  const { permissions, allowedIps, extras } = inputs;
  return { permissions, allowedIps, extras, ...(lifetimeSeconds === undefined ? {} : { lifetimeSeconds }) };
}

/** All outputs: the inputs echoed, since `read` is given nothing else, and the record over them. */
function outputs(inputs: KeyInputs, recorded: Recorded, subject: Subject): Record<string, unknown> {
  const { account, kind, provider } = subject;
  return {
    ...propertiesOf(inputs),
    ...outputsOf(recorded, { venue: account.venue, environment: account.environment }),
    ...kind.outputs?.(recorded.grants),
    ...(kind.byHand === undefined ? {} : { environment: account.environment }),
    ...(provider === undefined ? {} : { __provider: provider }),
  };
}

function answer(id: string, props: Properties, inputs: KeyInputs, recorded: Recorded, subject: Subject): Record<string, unknown> {
  const known = inputNames(subject.kind).filter((name) => props[name] !== undefined);
  const all: Properties = propertiesOf(inputs);
  return {
    id,
    props: { ...props, ...outputs(inputs, recorded, subject) },
    inputs: Object.fromEntries(known.map((name) => [name, all[name]])),
  };
}

/** Equal as the engine sees them; an unknown differs from everything. */
function same(one: unknown, other: unknown): boolean {
  if (hasUnknown(one) || hasUnknown(other)) return false;
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

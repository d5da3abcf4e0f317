// Carries out a plan: observe, act, observe. Answers what is to be recorded, also when only half of it could be done.

import { destroy, Unseen } from "./destroy";
import { KeyError } from "./errors";
import type { Decision } from "./inputs";
import { issue, nobody } from "./issue";
import { iso, keyError, Unfinished, type Declared, type Means } from "./means";
import { amend, take } from "./person";
import { kept, type Step } from "./plan";
import type { Generation, Recorded } from "./record";
import { update } from "./update";

/** Runs the steps in order. Throws KeyError when nothing new is to be recorded, else Unfinished with all that is known. */
export async function apply(steps: readonly Step[], before: Recorded | undefined, declared: Declared, means: Means): Promise<Recorded> {
  let recorded = before;
  let born: Generation | undefined;
  let failed: KeyError | undefined;
  try {
    for (const step of steps) {
      try {
        recorded = await carryOut(step, recorded, declared, means);
      } catch (error) {
        // One key that can't be revoked doesn't keep the others alive; one that failed its proof keeps another from being made.
        if (step.do !== "revoke" || !(error instanceof KeyError) || error.code === "engine-gone") throw error;
        failed ??= error;
        if (error instanceof Unseen) recorded = withRevoked(recorded, step.key, error.revokedAt);
        if (step.first) break;
      }
      if (step.do === "issue") born = recorded?.current;
    }
    if (born !== undefined && !(await means.engineAlive())) throw nobody(`create ${means.subject}`, means);
    if (failed !== undefined) throw failed;
  } catch (error) {
    // What a person made isn't undone: its deposit lies where it was.
    if (error instanceof KeyError && error.code === "engine-gone" && born !== undefined && means.hands === undefined) {
      await destroy(born, `revoke the new key of ${means.subject}, which nobody can record`, means, { undo: true });
    }
    if (recorded === undefined || recorded === before || error instanceof Unfinished) throw error;
    throw new Unfinished(withEnds(recorded, declared), error instanceof KeyError ? error : unexpected(error, means));
  }
  if (recorded === undefined) throw new Error("a plan for a new key has no step that issues it");
  return withEnds(recorded, declared);
}

async function carryOut(step: Step, recorded: Recorded | undefined, declared: Declared, means: Means): Promise<Recorded> {
  const byHand = means.hands !== undefined;
  if (step.do === "issue") return byHand ? take(step.generation, recorded, declared, means) : issue(step, recorded, declared, means);
  if (recorded === undefined) throw new Error(`a plan without a record has the step ${step.do}`);
  if (step.do === "update") return byHand ? amend(recorded, declared, step.differences, means) : update(recorded, declared, means);
  const lost = declared.reason === "gone" && step.key.generation === declared.generation - 1;
  await destroy(step.key, `revoke generation ${step.key.generation} of ${means.subject}`, means, { lost });
  // Dead, and known to be: where no successor comes to be recorded, nobody has to prove it again. Venues tell their time in whole
  // seconds, so that what is counted on from one answer may be ahead of what the next one tells.
  const now = Math.floor(means.venueNow() / 1000) * 1000;
  if (step.key === recorded.current) return { ...recorded, current: { ...step.key, expiresAt: iso(now) } };
  return { ...recorded, retiring: recorded.retiring.filter((key) => key.fingerprint !== step.key.fingerprint) };
}

function withRevoked(recorded: Recorded | undefined, revoked: Generation, revokedAt: string): Recorded | undefined {
  const mark = (key: Generation): Generation => (key.fingerprint === revoked.fingerprint ? { ...key, revokedAt } : key);
  return recorded && { ...recorded, current: mark(recorded.current), retiring: recorded.retiring.map(mark) };
}

/** A mistake of ours after something was done: what was done must be recorded all the same. Its words may hold anything, so they aren't told. */
function unexpected(error: unknown, means: Means): KeyError {
  const name = error instanceof Error && /^\w{1,40}$/.test(error.name) ? error.name : "no error";
  return keyError("broken-answer", means.subject, means, `the provider made a mistake (${name}); please report it`);
}

/** The record with the ends that `check` now gives to earlier generations. */
export function withEnds(recorded: Recorded, declared: Decision): Recorded {
  // A key that is to die at once keeps no end of former days: it would be given that time again.
  const withEnd = ({ end: _, ...key }: Generation): Generation => {
    const end = declared.keepUntil[String(key.generation)];
    return kept(key, declared) && end !== undefined ? { ...key, end } : key;
  };
  return { ...recorded, retiring: recorded.retiring.map(withEnd) };
}

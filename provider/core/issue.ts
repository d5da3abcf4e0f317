// Births one key: journal, ask, journal, prove. What fails its proof is revoked at once, or else recorded so that it will be.

import { expired } from "./audit";
import { destroy, Unseen } from "./destroy";
import { desiredOf, newborn } from "./desired";
import { look, lookUntil } from "./look";
import { during, KeyError, known } from "./errors";
import { findable, MARGIN_MS, settleEarlier, settleLost } from "./lost";
import { iso, keyError, missing, Unfinished, type Declared, type LostKey, type Means } from "./means";
import type { Step } from "./plan";
import type { Generation, Recorded, Warning } from "./record";
import { fingerprint } from "./secret";
import { fits, mismatch, renewed, type Mismatch } from "./seen";
import { change } from "./update";

const UNPROVED = "never proved: the key failed its first look";
const UNSEEN = "declared; it can't be seen from an address that the key bars";

type IssueStep = Extract<Step, { do: "issue" }>;

/** Answers the record with the new key as its current one, and the former one among the retiring. */
export async function issue(step: IssueStep, recorded: Recorded | undefined, declared: Declared, means: Means): Promise<Recorded> {
  const operation = `create ${means.subject}`;
  await settleEarlier(operation, means);
  await means.beforeIssue();
  const { born, notes } = await mint(step.generation, declared, means, operation);
  // One that failed its proof and is dead leaves nothing to retire.
  const finished = recorded?.unproved !== undefined && expired(recorded.current, means.venueNow());
  const {
    grants,
    key: { allowedIps },
  } = declared;
  const earlier = recorded === undefined || finished ? [] : [{ ...recorded.current, atMost: { grants, allowedIps } }];
  try {
    if (!(await means.engineAlive())) throw nobody(operation, means);
    if (means.kind.birth === "bare") await dress(born, declared, means, operation);
    const proof = await prove(born, declared, means, operation);
    const retiring = [...(recorded?.retiring ?? []), ...earlier];
    return { accountId: means.accountId, ...proof, warnings: [...notes, ...proof.warnings], retiring };
  } catch (error) {
    const because = error instanceof KeyError ? error : keyError("broken-answer", operation, means, "the new key couldn't be looked at");
    await undo(born, because, recorded, means);
    throw because;
  }
}

/** Says that nobody is left to record what was made. */
export function nobody(operation: string, means: Means): KeyError {
  const { said } = keyError("engine-gone", operation, means, "the engine ended while the key was being made");
  // What a person made isn't revoked: the same deposit is taken by the next run.
  return new KeyError("engine-gone", means.hands === undefined ? said : { ...said, wayOut: "run `pulumi up` again" });
}

/** A key that failed its proof dies at once; where that fails too, it goes into the state, to be tried again. */
async function undo(born: Generation, because: KeyError, recorded: Recorded | undefined, means: Means): Promise<void> {
  try {
    await destroy(born, `revoke the new key of ${means.subject}`, means, { undo: true });
  } catch (failure) {
    if (!(failure instanceof KeyError)) throw failure;
    const left = failure instanceof Unseen ? { ...born, revokedAt: failure.revokedAt } : born;
    const both = new KeyError("not-revoked", {
      ...because.said,
      cause: `${because.said.cause}; and revoking it failed: ${failure.said.cause}`,
      wayOut: "run `pulumi up` again: the key is in the state and is revoked first",
    });
    if (recorded !== undefined) throw new Unfinished({ ...recorded, retiring: [...recorded.retiring, left] }, both);
    const first: Recorded = {
      accountId: means.accountId,
      current: left,
      retiring: [],
      grants: [],
      powers: {},
      unverified: { permissions: UNPROVED, allowedIps: UNPROVED },
      warnings: [],
      unproved: because.said.cause,
    };
    throw new Unfinished(first, both);
  }
}

/** A lost answer leaves the journal's entry open; a documented refusal closes it. */
async function mint(
  generation: number,
  declared: Declared,
  means: Means,
  operation: string,
): Promise<{ readonly born: Generation; readonly notes: readonly Warning[] }> {
  const { driver, ledger } = means;
  if (driver.create === undefined) throw missing("create", operation, means);
  const mark = means.drawMark();
  const passphrase = means.kind.passphrase && means.drawPassphrase(means.kind.passphrase);
  const chosen = passphrase === undefined ? {} : { passphrase };
  const lifetime = declared.key.lifetimeSeconds;
  const latest = lifetime === undefined ? {} : { expiresAt: iso(means.venueNow() + lifetime * 1000 + MARGIN_MS) };
  await ledger.begin({ mark, generation, ...latest, ...chosen });
  const issued = await driver.create(newborn(declared, mark, passphrase, means)).catch(async (error: unknown) => {
    if (!(error instanceof KeyError)) throw error;
    if (error.code !== "unknown-outcome") {
      await ledger.close(mark);
      throw during(operation, error);
    }
    throw await lostAnswer({ mark, ...chosen }, error, latest.expiresAt, means, operation);
  });
  const { publicPart, ...key } = issued;
  const born = { generation, mark, fingerprint: fingerprint(means.venueId, publicPart), ...key };
  const facts = { fingerprint: born.fingerprint, ...(key.expiresAt === undefined ? {} : { expiresAt: key.expiresAt }) };
  // The key exists now: a journal that can't be written any more must not lose it.
  const written = await ledger.issued(mark, facts).then(
    () => true,
    () => false,
  );
  return {
    born,
    notes: written ? [] : [{ message: `${means.venue}: ${means.subject}: the journal couldn't be written after the key was made` }],
  };
}

/** What is said of a lost answer, once its key is dead or can't be found. */
async function lostAnswer(
  key: Omit<LostKey, "begunAt">,
  error: KeyError,
  until: string | undefined,
  means: Means,
  operation: string,
): Promise<KeyError> {
  const reminded = "run it again to have another made; of the lost one the journal reminds until its end";
  const found = findable(means) ? await settleLost(key, operation, means, true).catch(known) : "unseen";
  if (found === "revoked") {
    const { said } = during(operation, error);
    const cause = `${said.cause}; the key had been made and was revoked, since its secret was in the lost answer`;
    return new KeyError(error.code, { ...said, cause, wayOut: "run it again to have another made" });
  }
  means.tell(lost(operation, key.mark, until, means));
  if (found === "unseen") return during(operation, error, undefined, reminded);
  const { said } = during(operation, error);
  return new KeyError(error.code, {
    ...said,
    cause: `${said.cause}; and settling it failed: ${found.said.cause}`,
    wayOut: found.said.wayOut,
  });
}

/** A key that was born without grants gets all that is declared in one change. */
async function dress(born: Generation, declared: Declared, means: Means, operation: string): Promise<void> {
  const seen = await lookUntil(
    ({ is }) => is === "alive",
    means.venueNow(),
    () => look(born, declared.key, means, operation, true),
    means,
  );
  if (seen.is === "unknown") throw during(operation, seen.error);
  if (seen.is !== "alive") throw keyError("unusable", operation, means, "the venue issued it and doesn't list it");
  if (seen.key.grants.length > 0) {
    throw keyError("wider", operation, means, `it was to be born without permissions, and the venue granted ${seen.key.grants.join(", ")}`);
  }
  await change(born, seen.key, declared, desiredOf(declared, born, means), means, operation);
}

type Proof = Pick<Recorded, "current" | "grants" | "powers" | "unverified" | "warnings">;

/** Looks at a new key. Throws where it is wider, narrower, unbound, not to be found again, or unusable. */
async function prove(born: Generation, declared: Declared, means: Means, operation: string): Promise<Proof> {
  const { kind, vantage } = means;
  const unverified = kind.unverified(declared.key.allowedIps);
  const desired = desiredOf(declared, born, means);
  const wrote = means.venueNow();
  const looked = await lookUntil(
    (verdict) => verdict.is === "barred" || (verdict.is === "alive" && fits(mismatch(verdict.key, declared, desired, means))),
    wrote,
    () => look(born, declared.key, means, operation, true),
    means,
  );
  if (looked.is === "alive") {
    if (looked.unbound)
      throw keyError("unbound", operation, means, `it is declared for other addresses, and it answers at ${String(vantage)}`);
    const warnings = held(mismatch(looked.key, declared, desired, means), means, operation);
    const current =
      vantage === undefined || !looked.answered ? born : { ...born, vantage: { address: vantage, provedAt: iso(means.venueNow()) } };
    return renewed({ current, warnings, unverified: {} }, looked.key, declared.key.allowedIps, means);
  }
  if (looked.is === "barred") {
    const message = `it is bound to addresses that don't include ${String(vantage)}, so nothing of it could be proved from here`;
    return {
      current: born,
      grants: declared.grants,
      powers: kind.powers(declared.grants),
      unverified: { permissions: UNSEEN, ...unverified },
      warnings: [{ message: `${means.venue}: ${means.subject}: ${message}` }],
    };
  }
  if (looked.is === "unknown" && looked.error.code !== "absence-unproved") throw during(operation, looked.error);
  throw keyError(
    "unusable",
    operation,
    means,
    `the venue issued it and ${means.driver.list === undefined ? "refuses" : "doesn't list"} it`,
  );
}

/** What differs is refused; what is undeclared but harmless becomes a warning. */
function held(found: Mismatch, means: Means, operation: string): readonly Warning[] {
  const { wider, narrower, undeclared, letsIn, bars, label } = found;
  if (wider.length > 0) throw keyError("wider", operation, means, `the venue also granted ${wider.join(", ")}, which wasn't declared`);
  if (letsIn.length > 0) throw keyError("wider", operation, means, `its IP list lets in ${letsIn.join(", ")}, other than declared`);
  if (narrower.length > 0) {
    throw keyError("narrower", operation, means, `the venue didn't grant ${narrower.join(", ")}; the account's own key may lack it`);
  }
  if (bars.length > 0) throw keyError("narrower", operation, means, `its IP list bars ${bars.join(", ")}, other than declared`);
  if (label !== undefined)
    throw keyError("unusable", operation, means, "the venue shows another label than was sent, so it couldn't be found again");
  if (undeclared.length === 0) return [];
  return [{ message: `${means.venue}: ${means.subject}: the venue also granted ${undeclared.join(", ")}, which wasn't declared` }];
}

function lost(operation: string, mark: string, until: string | undefined, means: Means): string {
  const end = until === undefined ? "until it is revoked by hand" : `until ${until} at the latest`;
  return `${means.venue}: ${operation}: unknown outcome: no answer came; a key may be alive ${end} (journal mark ${mark})`;
}

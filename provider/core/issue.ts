// Births one key: journal, ask, journal, prove. What fails its proof is revoked at once, or else recorded so that it will be.

import { expired } from "./audit";
import { destroy, Unseen } from "./destroy";
import { look } from "./look";
import type { DesiredKey } from "./driver";
import { during, KeyError } from "./errors";
import { ipDelta } from "./ip";
import { compose } from "./label";
import { findable, MARGIN_MS, settleEarlier, settleLost } from "./lost";
import { iso, keyError, missing, Unfinished, type Declared, type Means } from "./means";
import type { Grants } from "./model";
import type { Step } from "./plan";
import type { Generation, Recorded, Warning } from "./record";
import { fingerprint } from "./secret";

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
  const earlier = recorded === undefined || finished ? [] : [recorded.current];
  try {
    if (!(await means.engineAlive())) throw nobody(operation, means);
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
  const lifetime = declared.key.lifetimeSeconds;
  const latest = lifetime === undefined ? {} : { expiresAt: iso(means.venueNow() + lifetime * 1000 + MARGIN_MS) };
  await ledger.begin({ mark, generation, ...latest });
  const issued = await driver.create(labelled(declared, mark, means)).catch(async (error: unknown) => {
    if (!(error instanceof KeyError)) throw error;
    if (error.code !== "unknown-outcome") {
      await ledger.close(mark);
      throw during(operation, error);
    }
    throw await lostAnswer(mark, error, latest.expiresAt, means, operation);
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
async function lostAnswer(mark: string, error: KeyError, until: string | undefined, means: Means, operation: string): Promise<KeyError> {
  const reminded = "run it again to have another made; of the lost one the journal reminds until its end";
  const found = findable(means) ? await settleLost(mark, operation, means, true).catch(known) : "unseen";
  if (found === "revoked") {
    const { said } = during(operation, error);
    const cause = `${said.cause}; the key had been made and was revoked, since its secret was in the lost answer`;
    return new KeyError(error.code, { ...said, cause, wayOut: "run it again to have another made" });
  }
  means.tell(lost(operation, mark, until, means));
  if (found === "unseen") return during(operation, error, undefined, reminded);
  const { said } = during(operation, error);
  return new KeyError(error.code, {
    ...said,
    cause: `${said.cause}; and settling it failed: ${found.said.cause}`,
    wayOut: found.said.wayOut,
  });
}

function known(error: unknown): KeyError {
  if (error instanceof KeyError) return error;
  throw error;
}

/** The desired key with its mark in the label, for kinds that have one. */
export function labelled({ key, label }: Declared, mark: string, { kind }: Pick<Means, "kind">): DesiredKey {
  return kind.label === undefined ? key : { ...key, label: compose(label, mark, kind.label) };
}

type Proof = Pick<Recorded, "current" | "grants" | "powers" | "unverified" | "warnings">;

/** Lets a new key look at itself. Throws where it is wider, narrower, unbound or unusable. */
async function prove(born: Generation, declared: Declared, means: Means, operation: string): Promise<Proof> {
  const { kind, vantage } = means;
  const unverified = kind.unverified(declared.key.allowedIps);
  const looked = await look(born, declared.key, means, operation);
  if (looked.is === "alive") {
    if (looked.unbound)
      throw keyError("unbound", operation, means, `it is declared for other addresses, and it answers at ${String(vantage)}`);
    const { grants, allowedIps = declared.key.allowedIps } = looked.key;
    const ips = ipDelta(declared.key.allowedIps, allowedIps);
    const beside = ips.removed.length > 0 ? `lets in ${ips.removed.join(", ")}` : `bars ${ips.added.join(", ")}`;
    if (ips.removed.length + ips.added.length > 0) {
      throw keyError(ips.removed.length > 0 ? "wider" : "narrower", operation, means, `its IP list ${beside}, other than declared`);
    }
    const current =
      vantage === undefined || !looked.answered ? born : { ...born, vantage: { address: vantage, provedAt: iso(means.venueNow()) } };
    return { current, grants, powers: kind.powers(grants), unverified, warnings: held(grants, declared, means, operation) };
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
    `the venue issued it and ${means.driver.inspect === undefined ? "doesn't list" : "refuses"} it`,
  );
}

/** Holds the observed grants against the declared ones; what is undeclared but harmless becomes a warning. */
function held(grants: Grants, declared: Declared, means: Means, operation: string): readonly Warning[] {
  const { wider, narrower, undeclared } = means.kind.compare(declared.grants, grants, declared.options);
  if (wider.length > 0) throw keyError("wider", operation, means, `the venue also granted ${wider.join(", ")}, which wasn't declared`);
  if (narrower.length > 0) {
    throw keyError("narrower", operation, means, `the venue didn't grant ${narrower.join(", ")}; the account's own key may lack it`);
  }
  if (undeclared.length === 0) return [];
  return [{ message: `${means.venue}: ${means.subject}: the venue also granted ${undeclared.join(", ")}, which wasn't declared` }];
}

function lost(operation: string, mark: string, until: string | undefined, means: Means): string {
  const end = until === undefined ? "until it is revoked by hand" : `until ${until} at the latest`;
  return `${means.venue}: ${operation}: unknown outcome: no answer came; a key may be alive ${end} (journal mark ${mark})`;
}

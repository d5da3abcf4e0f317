// What a close look at a key that a person brought comes to: what is recorded of it, or why it isn't taken. Apart from the acts, which share it.

import type { Deposited, Weighed } from "./byhand";
import type { Difference } from "./diff";
import { during, KeyError, type ErrorCode } from "./errors";
import { examine, type Elsewhere, type Examined } from "./examine";
import { iso, missing, type Declared, type Means } from "./means";
import type { Grants } from "./model";
import type { Generation, Recorded, Unverified, Warning } from "./record";

/** The look itself, by the eyes of this run. */
export function examined(
  credential: Deposited["credential"] & object,
  seenElsewhere: Elsewhere | undefined,
  declared: Declared,
  means: Means,
  operation: string,
): Promise<Examined> {
  const { driver, kind, vantage, venue, accountId, accountAnswered } = means;
  const { inspect, whose } = driver;
  if (inspect === undefined || whose === undefined) throw missing("inspect", operation, means);
  const witness = {
    ...{ venue, accountId, accountAnswered, vantage, inspect, whose },
    venueNow: () => means.venueNow(),
  };
  const { grants, options } = declared;
  return examine(witness, {
    operation,
    kind,
    credential,
    seenElsewhere,
    declared: { grants, options, allowedIps: declared.key.allowedIps },
  });
}

type Proved = Pick<Recorded, "grants" | "powers" | "unverified" | "warnings"> & Pick<Generation, "vantage">;

/** What is recorded of a key that is as declared. Throws where it isn't. */
export function proved(found: Examined, evidence: Weighed, declared: Declared, means: Means, operation: string): Proved {
  if (evidence.tooWide.length > 0) throw refusedKey("unbound", operation, means, `a probe was let in from ${evidence.tooWide.join(", ")}`);
  switch (found.is) {
    case "right":
      return {
        grants: found.grants,
        powers: means.kind.powers(found.grants),
        unverified: unverifiedOf(found, evidence, declared, means),
        warnings: remarks(found.undeclared, means),
        ...(found.here && means.vantage !== undefined ? { vantage: { address: means.vantage, provedAt: iso(means.venueNow()) } } : {}),
      };
    case "differs":
      throw refusedKey(found.wider.length > 0 ? "wider" : "narrower", operation, means, toDo(found, []));
    case "unbound":
      throw refusedKey(
        "unbound",
        operation,
        means,
        `it answers at ${found.vantage}, which its list excludes: the list is missing or too wide`,
      );
    case "barred":
      throw refusedKey("unusable", operation, means, `it is barred at ${found.vantage}, as declared, and no probe has seen it on its list`);
    case "stranger": {
      const whose = found.masterId === means.accountId ? `sub-account ${found.accountId}` : `account ${found.accountId}`;
      throw refusedKey("account-mismatch", operation, means, `it belongs to ${whose}, and ${means.accountId} is declared`);
    }
    case "refused": {
      const { code } = found.error;
      const at = means.vantage === undefined ? "" : ` at ${means.vantage}`;
      const plain = code === "absence-unproved" || code === "credential-refused";
      if (!plain) throw during(operation, found.error, undefined, waysOut(means));
      throw refusedKey("unusable", operation, means, `the venue refuses it${at}: it was revoked, or its IP list lacks this address`);
    }
    case "unknown":
      throw during(operation, found.error);
  }
}

function waysOut({ hands }: Pick<Means, "hands">): string {
  return hands?.wayOut ?? "run the ceremony again";
}

function unverifiedOf(found: Extract<Examined, { is: "right" }>, { text }: Weighed, declared: Declared, { kind }: Means): Unverified {
  const open = kind.unverified(declared.key.allowedIps);
  return {
    ...open,
    ...(text === undefined || open["allowedIps"] === undefined ? {} : { allowedIps: text }),
    ...(found.here ? {} : { permissions: "seen by a probe on a host of its list; this address is barred, as declared" }),
    ...(found.owner === "proved" ? {} : { accountId: "declared; nobody could ask the key whose it is" }),
  };
}

function remarks(undeclared: Grants, { venue, subject }: Means): readonly Warning[] {
  if (undeclared.length === 0) return [];
  return [
    { message: `${venue}: ${subject}: it also has ${undeclared.join(", ")}, which nobody declared and no row of the page turns off` },
  ];
}

/** What is left for the person, in one sentence. */
export function toDo(found: Examined, unseen: readonly Difference[]): string {
  const rows =
    found.is === "differs"
      ? [...found.wider.map((grant) => `turn ${grant} off`), ...found.narrower.map((grant) => `turn ${grant} on`)]
      : found.is === "barred"
        ? ["set its permissions, which can't be seen from here"]
        : [];
  const others = unseen.map(({ property }) => (property === "label" ? "change its label" : "change its IP list"));
  return `on the venue's page: ${[...rows, ...others].join(", ")}`;
}

/** A key that isn't taken, with how a person gets to mend it. */
export function refusedKey(code: ErrorCode, operation: string, means: Means, cause: string): KeyError {
  return new KeyError(code, { venue: means.venue, operation, cause, wayOut: waysOut(means) });
}

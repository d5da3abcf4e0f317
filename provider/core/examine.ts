// One close look at a key that a person brought: whose it is, what it can do, from where. Shared by the ceremony and the run that records it.

import { judge, type Verdict } from "./audit";
import type { GrantComparison, KindManifest, KindOptions, NonceUnit } from "./capability";
import type { AccountFacts, Observation } from "./driver";
import { KeyError } from "./errors";
import type { AllowedIps, Credential, Grants } from "./model";

/** The eyes of one account at its venue. */
export interface Witness {
  readonly venue: string;
  readonly accountId: string;
  /** Whether the account's own key answered in this run. */
  readonly accountAnswered: boolean;
  /** The address that the venue sees from here, where known. */
  readonly vantage: string | undefined;
  venueNow(): number;
  inspect(credential: Credential, nonceUnit: NonceUnit | undefined): Promise<Observation>;
  whose(credential: Credential, nonceUnit: NonceUnit | undefined): Promise<AccountFacts>;
}

/** What a key showed on a host of its list. */
export interface Elsewhere {
  readonly grants: Grants;
  /** Whose it said it was; absent where it may not say. */
  readonly accountId?: string | undefined;
}

export interface Examination {
  /** For messages. */
  readonly operation: string;
  readonly kind: Pick<KindManifest, "compare">;
  readonly credential: Credential;
  readonly declared: { readonly grants: Grants; readonly allowedIps: AllowedIps; readonly options: KindOptions };
  /** What a probe saw of it on a host of its list; stands for a look where this address is barred, as declared. */
  readonly seenElsewhere?: Elsewhere | undefined;
}

export type Examined =
  /** As declared. `here`: it answered from this address. `owner: "unknown"`: it may not say whose it is. */
  | {
      readonly is: "right";
      readonly grants: Grants;
      readonly here: boolean;
      readonly owner: "proved" | "unknown";
      readonly undeclared: Grants;
    }
  | ({ readonly is: "differs"; readonly grants: Grants } & GrantComparison)
  /** It works from an address that its list excludes: the list is missing, or too wide. */
  | { readonly is: "unbound"; readonly vantage: string }
  /** Refused at an address that its list excludes, as it should be; nobody has seen what it can do. */
  | { readonly is: "barred"; readonly vantage: string }
  | { readonly is: "stranger"; readonly accountId: string; readonly masterId?: string }
  /** Refused where it should work: dead, mistyped, or its list lacks this address. */
  | { readonly is: "refused"; readonly error: KeyError }
  | { readonly is: "unknown"; readonly error: KeyError };

/** Two requests: the key looks at itself, and says whose it is. */
export async function examine(by: Witness, given: Examination): Promise<Examined> {
  const { options } = given.declared;
  const seen = judged(await by.inspect(given.credential, options.nonceUnit), by, given);
  if (seen.is === "unknown") return seen.error.branch === "refused" || seen.error.code === "absence-unproved" ? refused(seen) : seen;
  if (seen.is === "dead") throw new Error("a key without a past can't be judged dead");
  if (seen.is === "barred") return elsewhere(by, given);
  if (seen.unbound) return { is: "unbound", vantage: String(by.vantage) };
  const owner = await ownerOf(by, given);
  if (typeof owner !== "string") return owner;
  return compared(seen.key.grants, given, { here: true, owner });
}

function judged(observation: Observation, by: Witness, { operation, declared }: Examination): Verdict {
  const { venue, vantage, accountAnswered } = by;
  return judge(observation, {
    operation,
    venue,
    key: {},
    allowedIps: declared.allowedIps,
    vantage,
    venueNow: by.venueNow(),
    accountAnswered,
  });
}

/** What a wrong secret, a dead key and a barred address have in common is that the venue said no. Rate limits and maintenance say nothing. */
function refused(seen: Extract<Verdict, { is: "unknown" }>): Examined {
  const about = ["absence-unproved", "credential-refused", "signature-refused", "permission-refused"];
  return { is: about.includes(seen.error.code) ? "refused" : "unknown", error: seen.error };
}

function elsewhere(by: Witness, given: Examination): Examined {
  const { seenElsewhere } = given;
  if (seenElsewhere === undefined) return { is: "barred", vantage: String(by.vantage) };
  const { grants, accountId } = seenElsewhere;
  if (accountId !== undefined && accountId !== by.accountId) return { is: "stranger", accountId };
  return compared(grants, given, { here: false, owner: accountId === undefined ? "unknown" : "proved" });
}

async function ownerOf(by: Witness, { credential, declared }: Examination): Promise<"proved" | "unknown" | Examined> {
  try {
    const { accountId, masterId } = await by.whose(credential, declared.options.nonceUnit);
    if (accountId === by.accountId) return "proved";
    return { is: "stranger", accountId, ...(masterId === undefined ? {} : { masterId }) };
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    return error.code === "permission-refused" ? "unknown" : { is: "unknown", error };
  }
}

function compared(grants: Grants, { kind, declared }: Examination, how: { here: boolean; owner: "proved" | "unknown" }): Examined {
  const found = kind.compare(declared.grants, grants, declared.options);
  if (found.wider.length + found.narrower.length > 0) return { is: "differs", grants, ...found };
  return { is: "right", grants, undeclared: found.undeclared, ...how };
}

// What a venue's documented API can do, as data with evidence. Docs, checks and test skips are made from it.

import type { z } from "zod";
import type { AccountFacts, AccountScope, ObservedKey } from "./driver";
import type { LabelLimits } from "./label";
import type { AllowedIps, Grants, Power, Powers } from "./model";
import type { PowerRow } from "./powers";
import type { Unverified } from "./record";

/** `partly` and `cannot` say why; all say where it stands written and when that was read (ISO date). */
export type Capability =
  | { readonly answer: "can"; readonly source: string; readonly verified: string }
  | { readonly answer: "partly" | "cannot"; readonly reason: string; readonly source: string; readonly verified: string };

/** What may be asked of a venue, with its meaning. What a venue's table doesn't list is `cannot`. */
export const ABILITIES = {
  create: "make a key",
  list: "list the keys of an account",
  inspect: "let a key look at itself",
  "update-permissions": "change a key's permissions in place",
  "update-ips": "change a key's IP list in place",
  "update-label": "change a key's label in place",
  "update-lifetime": "change a key's end in place",
  revoke: "revoke a key",
  "read-ips": "read a key's IP list back",
  "read-expiry": "read a key's end back",
  "public-key": "take a public key, so that no secret is made",
  vantage: "tell the address that a request comes from",
  whoami: "tell whose a credential is",
  label: "carry a label",
} as const;

export type Ability = keyof typeof ABILITIES;

export type CapabilityTable = Readonly<Partial<Record<Ability, Capability>>>;

/** True where the venue can do it wholly or partly. */
export function able(table: CapabilityTable, ability: Ability): boolean {
  const row = table[ability];
  return row !== undefined && row.answer !== "cannot";
}

/** One problem of an input: the path of the property and the whole sentence. */
export interface Problem {
  readonly property: string;
  readonly reason: string;
}

/** Limits of a venue's IP lists for one kind of key, as documented: what isn't documented is absent. */
export interface IpLimits {
  /** Addresses and ranges. */
  readonly max?: number;
  /** Characters of the list as it is sent, joined by commas. */
  readonly maxChars?: number;
  readonly ranges: boolean;
  readonly ipv6: boolean;
}

/** Lifetime of keys that end by themselves, in seconds. */
export interface LifetimeLimits {
  readonly minSeconds: number;
  readonly maxSeconds: number;
  /** The only ones that the venue takes, canonical: `["30d", "90d"]`. */
  readonly only?: readonly string[];
  /** `"never"` may be said too: the key then has no end. */
  readonly never?: true;
}

/** Who revokes: the key itself, or the account's managing credential. */
export type Hand = "itself" | "account";

/** How a credential's requests are numbered. */
export type NonceUnit = "ms" | "us";

/** Documented (or self-imposed) limit of a group of endpoints, in requests or in the venue's units of weight. */
export interface RateLimit {
  readonly requests: number;
  readonly perMs: number;
  /** For venues that count credits: how many may be spent at once. They come back at `requests` per `perMs`. */
  readonly burst?: number;
}

/** Permissions in a venue's own words: as declared, or with the drift that a refresh found put in. */
export type Permissions = Readonly<Record<string, unknown>>;

/** The static half of one kind of key at one venue. */
export interface KindManifest {
  readonly title: string;
  /** The word for it in messages: `token`, `API key`. */
  readonly noun: string;
  readonly capabilities: CapabilityTable;
  readonly ips: IpLimits;
  /** Present for kinds that end by themselves; then the input `lifetime` is required. */
  readonly lifetime?: LifetimeLimits;
  /** Whose credential may revoke a key, in the order in which they are tried. */
  readonly revokedBy: readonly Hand[];
  /** Where keys of this kind are listed, from the inputs that only it has; absent: in the account itself. A key never changes its scope. */
  scope?(extras: Extras): AccountScope;
  /** Present for kinds with a label: our mark goes in, and the optional input `label`. */
  readonly label?: LabelLimits;
  /** How long, in milliseconds, the venue may not show yet what was written: so long what differs is looked at again. Absent: at once. */
  readonly settleMs?: number;
  /** `bare`: addresses can't be set at birth, so the key is born without grants and then gets all in one change. Default: `whole`. */
  readonly birth?: "whole" | "bare";
  /** `in-parts`: permissions and addresses are changed by requests of their own. Default: `whole`. */
  readonly updates?: "whole" | "in-parts";
  /** Extras that bear on the grants, such as a switch that makes the whole key read-only. */
  readonly granting?: readonly string[];
  /** `doubtful`: an empty list may also stand for a place that the venue doesn't know, so that the key itself is asked too where its secret is here. */
  readonly emptyList?: "doubtful";
  /** Extras that a key has for life, such as its public key: a change of one replaces the resource. */
  readonly replaces?: readonly string[];
  /** For kinds whose passphrase the caller chooses: what is drawn for each key. */
  readonly passphrase?: PassphraseRule;
  /** When and how a key ends that nobody uses or binds: what is told in time. */
  readonly lapses?: (allowedIps: AllowedIps, grants: Grants) => Lapse | undefined;
  /** What the managing credential lacks for managing keys of this kind: whole sentences, each with a way out. `wanted`: what the key is to have. */
  readonly managing?: (own: OwnKey, facts: AccountFacts, wanted?: Grants) => readonly string[];
  /**
   * Schemas of the inputs that only this kind has, unknown members refused. Values are carried as they parse. The description of each is the
   * way out of a failure: what is wanted, with an example.
   */
  readonly extras: Readonly<Record<string, z.ZodType>>;
  /** Judges the permissions of one key; problems have paths below `permissions`. */
  permissions(given: unknown): { readonly ok: Permissions } | { readonly problems: readonly Problem[] };
  /** What permissions, with the extras that bear on them, ask for; also for those that `withDrift` made. */
  grants(permissions: Permissions, extras: Extras): Grants;
  /** Grants that a key has from its birth on and that no list shows: taken as they were asked for. */
  lifelong?(extras: Extras): Grants;
  /** Each grant that the venue documents, or is known to give, with what it lets do and where that stands written. For docs. */
  readonly powerRows: Readonly<Record<string, PowerRow>>;
  /** Grants → powers, with what the kind itself can do. */
  powers(grants: Grants): Powers;
  /** Grants that came and went since birth, put into permissions and extras, so that a preview shows the drift. */
  withDrift(permissions: Permissions, added: Grants, removed: Grants, extras: Extras): Asked;
  /** Declared and observed grants: what makes the key wider or narrower than declared, and what is only worth a warning. */
  compare(declared: Grants, observed: Grants, options: KindOptions): GrantComparison;
  /** What extras mean to the decisions: `strict` proof at birth, scopes that are accepted, what the key's holder counts its requests in. */
  options?(extras: Extras): KindOptions;
  /** Rules that tie properties together; problems of other properties have been told already. */
  rules?(inputs: Readonly<Record<string, unknown>>): readonly Problem[];
  /** What this kind of key can't have read back, given its IP list, with what is known of it all the same. */
  unverified(allowedIps: AllowedIps, seen?: ObservedKey): Unverified;
  /** More plain outputs of this kind, from the observed grants. */
  outputs?(grants: Grants): Readonly<Record<string, unknown>>;
  /** The least that gives these powers, as a program would write it, or why nothing does. For docs, `keys.Bot` and generated programs. */
  least(powers: readonly Power[], accept: readonly string[]): Least;
  /** Present for kinds that a person makes, edits and revokes on the venue's web page. */
  readonly byHand?: WebPage;
}

/** A venue's own page for its keys, as documented: what a person meets there. */
export interface WebPage {
  /** Environment → address. The sandbox's is its own console. */
  readonly links: Readonly<Record<string, string>>;
  /** The permission grid, in the page's order. */
  readonly rows: readonly GridRow[];
  /** Sentences: what to press, what the second factor and the e-mail will ask for. */
  readonly steps: Readonly<Record<"create" | "edit" | "revoke", readonly string[]>>;
}

/** One row of a permission grid. */
export interface GridRow {
  /** The API's name. */
  readonly scope: string;
  /** The web page's. */
  readonly title: string;
  readonly toggles: readonly ("read" | "write")[];
}

/** Inputs that only one kind of key has. */
export type Extras = Readonly<Record<string, unknown>>;

/** What a program asks a key to do. */
export interface Asked {
  readonly permissions: Permissions;
  /** Those that changed. */
  readonly extras?: Extras;
}

/** The inputs that give some powers and no more, or one sentence on why there are none. */
export type Least = { readonly inputs: Readonly<Record<string, unknown>> } | { readonly refused: string };

/** The credential that manages, as it was seen. */
export type OwnKey = NonNullable<AccountFacts["own"]>;

/** A passphrase as the venue takes it: so many letters and digits, one of each kind, and these characters besides. */
export interface PassphraseRule {
  readonly length: number;
  readonly special: string;
  /** The venue asks for it again whenever the key is changed or revoked: one whose passphrase is lost can't be. */
  readonly revokes?: true;
}

/** How keys end by neglect. */
export interface Lapse {
  /** In a sentence: `it ends after 14 days without a call`. */
  readonly text: string;
  /** Days after birth, where it is counted from that and nothing tells the end itself. */
  readonly days?: number;
}

export interface KindOptions {
  readonly strict?: boolean;
  /** Scopes that nobody can turn off and that the program takes as they are. */
  readonly accept?: readonly string[];
  readonly nonceUnit?: NonceUnit;
}

export interface GrantComparison {
  readonly wider: Grants;
  readonly narrower: Grants;
  /** Not declared, not dangerous: recorded, with a warning. */
  readonly undeclared: Grants;
}

/** The static half of a venue: enough for `check`, `diff`, docs and policies without a request. */
export interface Manifest {
  readonly id: string;
  readonly title: string;
  /** Environment → named hosts with scheme. `sandbox` isn't listed: its one address comes from the configuration. */
  readonly environments: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Environment → headers that each of its requests has, where hosts alone don't tell environments apart. Lower-case names, nothing secret. */
  readonly headers?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The members of a managing credential. */
  readonly credential: readonly ("apiKey" | "apiSecret" | "passphrase")[];
  /** Endpoint group → limit. */
  readonly limits: Readonly<Record<string, RateLimit>>;
  /** The unit in which this venue's nonces are counted unless the account says otherwise; absent where requests aren't numbered. */
  readonly nonceUnit?: NonceUnit;
  readonly kinds: Readonly<Record<string, KindManifest>>;
}

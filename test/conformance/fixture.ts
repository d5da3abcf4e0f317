// What a venue's fixture file tells the conformance suite. All that is particular to a venue stands there; the suite knows none.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Ability } from "../../provider/core/capability";
import type { ErrorCode } from "../../provider/core/errors";
import type { Control, RequestEntry, Sandbox } from "../../sandbox/index";

/** What a program writes for one key, without account and names. */
export type Program = Readonly<Record<string, unknown>>;

/** A living key, as the sandbox's control shows it. */
export interface LivingKey {
  /** By this the control edits and deletes it. */
  readonly id: string;
  /** The API key, or the whole token. */
  readonly publicPart: string;
  /** In the driver's words, sorted. */
  readonly grants: readonly string[];
  /** Every state that it passed through, the present one last; for venues where keys are changed in place. */
  readonly states?: readonly KeyState[];
}

export interface KeyState {
  readonly grants: readonly string[];
  readonly allowedIps: "anywhere" | readonly string[];
}

/** A change of one more property: in place, by a successor, or by another resource, as the capability table says. */
export interface OtherChange {
  readonly to: Program;
  readonly ability: Ability;
}

/** How a run under a switch ends: all is right, or the operation fails with this documented code. */
export type Ending = "works" | { readonly fails: "create" | "delete"; readonly code: ErrorCode };

/** A run under one value of a switch. */
export interface SwitchCase {
  readonly ends: Ending;
  /** Other switches that let this one show. */
  readonly with?: Readonly<Record<string, unknown>>;
  /** What the program says besides the least. */
  readonly program?: Program;
  /** A fault that the create meets. */
  readonly fault?: Readonly<Record<string, unknown>>;
  readonly maintenance?: true;
  /** Keys of somebody else that are there already. */
  readonly strangers?: number;
}

export interface KindFixture {
  readonly least: Program;
  /** `least` and one permission more. */
  readonly wider: Program;
  /** `least` from one address alone: the one that this machine has at the venue. */
  readonly bound: Program;
  /** `least`, but living longer; absent for kinds that don't end by themselves. */
  readonly longer?: Program;
  /** Changes of `least` that only this kind has, by name. */
  readonly others?: Readonly<Record<string, OtherChange>>;
  /** Makes so many keys beside ours, as somebody else would, at the place where ours are listed. Absent where nothing is listed. */
  readonly strangers?: (control: Control, count: number) => Promise<unknown>;
  /** Keys on a page of the venue's list; absent where it has no pages. */
  readonly page?: number;
  /** The most keys in one place, where that is documented. */
  readonly most?: number;
  /** Sub-accounts that a sandbox begins with; absent where keys are the account's own. */
  readonly places?: readonly string[];
  /** Each code that the driver maps: a fault `refuse` in the dialect's words, and our error. */
  readonly codes?: readonly { readonly refuse: Readonly<Record<string, unknown>>; readonly code: ErrorCode }[];
  /** How long until a key of `least` is due, and how long its predecessor then stays. In the control's words, such as `"16h"`. */
  readonly due: { readonly after: string; readonly overlap: string };
  /** Inputs that ask for what the kind can't: `check` must refuse each, for the abilities that no method stands for. */
  readonly beyond: Partial<Record<Ability, Program>>;
  living(control: Control): Promise<readonly LivingKey[]>;
  /** As a person would on the web page. */
  remove(control: Control, key: LivingKey): Promise<void>;
  /** Takes a permission away and adds another, as a person would; or why nobody can. */
  readonly edit: ((control: Control, key: LivingKey) => Promise<void>) | { readonly cannot: string };
  /** Every switch of the dialect: its runs by value, or why the driver has nothing to do with it. */
  readonly switches: Readonly<Record<string, Readonly<Record<string, readonly SwitchCase[]>> | { readonly aside: string }>>;
}

export interface VenueFixture {
  /** Which of the manifest's limits a request counts for, and how much. Undefined: none. */
  limitOf?(request: RequestEntry): { readonly limit: string; readonly weight?: number } | undefined;
  /** Requests that a run's look at the account takes beyond the first. */
  readonly looks?: number;
  /** Switches that stories on the real engine need, where time is real: no settling of minutes. */
  readonly quick?: Readonly<Record<string, unknown>>;
  /** The account's settings in `exchange-keys:accounts`, but for venue and environment. */
  account(sandbox: Sandbox): Readonly<Record<string, unknown>>;
  /** Whether a request was for a write, if the venue took it. */
  writes(request: RequestEntry): boolean;
  readonly kinds: Readonly<Record<string, KindFixture>>;
}

/** The fixture of a venue. The registry lists a venue: then it has one. */
export function fixtureOf(venue: string): VenueFixture {
  const path = join(__dirname, "venues", `${venue}.ts`);
  if (!existsSync(path)) throw new Error(`the registry lists ${venue}, and test/conformance/venues/${venue}.ts isn't there`);
  return (require(path) as { fixture: VenueFixture }).fixture;
}

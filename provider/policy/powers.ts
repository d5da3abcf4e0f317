// What a key can do, worked out from its permissions by the kind's own manifest. What its inputs say of that themselves is held against it,
// and counts beside it: whoever writes other powers there gains nothing.

import type { KindManifest, Permissions } from "../core/capability";
import type { Power, Powers } from "../core/model";
import { acceptedGrants } from "../core/permission";
import { POWERS } from "../core/powers";
import { hasUnknown, UNKNOWN } from "./known";

export interface Worked {
  /** Those that the permissions give, and those that are told besides. Undefined where nobody can say. */
  readonly powers: Powers | typeof UNKNOWN | undefined;
  /** Why they may be others, as the end of `this version …`. */
  readonly problem?: string;
}

type Values = Readonly<Record<string, unknown>>;

/** A problem is told of what a program declares. Of what a state records it says nothing: drift shows in words that no program may use. */
export function powersIn(kind: KindManifest, { permissions, powers: told }: Values, extras: Values): Worked {
  if ([permissions, told, ...(kind.granting ?? []).map((name) => extras[name])].some(hasUnknown)) return { powers: UNKNOWN };
  const known = Object.fromEntries(Object.entries(extras).filter(([, value]) => !hasUnknown(value)));
  const ours = given(kind, permissions as Permissions, known);
  if (ours === undefined) return { powers: undefined, problem: UNREADABLE };
  const accepted = kind.powers(acceptedGrants({ rows: kind.powerRows, accept: kind.options?.(known).accept }));
  const powers = union(kind, { ...accepted, ...ours }, told as Powers);
  if ("problems" in kind.permissions(permissions)) return { powers, problem: UNREADABLE };
  return POWERS.every((power) => (ours[power] === undefined) === ((told as Powers)[power] === undefined))
    ? { powers }
    : { powers, problem: OTHERS };
}

const UNREADABLE = "can't read its input permissions";
const OTHERS = "finds other powers in its permissions than its input powers says";

/** Permissions of another release may have a form that ours stumbles over. */
function given(kind: KindManifest, permissions: Permissions, extras: Values): Powers | undefined {
  try {
    return kind.powers(kind.grants(permissions, extras));
  } catch {
    return undefined;
  }
}

function union(kind: KindManifest, ours: Powers, told: Powers): Powers {
  const entry = (power: Power): readonly (readonly [Power, string])[] => {
    const text = ours[power] ?? told[power];
    if (text === undefined) return [];
    // Grants that the kind's table has are the venue's words; what else stands there may be anything, a secret too.
    const own = power !== "unknown" && ours[power] !== undefined;
    return [[power, own ? text : wordsIn(kind, text)]];
  };
  return Object.fromEntries(POWERS.flatMap(entry));
}

function wordsIn(kind: KindManifest, text: string): string {
  const words = text.split(" ").filter((word) => Object.hasOwn(kind.powerRows, word));
  return words.join(" ") || "by what this version doesn't know";
}

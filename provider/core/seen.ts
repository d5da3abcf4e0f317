// What a look at a living key comes to: how it differs from what is declared, and what the record then says of it.

import type { DesiredKey, ObservedKey } from "./driver";
import { ipDelta } from "./ip";
import { iso, type Declared, type Means } from "./means";
import type { AllowedIps, Grants } from "./model";
import type { Generation, Recorded, Unverified, Warning } from "./record";

/** Every way in which a living key isn't what is declared. */
export interface Mismatch {
  readonly wider: Grants;
  readonly narrower: Grants;
  /** Not declared and harmless. */
  readonly undeclared: Grants;
  /** Addresses that the key lets in, and shouldn't. */
  readonly letsIn: readonly string[];
  readonly bars: readonly string[];
  /** The label that it has instead. */
  readonly label: string | undefined;
}

/** Holds a key against what is declared. What the venue doesn't tell can't differ. */
export function mismatch(seen: ObservedKey, declared: Declared, desired: DesiredKey, { kind }: Pick<Means, "kind">): Mismatch {
  const grants = kind.compare(declared.grants, seen.grants, declared.options);
  const ips = ipDelta(desired.allowedIps, seen.allowedIps ?? desired.allowedIps);
  const label = seen.label === undefined || desired.label === undefined || seen.label === desired.label ? undefined : seen.label;
  const hidden = desired.allowedIps === "anywhere" && seen.allowedIps === undefined && seen.bound === true;
  return { ...grants, letsIn: ips.removed, bars: hidden ? ["all addresses but those of a list"] : ips.added, label };
}

/** True where nothing differs that has to be mended. */
export function fits({ wider, narrower, letsIn, bars, label }: Mismatch): boolean {
  return wider.length + narrower.length + letsIn.length + bars.length === 0 && label === undefined;
}

/** The facts that a look renews. What ends by neglect is told in time; what a former look said of that is forgotten. */
export function renewed(
  recorded: Pick<Recorded, "current" | "warnings" | "unverified">,
  seen: ObservedKey,
  allowedIps: AllowedIps,
  means: Pick<Means, "kind" | "venue" | "subject">,
): Pick<Recorded, "current" | "grants" | "powers" | "unverified" | "warnings"> {
  const { kind } = means;
  const current = withEnd(recorded.current, seen, kind.lifetime !== undefined);
  const others = recorded.warnings.filter(({ about }) => about !== "lapse");
  return {
    current,
    grants: seen.grants,
    powers: kind.powers(seen.grants),
    unverified: openOf(recorded.unverified, kind.unverified(allowedIps, seen)),
    warnings: [...others, ...lapse(current, seen, allowedIps, means)],
  };
}

/** What was attested or proved meanwhile stays; addresses and labels that can be read now are open no more. */
function openOf(former: Unverified, open: Unverified): Unverified {
  const { allowedIps: _, label: __, ...others } = former;
  return { ...others, ...Object.fromEntries(Object.entries(open).map(([property, text]) => [property, former[property] ?? text])) };
}

/** A kind that ends by itself counts its own end; of the others the venue may tell one, move it, and take it back. */
function withEnd(key: Generation, { expiresAt: told }: ObservedKey, counted: boolean): Generation {
  const { expiresAt, ...rest } = key;
  const end = told ?? (counted ? expiresAt : undefined);
  return { ...rest, ...(end === undefined ? {} : { expiresAt: end }) };
}

/** So long before its end a key's neglect is told. */
const IN_TIME_MS = 14 * 86_400_000;

function lapse(key: Generation, seen: ObservedKey, allowedIps: AllowedIps, means: Pick<Means, "kind" | "venue" | "subject">): Warning[] {
  const found = means.kind.lapses?.(allowedIps, seen.grants);
  if (found === undefined) return [];
  const counted = found.days === undefined ? undefined : iso(Date.parse(key.createdAt) + found.days * 86_400_000);
  const end = seen.expiresAt ?? counted;
  const when = end === undefined ? "" : ` (${end})`;
  const message = `${means.venue}: ${means.subject}: ${found.text}${when}`;
  return [{ about: "lapse", message, ...(end === undefined ? {} : { from: iso(Date.parse(end) - IN_TIME_MS) }) }];
}

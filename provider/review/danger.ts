// What hides danger in a plan: options of resources, imports, and a rename that nobody told the engine about.

import { SECRET_OUTPUTS } from "../core/record";
import { nameOf, type State } from "../preview/document";
import { given, listed, type Finding } from "./words";
import type { Side } from "./side";

/** Inputs whose changes nobody may pass over; paths below them count too, and `*`. */
const DECIDE = [
  "permissions",
  "allowedIps",
  "lifetime",
  "account",
  "rotation",
  "reissue",
  "generation",
  "keepUntil",
  "alive",
  "powers",
  "*",
];

/** The option by which a key goes out of the state and lives on at the venue. */
export type Letting = "retainOnDelete" | "deletedWith";

/** What lets go of the key where the plan takes its resource away; undefined where the key is revoked. `ended`: what else the plan takes away. */
export function lettingGo({ retainOnDelete, deletedWith }: State, ended: ReadonlySet<string>): Letting | undefined {
  if (retainOnDelete) return "retainOnDelete";
  return deletedWith && ended.has(deletedWith) ? "deletedWith" : undefined;
}

/** `is`: the resource as the plan leaves it; `extras`: inputs that only its kind has; `kept`: it goes, and its key isn't revoked. */
export function optionFindings(
  was: State | undefined,
  is: State | undefined,
  extras: readonly string[],
  kept: Letting | undefined,
): readonly Finding[] {
  const found: Finding[] = [];
  const decisive = (paths: readonly string[] = []) => paths.filter((path) => [...DECIDE, ...extras].includes(path.split(/[.[]/)[0] ?? ""));
  const ignored = decisive(is?.ignoreChanges);
  if (ignored.length > 0)
    found.push({
      rule: "unmanaged-changes",
      effect: "danger",
      words: [
        "ignores changes (ignoreChanges) of ",
        ...listed(ignored.map(given)),
        ": what the program says of them isn't what the key has",
      ],
    });
  const replacing = decisive(is?.replaceOnChanges);
  if (replacing.length > 0)
    found.push({
      rule: "unmanaged-changes",
      effect: "danger",
      words: ["is replaced by any change (replaceOnChanges) of ", ...listed(replacing.map(given)), ": a live key is revoked then"],
    });
  if (is?.retainOnDelete === true)
    found.push({
      rule: "retained",
      effect: "danger",
      words: ["has retainOnDelete: when it is deleted its key lives on at the venue, and nobody manages it"],
    });
  if (is?.deletedWith)
    found.push({
      rule: "retained",
      effect: "danger",
      words: ["has deletedWith: when ", given(nameOf(is.deletedWith)), " is deleted its key lives on at the venue, and nobody manages it"],
    });
  if (kept !== undefined)
    found.push({
      rule: "retained",
      effect: "danger",
      words: [`goes out of the state by ${kept}: its key is NOT revoked, and nobody manages it`],
    });
  if (was?.protect === true && is?.protect !== true)
    found.push({ rule: "unprotected", effect: "danger", words: ["loses its protection (protect): a later plan can revoke it"] });
  const secrets = SECRET_OUTPUTS.filter((name) => is !== undefined && !is.additionalSecretOutputs.includes(name));
  if (secrets.length > 0)
    found.push({
      rule: "secrets-shown",
      effect: "danger",
      words: ["no longer marks as secret: ", ...listed(secrets.map(given)), ": they would stand in the state in clear"],
    });
  return found;
}

/** One that goes and one that comes, for the same account with the same grants and addresses: the sentence for the one that comes. */
export function renames(
  gone: readonly Side[],
  made: readonly Side[],
): ReadonlyMap<string, { readonly from: Side; readonly finding: Finding }> {
  const left = new Map<string, Side[]>();
  for (const side of gone) {
    const like = likeness(side);
    if (like !== undefined) left.set(like, [...(left.get(like) ?? []), side]);
  }
  const found = new Map<string, { readonly from: Side; readonly finding: Finding }>();
  for (const side of made) {
    const from = left.get(likeness(side) ?? "")?.shift();
    if (from === undefined) continue;
    const words = [
      "is ",
      given(nameOf(from.state.urn)),
      " renamed without alias: revokes a live key; add to its options ",
      given(aliasOf(from.state, side.state)),
    ];
    found.set(side.state.urn, { from, finding: { rule: "renamed", effect: "danger", words } });
  }
  return found;
}

/** Equal for keys that let the same be done; undefined where that isn't known. Lists are canonical already. */
function likeness({ state, account, scope, grants, allowedIps }: Side): string | undefined {
  if (grants === undefined || allowedIps === undefined) return undefined;
  return JSON.stringify([state.type, account, scope, grants, allowedIps === "anywhere" ? allowedIps : Object.keys(allowedIps).sort()]);
}

/** By name where all else of the URN is the same. */
function aliasOf(from: State, to: State): string {
  const name = nameOf(from.urn);
  const same = from.urn.slice(0, from.urn.length - name.length) === to.urn.slice(0, to.urn.length - nameOf(to.urn).length);
  return same && name !== nameOf(to.urn) ? `aliases: [{ name: ${JSON.stringify(name)} }]` : `aliases: [${JSON.stringify(from.urn)}]`;
}

// What hides danger in a plan: options of resources, imports, and a rename that nobody told the engine about.

import { SECRET_OUTPUTS } from "../core/record";
import { nameOf, type State } from "../preview/document";
import { given, listed, type Finding } from "./words";
import { lifeFindings } from "./inputs";
import { rootOf } from "./path";
import { placeKnown, placeOf, TEXTS, type Side } from "./side";

/** Texts for people, whose changes may be passed over. Every other input decides, those of one kind alone and of a later release too. */
const HARMLESS: readonly (string | number | undefined)[] = [...TEXTS];

/** The option by which a key goes out of the state and lives on at the venue. */
export type Letting = "retainOnDelete" | "deletedWith";

/** What lets go of the key where the plan takes its resource away; undefined where the key is revoked. `ended`: what else the plan takes away. */
export function lettingGo({ retainOnDelete, deletedWith }: State, ended: ReadonlySet<string>): Letting | undefined {
  if (retainOnDelete) return "retainOnDelete";
  return deletedWith && ended.has(deletedWith) ? "deletedWith" : undefined;
}

/** `is`: the resource as the plan leaves it; `kept`: it goes, and its key isn't revoked. */
export function optionFindings(was: State | undefined, is: State | undefined, kept: Letting | undefined): readonly Finding[] {
  const found: Finding[] = [];
  // The provider's own text changes with each release: to leave it as it was hides nothing, and to replace a key for it revokes one.
  const ignored = decisive(is?.ignoreChanges).filter((path) => rootOf(path) !== "__provider");
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

/** Paths that don't lead to a harmless input: `*`, and what nobody can read, too. */
function decisive(paths: readonly string[] = []): readonly string[] {
  return paths.filter((path) => !HARMLESS.includes(rootOf(path)));
}

/**
 * One that goes and one that comes, for the same account with the same grants and addresses: the rename and how the one that comes
 * differs in the rest, by its URN.
 */
export function renames(gone: readonly Side[], made: readonly Side[]): ReadonlyMap<string, readonly Finding[]> {
  const found = new Map<string, readonly Finding[]>();
  const taken = new Set<Side>();
  // Those that are alike in all go first, so that of two the right one is taken.
  for (const like of [whole, likeness]) {
    const left = new Map<string, Side[]>();
    for (const side of gone) {
      const text = taken.has(side) ? undefined : like(side);
      if (text === undefined) continue;
      const others = left.get(text);
      if (others === undefined) left.set(text, [side]);
      else others.push(side);
    }
    for (const list of left.values()) list.reverse();
    for (const side of made) {
      const from = found.has(side.state.urn) ? undefined : left.get(like(side) ?? "")?.pop();
      if (from === undefined) continue;
      taken.add(from);
      found.set(side.state.urn, [renamed(from, side), ...lifeFindings(from, side)]);
    }
  }
  return found;
}

function renamed(from: Side, to: Side): Finding {
  const words = [
    ...["is ", given(nameOf(from.state.urn)), " renamed without alias: revokes a live key; add to its options "],
    { given: aliasOf(from.state, to.state), whole: true } as const,
  ];
  return { rule: "renamed", effect: "danger", words };
}

function whole(side: Side): string | undefined {
  const { lifetime, rotation, unknown } = side;
  return JSON.stringify([likeness(side), lifetime, rotation, unknown]);
}

/** Equal for keys that let the same be done, for however long; undefined where that isn't known. Lists are canonical already. */
function likeness(side: Side): string | undefined {
  const { grants, allowedIps } = side;
  if (grants === undefined || allowedIps === undefined || !placeKnown(side)) return undefined;
  return JSON.stringify([placeOf(side), grants, allowedIps === "anywhere" ? allowedIps : Object.keys(allowedIps).sort()]);
}

/** By name where all else of the URN is the same. */
function aliasOf(from: State, to: State): string {
  const name = nameOf(from.urn);
  const same = from.urn.slice(0, from.urn.length - name.length) === to.urn.slice(0, to.urn.length - nameOf(to.urn).length);
  return same && name !== nameOf(to.urn) ? `aliases: [{ name: ${literal(name)} }]` : `aliases: [${literal(from.urn)}]`;
}

/** A text as JavaScript reads it, such that neither a terminal nor Markdown, HTML or a shell reads anything in it. */
function literal(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]|["'`|<>&@[\]\\]|#(?=#)/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;
}

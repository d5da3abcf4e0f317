// What one plan does to one key, as findings. Pure: recorded and desired side in, sentences out.

import { ipDelta } from "../core/ip";
import type { AllowedIps, Power } from "../core/model";
import { without } from "../core/permission";
import { listed, given, type Effect, type Finding, type Rule, type Words } from "./words";
import { inputFindings, lifetime } from "./inputs";
import { bears, placeKnown, placeOf, placing, powersIn, TEXTS, type Side } from "./side";

/** What is done to a resource. */
export interface Change {
  readonly recorded?: Side;
  readonly desired?: Side;
  /** Another key in place of the recorded one, by another resource. */
  readonly replaced: boolean;
  /** It goes out of the state, and lives on at the venue. */
  readonly kept: boolean;
  /** Keys that the plan ends: the recorded one and earlier ones still alive. */
  readonly ends: number;
}

/** What is told of a new key's powers and addresses. */
export const SETTLED: readonly Rule[] = ["gains-withdraw", "gains-administer", "gains-power", "unbound", "gains-address"];

export function findingsOf(change: Change): readonly Finding[] {
  const { recorded, desired } = change;
  if (desired === undefined) return recorded === undefined ? [] : ended(change);
  // In another account or sub-account it is a new key, whatever it could do where it was.
  const there = recorded !== undefined && placeOf(recorded) === placeOf(desired) ? recorded : undefined;
  const found = {
    permissions: powers(there, desired, recorded !== undefined),
    allowedIps: addresses(there, desired),
    lifetime: recorded === undefined ? lives(desired) : lifetime(recorded, desired),
  };
  const rest = recorded === undefined ? [] : inputFindings(recorded, desired, toldOf(change, recorded, desired, found));
  return [
    ...Object.values(found).flat(),
    ...rest,
    ...unknowns(desired),
    ...successor(change, desired),
    ...moved(recorded, desired),
    ...unverified(desired),
    ...texts(recorded, desired),
  ];
}

/** Inputs of which these findings and those of successor, moved and texts tell. */
function toldOf(
  { replaced }: Change,
  recorded: Side,
  desired: Side,
  found: Readonly<Record<string, readonly Finding[]>>,
): readonly string[] {
  const { kind, generation = 0, grants } = desired;
  const told = Object.keys(found).filter((name) => (found[name] ?? []).length > 0);
  if (grants === undefined) told.push("permissions");
  if (told.includes("permissions")) told.push(...Object.keys(kind.extras).filter((name) => bears(name, recorded, desired)));
  if (placeOf(recorded) !== placeOf(desired)) told.push("account", ...placing(recorded, desired));
  if (generation > (recorded.generation ?? 0) || replaced) told.push("generation", "reason", "alive", "reissue");
  return [...told, ...TEXTS.filter((name) => recorded.texts[name] !== desired.texts[name])];
}

const WORST: readonly (readonly [Power, Rule])[] = [
  ["withdraw", "gains-withdraw"],
  ["administer", "gains-administer"],
  ["unknown", "gains-administer"],
];

/** `moved`: the key comes from another place, or may. */
function powers(recorded: Side | undefined, desired: Side, moved: boolean): readonly Finding[] {
  if (desired.grants === undefined || desired.powers === undefined) return [];
  const now = powersIn(desired.powers);
  if (recorded === undefined) {
    const rule = WORST.find(([power]) => now.includes(power))?.[1] ?? "gains-power";
    const where: Words = !moved
      ? ["is new"]
      : placeKnown(desired)
        ? ["is new in ", given(place(desired))]
        : ["may be new in another account"];
    return [{ rule, effect: "widens", words: [...where, ": may ", ...told(now, desired)] }];
  }
  const before = recorded.powers === undefined ? [] : powersIn(recorded.powers);
  const was = recorded.powers === undefined ? "not known" : before.join(", ") || "nothing";
  const gained = now.filter((power) => !before.includes(power));
  const lost = before.filter((power) => !now.includes(power));
  const added = without(desired.grants, recorded.grants ?? []);
  const removed = without(recorded.grants ?? [], desired.grants);
  const found: Finding[] = [];
  for (const [rule, of] of groups(gained))
    found.push({ rule, effect: "widens", words: ["may now ", ...told(of, desired), `; was: ${was}`] });
  const named = gained.flatMap((power) => (desired.powers?.[power] ?? "").split(" "));
  const besides = added.filter((grant) => !named.includes(grant));
  if (besides.length > 0) {
    const end = gained.length === 0 ? `; its powers stay: ${was}` : ", within powers that it had";
    found.push({ rule: "gains-grant", effect: "widens", words: ["has more permissions: ", ...listed(besides.map(given)), end] });
  }
  if (lost.length > 0)
    found.push({
      rule: "loses-power",
      effect: "narrows",
      words: [`may no longer ${lost.join(", ")}; stays: ${now.filter((power) => before.includes(power)).join(", ") || "nothing"}`],
    });
  else if (removed.length > 0)
    found.push({
      rule: "loses-power",
      effect: "narrows",
      words: ["has fewer permissions: ", ...listed(removed.map(given)), " taken away"],
    });
  return found;
}

/** Withdrawal alone, what administers alone, and the rest together. */
function groups(gained: readonly Power[]): readonly (readonly [Rule, readonly Power[]])[] {
  const of = (rule: Rule): readonly Power[] =>
    gained.filter((power) => (WORST.find(([bad]) => bad === power)?.[1] ?? "gains-power") === rule);
  return (["gains-withdraw", "gains-administer", "gains-power"] as const)
    .map((rule) => [rule, of(rule)] as const)
    .filter(([, all]) => all.length > 0);
}

/** `withdraw (withdraw:write), trade (orders:write)`. */
function told(of: readonly Power[], { powers = {} }: Side): Words {
  if (of.length === 0) return ["nothing"];
  return of
    .toReversed()
    .flatMap((power, index): Words => [
      ...(index === 0 ? [] : [", "]),
      MAY[power],
      " (",
      ...listed((powers[power] ?? "").split(" ").map(given)),
      ")",
    ]);
}

const MAY: Readonly<Record<Power, string>> = {
  ...{ read: "read", trade: "trade", lend: "lend", transfer: "transfer", withdraw: "withdraw", administer: "administer" },
  unknown: "do what isn't documented",
};

function addresses(recorded: Side | undefined, desired: Side): readonly Finding[] {
  const { allowedIps: now } = desired;
  if (now === undefined) return [];
  const before = recorded?.allowedIps;
  if (now === "anywhere") {
    if (before === "anywhere") return [];
    const list = before === undefined ? "has no IP list" : "has its IP list removed";
    return [{ rule: "unbound", effect: "widens", words: [`${list}: anyone who has the key may use it from anywhere`] }];
  }
  if (before === undefined)
    return [{ rule: "gains-address", effect: "widens", words: ["may be used from", ...ranges(Object.keys(now), now)] }];
  const { added, removed } = ipDelta(now, before);
  if (before === "anywhere")
    return [
      {
        rule: "loses-address",
        effect: "narrows",
        words: ["may be used only from", ...ranges(Object.keys(now), now), "; was: from anywhere"],
      },
    ];
  const found: Finding[] = [];
  if (added.length > 0)
    found.push({ rule: "gains-address", effect: "widens", words: ["may now be used from", ...ranges(added, now), " too"] });
  if (removed.length > 0)
    found.push({ rule: "loses-address", effect: "narrows", words: ["may no longer be used from", ...ranges(removed, before)] });
  const renamed = Object.keys(now).filter((range) => before[range] !== undefined && before[range] !== now[range]);
  if (renamed.length > 0) found.push({ rule: "described", effect: "other", words: ["says another purpose of", ...ranges(renamed, now)] });
  return found;
}

/** Each led by a blank or a comma: no text of ours ends with `from` and a blank, which reads like an import in what is published. */
function ranges(texts: readonly string[], of: AllowedIps): Words {
  return texts.flatMap((text, index): Words => {
    const purpose = of === "anywhere" ? "" : (of[text] ?? "");
    return [index === 0 ? " " : ", ", given(text), ...(purpose === "" ? [] : [" (", given(purpose), ")"])];
  });
}

/** Of a new key; of another it is told what changes. */
function lives({ lifetime, unknown }: Side): readonly Finding[] {
  if (lifetime === undefined || unknown.includes("lifetime")) return [];
  return [{ rule: "described", effect: "other", words: ["lives ", given(lifetime)] }];
}

function unknowns({ unknown, grants, allowedIps }: Side): readonly Finding[] {
  const found: Finding[] = [];
  const decides = unknown.filter((name) => !(TEXTS as readonly string[]).includes(name));
  if (grants === undefined)
    found.push({ rule: "gains-administer", effect: "widens", words: ["has permissions that are not known until up: they may be any"] });
  if (allowedIps === undefined)
    found.push({ rule: "not-known", effect: "widens", words: ["has an IP list that is not known until up: it may be any"] });
  const rest = decides.filter((name) => !["permissions", "allowedIps"].includes(name));
  if (rest.length > 0)
    found.push({ rule: "not-known", effect: "widens", words: ["has inputs that are not known until up: ", ...listed(rest.map(given))] });
  return found;
}

const WHY: Readonly<Record<string, string>> = {
  due: "it is due",
  lapsed: "its end has passed",
  gone: "it is gone at the venue",
  reissue: "asked for by reissue",
  narrowed: "it can do more than declared, and can't be narrowed in place",
  changed: "the venue can't change it in place",
};

function successor({ recorded, replaced, kept, ends }: Change, desired: Side): readonly Finding[] {
  if (recorded === undefined) return [];
  const dead = (effect: Effect, words: string): readonly Finding[] => (ends === 0 ? [] : [{ rule: "revoked", effect, words: [words] }]);
  if (replaced)
    return [
      {
        rule: "reissued",
        effect: "danger",
        words: [`is replaced: another key is made, and the present one ${kept ? "lives on" : "is revoked"}`],
      },
      ...dead("danger", `${keys(ends)} revoked`),
    ];
  if (desired.generation === undefined)
    return [{ rule: "reissued", effect: "danger", words: ["may get a successor: whether it does is not known until up"] }];
  if (desired.generation <= (recorded.generation ?? 0)) return dead("other", "has an earlier key, whose time is up, revoked");
  const until =
    desired.keepUntil[String(recorded.generation)] === undefined
      ? "the former one is revoked at once"
      : "the former one stays for the overlap";
  const why = WHY[desired.reason ?? ""] ?? "for a reason that this release doesn't know";
  // What is due is expected: it isn't a danger.
  const effect = desired.reason === "due" ? "other" : "danger";
  return [{ rule: "reissued", effect, words: [`gets another key: ${why}; ${until}`] }, ...dead(effect, `${keys(ends)} revoked`)];
}

function keys(count: number): string {
  return count === 1 ? "has its key" : `has ${count} keys`;
}

function moved(recorded: Side | undefined, desired: Side): readonly Finding[] {
  if (recorded === undefined) return [];
  return placeOf(recorded) === placeOf(desired) || !placeKnown(desired)
    ? []
    : [
        {
          rule: "moved",
          effect: "danger",
          words: ["is one of another account: ", given(place(desired)), "; was: ", given(place(recorded))],
        },
      ];
}

/** `main, 53888000` */
function place({ account, scope }: Side): string {
  return [account, ...Object.values(scope).map(String)].join(", ");
}

function unverified({ kind, allowedIps, acknowledged, texts: { acknowledge = "" } }: Side): readonly Finding[] {
  const open = Object.entries(allowedIps === undefined ? {} : kind.unverified(allowedIps));
  if (open.length === 0) return [];
  const words: Words = [
    "has what nobody can verify: ",
    ...open.flatMap(([name, text], index) => [index === 0 ? "" : "; ", given(name), ": ", text]),
  ];
  const known: Words = acknowledged ? [", acknowledged: ", given(acknowledge)] : [];
  return [{ rule: "unverified", effect: "other", words: [...words, ...known] }];
}

function texts(recorded: Side | undefined, desired: Side): readonly Finding[] {
  const differing = TEXTS.filter((name) => recorded?.texts[name] !== desired.texts[name]);
  if (differing.length === 0) return [];
  const words = differing.flatMap((name, index): Words => {
    const [from, to] = [recorded?.texts[name], desired.texts[name]];
    const was: Words = recorded === undefined || from === undefined ? [] : [" (was ", given(from), ")"];
    return [index === 0 ? "says " : "; ", `${name} `, to === undefined ? "taken away" : given(to), ...was];
  });
  return [{ rule: "described", effect: "other", words }];
}

function ended({ recorded, kept, ends }: Change): readonly Finding[] {
  if (kept) return []; // told with the option that lets go of it
  const may = powersIn(recorded?.powers ?? {}).join(", ") || "nothing";
  return [{ rule: "revoked", effect: "danger", words: [`${keys(ends)} revoked; it could: ${may}`] }];
}

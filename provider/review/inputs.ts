// What a plan changes of a key's inputs beside its powers, addresses, lifetime and texts. No input that differs goes untold.

import { isDeepStrictEqual } from "node:util";
import { lifetimeSeconds, parseDuration } from "../core/duration";
import { without } from "../core/permission";
import { OVERLAP_S } from "../core/rotation";
import { bears, TEXTS, type Side } from "./side";
import { given, listed, type Effect, type Finding, type Word, type Words } from "./words";

/** They mean nothing to a reader: a time, the provider's own text, and what follows from the permissions. */
const ASIDE: readonly string[] = ["decidedAt", "__provider", "powers"];

/** Inputs whose meaning other findings compare: of one that none tells, only the words differ. */
const SAME_MEANING: readonly string[] = ["permissions", "allowedIps", "lifetime", ...TEXTS];

/** Inputs that don't have to be the same in two keys of which one takes the other's place. */
const ITS_OWN: readonly string[] = ["identity", "generation", "reason", "keepUntil", "alive", "reissue"];

/** `told`: inputs of which another finding tells. What isn't known until `up` is told as that. */
export function inputFindings(recorded: Side, desired: Side, told: readonly string[]): readonly Finding[] {
  const differing = differingInputs(recorded, desired).filter((name) => !told.includes(name) && !desired.unknown.includes(name));
  return differing.flatMap((name) => OWN[name]?.(recorded, desired) ?? [changed(name, recorded, desired)]);
}

/** How a key that is made differs from the one whose place it takes, as far as it lets its holder do more or less. */
export function lifeFindings(recorded: Side, desired: Side): readonly Finding[] {
  const alike = [...SAME_MEANING, "account", ...ITS_OWN];
  return [...lifetime(recorded, desired), ...inputFindings(recorded, desired, alike)];
}

function differingInputs({ state: { inputs: was } }: Side, { state: { inputs: is } }: Side): readonly string[] {
  const names = [...Object.keys(is), ...Object.keys(was).filter((name) => !Object.hasOwn(is, name))];
  return names.filter((name) => !ASIDE.includes(name) && !isDeepStrictEqual(was[name], is[name]));
}

/** Of an update or a replacement alone: what a new key lives is described. */
export function lifetime(recorded: Side, desired: Side): readonly Finding[] {
  if (desired.unknown.includes("lifetime")) return [];
  const words = ({ lifetime: text }: Side): Word => (text === undefined ? "has no end" : given(text));
  const [from, to] = [lifetimeSeconds(recorded.lifetime), lifetimeSeconds(desired.lifetime)];
  if (from === to) return [];
  return [lives(to > from, [`lives ${to > from ? "longer" : "shorter"}: `, words(desired), "; was: ", words(recorded)])];
}

function lives(longer: boolean, words: Words): Finding {
  return { rule: longer ? "longer-lifetime" : "shorter-lifetime", effect: longer ? "widens" : "narrows", words };
}

/** A key that is renewed more rarely lives longer, and so does a predecessor that stays for longer. */
function rotation({ rotation: was }: Side, { rotation: is }: Side): readonly Finding[] {
  const found: Finding[] = [];
  const [rare, before] = [lifetimeSeconds(is?.every), lifetimeSeconds(was?.every)];
  const every = (text: string | undefined): Words => (text === undefined ? ["never"] : ["every ", given(text)]);
  if (rare !== before)
    found.push(
      lives(rare > before, [
        `is renewed more ${rare > before ? "rarely" : "often"}: `,
        ...every(is?.every),
        "; was: ",
        ...every(was?.every),
      ]),
    );
  const [stays, stayed] = [overlapOf(is), overlapOf(was)];
  if (stays !== stayed)
    found.push(
      lives(stays > stayed, [
        `keeps the former key ${stays > stayed ? "longer" : "less long"} when it is renewed: `,
        given(is?.overlap ?? "1h"),
        "; was: ",
        given(was?.overlap ?? "1h"),
      ]),
    );
  return found.length > 0 ? found : [otherWords("rotation")];
}

/** One that can't be read may be any. */
function overlapOf(of: Side["rotation"]): number {
  if (of?.overlap === undefined) return OVERLAP_S;
  const parsed = parseDuration(of.overlap);
  return "ok" in parsed ? parsed.ok.seconds : Infinity;
}

/** Only `strict` taken away lets anything through; to be strict from now on is no news of the key. */
function strict(recorded: Side, desired: Side): readonly Finding[] {
  const [was, is] = [recorded, desired].map(({ kind, state }) => kind.options?.(state.inputs).strict === true);
  if (was === is) return [otherWords("strict")];
  return [
    is === true
      ? described("other", ["is strict from now on: a new key that can do more than declared fails"])
      : described("danger", ["is strict no more: a new key that can do more than declared may pass"]),
  ];
}

function accept(recorded: Side, desired: Side): readonly Finding[] {
  const [was = [], is = []] = [recorded, desired].map(({ kind, state }) => kind.options?.(state.inputs).accept ?? []);
  const [more, fewer] = [without(is, was), without(was, is)];
  if (more.length === 0 && fewer.length === 0) return [otherWords("accept")];
  return [
    ...(more.length === 0
      ? []
      : [described("widens", ["takes permissions as they are that it doesn't declare (accept): ", ...listed(more.map(given))])]),
    ...(fewer.length === 0
      ? []
      : [described("narrows", ["no longer takes undeclared permissions (accept): ", ...listed(fewer.map(given))])]),
  ];
}

/** The time of earlier keys: check never prolongs it. A successor's predecessor is told of with the successor. */
function keepUntil(recorded: Side, desired: Side): readonly Finding[] {
  const longer = Object.entries(desired.keepUntil).some(([generation, end]) => {
    const before = recorded.keepUntil[generation];
    return generation !== String(recorded.generation) && (before === undefined || Date.parse(end) > Date.parse(before));
  });
  if (longer) return [lives(true, ["lets an earlier key live longer"])];
  return desired.generation === recorded.generation ? [described("other", ["keeps no more time for an earlier key"])] : [];
}

function identity({ identity: was }: Side, { identity: is }: Side): readonly Finding[] {
  const names = (["organization", "project", "stack", "type", "name"] as const).filter((name) => was[name] !== is[name]);
  return [
    described("other", [
      "goes by another ",
      ...listed(
        names.flatMap((name) => [`${name}: `, given(is[name]), "; was: ", given(was[name])]),
        "",
      ),
    ]),
  ];
}

/** Taken away it asks for nothing; another text asks for a successor, and that is told of. */
function reissue(recorded: Side, desired: Side): readonly Finding[] {
  return desired.state.inputs["reissue"] === undefined
    ? [described("other", ["takes its reissue away"])]
    : [changed("reissue", recorded, desired)];
}

const OWN: Readonly<Record<string, (recorded: Side, desired: Side) => readonly Finding[]>> = {
  ...{ rotation, strict, accept, keepUntil, identity, reissue },
  reason: () => [described("other", ["says another reason for its generation"])],
};

/** What no other finding tells: harmless where its meaning is compared and the same, as of permissions; else whoever reads it has to judge. */
function changed(name: string, recorded: Side, desired: Side): Finding {
  const { kind } = desired;
  if (SAME_MEANING.includes(name) || bears(name, recorded, desired)) return otherWords(name);
  const to: Words = [valueOf(desired, name), "; was: ", valueOf(recorded, name)];
  if (kind.replaces?.includes(name) === true)
    return described("widens", ["has another ", given(name), ", which a key keeps for life: another may hold it; it is ", ...to]);
  return described(name === "nonceUnit" ? "other" : "danger", ["changes ", given(name), ": ", ...to]);
}

function otherWords(name: string): Finding {
  return described("other", ["says its ", given(name), " in other words: it means the same"]);
}

function valueOf({ state: { inputs } }: Side, name: string): Word {
  const value = inputs[name];
  if (value === undefined) return "nothing";
  return given(typeof value === "string" ? value : JSON.stringify(value));
}

function described(effect: Effect, words: Words): Finding {
  return { rule: effect === "other" || effect === "narrows" ? "described" : "changed-input", effect, words };
}

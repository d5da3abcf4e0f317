// `check`: the program's inputs made canonical or refused, and all that is decided about generations. No request leaves here.

import { able, type KindManifest, type Manifest, type Problem } from "../core/capability";
import { beyond } from "../core/ceiling";
import { changeWithoutUpdate, differences, narrows } from "../core/diff";
import { formatDuration, parseDuration } from "../core/duration";
import { KeyError } from "../core/errors";
import { isObject, refuse } from "../core/given";
import { DECIDING, identitySchema, NOTES, type Decision, type KeyInputs, type Rotation } from "../core/inputs";
import { parseAllowedIps } from "../core/ip";
import { labelProblem } from "../core/label";
import type { Powers } from "../core/model";
import { decide, OVERLAP_S } from "../core/rotation";
import { accountNamed, type AccountSettings, type Settings } from "./settings";
import { givenNames, inputsOf, seconds, venueSide, type Properties } from "./state";
import { hasUnknown, UNKNOWN } from "./unknown";

export interface CheckQuestion {
  readonly olds: Properties;
  readonly news: Properties;
  readonly manifest: Manifest;
  readonly kindName: string;
  readonly kind: KindManifest;
  /** Or the error that reading the configuration met. */
  readonly settings: Settings | KeyError;
  /** Milliseconds. */
  readonly now: number;
}

export interface CheckAnswer {
  readonly inputs: Record<string, unknown>;
  readonly failures: readonly Problem[];
}

/** Of `rotation.every` as the program gives it; a key of a shorter life may be renewed after a quarter of it. */
const SHORTEST_S = 60;

/** What is known of the inputs so far; a member that is unknown or wrong isn't there. */
type Known = Partial<Pick<KeyInputs, "permissions" | "allowedIps" | "lifetime" | "label" | "rotation">>;

/** Judges all inputs, telling one failure a problem. Unknown values are carried as they are, with all that would follow from them. */
export function check(question: CheckQuestion): CheckAnswer {
  const { news, kind, manifest } = question;
  const secret = privateKeyIn(news);
  // The engine prints the value of a property that it names: this failure names none.
  if (secret !== undefined) {
    const reason = `${manifest.id}: ${secret} holds a PRIVATE key, which belongs nowhere but with its holder; give the public one, and replace the pair if this was printed or committed`;
    return { inputs: { ...news }, failures: [{ property: "", reason }] };
  }
  const problems: Problem[] = [...sameAgain(question)];
  const account = accountOf(question, problems);
  // Of an account that isn't known here, nobody can say which addresses it may have; its own problem is told above.
  const sandbox = account === undefined || account.environment === "sandbox";
  const known: Known = {};
  const judge = <T>(name: keyof Known, read: (value: unknown) => { readonly ok: T } | { readonly problems: readonly Problem[] }) => {
    if (hasUnknown(news[name])) return;
    const judged = read(news[name]);
    if ("ok" in judged) Object.assign(known, judged.ok === undefined ? {} : { [name]: judged.ok });
    else problems.push(...judged.problems);
  };
  judge("permissions", (value) => kind.permissions(value));
  judge("allowedIps", (value) => parseAllowedIps(value, kind.ips, { sandbox }));
  judge("lifetime", (value) => lifetime(value, kind));
  judge("label", (value) => label(value, kind));
  judge("rotation", (value) => (hasUnknown(news["lifetime"]) ? openRotation(value) : rotation(value, seconds(known.lifetime))));
  problems.push(...texts(news), ...extras(news, kind), ...strangers(news, kind));
  const identity = identitySchema.safeParse(news["identity"]);
  if (!identity.success)
    problems.push({ property: "identity", reason: "the resource's identity is missing; make it with the package's class" });
  if (account !== undefined) problems.push(...beyondCeiling(account, known, news, kind));
  if (problems.length > 0) {
    return { inputs: { ...news }, failures: problems.map(({ property, reason }) => ({ property, reason: `${manifest.id}: ${reason}` })) };
  }
  const inputs = { ...news, ...known, ...derived(question, known) };
  return { inputs: Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined)), failures: [] };
}

/** The input that holds a private key by mistake. */
function privateKeyIn(news: Properties): string | undefined {
  return Object.keys(news).find((name) => name !== "__provider" && JSON.stringify(news[name] ?? null).includes("PRIVATE KEY"));
}

/** Another key with the same public key is signed for by the same private one: nothing is renewed. */
function sameAgain({ olds, news, kind }: CheckQuestion): readonly Problem[] {
  if (kind.replaces?.includes("publicKey") !== true || news["publicKey"] === undefined || olds["generation"] === undefined) return [];
  const asked = news["reissue"] !== undefined && news["reissue"] !== olds["reissue"];
  if (!asked || news["publicKey"] !== olds["publicKey"]) return [];
  return [
    {
      property: "reissue",
      reason: "another key with the same public key renews nothing; give another publicKey instead, which replaces the key",
    },
  ];
}

/** Undefined where they follow from something that isn't known yet. */
function powersOf(known: Known, news: Properties, kind: KindManifest): Powers | undefined {
  if (known.permissions === undefined || (kind.granting ?? []).some((name) => hasUnknown(news[name]))) return undefined;
  return kind.powers(kind.grants(known.permissions, news));
}

/** What follows from the inputs: powers, and the decision about generations. */
function derived(question: CheckQuestion, known: Known): Properties {
  const { kind, news } = question;
  const powers = powersOf(known, news, kind) ?? UNKNOWN;
  return { powers, alive: true, ...decision(question, known), ...(hasUnknown(news["rotation"]) ? {} : { rotation: known.rotation }) };
}

function decision(question: CheckQuestion, known: Known): Readonly<Record<keyof Decision, unknown>> {
  const { olds, news, kind, now, settings } = question;
  const renew = settings instanceof KeyError ? "due" : settings.renew;
  const overlapSeconds = seconds(known.rotation?.overlap) ?? OVERLAP_S;
  const rule = { now, everySeconds: seconds(known.rotation?.every), overlapSeconds, renew, reissue: textOf(news["reissue"]) };
  if (olds["generation"] === undefined) return decide({ ...rule, change: "none", narrows: false });
  const recorded = inputsOf(olds, kind);
  const previous = { ...recorded, lifetimeSeconds: seconds(recorded.lifetime) };
  if ([...DECIDING, ...(kind.granting ?? []), "reissue"].some((name) => hasUnknown(news[name]))) {
    const { generation, decidedAt, reason, keepUntil } = recorded;
    // Whether an unknown value asks for a new generation shows only in `up`; one that nothing else could be made of is unknown itself.
    return { generation: able(kind.capabilities, "update-permissions") ? generation : UNKNOWN, decidedAt, reason, keepUntil };
  }
  const { permissions, allowedIps } = known;
  if (permissions === undefined || allowedIps === undefined) throw new Error("inputs without a problem lack permissions or allowedIps");
  const desired = venueSide({ ...(known as Required<Known>), permissions, allowedIps, extras: news }, kind);
  const found = differences(venueSide(recorded, kind), desired);
  return decide({ ...rule, previous, change: changeWithoutUpdate(found, kind.capabilities), narrows: narrows(found) });
}

function accountOf(question: CheckQuestion, problems: Problem[]): AccountSettings | undefined {
  const { news, settings, manifest } = question;
  if (settings instanceof KeyError) {
    problems.push({ property: "account", reason: `${settings.said.cause}; ${settings.said.wayOut}` });
    return undefined;
  }
  const alias = news["account"];
  if (hasUnknown(alias)) return undefined;
  const found = typeof alias === "string" ? accountNamed(settings, alias) : undefined;
  const venues = [...Object.keys(manifest.environments), "sandbox"];
  if (found === undefined) {
    const names = Object.keys(settings.accounts);
    const have = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
    problems.push({
      property: "account",
      reason: `the configuration exchange-keys:accounts has no account ${JSON.stringify(alias)}; ${have}`,
    });
  } else if (found.venue !== manifest.id) {
    problems.push({ property: "account", reason: `account ${String(alias)} is one of ${found.venue}; name one of ${manifest.id}` });
  } else if (!venues.includes(found.environment)) {
    const reason = `exchange-keys:accounts.${String(alias)}.environment is none of ${venues.join(", ")}; see docs/configuration.md`;
    problems.push({ property: "account", reason });
  } else return found;
  return undefined;
}

function lifetime(value: unknown, kind: KindManifest): { readonly ok: string | undefined } | { readonly problems: readonly Problem[] } {
  const { lifetime: limits } = kind;
  if (limits === undefined)
    return value === undefined ? { ok: undefined } : refuse("lifetime", `this kind of key has no lifetime; leave it out`);
  const { minSeconds, maxSeconds, only, never } = limits;
  if (never === true && value === "never") return { ok: "never" };
  const words = [...(only ?? []), ...(never === true ? ["never"] : [])].map((word) => `"${word}"`).join(", ");
  const parsed = parseDuration(value);
  if ("problem" in parsed) return refuse("lifetime", words === "" ? parsed.problem : `say one of ${words}; there is no default`);
  if (only !== undefined && !only.includes(parsed.ok.text)) return refuse("lifetime", `the venue takes ${words}; say one of them`);
  if (parsed.ok.seconds < minSeconds || parsed.ok.seconds > maxSeconds) {
    return refuse(
      "lifetime",
      `${parsed.ok.text} isn't between ${formatDuration(minSeconds)} and ${formatDuration(maxSeconds)}; choose one that is`,
    );
  }
  return { ok: parsed.ok.text };
}

/** A kind without labels has no such input, which is told with the strangers. */
function label(
  value: unknown,
  { label: limits }: KindManifest,
): { readonly ok: string | undefined } | { readonly problems: readonly Problem[] } {
  if (limits === undefined || value === undefined) return { ok: undefined };
  if (typeof value !== "string" || value === "") return refuse("label", "label is a text; write one, or leave it out");
  const problem = labelProblem(value, limits);
  return problem === undefined ? { ok: value } : refuse("label", problem);
}

/** Defaults made explicit: renewed after two thirds of its lifetime, the former one kept for an hour, half of `every` or what is left. */
function rotation(
  value: unknown,
  lifetimeSeconds: number | undefined,
): { readonly ok: Rotation | undefined } | { readonly problems: readonly Problem[] } {
  if (value === undefined && lifetimeSeconds === undefined) return { ok: undefined };
  if (value !== undefined && !isObject(value)) {
    return refuse("rotation", 'a map such as { every: "16h", overlap: "1h" } is needed');
  }
  const given = value ?? {};
  const stranger = Object.keys(given).find((name) => name !== "every" && name !== "overlap");
  if (stranger !== undefined) return refuse(`rotation.${stranger}`, "rotation has every and overlap alone; leave this out");
  const every = given["every"] === undefined ? defaultEvery(lifetimeSeconds) : parseDuration(given["every"]);
  if (every !== undefined && "problem" in every) return refuse("rotation.every", every.problem);
  if (given["every"] !== undefined && every !== undefined && every.ok.seconds < Math.min(SHORTEST_S, (lifetimeSeconds ?? Infinity) / 4)) {
    return refuse("rotation.every", `${every.ok.text} is shorter than a minute, so that every run would renew; choose a longer time`);
  }
  const most = every === undefined || every.ok.seconds > OVERLAP_S ? OVERLAP_S : Math.floor(every.ok.seconds / 2);
  const left =
    lifetimeSeconds === undefined || every === undefined ? most : Math.min(most, Math.max(lifetimeSeconds - every.ok.seconds, 1));
  const overlap = given["overlap"] === undefined ? whole(left) : parseDuration(given["overlap"]);
  if ("problem" in overlap) return refuse("rotation.overlap", overlap.problem);
  if (lifetimeSeconds !== undefined && every !== undefined && every.ok.seconds >= lifetimeSeconds) {
    return refuse(
      "rotation.every",
      `${every.ok.text} isn't shorter than the lifetime, so the key would lapse before its renewal; choose a shorter one`,
    );
  }
  if (lifetimeSeconds !== undefined && overlap.ok.seconds > lifetimeSeconds) {
    return refuse("rotation.overlap", `${overlap.ok.text} is longer than the lifetime; choose a shorter one`);
  }
  if (every !== undefined && overlap.ok.seconds >= every.ok.seconds) {
    return refuse(
      "rotation",
      `overlap ${overlap.ok.text} isn't shorter than every ${every.ok.text}, so that former keys would add up; choose a shorter overlap`,
    );
  }
  return { ok: { ...(every === undefined ? {} : { every: every.ok.text }), overlap: overlap.ok.text } };
}

/** Beside a lifetime that isn't known yet, the defaults aren't known either. */
function openRotation(value: unknown): ReturnType<typeof rotation> {
  const judged = rotation(value, undefined);
  if ("problems" in judged) return judged;
  const overlap = (value as Rotation | undefined)?.overlap === undefined ? undefined : judged.ok?.overlap;
  return { ok: { every: judged.ok?.every ?? UNKNOWN, overlap: overlap ?? UNKNOWN } };
}

function defaultEvery(
  lifetimeSeconds: number | undefined,
): { readonly ok: { readonly seconds: number; readonly text: string } } | undefined {
  return lifetimeSeconds === undefined ? undefined : whole(Math.floor((lifetimeSeconds * 2) / 3));
}

function whole(count: number): { readonly ok: { readonly seconds: number; readonly text: string } } {
  return { ok: { seconds: count, text: formatDuration(count) } };
}

function texts(news: Properties): readonly Problem[] {
  return [...NOTES, "reissue"].flatMap((name) => {
    const value = news[name];
    if (value === undefined || hasUnknown(value) || (typeof value === "string" && value !== "")) return [];
    return [{ property: name, reason: `${name} is a text; write one, or leave it out` }];
  });
}

function extras(news: Properties, kind: KindManifest): readonly Problem[] {
  // A rule can't judge what isn't known yet.
  const told = (kind.rules?.(news) ?? []).filter(({ property }) => !hasUnknown(news[property]));
  const wrong = Object.entries(kind.extras).flatMap(([name, schema]) => {
    if (hasUnknown(news[name]) || schema.safeParse(news[name]).success) return [];
    const cause = news[name] === undefined ? "is missing" : "has the wrong form";
    return [{ property: name, reason: `${name} ${cause}; ${schema.description ?? "see the class's documentation"}` }];
  });
  return [...wrong, ...told];
}

/** Inputs that no kind has: a typing error in JavaScript or YAML would otherwise be a limit that isn't there. */
function strangers(news: Properties, kind: KindManifest): readonly Problem[] {
  const allowed = new Set(["__provider", ...givenNames(kind)]);
  return Object.keys(news)
    .filter((name) => !allowed.has(name) && news[name] !== undefined)
    .map((name) => ({ property: name, reason: `there is no input ${name}; leave it out or correct its name` }));
}

function beyondCeiling(account: AccountSettings, known: Known, news: Properties, kind: KindManifest): readonly Problem[] {
  const { ceiling = {} } = account;
  const powers = powersOf(known, news, kind);
  const { powers: tooMuch, ips } = beyond(ceiling, { powers, allowedIps: known.allowedIps });
  const limit = `the account's ceiling allows ${ceiling.powers?.join(", ") || "nothing"}; declare less, or raise the ceiling`;
  const within = `within the account's ceiling of ${ceiling.within?.join(", ") ?? ""}; name other addresses, or raise the ceiling`;
  return [
    ...(tooMuch.length === 0 ? [] : [{ property: "permissions", reason: `they give ${tooMuch.join(", ")}, and ${limit}` }]),
    ...(ips.length === 0 ? [] : [{ property: "allowedIps", reason: `${ips.join(", ")} isn't ${within}` }]),
  ];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

// One side of a change: what a state's inputs let the key's holder do, by the kind's own manifest. What hides is named, never guessed.

import type { KindManifest } from "../core/capability";
import { recordedInputsSchema, type Rotation } from "../core/inputs";
import { acceptedGrants } from "../core/permission";
import type { AllowedIps, Grants, Power, Powers } from "../core/model";
import { POWERS } from "../core/powers";
import { hidden, keyType, type State } from "../preview/document";

/** The manifest of a kind, where this release has it. */
export type KindOf = (venue: string, kind: string) => KindManifest | undefined;

export interface Side {
  readonly state: State;
  readonly kind: KindManifest;
  readonly venue: string;
  readonly kindName: string;
  /** Empty where it isn't known until `up`. */
  readonly account: string;
  /** Where the key is listed, from the inputs that only its kind has. */
  readonly scope: Readonly<Record<string, unknown>>;
  readonly identity: Inputs["identity"];
  /** Undefined where they aren't known until `up`. */
  readonly grants: Grants | undefined;
  readonly powers: Powers | undefined;
  readonly allowedIps: AllowedIps | undefined;
  /** As the inputs say it; undefined: no end. */
  readonly lifetime: string | undefined;
  readonly rotation: Rotation | undefined;
  readonly generation: number | undefined;
  readonly reason: string | undefined;
  readonly keepUntil: Readonly<Record<string, string>>;
  /** Inputs that aren't known until `up`. */
  readonly unknown: readonly string[];
  /** Texts for people, and the label; secrets as `a secret`. */
  readonly texts: Readonly<Record<string, string>>;
  /** Somebody says that they know what nobody can read back, in words that a reviewer can read. */
  readonly acknowledged: boolean;
}

type Inputs = ReturnType<typeof recordedInputsSchema.parse>;

export const TEXTS = ["label", "holder", "purpose", "approval", "acknowledge"] as const;
const OPEN = [
  ...["account", "generation", "decidedAt", "reason", "keepUntil", "permissions", "allowedIps", "lifetime", "rotation", "reissue"],
  ...TEXTS,
];

/** What may be missing where it isn't known yet. */
const partly = recordedInputsSchema.partial(Object.fromEntries(OPEN.map((name) => [name, true])) as never);

/** Reads a side, or says why it can't be. The desired side is judged as `check` judges it; a recorded one may show drift in other words. */
export function sideOf(state: State, kindOf: KindOf, which: "recorded" | "desired"): Side | string {
  const named = keyType(state.type);
  const kind = named && kindOf(named.venue, named.kind);
  if (named === undefined || kind === undefined)
    return "is of a venue or kind that this release doesn't know; use the release of exchange-keys that the program has";
  const { __provider: _, ...inputs } = state.inputs;
  const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => hidden(value) === undefined));
  const parsed = partly.safeParse(known);
  if (!parsed.success) {
    const [name = "inputs"] = parsed.error.issues[0]?.path ?? [];
    return `has an input that isn't what this release writes (${String(name)}); use the release of exchange-keys that the program has`;
  }
  const data = parsed.data as unknown as Partial<Inputs>;
  const { venue = "", kind: kindName = "" } = data;
  if (venue !== named.venue || kindName !== named.kind) return "says another venue or kind than its type";
  const unknown = Object.keys(inputs).filter((name) => name !== "powers" && hidden(inputs[name]) === "unknown");
  const secret = Object.keys(inputs).filter((name) => hidden(inputs[name]) === "secret");
  const blind = secret.find((name) => !(TEXTS as readonly string[]).includes(name) && name !== "reissue");
  if (blind !== undefined) return `has a secret in its input ${blind}, so that nobody can review it; declare it without pulumi.secret`;
  const missing = (["account", "permissions", "allowedIps"] as const).find((name) => data[name] === undefined && !unknown.includes(name));
  if (missing !== undefined) return `has no ${missing}, so that nobody can review it`;
  if (data.allowedIps !== undefined && Object.keys(data.allowedIps).length === 0)
    return "has an empty IP list, which some venues read as no limit";
  if (which === "desired") {
    if (data.identity !== undefined && !fits(data.identity, state)) return "has the identity of another resource, project or stack";
    if (data.permissions !== undefined && "problems" in kind.permissions(data.permissions)) return UNREADABLE;
  }
  const bearing = ["permissions", ...(kind.granting ?? []), ...Object.keys(kind.extras).filter((name) => kind.replaces?.includes(name))];
  const grants = bearing.some((name) => unknown.includes(name)) ? undefined : grantsOf(kind, data.permissions ?? {}, inputs);
  if (grants === "unreadable") return UNREADABLE;
  const powers = grants && kind.powers(grants);
  if (powers !== undefined && !samePowers(powers, inputs["powers"])) return POWERS_DIFFER;
  const accepted = acceptedGrants({ rows: kind.powerRows, accept: kind.options?.(inputs).accept });
  return {
    ...{ state, kind, venue, kindName, grants, unknown },
    powers: grants && kind.powers([...grants, ...accepted]),
    account: data.account ?? "",
    scope: { ...kind.scope?.(inputs) },
    identity: data.identity as Inputs["identity"],
    allowedIps: data.allowedIps,
    lifetime: data.lifetime,
    rotation: data.rotation as Rotation | undefined,
    generation: data.generation,
    reason: data.reason,
    keepUntil: data.keepUntil ?? {},
    texts: Object.fromEntries(
      TEXTS.flatMap((name) => (inputs[name] === undefined ? [] : [[name, secret.includes(name) ? "a secret" : textOf(inputs[name])]])),
    ),
    acknowledged: /\S/.test(data.acknowledge ?? ""),
  };
}

const UNREADABLE = "has permissions that this release can't read; use the release of exchange-keys that the program has";
const POWERS_DIFFER = "says other powers than this release finds in its permissions; use the release of exchange-keys that the program has";

/** Kind, account and what in it: a key of another place is another key. The same text for the same place. */
export function placeOf({ state, account, scope }: Side): string {
  return JSON.stringify([state.type, account, Object.entries(scope).sort()]);
}

/** False where account or sub-account aren't known until `up`. */
export function placeKnown({ account, scope }: Side): boolean {
  return account !== "" && !Object.values(scope).some((value) => hidden(value) !== undefined);
}

/** Inputs of one kind alone that say where a key is, and say it otherwise. */
export function placing({ state: { inputs: was } }: Side, { kind, state: { inputs: is }, scope }: Side): readonly string[] {
  const here = JSON.stringify(scope);
  return Object.keys(kind.extras).filter((name) => JSON.stringify({ ...kind.scope?.({ ...is, [name]: was[name] }) }) !== here);
}

/** True for an input that bears on what the key may do, such as a switch that makes it read-only: with the other one's value it would differ. */
export function bears(name: string, { state: { inputs } }: Side, { kind, state, grants }: Side): boolean {
  if (grants === undefined) return false;
  const { permissions, ...rest } = { ...state.inputs, [name]: inputs[name] };
  return JSON.stringify(grantsOf(kind, permissions as Inputs["permissions"], rest)) !== JSON.stringify(grants);
}

/** `urn:pulumi:<stack>::<project>::<types>::<name>`: what the class puts into the inputs is what the engine made of the same. */
function fits({ stack, project, type, name }: Inputs["identity"], { urn, type: token }: State): boolean {
  const [head, of, , ...rest] = urn.split("::");
  return head === `urn:pulumi:${stack}` && of === project && rest.join("::") === name && type === token;
}

function textOf(value: unknown): string {
  return typeof value === "string" && hidden(value) === undefined ? value : "not known until up";
}

/** Permissions of another release may have a form that ours stumbles over: judged first, as `check` would. Drift may show words of its own. */
function grantsOf(kind: KindManifest, permissions: Inputs["permissions"], extras: Inputs | object): Grants | "unreadable" {
  try {
    return kind.grants(permissions, extras as Readonly<Record<string, unknown>>);
  } catch {
    return "unreadable";
  }
}

/** By name: their grants may be written in other words. Absent in states of former releases. */
function samePowers(ours: Powers, told: unknown): boolean {
  if (typeof told !== "object" || told === null) return told === undefined || hidden(told) === "unknown";
  return powersIn(ours).join() === powersIn(told).join();
}

/** From harmless to worst. */
export function powersIn(powers: Powers): readonly Power[] {
  return POWERS.filter((power) => powers[power] !== undefined);
}

// A key as rules see it: its canonical inputs, whichever venue it is of; in rules over a whole stack its plain outputs too. Its credential is
// never read into it; of inputs the engine doesn't tell packs which are secret.

import { z } from "zod";
import type { KindManifest } from "../core/capability";
import { recordedInputsSchema } from "../core/inputs";
import type { AllowedIps, Powers } from "../core/model";
import { POWERS } from "../core/powers";
import { environmentOf } from "./environment";
import { hasUnknown, member, NotKnown, UNKNOWN } from "./known";
import { powersIn } from "./powers";

/** What rules judge. Reading a value that a preview doesn't know ends the rule; it is asked again at `up`. */
export interface Key {
  /** The resource's. */
  readonly name: string;
  readonly urn: string;
  readonly project: string;
  readonly stack: string;
  readonly venue: string;
  readonly kind: string;
  /** The account's alias in the configuration. */
  readonly account: string;
  /** What the venue names the sub-account by. */
  readonly subAccount?: string;
  /** The account's environment, as the program's configuration has it. */
  readonly environment?: string;
  /**
   * Power → the grants that give it: what its permissions give, by this version's tables, and what its inputs tell besides. In rules over a
   * stack after `up`: with what the venue says that the key has.
   */
  readonly powers: Powers;
  /** Permissions in the venue's words. */
  readonly permissions: Readonly<Record<string, unknown>>;
  /** Addresses with the purpose of each, or `"anywhere"`. */
  readonly allowedIps: AllowedIps;
  /** `"1d"`, or `"never"` where the venue has it; absent for kinds that live until they are revoked. */
  readonly lifetime?: string;
  readonly rotation?: { readonly every?: string; readonly overlap?: string };
  readonly holder?: string;
  readonly purpose?: string;
  readonly approval?: string;
  readonly acknowledge?: string;
  /** Present where the holder made the key pair. */
  readonly publicKey?: string;
  /** When this generation was decided on. ISO 8601, UTC. */
  readonly decidedAt: string;
  /** The venue's word for when it was made; absent before it is there, and in the preview of a change. */
  readonly createdAt?: string;
  /** What nobody can read back at the venue, with what is known of it all the same. */
  readonly unverified: Readonly<Record<string, string>>;
}

/** Why it can't be read, wholly or at all. */
export type Read = { readonly ok: Key; readonly problem?: string } | { readonly problem: string };

/** A resource as the policy SDK hands it over. */
export interface Given {
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly provider?: { readonly props: Readonly<Record<string, unknown>> };
}

/** What this version knows of a kind of key, or undefined. */
export type Kinds = (venue: string, kind: string) => KindManifest | undefined;

const TYPE = /^pulumi-nodejs:dynamic\/exchange-keys\/([^:]*):(.*)$/;
const URN = /^urn:pulumi:(.*?)::(.*?)::/;
const text = z.string().min(1);

const SHAPE: Readonly<Record<string, z.ZodType>> = {
  ...recordedInputsSchema.shape,
  powers: z.partialRecord(z.enum(POWERS), z.string()),
  rotation: z.strictObject({ every: text.optional(), overlap: text.optional() }).optional(),
  subAccount: text.optional(),
  publicKey: text.optional(),
};
const OUTPUTS: Readonly<Record<string, z.ZodType>> = { createdAt: z.iso.datetime().optional() };

export function placeOf(urn: string): { readonly project: string; readonly stack: string } {
  const [, stack = "", project = ""] = URN.exec(urn) ?? [];
  return { project, stack };
}

export function isKey(type: string): boolean {
  return TYPE.test(type);
}

/** Reads a resource before it is made or changed: its canonical inputs, all of which this version must know. */
export function readInputs(given: Given, kinds: Kinds): Read {
  const [, venue = "", kind = ""] = TYPE.exec(given.type) ?? [];
  const manifest = kinds(venue, kind);
  if (manifest === undefined) return { problem: `this version knows no ${venue} ${kind}` };
  const known = new Set([...Object.keys(SHAPE), ...Object.keys(manifest.extras)]);
  const stranger = Object.keys(given.props).find((name) => !known.has(name) && name !== "__provider");
  if (stranger !== undefined) return { problem: `this version knows no input ${stranger}` };
  return read(given, { ...SHAPE }, manifest);
}

/** Reads a resource as the state has it, or will have it: inputs and outputs together, of which only those that rules judge are looked at. */
export function readOutputs(given: Given, kinds: Kinds): Read {
  const [, venue = "", kind = ""] = TYPE.exec(given.type) ?? [];
  const manifest = kinds(venue, kind);
  if (manifest === undefined) return { problem: `this version knows no ${venue} ${kind}` };
  return read(given, { ...SHAPE, ...OUTPUTS }, manifest);
}

function read(given: Given, shape: Readonly<Record<string, z.ZodType>>, manifest: KindManifest): Read {
  const membersOf = (names: object): Record<string, unknown> =>
    Object.fromEntries(Object.keys(names).map((name) => [name, member(given.props, name)]));
  const found = membersOf(shape);
  for (const [name, schema] of Object.entries(shape)) {
    if (hasUnknown(found[name])) continue;
    const issue = schema.safeParse(found[name]).error?.issues[0];
    if (issue !== undefined) return { problem: `this version can't read its input ${[name, ...issue.path].join(".")}` };
  }
  const [, venue, kind] = TYPE.exec(given.type) ?? [];
  if (found["venue"] !== venue || found["kind"] !== kind) return { problem: "its venue and kind aren't those of its type" };
  const { powers, problem } = powersIn(manifest, found, membersOf(manifest.extras));
  const told = problem === undefined ? {} : { problem: `this version ${problem}` };
  if (powers === undefined) return { problem: "", ...told };
  const { label: _, reissue: __, ...shown } = found; // texts that no rule judges
  return { ok: view(given, { ...shown, powers }, manifest), ...told };
}

/** Each member is handed out, or ends the rule that asks for it. */
function view(given: Given, found: Readonly<Record<string, unknown>>, manifest: KindManifest): Key {
  const { allowedIps, account } = found;
  const members: Readonly<Record<string, unknown>> = {
    ...found,
    ...{ name: given.name, urn: given.urn, ...placeOf(given.urn) },
    environment: environmentOf(given.provider?.props, account),
    unverified: hasUnknown(allowedIps) ? UNKNOWN : manifest.unverified(allowedIps as AllowedIps),
  };
  const getters = Object.keys(members).map((name) => [name, { enumerable: true, get: () => asked(members, name, given.urn) }]);
  return Object.defineProperties({}, Object.fromEntries(getters) as PropertyDescriptorMap) as Key;
}

function asked(members: Readonly<Record<string, unknown>>, name: string, urn: string): unknown {
  if (hasUnknown(members[name])) throw new NotKnown(name, urn);
  return members[name];
}

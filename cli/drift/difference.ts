// What differs between two sides of one key, in parts: powers, grants, addresses, label, and the other inputs by name. Pure; knows no venue.

import { isDeepStrictEqual } from "node:util";
import { hidden, ipDelta, type Side, type Values } from "./preview";

export interface Difference {
  readonly powers: { readonly gained: readonly string[]; readonly lost: readonly string[]; readonly were: readonly string[] };
  /** Of two sides that were seen; permissions, as the program writes them, where one was not. */
  readonly grants: { readonly gained: readonly string[]; readonly lost: readonly string[] };
  readonly ips: Ips;
  readonly label?: { readonly from: string; readonly to: string };
  /** Other inputs that differ, by name. */
  readonly inputs: readonly string[];
  /** Inputs that can't be compared, by name. */
  readonly unknown: readonly string[];
  readonly secret: readonly string[];
}

export interface Ips {
  /** There is no list any more. */
  readonly anywhere: boolean;
  /** There is one now, and was none. */
  readonly bound: boolean;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Of all addresses of both. */
  readonly purposes: Readonly<Record<string, string>>;
}

/** Told by parts of their own, or no difference of the key. */
const ASIDE = [
  "__provider",
  "powers",
  "permissions",
  "allowedIps",
  "label",
  "alive",
  "reissue",
  "generation",
  "decidedAt",
  "reason",
  "keepUntil",
];

/** From one side to the other; `seen` says that both are the venue's or the state's, so that their outputs count. */
export function difference(from: Side, to: Side, seen: boolean): Difference {
  const open = { ...from, inputs: visible(from, to, from) };
  const then = { ...to, inputs: visible(from, to, to) };
  const names = [...new Set([...Object.keys(open.inputs), ...Object.keys(then.inputs)])].sort();
  const differing = names.filter((name) => !isDeepStrictEqual(open.inputs[name], then.inputs[name]));
  const ips = ipsBetween(open.inputs["allowedIps"], then.inputs["allowedIps"]);
  const grants = grantsBetween(open, then, seen);
  return {
    powers: powersBetween(open, then, seen),
    grants,
    ips,
    ...labelBetween(open.inputs, then.inputs),
    inputs: differing.filter((name) => !ASIDE.includes(name) || left(name, differing, { ips, grants })),
    unknown: concealed(from, to, "unknown"),
    secret: concealed(from, to, "secret"),
  };
}

/** Parts that differ without a difference in what is let through: purposes of addresses, or permissions that come to the same grants. */
function left(name: string, differing: readonly string[], { ips, grants }: Pick<Difference, "ips" | "grants">): boolean {
  if (name === "allowedIps") return !ips.anywhere && !ips.bound && ips.added.length + ips.removed.length === 0;
  return name === "permissions" && differing.includes(name) && grants.gained.length + grants.lost.length === 0;
}

function visible(from: Side, to: Side, side: Side): Values {
  return Object.fromEntries(Object.entries(side.inputs).filter(([name]) => hiddenIn(from, to, name) === undefined));
}

function concealed(from: Side, to: Side, how: "unknown" | "secret"): readonly string[] {
  const names = [...new Set([...Object.keys(from.inputs), ...Object.keys(to.inputs)])].sort();
  return names.filter((name) => name !== "__provider" && hiddenIn(from, to, name) === how);
}

function hiddenIn(from: Side, to: Side, name: string): "unknown" | "secret" | undefined {
  return hidden(to.inputs[name]) ?? hidden(from.inputs[name]);
}

function powersBetween(from: Side, to: Side, seen: boolean): Difference["powers"] {
  const [were, are] = bothOf(from, to, "powers", seen).map((powers) => Object.keys(mapOf(powers) ?? {})) as [string[], string[]];
  return { ...between(were, are), were };
}

function grantsBetween(from: Side, to: Side, seen: boolean): Difference["grants"] {
  const observed = seen && Array.isArray(from.outputs["grants"]) && Array.isArray(to.outputs["grants"]);
  if (observed) return between(textsOf(from.outputs["grants"]), textsOf(to.outputs["grants"]));
  return between(flat(from.inputs["permissions"]), flat(to.inputs["permissions"]));
}

/** Outputs have what the venue shows, inputs what was declared. */
function bothOf(from: Side, to: Side, name: string, seen: boolean): readonly [unknown, unknown] {
  const both = seen && from.outputs[name] !== undefined && to.outputs[name] !== undefined;
  return both ? [from.outputs[name], to.outputs[name]] : [from.inputs[name], to.inputs[name]];
}

/** Permissions as words: `orders:read-write`, `Spot:SpotTrade`. */
function flat(value: unknown, path = ""): readonly string[] {
  if (value === undefined || value === null || value === false) return [];
  if (Array.isArray(value)) return value.flatMap((each) => flat(each, path));
  const map = mapOf(value);
  const at = path === "" ? "" : `${path}:`;
  if (map !== undefined) return Object.entries(map).flatMap(([name, member]) => flat(member, `${at}${name}`));
  return [value === true ? path : `${at}${String(value)}`];
}

function ipsBetween(from: unknown, to: unknown): Ips {
  const none = { anywhere: false, bound: false, added: [], removed: [], purposes: {} };
  const [were, are] = [ipsOf(from), ipsOf(to)];
  if (were === undefined || are === undefined || were === are) return none;
  if (are === "anywhere") return { ...none, anywhere: true };
  if (were === "anywhere") return { ...none, bound: true };
  return { ...none, ...ipDelta(are, were), purposes: { ...were, ...are } };
}

function ipsOf(value: unknown): "anywhere" | Readonly<Record<string, string>> | undefined {
  if (value === "anywhere") return value;
  const map = mapOf(value);
  return map === undefined ? undefined : Object.fromEntries(Object.entries(map).map(([range, purpose]) => [range, String(purpose ?? "")]));
}

function labelBetween(from: Values, to: Values): Pick<Difference, "label"> {
  const [was, is] = [from["label"], to["label"]];
  return was === is ? {} : { label: { from: typeof was === "string" ? was : "", to: typeof is === "string" ? is : "" } };
}

function between(from: readonly string[], to: readonly string[]): { readonly gained: readonly string[]; readonly lost: readonly string[] } {
  return { gained: to.filter((each) => !from.includes(each)), lost: from.filter((each) => !to.includes(each)) };
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

export function mapOf(value: unknown): Values | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : undefined;
}

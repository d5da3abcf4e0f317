// Desired against recorded: what differs, whether a successor is needed for it, and whether it makes a key that can do less.

import { able, type CapabilityTable } from "./capability";
import { type DECIDING } from "./inputs";
import { ipDelta } from "./ip";
import { grantDelta } from "./permission";
import type { AllowedIps, Grants } from "./model";

/** The properties that live at the venue, in comparable form. */
export interface VenueSide {
  readonly grants: Grants;
  readonly allowedIps: AllowedIps;
  readonly lifetimeSeconds?: number | undefined;
  /** The user's own text in the label. */
  readonly label?: string | undefined;
}

export type Deciding = (typeof DECIDING)[number];

export interface Difference {
  readonly property: Deciding;
  /** The recorded side has something that the desired side lacks: until it goes, the key is wider than declared. */
  readonly narrows: boolean;
  readonly widens: boolean;
}

/** What differs between two sides of one key. Equal sides give an empty list. */
export function differences(recorded: VenueSide, desired: VenueSide): readonly Difference[] {
  const grants = grantDelta(recorded.grants, desired.grants);
  const ips = ipDelta(desired.allowedIps, recorded.allowedIps);
  const from = recorded.lifetimeSeconds ?? Infinity;
  const to = desired.lifetimeSeconds ?? Infinity;
  const all: Difference[] = [
    { property: "permissions", narrows: grants.removed.length > 0, widens: grants.added.length > 0 },
    { property: "allowedIps", narrows: ips.removed.length > 0, widens: ips.added.length > 0 },
    { property: "lifetime", narrows: to < from, widens: to > from },
  ];
  const label: Difference = { property: "label", narrows: false, widens: false };
  return [...all.filter(({ narrows, widens }) => narrows || widens), ...(recorded.label === desired.label ? [] : [label])];
}

const ABILITY = {
  permissions: "update-permissions",
  allowedIps: "update-ips",
  lifetime: "update-lifetime",
  label: "update-label",
} as const;

/** The change as rotation sees it: what the venue can't update in place counts, but for a label, for which the resource is replaced. */
export function changeWithoutUpdate(found: readonly Difference[], table: CapabilityTable): "none" | "narrowed" | "changed" {
  const stuck = found.filter(({ property }) => property !== "label" && !able(table, ABILITY[property]));
  if (stuck.length === 0) return "none";
  return stuck.some(({ narrows }) => narrows) ? "narrowed" : "changed";
}

/** Whether the desired side lacks a permission or an address that the recorded one has. */
export function narrows(found: readonly Difference[]): boolean {
  return found.some(({ property, narrows }) => narrows && property !== "lifetime");
}

/** What the venue can update in place. */
export function updatable(found: readonly Difference[], table: CapabilityTable): readonly Difference[] {
  return found.filter(({ property }) => able(table, ABILITY[property]));
}

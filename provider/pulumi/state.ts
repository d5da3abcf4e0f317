// Between the engine's flat properties and our values: which members are inputs, which are records.

import type { KindManifest } from "../core/capability";
import type { VenueSide } from "../core/diff";
import { parseDuration } from "../core/duration";
import { KeyError } from "../core/errors";
import { NOTES, recordedInputsSchema, type KeyInputs } from "../core/inputs";

export type Properties = Readonly<Record<string, unknown>>;

/** What the class gives. */
const GIVEN = [
  ...["venue", "kind", "identity", "account", "permissions", "allowedIps", "lifetime", "rotation", "reissue"],
  ...NOTES,
] as readonly string[];
/** What `check` adds. */
const DECIDED = ["powers", "alive", "generation", "decidedAt", "reason", "keepUntil"];

/** What a program may give for one kind. */
export function givenNames(kind: KindManifest): readonly string[] {
  return [...GIVEN, ...(kind.label === undefined ? [] : ["label"]), ...Object.keys(kind.extras)];
}

/** Names of the inputs of one kind. */
export function inputNames(kind: KindManifest): readonly string[] {
  return [...givenNames(kind), ...DECIDED];
}

/** The engine's inputs, flat: extras beside the others, absent ones left out. */
export function propertiesOf(inputs: KeyInputs): Record<string, unknown> {
  const { extras, ...base } = inputs;
  return Object.fromEntries(Object.entries({ ...base, ...extras }).filter(([, value]) => value !== undefined));
}

/** Inputs out of recorded properties, old or new. Throws KeyError `state` where they have another shape. */
export function inputsOf(properties: Properties, kind: KindManifest): KeyInputs {
  const parsed = recordedInputsSchema.safeParse(properties);
  if (!parsed.success) {
    throw new KeyError("state", {
      operation: "read the recorded inputs",
      cause: `${parsed.error.issues[0]?.path.join(".") ?? "they"} has an unexpected shape`,
      wayOut: "restore the stack's state from a backup",
    });
  }
  const extras = Object.fromEntries(
    Object.keys(kind.extras).flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]])),
  );
  const known = Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined)) as unknown as Omit<
    KeyInputs,
    "extras" | "powers"
  >;
  return { ...known, powers: kind.powers(kind.grants(known.permissions, extras)), extras };
}

/** The properties that live at the venue. */
export function venueSide(
  inputs: Pick<KeyInputs, "permissions" | "allowedIps" | "lifetime" | "label" | "extras">,
  kind: KindManifest,
): VenueSide {
  return {
    grants: kind.grants(inputs.permissions, inputs.extras),
    allowedIps: inputs.allowedIps,
    lifetimeSeconds: seconds(inputs.lifetime),
    label: inputs.label,
  };
}

/** Seconds of a canonical duration. */
export function seconds(duration: string | undefined): number | undefined {
  if (duration === undefined) return undefined;
  const parsed = parseDuration(duration);
  return "ok" in parsed ? parsed.ok.seconds : undefined;
}

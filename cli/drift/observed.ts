// Drift of one key: what the venue showed against what the state has, in words.

import { difference, mapOf, type Difference, type Ips } from "./difference";
import { saying, type Found } from "./finding";
import type { Key, Side } from "./preview";

const GRAVE: readonly string[] = ["withdraw", "administer", "unknown"];

export function driftOf({ recorded, observed, desired }: Key): readonly Found[] {
  if (recorded === undefined) return [];
  // Recorded, or known to the journal of the refresh alone.
  const found = unsettled(observed ?? recorded);
  if (observed === undefined) {
    const next = desired === undefined ? "the program has it no longer either" : "the next up makes another";
    return [...found, { kind: "drift", about: "gone", says: saying`is gone: the venue has no such key any more; ${next}` }];
  }
  const seen = difference(recorded, observed, true);
  return [...found, ...life(recorded, observed), ...powers(seen), ...grants(seen), ...addresses(seen, desired), ...rest(seen)];
}

/** What an earlier run left open: no look can tell how it ended. */
function unsettled({ outputs }: Side): readonly Found[] {
  const { unsettled: open } = outputs;
  if (open === undefined) return [];
  const why = oneLine(typeof open === "object" && open !== null && "cause" in open ? open.cause : undefined);
  return [{ kind: "unknown", about: "outcome", says: saying`nobody knows what became of its last change: ${why}` }];
}

export function oneLine(text: unknown): string {
  return typeof text === "string" ? text.replace(/\s+/g, " ").trim() : "it isn't said why";
}

function life(recorded: Side, observed: Side): readonly Found[] {
  const [was, is] = [recorded.inputs["alive"] !== false, observed.inputs["alive"] !== false];
  if (was === is) return [];
  if (is) return [{ kind: "drift", about: "label", says: saying`works again, and was recorded as gone` }];
  return [
    { kind: "drift", about: "gone", says: saying`doesn't work any more: it has ended, or is refused; the next up makes a successor` },
  ];
}

function powers({ powers: { gained: all, lost, were }, grants }: Difference): readonly Found[] {
  const gained = [...GRAVE.filter((power) => all.includes(power)), ...all.filter((power) => !GRAVE.includes(power))];
  const can = saying`can now ${gained}, by ${grants.gained}; recorded was ${were.length === 0 ? "nothing" : were}`;
  const bare = saying`can now ${gained}; recorded was ${were.length === 0 ? "nothing" : were}`;
  const about = gained.some((power) => GRAVE.includes(power)) ? "grave-powers" : "powers";
  return [
    ...(gained.length === 0 ? [] : [{ kind: "drift", about, says: grants.gained.length === 0 ? bare : can } as const]),
    ...(lost.length === 0 ? [] : [{ kind: "drift", about: "fewer-powers", says: saying`can no longer ${lost}` } as const]),
  ];
}

function grants({ powers: { gained, lost }, grants: of }: Difference): readonly Found[] {
  return [
    ...(of.gained.length === 0 || gained.length > 0
      ? []
      : [{ kind: "drift", about: "grants", says: saying`has ${of.gained}, which nobody declared` } as const]),
    ...(of.lost.length === 0 || lost.length > 0
      ? []
      : [{ kind: "drift", about: "fewer-grants", says: saying`has lost ${of.lost}` } as const]),
  ];
}

function addresses({ ips }: Difference, desired: Side | undefined): readonly Found[] {
  const kind = "drift";
  const said = mapOf(desired?.inputs["allowedIps"]) ?? {};
  const open = desired?.inputs["allowedIps"] === "anywhere";
  const [declared, stray] = [true, false].map((is) => ips.added.filter((range) => open || range in said === is)) as [string[], string[]];
  if (ips.anywhere) return [{ kind, about: "anywhere", says: saying`has no IP list any more: it works from anywhere` }];
  if (ips.bound) return [{ kind, about: "fewer-addresses", says: saying`has an IP list now, and was recorded as usable from anywhere` }];
  const late = saying`lets in ${declared} already, which the program declares and no up has recorded`;
  return [
    ...(stray.length === 0
      ? []
      : [{ kind, about: "addresses", says: ["the IP list ", ...saying`lets in ${stray}, which nobody declared`] } as const]),
    ...(declared.length === 0 ? [] : [{ kind, about: "addresses", says: ["the IP list ", ...late] } as const]),
    ...(ips.removed.length === 0
      ? []
      : [{ kind, about: "fewer-addresses", says: ["the IP list ", ...saying`no longer lets in ${named(ips, ips.removed)}`] } as const]),
  ];
}

/** Addresses with their purposes. */
export function named({ purposes }: Ips, ranges: readonly string[]): readonly string[] {
  return ranges.map((range) => (purposes[range] ? `${range} (${oneLine(purposes[range])})` : range));
}

function rest({ label, inputs, secret }: Difference): readonly Found[] {
  return [
    ...(label === undefined
      ? []
      : [
          {
            kind: "drift",
            about: "label",
            says: saying`its label is ${label.to || "empty"}; recorded was ${label.from || "empty"}`,
          } as const,
        ]),
    ...(inputs.length === 0
      ? []
      : [{ kind: "drift", about: "input", says: saying`the venue shows another ${inputs} than is recorded` } as const]),
    ...(secret.length === 0
      ? []
      : [{ kind: "unknown", about: "hidden", says: saying`its ${secret} can't be compared: declared as a secret` } as const]),
  ];
}

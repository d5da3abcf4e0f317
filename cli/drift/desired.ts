// What the program wants of one key and the state doesn't have: a change that no `up` has made, or one that a refresh took into the state. And
// what time alone brings, which is neither.

import { difference, type Difference } from "./difference";
import { saying, type Found } from "./finding";
import { named, oneLine } from "./observed";
import type { Key, Side } from "./preview";

export function pendingOf({ recorded, desired, replaces }: Key): readonly Found[] {
  const kind = "pending";
  if (recorded === undefined) return desired === undefined ? [] : [{ kind, about: "created", says: saying`is declared, and not made yet` }];
  if (desired === undefined) return [{ kind, about: "revoked", says: saying`isn't declared any more; the next up revokes it` }];
  const wanted = difference(recorded, desired, false);
  return [
    ...(replaces ? [{ kind, about: "replaced", says: saying`is to be replaced by another key` } as const] : generation(recorded, desired)),
    ...unfinished(recorded),
    ...powers(wanted),
    ...grants(wanted),
    ...addresses(wanted),
    ...rest(wanted),
  ];
}

/** Another generation, and why. */
function generation({ inputs: were }: Side, { inputs: are }: Side): readonly Found[] {
  if (are["generation"] === were["generation"]) return [];
  switch (are["reason"]) {
    case "due":
      return [{ kind: "due", about: "renewal", says: saying`is due; the next up renews it` }];
    case "lapsed":
      return [{ kind: "drift", about: "lapsed", says: saying`has reached its end, and nothing has renewed it; the next up does` }];
    case "reissue":
      return [{ kind: "pending", about: "reissued", says: saying`is to be reissued, as the program asks` }];
    case "gone":
      // Where this look found it, that is drift, and told.
      if (were["alive"] !== false) return [];
      return [{ kind: "pending", about: "gone", says: saying`was found gone by an earlier run; the next up makes a successor` }];
    default:
      return [{ kind: "pending", about: "replaced", says: saying`is to get a successor: ${oneLine(are["reason"])}` }];
  }
}

function unfinished({ outputs }: Side): readonly Found[] {
  const { unproved } = outputs;
  if (unproved === undefined) return [];
  return [{ kind: "pending", about: "unfinished", says: saying`was issued, and isn't proved yet: ${oneLine(unproved)}` }];
}

function powers({ powers: { gained, lost } }: Difference): readonly Found[] {
  return [
    ...(gained.length === 0
      ? []
      : [{ kind: "pending", about: "powers", says: saying`the program wants ${gained}, which it can't do yet` } as const]),
    ...(lost.length === 0
      ? []
      : [{ kind: "pending", about: "fewer-powers", says: saying`can still ${lost}, which the program takes away` } as const]),
  ];
}

function grants({ grants: { gained, lost } }: Difference): readonly Found[] {
  return [
    ...(gained.length === 0 ? [] : [{ kind: "pending", about: "grants", says: saying`the program adds ${gained}` } as const]),
    ...(lost.length === 0 ? [] : [{ kind: "pending", about: "fewer-grants", says: saying`the program takes away ${lost}` } as const]),
  ];
}

function addresses({ ips }: Difference): readonly Found[] {
  const kind = "pending";
  const { added, removed } = ips;
  if (ips.anywhere) return [{ kind, about: "anywhere", says: saying`the program lets it be used from anywhere` }];
  if (ips.bound) return [{ kind, about: "fewer-addresses", says: saying`works from anywhere still, and the program has an IP list` }];
  return [
    ...(added.length === 0 ? [] : [{ kind, about: "addresses", says: saying`the program lets in ${named(ips, added)} too` } as const]),
    ...(removed.length === 0
      ? []
      : [{ kind, about: "fewer-addresses", says: saying`lets in ${named(ips, removed)} still, which the program takes away` } as const]),
  ];
}

function rest({ label, inputs, unknown }: Difference): readonly Found[] {
  const kind = "pending";
  return [
    ...(label === undefined
      ? []
      : [
          {
            kind,
            about: "label",
            says: saying`the program labels it ${label.to || "nothing"}; recorded is ${label.from || "nothing"}`,
          } as const,
        ]),
    ...(inputs.length === 0 ? [] : [{ kind, about: "input", says: saying`the program has another ${inputs}` } as const]),
    ...(unknown.length === 0 ? [] : [{ kind, about: "hidden", says: saying`its ${unknown} is known only after an up` } as const]),
  ];
}

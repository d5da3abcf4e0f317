// Former keys of one resource: those that wait in the state to be deleted, and earlier generations, with time left or without.

import { mapOf } from "./difference";
import { saying, type Found } from "./finding";
import type { Key, Side } from "./preview";

/** Keys that were replaced, and that an earlier run couldn't revoke. No preview shows what a refresh sees of them. */
export function formerOf({ former }: Pick<Key, "former">): readonly Found[] {
  const rest = "is still alive, as far as anybody knows: an earlier run couldn't revoke it; run pulumi up";
  return former.map((fingerprint) => ({ kind: "pending", about: "former", says: [...saying`a former key of it (${fingerprint}) `, rest] }));
}

/** Entries of `keepUntil` that the next run leaves out: it revokes what they stand for. A look adds the keys that should be dead, and aren't. */
export function retiringOf({ recorded, observed = recorded, desired }: Key): readonly Found[] {
  if (recorded === undefined || observed === undefined) return [];
  const [were, seen, are] = [recorded, observed, desired].map((side) => mapOf(side?.inputs["keepUntil"]) ?? {}) as [Ends, Ends, Ends];
  return Object.keys(seen).flatMap((generation): readonly Found[] => {
    const end = seen[generation];
    // A look that finds no reason for more time ends it where the key began.
    if (end === beginningOf(observed, generation)) return [forfeited(generation, were[generation], end)];
    if (generation in are || desired === undefined) return [];
    return [{ kind: "due", about: "overlap", says: saying`generation ${generation} has had its time; the next up revokes it` }];
  });
}

type Ends = Readonly<Record<string, unknown>>;

function forfeited(generation: string, was: unknown, end: unknown): Found {
  if (was === undefined) {
    const says = saying`generation ${generation} should be dead: an earlier run couldn't revoke it; the next up tries again`;
    return { kind: "pending", about: "former", says };
  }
  const says = saying`generation ${generation}, which has time left, can do more than is declared, or from elsewhere; the next up revokes it`;
  return { kind: was === end ? "pending" : "drift", about: "retiring", says };
}

function beginningOf({ outputs: { retiring } }: Side, generation: string): unknown {
  const key: unknown = Array.isArray(retiring) ? retiring.find((each) => String(mapOf(each)?.["generation"]) === generation) : undefined;
  return mapOf(key)?.["createdAt"] ?? "";
}

// A review as an approval: what `up` may do under it, key by key. Refused where that isn't known.

import { approvedText, otherExtras, placed, sha256, type ApprovedEntry } from "../core/approved";
import { recordedInputsSchema } from "../core/inputs";
import type { KeyReview, Review } from "./review";

const DUE: readonly (string | undefined)[] = ["due", "lapsed", "gone"];

/**
 * The file's text, or why there can be none: a sentence. `revoked`: names of resources whose keys may be revoked besides, since an earlier
 * run left one to delete, which no preview shows.
 */
export function approvalOf(
  { keys, same, partial }: Review,
  revoked: readonly string[] = [],
): { readonly text: string; readonly sha256: string } | { readonly refused: string } {
  if (partial)
    return {
      refused: "the preview leaves out what stays the same, and each key needs its entry; make it with pulumi preview --json --show-sames",
    };
  const strange = revoked.find((name) => ![...keys, ...same].some((key) => key.name === name));
  if (strange !== undefined) return { refused: `the plan has no key resource named ${JSON.stringify(strange)}` };
  const entries: ApprovedEntry[] = [];
  for (const key of [...keys, ...same]) {
    // One that goes and holds no key: nothing is written at a venue for it.
    if (key.op === "delete" && key.recorded === undefined && key.ends === 0) continue;
    // One that the plan leaves without a key, such as one that isn't among its targets.
    if (key.op === "same" && key.recorded === undefined && key.findings.length === 0) continue;
    const entry = entryFor(key);
    if (entry === undefined) {
      return {
        refused: `what ${JSON.stringify(key.name)} may do isn't known from this plan, so it can't be approved; see the review, and run pulumi up for what it depends on first`,
      };
    }
    entries.push(revoked.includes(key.name) ? { ...entry, revoke: true } : entry);
  }
  const text = approvedText(entries);
  return { text, sha256: sha256(text) };
}

function entryFor({ findings, recorded, desired, op, ends }: KeyReview): ApprovedEntry | undefined {
  if (findings.some(({ rule }) => rule === "plan-unreadable" || rule === "imported" || rule === "not-known")) return undefined;
  const identity = (desired ?? recorded)?.identity;
  if (identity === undefined) return undefined;
  const revoke = (op === "delete" || op === "replace") && ends > 0;
  if (desired === undefined) return { identity, create: false, revoke, reissue: false };
  const { kind, account, scope, grants, allowedIps, lifetime, reason, state } = desired;
  if (grants === undefined || allowedIps === undefined) return undefined;
  const rotation = recordedInputsSchema.shape.rotation.safeParse(state.inputs["rotation"]);
  if (!rotation.success) return undefined;
  const successor = recorded !== undefined && (desired.generation ?? 0) > (recorded.generation ?? 0);
  return {
    identity,
    key: {
      account,
      scope: placed(scope),
      grants: [...grants],
      allowedIps: allowedIps === "anywhere" ? allowedIps : Object.keys(allowedIps),
      ...(lifetime === undefined ? {} : { lifetime }),
      ...(rotation.data === undefined ? {} : { rotation: rotation.data }),
      extras: otherExtras(kind, scope, state.inputs),
    },
    create: recorded === undefined || op === "replace",
    revoke,
    reissue: successor && !DUE.includes(reason),
  };
}

// What a review approves: each key as the plan leaves it, what the plan makes, revokes and reissues, and nothing where that isn't known.

import { approvalOf } from "../../provider/review/approval";
import { review } from "../../provider/pulumi/review";
import { readApproved, type ApprovedEntry } from "../../provider/core/approved";
import { plan, side, step } from "./plans";

type Approval = ReturnType<typeof approvalOf>;

const approve = (text: string, ...revoked: string[]): Approval => approvalOf(review(text), revoked);

function entry(text: string, ...revoked: string[]): ApprovedEntry {
  const approval = approve(text, ...revoked);
  if ("refused" in approval) throw new Error(approval.refused);
  const [only, ...more] = readApproved(approval.text)!.values();
  expect(more).toEqual([]);
  return only!;
}

const succeeded = { generation: 2, keepUntil: { "1": "2026-11-24T00:00:00.000Z" } };

test.each<[what: string, text: string, may: Partial<ApprovedEntry>]>([
  ["a new key", plan(step("create", undefined, side("a"))), { create: true, revoke: false, reissue: false }],
  ["one that stays", plan(step("same", side("a"), side("a"))), { create: false, revoke: false, reissue: false }],
  ["a change", plan(step("update", side("a"), side("a", { permissions: { orders: "read-write" } }))), { create: false, revoke: false }],
  ["a replacement", plan(step("replace", side("a"), side("a", { account: "other" }))), { create: true, revoke: true }],
  ["a deletion", plan(step("delete", side("a"), undefined)), { create: false, revoke: true }],
  ["what goes and is kept alive", plan(step("delete", side("a", {}, { retainOnDelete: true }), undefined)), { revoke: false }],
  ["a reissue", plan(step("update", side("a"), side("a", { ...succeeded, reason: "reissue", reissue: "x" }))), { reissue: true }],
  ["what is due", plan(step("update", side("a"), side("a", { ...succeeded, reason: "due" }))), { reissue: false }],
  ["what is gone", plan(step("update", side("a"), side("a", { ...succeeded, reason: "gone" }))), { reissue: false }],
])("%s", (_, text, may) => {
  expect(entry(text)).toMatchObject(may);
});

test("the key as declared, with its rotation and what else its kind has", () => {
  const declared = { rotation: { every: "30d", overlap: "1d" }, lifetime: "60d", nonceUnit: "ms" };
  expect(entry(plan(step("create", undefined, side("a", declared)))).key).toEqual({
    account: "main",
    scope: {},
    grants: ["orders:read"],
    allowedIps: ["203.0.113.10"],
    lifetime: "60d",
    rotation: { every: "30d", overlap: "1d" },
    extras: { nonceUnit: "ms" },
  });
});

test("what an earlier run left to delete is approved by name, and of no other resource", () => {
  const text = plan(step("same", side("a"), side("a")));
  expect(entry(text, "a").revoke).toBe(true);
  expect(approve(text, "b")).toEqual({ refused: 'the plan has no key resource named "b"' });
});

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

test.each([
  ["rotation", step("update", side("a"), side("a", { rotation: UNKNOWN }))],
  ["lifetime", step("create", undefined, side("a", { lifetime: UNKNOWN }))],
  ["permissions", step("create", undefined, side("a", { permissions: UNKNOWN }))],
  ["what the state has", step("update", side("a", { venue: "other" }), side("a"))],
  ["an import", step("import", undefined, side("a"))],
  ["permissions that no release reads", step("create", undefined, side("a", { permissions: { nonsense: "read" } }))],
])("nothing is approved where it isn't known: %s", (_, given) => {
  expect(approve(plan(given))).toEqual({ refused: expect.stringContaining("isn't known from this plan") as string });
});

// Options that hide danger, by every spelling that the engine reads; what really ends by a plan; and plans that aren't whole.

import { review } from "../../provider/pulumi/review";
import { meets, plan, RECORDED, recorded, said, side, step } from "./plans";

const DECISIVE = [
  ...["permissions", "allowedIps", "lifetime", "account", "rotation", "reissue", "generation", "keepUntil", "alive", "powers", "identity"],
  ...["nonceUnit", "accept", "*", '["*"]', "[*]", "permissions.Spot[0]", "permissions[0]"],
  ...[
    '["permissions"]',
    '["permissions"].x',
    '["allowedIps"]["203.0.113.10"]',
    '["holder\\"]',
    '["holder"',
    "['permissions']",
    "['holder']",
  ],
  ...["", ".holder", "holder.", "[holder]", "holder[", 'holder["x', "[0]", "inputOfALaterRelease"],
];
const HARMLESS = ["holder", '["holder"]', "purpose", "approval", "label", 'label["x"].y', "acknowledge[0]"];
const with_ = (option: string, path: string) => said(plan(step("same", side("a"), side("a", {}, { [option]: [path] }))));

test.each(DECISIVE)("changes of %j are told to be ignored, or to replace the key", (path) => {
  expect(with_("ignoreChanges", path)).toEqual([
    `danger: a ignores changes (ignoreChanges) of ${path}: what the program says of them isn't what the key has`,
  ]);
  expect(with_("replaceOnChanges", path)).toEqual([
    `danger: a is replaced by any change (replaceOnChanges) of ${path}: a live key is revoked then`,
  ]);
});

test.each(HARMLESS)("changes of %j may be ignored", (path) => {
  expect([with_("ignoreChanges", path), with_("replaceOnChanges", path)]).toEqual([[], []]);
});

test("the provider's own text may stay as it was, and may not replace a key", () => {
  expect(with_("ignoreChanges", "__provider")).toEqual([]);
  expect(with_("replaceOnChanges", "__provider")).toHaveLength(1);
});

test.each([
  ["the state has it, the program drops it", { retainOnDelete: true }, {}, "the present one lives on", 0],
  ["the program has it, the state doesn't", {}, { retainOnDelete: true }, "the present one is revoked", 1],
])("retainOnDelete in a replacement: %s", (_, was, is, expected, ends) => {
  const text = plan(step("replace", side("a", {}, was), side("a", { account: "other" }, is)));
  const [key] = review(text).keys;
  expect(key!.ends).toBe(ends);
  expect(said(text).join("\n")).toContain(`danger: a is replaced: another key is made, and ${expected}`);
  expect(said(text).filter((line) => line.includes("NOT revoked"))).toHaveLength(1 - ends);
  expect(said(text).filter((line) => line.includes("has its key revoked"))).toHaveLength(ends);
});

test("a replacement with a resource that goes too, and one of another release: neither says that the key is revoked", () => {
  const urn = "urn:pulumi:dev::desk::a:b:C::host";
  const host = step("delete", { urn, type: "a:b:C", inputs: {} }, undefined);
  const text = plan(step("replace", side("a", {}, { deletedWith: urn }), side("a", { account: "other" })), host);
  expect(said(text).join("\n")).toContain("and the present one lives on");
  expect(meets(text)).not.toContain("revoke>0");
  const unread = plan(step("delete", side("a", { generation: "two" }, { retainOnDelete: true }), undefined));
  expect(said(unread).join("\n")).not.toMatch(/has its key revoked/);
  expect(review(unread).keys[0]!.ends).toBe(0);
});

const MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:AAAA" };
const outputs = (name: string, more: object) => {
  const made = side(name);
  return { ...made, outputs: { ...(made["outputs"] as object), ...more } };
};

test.each([
  ["a marker object", MARK],
  ["masked", "[secret]"],
])("a fingerprint that the program made a secret is one all the same: %s", (_, fingerprint) => {
  const text = plan(step("delete", outputs("a", { fingerprint, generation: fingerprint }), undefined));
  expect(said(text)).toEqual(["danger: a has its key revoked; it could: read"]);
  expect(meets(text)).toContain("revoke>0");
  const updated = plan(step("update", outputs("a", { fingerprint, generation: fingerprint }), side("a", { holder: "x" })));
  expect(meets(updated)).not.toContain("revoke>0");
});

test("each key of a resource that goes is counted; where they are a secret nobody can", () => {
  const retiring = [{ generation: 1 }, { generation: 2 }];
  const text = plan(step("delete", outputs("a", { generation: 3, retiring }), undefined));
  expect(meets(text)).toEqual(["revoke>0", "revoke>1", "revoke>2"]);
  expect(said(text)).toEqual(["danger: a has 3 keys revoked; it could: read"]);
  const secret = plan(step("delete", outputs("a", { retiring: MARK }), undefined));
  expect(said(secret)[0]).toBe("widens: a has a secret in its output retiring, so that nobody can tell how many keys end");
  expect(meets(secret)).toContain("widen");
});

test("a resource without a key goes, and none is revoked", () => {
  const { outputs: _, ...empty } = side("a", {}, { retainOnDelete: true });
  expect(said(plan(step("delete", empty, undefined)))).toEqual(["narrows: a goes out of the state; it holds no key"]);
});

const update = JSON.parse(plan(step("update", side("a"), side("a", { holder: "x" })))) as { steps: object[] };
test.each<[what: string, document: object, cause: string]>([
  ["no steps", { changeSummary: { update: 2 } }, 'its summary counts 2 × "update", and it has 0'],
  ["none of its creates", { steps: [], changeSummary: { same: 3, create: 40 } }, 'its summary counts 40 × "create", and it has 0'],
  ["one of two", { ...update, changeSummary: { update: 2 } }, 'its summary counts 2 × "update", and it has 1'],
  [
    "a refresh in place of it",
    { steps: [{ op: "refresh", urn: "u" }], changeSummary: { update: 1 } },
    'its summary counts 1 × "update", and it has 0',
  ],
  ["no summary", { steps: update.steps }, "it has no changeSummary, with which each preview ends"],
  ["diagnostics alone", { diagnostics: [] }, "it has no changeSummary, with which each preview ends"],
])("not whole: %s", (_, document, cause) => {
  expect(() => review(JSON.stringify(document))).toThrow(`exchange-keys: read what Pulumi printed: it isn't whole: ${cause}`);
  expect(() => review(JSON.stringify(document))).toThrow("; make it again, and give all of it: ");
});

test.each<[what: string, document: object]>([
  [
    "an empty stack",
    { steps: [{ op: "create", urn: "urn:pulumi:dev::desk::pulumi:pulumi:Stack::desk-dev" }], changeSummary: { create: 1 } },
  ],
  ["nothing at all", { changeSummary: {} }],
  ["what stays the same left out", { changeSummary: { same: 3 } }],
  ["refreshes, which aren't counted", { steps: [{ op: "refresh", urn: "u" }], changeSummary: { same: 1 } }],
])("whole: %s", (_, document) => {
  expect(said(JSON.stringify(document))).toEqual([]);
});

test.each(RECORDED)("a step of the real CLI's preview of %s %s is missed", (venue, name) => {
  const { steps, ...rest } = JSON.parse(recorded(venue, name)) as { steps: { op: string }[] };
  const counted = steps.filter(({ op }) => op !== "same");
  for (const each of counted)
    expect(() => review(JSON.stringify({ ...rest, steps: steps.filter((other) => other !== each) }))).toThrow("it isn't whole");
  expect(() => review(JSON.stringify({ ...rest, steps: counted }))).not.toThrow();
});

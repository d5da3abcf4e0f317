// Which entries are taken for lost keys: no other resource's, no other list's, none whose answer came or may still come.

import { lostBefore, type Entry } from "../../provider/journal/journal";

const AT = Date.parse("2030-01-01T00:00:00Z");
const entry: Entry = {
  version: 1,
  status: "begun",
  mark: "9f86d081884c7d65",
  identity: { organization: "o", project: "p", stack: "s", type: "t", name: "n" },
  venue: "acme",
  environment: "production",
  account: "main",
  accountId: "1",
  kind: "Key",
  subAccount: "7",
  generation: 1,
  begunAt: new Date(AT).toISOString(),
};

test("without an answer, but for what this run has begun itself; whoever settles it gives it its minute", () => {
  expect(lostBefore(new Set(), [entry], entry)).toEqual([entry]);
  expect(lostBefore(new Set([entry.mark]), [entry], entry)).toEqual([]);
});

test.each<[string, Partial<Entry>]>([
  ["issued", { status: "issued" }],
  ["recorded", { status: "recorded" }],
  ["of another resource", { identity: { ...entry.identity, stack: "other" } }],
  ["at another venue", { venue: "other" }],
  ["in another environment", { environment: "testnet" }],
  ["in another account", { accountId: "2" }],
  ["in another sub-account", { subAccount: "8" }],
  ["in the account itself", { subAccount: undefined }],
  ["of another kind", { kind: "Other" }],
])("not one that is %s", (_, other) => {
  expect(lostBefore(new Set(), [{ ...entry, ...other }], entry)).toEqual([]);
});

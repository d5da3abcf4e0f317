// `exchange-keys drift` on whole previews: what each comes to, and which aren't enough.

import { drift, IGNORED, PENDING, text } from "./given";

const DUE = "Only due, no difference: the next up sees to it:";
const DOWN =
  "bybit (sandbox): read the account: the venue reports an error of its own (10016), which says nothing of what was done; try again later";

test.each([
  ["clean", 0, ["2 keys of desk/dev are as declared."]],
  [
    "due",
    0,
    ["2 keys of desk/dev are as declared.", "", DUE, "hedge: is due; the next up renews it", "maker: is due; the next up renews it"],
  ],
  [
    "overlap",
    0,
    [
      "2 keys of desk/dev are as declared.",
      "",
      DUE,
      "hedge: generation 1 has had its time; the next up revokes it",
      "maker: generation 1 has had its time; the next up revokes it",
    ],
  ],
  ["widened", 1, ["maker: the IP list lets in 198.51.100.9, which nobody declared", "", "1 of 2 keys of desk/dev differs."]],
  [
    "widened-and-narrowed",
    1,
    [
      "maker: the IP list lets in 198.51.100.9, which nobody declared",
      "",
      PENDING,
      "hedge: the program takes away ContractTrade:Position",
      "maker: the program takes away ContractTrade:Position",
      "",
      "2 of 2 keys of desk/dev differ.",
    ],
  ],
  [
    "declared-already",
    1,
    [
      "maker: the IP list lets in 198.51.100.9 already, which the program declares and no up has recorded",
      "",
      PENDING,
      "hedge: the program lets in 198.51.100.9 (new) too",
      "maker: the program lets in 198.51.100.9 (new) too",
      "",
      "2 of 2 keys of desk/dev differ.",
    ],
  ],
  [
    "anywhere",
    1,
    [
      "maker: can now administer, transfer, by Wallet:AccountTransfer; recorded was read, trade",
      "maker: has no IP list any more: it works from anywhere",
      "",
      "1 of 2 keys of desk/dev differs.",
    ],
  ],
  ["gone", 1, ["maker: is gone: the venue has no such key any more; the next up makes another", "", "1 of 2 keys of desk/dev differs."]],
  [
    "gone-undeclared",
    1,
    ["maker: is gone: the venue has no such key any more; the program has it no longer either", "", "1 of 2 keys of desk/dev differs."],
  ],
  [
    "undeclared",
    1,
    [
      "maker: the IP list lets in 198.51.100.9, which nobody declared",
      "",
      PENDING,
      "hedge: isn't declared any more; the next up revokes it",
      "",
      "2 of 2 keys of desk/dev differ.",
    ],
  ],
  ["created", 1, [PENDING, "third: is declared, and not made yet", "", "1 of 3 keys of desk/dev differs."]],
  [
    "reissue",
    1,
    [
      PENDING,
      "hedge: is to be reissued, as the program asks",
      "maker: is to be reissued, as the program asks",
      "",
      "2 of 2 keys of desk/dev differ.",
    ],
  ],
  [
    "replaced",
    1,
    [
      PENDING,
      "hedge: is to be replaced by another key",
      "maker: is to be replaced by another key",
      "hedge: the program labels it other; recorded is hedge",
      "maker: the program labels it other; recorded is maker",
      "hedge: the program has another holder",
      "maker: the program has another holder",
      "",
      "2 of 2 keys of desk/dev differ.",
    ],
  ],
  [
    "former",
    1,
    [
      "maker: the IP list lets in 198.51.100.9, which nobody declared",
      "",
      PENDING,
      "maker: a former key of it (16faf29a766af8a1) is still alive, as far as anybody knows: an earlier run couldn't revoke it; run pulumi up",
      "",
      "1 of 2 keys of desk/dev differs.",
    ],
  ],
  [
    "ignored",
    1,
    [
      "maker: the IP list lets in 198.51.100.9, which nobody declared",
      "",
      IGNORED,
      "maker: its allowedIps: no up sets that back",
      "",
      "1 of 2 keys of desk/dev differs.",
    ],
  ],
  ["maintenance", 3, ["Whether keys of desk/dev have drifted isn't known.", `hedge: ${DOWN}`, `maker: ${DOWN}`]],
  [
    "broken",
    3,
    [
      "Whether keys of desk/dev have drifted isn't known.",
      "The preview failed, outside the keys; run pulumi preview --refresh and see what it says.",
    ],
  ],
])("%s: exit code %i", async (name, code, lines) => {
  expect(await drift(text(name))).toEqual({ code, out: `${lines.join("\n")}\n`, err: "" });
});

test.each(["targeted", "excluded"])("%s isn't enough: what was left out would count as not made yet", async (name) => {
  const { code, out, err } = await drift(text(name));
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain("drift: it leaves resources out, as with --target or --exclude; give the output of pulumi preview --refresh");
});

test.each([
  ["without-refresh", "it was made without --refresh"],
  ["without-sames", "it was made without --show-sames"],
])("%s isn't enough", async (name, cause) => {
  const { code, out, err } = await drift(text(name));
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toBe(`exchange-keys: drift: ${cause}; give the output of pulumi preview --refresh --show-sames --json\n`);
});

test.each([
  ["nothing", "", "nothing came"],
  ["a truncated one", text("clean").slice(0, 4000), "it isn't one JSON document"],
  ["another document", "[1]", "it isn't what Pulumi prints"],
  ["an object", "{}", "it isn't what Pulumi prints"],
  ["null", "null", "it isn't what Pulumi prints"],
  ["an export", '{"version": 3, "deployment": {"resources": []}}', "it is a stack's export"],
])("%s", async (_, given, cause) => {
  const { code, out, err } = await drift(given);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(cause);
  expect(err).toContain("give the output of pulumi preview --refresh --show-sames --json");
});

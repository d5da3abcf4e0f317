// What `exchange-keys drift` says of one key, difference by difference.

import { drift, IGNORED, PENDING, recorded, seen, stepsOf, text, wanted, type Preview, type Step, type Values } from "./given";

test("powers that withdraw come first, whatever else there is", async () => {
  const preview = seen(
    { allowedIps: "anywhere", label: "x" },
    { powers: { withdraw: "Wallet:Withdraw", lend: "Earn:Earn" }, grants: ["Wallet:Withdraw", "Earn:Earn"] },
  );
  const { code, out } = await drift(preview);
  expect(code).toBe(1);
  expect(out.split("\n").slice(0, 5)).toEqual([
    "maker: can now withdraw, lend, by Wallet:Withdraw, Earn:Earn; recorded was read, trade",
    "maker: has no IP list any more: it works from anywhere",
    "maker: can no longer read, trade",
    "maker: its label is x; recorded was maker",
    "",
  ]);
});

test.each([
  [
    "a grant without another power",
    seen({}, { grants: ["ContractTrade:Order", "ContractTrade:Position", "Derivatives:DerivativesTrade", "Spot:SpotTrade", "read-write"] }),
    "maker: has Spot:SpotTrade, which nobody declared",
  ],
  [
    "a grant less",
    seen({}, { grants: ["ContractTrade:Order", "Derivatives:DerivativesTrade", "read-write"] }),
    "maker: has lost ContractTrade:Position",
  ],
  [
    "another address in its place",
    seen({ allowedIps: { "203.0.113.11": "" } }),
    "maker: the IP list lets in 203.0.113.11, which nobody declared\nmaker: the IP list no longer lets in 203.0.113.10 (gateway)",
  ],
  ["a range around it", seen({ allowedIps: { "203.0.113.0/24": "" } }), "maker: the IP list lets in 203.0.113.0/24, which nobody declared"],
  ["dead or barred", seen({ alive: false }), "maker: doesn't work any more: it has ended, or is refused; the next up makes a successor"],
  ["an input of another release", seen({ margin: "cross" }), "maker: the venue shows another margin than is recorded"],
])("%s", async (_, preview, first) => {
  const { code, out } = await drift(preview);
  expect(code).toBe(1);
  expect(out.startsWith(`${first}\n`)).toBe(true);
});

test.each([
  [
    "powers",
    wanted({ powers: { read: "x", withdraw: "y" }, permissions: { Wallet: ["Withdraw"] } }),
    [
      "maker: the program wants withdraw, which it can't do yet",
      "maker: the program adds Wallet:Withdraw",
      "maker: can still trade, which the program takes away",
      "maker: the program takes away ContractTrade:Order, ContractTrade:Position",
    ],
  ],
  [
    "another list",
    wanted({ allowedIps: { "203.0.113.11": "fra2" } }),
    ["maker: the program lets in 203.0.113.11 (fra2) too", "maker: lets in 203.0.113.10 (gateway) still, which the program takes away"],
  ],
  ["no list", wanted({ allowedIps: "anywhere" }), ["maker: the program lets it be used from anywhere"]],
  [
    "permissions that come to the same",
    wanted({ permissions: { ContractTrade: ["Position", "Order"] } }),
    ["maker: the program has another permissions"],
  ],
  ["purposes alone", wanted({ allowedIps: { "203.0.113.10": "fra2" } }), ["maker: the program has another allowedIps"]],
  [
    "a value that comes of another resource",
    wanted({ allowedIps: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }),
    ["maker: its allowedIps is known only after an up"],
  ],
  [
    "a successor for another reason",
    wanted({ generation: 2, reason: "changed", lifetime: "7d" }),
    ["maker: is to get a successor: changed", "maker: the program has another lifetime"],
  ],
])("not applied yet: %s", async (_, preview, lines) => {
  const { code, out } = await drift(preview);
  expect(out).toBe([PENDING, ...lines, "", "1 of 2 keys of desk/dev differs.", ""].join("\n"));
  expect(code).toBe(1);
});

test("drift that a refresh took into the state still differs from the program", async () => {
  const preview = seen({ allowedIps: "anywhere" });
  const [look, step] = stepsOf(preview, "maker");
  look.oldState!.inputs = step.oldState!.inputs;
  expect(await drift(preview)).toMatchObject({
    code: 1,
    out: expect.stringContaining("maker: works from anywhere still, and the program has an IP list"),
  });
});

test("found gone by an earlier refresh, and still without a successor", async () => {
  const preview = wanted({ generation: 2, reason: "gone" });
  for (const step of stepsOf(preview, "maker")) step.oldState!.inputs["alive"] = false;
  expect(await drift(preview)).toMatchObject({ code: 1, out: expect.stringContaining("maker: was found gone by an earlier run") });
});

test("a lapsed key isn't merely due", async () => {
  const { code, out } = await drift(wanted({ generation: 2, reason: "lapsed" }));
  expect([code, out.split("\n")[0]]).toEqual([1, "maker: has reached its end, and nothing has renewed it; the next up does"]);
});

test("another release of the package, and nothing else: the same", async () => {
  expect(await drift(wanted({ __provider: "another text" }))).toMatchObject({ code: 0 });
});

test("an unknown outcome is told, and isn't drift; beside drift it is told too", async () => {
  const why = "bybit: set IP list: no answer came";
  const open = (preview: Preview): Preview => {
    for (const step of stepsOf(preview, "maker")) step.oldState!.outputs["unsettled"] = { since: "2030-01-01T00:00:00.000Z", cause: why };
    return preview;
  };
  const alone = await drift(open(recorded("clean")));
  expect(alone.code).toBe(3);
  expect(alone.out).toContain(`maker: nobody knows what became of its last change: ${why}`);
  const beside = await drift(open(recorded("widened")));
  expect(beside.code).toBe(1);
  expect(beside.out).toContain(`maker: nobody knows what became of its last change: ${why}`);
});

test("what is declared as a secret can't be compared, and nobody says that it is the same", async () => {
  const preview = recorded("clean");
  for (const step of stepsOf(preview, "maker"))
    for (const state of [step.oldState, step.newState]) if (state) state.inputs["allowedIps"] = "[secret]";
  expect(await drift(preview)).toMatchObject({
    code: 3,
    out: expect.stringContaining("maker: its allowedIps can't be compared: declared as a secret"),
  });
});

test("where the CLI rewrites the look's step, it is read the same", async () => {
  const preview = recorded("widened");
  const [look, step] = stepsOf(preview, "maker");
  Object.assign(look, { op: "update", newState: step.oldState });
  expect((await drift(preview)).out).toBe((await drift(text("widened"))).out);
  const gone = recorded("gone");
  Object.assign(stepsOf(gone, "maker")[0], { op: "delete", newState: undefined });
  expect((await drift(gone)).out).toBe((await drift(text("gone"))).out);
});

test("a look's step that is rewritten, with no other after it: gone", async () => {
  const gone = recorded("gone-undeclared");
  Object.assign(stepsOf(gone, "maker")[0], { op: "delete", newState: undefined });
  expect((await drift(gone)).out).toBe((await drift(text("gone-undeclared"))).out);
});

test("a key that was left out, with --target say, isn't one that is to be made", async () => {
  const preview = recorded("created");
  const third = preview.steps.find(({ urn }) => urn.endsWith("::third"))!;
  third.op = "same";
  expect(await drift(preview)).toMatchObject({ code: 2, err: expect.stringContaining("it leaves resources out") });
});

test("a key that was issued and isn't proved yet differs", async () => {
  const preview = recorded("clean");
  for (const step of stepsOf(preview, "maker")) step.oldState!.outputs["unproved"] = "bybit: no answer came";
  const { code, out } = await drift(preview);
  expect([code, out.split("\n").slice(0, 2)]).toEqual([1, [PENDING, "maker: was issued, and isn't proved yet: bybit: no answer came"]]);
});

test("former keys, whatever order the engine looked in, and where nothing else is left", async () => {
  const preview = recorded("former");
  const { out } = await drift(preview);
  expect(
    (
      await drift({
        ...preview,
        steps: [...preview.steps].reverse().sort((a, b) => Number(b.op === "refresh") - Number(a.op === "refresh")),
      })
    ).out,
  ).toBe(out);
  const former = preview.steps.filter(({ urn, oldState }) => !urn.endsWith("::maker") || oldState?.delete === true);
  const alone = await drift({ ...preview, steps: former });
  expect(alone.code).toBe(1);
  expect(alone.out).toContain("maker: a former key of it (16faf29a766af8a1) is still alive");
  expect(alone.out).not.toContain("maker: is ");
});

test("a key that an alias renames is the same key", async () => {
  const preview = recorded("former");
  const renamed = (step: Step): Step => (step.op !== "refresh" && step.urn.endsWith("::hedge") ? { ...step, urn: `${step.urn}-2` } : step);
  const { out } = await drift({ ...preview, steps: preview.steps.map(renamed) });
  expect(out).toBe((await drift(preview)).out);
});

describe("earlier generations", () => {
  const [BEGAN, END] = ["2026-11-23T01:53:26.000Z", "2026-11-24T01:53:26.000Z"];
  const WIDE = "maker: generation 1, which has time left, can do more than is declared, or from elsewhere; the next up revokes it";

  /** What each side has in `keepUntil`, by the preview's order. */
  function keeping(were: Values, seen: Values, are: Values): Preview {
    const preview = recorded("clean");
    const [look, step] = stepsOf(preview, "maker");
    look.oldState!.inputs["keepUntil"] = were;
    step.oldState!.inputs["keepUntil"] = seen;
    step.newState!.inputs["keepUntil"] = are;
    for (const { outputs } of [look.oldState!, step.oldState!]) outputs["retiring"] = [{ generation: 1, createdAt: BEGAN, end: END }];
    return preview;
  }

  test.each([
    ["with time left: nothing", { "1": END }, { "1": END }, { "1": END }, 0, "2 keys of desk/dev are as declared."],
    ["widened at the venue: drift", { "1": END }, { "1": BEGAN }, {}, 1, WIDE],
    ["recorded as such by a refresh: still a difference", { "1": BEGAN }, { "1": BEGAN }, {}, 1, WIDE],
    [
      "not revoked by an earlier run",
      {},
      { "1": BEGAN },
      {},
      1,
      "maker: generation 1 should be dead: an earlier run couldn't revoke it; the next up tries again",
    ],
  ])("%s", async (_, were, seen, are, code, line) => {
    const ended = await drift(keeping(were, seen, are));
    expect(ended.code).toBe(code);
    expect(ended.out.split("\n")).toContain(line);
    expect(ended.out).not.toContain("has had its time");
  });
});

describe("the program ignores changes", () => {
  /** Of the paths; the engine fills in there what it saw. */
  function ignoring(paths: string[], preview = recorded("ignored")): Preview {
    const [, step] = stepsOf(preview, "maker");
    step.newState!.ignoreChanges = paths;
    return preview;
  }
  const STRAY = "maker: the IP list lets in 198.51.100.9, which nobody declared";

  test.each(["allowedIps", '["allowedIps"]', 'allowedIps["198.51.100.9"]', "allowedIps.*", 'allowedIps["*"]', "*"])("%s", async (path) => {
    const { code, out } = await drift(ignoring([path]));
    expect(code).toBe(1);
    expect(out.split("\n").slice(0, 3)).toEqual([STRAY, "", IGNORED]);
    expect(out).not.toContain("the program lets in");
  });

  test("of a part: the rest of it is still compared", async () => {
    const preview = ignoring(['allowedIps["198.51.100.9"]']);
    (stepsOf(preview, "maker")[1].newState!.inputs["allowedIps"] as Values)["203.0.113.11"] = "standby";
    const { out } = await drift(preview);
    expect(out.split("\n").slice(0, 4)).toEqual([STRAY, "", PENDING, "maker: the program lets in 203.0.113.11 (standby) too"]);
  });

  test("of permissions: powers that follow from what was seen aren't the program's", async () => {
    const preview = ignoring(["permissions"], recorded("anywhere"));
    const [, step] = stepsOf(preview, "maker");
    for (const name of ["permissions", "powers"]) step.newState!.inputs[name] = step.oldState!.inputs[name];
    const { out } = await drift(preview);
    expect(out).toContain("maker: can now administer, transfer, by Wallet:AccountTransfer; recorded was read, trade");
    expect(out).not.toContain(PENDING);
  });

  test("nothing differs: the same, and told", async () => {
    expect(await drift(ignoring(["allowedIps"], recorded("clean")))).toMatchObject({
      code: 0,
      out: `2 keys of desk/dev are as declared.\n\n${IGNORED}\nmaker: its allowedIps: no up sets that back\n`,
    });
  });
});

test("other resources are counted, not judged", async () => {
  const preview = recorded("clean");
  const urn = "urn:pulumi:dev::desk::aws:s3/bucket:Bucket::logs";
  const state = { urn, type: "aws:s3/bucket:Bucket", inputs: { __provider: 1 }, outputs: {} };
  preview.steps.push({ op: "refresh", urn, oldState: state, newState: state }, { op: "update", urn, oldState: state, newState: state });
  const { code, out } = await drift(preview);
  expect(code).toBe(0);
  expect(out).toBe("2 keys of desk/dev are as declared.\n\n1 other resource of the stack differs too, not judged here: logs\n");
});

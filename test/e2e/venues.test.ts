// Each venue's keys on the real engine, from birth to death: what a preview shows, what is asked of the venue, and what is alive there after it.

import { join } from "node:path";
import { able } from "../../provider/core/capability";
import { fixtureOf, type Program } from "../conformance/fixture";
import { ISSUED, Stack as Suite } from "../conformance/stack";
import { Market } from "./market";
import { start } from "./processes";
import { changes, ok, root, Stack } from "./stack";

const LISTED = ISSUED.filter(
  (each) => Suite.kindOf(each).capabilities.list?.answer !== undefined && able(Suite.kindOf(each).capabilities, "list"),
);

describe.each(LISTED)("$venue $kind", ({ venue, kind }) => {
  let market: Market;
  let stack: Stack<Market>;
  beforeAll(async () => {
    market = await Market.open([venue]);
    stack = await Stack.open(market);
    Object.assign(stack.env, market.env);
    stack.configure({ accounts: { main: market.settings(venue) } });
  });
  afterAll(async () => {
    await stack?.close();
    await market?.close();
  });

  /** A program of two keys, as a user would write it. */
  const declare = (program: Program): void => {
    const { subAccount, ...args } = program;
    const handle = subAccount === undefined ? "master" : `master.subAccount(${JSON.stringify(subAccount)})`;
    const key = (name: string) =>
      `exports[${JSON.stringify(name)}] = new keys.${venue}.${kind}(${JSON.stringify(name)}, { account, ...${JSON.stringify(args)} }).credential;`;
    stack.program(
      [
        'const keys = require("pulumi-exchange-keys");',
        `const master = keys.${venue}.account("main");`,
        `const account = ${handle};`,
        key("one"),
        key("two"),
      ].join("\n"),
    );
  };
  const living = async (): Promise<readonly string[]> => (await market.living(venue)).map(({ publicPart }) => publicPart).sort();
  const grants = async (): Promise<readonly unknown[]> => (await market.living(venue)).map((key) => key.grants);

  const { least, wider, bound, edit } = fixtureOf(venue).kinds[kind]!;
  let first: readonly string[] = [];
  let before = 0;

  test("a preview shows both keys and asks the venue nothing; up makes them", async () => {
    before = (await living()).length;
    declare(bound);
    const asked = await market.during(venue, async () => {
      const { steps } = await ok(stack.preview());
      expect(steps.map(({ op }) => op)).toEqual(["create", "create"]);
      expect(changes(steps[0]!)).toMatchObject({ generation: 1, reason: "first", alive: true, powers: expect.anything() });
    });
    expect(asked).toEqual([]);
    await ok(stack.up());
    first = await living();
    expect(first).toHaveLength(before + 2);
    for (const name of ["one", "two"]) expect(stack.resource(name)!.outputs).toMatchObject({ generation: 1, retiring: [] });
  });

  test("exchange-keys test: the key answers, is of this account, and may do what is recorded", async () => {
    // Where a look needs a permission of its own, a key without it can't be tested.
    if (Suite.kindOf({ venue, kind }).capabilities.inspect?.answer !== "can") return;
    const said = stack.said.length;
    const exported = await stack.export("--show-secrets");
    stack.said.splice(said); // asked for, and not to be searched for secrets
    const command = join(root, "cli/dist/main.js");
    const { code, text } = await start(process.execPath, [command, "test", "--state", "-", "one"], stack.cwd, stack.env, exported).ended;
    expect(text).toMatch(/^API key "one": \w+ \(sandbox\), fingerprint [0-9a-f]{16}\n/);
    expect([code, text]).toEqual([0, text]);
    expect(text).not.toMatch(/sandbox-[\w-]{8,}/);
  });

  test("a second up asks nothing; a refresh lists once for both", async () => {
    expect(await market.during(venue, () => ok(stack.up("--expect-no-changes")))).toEqual([]);
    const asked = await market.during(venue, () => ok(stack.refresh("--expect-no-changes")));
    expect(asked.filter((request) => market.fixture(venue).writes(request))).toEqual([]);
    const paths = asked.map(({ path }) => path);
    // The look at the account, the list, and where the list has no addresses, those of each key.
    expect(paths.length).toBeLessThanOrEqual(2 + (market.fixture(venue).looks ?? 0) + 2);
  });

  test("a wider declaration is an update in place", async () => {
    declare({ ...wider, allowedIps: bound["allowedIps"] });
    const { steps } = await ok(stack.preview());
    expect(steps.map(({ op }) => op)).toEqual(["update", "update"]);
    await ok(stack.up());
    expect(await living()).toEqual(first);
    expect(new Set((await grants()).map((each) => JSON.stringify(each))).size).toBeLessThanOrEqual(1 + before);
  });

  test("what somebody edits at the venue shows in the preview and is mended", async () => {
    if ("cannot" in edit) return expect(edit.cannot).not.toBe("");
    const [key] = (await market.living(venue)).filter(({ publicPart }) => first.includes(publicPart)).slice(-1);
    await edit(market.control, key!);
    await ok(stack.refresh());
    const { steps } = await ok(stack.preview());
    expect(steps.map(({ op }) => op)).toEqual(["update"]);
    await ok(stack.up());
    expect(await market.during(venue, () => ok(stack.up("--refresh", "--expect-no-changes")))).not.toEqual([]);
  });

  test("what somebody deletes at the venue is made again", async () => {
    const mine = (await market.living(venue)).filter(({ publicPart }) => first.includes(publicPart));
    await market.kind(venue, kind).remove(market.control, mine[0]!);
    await ok(stack.refresh());
    await ok(stack.up());
    expect(await living()).toHaveLength(before + 2);
    expect(new Set(["one", "two"].map((name) => stack.resource(name)!.outputs["fingerprint"])).size).toBe(2);
  });

  test("from anywhere: in place", async () => {
    declare({ ...least, allowedIps: "anywhere" });
    await ok(stack.up());
    expect(await living()).toHaveLength(before + 2);
  });

  test("destroy leaves nothing alive, and no secret lies about", async () => {
    await ok(stack.destroy());
    expect(await living()).toHaveLength(before);
    expect(stack.openEntries()).toEqual([]);
    const issued = stack.said.join("\n");
    for (const [, value] of Object.entries(market.env)) expect(issued).not.toContain(value);
    expect(issued).not.toMatch(/sandbox-[\w-]{8,}/);
  });
});

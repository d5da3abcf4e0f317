// kill -9 of engine and provider while a venue holds the answer to a write: nobody is left to undo it, and the state is as it was. The next
// run knows of it from the journal, whatever the program says by then.

import { Market } from "./market";
import { killHard } from "./processes";
import { ok, Stack } from "./stack";

const VENUE = "bybit";
const KIND = "SubAccountApiKey";

let market: Market;
let stack: Stack<Market>;
beforeAll(async () => {
  market = await Market.open([VENUE]);
  stack = await Stack.open(market);
  Object.assign(stack.env, market.env);
  stack.configure({ accounts: { main: market.settings(VENUE) } });
});
afterAll(async () => {
  await stack?.close();
  await market?.close();
});

const given = () => market.kind(VENUE, KIND);

function declare(program: Readonly<Record<string, unknown>>): void {
  const { subAccount, ...args } = program;
  stack.program(
    [
      'const keys = require("pulumi-exchange-keys");',
      `const account = keys.bybit.account("main").subAccount(${JSON.stringify(subAccount)});`,
      `new keys.bybit.${KIND}("maker", { account, ...${JSON.stringify(args)} });`,
    ].join("\n"),
  );
}

/** Kills both while the answer is held: its effect has happened. */
async function killAt(path: string): Promise<void> {
  const { id } = await market.control.post<{ id: string }>("/faults", { venue: VENUE, match: { path }, kind: "hold", phase: "after" });
  const running = stack.start("up", "--yes", "--skip-preview");
  const { reached } = await market.control.get<{ reached: boolean }>(`/faults/${id}/wait?hits=1&timeoutMs=60000`);
  expect(reached).toBe(true);
  killHard(stack.log.providers().at(-1)!);
  await running.kill();
  await market.control.delete("/faults");
  await ok(stack.run("cancel", "--yes"));
}

let others = 0;
const mine = async () => (await market.living(VENUE)).slice(others);

test("a create: the next up gives the lost key its minute, revokes it, and makes another", async () => {
  others = (await market.living(VENUE)).length;
  declare(given().least);
  await killAt("/v5/user/create-sub-api");
  const [lost] = await mine();
  expect(stack.resource("maker")).toBeUndefined();
  const { text } = await ok(stack.up());
  expect(text).toMatch(/unknown outcome of [^\n]*its answer was lost/);
  const left = await mine();
  expect(left).toHaveLength(1);
  expect(left[0]!.id).not.toBe(lost!.id);
  await ok(stack.up("--expect-no-changes"));
});

test("an update, and the program is put back: the preview says so, and the next up sets the key to what is declared", async () => {
  const [before] = await mine();
  declare(given().wider);
  await killAt("/v5/user/update-sub-api");
  const [wide] = await mine();
  expect(wide!.grants).not.toEqual(before!.grants);
  declare(given().least);
  const { steps } = await ok(stack.preview());
  expect(steps.map(({ op }) => op)).toEqual(["update"]);
  const { text } = await ok(stack.up());
  expect(text).toMatch(/bybit \(sandbox\): API key "maker": unknown outcome of a change: a change was begun at /);
  expect(await mine()).toMatchObject([{ id: before!.id, grants: before!.grants }]);
  const { text: after } = await ok(stack.up("--expect-no-changes"));
  expect(after).not.toMatch(/unknown outcome/);
});

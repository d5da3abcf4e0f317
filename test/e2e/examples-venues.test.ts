// The example programs whose keys an API makes, as they stand, on the real engine: made, found as declared, nothing to do, and gone.

import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ISSUED } from "../conformance/stack";
import { Market } from "./market";
import { ok, root, Stack } from "./stack";

/** Alias → venue, as the example's configuration has them. */
function accountsOf(name: string): Readonly<Record<string, string>> {
  const file = join(root, "examples", name, "Pulumi.production.yaml.example");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return Object.fromEntries([...text.matchAll(/^ {4}([\w-]+):\n {6}venue: (\w+)$/gm)].map(([, alias, venue]) => [alias!, venue!]));
}

const venues = new Set(ISSUED.map(({ venue }) => venue).filter((venue) => venue !== "bitfinex"));
const EXAMPLES = readdirSync(join(root, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({ name, accounts: accountsOf(name) }))
  .filter(({ accounts }) => Object.values(accounts).some((venue) => venues.has(venue)));

test("each venue has an example", () => {
  for (const venue of venues) expect(EXAMPLES.map(({ name }) => name)).toContain(venue);
});

test.each(EXAMPLES)("$name", async ({ name, accounts }) => {
  const places = [...new Set(Object.values(accounts))];
  const market = await Market.open(places);
  let stack: Stack<Market> | undefined;
  try {
    stack = await Stack.open(market, { project: name });
    Object.assign(stack.env, market.env);
    const settings = Object.entries(accounts).map(([alias, venue]) => [alias, market.settings(venue)] as const);
    stack.configure({ accounts: Object.fromEntries(settings) });
    rmSync(join(stack.cwd, "index.js"));
    stack.runtime({});
    stack.program(readFileSync(join(root, "examples", name, "index.ts"), "utf8"), "index.ts");
    const counts = async (): Promise<readonly number[]> =>
      Promise.all(places.map(async (venue) => (await market.everywhere(venue)).length));
    const before = await counts();

    await ok(stack.up());
    const keys = stack.resources().filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
    expect(keys.length).toBeGreaterThan(0);
    const after = await counts();
    expect(after.reduce((sum, count) => sum + count, 0)).toBe(before.reduce((sum, count) => sum + count, 0) + keys.length);
    for (const { inputs, outputs } of keys) {
      expect(Object.keys(outputs["powers"] as object)).not.toContain("withdraw");
      expect(inputs["allowedIps"]).not.toBe("anywhere");
    }
    await ok(stack.up("--refresh", "--expect-no-changes"));
    await ok(stack.destroy());
    expect(await counts()).toEqual(before);
  } finally {
    await stack?.close();
    await market.close();
  }
});

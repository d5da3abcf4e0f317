// What the tests of all venues' switches share: each value is tried and what it lets one see compared, and none is forgotten.

import type { SwitchTable, SwitchValue } from "../../sandbox/switches";

/** What is seen under a value of a switch. */
export type SwitchCase = readonly [name: string, value: SwitchValue, observe: () => Promise<unknown>, expected: unknown];

interface Switched {
  switches(values: Record<string, unknown>): Promise<unknown>;
}

/** All switches as they were at first. */
export const defaults = (table: SwitchTable): Record<string, null> => Object.fromEntries(Object.keys(table).map((name) => [name, null]));

/** A test for each case, and those that say when a value has none; `again` where a value may have several. */
export function testSwitches(
  table: SwitchTable,
  cases: readonly SwitchCase[],
  { bed, again = false }: { readonly bed: () => Switched; readonly again?: boolean },
): void {
  test.each(cases)("%s: %j", async (name, value, observe, expected) => {
    await bed().switches({ [name]: value });
    expect(await observe()).toEqual(expected);
  });

  test("no value of any switch is forgotten above", () => {
    const pairs = cases.map(([name, value]) => JSON.stringify([name, value]));
    const tried = again ? [...new Set(pairs)] : pairs;
    const there = Object.entries(table).flatMap(([name, row]) => row.values.map((value) => JSON.stringify([name, value])));
    expect(tried.sort()).toEqual(there.sort());
  });

  test("every default is one of its values", () => {
    for (const row of Object.values(table)) expect(row.values).toContain(row.default);
  });
}

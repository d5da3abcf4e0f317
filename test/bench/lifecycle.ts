// Create, nothing to do, refresh, destroy: of bare dynamic resources, which is the engine's floor, and of as many tokens. Runs of both
// alternate, so that what else the machine does falls on both.

import type { Bench } from "./bench";
import type { BenchStack, Operation } from "./stack";
import { median, spread, table, within } from "./table";

const STEPS: readonly (readonly [title: string, operation: Operation])[] = [
  ["up (create)", "up"],
  ["up (no change)", "up"],
  ["refresh", "refresh"],
  ["destroy", "destroy"],
];

/** One step at one size, in seconds. */
interface Row {
  readonly count: number;
  readonly title: string;
  readonly bare: number[];
  readonly tokens: number[];
  /** Of all tokens together, with the look at the account. */
  requests: number;
}

export async function lifecycle(bench: Bench): Promise<string> {
  const rows = await bench.with("bare", "off", (bare) =>
    bench.with("tokens", "off", async (tokens) => {
      const measured: Row[] = [];
      for (const [count, times] of bench.extent.sizes) measured.push(...(await measure(bench, { bare, tokens }, count, times)));
      return measured;
    }),
  );
  const head = ["resources", "step", "bare, s", "tokens, s", "ratio", "requests", "allowed, s", "within"];
  return `${table(head, rows.map(asCells))}\n\n${requestsOf(rows)}`;
}

async function measure(
  bench: Bench,
  stacks: Readonly<Record<"bare" | "tokens", BenchStack>>,
  count: number,
  times: number,
): Promise<readonly Row[]> {
  const rows = STEPS.map(([title]): Row => ({ count, title, bare: [], tokens: [], requests: 0 }));
  for (const stack of Object.values(stacks)) stack.declare(count);
  for (let time = 1; time <= times; time += 1) {
    bench.say(`${count} resource(s), time ${time} of ${times}`);
    for (const [index, [, operation]] of STEPS.entries()) {
      const row = rows[index]!;
      row.bare.push(await stacks.bare.time(operation));
      const log = await bench.sandbox.during(async () => row.tokens.push(await stacks.tokens.time(operation)));
      row.requests = log.length;
    }
  }
  return rows;
}

/** The floor, a fifth, half a second, and 5 ms a request. */
function allowed({ bare, requests }: Row): number {
  return median(bare) * 1.2 + 0.5 + requests * 0.005;
}

function asCells(row: Row): string[] {
  const { count, title, bare, tokens, requests } = row;
  const ratio = (median(tokens) / median(bare)).toFixed(2);
  const limit = allowed(row);
  return [String(count), title, spread(bare), spread(tokens), ratio, String(requests), limit.toFixed(2), within(median(tokens), limit)];
}

/** Two sizes tell what a token costs, and what is asked once a run. */
function requestsOf(rows: readonly Row[]): string {
  const lines = STEPS.map(([title], step) => {
    const [small, large] = [rows.at(step)!, rows.at(step - STEPS.length)!];
    const each = (large.requests - small.requests) / (large.count - small.count);
    return `${title} ${each} a token and ${small.requests - each * small.count} a run`;
  });
  return `Requests: ${lines.join("; ")}.`;
}

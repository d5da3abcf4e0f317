// Keys of each venue whose API makes them, as many as its limits allow: beside as many bare resources, under the venue's own limits, and one
// key in a list of very many.

import type { RequestEntry } from "exchange-keys-sandbox";
import { venue as registered } from "../../provider/venues/registry";
import { fixtureOf } from "../conformance/fixture";
import { ISSUED } from "../conformance/stack";
import type { Bench } from "./bench";
import type { BenchSandbox } from "./sandbox";
import { held } from "./memory";
import type { Operation } from "./stack";
import { table, within } from "./table";

const LISTED = ISSUED.filter(({ venue, kind }) => fixtureOf(venue).kinds[kind]!.strangers !== undefined);

type Each = (typeof LISTED)[number];

const STEPS: readonly (readonly [title: string, operation: Operation])[] = [
  ["up (create)", "up"],
  ["up (no change)", "up"],
  ["refresh", "refresh"],
  ["destroy", "destroy"],
];

/** The program of so many keys, spread over the places that the sandbox begins with. */
function program({ venue, kind }: Each, count: number): string {
  const { bound, places = [undefined] } = fixtureOf(venue).kinds[kind]!;
  const { subAccount: _, ...args } = bound;
  const handles = places.map((place) => (place === undefined ? "master" : `master.subAccount(${JSON.stringify(place)})`));
  return [
    'const keys = require("pulumi-exchange-keys");',
    `const master = keys.${venue}.account("main");`,
    `const places = [${handles.join(", ")}];`,
    `for (let n = 0; n < ${count}; n += 1) new keys.${venue}.${kind}("key-" + n, { account: places[n % places.length], ...${JSON.stringify(args)} });`,
    "",
  ].join("\n");
}

/** How many keys there can be; one place of each belongs to what is there already. */
function room({ venue, kind }: Each, wanted: number): number {
  const { most = Infinity, places = [undefined] } = fixtureOf(venue).kinds[kind]!;
  return Math.min(wanted, (most - (places[0] === undefined ? 1 : 0)) * places.length);
}

export async function venues(bench: Bench): Promise<string> {
  const floors = new Map<number, readonly number[]>();
  const rows: string[][] = [];
  for (const each of LISTED) {
    const count = room(each, bench.extent.keys);
    bench.say(`${each.venue}: ${count} keys`);
    const floor = floors.get(count) ?? (await bare(bench, count));
    floors.set(count, floor);
    rows.push(...(await bench.at(each.venue, (sandbox) => life(bench, sandbox, each, count, floor))));
  }
  return table(["venue", "keys", "step", "bare, s", "keys, s", "ratio", "requests", "allowed, s", "within"], rows);
}

/** Each step of as many bare resources. */
function bare(bench: Bench, count: number): Promise<readonly number[]> {
  return bench.with("bare", "off", async (stack) => {
    stack.declare(count);
    const seconds: number[] = [];
    for (const [, operation] of STEPS) seconds.push(await stack.time(operation));
    return seconds;
  });
}

async function life(bench: Bench, sandbox: BenchSandbox, each: Each, count: number, floor: readonly number[]): Promise<string[][]> {
  await sandbox.control.patch(`/venues/${each.venue}/switches`, fixtureOf(each.venue).quick ?? {});
  return bench.with(
    "written",
    "off",
    async (stack) => {
      stack.program(program(each, count));
      const rows: string[][] = [];
      for (const [index, [title, operation]] of STEPS.entries()) {
        let took = 0;
        const log = await sandbox.during(async () => (took = await stack.time(operation)));
        const least = floor[index]!;
        const allowed = least * 1.2 + 0.5 + log.length * 0.005;
        const figures = [least.toFixed(2), took.toFixed(2), (took / least).toFixed(2), String(log.length), allowed.toFixed(2)];
        rows.push([each.venue, String(count), title, ...figures, within(took, allowed)]);
      }
      return rows;
    },
    sandbox,
  );
}

/** With the venue's limits on, at the sandbox and in our queue: how near to them, and whether the venue had to refuse. */
export async function paces(bench: Bench): Promise<string> {
  const rows: string[][] = [];
  for (const each of LISTED) {
    const count = room(each, bench.extent.paced);
    bench.say(`${each.venue}: ${count} keys under its limits`);
    rows.push(await bench.at(each.venue, (sandbox) => paced(bench, sandbox, each, count)));
  }
  return table(["venue", "keys", "requests", "least by the limits, s", "first to last, s", "ratio", "refused", "within 1.1"], rows);
}

function paced(bench: Bench, sandbox: BenchSandbox, each: Each, count: number): Promise<string[]> {
  return bench.with(
    "written",
    undefined,
    async (stack) => {
      await sandbox.control.patch(`/venues/${each.venue}/switches`, fixtureOf(each.venue).quick ?? {});
      await sandbox.limit({ enabled: true });
      stack.program(program(each, count));
      const log = await sandbox.during(() => stack.time("up"));
      await sandbox.limit({ enabled: false });
      await stack.time("destroy");
      const took = (Date.parse(log.at(-1)!.at) - Date.parse(log[0]!.at)) / 1_000;
      const least = leastOf(each, log);
      const refused = log.filter(({ status, code }) => status === 429 || String(code) === "10006").length;
      const ratio = took / least;
      // Below a second the start of the CLI's parts is all there is.
      const verdict = least < 1 ? "" : within(ratio, 1.1);
      return [
        each.venue,
        String(count),
        String(log.length),
        least.toFixed(2),
        took.toFixed(2),
        least === 0 ? "burst" : ratio.toFixed(2),
        String(refused),
        verdict,
      ];
    },
    sandbox,
  );
}

/** What the tightest of the limits takes: the first of its window's requests are free. */
function leastOf({ venue }: Each, log: readonly RequestEntry[]): number {
  const { limits } = registered(venue)!.manifest();
  const units = new Map<string, number>();
  for (const request of log) {
    const counted = fixtureOf(venue).limitOf?.(request as Parameters<NonNullable<ReturnType<typeof fixtureOf>["limitOf"]>>[0]);
    if (counted !== undefined) units.set(counted.limit, (units.get(counted.limit) ?? 0) + (counted.weight ?? 1));
  }
  const seconds = [...units].map(([name, spent]) => {
    const { requests, perMs, burst = requests } = limits[name]!;
    return (Math.max(0, spent - burst) / requests) * (perMs / 1_000);
  });
  return Math.max(...seconds);
}

/** One key of ours among very many of others: what a refresh takes, in time and memory. */
export async function wide(bench: Bench): Promise<string> {
  const rows: string[][] = [];
  for (const each of LISTED) {
    const { strangers, most } = fixtureOf(each.venue).kinds[each.kind]!;
    if (strangers === undefined || most !== undefined) continue;
    bench.say(`${each.venue}: ${bench.extent.listed} keys in a list`);
    rows.push(await bench.at(each.venue, (sandbox) => list(bench, sandbox, each)));
  }
  return table(["venue", "keys in the list", "requests", "refresh, s", "resident, MB", "of one key alone, MB", "≤ that + 100"], rows);
}

function list(bench: Bench, sandbox: BenchSandbox, each: Each): Promise<string[]> {
  const { strangers } = fixtureOf(each.venue).kinds[each.kind]!;
  return bench.with(
    "written",
    "off",
    async (stack) => {
      stack.watch();
      await sandbox.control.patch(`/venues/${each.venue}/switches`, fixtureOf(each.venue).quick ?? {});
      stack.program(program(each, 1));
      await stack.time("up");
      const alone = await held(sandbox, stack, "refresh", lastOf(await sandbox.during(() => stack.time("refresh"))));
      await strangers!(sandbox.control as never, bench.extent.listed);
      let took = 0;
      const log = await sandbox.during(async () => (took = await stack.time("refresh")));
      const seen = await held(sandbox, stack, "refresh", lastOf(log));
      const [one, many] = [alone, seen].map(({ resident }) => resident / 2 ** 20) as [number, number];
      const figures = [String(log.length), took.toFixed(2), many.toFixed(0), one.toFixed(0)];
      return [each.venue, String(bench.extent.listed), ...figures, within(many - one, 100)];
    },
    sandbox,
  );
}

/** The last request of a run, by its path and how many of the same came before it. */
function lastOf(log: readonly RequestEntry[]): { readonly path: string; readonly after: number } {
  const { path } = log.at(-1)!;
  return { path, after: log.filter((one) => one.path === path).length - 1 };
}

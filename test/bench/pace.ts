// Creating tokens under a limit of requests: how near to the limit, and whether the venue ever has to refuse.

import type { Bench } from "./bench";
import { table, within } from "./table";

const REQUESTS = 10;
const PER_MS = 1_000;

export async function pace(bench: Bench): Promise<string> {
  const { sandbox, extent } = bench;
  bench.say(`${extent.limited} tokens under a limit of ${REQUESTS} requests in ${PER_MS} ms`);
  const rate = { requests: REQUESTS, per: "1s" };
  const limit = { enabled: true, all: { requests: REQUESTS, perMs: PER_MS } };
  let whole = 0;
  const log = await bench.with("tokens", rate, async (tokens) => {
    tokens.declare(extent.limited);
    await sandbox.limit(limit);
    const created = await sandbox.during(async () => (whole = await tokens.time("up")));
    await sandbox.limit({ enabled: false, all: null });
    await tokens.time("destroy");
    return created;
  });
  const least = log.length / (REQUESTS / (PER_MS / 1_000));
  const took = (Date.parse(log.at(-1)!.at) - Date.parse(log[0]!.at)) / 1_000;
  const refused = log.filter(({ status }) => status === 429).length;
  const row = (title: string, seconds: number) => [title, seconds.toFixed(2), (seconds / least).toFixed(2)];
  const rows = [
    [...row("first to last request", took), (least * 1.1).toFixed(2), within(took, least * 1.1)],
    [...row("whole up, with the CLI's and the program's start", whole), "", ""],
  ];
  return [
    `${extent.limited} tokens: ${log.length} requests, at ${REQUESTS} a second ${least.toFixed(2)} s; refused with 429: ${refused}.`,
    table(["what", "took, s", "ratio to requests/limit", "allowed, s", "within"], rows),
  ].join("\n\n");
}

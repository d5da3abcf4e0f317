// A ceremony of forty keys as its page has it: how long each answer takes, and how many requests the venue gets for it. Under a limit, too.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument, servePage, sit, type Sitting, type TaskView } from "pulumi-exchange-keys/ceremony";
import type { Bench } from "./bench";
import { spread, table, within } from "./table";

const KEYS = 40;
const REQUESTS = 10;
const PER_MS = 1_000;

export async function ceremony(bench: Bench): Promise<string> {
  bench.say(`A ceremony of ${KEYS} keys`);
  const free = await held(bench, "off");
  const limited = await held(bench, { requests: REQUESTS, per: `${PER_MS / 1_000}s` });
  const rows = Object.entries(free.took).map(([what, took]) => {
    const worst = Math.max(...took);
    return what.startsWith("verify") ? [what, spread(took, 1), "", ""] : [what, spread(took, 1), "50", within(worst, 50)];
  });
  const perKey = (count: number) => (count / KEYS).toFixed(2);
  const least = limited.requests / (REQUESTS / (PER_MS / 1_000));
  return [
    table(["answer of the page", "ms", "allowed, ms", "within"], rows),
    `Requests: ${free.opening} to open (address, account, its own permissions), ${perKey(free.requests)} a key to verify, ${perKey(free.again)} a key to look again.`,
    `Under ${REQUESTS} requests a second: ${limited.requests} requests in ${limited.seconds.toFixed(2)} s, ${(limited.seconds / least).toFixed(2)} × requests/limit; refused with 429: ${limited.refused}.`,
  ].join("\n\n");
}

interface Held {
  readonly took: Readonly<Record<string, readonly number[]>>;
  readonly opening: number;
  readonly requests: number;
  readonly again: number;
  readonly seconds: number;
  readonly refused: number;
}

async function held({ sandbox }: Bench, rate: unknown): Promise<Held> {
  const folder = mkdtempSync(join(tmpdir(), "exchange-keys-bench-"));
  let sitting: Sitting | undefined;
  try {
    const config = { "exchange-keys:accounts": JSON.stringify({ main: sandbox.account(rate) }) };
    const document = parseDocument(JSON.stringify({ config, steps: Array.from({ length: KEYS }, (_, index) => step(`key-${index}`)) }));
    const env = { ...sandbox.env, XDG_STATE_HOME: join(folder, "state"), EXCHANGE_KEYS_DEPOSITS: join(folder, "deposits") };
    const sources = { env, cwd: folder, readFile: () => "" };
    const opening = await sandbox.during(async () => (sitting = await sit({ document, revoke: false, sources, machineNow: Date.now })));
    return { ...(await done(sandbox, sitting!, rate !== "off")), opening: opening.length };
  } finally {
    await sitting?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function done(sandbox: Bench["sandbox"], { session }: Sitting, limited: boolean): Promise<Omit<Held, "opening">> {
  const page = await servePage(session, { now: Date.now, onLocked: () => undefined });
  const took: Record<string, number[]> = { "first look at all tasks": [], "turn to a task": [], "verify, the venue's answers in it": [] };
  let tab: string | undefined;
  const call = async (path: string, body: object, what?: string): Promise<{ tab: string; tasks: TaskView[] }> => {
    const headers = { "content-type": "application/json", "sec-fetch-site": "same-origin", origin: page.address };
    const given = {
      method: "POST",
      headers: tab === undefined ? headers : { ...headers, "x-ceremony-tab": tab },
      body: JSON.stringify(body),
    };
    const start = performance.now();
    const answer = (await (await fetch(`${page.address}/api/${path}`, given)).json()) as { tab: string; tasks: TaskView[] };
    if (what !== undefined) took[what]!.push(performance.now() - start);
    return answer;
  };
  try {
    ({ tab } = await call("code", { code: page.code }));
    const { tasks } = await call("tasks", { seen: -1 }, "first look at all tasks");
    const made = new Map<string, { apiKey: string; apiSecret: string }>();
    for (const { id } of tasks) {
      const after = await call("begin", { id }, "turn to a task");
      const { label } = after.tasks.find((each) => each.id === id)!;
      // One toggle too many: each is looked at again, once it was taken away.
      made.set(
        id,
        await sandbox.control.post("/venues/bitfinex/keys", { label, permissions: { account: "read", orders: "read", wallets: "read" } }),
      );
    }
    if (limited) await sandbox.limit({ enabled: true, all: { requests: REQUESTS, perMs: PER_MS } });
    const start = performance.now();
    const verify = await sandbox.during(async () => {
      for (const { id } of tasks) {
        const { apiKey, apiSecret } = made.get(id)!;
        await call("submit", { id, apiKey, apiSecret }, "verify, the venue's answers in it");
      }
    });
    const seconds = (performance.now() - start) / 1_000;
    await sandbox.limit({ enabled: false, all: null });
    for (const { apiKey } of made.values()) await narrowed(sandbox, apiKey);
    const again = await sandbox.during(async () => {
      for (const { id } of tasks) await call("again", { id });
    });
    const left = session.tasks().filter(({ phase }) => phase !== "done");
    if (left.length > 0) throw new Error(`the ceremony isn't through: ${left.length} ${JSON.stringify(left[0])}`);
    const refused = verify.filter(({ status }) => status === 429).length;
    return { took, requests: verify.length, again: again.length, seconds, refused };
  } finally {
    await page.close();
  }
}

async function narrowed({ control }: Bench["sandbox"], apiKey: string): Promise<void> {
  const keys = await control.get<{ id: string; apiKey: string }[]>("/venues/bitfinex/keys");
  const { id } = keys.find((key) => key.apiKey === apiKey)!;
  await control.patch(`/venues/bitfinex/keys/${id}`, { permissions: { account: "read", orders: "read" } });
}

/** A new key, as a preview has it. */
function step(name: string) {
  const type = "pulumi-nodejs:dynamic/exchange-keys/bitfinex:ApiKey";
  const urn = `urn:pulumi:bench::bench::${type}::${name}`;
  const identity = { organization: "bench", project: "bench", stack: "bench", type, name };
  const decided = { alive: true, generation: 1, decidedAt: new Date().toISOString(), reason: "first", keepUntil: {} };
  const declared = { account: "main", permissions: { account: "read", orders: "read" }, allowedIps: "anywhere", powers: {} };
  return { op: "create", urn, newState: { urn, type, inputs: { venue: "bitfinex", kind: "ApiKey", identity, ...declared, ...decided } } };
}

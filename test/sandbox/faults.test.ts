// Each fault as the caller meets it, whether it had an effect, and what the control API and the log say of it.

import { createHmac } from "node:crypto";
import { createConnection } from "node:net";
import { faultSchema, Faults } from "../../sandbox/faults";
import { ask, Bed, nextNonce } from "./caller";

interface View {
  readonly id: string;
  readonly reached?: boolean;
  readonly hits: number;
  readonly held: number;
  readonly holding: number;
  readonly gone: number;
  readonly spent: boolean;
}

let bed: Bed;
beforeAll(async () => {
  bed = await Bed.open();
});
afterEach(() => bed.control.delete("/faults"));
afterAll(() => bed.close());

const MINT = "auth/w/token";
const wanted = { scope: "api", ttl: 3600, caps: ["a"] };
const tokens = async (): Promise<number> => (await bed.control.get<unknown[]>("/venues/bitfinex/tokens")).length;
const wait = (id: string, query = ""): Promise<View> => bed.control.get(`/faults/${id}/wait${query}`);

/** Mints under a fault; says what the caller met and whether there is one token more. */
async function mintUnder(what: Record<string, unknown>) {
  const before = await tokens();
  await bed.fault(MINT, what);
  const met = await bed.key(MINT, wanted).catch((error: NodeJS.ErrnoException) => error.code);
  return { met, effect: (await tokens()) - before };
}

test.each([
  [{ kind: "refuse" }, 500, ["error", 10001, "request: refused"], 0],
  [{ kind: "refuse", status: 400, code: 10020, message: "ttl: invalid" }, 400, ["error", 10020, "ttl: invalid"], 0],
  [{ kind: "429" }, 429, ["error", 11010, "ratelimit: error"], 0],
  [{ kind: "500" }, 500, ["error", 10000, "unknown"], 0],
  [{ kind: "500", phase: "after" }, 500, ["error", 10000, "unknown"], 1],
  [{ kind: "503" }, 503, expect.objectContaining({ code: 503, error: "temporarily_unavailable" }), 0],
  [{ kind: "maintenance" }, 200, ["error", 20060, "maintenance"], 0],
  [{ kind: "wrong-shape" }, 200, { unexpected: true }, 1],
  [{ kind: "wrong-shape", body: [[null]], phase: "before" }, 200, [[null]], 0],
])("%j answers %i", async (what, status, json, effect) => {
  expect(await mintUnder(what)).toMatchObject({ met: { status, json }, effect });
});

test("429 and 503 may carry Retry-After, and don't by themselves", async () => {
  expect((await mintUnder({ kind: "429", retryAfter: "7" })).met).toMatchObject({ headers: { "retry-after": "7" } });
  expect((await mintUnder({ kind: "503" })).met).not.toHaveProperty(["headers", "retry-after"]);
});

test("html is a page instead of an answer", async () => {
  const { met, effect } = await mintUnder({ kind: "html" });
  expect(met).toMatchObject({
    status: 502,
    headers: { "content-type": "text/html; charset=utf-8" },
    text: expect.stringContaining("<!doctype html>"),
  });
  expect(effect).toBe(0);
});

test("truncated cuts the true answer off", async () => {
  expect(await mintUnder({ kind: "truncated" })).toEqual({ met: "ECONNRESET", effect: 1 });
});

test("huge is as large as asked for", async () => {
  const { met } = await mintUnder({ kind: "huge", bytes: 3_000_000 });
  expect((met as { text: string }).text.length).toBeGreaterThan(3_000_000);
  expect((met as { json: unknown }).json).toEqual([expect.any(String)]);
});

test("reset hangs up without effect, lost-after-effect with it", async () => {
  expect(await mintUnder({ kind: "reset" })).toEqual({ met: "ECONNRESET", effect: 0 });
  expect(await mintUnder({ kind: "lost-after-effect" })).toEqual({ met: "ECONNRESET", effect: 1 });
});

test("clock dates one answer wrong", async () => {
  await bed.fault("auth/r/permissions", { kind: "clock", skewMs: -3_600_000 });
  const first = Date.parse((await bed.key("auth/r/permissions")).headers.date ?? "");
  const second = Date.parse((await bed.key("auth/r/permissions")).headers.date ?? "");
  expect(second - first).toBeGreaterThanOrEqual(3_590_000);
});

test("delay answers later, as it would have", async () => {
  const began = performance.now();
  expect(await mintUnder({ kind: "delay", ms: 60 })).toMatchObject({ met: { status: 200 }, effect: 1 });
  expect(performance.now() - began).toBeGreaterThanOrEqual(59);
});

test("hold after the effect: it has happened, the answer waits", async () => {
  const before = await tokens();
  const { id } = await bed.fault(MINT, { kind: "hold" });
  const answer = bed.key(MINT, wanted);
  expect(await wait(id)).toMatchObject({ reached: true, hits: 1, held: 1, holding: 1, spent: true });
  expect(await tokens()).toBe(before + 1);
  expect(await bed.control.post(`/faults/${id}/release`)).toMatchObject({ released: 1, holding: 0 });
  expect((await answer).status).toBe(200);
});

test("hold before the effect: nothing has happened until it is released", async () => {
  const before = await tokens();
  const { id } = await bed.fault(MINT, { kind: "hold", phase: "before" });
  const answer = bed.key(MINT, wanted);
  await wait(id);
  expect(await tokens()).toBe(before);
  await bed.control.post(`/faults/${id}/release`);
  expect((await answer).status).toBe(200);
  expect(await tokens()).toBe(before + 1);
});

test("a hold that is taken away drops what it held: no answer, and no effect before it", async () => {
  const before = await tokens();
  const { id } = await bed.fault(MINT, { kind: "hold", phase: "before" });
  const answer = bed.key(MINT, wanted).catch((error: NodeJS.ErrnoException) => error.code);
  await wait(id);
  await bed.control.delete(`/faults/${id}`);
  expect(await answer).toBe("ECONNRESET");
  expect(await tokens()).toBe(before);
});

test("a request held before the effect lands late when its caller has gone", async () => {
  const before = await tokens();
  const { id } = await bed.fault(MINT, { kind: "hold", phase: "before" });
  const gone = await mintAndHangUp(id);
  expect(await tokens()).toBe(before);
  await bed.control.post(`/faults/${id}/release`);
  // The next request is answered after the released one has had its effect.
  await bed.key("auth/r/permissions");
  expect(await tokens()).toBe(before + 1);
  expect(gone).toBe(1);
});

/** Mints until it is held, and hangs up; says how many callers the fault has seen go. */
async function mintAndHangUp(id: string): Promise<number> {
  const nonce = nextNonce();
  const body = JSON.stringify(wanted);
  const { apiKey, apiSecret } = bed.account;
  const signature = createHmac("sha384", apiSecret).update(`/api/v2/${MINT}${nonce}${body}`).digest("hex");
  const socket = createConnection({ host: "127.0.0.1", port: Number(new URL(bed.url).port) });
  socket.write(
    `POST /v2/${MINT} HTTP/1.1\r\nhost: x\r\nbfx-apikey: ${apiKey}\r\nbfx-nonce: ${nonce}\r\nbfx-signature: ${signature}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await wait(id);
  socket.destroy();
  return (await wait(id, "?gone=1")).gone;
}

test("match: path, beginning of a path, method, and how many pass first", async () => {
  const exact = await bed.control.post<View>("/faults", {
    venue: "bitfinex",
    match: { path: "/v2/auth/r/*", method: "post", after: 1 },
    kind: "500",
    times: 2,
  });
  const statuses: number[] = [];
  for (const path of ["auth/r/permissions", "auth/r/wallets", MINT, "auth/r/info/user", "auth/r/permissions"]) {
    statuses.push((await bed.key(path, path === MINT ? wanted : {})).status);
  }
  expect(statuses).toEqual([200, 500, 200, 500, 200]);
  expect(await bed.control.get(`/faults/${exact.id}`)).toMatchObject({ hits: 2, spent: true });
  await bed.control.post("/faults", { venue: "bitfinex", match: { path: "/v2/auth/r/permissions", method: "GET" }, kind: "500" });
  expect((await bed.key("auth/r/permissions")).status).toBe(200);
});

test("times always", async () => {
  const { id } = await bed.fault("platform/status", { kind: "500", times: "always" });
  for (let n = 0; n < 3; n++) expect((await ask(bed.url, "/v2/platform/status", { method: "GET" })).status).toBe(500);
  expect(await bed.control.get(`/faults/${id}`)).toMatchObject({ hits: 3, spent: false });
});

test("waiting for more than happens says so", async () => {
  const { id } = await bed.fault(MINT, { kind: "hold" });
  expect(await wait(id, "?timeoutMs=5")).toMatchObject({ reached: false, hits: 0 });
});

test("nobody waits for a fault that is removed", async () => {
  const faults = new Faults();
  const { id } = faults.add(faultSchema.parse({ venue: "bitfinex", match: { path: "/x" }, kind: "hold" }));
  const waiting = faults.get(id)?.until((fault) => fault.held > 0, 600_000);
  faults.remove(id);
  expect(await waiting).toBe(false);
});

test("the log says which fault a request met, and that a lost one has no status", async () => {
  await bed.control.delete("/requests");
  const { id } = await bed.fault(MINT, { kind: "lost-after-effect" });
  await bed.key(MINT, wanted).catch(() => undefined);
  const { requests } = await bed.control.get<{ requests: unknown[] }>("/requests");
  expect(requests).toEqual([expect.objectContaining({ fault: id, status: null, accepted: true, signed: true })]);
});

test.each([
  [{ venue: "nowhere", match: { path: "/x" }, kind: "500" }, 'venue: "nowhere"'],
  [{ venue: "bitfinex", match: { path: "x" }, kind: "500" }, "match.path"],
  [{ venue: "bitfinex", match: { path: "/x" }, kind: "flood" }, "kind"],
  [{ venue: "bitfinex", match: { path: "/x" }, kind: "delay" }, "ms"],
  [{ venue: "bitfinex", match: { path: "/x" }, kind: "500", ms: 1 }, "ms"],
  [{ venue: "bitfinex", match: { path: "/x", header: "y" }, kind: "500" }, "header"],
])("refuses the fault %j", async (fault, where) => {
  await expect(bed.control.post("/faults", fault)).rejects.toMatchObject({ status: 400, message: expect.stringContaining(where) });
});

// The way to a venue for one account: guard, queue, nonces, one request at a time, and what to make of its answer.
// The one file that imports got, whose own retries are off: each attempt is a new, newly signed request.

import http, { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { TLSSocket } from "node:tls";
import got from "got";
import type { Answer, Call } from "../core/driver";
import { KeyError } from "../core/errors";
import { type Asked, retryAfterMs } from "./answer";
import type { Channel, ChannelOptions } from "./channel";
import { type Fault, faultError, faultOf, parseError } from "./fault";
import { checkCredentials, checkHosts } from "./hosts";
import { Nonces, VenueTime } from "./nonce";
import { proxyFor, TunnelAgent } from "./proxy";
import { AccountQueue } from "./queue";
import { backoffMs, decide } from "./retry";

export type { Channel, ChannelOptions, Counts } from "./channel";

const DEADLINE_MS = 20_000;
const ATTEMPT_MS = 10_000;
const MAX_BYTES = 1_048_576;
const MAX_LONG_BYTES = 16 * MAX_BYTES;
const ATTEMPTS = 4;
/** A group rests no longer than this, whatever a venue asks for; the next call meets the refusal itself. */
const LONGEST_HOLD_MS = 60_000;
/** Idle connections are dropped before venues drop them, so that no write meets a connection that is just being closed. */
const IDLE_MS = 4_000;
const KEPT: https.AgentOptions = { keepAlive: true, timeout: IDLE_MS, rejectUnauthorized: true };

/**
 * Opens the way to a venue for one account.
 *
 * @throws KeyError `transport` for hosts that the environment may not have, `configuration` for a proxy that is no address.
 * @example
 * const channel = openChannel({ venue: "bitfinex", hosts: { public: "https://api-pub.bitfinex.com" }, sandbox: false,
 *   limits: { public: { requests: 30, perMs: 60_000 } }, nonceUnit: "ms", clock: Date.now });
 * const asked = { venue: "bitfinex", operation: "platform status" };
 * await channel.send({ operation: asked.operation, intent: "read", method: "GET", host: "public", path: "/v2/platform/status",
 *   limit: "public", parse: (answer) => json(answer, z.tuple([z.number()]), asked) });
 * channel.close();
 */
export function openChannel(options: ChannelOptions): Channel {
  return new AccountChannel(options);
}

interface Way {
  readonly base: string;
  readonly agent: { readonly http: http.Agent } | { readonly https: https.Agent };
}

type Attempt<T> = { readonly value: T } | { readonly error: KeyError; readonly askedMs?: number | undefined };

class AccountChannel implements Channel {
  readonly counts = { reads: 0, writes: 0, retries: 0, rateLimited: 0 };
  readonly #options: ChannelOptions;
  readonly #ways: ReadonlyMap<string, Way>;
  readonly #closing = new AbortController();
  readonly #queue: AccountQueue;
  readonly #time = new VenueTime();
  readonly #nonces: Nonces;

  constructor(options: ChannelOptions) {
    checkHosts(options.hosts, options.sandbox, options.venue);
    this.#options = options;
    this.#ways = new Map(Object.entries(options.hosts).map(([name, base]) => [name, { base, agent: agentFor(base, options) }]));
    this.#queue = new AccountQueue(options.limits, options.share, this.#closing.signal);
    this.#nonces = new Nonces(options.nonceUnit, options.clock, () => this.#time.now());
  }

  venueNow(): number | undefined {
    return this.#time.now();
  }

  close(): void {
    this.#closing.abort();
    for (const { agent } of this.#ways.values()) ("http" in agent ? agent.http : agent.https).destroy();
  }

  async send<T>(call: Call<T>): Promise<T> {
    const { venue, deadlineMs = DEADLINE_MS, maxReads = ATTEMPTS } = this.#options;
    const asked: Asked = { venue, operation: call.operation };
    const way = this.#ways.get(call.host);
    if (way === undefined) throw new Error(`no host "${call.host}" in this environment`);
    checkCredentials(call.carries, exactUrl(way.base, call), asked);
    let spentMs = 0;
    for (let attempt = 1; ; attempt += 1) {
      const tried = await this.#unlessClosed(asked, () =>
        this.#queue.run(
          call.limit,
          async () => {
            if (call.intent === "write" && call.undo !== true) await this.#options.beforeWrite?.();
            const start = performance.now();
            if (attempt > 1) this.counts.retries += 1;
            const result = await this.#attempt(call, way, deadlineMs - spentMs);
            spentMs += performance.now() - start;
            if ("error" in result) this.#rest(call.limit, attempt, result);
            return result;
          },
          call.weight,
        ),
      );
      if ("value" in tried) return tried.value;
      const next = decide({ ...tried, intent: call.intent, attempt, spentMs }, { attempts: maxReads, deadlineMs }, Math.random());
      if (!next.again) throw tried.error;
      await this.#unlessClosed(asked, () => sleep(next.waitMs, undefined, { signal: this.#closing.signal }));
      spentMs += next.waitMs;
    }
  }

  /** One request, signed for this attempt. Faults of the program are thrown; all else is a result. */
  async #attempt<T>(given: Call<T>, way: Way, leftMs: number): Promise<Attempt<T>> {
    const call = { ...given, ...given.attempt?.() };
    const url = exactUrl(way.base, call);
    const {
      venue,
      attemptMs = ATTEMPT_MS,
      maxBytes = call.long === true ? MAX_LONG_BYTES : MAX_BYTES,
      sourceAddress,
      clock,
    } = this.#options;
    const asked: Asked = { venue, operation: call.operation };
    const body = call.body ?? "";
    const nonce = call.nonces === undefined ? "" : this.#nonces.next(call.nonces, call.nonceUnit);
    const headers = { ...this.#options.headers, ...call.headers?.({ nonce, body }) };
    this.counts[call.intent === "read" ? "reads" : "writes"] += 1;
    const limits = { ms: Math.min(attemptMs, leftMs), maxBytes, closing: this.#closing.signal };
    const answered = await exchange({ url, method: call.method, headers, body, agent: way.agent, sourceAddress }, limits);
    const at = this.#time.heard(answered.headers["date"], answered.headersAt) ?? clock();
    if (answered.fault !== undefined) return { error: faultError(answered.fault, call.intent, asked) };
    const answer: Answer = { status: answered.status, headers: answered.headers, text: answered.text, at };
    try {
      return { value: call.parse(answer) };
    } catch (error) {
      if (call.nonces !== undefined && error instanceof KeyError && error.code === "nonce-refused") this.#nonces.tooSmall(call.nonces);
      const askedMs = (error instanceof KeyError ? error.retryAfterMs : undefined) ?? retryAfterMs(answer);
      return { error: parseError(error, call.intent, asked), askedMs };
    }
  }

  /** After a rate limit was met, the whole group rests, not this call alone. */
  #rest(group: string, attempt: number, { error, askedMs }: { readonly error: KeyError; readonly askedMs?: number | undefined }): void {
    if (error.code !== "rate-limited") return;
    this.counts.rateLimited += 1;
    this.#queue.hold(group, Math.min(askedMs ?? backoffMs(attempt), LONGEST_HOLD_MS));
  }

  /** Runs a step; when the channel is closed meanwhile, says so. */
  async #unlessClosed<T>(asked: Asked, step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (!this.#closing.signal.aborted || error instanceof KeyError) throw error;
      throw new KeyError("unreachable", { ...asked, cause: "the run ended before this was sent", wayOut: "run again" });
    }
  }
}

/** The address of a call, which must reach the venue byte for byte as it was signed. */
function exactUrl(base: string, call: Call<unknown>): URL {
  const url = new URL(call.path, base);
  if (url.origin !== new URL(base).origin || url.pathname + url.search !== call.path) {
    throw new Error(`${call.operation}: the path isn't in the form in which it would be sent`);
  }
  if (call.method === "GET" && call.body !== undefined) throw new Error(`${call.operation}: a GET has no body`);
  return url;
}

function agentFor(base: string, options: ChannelOptions): Way["agent"] {
  if (options.sandbox)
    return base.startsWith("https:") ? { https: new https.Agent(KEPT) } : { http: new http.Agent({ keepAlive: true, timeout: IDLE_MS }) };
  const proxy = proxyFor(base, options.proxy, options.proxyVariables ?? {}, options.venue);
  if (proxy === undefined) return { https: new https.Agent(KEPT) };
  return { https: new TunnelAgent(proxy, KEPT, options.attemptMs ?? ATTEMPT_MS, options.sourceAddress) };
}

interface Outgoing {
  readonly url: URL;
  readonly method: Call<unknown>["method"];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly agent: Way["agent"];
  readonly sourceAddress: string | undefined;
}

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** When the headers came, by the clock that can't be set. */
  readonly headersAt: number;
  readonly fault?: Fault;
}

/** One request over the wire, within its time and size. Never rejects: got's errors hold the request and end here. */
async function exchange(
  { url, method, headers, body, agent, sourceAddress }: Outgoing,
  limits: { readonly ms: number; readonly maxBytes: number; readonly closing: AbortSignal },
): Promise<Answered> {
  const stream = got.stream(url, {
    method,
    headers: { "user-agent": "pulumi-exchange-keys", ...headers },
    agent,
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    ...(method === "GET" ? {} : { body }),
    ...(sourceAddress === undefined ? {} : { localAddress: sourceAddress }),
  });
  const watch = watchSending(stream);
  let status = 0;
  let headersAt = 0;
  let heard: Readonly<Record<string, string>> = {};
  let stopped: Pick<Fault, "kind" | "cause" | "transient"> | undefined;
  const stop = (kind: Fault["kind"], cause: string, transient: boolean): void => {
    stopped ??= { kind, cause, transient };
    stream.destroy();
  };
  const tooLarge = (): void => stop("broken-answer", `the answer is larger than ${limits.maxBytes} bytes`, false);
  stream.on("error", () => undefined);
  stream.once("response", (response: IncomingMessage) => {
    headersAt = performance.now();
    status = response.statusCode ?? 0;
    heard = flat(response.headers);
    if (status >= 300 && status < 400)
      stop("broken-answer", `the venue answered with a redirect (HTTP ${status}), which is never followed`, false);
  });
  const seconds = Number((limits.ms / 1000).toPrecision(2));
  const timer = setTimeout(() => {
    if (watch.sent) stop("timeout", `no complete answer came within ${seconds} s`, true);
    else stop("unreachable", `no connection came about within ${seconds} s`, true);
  }, limits.ms);
  const onClose = (): void => stop("unreachable", "the run ended before an answer came", false);
  limits.closing.addEventListener("abort", onClose, { once: true });
  const chunks: Buffer[] = [];
  let size = 0;
  let fault: Fault | undefined;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limits.maxBytes) tooLarge();
      if (stopped !== undefined) break;
      chunks.push(chunk);
    }
  } catch (error) {
    fault = faultOf(error, status !== 0, watch.sent);
  } finally {
    clearTimeout(timer);
    limits.closing.removeEventListener("abort", onClose);
  }
  if (stopped !== undefined) fault = { ...stopped, sent: watch.sent };
  return {
    status,
    headers: heard,
    text: fault === undefined ? Buffer.concat(chunks).toString("utf8") : "",
    headersAt,
    ...(fault === undefined ? {} : { fault }),
  };
}

/** Whether a byte of a request may have left: false until its connection stands, with TLS where it has TLS. */
function watchSending(stream: NodeJS.EventEmitter): { readonly sent: boolean } {
  const state = { sent: false };
  const mark = (): void => void (state.sent = true);
  const look = (socket: Socket): void => {
    if (!socket.connecting) mark();
    else socket.once(socket instanceof TLSSocket ? "secureConnect" : "connect", mark);
  };
  stream.once("request", (request: ClientRequest) => {
    if (request.socket === null) request.once("socket", look);
    else look(request.socket);
  });
  stream.once("response", mark);
  return state;
}

function flat(headers: IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
  );
  return Object.fromEntries(entries) as Record<string, string>;
}

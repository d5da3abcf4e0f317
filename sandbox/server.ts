// The HTTP server of one venue: takes a request as it comes, lets the faults at it, asks the dialect, logs and answers.
// On node:http itself, since the dialects need the raw bytes and the faults need the raw socket.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Addresses } from "./addresses";
import type { Clock } from "./clock";
import { deliver, hangUp, type Manner } from "./delivery";
import type { Answer, OpenVenue, VenueRequest } from "./dialect";
import type { Fault, FaultKind, Faults } from "./faults";
import type { RequestEntry, RequestLog } from "./requests";
import type { Store } from "./store";

/** Larger bodies are refused; no documented request comes near. */
const BODY_LIMIT = 1_000_000;

export interface VenueServerParts {
  readonly name: string;
  readonly venue: OpenVenue<unknown>;
  readonly clock: Clock;
  readonly addresses: Addresses;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly store: Store;
}

/** Serves a venue on 127.0.0.1; port 0 takes any free one. */
export async function serveVenue(parts: VenueServerParts, port: number): Promise<{ readonly url: string; close(): Promise<void> }> {
  // Longer than any client keeps a connection for later, so that none is closed under a request.
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    handle(parts, request, response).catch((error: unknown) => {
      // A mistake of the sandbox itself, or a state file that can't be written: nothing that a venue would say.
      if (response.headersSent) return hangUp(response);
      const body = { error: `the sandbox failed: ${(error as Error).message}` };
      return deliver(response, { status: 500, body }, parts.clock.now(), { as: "whole" });
    });
  });
  await listen(server, port, parts.name);
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actual}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE" ? new Error(`${name}: port ${port} of 127.0.0.1 is taken; choose another port base, or 0`) : error,
      );
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}

async function handle(parts: VenueServerParts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = message.url ?? "/";
  const url = new URL(target, "http://sandbox");
  const method = message.method ?? "GET";
  const source = parts.addresses.seen(message.socket.remoteAddress);
  const entry = parts.log.open({ at: new Date(parts.clock.now()).toISOString(), venue: parts.name, method, path: url.pathname, source });
  const body = await bodyOf(message);
  const fault = parts.faults.take(parts.name, method, url.pathname);
  entry.fault = fault?.id ?? null;

  const ask = (): Answer => {
    if (body === undefined) return { status: 413, body: { error: "body too large" } };
    const request: VenueRequest = { method, path: url.pathname, query: url.searchParams, target, headers: message.headers, body, source };
    const { console: pages } = parts.venue;
    const answer =
      pages && isConsole(url.pathname)
        ? pages.answer({ ...request, port: message.socket.localPort ?? 0 }, entry)
        : parts.venue.answer(request, entry);
    parts.store.save();
    return answer;
  };

  const before = fault && phaseOf(fault.spec.what) === "before";
  if (fault && before && (await pause(fault, response)) === "dropped") return hangUp(response);
  const replaced = fault && replacement(parts, fault.spec.what);
  const answer = before && replaced ? replaced : ask();
  if (fault && !before && (await pause(fault, response)) === "dropped") return hangUp(response);
  const shown = replaced ?? answer;
  if (fault && isLost(fault.spec.what)) return hangUp(response);

  close(entry, shown);
  await deliver(response, shown, parts.clock.now() + skewOf(fault), mannerOf(fault));
}

/** Where a venue's web pages are. */
export const CONSOLE = "/console";

function isConsole(path: string): boolean {
  return path === CONSOLE || path.startsWith(`${CONSOLE}/`);
}

function phaseOf(what: FaultKind): "before" | "after" {
  if (what.kind === "lost-after-effect" || what.kind === "truncated") return "after";
  return what.kind === "clock" ? "before" : what.phase;
}

/** Delays or holds, where the fault says so. */
async function pause(fault: Fault, response: ServerResponse): Promise<"released" | "dropped"> {
  const { what } = fault.spec;
  if (what.kind === "delay") {
    await new Promise((resolve) => setTimeout(resolve, what.ms).unref());
    return "released";
  }
  if (what.kind !== "hold") return "released";
  const gone = (): void => fault.callerGone();
  response.once("close", gone);
  const outcome = await fault.hold();
  response.off("close", gone);
  return outcome;
}

/** The answer that a fault puts in the place of the venue's own. */
function replacement({ venue }: VenueServerParts, what: FaultKind): Answer | undefined {
  switch (what.kind) {
    case "refuse":
      return venue.fail(what);
    case "429":
    case "503": {
      const answer = venue.fail({ kind: what.kind });
      return what.retryAfter === undefined ? answer : { ...answer, headers: { ...answer.headers, "retry-after": what.retryAfter } };
    }
    case "500":
    case "maintenance":
      return venue.fail({ kind: what.kind });
    case "html":
      return {
        status: what.status,
        contentType: "text/html; charset=utf-8",
        body: "<!doctype html><title>Bad gateway</title><h1>Bad gateway</h1>\n",
      };
    case "huge":
      return { status: 200, body: null };
    case "wrong-shape":
      return { status: 200, body: what.body };
    case "reset":
      // Never sent: it only keeps a reset before the effect from having one.
      return { status: 0, body: null };
    default:
      return undefined;
  }
}

function isLost(what: FaultKind): boolean {
  return what.kind === "reset" || what.kind === "lost-after-effect";
}

function skewOf(fault: Fault | undefined): number {
  return fault?.spec.what.kind === "clock" ? fault.spec.what.skewMs : 0;
}

function mannerOf(fault: Fault | undefined): Manner {
  const what = fault?.spec.what;
  if (what?.kind === "huge") return { as: "huge", bytes: what.bytes };
  return { as: what?.kind === "truncated" ? "truncated" : "whole" };
}

function close(entry: RequestEntry, answer: Answer): void {
  entry.status = answer.status;
  entry.code = answer.code ?? null;
}

/** The body byte for byte; `undefined` when it is too large. */
async function bodyOf(message: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size <= BODY_LIMIT) pieces.push(piece);
  }
  return size <= BODY_LIMIT ? Buffer.concat(pieces) : undefined;
}

// Puts an answer on the wire: whole, cut off, endless, or not at all. Apart, because only here does the sandbox handle
// the socket, and only here an answer gets its date.

import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Answer } from "./dialect";

export type Manner = { readonly as: "whole" } | { readonly as: "truncated" } | { readonly as: "huge"; readonly bytes: number };

/** Sends an answer dated `at` (milliseconds since 1970). Ends quietly when the caller has hung up. */
export async function deliver(response: ServerResponse, answer: Answer, at: number, manner: Manner): Promise<void> {
  if (response.destroyed) return;
  response.sendDate = false;
  response.setHeader("date", new Date(at).toUTCString());
  const empty = answer.status === 204;
  if (!empty) response.setHeader("content-type", answer.contentType ?? "application/json; charset=utf-8");
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  response.statusCode = answer.status;
  if (manner.as === "huge") return endless(response, manner.bytes);
  if (empty) {
    // No body, and nothing that describes one; half of nothing is nothing.
    if (manner.as === "whole") response.end();
    else response.destroy();
    return;
  }

  const text = answer.contentType === undefined ? JSON.stringify(answer.body) : String(answer.body);
  const bytes = Buffer.from(text, "utf8");
  response.setHeader("content-length", bytes.length);
  if (manner.as === "whole") {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}

/** Hangs up without an answer, as a broken network would. */
export function hangUp(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** Sends a JSON array of one long string, as fast as the caller takes it. */
async function endless(response: ServerResponse, total: number): Promise<void> {
  const piece = Buffer.alloc(64 * 1024, "x");
  const pieces = function* (): Generator<Buffer> {
    yield Buffer.from('["');
    for (let sent = 0; sent < total; sent += piece.length) yield piece;
    yield Buffer.from('"]');
  };
  // A caller that hangs up midway is what this answer is for.
  await pipeline(Readable.from(pieces()), response).catch(() => undefined);
}

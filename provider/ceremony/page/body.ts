// What a request may carry: one JSON object of a known form, limited in size.

import { type IncomingMessage } from "node:http";
import * as z from "zod";

export const largestBody = 65_536; // bytes: a probe's statement is some hundred

const id = z.string().max(200);
const task = z.strictObject({ id });

/** The form of each call, by path. */
export const calls = {
  "/api/outside": z.strictObject({}),
  "/api/link": z.strictObject({ token: z.string().max(200) }),
  "/api/code": z.strictObject({ code: z.string().max(200) }),
  "/api/tasks": z.strictObject({ seen: z.number().int() }),
  "/api/begin": task,
  "/api/submit": z.strictObject({ id, apiKey: z.string().max(4096), apiSecret: z.string().max(4096) }),
  "/api/again": task,
  "/api/evidence": z.strictObject({ id, statement: z.string().max(32_768) }),
  "/api/attest": task,
  "/api/discard": task,
} as const;

export type Path = keyof typeof calls;

export const isPath = (path: string): path is Path => Object.hasOwn(calls, path);

/** The body, or the status to refuse with. */
export async function readBody(request: IncomingMessage): Promise<{ readonly json: unknown } | { readonly refused: 400 | 413 | 415 }> {
  if (request.headers["content-type"] !== "application/json" || request.headers["content-encoding"] !== undefined) return { refused: 415 };
  if (Number(request.headers["content-length"] ?? 0) > largestBody) return { refused: 413 };
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > largestBody) return { refused: 413 };
    parts.push(part);
  }
  try {
    return { json: JSON.parse(Buffer.concat(parts).toString("utf8")) };
  } catch {
    return { refused: 400 };
  }
}

// Real servers on loopback that play a venue, and calls as a driver makes them.

import http from "node:http";
import type https from "node:https";
import type { AddressInfo } from "node:net";
import { openChannel } from "../../provider/http/client";
import type { Channel, ChannelOptions } from "../../provider/http/channel";
import type { Answer, Call } from "../../provider/core/driver";
import type { Credential } from "../../provider/core/model";
import { Secret } from "../../provider/core/secret";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly from: string;
  /** Monotonic milliseconds. */
  readonly at: number;
}

export type Play = (response: http.ServerResponse, seen: Seen, count: number) => void;

const closers: (() => void)[] = [];

/** Everything that a test opened. */
export function closeAll(): void {
  for (const close of closers.splice(0)) close();
}

export function closing(close: () => void): void {
  closers.push(close);
}

/** Starts a venue; `seen` has each request in order. */
export async function venue(play: Play): Promise<{ readonly url: string; readonly seen: Seen[]; readonly server: http.Server }> {
  const seen: Seen[] = [];
  const server = http.createServer((request, response) => {
    const at = performance.now();
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const one = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        from: request.socket.remoteAddress ?? "",
        at,
      };
      seen.push(one);
      play(response, one, seen.length);
    });
  });
  const url = await listen(server);
  return { url, seen, server };
}

export async function listen(server: http.Server | https.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A channel to a sandbox at this address. */
export function channelTo(url: string, more: Partial<ChannelOptions> = {}): Channel {
  const channel = openChannel({
    venue: "acme (sandbox)",
    hosts: { api: url },
    sandbox: true,
    limits: "off",
    nonceUnit: "ms",
    clock: Date.now,
    ...more,
  });
  closing(() => channel.close());
  return channel;
}

export const SECRET_TEXT = "sandbox-5ecret-0f-the-account";
export const KEY_TEXT = "sandbox-key-0f-the-account";
export const CREDENTIAL: Credential = { kind: "api-key", apiKey: KEY_TEXT, apiSecret: new Secret(SECRET_TEXT) };

/** A call with a credential in its headers and a secret in its body. */
export function call<T = string>(more: Partial<Call<T>> = {}): Call<T> {
  const text = (answer: Answer) => answer.text as T;
  return { operation: "ask", intent: "read", method: "GET", host: "api", path: "/v2/x", limit: "g", carries: [], parse: text, ...more };
}

/** What a promise was rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error,
  );
}

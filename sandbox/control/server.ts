// The control API's server: who may call, errors, and which routes there are. Its port is its own, so that nothing of it
// can be mistaken for something a venue offers.

import { createHash, timingSafeEqual } from "node:crypto";
import type { AddressInfo } from "node:net";
import fastify, { type FastifyInstance } from "fastify";
import type { Addresses } from "../addresses";
import type { Clock } from "../clock";
import type { OpenVenue } from "../dialect";
import type { Faults } from "../faults";
import type { Limiter } from "../limits";
import type { RequestLog } from "../requests";
import type { Store } from "../store";
import type { Switches } from "../switches";
import { clockRoutes } from "./clock";
import { faultRoutes } from "./faults";
import { explain } from "./input";
import { requestRoutes } from "./requests";
import { venueRoutes } from "./venues";

/** A running venue as the control API sees it. */
export interface ControlledVenue {
  readonly venue: OpenVenue<unknown>;
  readonly switches: Switches;
  readonly limiter: Limiter;
  readonly maintenance: { on: boolean };
}

export interface ControlParts {
  readonly token: string;
  readonly clock: Clock;
  readonly addresses: Addresses;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly store: Store;
  readonly venues: ReadonlyMap<string, ControlledVenue>;
}

/** Anybody on this machine may ask for these. */
const OPEN = new Set(["GET /clock", "GET /healthz"]);

export async function serveControl(parts: ControlParts, port: number): Promise<{ readonly url: string; close(): Promise<void> }> {
  const app = fastify({ logger: false, forceCloseConnections: true });
  // An empty body with a JSON content type is what many HTTP clients send with a POST that needs none.
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    try {
      done(null, text === "" ? undefined : JSON.parse(text as string));
    } catch {
      done(Object.assign(new Error("the body is no JSON"), { statusCode: 400 }));
    }
  });
  app.addHook("onRequest", async (request, reply) => {
    const open = OPEN.has(`${request.method} ${request.url.split("?")[0]}`);
    if (!open && !sameToken(request.headers.authorization, parts.token)) {
      await reply.code(401).send({ error: "the control API needs `authorization: Bearer <token>`, as the sandbox printed it" });
    }
  });
  app.addHook("onSend", async (request, _reply, payload) => {
    if (request.method !== "GET") parts.store.save();
    return payload;
  });
  app.setErrorHandler(async (error, _request, reply) => {
    const { status, message } = explain(error);
    await reply.code(status).send({ error: message });
  });
  app.setNotFoundHandler(async (request, reply) => {
    await reply.code(404).send({ error: `the control API has no ${request.method} ${request.url.split("?")[0]}; see docs/sandbox.md` });
  });
  app.get("/healthz", () => ({ ok: true, venues: [...parts.venues.keys()] }));
  for (const routes of [clockRoutes, faultRoutes, requestRoutes, venueRoutes]) routes(app, parts);
  await start(app, port);
  const { port: actual } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${actual}`, close: () => app.close() };
}

async function start(app: FastifyInstance, port: number): Promise<void> {
  try {
    await app.listen({ host: "127.0.0.1", port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new Error(`control: port ${port} of 127.0.0.1 is taken; choose another port base, or 0`);
  }
}

function sameToken(header: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(header ?? ""), digest(`Bearer ${token}`));
}

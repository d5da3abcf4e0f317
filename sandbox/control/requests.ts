// Routes of the request log.

import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { parse } from "./input";
import type { ControlParts } from "./server";

const filterSchema = z.strictObject({
  venue: z.string().optional(),
  path: z.string().optional(),
  since: z.coerce.number().int().min(0).optional(),
});

export function requestRoutes(app: FastifyInstance, { log }: ControlParts): void {
  app.get("/requests", (request) => ({ latest: log.latest, requests: log.list(parse(filterSchema, request.query)) }));
  app.delete("/requests", async (_request, reply) => {
    log.clear();
    return reply.code(204).send();
  });
}

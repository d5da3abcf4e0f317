// Routes of the faults: set, watched, released, taken away.

import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { faultSchema, type Fault } from "../faults";
import { ControlError, parse } from "./input";
import type { ControlParts } from "./server";

const waitSchema = z.strictObject({
  /** How many requests must have met the fault (for a hold: be held, or have been). */
  hits: z.coerce.number().int().min(1).default(1),
  /** How many held requests must have lost their caller; waits for that instead. */
  gone: z.coerce.number().int().min(1).optional(),
  timeoutMs: z.coerce.number().int().min(0).max(600_000).default(30_000),
});

type WithId = { Params: { id: string } };

export function faultRoutes(app: FastifyInstance, { faults, venues }: ControlParts): void {
  const find = (id: string): Fault => {
    const fault = faults.get(id);
    if (!fault) throw new ControlError(404, `there is no fault ${id}`);
    return fault;
  };
  app.get("/faults", () => faults.all().map((fault) => fault.view()));
  app.post("/faults", async (request, reply) => {
    const spec = parse(faultSchema, request.body);
    if (!venues.has(spec.venue))
      throw new ControlError(400, `venue: "${spec.venue}" isn't running; there is ${[...venues.keys()].join(", ")}`);
    return reply.code(201).send(faults.add(spec).view());
  });
  app.delete("/faults", async (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  app.get<WithId>("/faults/:id", (request) => find(request.params.id).view());
  app.get<WithId>("/faults/:id/wait", async (request) => {
    const fault = find(request.params.id);
    const { hits, gone, timeoutMs } = parse(waitSchema, request.query);
    const holds = fault.spec.what.kind === "hold";
    const reached = await fault.until(
      (seen) => (gone === undefined ? (holds ? seen.held : seen.hits) >= hits : seen.gone >= gone),
      timeoutMs,
    );
    return { reached, ...fault.view() };
  });
  app.post<WithId>("/faults/:id/release", (request) => {
    const fault = find(request.params.id);
    return { released: fault.let("released"), ...fault.view() };
  });
  app.delete<WithId>("/faults/:id", async (request, reply) => {
    find(request.params.id);
    faults.remove(request.params.id);
    return reply.code(204).send();
  });
}

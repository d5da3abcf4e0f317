// Routes of the clock and of the address map.

import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { parseDuration, type Clock } from "../clock";
import { ControlError, parse } from "./input";
import type { ControlParts } from "./server";

const clockSchema = z
  .strictObject({
    advance: z.string().optional(),
    set: z.iso.datetime({ offset: true }).optional(),
    offsetMs: z.int().optional(),
  })
  .refine((body) => Object.values(body).filter((value) => value !== undefined).length === 1, "give one of advance, set, offsetMs");

const addressSchema = z.record(z.string(), z.string().nullable());

export function clockRoutes(app: FastifyInstance, { clock, addresses }: ControlParts): void {
  app.get("/clock", () => show(clock));
  app.post("/clock", (request) => {
    const body = parse(clockSchema, request.body);
    if (body.advance !== undefined) {
      const ms = parseDuration(body.advance);
      if (ms === undefined) throw new ControlError(400, `advance: "${body.advance}" is no duration such as "16h", "1h30m" or "-5m"`);
      clock.advance(ms);
    }
    if (body.set !== undefined) clock.set(Date.parse(body.set));
    if (body.offsetMs !== undefined) clock.setOffset(body.offsetMs);
    return show(clock);
  });
  app.get("/addresses", () => addresses.all());
  app.patch("/addresses", (request) => {
    addresses.patch(parse(addressSchema, request.body));
    return addresses.all();
  });
}

function show(clock: Clock): { now: string; offsetMs: number } {
  return { now: new Date(clock.now()).toISOString(), offsetMs: clock.offsetMs };
}

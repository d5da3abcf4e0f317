// Routes of one venue: its switches, limits and maintenance, and what a person does on its web pages.

import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Collection } from "../dialect";
import { limitSchema } from "../limits";
import { ControlError, parse } from "./input";
import type { ControlledVenue, ControlParts } from "./server";

type OfVenue = { Params: { venue: string } };
type OfCollection = { Params: { venue: string; collection: string } };
type OfItem = { Params: { venue: string; collection: string; id: string } };

const limitChanges = z.strictObject({
  enabled: z.boolean().optional(),
  all: limitSchema.nullable().optional(),
  endpoints: z.record(z.string(), limitSchema.nullable()).optional(),
});
const switchChanges = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const listOptions = z.strictObject({ secrets: z.enum(["true", "false"]).default("false") });

export function venueRoutes(app: FastifyInstance, { venues }: ControlParts): void {
  const find = (name: string): ControlledVenue => {
    const venue = venues.get(name);
    if (!venue) throw new ControlError(404, `the venue "${name}" isn't running; there is ${[...venues.keys()].join(", ")}`);
    return venue;
  };
  app.get<OfVenue>("/venues/:venue/switches", ({ params }) => find(params.venue).switches.all());
  app.patch<OfVenue>("/venues/:venue/switches", ({ params, body }) => {
    const { switches } = find(params.venue);
    switches.patch(parse(switchChanges, body));
    return switches.all();
  });
  app.get<OfVenue>("/venues/:venue/limits", ({ params }) => find(params.venue).limiter.all());
  app.patch<OfVenue>("/venues/:venue/limits", ({ params, body }) => {
    const { limiter } = find(params.venue);
    limiter.patch(parse(limitChanges, body));
    return limiter.all();
  });
  app.get<OfVenue>("/venues/:venue/maintenance", ({ params }) => ({ on: find(params.venue).maintenance.on }));
  app.put<OfVenue>("/venues/:venue/maintenance", ({ params, body }) => {
    const { maintenance } = find(params.venue);
    maintenance.on = parse(z.strictObject({ on: z.boolean() }), body).on;
    return { on: maintenance.on };
  });
  deskRoutes(app, find);
}

function deskRoutes(app: FastifyInstance, find: (name: string) => ControlledVenue): void {
  const collectionOf = ({ venue, collection }: OfCollection["Params"]): Collection => {
    const { desk } = find(venue).venue;
    const found = Object.hasOwn(desk, collection) ? desk[collection] : undefined;
    if (!found) throw new ControlError(404, `${venue} has no "${collection}"; there are ${Object.keys(desk).join(", ")}`);
    return found;
  };
  const cannot = (verb: string, { venue, collection }: OfCollection["Params"]): never => {
    throw new ControlError(405, `${collection} of ${venue} can't be ${verb} here`);
  };
  app.get<OfCollection>("/venues/:venue/:collection", ({ params, query }) =>
    collectionOf(params).list({ secrets: parse(listOptions, query).secrets === "true" }),
  );
  app.post<OfCollection>("/venues/:venue/:collection", async ({ params, body }, reply) => {
    const made = collectionOf(params).create?.(body) ?? cannot("made", params);
    return reply.code(201).send(made);
  });
  app.patch<OfItem>(
    "/venues/:venue/:collection/:id",
    ({ params, body }) => collectionOf(params).edit?.(params.id, body) ?? cannot("edited", params),
  );
  app.delete<OfItem>(
    "/venues/:venue/:collection/:id",
    ({ params }) => collectionOf(params).remove?.(params.id) ?? cannot("revoked", params),
  );
}

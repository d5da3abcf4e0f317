// Turns what callers of the control API send into values, or into one clear sentence. Apart, because every route does it.

import { z } from "zod";
import { NotThere } from "../dialect";
import { StateError } from "../store";

/** A mistake of the caller, with the HTTP status that tells which. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  constructor(
    readonly statusCode: number,
    message: string,
  ) {
    super(message);
  }
}

export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  return schema.parse(value ?? {});
}

/** Status and sentence for anything that a route threw. */
export function explain(error: unknown): { status: number; message: string } {
  if (error instanceof z.ZodError) return { status: 400, message: error.issues.map(sentence).join("; ") };
  if (error instanceof RangeError) return { status: 400, message: error.message };
  if (error instanceof NotThere) return { status: 404, message: `there is no ${error.message}` };
  if (error instanceof ControlError) return { status: error.statusCode, message: error.message };
  if (error instanceof StateError) return { status: 500, message: error.message };
  const status = (error as { statusCode?: unknown }).statusCode;
  return typeof status === "number" && status < 500
    ? { status, message: (error as Error).message }
    : { status: 500, message: "the sandbox failed; this is a mistake of its own" };
}

function sentence(issue: z.core.$ZodIssue): string {
  const where = issue.path.map(String).join(".");
  return where === "" ? issue.message : `${where}: ${issue.message}`;
}

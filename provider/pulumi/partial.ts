// Errors in the form that the engine understands: with a stack that holds no code, and with properties where something must be recorded.

import type { KeyError } from "../core/errors";

/** Makes the engine record a resource that is only half done; it shows `reasons` alone. */
export class Partial extends Error {
  override readonly name = "Partial";
  readonly reasons: readonly string[];
  constructor(
    readonly id: string,
    readonly properties: Record<string, unknown>,
    because: KeyError,
  ) {
    super(because.message);
    this.reasons = [because.message];
  }
}

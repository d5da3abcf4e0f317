// The environment of an account isn't an input of its keys. The engine shows policies the provider's inputs, and those of a dynamic
// provider are the stack's configuration: there it stands. Credentials may stand beside it, and nothing else is read.

import { member, UNKNOWN } from "./known";

const ACCOUNTS = "exchange-keys:accounts";

/** Of the account of this alias: unknown yet, or undefined where the configuration can't be seen or doesn't say it. */
export function environmentOf(
  configuration: Readonly<Record<string, unknown>> | undefined,
  alias: unknown,
): string | undefined | typeof UNKNOWN {
  if (alias === UNKNOWN) return UNKNOWN;
  const accounts = configuration === undefined ? undefined : member(configuration, ACCOUNTS);
  if (accounts === UNKNOWN) return UNKNOWN;
  const account = typeof alias === "string" ? own(parsed(accounts), alias) : undefined;
  const environment = own(account, "environment");
  return typeof environment === "string" ? environment : undefined;
}

function own(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** The engine hands a structured value over as JSON. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

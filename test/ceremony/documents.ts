// Previews and exports as the CLI prints them, of keys that a person makes; written out, so that each test changes one thing.

import { fingerprint } from "../../provider/core/secret";

export const KIND = "pulumi-nodejs:dynamic/exchange-keys/bitfinex:ApiKey";
export const byHand = (venue: string, kind: string): boolean => venue === "bitfinex" && kind === "ApiKey";

type Values = Readonly<Record<string, unknown>>;

export interface Written {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Values;
  readonly outputs?: Values;
}

export function urnOf(name: string, type = KIND): string {
  return `urn:pulumi:production::desk::${type}::${name}`;
}

/** Canonical inputs. */
export function inputs(name: string, changes: Values = {}): Values {
  const given = {
    __provider: "text",
    venue: "bitfinex",
    kind: "ApiKey",
    identity: { organization: "acme", project: "desk", stack: "production", type: KIND, name },
    account: "main",
    permissions: { orders: "read-write" },
    allowedIps: { "203.0.113.10": "gateway" },
    nonceUnit: "ms",
    powers: { trade: "orders:write" },
    alive: true,
    generation: 1,
    decidedAt: "2030-01-01T00:00:00.000Z",
    reason: "first",
    keepUntil: {},
    ...changes,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Where a state or an export says that a value is secret. */
export function secret(plaintext?: unknown): Values {
  const hidden = plaintext === undefined ? { ciphertext: "v1:AAAA:BBBB" } : { plaintext: JSON.stringify(plaintext) };
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ...hidden };
}

/** What is recorded of one generation: its key is `sandbox-<name>-<generation>`. */
export function facts(name: string, generation: number): Values {
  return {
    generation,
    mark: String(generation).padStart(16, "0"),
    fingerprint: fingerprint("bitfinex", `sandbox-${name}-${generation}`),
    createdAt: "2030-01-01T00:00:00.000Z",
    venueLabel: `${name} ${String(generation).padStart(16, "0")}`,
  };
}

/** A resource in the state: its current generation, retiring ones, and inputs that differ from the usual. */
export function state(name: string, current: number, retiring: readonly number[] = [], changes: Values = {}): Written {
  const declared = inputs(name, { generation: current, ...changes });
  const outputs = {
    ...declared,
    ...facts(name, current),
    accountId: "123456",
    credential: "[secret]",
    apiKey: "[secret]",
    apiSecret: "[secret]",
    retiringCredentials: "[secret]",
    retiring: retiring.map((generation) => ({ ...facts(name, generation), end: "2030-02-01T00:00:00.000Z" })),
    grants: ["orders:write"],
    warnings: [],
  };
  return { urn: urnOf(name), type: KIND, inputs: declared, outputs };
}

export function desired(name: string, changes: Values = {}): Written {
  return { urn: urnOf(name), type: KIND, inputs: inputs(name, changes) };
}

export function step(op: string, oldState?: Written, newState?: Written): Values {
  return {
    op,
    urn: (newState ?? oldState)!.urn,
    ...(oldState === undefined ? {} : { oldState }),
    ...(newState === undefined ? {} : { newState }),
  };
}

export function preview(...steps: readonly Values[]): Values {
  return { config: { "exchange-keys:accounts": "{}" }, steps, changeSummary: {} };
}

export function exported(...resources: readonly Written[]): Values {
  return { version: 3, deployment: { resources } };
}

// Keys as the engine shows them to a policy, and a pack asked about them as the SDK does it.

import type { Policies } from "@pulumi/policy";
import { keyPolicies } from "../../provider/policy";
import type { Configuration } from "../../provider/policy/configuration";
import type { Rule } from "../../provider/policy/rule";
import { venue } from "../../provider/venues/registry";

/** The SDK's own, which throws where an unknown value is touched. Not by the package's index, which loads a server. */
const { unknownCheckingProxy } = require("@pulumi/policy/proxy") as { unknownCheckingProxy<T>(value: T): T };

export type Inputs = Readonly<Record<string, unknown>>;

/** What the engine sends for a value that a preview doesn't know. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const ACCOUNTS = JSON.stringify({
  desk: { venue: "bybit", environment: "production", apiKeyEnv: "K", apiSecret: "not to be read" },
  trial: { venue: "bybit", environment: "testnet" },
});

/** Canonical inputs of a key that keeps every rule as it is by default. */
export const HARMLESS = {
  venue: "bybit",
  kind: "SubAccountApiKey",
  account: "desk",
  subAccount: "53888000",
  access: "read-only",
  permissions: { Spot: ["SpotTrade"] },
  powers: { read: "Spot:SpotTrade" },
  allowedIps: { "203.0.113.10": "fra1 gateway" },
  rotation: { every: "30d", overlap: "1d" },
  holder: "hedger at fra1",
  purpose: "hedging",
  alive: true,
  generation: 1,
  decidedAt: "2026-11-23T00:00:00.000Z",
  reason: "first",
  keepUntil: {},
};

/** Permissions that harm nobody, in the words of venues other than Bybit. */
const PERMISSIONS: Inputs = { okx: { read_only: true }, deribit: { trade: "read" }, bitfinex: { wallets: "read" } };

/** What `check` puts beside permissions. */
function powersOf({ venue: id, kind, permissions, ...extras }: Inputs): unknown {
  const kinds = venue(String(id))?.manifest().kinds ?? {};
  const manifest = Object.hasOwn(kinds, String(kind)) ? kinds[String(kind)] : undefined;
  if (manifest === undefined || permissions === UNKNOWN) return manifest === undefined ? HARMLESS.powers : UNKNOWN;
  return manifest.powers(manifest.grants(permissions as Inputs, extras));
}

/** A resource of the stack `production`, of the project `desk`. */
export function resource(name: string, changes: Inputs = {}): Resource {
  const permissions = PERMISSIONS[String(changes["venue"])] ?? HARMLESS.permissions;
  const inputs = { ...HARMLESS, permissions, ...changes };
  const whole = { ...inputs, powers: "powers" in changes ? changes["powers"] : powersOf(inputs) };
  const props = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined));
  const type = `pulumi-nodejs:dynamic/exchange-keys/${String(props["venue"])}:${String(props["kind"])}`;
  const identity = { organization: "acme", project: "desk", stack: "production", type, name };
  return { name, type, urn: `urn:pulumi:production::desk::${type}::${name}`, props: { identity, ...props }, provider: ACCOUNTS };
}

export interface Resource {
  readonly name: string;
  readonly type: string;
  readonly urn: string;
  readonly props: Inputs;
  /** `exchange-keys:accounts` as the provider's inputs have it. */
  readonly provider: unknown;
}

/** `[mandatory] no-withdraw: "payout": it can withdraw …`, as the engine would tell it. */
export function told(
  resources: readonly Resource[],
  configuration: Configuration = {},
  file: Inputs = {},
  own: readonly Rule[] = [],
): Promise<string[]> {
  return ask(keyPolicies(configuration, own), resources, file);
}

interface KeyPolicy {
  validateResource(args: unknown, report: unknown): Promise<void>;
}
type Reported = string | { readonly message: string; readonly enforcementLevel: string };

/** As the SDK's server asks: each policy in turn, none that is disabled. */
export async function ask(policies: Policies, resources: readonly Resource[], file: Inputs = {}): Promise<string[]> {
  const said: string[] = [];
  for (const policy of policies) {
    if (policy.enforcementLevel === "disabled") continue;
    const report = (reported: Reported): void => {
      const { message, enforcementLevel } =
        typeof reported === "string"
          ? { message: `${policy.description}\n${reported}`, enforcementLevel: policy.enforcementLevel }
          : reported;
      const [first, ...rest] = message.split("\n");
      if (first !== policy.description) throw new Error(`${policy.name} tells without its description: ${message}`);
      said.push(`[${enforcementLevel ?? "none"}] ${policy.name}: ${rest.join("\n")}`);
    };
    const getConfig = () => file[policy.name] ?? {};
    const given = (outputs: boolean) =>
      resources.map(({ props, provider, ...about }) => ({
        ...about,
        getConfig,
        props: unknownCheckingProxy(Object.fromEntries(Object.entries(props).filter(([member]) => outputs || member !== "createdAt"))),
        provider: { props: unknownCheckingProxy({ "exchange-keys:accounts": provider }) },
      }));
    if ("validateStack" in policy) await policy.validateStack({ resources: given(true), getConfig } as never, report as never);
    else for (const each of given(false)) await (policy as KeyPolicy).validateResource(each, report);
  }
  return said;
}

// One account of a run: its way to the venue, and the one look at its managing key that all resources share.

import type { Manifest, NonceUnit } from "../core/capability";
import type { AccountFacts, Driver, DriverContext } from "../core/driver";
import { KeyError } from "../core/errors";
import { canonicalAddress } from "../core/ip";
import type { Clock, Credential } from "../core/model";
import type { Warning } from "../core/record";
import { fingerprint, Secret } from "../core/secret";
import type { Channel } from "../http/channel";
import { checkCredentials } from "../http/hosts";
import { resolveMember, type AccountSettings, type CredentialSettings, type Sources } from "./settings";

/** What one look at an account found. */
export interface Look {
  readonly facts: AccountFacts;
  /** The address that the venue sees, where configuration or venue tell it. */
  readonly vantage: string | undefined;
  readonly warnings: readonly Warning[];
}

export interface OpenAccount {
  readonly alias: string;
  readonly settings: AccountSettings;
  /** How messages begin. */
  readonly venue: string;
  readonly channel: Channel;
  /** Fingerprints of the managing and observing credentials. */
  readonly managing: readonly string[];
  driver(kind: string): Driver;
  /** Once a run; a failure is asked again by the next operation. `write` looks at the managing key itself. */
  look(kind: string, intent: "read" | "write"): Promise<Look>;
}

export interface AccountNeeds {
  readonly manifest: Manifest;
  readonly drivers: Readonly<Record<string, (context: DriverContext) => Driver>>;
  readonly sources: Sources;
  readonly clock: Clock;
  readonly openChannel: (options: import("../http/channel").ChannelOptions) => Channel;
  beforeWrite(): Promise<void>;
}

/** How messages name a venue: with its environment, unless that is production. */
export function venueName(settings: Pick<AccountSettings, "venue" | "environment">): string {
  return settings.environment === "production" ? settings.venue : `${settings.venue} (${settings.environment})`;
}

/** Resolves the credentials and opens the way. Sends nothing yet. */
export function openAccount(alias: string, settings: AccountSettings, needs: AccountNeeds): OpenAccount {
  const { manifest, sources } = needs;
  const path = `exchange-keys:accounts.${alias}`;
  const credential = credentialOf(settings, manifest, path, sources);
  const observer = settings.observer === undefined ? undefined : credentialOf(settings.observer, manifest, `${path}.observer`, sources);
  const venue = venueName(settings);
  const options = channelOptions(settings, needs);
  // Not even a question without a credential goes out for an account that could never be answered.
  const all = [credential, ...(observer === undefined ? [] : [observer])];
  for (const host of Object.values(options.hosts)) checkCredentials(all, new URL(host), { venue, operation: "open the account" });
  const channel = needs.openChannel(options);
  const context = { venue, credential, http: channel, clock: needs.clock };
  const drivers = new Map<string, Driver>();
  const driverFor = (kind: string, reads: boolean): Driver => {
    const id = `${kind}:${String(reads)}`;
    const make = needs.drivers[kind];
    if (make === undefined) throw new Error(`venue ${manifest.id} has no driver for ${kind}`);
    const known = drivers.get(id) ?? make({ ...context, ...(reads && observer !== undefined ? { observer } : {}) });
    drivers.set(id, known);
    return known;
  };
  const looks = new Map<"read" | "write", Promise<Look>>();
  return {
    alias,
    settings,
    venue,
    channel,
    managing: all.map((each) => fingerprint(manifest.id, publicPart(each))),
    driver: (kind) => driverFor(kind, false),
    look(kind, intent) {
      const reads = intent === "read" && observer !== undefined;
      const known = looks.get("write") ?? looks.get(reads ? "read" : "write");
      if (known !== undefined) return known;
      const looking = lookAt(
        driverFor(kind, reads),
        reads ? (observer ?? credential) : credential,
        settings,
        venue,
        manifest,
        kind,
        channel,
      );
      looks.set(reads ? "read" : "write", looking);
      looking.catch(() => looks.delete(reads ? "read" : "write"));
      return looking;
    },
  };
}

async function lookAt(
  driver: Driver,
  credential: Credential,
  settings: AccountSettings,
  venue: string,
  manifest: Manifest,
  kind: string,
  channel: Channel,
): Promise<Look> {
  const seen = await driver.vantage?.().catch((error: unknown) => {
    // Nothing hangs on the address but the proof of absence; a venue that didn't answer at all is down, and its time isn't known.
    if (error instanceof KeyError && channel.venueNow() !== undefined) return undefined;
    throw error;
  });
  const vantage = vantageOf(settings, seen);
  const facts = await driver.whoami();
  if (settings.accountId !== undefined && settings.accountId !== facts.accountId) {
    throw new KeyError("account-mismatch", {
      venue,
      operation: "look at the account",
      cause: `the credential belongs to account ${facts.accountId}, and the configuration declares ${settings.accountId}`,
      wayOut: "give the credential of the declared account, or correct its accountId",
    });
  }
  const own = await driver.inspect?.(credential);
  const powers = own !== undefined && "alive" in own ? manifest.kinds[kind]?.powers(own.alive.grants) : undefined;
  const undeclared = vantage !== undefined && settings.egress !== undefined && !settings.egress.includes(vantage);
  const remarks = [
    ...(undeclared ? [`the venue sees ${vantage}, which the account's egress doesn't name`] : []),
    ...facts.remarks,
    ...(powers?.withdraw === undefined ? [] : ["the managing key can withdraw, which managing keys doesn't need"]),
  ];
  return { facts, vantage, warnings: remarks.map((remark) => ({ message: `${venue}: account ${facts.accountId}: ${remark}` })) };
}

/** What the venue sees goes before what is declared; with several declared addresses and no word of the venue, it isn't known. */
function vantageOf(settings: AccountSettings, seen: string | undefined): string | undefined {
  const told = seen === undefined ? undefined : canonicalAddress(seen);
  if (told !== undefined) return told;
  return settings.egress?.length === 1 ? settings.egress[0] : undefined;
}

function credentialOf(settings: CredentialSettings, manifest: Manifest, path: string, sources: Sources): Credential {
  const needs = new Set(manifest.credential);
  const apiKey = resolveMember(settings, "apiKey", path, sources);
  const apiSecret = new Secret(resolveMember(settings, "apiSecret", path, sources));
  const passphrase = needs.has("passphrase") ? { passphrase: new Secret(resolveMember(settings, "passphrase", path, sources)) } : {};
  return { kind: "api-key", apiKey, apiSecret, ...passphrase };
}

function publicPart(credential: Credential): string {
  return credential.kind === "token" ? credential.token.reveal() : credential.apiKey;
}

function channelOptions(settings: AccountSettings, needs: AccountNeeds): import("../http/channel").ChannelOptions {
  const { manifest } = needs;
  const sandbox = settings.environment === "sandbox";
  const nonceUnit: NonceUnit = settings.nonceUnit ?? manifest.nonceUnit;
  const share =
    settings.rate === undefined || settings.rate === "off"
      ? {}
      : { share: { requests: settings.rate.requests, perMs: settings.rate.per * 1000 } };
  return {
    venue: venueName(settings),
    hosts: hostsOf(settings, manifest),
    sandbox,
    limits: settings.rate === "off" ? "off" : manifest.limits,
    ...share,
    nonceUnit,
    ...(settings.proxy === undefined ? {} : { proxy: settings.proxy }),
    proxyVariables: needs.sources.env,
    ...(settings.sourceAddress === undefined ? {} : { sourceAddress: settings.sourceAddress }),
    clock: needs.clock,
    beforeWrite: needs.beforeWrite,
  };
}

/** All named hosts of a sandbox are its one address. */
function hostsOf(settings: AccountSettings, manifest: Manifest): Readonly<Record<string, string>> {
  if (settings.environment !== "sandbox") return manifest.environments[settings.environment] ?? {};
  const names = new Set(Object.values(manifest.environments).flatMap((hosts) => Object.keys(hosts)));
  return Object.fromEntries([...names].map((name) => [name, `http://${settings.address ?? ""}`]));
}

// One account of a run: its way to the venue, and the one look at its managing key that all resources share.

import type { Manifest, OwnKey } from "../core/capability";
import type { AccountFacts, Driver, DriverContext, VenueHttp } from "../core/driver";
import { during, KeyError, type ErrorCode } from "../core/errors";
import { canonicalAddress } from "../core/ip";
import { Lists, Writes } from "../core/lists";
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
  /** What the credential itself may do, as far as the venue tells. */
  readonly own: OwnKey | undefined;
}

/** Reads use the observer where the account has one. */
export type Intent = "read" | "write";

export interface OpenAccount {
  readonly alias: string;
  readonly settings: AccountSettings;
  /** How messages begin. */
  readonly venue: string;
  readonly channel: Channel;
  /** Fingerprints of the managing and observing credentials. */
  managing(): readonly string[];
  driver(kind: string, intent: Intent): Driver;
  /** The lists that this credential sees, shared by all resources of the run; their driver is the one to write with. */
  lists(kind: string, intent: Intent): Lists;
  /** Once a run; a failure is asked again by the next operation. `write` looks at the managing key itself. */
  look(kind: string, intent: Intent): Promise<Look>;
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

/** One credential of an account, resolved when it is first used: a run that only reads needs no managing one where an observer is given. */
interface Hand {
  credential(): Credential;
  driver(kind: string): Driver;
  lists(kind: string): Lists;
  look(kind: string): Promise<Look>;
}

/** Opens the way. Resolves no credential, and sends nothing yet. */
export function openAccount(alias: string, settings: AccountSettings, needs: AccountNeeds): OpenAccount {
  const [path, name] = [`exchange-keys:accounts.${alias}`, `account "${alias}"`];
  const venue = venueName(settings);
  const options = channelOptions(settings, needs);
  const way = { settings, needs, venue, channel: needs.openChannel(options), hosts: Object.values(options.hosts), writes: new Writes() };
  const managing = hand(settings, path, name, way);
  const observer = settings.observer === undefined ? managing : hand(settings.observer, `${path}.observer`, `observer of ${name}`, way);
  const handFor = (intent: Intent): Hand => (intent === "read" ? observer : managing);
  return {
    alias,
    settings,
    venue,
    channel: way.channel,
    managing: () => [...new Set([managing, observer])].map((each) => fingerprint(needs.manifest.id, publicPart(each.credential()))),
    driver: (kind, intent) => handFor(intent).driver(kind),
    lists: (kind, intent) => handFor(intent).lists(kind),
    look: (kind, intent) => handFor(intent).look(kind),
  };
}

interface Way {
  readonly settings: AccountSettings;
  readonly needs: AccountNeeds;
  readonly venue: string;
  readonly channel: Channel;
  readonly hosts: readonly string[];
  /** Of both hands: a write by one makes old what the other has read. */
  readonly writes: Writes;
}

/** `name`: whose credential it is, for messages. */
function hand(given: CredentialSettings, path: string, name: string, way: Way): Hand {
  const { needs, venue, channel } = way;
  const { manifest, sources, clock } = needs;
  let resolved: Credential | undefined;
  const credential = (): Credential => {
    if (resolved !== undefined) return resolved;
    const found = credentialOf(given, manifest, path, sources);
    // Not even a question without a credential goes out for an account that could never be answered.
    for (const host of way.hosts) checkCredentials([found], new URL(host), { venue, operation: `open ${name}` });
    return (resolved = found);
  };
  const drivers = new Map<string, Driver>();
  const driver = (kind: string): Driver => {
    const make = needs.drivers[kind];
    if (make === undefined) throw new Error(`venue ${manifest.id} has no driver for ${kind}`);
    const known = drivers.get(kind) ?? make({ venue, credential: credential(), http: naming(name, credential(), channel), clock });
    drivers.set(kind, known);
    return known;
  };
  const known = new Map<string, Lists>();
  const lists = (kind: string): Lists => {
    const found = known.get(kind) ?? new Lists(driver(kind), venue, way.writes, () => performance.now());
    known.set(kind, found);
    return found;
  };
  let looking: Promise<Look> | undefined;
  return {
    credential,
    driver,
    lists,
    look(kind) {
      looking ??= lookAt(driver(kind), credential(), way, { kind, name }).catch((error: unknown) => {
        looking = undefined;
        throw error;
      });
      return looking;
    },
  };
}

/** Refusals that are about the credential that asks. */
const OF_CREDENTIALS: readonly ErrorCode[] = [
  ...(["credential-refused", "signature-refused", "nonce-refused"] as const),
  ...(["address-refused", "account-barred", "permission-refused"] as const),
];

/** The channel, with the account's name in what the venue says of its credential: a run may have many. Keys that ask for themselves are none of its. */
function naming(name: string, credential: Credential, channel: Channel): VenueHttp {
  return {
    venueNow: () => channel.venueNow(),
    send: (call) =>
      channel.send(call).catch((error: unknown) => {
        const own = error instanceof KeyError && OF_CREDENTIALS.includes(error.code) && call.carries.includes(credential);
        throw own ? during(name, error) : error;
      }),
  };
}

async function lookAt(
  driver: Driver,
  credential: Credential,
  way: Way,
  of: { readonly kind: string; readonly name: string },
): Promise<Look> {
  const { settings, venue, channel } = way;
  const { manifest } = way.needs;
  const seen = await (driver.vantage?.() ?? driver.time?.().then(() => undefined))?.catch((error: unknown) => {
    // Nothing hangs on the address but the proof of absence; a venue that didn't answer at all is down, and its time isn't known.
    if (error instanceof KeyError && channel.venueNow() !== undefined) return undefined;
    throw error;
  });
  const vantage = vantageOf(settings, seen);
  const facts = await driver.whoami();
  if (settings.accountId !== undefined && settings.accountId !== facts.accountId) {
    throw new KeyError("account-mismatch", {
      venue,
      operation: `look at ${of.name}`,
      cause: `the credential belongs to account ${facts.accountId}, and the configuration declares ${settings.accountId}`,
      wayOut: "give the credential of the declared account, or correct its accountId",
    });
  }
  const own = facts.own ?? (await ownOf(driver, credential));
  const powers = own && manifest.kinds[of.kind]?.powers(own.grants);
  const undeclared = vantage !== undefined && settings.egress !== undefined && !settings.egress.includes(vantage);
  const remarks = [
    ...(undeclared ? [`the venue sees ${vantage}, which the account's egress doesn't name`] : []),
    ...facts.remarks,
    ...(powers?.withdraw === undefined ? [] : ["the managing key can withdraw, which managing keys doesn't need"]),
    ...(own?.allowedIps === "anywhere" ? ["the managing key has no IP list: whoever has it can use it from anywhere"] : []),
  ];
  return { facts, vantage, own, warnings: remarks.map((remark) => ({ message: `${venue}: account ${facts.accountId}: ${remark}` })) };
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

async function ownOf(driver: Driver, credential: Credential): Promise<OwnKey | undefined> {
  const seen = await driver.inspect?.(credential);
  return seen !== undefined && "alive" in seen ? seen.alive : undefined;
}

function publicPart(credential: Credential): string {
  return credential.kind === "token" ? credential.token.reveal() : credential.apiKey;
}

function channelOptions(settings: AccountSettings, needs: AccountNeeds): import("../http/channel").ChannelOptions {
  const { manifest } = needs;
  const sandbox = settings.environment === "sandbox";
  const nonceUnit = settings.nonceUnit ?? manifest.nonceUnit;
  const headers = manifest.headers?.[settings.environment];
  const share =
    settings.rate === undefined || settings.rate === "off"
      ? {}
      : { share: { requests: settings.rate.requests, perMs: settings.rate.per * 1000 } };
  return {
    venue: venueName(settings),
    hosts: hostsOf(settings, manifest),
    sandbox,
    ...(headers === undefined ? {} : { headers }),
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

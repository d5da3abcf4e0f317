// The test of one connection: a recorded key looks at itself, and what it says is held against the state. Reads an export, writes nothing.

import { credentialFrom, documentOf, nameOf, type State } from "../preview/document";
import type { KindManifest, NonceUnit } from "../core/capability";
import type { AccountFacts, Driver } from "../core/driver";
import { KeyError } from "../core/errors";
import { recordedInputsSchema } from "../core/inputs";
import { canonicalAddress, contains } from "../core/ip";
import type { AllowedIps, Credential, Grants, Powers } from "../core/model";
import { without } from "../core/permission";
import { openChannel } from "../http/client";
import type { VenueEntry } from "../core/driver";
import { venue } from "../venues/registry";
import { openAccount, venueName, type AccountNeeds, type OpenAccount } from "./account";
import { causeOf, type Cause } from "./causes";
import { settingsOf } from "./exported";
import { kindOf } from "./subject";
import { accountNamed, type AccountSettings, type Settings, type Sources } from "./settings";
import { clockOffset } from "./testclock";

export interface ConnectionQuestion {
  /** The parsed output of `pulumi stack export --show-secrets`. */
  readonly document: unknown;
  /** A resource's name, or its URN. */
  readonly resource: string;
  readonly sources: Sources;
  /** Milliseconds. */
  readonly machineNow: () => number;
}

/** What a test found. Holds no secret. */
export interface Connection {
  readonly name: string;
  readonly urn: string;
  /** `API key "maker"`. */
  readonly title: string;
  readonly venue: string;
  readonly environment: string;
  readonly fingerprint: string;
  readonly authenticates: "yes" | "no" | "unknown";
  /** `is` is absent where the key may not say whose it is. */
  /** `managed`: a sub-account's, recorded with the account that manages it. */
  readonly account: { readonly recorded: string; readonly is?: string; readonly masterId?: string; readonly managed?: true };
  /** Absent unless it authenticates. `extra` and `missing` against the recorded ones. */
  readonly grants?: { readonly is: Grants; readonly extra: Grants; readonly missing: Grants };
  readonly powers?: { readonly is: Powers; readonly recorded: Powers };
  /** The address that the venue sees, and whether the declared list holds it. */
  readonly address?: { readonly seen: string; readonly listed: boolean };
  readonly allowedIps: AllowedIps;
  /** How far the venue's clock is ahead of ours, in milliseconds, to within a second. */
  readonly clockAheadMs?: number;
  readonly roundTripMs?: number;
  /** Why it doesn't authenticate. */
  readonly cause?: Cause;
  /** Whether all is as recorded. */
  readonly verdict: "yes" | "no" | "unknown";
}

const operation = "test the connection";

/** Throws KeyError `input` or `configuration` where there is nothing to test; what the venue says is in the answer. */
export async function testConnection(question: ConnectionQuestion): Promise<Connection> {
  const subject = subjectOf(question);
  const offset = subject.settings.testClock === undefined ? 0 : await clockOffset(subject.settings.testClock);
  const tester = new Tester(subject, question.sources, () => question.machineNow() + offset);
  try {
    return await tester.test();
  } finally {
    tester.close();
  }
}

/** The resource, as the export has it. */
interface Subject {
  readonly state: State;
  readonly name: string;
  readonly kind: KindManifest;
  readonly kindName: string;
  readonly entry: VenueEntry;
  readonly settings: Settings;
  readonly account: AccountSettings;
  readonly alias: string;
  readonly credential: Credential;
  readonly allowedIps: AllowedIps;
  readonly nonceUnit: NonceUnit | undefined;
}

const KIND = /^pulumi-nodejs:dynamic\/exchange-keys\/[^/:]+:[^/:]+$/;

function subjectOf({ document, resource }: ConnectionQuestion): Subject {
  const { resources, config, from } = documentOf(document);
  if (from !== "export") throw wrong("this is a preview", "give the output of pulumi stack export --show-secrets");
  const state = chosen(
    resources.filter(({ type }) => KIND.test(type)),
    resource,
  );
  const name = nameOf(state.urn);
  const parsed = recordedInputsSchema.safeParse(
    Object.fromEntries(Object.entries(state.inputs).filter(([member]) => member !== "__provider")),
  );
  if (!parsed.success) throw wrong(`the inputs of "${name}" aren't what this release writes`, "use the release that the program has");
  const credential = credentialFrom(state);
  if (credential === undefined) {
    throw typeof state.outputs["fingerprint"] === "string"
      ? wrong(`the export hides the credential of "${name}"`, "make it with pulumi stack export --show-secrets")
      : wrong(`"${name}" has no key yet`, "run pulumi up first");
  }
  if (credential.credential.kind === "public-key") {
    throw wrong(`the private key of "${name}" isn't in the state, nor anywhere here`, "test it where its holder signs");
  }
  const { account: alias, allowedIps } = parsed.data;
  const { manifest, kind, kindName } = kindOf(state.inputs);
  const settings = settingsOf(config, document);
  const entry = venue(manifest.id);
  if (entry === undefined) throw new Error(`no venue ${manifest.id}`);
  const account = accountOf(settings, alias, manifest.id, credential.environment);
  const { nonceUnit } = kind.options?.(state.inputs) ?? {};
  return { ...{ state, name, kind, kindName, entry, settings, account, alias, allowedIps, nonceUnit }, credential: credential.credential };
}

function chosen(resources: readonly State[], wanted: string): State {
  const found = resources.filter(({ urn }) => urn === wanted || nameOf(urn) === wanted);
  const urns = [...new Set(found.map(({ urn }) => urn))];
  if (urns.length > 1) throw wrong(`several resources are named "${wanted}"`, `give the URN of one: ${urns.join(", ")}`);
  const [first] = found;
  if (first !== undefined) return first;
  const names = resources.map(({ urn }) => nameOf(urn)).join(", ");
  throw wrong(
    `the stack has no key "${wanted}"`,
    names === "" ? "it has no exchange keys at all; is it the right stack?" : `it has ${names}`,
  );
}

/** The account as the provider's configuration has it. A production key needs none to be asked. */
function accountOf(settings: Settings, alias: string, venueId: string, environment: string): AccountSettings {
  const known = accountNamed(settings, alias);
  if (known?.venue === venueId && known.environment === environment) return known;
  if (environment !== "sandbox") return { venue: venueId, environment };
  throw new KeyError("configuration", {
    operation,
    cause: `the export's configuration has no sandbox account "${alias}"`,
    wayOut: "export the stack again after an up, so that it has its present configuration",
  });
}

class Tester {
  readonly #needs: AccountNeeds;
  readonly #own: OpenAccount;
  readonly #opened: OpenAccount[] = [];

  constructor(
    private readonly subject: Subject,
    sources: Sources,
    private readonly clock: () => number,
  ) {
    const { entry, alias, account, nonceUnit } = subject;
    const beforeWrite = (): Promise<never> => Promise.reject(new Error("a test writes nothing"));
    this.#needs = { manifest: entry.manifest(), drivers: entry.drivers, sources, clock, openChannel, beforeWrite };
    // All that the key itself asks is numbered as its bot does.
    this.#own = openAccount(alias, { ...account, ...(nonceUnit === undefined ? {} : { nonceUnit }) }, this.#needs);
    this.#opened.push(this.#own);
  }

  async test(): Promise<Connection> {
    const { credential, nonceUnit } = this.subject;
    const driver = this.#driver();
    if (driver.inspect === undefined) throw wrong("the venue lets no key look at itself", "nothing can be tested here");
    const address = await this.#address(driver);
    if (address instanceof KeyError) return this.#failed(address, undefined);
    const started = performance.now();
    const seen = await driver.inspect(credential, nonceUnit);
    const roundTripMs = Math.round(performance.now() - started);
    if ("absent" in seen) return this.#failed(seen.absent.error, address);
    if ("unreachable" in seen) return this.#failed(seen.unreachable, address);
    const facts = await this.#whose(driver);
    if (facts instanceof KeyError) return this.#failed(facts, address);
    return this.#passed(seen.alive.grants, facts, address, roundTripMs);
  }

  close(): void {
    for (const { channel } of this.#opened) channel.close();
  }

  #driver(): Driver {
    const { entry, kindName, credential } = this.subject;
    const make = entry.drivers[kindName];
    if (make === undefined) throw new Error(`no driver for ${kindName}`);
    return make({ venue: this.#own.venue, credential, http: this.#own.channel, clock: this.clock });
  }

  /** A venue that answers, but doesn't tell, hinders nothing; one that doesn't answer at all is the cause already. */
  async #address(driver: Driver): Promise<string | undefined | KeyError> {
    try {
      const told = await (driver.vantage?.() ?? driver.time?.().then(() => undefined));
      return told === undefined ? undefined : canonicalAddress(told);
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      return this.#own.channel.venueNow() === undefined ? error : undefined;
    }
  }

  async #whose(driver: Driver): Promise<AccountFacts | undefined | KeyError> {
    const { credential, nonceUnit } = this.subject;
    try {
      return await (driver.whose?.(credential, nonceUnit) ?? driver.whoami());
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      return error.code === "permission-refused" ? undefined : error;
    }
  }

  #passed(is: Grants, facts: AccountFacts | undefined, address: string | undefined, roundTripMs: number): Connection {
    const { kind, state } = this.subject;
    const of = this.#of(address);
    const recorded = grantsOf(state.outputs["grants"]);
    const grants = { is, extra: without(is, recorded), missing: without(recorded, is) };
    // A key that a master manages is recorded with the master's account, which its own answer may not name.
    const owner = kind.scope === undefined ? facts?.accountId : facts?.masterId;
    const same = owner === undefined || owner === of.account.recorded;
    const managed = same && facts !== undefined && facts.accountId !== of.account.recorded;
    const told = facts === undefined ? {} : { is: facts.accountId, ...(facts.masterId === undefined ? {} : { masterId: facts.masterId }) };
    const asRecorded = same && grants.extra.length + grants.missing.length === 0 && of.address?.listed !== false;
    return {
      ...of,
      account: { ...of.account, ...told, ...(managed ? { managed } : {}) },
      ...{ authenticates: "yes", grants, powers: { is: kind.powers(is), recorded: kind.powers(recorded) }, roundTripMs },
      verdict: asRecorded ? "yes" : "no",
    };
  }

  async #failed(error: KeyError, address: string | undefined): Promise<Connection> {
    const { state, allowedIps, alias } = this.subject;
    if (error.branch === "invalid") throw error;
    const of = this.#of(address);
    const { expiresAt, venueLabel } = state.outputs;
    const now = this.#own.channel.venueNow() ?? this.clock();
    const endedAt = typeof expiresAt === "string" && Date.parse(expiresAt) <= now ? expiresAt : undefined;
    const label = typeof venueLabel === "string" ? venueLabel : undefined;
    const hosts = allowedIps === "anywhere" ? [] : Object.keys(allowedIps);
    const account = error.code === "credential-refused" ? await this.#accountAnswers() : "not tried";
    const cause = causeOf({ ...{ title: of.title, error, address, listed: of.address?.listed, hosts, endedAt, label, alias, account } });
    return { ...of, authenticates: cause.says, cause, verdict: cause.says };
  }

  /** Not tried where its credential isn't on this machine. */
  async #accountAnswers(): Promise<"answers" | "refused" | "not tried"> {
    const { alias, account, kindName } = this.subject;
    const managing = openAccount(alias, account, this.#needs);
    this.#opened.push(managing);
    try {
      await managing.look(kindName, "read");
      return "answers";
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      return error.code === "credential-refused" ? "refused" : "not tried";
    }
  }

  #of(address: string | undefined) {
    const { state, name, kind, account, allowedIps } = this.subject;
    const venueNow = this.#own.channel.venueNow();
    return {
      ...{ name, urn: state.urn, title: `${kind.noun} "${name}"`, venue: venueName(account), environment: account.environment },
      ...{ fingerprint: String(state.outputs["fingerprint"]), allowedIps, account: { recorded: String(state.outputs["accountId"]) } },
      ...(address === undefined ? {} : { address: { seen: address, listed: contains(allowedIps, address) } }),
      ...(venueNow === undefined ? {} : { clockAheadMs: venueNow - this.clock() }),
    };
  }
}

function grantsOf(given: unknown): Grants {
  return Array.isArray(given) ? given.map(String) : [];
}

function wrong(cause: string, wayOut: string): KeyError {
  return new KeyError("input", { operation, cause, wayOut });
}

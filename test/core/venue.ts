// A tiny venue in memory, with a ledger and an engine, for the laws of apply: it counts every call, can fail at any of them, and
// checks after each effect that no key can do more than the desired and the observed together. It comes in two flavours: tokens that look at
// themselves, and API keys that the account alone lists and revokes; these may be of several sorts.

import type { CapabilityTable, KindManifest, PassphraseRule } from "../../provider/core/capability";
import type { AccountScope, DesiredKey, Driver, KeyChange, KeyRef, ObservedKey } from "../../provider/core/driver";
import { KeyError } from "../../provider/core/errors";
import { containedIn } from "../../provider/core/ip";
import { markIn, MARK_DIGITS, type LabelLimits } from "../../provider/core/label";
import { Lists, Writes } from "../../provider/core/lists";
import type { Declared, LostKey, Means } from "../../provider/core/means";
import type { AllowedIps, Credential, Grants } from "../../provider/core/model";
import { mapOf } from "../../provider/core/given";
import { compareExactly, grantSet, withDelta, without } from "../../provider/core/permission";
import type { Recorded } from "../../provider/core/record";
import type { Begun } from "../../provider/core/update";
import { fingerprint, Secret } from "../../provider/core/secret";

export const HERE = "203.0.113.10";
export const THERE = "198.51.100.7";
export const T0 = Date.parse("2030-01-01T00:00:00Z");

/** What happens at one call: nothing arrives; it is refused; its effect has happened and no answer comes; this process dies. */
export type Fault = "no answer, no effect" | "refused" | "lost after its effect" | "crash before" | "crash after";
export const FAULTS: readonly Fault[] = ["no answer, no effect", "refused", "lost after its effect", "crash before", "crash after"];

/** The process is gone: nothing that it would still do happens. */
export class Crash extends Error {
  override readonly name = "Crash";
}

export const LABEL: LabelLimits = { max: 24, alphabet: /^[\w-]+$/, separator: "-" };

export interface Key {
  readonly token: string;
  readonly mark: string;
  label: string | undefined;
  grants: Grants;
  allowedIps: AllowedIps;
  alive: boolean;
  readonly expiresAt: number;
  /** Asked for again by every update and revocation. */
  readonly passphrase: string | undefined;
}

/** The grants and addresses that a key may have at any moment. */
export interface Bounds {
  readonly grants: Grants;
  readonly ips: readonly AllowedIps[];
}

const row = { answer: "can", source: "a page", verified: "2030-01-01" } as const;
const cannot = { ...row, answer: "cannot", reason: "no endpoint" } as const;

/** What a venue's keys are like: changed in place or not, listed by the account or looking at themselves. */
export interface Flavour extends Sort {
  readonly inPlace: boolean;
  readonly listed: boolean;
}

/** What listed keys may be like besides. */
export interface Sort {
  readonly birth?: "bare" | undefined;
  readonly updates?: "in-parts" | undefined;
  /** So long the list shows what was, in milliseconds. */
  readonly settleMs?: number | undefined;
  readonly passphrase?: PassphraseRule | undefined;
}

/** Grants are the permissions' names; more than declared is wider, less is narrower. */
export function kindOf({ inPlace, listed, birth, updates: way, settleMs, passphrase }: Flavour): KindManifest {
  const updates: CapabilityTable = {
    "update-permissions": inPlace ? row : cannot,
    "update-ips": inPlace ? row : cannot,
    "update-label": inPlace && listed && way === undefined ? row : cannot,
    "update-lifetime": cannot,
  };
  return {
    title: "Token",
    noun: "token",
    capabilities: { create: row, inspect: listed ? cannot : row, list: listed ? row : cannot, revoke: row, whoami: row, ...updates },
    ips: { max: 10, ranges: true, ipv6: true },
    lifetime: { minSeconds: 60, maxSeconds: 86_400 },
    ...(listed ? { label: LABEL } : {}),
    ...(birth === undefined ? {} : { birth }),
    ...(way === undefined ? {} : { updates: way }),
    ...(settleMs === undefined ? {} : { settleMs }),
    ...(passphrase === undefined ? {} : { passphrase }),
    revokedBy: listed ? ["account"] : ["itself", "account"],
    extras: {},
    permissions: (given) => ({ ok: given as Record<string, unknown> }),
    grants: (permissions) => grantSet(Object.keys(permissions)),
    powerRows: {},
    powers: (grants) => (grants.length === 0 ? {} : { read: grants.join(" ") }),
    withDrift: (permissions, added, removed) => ({
      permissions: mapOf(withDelta(Object.keys(permissions), added, removed)),
    }),
    compare: compareExactly,
    unverified: () => ({}),
    least: () => ({ refused: "acme: nobody asks" }),
  };
}

export class World implements Flavour {
  readonly keys: Key[] = [];
  /** Open entries: mark → whether the key is known to exist. */
  readonly ledger = new Map<string, "begun" | "issued">();
  /** The last change of each key that was begun, by mark. */
  readonly changing = new Map<string, Begun>();
  readonly told: string[] = [];
  readonly log: string[] = [];
  now = T0;
  vantage: string | undefined = HERE;
  /** Grants that the venue adds to, or keeps from, what is asked. */
  extra: Grants = [];
  missing: Grants = [];
  /** The venue says yes to an update and doesn't do it. */
  deaf = false;
  /** The venue pays attention to the list of addresses. */
  binds = true;
  bounds: Bounds | undefined;
  fault: { readonly at: number; readonly kind: Fault } | undefined;
  engineEndsAt = Infinity;
  /** Passphrases that the ledger was given, as a journal with a recovery recipient keeps them. */
  readonly passphrases = new Map<string, Secret>();
  readonly birth: Sort["birth"];
  readonly updates: Sort["updates"];
  readonly settleMs: Sort["settleMs"];
  readonly passphrase: Sort["passphrase"];
  /** What the list would have shown since when. */
  readonly #shownSince: { readonly at: number; readonly keys: readonly ObservedKey[] }[] = [];
  readonly #begunAt = new Map<string, number>();
  readonly #begunHere = new Set<string>();
  #calls = 0;
  #marks = 0;
  #lastMark = "";
  #crashed = false;

  constructor(
    readonly inPlace: boolean,
    readonly listed = false,
    { birth, updates, settleMs, passphrase }: Sort = {},
  ) {
    Object.assign(this, { birth, updates, settleMs, passphrase });
  }

  get crashed(): boolean {
    return this.#crashed;
  }

  /** Whether anybody is left to record what this run returns. */
  get recording(): boolean {
    return !this.#crashed && this.#engineAlive();
  }

  get calls(): number {
    return this.#calls;
  }

  /** A new run of the program: calls are counted anew, without faults. */
  restart(fault?: World["fault"], engineEndsAt = Infinity): void {
    this.#calls = 0;
    this.#begunHere.clear();
    this.#crashed = false;
    this.fault = fault;
    this.engineEndsAt = engineEndsAt;
    this.log.length = 0;
  }

  get living(): readonly Key[] {
    return this.keys.filter((key) => this.#lives(key));
  }

  key(token: string): Key | undefined {
    return this.keys.find((one) => one.token === token);
  }

  means(): Means {
    const lists = new Lists(this.#driver(), "acme", new Writes(), () => 0);
    return {
      subject: 'token "t"',
      venue: "acme",
      venueId: "acme",
      kind: kindOf(this),
      ...{ driver: lists.driver, lists },
      drawPassphrase: () => new Secret(`sandbox-passphrase-${this.keys.length + 1}`),
      pause: (ms) => Promise.resolve(void (this.now += ms)),
      scope: SCOPE,
      ledger: {
        begin: ({ mark, passphrase }) =>
          this.#local("ledger begin", () => {
            if (passphrase !== undefined) this.passphrases.set(mark, passphrase);
            this.ledger.set((this.#lastMark = mark), "begun");
            this.#begunAt.set(mark, this.now);
            this.#begunHere.add(mark);
          }),
        took: () => Promise.resolve(),
        issued: (mark) => this.#local("ledger issued", () => void this.ledger.set(mark, "issued")),
        close: (mark) => this.#local("ledger close", () => void this.ledger.delete(mark)),
        changing: ({ mark }, change) =>
          this.#local("ledger changing", () => {
            const at = new Date(this.now).toISOString();
            this.changing.set(mark, { change, at });
            return at;
          }),
        unchanged: (mark) => this.#local("ledger unchanged", () => void this.changing.delete(mark)),
        open: () => Promise.resolve(this.#lostBefore()),
      },
      accountId: "1",
      accountAnswered: true,
      nonceUnit: "ms",
      vantage: this.vantage,
      venueNow: () => this.now,
      drawMark: () => (this.listed ? String((this.#marks += 1)).padStart(MARK_DIGITS, "0") : `mark-${(this.#marks += 1)}`),
      engineAlive: () => Promise.resolve(this.#engineAlive()),
      beforeIssue: () => Promise.resolve(),
      managing: ["managing-key-000"],
      taken: new Set(),
      tell: (message) => void this.told.push(message),
    };
  }

  /** As the runtime's journal answers it. */
  #lostBefore(): readonly LostKey[] {
    const lost = [...this.ledger].filter(([mark, status]) => status === "begun" && !this.#begunHere.has(mark));
    return lost.map(([mark]) => {
      const passphrase = this.passphrases.get(mark);
      return { mark, begunAt: new Date(this.#begunAt.get(mark)!).toISOString(), ...(passphrase === undefined ? {} : { passphrase }) };
    });
  }

  #driver(): Driver {
    const inspecting: Pick<Driver, "inspect"> = {
      inspect: async (credential) => {
        const key = this.#found(credential);
        try {
          const alive = await this.#call("inspect", "read", false, () => this.#observed(key));
          return alive === undefined ? { absent: { kind: "refusal", error: refused("look") } } : { alive };
        } catch (error) {
          if (error instanceof KeyError) return { unreachable: error };
          throw error;
        }
      },
    };
    const listing: Pick<Driver, "list"> = {
      list: (scope) => this.#call("list", "read", false, () => ({ keys: sameScope(scope) ? this.#list() : [] })),
    };
    const driver: Driver = {
      whoami: () => Promise.resolve({ accountId: "1", remarks: [] }),
      ...(this.listed ? listing : inspecting),
      create: (desired) => this.#call("create", "write", false, () => this.#make(desired)),
      revoke: (ref: KeyRef) =>
        this.#call(`revoke by ${ref.by}`, "write", ref.undo, () => {
          const key = this.#meant(ref);
          const noHand = this.listed && ref.by !== "account";
          if (key === undefined || !this.#lives(key) || noHand || !knows(ref, key)) throw refused("revoke");
          key.alive = false;
          this.#showLater();
          return "revoked" as const;
        }),
    };
    if (!this.inPlace) return driver;
    return {
      ...driver,
      update: ({ ref, desired, part }) =>
        this.#call(part === undefined ? "update" : `update ${part}`, "write", ref.undo, () => {
          const key = this.#meant(ref);
          if (key === undefined || !this.#lives(key) || !knows(ref, key)) throw refused("update");
          if ((part === undefined) !== (this.updates === undefined)) throw new Error("an update of the wrong part");
          if (this.deaf) return;
          Object.assign(key, changed(key, desired, part));
          this.#showLater();
        }),
    };
  }

  /** What the list shows by now: the newest that has had its time. */
  #list(): readonly ObservedKey[] {
    const { settleMs } = this;
    if (settleMs === undefined) return this.living.map((key) => this.#shown(key));
    return this.#shownSince.findLast(({ at }) => at + settleMs <= this.now)?.keys ?? [];
  }

  #showLater(): void {
    this.#shownSince.push({ at: this.now, keys: this.living.map((key) => this.#shown(key)) });
  }

  #make(desired: DesiredKey) {
    const token = `sandbox-token-${this.keys.length + 1}`;
    const expiresAt = this.now + (desired.lifetimeSeconds ?? 3600) * 1000;
    const grants = without(grantSet([...Object.keys(desired.permissions), ...this.extra]), this.missing);
    const { label } = desired;
    const mark = this.listed ? markIn(label!, LABEL)! : this.#lastMark;
    const bare = this.birth === "bare";
    const may = { grants: bare ? this.extra : grants, allowedIps: bare ? ("anywhere" as const) : desired.allowedIps };
    this.keys.push({ token, mark, label, ...may, alive: true, expiresAt, passphrase: desired.passphrase?.reveal() });
    this.#showLater();
    const iso = (ms: number) => new Date(ms).toISOString();
    const credential: Credential = this.listed
      ? { kind: "api-key", apiKey: token, apiSecret: new Secret(`sandbox-secret-of-${token}`), ...passphraseOf(desired) }
      : { kind: "token", token: new Secret(token) };
    return { credential, publicPart: token, createdAt: iso(this.now), expiresAt: iso(expiresAt) };
  }

  /** As the account's list has it. */
  #shown({ token, grants, allowedIps, label }: Key): ObservedKey {
    return { publicPart: token, grants, allowedIps, ...(label === undefined ? {} : { label }) };
  }

  #observed(key: Key | undefined): ObservedKey | undefined {
    if (key === undefined || !this.#lives(key)) return undefined;
    const lets = key.allowedIps === "anywhere" || containedIn({ [this.vantage ?? HERE]: "" }, Object.keys(key.allowedIps)).length === 0;
    if (this.binds && !lets) return undefined;
    return { grants: key.grants, ...(this.inPlace ? { allowedIps: key.allowedIps } : {}) };
  }

  #lives(key: Key): boolean {
    return key.alive && this.now < key.expiresAt;
  }

  #found(credential: Credential): Key | undefined {
    return credential.kind === "token" ? this.key(credential.token.reveal()) : undefined;
  }

  /** The account names a listed key by its public part and scope; a token is named by itself. */
  #meant({ credential, publicPart, scope }: KeyRef): Key | undefined {
    if (!this.listed) return credential && this.#found(credential);
    return publicPart !== undefined && sameScope(scope) ? this.key(publicPart) : undefined;
  }

  #engineAlive(): boolean {
    return this.#calls < this.engineEndsAt;
  }

  /** One request: counted, perhaps failing, and bounded after its effect. */
  async #call<T>(name: string, intent: "read" | "write", undo: boolean, effect: () => T): Promise<T> {
    if (intent === "write" && !undo && !this.#crashed && !this.#engineAlive()) throw said("engine-gone", name);
    const fault = this.#begin(name);
    if (fault === "no answer, no effect") throw said(intent === "write" ? "unknown-outcome" : "unreachable", name);
    if (fault === "refused") throw said("permission-refused", name);
    const result = effect();
    this.#assertBounds(name);
    if (fault === "lost after its effect") throw said(intent === "write" ? "unknown-outcome" : "unreachable", name);
    if (fault === "crash after") throw this.#crash();
    return Promise.resolve(result);
  }

  /** One write to the ledger's folder: it may fail, and then it may have happened or not. */
  async #local<T>(name: string, effect: () => T): Promise<T> {
    const fault = this.#begin(name);
    if (fault === "no answer, no effect" || fault === "refused") throw said("configuration", name);
    const result = effect();
    if (fault === "lost after its effect") throw said("configuration", name);
    if (fault === "crash after") throw this.#crash();
    return Promise.resolve(result);
  }

  #begin(name: string): Fault | undefined {
    if (this.#crashed) throw new Crash();
    this.#calls += 1;
    this.log.push(name);
    const fault = this.fault?.at === this.#calls ? this.fault.kind : undefined;
    if (fault === "crash before") throw this.#crash();
    return fault;
  }

  #crash(): Crash {
    this.#crashed = true;
    return new Crash();
  }

  #assertBounds(after: string): void {
    if (this.bounds === undefined) return;
    for (const key of this.living) {
      const beyond = without(key.grants, grantSet([...this.bounds.grants, ...this.extra]));
      if (beyond.length > 0) throw new Error(`after ${after}, a key can also ${beyond.join(", ")}`);
      const lists = this.bounds.ips.flatMap((list) => (list === "anywhere" ? [] : Object.keys(list)));
      const open = this.bounds.ips.includes("anywhere") || key.grants.length === 0;
      if (!open && (key.allowedIps === "anywhere" || containedIn(key.allowedIps, lists).length > 0)) {
        throw new Error(`after ${after}, a key works from elsewhere`);
      }
    }
  }
}

/** Where the keys of a listed flavour are; in any other scope's list there are none. */
const SCOPE: AccountScope = { subAccount: "sub-1" };

function sameScope(scope: AccountScope): boolean {
  return scope.subAccount === SCOPE.subAccount;
}

/** A key's passphrase comes with its credential, or alone where that is lost. */
function knows({ credential, passphrase }: KeyRef, key: Key): boolean {
  const given = credential?.kind === "api-key" ? credential.passphrase : passphrase;
  return given?.reveal() === key.passphrase;
}

function passphraseOf({ passphrase }: DesiredKey): { readonly passphrase?: Secret } {
  return passphrase === undefined ? {} : { passphrase };
}

/** What one request makes of a key: all that is desired, or the part that it is for. */
function changed(key: Key, desired: DesiredKey, part: KeyChange["part"]): Pick<Key, "grants" | "allowedIps" | "label"> {
  const { grants, allowedIps, label } = key;
  const wanted = grantSet(Object.keys(desired.permissions));
  if (part === undefined) return { grants: wanted, allowedIps: desired.allowedIps, label: desired.label };
  if (part === "permissions") return { grants: wanted, allowedIps, label };
  if (desired.allowedIps === "anywhere" || allowedIps === "anywhere") return { grants, allowedIps: desired.allowedIps, label };
  return { grants, allowedIps: part === "add-ips" ? { ...allowedIps, ...desired.allowedIps } : desired.allowedIps, label };
}

function said(code: ConstructorParameters<typeof KeyError>[0], operation: string): KeyError {
  return new KeyError(code, { venue: "acme", operation, cause: "a fault of the test", wayOut: "none" });
}

function refused(operation: string): KeyError {
  return said("credential-refused", operation);
}

/** What a generation is declared as. */
export function declared(grants: Grants, allowedIps: AllowedIps, decision: Partial<Declared> = {}): Declared {
  return {
    generation: 1,
    decidedAt: new Date(T0).toISOString(),
    reason: "first",
    keepUntil: {},
    key: { permissions: Object.fromEntries(grants.map((grant) => [grant, true])), allowedIps, lifetimeSeconds: 86_400, extras: {} },
    grants: grantSet(grants),
    options: {},
    ...decision,
  };
}

/** Living keys that neither the record nor an open entry of the ledger knows: there must be none, ever. */
export function orphans(world: World, recorded: Recorded | undefined): readonly string[] {
  const known = new Set((recorded === undefined ? [] : [recorded.current, ...recorded.retiring]).map((key) => key.fingerprint));
  return world.living.filter((key) => !known.has(fingerprint("acme", key.token)) && !world.ledger.has(key.mark)).map(({ token }) => token);
}

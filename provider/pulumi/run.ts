// One process, one run: its accounts, journal and clock, shared by all resources. Everything that the operations need is made here.

import { setTimeout as sleep } from "node:timers/promises";
import type { Hands } from "../core/byhand";
import { beyond } from "../core/ceiling";
import { able } from "../core/capability";
import { KeyError } from "../core/errors";
import type { KeyInputs } from "../core/inputs";
import { MARK_DIGITS } from "../core/label";
import type { Means } from "../core/means";
import type { Identity } from "../core/model";
import type { Generation, Recorded, Warning } from "../core/record";
import { fingerprint } from "../core/secret";
import type { Channel, ChannelOptions } from "../http/channel";
import { SANDBOX_PREFIX } from "../http/hosts";
import { journalFolder, openJournal, type Journal } from "../journal/journal";
import { venue } from "../venues/registry";
import { openAccount, venueName, type Intent, type OpenAccount } from "./account";
import { asking } from "./asking";
import { Books, claimOf } from "./books";
import type { Engine } from "./engine";
import { Left, WAY_OUT, WAY_OUT_OF_DELETE, type Whose } from "./hands";
import { Leftovers } from "./leftovers";
import { draw, drawPassphrase } from "./mark";
import type { Settings, Sources } from "./settings";
import type { Seen } from "./order";
import { Recovery } from "./recovery";
import type { Properties } from "./state";
import { Approval } from "./approval";
import { assertManaging, subjectOf, type Subject } from "./subject";
import type { Waiting } from "./waiting";

/** The venue may be ahead of us or behind by this much; beyond it, no time of ours means anything there. */
const MOST_SKEW_MS = 60_000;

export interface RunNeeds {
  readonly settings: Settings;
  readonly sources: Sources;
  readonly engine: Engine;
  /** Prints one line to the person who waits. */
  readonly say: (line: string) => void;
  readonly clock: () => number;
  /** Waits, in milliseconds; tests move their clock instead. */
  readonly pause?: (ms: number) => Promise<void>;
}

/** What the engine asked for, as messages name it. */
export type Doing = "create" | "update" | "refresh" | "delete";

export class Run {
  readonly #needs: RunNeeds;
  readonly #accounts = new Map<string, OpenAccount>();
  readonly #journal: Journal;
  readonly #leftovers: Leftovers;
  readonly #books: Books;
  readonly #left: Left;
  /** What writes are held against; without the setting, nothing. */
  readonly approval: Approval;
  #waiting: Waiting | undefined;
  /** Fingerprints of the keys that this run made or found in place. */
  readonly taken = new Set<string>();

  constructor(needs: RunNeeds) {
    this.#needs = needs;
    const folder = journalFolder(needs.settings.journal, needs.sources.env);
    this.#journal = openJournal(folder);
    this.approval = new Approval(needs.settings.approved, needs.sources);
    this.#left = new Left({ ...needs, journal: this.#journal, journalFolder: folder });
    this.#leftovers = new Leftovers(this.#journal, needs.clock, needs.say, this.taken);
    this.#books = new Books(this.#journal, this.#leftovers, new Recovery(needs.settings.recovery, needs.sources.cwd), needs.clock);
  }

  /** Whose properties these are. Throws KeyError where their venue, kind or account isn't known here. */
  subject(properties: Properties): Subject {
    return subjectOf(properties, this.#needs.settings);
  }

  /** What acting for a resource needs. Looks at its account first, once a run; a write looks at the managing key itself. */
  async means(subject: Subject, doing: Doing, recordedAccountId: string | undefined): Promise<Means> {
    const account = this.#open(subject);
    const operation = `${doing} ${subject.title}`;
    const intent = doing === "refresh" ? "read" : "write";
    const leaving = doing === "delete";
    const { facts, vantage, own } = await account.look(subject.kindName, intent);
    if (recordedAccountId !== undefined && recordedAccountId !== facts.accountId) {
      throw new KeyError("account-mismatch", {
        venue: account.venue,
        operation,
        cause: `its key belongs to account ${recordedAccountId}, and the credential of "${subject.alias}" to ${facts.accountId}`,
        wayOut: "give the credential of the recorded account, or declare the resource under another account alias",
      });
    }
    // Whoever revokes isn't kept from it by what we think of the key: the venue says so itself.
    if (intent === "write" && !leaving && own !== undefined) assertManaging(subject, own, facts, { venue: account.venue, operation });
    return this.#meansOf(subject, intent, facts.accountId, { vantage, accountAnswered: true }, leaving);
  }

  /**
   * What revoking needs. Where the venue refuses the managing key, a key may still revoke itself, or a person do it: without the account's answer no refusal
   * proves anything, so that the venue's own word has to do.
   */
  async lastMeans(subject: Subject, recordedAccountId: string): Promise<Means> {
    try {
      return await this.means(subject, "delete", recordedAccountId);
    } catch (error) {
      const { revokedBy, byHand } = subject.kind;
      const without = (revokedBy.includes("itself") || byHand !== undefined) && this.#open(subject).channel.venueNow() !== undefined;
      if (!(error instanceof KeyError) || error.branch !== "refused" || !without) throw error;
      return this.#meansOf(subject, "write", recordedAccountId, { vantage: undefined, accountAnswered: false }, true);
    }
  }

  #meansOf(subject: Subject, intent: Intent, accountId: string, seen: Omit<Seen, "accountId">, leaving: boolean): Means {
    const { title, kind, manifest } = subject;
    const { engine } = this.#needs;
    const account = this.#open(subject);
    const claim = claimOf(subject, accountId);
    const lists = account.lists(subject.kindName, intent);
    const { driver } = lists;
    // The key that manages isn't one of those that a ceiling is for, though some venues list it with them.
    const listed = async () => {
      const prints = (await lists.all(subject.scope)).keys.map(({ publicPart = "" }) => fingerprint(manifest.id, publicPart));
      return prints.filter((print) => !account.managing().includes(print));
    };
    return {
      ...seen,
      subject: title,
      venue: account.venue,
      venueId: manifest.id,
      kind,
      ...{ driver, lists },
      scope: subject.scope,
      ledger: this.#books.ledger(claim),
      accountId,
      nonceUnit: subject.nonceUnit,
      venueNow: () => account.channel.venueNow() ?? this.#needs.clock(),
      drawMark: () => (kind.label === undefined ? draw() : draw(MARK_DIGITS)),
      engineAlive: () => engine.alive(),
      drawPassphrase: (rule) => drawPassphrase(rule, subject.account.environment === "sandbox" ? SANDBOX_PREFIX : ""),
      pause: this.#needs.pause ?? sleep,
      beforeIssue: (mark) =>
        driver.list === undefined ? this.#books.takeRoom(subject, claim, mark) : this.#books.takeListedRoom(subject, claim, listed),
      managing: intent === "write" ? account.managing() : [],
      taken: this.taken,
      ...(kind.byHand === undefined ? {} : { hands: this.#hands(subject, accountId, seen, intent, leaving) }),
      tell: this.#needs.say,
    };
  }

  /**
   * What stands in the state is lost no more; what else is known of the resource and its stack is told. Answers the record, with what the
   * journal knows of changes that were never recorded.
   */
  async meet(subject: Subject, recorded: Recorded): Promise<Recorded> {
    const keys = [recorded.current, ...recorded.retiring];
    await this.#leftovers.held(keys);
    await this.#left.held(keys);
    await this.#leftovers.tell(subject.identity);
    const met = await this.#books.withUnsettled(recorded);
    if (met.unsettled !== undefined) this.#leftovers.tellUnsettled(met.current.mark, met.unsettled, subject);
    return met;
  }

  /** The same for a resource that has no key yet. */
  async meetNew({ identity }: Subject): Promise<undefined> {
    await this.#leftovers.tell(identity);
  }

  /** What probes say of a key of this resource. */
  evidence(subject: Subject, accountId: string, key: Parameters<Left["evidence"]>[1]): ReturnType<Left["evidence"]> {
    return this.#left.evidence(this.#whose(subject, accountId), key);
  }

  #hands(subject: Subject, accountId: string, seen: Omit<Seen, "accountId">, intent: Intent, leaving: boolean): Hands {
    const whose = this.#whose(subject, accountId);
    const waits = this.#needs.settings.ceremony === "wait" && intent === "write";
    const person = () => this.#person(subject.identity);
    const ask = waits ? asking(subject, whose, this.#open(subject), seen, this.#needs.clock, person) : undefined;
    return this.#left.hands(whose, leaving ? WAY_OUT_OF_DELETE : WAY_OUT, ask);
  }

  #person({ organization, project, stack }: Identity): Waiting {
    const { settings, sources, engine, clock, say } = this.#needs;
    this.#waiting ??= openWaiting({
      ...{ engine, say, env: sources.env, now: clock, timeoutMs: settings.ceremonyTimeoutMs, journal: this.#journal },
      stack: [organization, project, stack].join("/"),
      holder: (fingerprint) => Promise.resolve(this.taken.has(fingerprint) ? "another resource of this run" : undefined),
      statements: () => this.#left.statements(),
    });
    return this.#waiting;
  }

  #whose({ identity, account, title }: Subject, accountId: string): Whose {
    const { venue, environment } = account;
    return { venue, environment, accountId, identity, display: venueName(account), title };
  }

  take(key: Generation): void {
    this.taken.add(key.fingerprint);
  }

  /** Decisions by time were made by our clock: it must agree with the venue's. */
  assertClock(means: Means, doing: Doing): void {
    const ahead = this.#needs.clock() - means.venueNow();
    if (Math.abs(ahead) <= MOST_SKEW_MS) return;
    throw new KeyError("clock-skew", {
      venue: means.venue,
      operation: `${doing} ${means.subject}`,
      cause: `this machine's clock is ${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? "ahead of" : "behind"} the venue's`,
      wayOut: "set the clock; times of renewal and revocation are counted by it",
    });
  }

  /** The ceiling once more, right before writing: `check` may have run elsewhere. */
  assertCeiling(subject: Subject, doing: Doing, inputs: KeyInputs): void {
    const { kind, account, title } = subject;
    const { powers, ips } = beyond(account.ceiling ?? {}, {
      powers: kind.powers(kind.grants(inputs.permissions, inputs.extras)),
      allowedIps: inputs.allowedIps,
    });
    if (powers.length + ips.length === 0) return;
    throw new KeyError("ceiling", {
      venue: venueName(account),
      operation: `${doing} ${title}`,
      cause: `${[...powers, ...ips].join(", ")} is beyond the ceiling of account "${subject.alias}"`,
      wayOut: "declare less, or raise the ceiling",
    });
  }

  /** Remarks about the account, and keys of this resource whose fate nobody knows. */
  async warnings(subject: Subject): Promise<readonly Warning[]> {
    const { warnings } = await this.#open(subject).look(subject.kindName, "write");
    return [...warnings, ...(await this.#leftovers.warnings(subject.identity))];
  }

  /** The remarks of a record, as a refresh leaves them. */
  renewed(subject: Subject, recorded: Recorded): Promise<readonly Warning[]> {
    return this.#leftovers.renewed(recorded, subject.identity);
  }

  /** Whether an earlier run lost keys of this resource that can be found and revoked without anybody's help. */
  async hasLost(subject: Subject, accountId: string): Promise<boolean> {
    const { kind } = subject;
    const alone = kind.label !== undefined && able(kind.capabilities, "list") && kind.passphrase?.revokes !== true;
    return alone && (await this.#books.lost(claimOf(subject, accountId))).length > 0;
  }

  #open(subject: Subject): OpenAccount {
    const known = this.#accounts.get(subject.alias);
    if (known !== undefined) return known;
    const { sources, engine, clock } = this.#needs;
    assertVerification(sources.env, venueName(subject.account));
    const opened = openAccount(subject.alias, subject.account, {
      manifest: subject.manifest,
      drivers: venue(subject.manifest.id)?.drivers ?? {},
      sources,
      clock,
      openChannel,
      beforeWrite: async () => {
        if (!(await engine.alive())) throw engineGone(venueName(subject.account));
      },
    });
    this.#accounts.set(subject.alias, opened);
    return opened;
  }
}

/** Loaded when a person is asked: most runs serve no page. */
function openWaiting(needs: ConstructorParameters<typeof Waiting>[0]): Waiting {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded with the first page
  return new (require("./waiting") as typeof import("./waiting")).Waiting(needs);
}

/** Loaded with the first request: got and what it brings take a while. */
function openChannel(options: ChannelOptions): Channel {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded with the first request
  return (require("../http/client") as typeof import("../http/client")).openChannel(options);
}

function engineGone(name: string): KeyError {
  return new KeyError("engine-gone", {
    venue: name,
    operation: "write",
    cause: "the Pulumi engine that asked for this has ended, so nobody could record the result; nothing was sent",
    wayOut: "run `pulumi cancel` if the stack is locked, then `pulumi up` again",
  });
}

function assertVerification(env: Sources["env"], name: string): void {
  if (env["NODE_TLS_REJECT_UNAUTHORIZED"] !== "0") return;
  throw new KeyError("transport", {
    venue: name,
    operation: "open the connection",
    cause: "NODE_TLS_REJECT_UNAUTHORIZED=0 turns the verification of TLS off",
    wayOut: "unset it; add the authority with NODE_EXTRA_CA_CERTS if a proxy needs one",
  });
}

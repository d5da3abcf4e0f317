// One key to make, edit or revoke: what the person did so far, what the machine saw of it, and what is still to be done.

import { randomBytes } from "node:crypto";
import { desiredHash, type Deposited, type Proof, type Statement, type Wanted } from "../core/byhand";
import type { KindManifest, KindOptions, WebPage } from "../core/capability";
import { KeyError } from "../core/errors";
import { examine, type Elsewhere, type Examined, type Witness } from "../core/examine";
import { compose, MARK_DIGITS } from "../core/label";
import type { AllowedIps, Credential, Grants } from "../core/model";
import { fingerprint, Secret } from "../core/secret";
import { sameIdentity, type Entry } from "../journal/journal";
import type { CeremonyNeeds } from "./ceremony";
import { LONGEST_MS, newId, type Deposit } from "./deposit";
import { barredBy, cantTell, DEAD, findingsOf, inUse, letIn, MAY_EXIST, NO_STATEMENT, notCounted, SAY_WHEN, stillLives } from "./findings";
import { sameTwice, SEALED_BEFORE, WENT_WRONG } from "./findings";
import type { Finding, Phase, TaskView } from "./session";
import { parseStatement, standing, weigh } from "./statement";
import { addressLines, rowsOf } from "./target";

type ApiKey = Extract<Credential, { kind: "api-key" }>;

/** What is asked of the person, and all that it takes to prove it. */
export interface Order {
  readonly does: TaskView["does"];
  readonly title: string;
  readonly why: string;
  /** `bitfinex (sandbox)`. */
  readonly venue: string;
  /** The account's alias. */
  readonly account: string;
  readonly link?: string;
  readonly page: WebPage;
  readonly kind: KindManifest;
  readonly kindName: string;
  /** Without fingerprint and mark for a key that is to be made. */
  readonly wanted: Omit<Wanted, "desired" | "label">;
  readonly declared: {
    readonly grants: Grants;
    readonly allowedIps: AllowedIps;
    readonly options: KindOptions;
    /** The user's own text in the label. */
    readonly label?: string | undefined;
  };
  /** Of the key that is there: for edits and revocations. */
  readonly recorded?: { readonly grants: Grants; readonly allowedIps: AllowedIps; readonly label: string };
  readonly credential?: ApiKey;
  /** Absent where the account can't be asked: then edits and revocations are taken at the person's word. */
  readonly witness?: Witness;
  /** Why it can't be done here. */
  readonly blocked?: string;
}

export async function openTask(id: string, order: Order, needs: CeremonyNeeds, changed: () => void): Promise<Task> {
  const task = new Task(id, order, needs, changed);
  if (order.blocked === undefined) await task.resume();
  return task;
}

export class Task {
  readonly done: Promise<Deposited>;
  readonly #id: string;
  readonly #order: Order;
  readonly #needs: CeremonyNeeds;
  readonly #changed: () => void;
  readonly #statements: Statement[] = [];
  #finish: (deposited: Deposited) => void = () => undefined;
  #phase: Phase;
  #findings: readonly Finding[] = [];
  #mark: string | undefined;
  #begun: Promise<void> | undefined;
  /** The key that was given has answered here: then a refusal, at this address, says that it is dead. */
  #answered = false;
  /** The person was told that nobody can see from here whether it is dead. */
  #warned = false;
  #mayExist = false;
  #credential: ApiKey | undefined;
  #seen: Grants | undefined;
  #deposit: TaskView["deposit"];

  constructor(id: string, order: Order, needs: CeremonyNeeds, changed: () => void) {
    this.#id = id;
    this.#order = order;
    this.#needs = needs;
    this.#changed = changed;
    this.#credential = order.credential;
    this.#mark = order.wanted.mark;
    this.#phase = order.blocked === undefined ? "todo" : "blocked";
    if (order.blocked !== undefined) this.#findings = [{ text: order.blocked }];
    this.done = new Promise((resolve) => (this.#finish = resolve));
  }

  view(): TaskView {
    const { does, title, why, venue, account, link, page, wanted, declared, recorded } = this.#order;
    const label = this.#label();
    const fingerprintOf = this.#credential === undefined ? wanted.fingerprint : fingerprint(wanted.venue, this.#credential.apiKey);
    return {
      ...{ id: this.#id, does, title, why, venue, account, name: wanted.identity.name, accountId: wanted.accountId },
      phase: this.#phase,
      ...(link === undefined ? {} : { link }),
      steps: page.steps[does],
      rows: does === "revoke" ? [] : rowsOf(page.rows, declared, this.#seen ?? recorded?.grants),
      allowedIps: addressLines(declared.allowedIps, does === "edit" ? recorded?.allowedIps : undefined),
      label,
      ...(does === "edit" && recorded !== undefined && recorded.label !== label ? { labelFrom: recorded.label } : {}),
      mayExist: this.#mayExist,
      ...(fingerprintOf === undefined ? {} : { fingerprint: fingerprintOf }),
      ...(does === "create" && this.#credential !== undefined ? { pasted: this.#pasted() } : {}),
      canLook: this.#credential !== undefined && this.#order.witness !== undefined,
      findings: this.#findings,
      ...(this.#phase === "barred" ? { probe: barredBy(this.#order) } : {}),
      ...(this.#deposit === undefined ? {} : { deposit: this.#deposit }),
    };
  }

  /** What the journal knows of a former sitting: a deposit that still counts is done, a mark that was shown may be on a key. */
  async resume(): Promise<void> {
    if (this.#order.does !== "create") return;
    const known = (await this.#entries()).at(-1);
    if (known === undefined) return;
    this.#mark = known.mark;
    const { deposit } = known;
    const labelled = known.label === this.#label();
    // Another text was declared since: the mark is written down with it, as soon as the person turns to it.
    if (labelled) this.#begun = Promise.resolve();
    const counts = labelled && deposit !== undefined && deposit.desired === this.#hash() && Date.parse(deposit.endsAt) > this.#needs.now();
    if (counts && (await this.#needs.lies(deposit.id))) {
      this.#deposit = { file: deposit.id, endsAt: deposit.endsAt };
      this.#phase = "done";
      this.#findings = [SEALED_BEFORE];
      return;
    }
    this.#mayExist = true;
    this.#findings = [deposit === undefined ? MAY_EXIST : { ...MAY_EXIST, ...WENT_WRONG }];
  }

  async begin(): Promise<void> {
    if (this.#order.does !== "create" || this.#phase !== "todo") return;
    // What couldn't be written down is written at the next try: no key is made with a mark that nobody knows.
    this.#begun ??= this.#writeDown().catch((error: unknown) => {
      this.#begun = undefined;
      throw error;
    });
    await this.#begun;
  }

  async #writeDown(): Promise<void> {
    const mark = this.#drawn();
    const { identity, venue, environment, accountId, generation } = this.#order.wanted;
    const begunAt = new Date(this.#needs.now()).toISOString();
    const claim = { identity, venue, environment, accountId, generation, account: this.#order.account, kind: this.#order.kindName };
    await this.#needs.journal.begin({ ...claim, mark, begunAt, label: this.#label() });
    this.#changed();
  }

  async submit(apiKey: string, apiSecret: string): Promise<void> {
    if (this.#order.does !== "create" || !["todo", "differs", "barred"].includes(this.#phase)) return;
    await this.begin();
    const key = apiKey.trim();
    const secret = apiSecret.trim();
    if (key === "" || secret === "" || key === secret) return this.#is("todo", [sameTwice(key === "" || secret === "")]);
    const holder = await this.#needs.holder(fingerprint(this.#order.wanted.venue, key), this.#mark);
    if (holder !== undefined) return this.#is("todo", [inUse(holder)]);
    this.#credential = { kind: "api-key", apiKey: key, apiSecret: new Secret(secret) };
    this.#answered = this.#warned = false;
    this.#seen = undefined;
    await this.#prove();
  }

  async again(): Promise<void> {
    if (this.#order.does === "revoke") return this.attest();
    if (this.#phase === "discarding") return this.#follow();
    if (this.#credential === undefined || !["todo", "differs", "barred"].includes(this.#phase)) return;
    await this.#prove();
  }

  async evidence(text: string): Promise<void> {
    if (!["todo", "differs", "barred"].includes(this.#phase)) return;
    const statement = parsed(text);
    if (statement === undefined) {
      return this.#is(this.#phase, [NO_STATEMENT]);
    }
    this.#statements.push(statement);
    await this.again();
  }

  async attest(): Promise<void> {
    const { does, witness } = this.#order;
    if (does === "create" || !["todo", "differs", "barred"].includes(this.#phase)) return;
    if (this.#credential === undefined || witness === undefined) return this.#seal(does === "edit" ? "edited" : "revoked", undefined);
    if (does === "edit") return this.#prove(true);
    const found = await this.#look(witness, this.#credential, undefined);
    if (refusesAll(found)) return this.#seal("revoked", undefined);
    if (found.is === "unknown") return this.#is("differs", findingsOf(found, this.#order));
    this.#is("differs", [stillLives(this.#meant())]);
  }

  async discard(): Promise<void> {
    if (this.#order.does !== "create" || this.#credential === undefined || ["done", "checking"].includes(this.#phase)) return;
    this.#is("discarding", []);
    return Promise.resolve();
  }

  /** A key that is no good is looked at until the venue refuses it; then another one is made. */
  async #follow(): Promise<void> {
    const { witness } = this.#order;
    if (this.#credential === undefined || witness === undefined) return;
    const found = await this.#look(witness, this.#credential, undefined);
    if (!refusesAll(found)) {
      return this.#is("discarding", found.is === "unknown" ? findingsOf(found, this.#order) : [stillLives(this.#meant())]);
    }
    if (!this.#warned && !(found.is === "refused" && this.#answered)) {
      this.#warned = true;
      return this.#is("discarding", [cantTell(this.#meant())]);
    }
    // Nobody can read a key's label back: the one that died may not be the one that was made with ours, which then still lives.
    this.#credential = this.#seen = undefined;
    this.#answered = this.#warned = false;
    this.#is("todo", [DEAD]);
    this.#mayExist = true;
    this.#changed();
  }

  /** `attested`: the person says that addresses and label are set, which nobody can see. */
  async #prove(attested = false): Promise<void> {
    const { witness, does, recorded } = this.#order;
    const credential = this.#credential;
    if (credential === undefined || witness === undefined) return;
    this.#is("checking", []);
    const weighed = await this.#weighed(credential);
    // Where no permission changes, what is recorded stands for a look.
    const same = does === "edit" && recorded !== undefined && !this.#changes(recorded).permissions ? recorded.grants : undefined;
    const { grants: probed, accountId } = weighed;
    const elsewhere =
      probed === undefined ? same && { grants: same, accountId: this.#order.wanted.accountId } : { grants: probed, accountId };
    const found = await this.#look(witness, credential, elsewhere);
    this.#answered ||= (found.is === "right" && found.here) || ["differs", "unbound", "stranger"].includes(found.is);
    if (found.is === "right" || found.is === "differs") this.#seen = found.grants;
    // What probes saw before the person set the list is what was to be mended.
    if (weighed.tooWide.length > 0 && !attested) return this.#is(does === "edit" ? "differs" : "barred", [letIn(weighed.tooWide, does)]);
    if (found.is === "barred") return this.#is("barred", [...findingsOf(found, this.#order), ...notCounted(this.#uncounted(weighed))]);
    // A wrong paste: the fields are there for another one.
    const mispasted = does === "create" && ["refused", "stranger"].includes(found.is);
    if (found.is !== "right") return this.#is(mispasted ? "todo" : "differs", findingsOf(found, this.#order));
    const changes = does === "edit" && recorded !== undefined ? this.#changes(recorded) : undefined;
    if ((changes?.label === true || changes?.addresses === true) && !attested) return this.#is("todo", [SAY_WHEN]);
    const { vantage } = witness;
    if (changes?.label === true && !changes.addresses && !changes.permissions) return this.#seal("relabelled", undefined);
    if (!found.here && weighed.grants === undefined) return this.#seal("edited", undefined);
    const at = found.here ? new Date(witness.venueNow()).toISOString() : (weighed.at ?? new Date(this.#needs.now()).toISOString());
    const address = found.here ? vantage : weighed.in.at(-1)?.address;
    const owner = found.owner === "proved" ? { accountId: this.#order.wanted.accountId } : {};
    const proof = { grants: found.grants, at, ...owner, ...(address === undefined ? {} : { address }) };
    await this.#seal(does === "create" ? "issued" : "edited", proof);
  }

  /** Of the statements that were pasted here: why one says nothing of this key. */
  #uncounted({ passedOver }: ReturnType<typeof weigh>): readonly string[] {
    return passedOver.filter((sentence) => this.#statements.some(({ address, at }) => sentence.includes(address) && sentence.includes(at)));
  }

  #changes({ grants, allowedIps, label }: NonNullable<Order["recorded"]>) {
    const { declared } = this.#order;
    return {
      permissions: desiredHash(grants, {}) !== desiredHash(declared.grants, {}),
      addresses: desiredHash([], allowedIps) !== desiredHash([], declared.allowedIps),
      label: label !== this.#label(),
    };
  }

  async #weighed({ apiKey }: ApiKey): Promise<ReturnType<typeof weigh>> {
    const { wanted, declared } = this.#order;
    const statements = [...(await this.#needs.statements()), ...this.#statements];
    const about = { venue: wanted.venue, environment: wanted.environment, fingerprint: fingerprint(wanted.venue, apiKey) };
    return weigh(standing(statements, declared.allowedIps), { ...about, allowedIps: declared.allowedIps, now: this.#needs.now() });
  }

  async #look(witness: Witness, credential: ApiKey, seenElsewhere: Elsewhere | undefined): Promise<Examined> {
    const { kind, declared, title } = this.#order;
    try {
      return await examine(witness, { operation: title, kind, credential, declared, seenElsewhere });
    } catch (error) {
      if (error instanceof KeyError) return { is: "unknown", error };
      throw error;
    }
  }

  async #seal(deed: Deposit["deed"], proof: Proof | undefined): Promise<void> {
    const { wanted } = this.#order;
    const at = this.#needs.now();
    const apiKey = this.#credential;
    const print = wanted.fingerprint ?? (apiKey === undefined ? undefined : fingerprint(wanted.venue, apiKey.apiKey));
    if (print === undefined) throw new Error("a deposit is about one key");
    const deposit: Deposit = {
      ...{ ...wanted, id: newId(), deed, desired: this.#hash(), fingerprint: print, mark: this.#drawn(), label: this.#label() },
      ...{ at: new Date(at).toISOString(), endsAt: new Date(at + LONGEST_MS).toISOString() },
      ...(deed === "issued" && apiKey !== undefined ? { credential: apiKey } : {}),
      ...(proof === undefined || deed === "revoked" || deed === "relabelled" ? {} : { proof }),
    };
    const { id, endsAt } = deposit;
    // First the journal, then the file: killed between the two, the next sitting looks for the file and doesn't find it.
    if (deed === "issued")
      await this.#needs.journal.issued(deposit.mark, { fingerprint: print, deposit: { id, endsAt, desired: this.#hash() } });
    const kept = await this.#needs.keep(deposit);
    this.#deposit = kept;
    if (kept !== undefined) this.#credential = undefined;
    this.#is("done", []);
    this.#finish(deposit);
  }

  #is(phase: Phase, findings: readonly Finding[]): void {
    this.#phase = phase;
    this.#findings = findings;
    if (phase !== "checking") this.#mayExist = this.#mayExist && phase === "todo";
    this.#changed();
  }

  /** What couldn't be done, such as writing to a full disk: told like anything else, and tried again by whoever reads it. */
  failed(error: KeyError): void {
    this.#is(this.#phase === "checking" ? "differs" : this.#phase, findingsOf({ is: "unknown", error }, this.#order));
  }

  /** Entries of this key that no run has recorded yet. */
  async #entries(): Promise<readonly Entry[]> {
    const { wanted, kindName } = this.#order;
    const all = await this.#needs.journal.entries(this.#needs.now());
    return all.filter(
      (entry) =>
        entry.status !== "recorded" &&
        entry.label !== undefined &&
        entry.kind === kindName &&
        entry.venue === wanted.venue &&
        entry.environment === wanted.environment &&
        entry.accountId === wanted.accountId &&
        entry.generation === wanted.generation &&
        sameIdentity(entry.identity, wanted.identity),
    );
  }

  /** Enough to tell keys apart on the venue's page, and no more. */
  #pasted(): string {
    const { apiKey = "" } = this.#credential ?? {};
    return `${apiKey.slice(0, apiKey.startsWith("sandbox-") ? 14 : 6)}…`;
  }

  /** How findings name the key: one that was pasted may have any label. */
  #meant(): string {
    return this.#order.does === "create" ? `that begins with ${this.#pasted()}` : `labelled "${this.#label()}"`;
  }

  #drawn(): string {
    return (this.#mark ??= randomBytes(MARK_DIGITS / 2).toString("hex"));
  }

  #hash(): string {
    return desiredHash(this.#order.declared.grants, this.#order.declared.allowedIps);
  }

  #label(): string {
    const { kind, declared, recorded, does } = this.#order;
    if (does === "revoke" || kind.label === undefined) return recorded?.label ?? "";
    return compose(declared.label, this.#drawn(), kind.label);
  }
}

/** As a dead key is refused, and a barred one: a wrong secret isn't. */
function refusesAll(found: Examined): boolean {
  return found.is === "barred" || (found.is === "refused" && found.error.code === "absence-unproved");
}

function parsed(text: string): Statement | undefined {
  try {
    return parseStatement(text);
  } catch (error) {
    if (error instanceof KeyError) return undefined;
    throw error;
  }
}

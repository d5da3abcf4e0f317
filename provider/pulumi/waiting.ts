// `ceremony: wait`: the page served from within `up`, for a person at this very desk. One for all resources of a run, gone with the last of them.

import { openBrowser } from "../ceremony/browser";
import { Ceremony, type CeremonyNeeds } from "../ceremony/ceremony";
import { servePage, type Page } from "../ceremony/page/server";
import type { Order } from "../ceremony/task";
import type { Deposited } from "../core/byhand";
import type { Engine } from "./engine";

export interface WaitingNeeds extends Pick<CeremonyNeeds, "journal" | "holder" | "statements" | "now"> {
  readonly stack: string;
  readonly engine: Engine;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly say: (line: string) => void;
}

/** How often an engine that may have ended is looked at, in milliseconds. */
const WATCH_MS = 1_000;

/** How long the last tab is waited for, in milliseconds, once nothing is left to do. */
const TOLD_MS = 2_000;

export class Waiting {
  readonly #needs: WaitingNeeds;
  readonly #session: Ceremony;
  #page: Promise<Page | undefined> | undefined;
  #open = 0;
  #told: () => void = () => undefined;
  #toldAll: Promise<void> = Promise.resolve();
  /** Nobody can be asked here any more: no desktop, or somebody else may have been in. */
  #ended = false;

  constructor(needs: WaitingNeeds) {
    this.#needs = needs;
    const { stack, now, journal, holder, statements } = needs;
    // Nothing is sealed: the run that waits is this process.
    this.#session = new Ceremony({
      stack,
      now,
      journal,
      holder,
      statements,
      keep: () => Promise.resolve(undefined),
      lies: () => Promise.resolve(false),
    });
  }

  /** Has a person do it. Undefined where nobody does within the time, nobody can be asked, or the engine has ended. */
  async ask(order: Order): Promise<Deposited | undefined> {
    this.#open += 1;
    let deposited: Deposited | undefined;
    try {
      if ((await this.#served()) === undefined) return undefined;
      const { id, done } = await this.#session.add(order);
      deposited = await Promise.race([done, this.#until(this.#needs.now() + this.#needs.timeoutMs)]);
      // The last one goes with the page, which must not say that nothing is left to do.
      if (deposited === undefined && this.#open > 1) this.#session.remove(id);
      return deposited;
    } finally {
      this.#open -= 1;
      if (this.#open === 0) await this.#close(deposited !== undefined);
    }
  }

  async #until(end: number): Promise<undefined> {
    const { now, engine } = this.#needs;
    while (!this.#ended && now() < end && (await engine.alive())) await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
    return undefined;
  }

  #served(): Promise<Page | undefined> {
    if (this.#ended) return Promise.resolve(undefined);
    this.#page ??= this.#serve();
    return this.#page;
  }

  async #serve(): Promise<Page | undefined> {
    const { say, env, now } = this.#needs;
    this.#toldAll = new Promise((resolve) => (this.#told = resolve));
    const page = await servePage(this.#session, {
      now,
      onLocked: (reason) => {
        this.#ended = true;
        say(`exchange-keys: the ceremony is locked: ${reason}`);
      },
      next: "This `pulumi up` goes on by itself.",
      onFinished: () => this.#told(),
    });
    if (await openBrowser(await page.launchFile(), env)) {
      say(`exchange-keys: a person is waited for at ${page.address}; the page shows the words ${page.words.join(" ")}`);
      return page;
    }
    this.#ended = true;
    await page.close();
    return undefined;
  }

  /** Not before the person's tab has been told that all is done; one that isn't there any more is waited for shortly. */
  async #close(done: boolean): Promise<void> {
    const page = await this.#page;
    if (page !== undefined && done) await Promise.race([this.#toldAll, new Promise((resolve) => setTimeout(resolve, TOLD_MS))]);
    if (this.#open > 0) return;
    this.#page = undefined;
    await page?.close();
  }
}

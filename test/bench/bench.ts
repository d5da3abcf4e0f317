// What all measurements share: one sandbox, the stacks that they open, how much of it all is wanted, and an end that leaves nothing.

import { BenchSandbox } from "./sandbox";
import { BenchStack, type PROGRAMS } from "./stack";

/** How much to measure. */
export interface Extent {
  /** Count of resources → how often. */
  readonly sizes: ReadonlyMap<number, number>;
  /** Fresh processes for each figure of the import. */
  readonly processes: number;
  /** Tokens that one provider process holds. */
  readonly many: number;
  /** Tokens created under a limit of requests. */
  readonly limited: number;
  /** Keys of each venue, where its limits allow so many; and under its limits. */
  readonly keys: number;
  readonly paced: number;
  /** Keys of others in one list. */
  readonly listed: number;
}

export const FULL: Extent = { sizes: new Map([[1, 5], [10, 5], [100, 3]]), processes: 15, many: 1_000, limited: 50, keys: 100, paced: 20, listed: 10_000 }; // prettier-ignore
export const QUICK: Extent = { sizes: new Map([[1, 1], [10, 1], [100, 1]]), processes: 5, many: 100, limited: 20, keys: 20, paced: 5, listed: 1_000 }; // prettier-ignore

export class Bench {
  readonly #stacks = new Set<BenchStack>();
  readonly #sandboxes = new Set<BenchSandbox>();

  private constructor(
    readonly sandbox: BenchSandbox,
    readonly extent: Extent,
  ) {}

  static async open(extent: Extent): Promise<Bench> {
    return new Bench(await BenchSandbox.open(), extent);
  }

  /** A stack for one measurement, taken away after it. */
  async with<T>(name: keyof typeof PROGRAMS, rate: unknown, what: (stack: BenchStack) => Promise<T>, sandbox = this.sandbox): Promise<T> {
    const stack = new BenchStack(name, sandbox.env);
    this.#stacks.add(stack);
    try {
      await stack.init(sandbox.account(rate));
      return await what(stack);
    } finally {
      await stack.close();
      this.#stacks.delete(stack);
    }
  }

  /** The sandbox of another venue for one measurement, ended after it. */
  async at<T>(venue: string, what: (sandbox: BenchSandbox) => Promise<T>): Promise<T> {
    const sandbox = await BenchSandbox.open(venue);
    this.#sandboxes.add(sandbox);
    try {
      return await what(sandbox);
    } finally {
      await sandbox.close();
      this.#sandboxes.delete(sandbox);
    }
  }

  /** Says on stderr what is measured now; stdout belongs to the figures. */
  say(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#stacks].map((stack) => stack.close()));
    await Promise.all([this.sandbox, ...this.#sandboxes].map((sandbox) => sandbox.close()));
  }
}

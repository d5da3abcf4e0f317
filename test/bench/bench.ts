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
}

export const FULL: Extent = { sizes: new Map([[1, 5], [10, 5], [100, 3]]), processes: 15, many: 1_000, limited: 50 }; // prettier-ignore
export const QUICK: Extent = { sizes: new Map([[1, 1], [10, 1], [100, 1]]), processes: 5, many: 100, limited: 20 }; // prettier-ignore

export class Bench {
  readonly #stacks = new Set<BenchStack>();

  private constructor(
    readonly sandbox: BenchSandbox,
    readonly extent: Extent,
  ) {}

  static async open(extent: Extent): Promise<Bench> {
    return new Bench(await BenchSandbox.open(), extent);
  }

  /** A stack for one measurement, taken away after it. */
  async with<T>(name: keyof typeof PROGRAMS, rate: unknown, what: (stack: BenchStack) => Promise<T>): Promise<T> {
    const stack = new BenchStack(name, this.sandbox.env);
    this.#stacks.add(stack);
    try {
      await stack.init(this.sandbox.account(rate));
      return await what(stack);
    } finally {
      await stack.close();
      this.#stacks.delete(stack);
    }
  }

  /** Says on stderr what is measured now; stdout belongs to the figures. */
  say(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#stacks].map((stack) => stack.close()));
    await this.sandbox.close();
  }
}

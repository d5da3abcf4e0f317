// Faults: what shall go wrong with which request, how often, and the requests that are being held. Apart from the server
// that acts on them, because tests also watch and release them.

import { z } from "zod";

const phase = z.enum(["before", "after"]);
const status = z.int().min(200).max(599);

/** What goes wrong. `phase` says whether the venue does what was asked first (`after`) or never (`before`). */
const kinds = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("refuse"),
    status: status.optional(),
    code: z.union([z.int(), z.string()]).optional(),
    message: z.string().optional(),
    phase: phase.default("before"),
  }),
  z.strictObject({ kind: z.literal("delay"), ms: z.int().min(0), phase: phase.default("before") }),
  z.strictObject({ kind: z.literal("hold"), phase: phase.default("after") }),
  z.strictObject({ kind: z.literal("429"), retryAfter: z.string().optional(), phase: phase.default("before") }),
  z.strictObject({ kind: z.literal("500"), phase: phase.default("before") }),
  z.strictObject({ kind: z.literal("503"), retryAfter: z.string().optional(), phase: phase.default("before") }),
  z.strictObject({ kind: z.literal("maintenance"), phase: phase.default("before") }),
  z.strictObject({ kind: z.literal("html"), status: status.default(502), phase: phase.default("before") }),
  z.strictObject({ kind: z.literal("truncated") }),
  z.strictObject({ kind: z.literal("huge"), bytes: z.int().min(1).default(100_000_000), phase: phase.default("before") }),
  z.strictObject({ kind: z.literal("reset"), phase: phase.default("before") }),
  z.strictObject({ kind: z.literal("lost-after-effect") }),
  z.strictObject({ kind: z.literal("wrong-shape"), body: z.json().default({ unexpected: true }), phase: phase.default("after") }),
  z.strictObject({ kind: z.literal("clock"), skewMs: z.int() }),
]);

export type FaultKind = z.infer<typeof kinds>;

/** The names of all kinds. */
export const FAULT_KINDS: readonly string[] = kinds.options.map((option) => option.shape.kind.value);

export const faultSchema = z
  .looseObject({
    venue: z.string(),
    match: z.strictObject({
      /** A path such as `/v2/auth/w/token`, or the beginning of one and `*`. */
      path: z.string().startsWith("/"),
      method: z.string().toUpperCase().optional(),
      /** How many matching requests pass first. */
      after: z.int().min(0).default(0),
    }),
    times: z.union([z.int().min(1), z.literal("always")]).default(1),
  })
  .transform((value, context) => {
    const { venue, match, times, ...rest } = value;
    const what = kinds.safeParse(rest);
    if (what.success) return { venue, match, times, what: what.data };
    for (const issue of what.error.issues) context.addIssue({ code: "custom", message: issue.message, path: [...issue.path] });
    return z.NEVER;
  });

export type FaultSpec = z.infer<typeof faultSchema>;

/** A fault as the control API shows it. */
export type FaultView = Omit<FaultSpec, "what"> &
  FaultKind & {
    readonly id: string;
    /** Requests that met it. */
    readonly hits: number;
    /** Requests that it has begun to hold, and those it holds now. */
    readonly held: number;
    readonly holding: number;
    /** Held requests whose caller has hung up meanwhile. */
    readonly gone: number;
    /** It won't act on any further request. */
    readonly spent: boolean;
  };

type Outcome = "released" | "dropped";

/** One fault in force. */
export class Fault {
  hits = 0;
  held = 0;
  gone = 0;
  private passed = 0;
  private waiting = new Set<(outcome: Outcome) => void>();
  private watchers = new Set<() => void>();
  private removed = false;

  constructor(
    readonly id: string,
    readonly spec: FaultSpec,
  ) {}

  get spent(): boolean {
    return this.spec.times !== "always" && this.hits >= this.spec.times;
  }

  /** Whether this request meets the fault; counts it if so. */
  meets(venue: string, method: string, path: string): boolean {
    const { match } = this.spec;
    if (this.spent || venue !== this.spec.venue) return false;
    if (match.method !== undefined && match.method !== method) return false;
    const fits = match.path.endsWith("*") ? path.startsWith(match.path.slice(0, -1)) : path === match.path;
    if (!fits) return false;
    if (this.passed < match.after) {
      this.passed++;
      return false;
    }
    this.hits++;
    this.changed();
    return true;
  }

  /** Holds a request until it is released (it goes on) or dropped (it never happened). */
  hold(): Promise<Outcome> {
    return new Promise((resolve) => {
      this.waiting.add(resolve);
      this.held++;
      this.changed();
    });
  }

  /** Lets every held request go on, or drops it; says how many there were. */
  let(outcome: Outcome): number {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resolve of waiting) resolve(outcome);
    this.changed();
    return waiting.length;
  }

  callerGone(): void {
    this.gone++;
    this.changed();
  }

  /** The end of this fault: what it holds is dropped, and nobody waits for it any longer. */
  remove(): void {
    this.removed = true;
    this.let("dropped");
  }

  /** Resolves true once `reached` holds, false after `timeoutMs` or when the fault is removed. */
  until(reached: (fault: Fault) => boolean, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (answer: boolean): void => {
        clearTimeout(timer);
        this.watchers.delete(look);
        resolve(answer);
      };
      const look = (): void => {
        if (reached(this)) settle(true);
        else if (this.removed) settle(false);
      };
      // Nobody's process has to stay alive for this.
      const timer = setTimeout(() => settle(false), timeoutMs).unref();
      this.watchers.add(look);
      look();
    });
  }

  private changed(): void {
    for (const look of [...this.watchers]) look();
  }

  view(): FaultView {
    const { what, ...spec } = this.spec;
    const counts = { hits: this.hits, held: this.held, holding: this.waiting.size, gone: this.gone, spent: this.spent };
    return { id: this.id, ...spec, ...what, ...counts };
  }
}

/** All faults, in the order they were set; a request meets the first that fits. */
export class Faults {
  private readonly faults = new Map<string, Fault>();
  private last = 0;

  add(spec: FaultSpec): Fault {
    const fault = new Fault(String(++this.last), spec);
    this.faults.set(fault.id, fault);
    return fault;
  }

  get(id: string): Fault | undefined {
    return this.faults.get(id);
  }

  all(): Fault[] {
    return [...this.faults.values()];
  }

  take(venue: string, method: string, path: string): Fault | undefined {
    return this.all().find((fault) => fault.meets(venue, method, path));
  }

  /** Removes a fault; what it holds never happened. */
  remove(id: string): boolean {
    this.faults.get(id)?.remove();
    return this.faults.delete(id);
  }

  clear(): void {
    for (const id of [...this.faults.keys()]) this.remove(id);
  }
}

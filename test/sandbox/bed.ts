// What the callers of all venues share: a sandbox with its control, opened and closed around tests. How a venue is asked is the caller's own.

import { Control, startSandbox, type AccountOf, type Sandbox, type SandboxOptions, type VenueName } from "../../sandbox/index";

export interface BedOptions extends Pick<SandboxOptions, "state"> {
  /** Off without it. */
  readonly limits?: boolean;
}

interface Named {
  readonly apiKey: string;
}

/** A sandbox, its control, and a caller of one venue in it; `K` is a key as the venue's desk shows it. */
export abstract class VenueBed<V extends VenueName, K extends Named = Named> {
  readonly control: Control;
  /** Where the venue's paths begin, for faults. */
  protected readonly root: string = "";

  constructor(
    private readonly venue: V,
    readonly sandbox: Sandbox<V>,
  ) {
    this.control = new Control(sandbox.control);
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }

  get url(): string {
    return this.sandbox.venues[this.venue].url;
  }

  /** The account that is there from the beginning. */
  get account(): AccountOf<V> {
    return this.sandbox.venues[this.venue].account;
  }

  /** Now, by the sandbox's clock. */
  async time(): Promise<number> {
    const { offsetMs } = await this.control.get<{ offsetMs: number }>("/clock");
    return Date.now() + offsetMs;
  }

  /** How far ahead the clock is then. */
  async advance(duration: string): Promise<number> {
    return (await this.control.post<{ offsetMs: number }>("/clock", { advance: duration })).offsetMs;
  }

  /** A key that a person makes on the web page. */
  byHand(wanted: Record<string, unknown> = {}): Promise<K> {
    return this.control.post(`/venues/${this.venue}/keys`, wanted);
  }

  /** A key as the desk shows it. */
  async desk(key: string | Named): Promise<K> {
    const name = typeof key === "string" ? key : key.apiKey;
    const found = (await this.control.get<K[]>(`/venues/${this.venue}/keys`)).find(({ apiKey }) => apiKey === name);
    if (!found) throw new Error(`the desk has no key ${name}`);
    return found;
  }

  switches(values: Record<string, unknown>): Promise<unknown> {
    return this.control.patch(`/venues/${this.venue}/switches`, values);
  }

  fault(path: string, what: Record<string, unknown>): Promise<{ id: string }> {
    return this.control.post("/faults", { venue: this.venue, match: { path: this.root + path }, ...what });
  }
}

/** Opens a bed; the sandbox has the bed's venue alone unless told otherwise. */
export async function openBed<V extends VenueName, B extends VenueBed<V>>(
  Bed: new (venue: V, sandbox: Sandbox<V>) => B,
  venue: V,
  { limits = false, ...options }: BedOptions = {},
  venues: readonly VenueName[] = [venue],
): Promise<B> {
  const bed = new Bed(venue, (await startSandbox({ ...options, venues })) as Sandbox<V>);
  if (!limits) await bed.control.patch(`/venues/${venue}/limits`, { enabled: false });
  return bed;
}

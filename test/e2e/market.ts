// A sandbox of several venues for stories on the real engine: accounts by references, what is alive, and what a test does behind Pulumi's back.

import { venue as registered } from "../../provider/venues/registry";
import { Control, startSandbox, type RequestEntry, type Sandbox, type VenueName } from "../../sandbox/index";
import { fixtureOf, type KindFixture, type LivingKey, type VenueFixture } from "../conformance/fixture";
import type { Grounds } from "./stack";

export class Market implements Grounds {
  private constructor(
    readonly venues: readonly string[],
    private readonly sandbox: Sandbox,
    readonly control: Control,
  ) {}

  /** Started with limits off, and with what settles in minutes settling at once: real time runs here. */
  static async open(venues: readonly string[]): Promise<Market> {
    const sandbox = await startSandbox({ venues: venues as readonly VenueName[] });
    const market = new Market(venues, sandbox, new Control(sandbox.control));
    for (const venue of venues) {
      await market.control.patch(`/venues/${venue}/limits`, { enabled: false });
      await market.control.patch(`/venues/${venue}/switches`, fixtureOf(venue).quick ?? {});
    }
    return market;
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }

  get #first(): Readonly<Record<string, unknown>> {
    return fixtureOf(this.venues[0]!).account(this.sandbox);
  }
  get account(): Grounds["account"] {
    const { apiKey, apiSecret } = this.#first;
    return { apiKey: String(apiKey), apiSecret: String(apiSecret) };
  }
  get address(): string {
    return String(this.#first["address"]);
  }
  get testClock(): string {
    return this.sandbox.control.url;
  }

  /** The account of a venue, by references; `changes` as a program's configuration has them. */
  settings(venue: string, changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
    const { address } = fixtureOf(venue).account(this.sandbox);
    const members = registered(venue)!.manifest().credential;
    const references = Object.fromEntries(members.map((member) => [`${member}Env`, variable(venue, member)]));
    return { venue, environment: "sandbox", address, ...references, ...changes };
  }

  /** What the references name. */
  get env(): Readonly<Record<string, string>> {
    const entries = this.venues.flatMap((venue) => {
      const given = fixtureOf(venue).account(this.sandbox);
      return registered(venue)!
        .manifest()
        .credential.map((member) => [variable(venue, member), String(given[member])] as const);
    });
    return Object.fromEntries(entries);
  }

  fixture(venue: string): VenueFixture {
    return fixtureOf(venue);
  }

  kind(venue: string, kind: string): KindFixture {
    return fixtureOf(venue).kinds[kind]!;
  }

  /** The keys that are alive where the fixture's keys are. */
  async living(venue: string): Promise<readonly LivingKey[]> {
    const kinds = Object.values(fixtureOf(venue).kinds);
    return (await Promise.all(kinds.map((kind) => kind.living(this.control)))).flat();
  }

  /** All keys of a venue that are alive, of whichever account. */
  async everywhere(venue: string): Promise<readonly unknown[]> {
    const keys = await this.control.get<readonly { readonly alive: boolean }[]>(`/venues/${venue}/keys`);
    return keys.filter(({ alive }) => alive);
  }

  /** The requests that a venue got meanwhile. */
  async during(venue: string, what: () => Promise<unknown>): Promise<readonly RequestEntry[]> {
    const { latest } = await this.control.get<{ latest: number }>("/requests");
    await what();
    return (await this.control.get<{ requests: RequestEntry[] }>(`/requests?venue=${venue}&since=${latest}`)).requests;
  }
}

function variable(venue: string, member: string): string {
  return `${venue}_${member}`.toUpperCase();
}

// The sandbox's side of a story: what it saw, what is alive there, and what a test does behind Pulumi's back.

import { Control, startSandbox, type FaultView, type RequestEntry, type Sandbox } from "exchange-keys-sandbox";

/** A token as the sandbox's control shows it. */
export interface Token {
  readonly id: string;
  readonly token: string;
  readonly fingerprint: string;
  readonly scopes: readonly [scope: string, read: 0 | 1, write: 0 | 1][];
  readonly custIp: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  readonly alive: boolean;
}

/** An API key as the sandbox's control shows it. */
export interface ApiKey {
  readonly id: string;
  readonly label: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly allowedIps: readonly string[];
  readonly alive: boolean;
}

/** A request that the sandbox holds back. */
export interface Hold {
  /** Waits until the request is there; what it asked for has then been done, unless it is held before its effect. */
  reached(): Promise<void>;
  /** Waits until the caller has hung up. */
  deserted(): Promise<void>;
  release(): Promise<void>;
}

const API = {
  mint: "auth/w/token",
  revoke: "auth/w/token/del",
  look: "auth/r/permissions",
  whoami: "auth/r/info/user",
  address: "int/geo/ip",
};
export type Call = keyof typeof API;

/** A sandbox of its own, with limits off and no scopes beyond those asked for. */
export class Venue {
  private constructor(
    private readonly sandbox: Sandbox<"bitfinex">,
    readonly control: Control,
  ) {}

  /** Starts a sandbox in this process, or takes one that runs elsewhere. */
  static async open(given?: Sandbox<"bitfinex">): Promise<Venue> {
    const sandbox = given ?? (await startSandbox({ venues: ["bitfinex"] }));
    const venue = new Venue(sandbox, new Control(sandbox.control));
    await venue.control.patch("/venues/bitfinex/limits", { enabled: false });
    await venue.switch({ capsExtraScopes: "none" });
    return venue;
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }

  /** Host and port, as the account's `address` wants it. */
  get address(): string {
    return new URL(this.sandbox.venues.bitfinex.url).host;
  }

  /** The control's address, for `exchange-keys:testClock`. */
  get testClock(): string {
    return this.sandbox.control.url;
  }

  get account(): { readonly apiKey: string; readonly apiSecret: string } {
    return this.sandbox.venues.bitfinex.account;
  }

  /** Who signs in at the console. */
  get login(): { readonly email: string; readonly password: string; readonly totpSecret: string } {
    return this.sandbox.venues.bitfinex.login;
  }

  /** The console's and the API's common address. */
  get url(): string {
    return this.sandbox.venues.bitfinex.url;
  }

  /** The venue's time, in milliseconds. */
  async now(): Promise<number> {
    return Date.parse((await this.control.get<{ now: string }>("/clock")).now);
  }

  /** All API keys, those of the account in the configuration and of others too. */
  apiKeys(): Promise<readonly ApiKey[]> {
    return this.control.get("/venues/bitfinex/keys?secrets=true");
  }

  switch(values: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.control.patch("/venues/bitfinex/switches", values);
  }

  /** Moves the venue's clock, and with `testClock` the provider's: `"16h"`. */
  advance(duration: string): Promise<unknown> {
    return this.control.post("/clock", { advance: duration });
  }

  /** All tokens ever minted, in order. */
  tokens(): Promise<readonly Token[]> {
    return this.control.get("/venues/bitfinex/tokens?secrets=true");
  }

  async alive(): Promise<readonly Token[]> {
    return (await this.tokens()).filter(({ alive }) => alive);
  }

  /** Ends a token behind Pulumi's back. */
  kill(token: Pick<Token, "id">): Promise<unknown> {
    return this.control.delete(`/venues/bitfinex/tokens/${token.id}`);
  }

  /** Makes another managing key: of the first account, or of another one. */
  key(what: Readonly<Record<string, unknown>> = {}): Promise<{ readonly id: string; readonly apiKey: string; readonly apiSecret: string }> {
    const permissions = {
      account: "read-write",
      wallets: "read-write",
      orders: "read-write",
      settings: "read-write",
      funding: "read-write",
    };
    return this.control.post("/venues/bitfinex/keys", { permissions, ...what });
  }

  fault(call: Call, what: Readonly<Record<string, unknown>>, after = 0): Promise<FaultView> {
    return this.control.post("/faults", { venue: "bitfinex", match: { path: `/v2/${API[call]}`, after }, ...what });
  }

  noFaults(): Promise<unknown> {
    return this.control.delete("/faults");
  }

  /** Holds one call, after `after` others of its kind: its effect comes before (`phase: "after"`) or at its release. */
  async hold(call: Call, phase: "before" | "after", after = 0): Promise<Hold> {
    const { id } = await this.fault(call, { kind: "hold", phase }, after);
    const wait = async (query: string): Promise<void> => {
      const { reached } = await this.control.get<{ reached: boolean }>(`/faults/${id}/wait?${query}&timeoutMs=60000`);
      if (!reached) throw new Error(`the held ${call} wasn't ${query} within 60 s`);
    };
    return {
      reached: () => wait("hits=1"),
      deserted: () => wait("gone=1"),
      release: async () => void (await this.control.post(`/faults/${id}/release`)),
    };
  }

  async requests(since = 0): Promise<readonly RequestEntry[]> {
    return (await this.control.get<{ requests: RequestEntry[] }>(`/requests?venue=bitfinex&since=${since}`)).requests;
  }

  /** Runs `what` and counts the venue's calls meanwhile, by name: `{ mint: 1, look: 2 }`. */
  async during(what: () => Promise<unknown>): Promise<Partial<Record<Call, number>>> {
    const { latest } = await this.control.get<{ latest: number }>("/requests");
    await what();
    const paths = (await this.requests(latest)).map(({ path }) => path);
    const counts = Object.entries(API).map(([name, path]) => [name, paths.filter((one) => one === `/v2/${path}`).length] as const);
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }
}

// A bare caller of the sandbox's Gate, for what no client library lets one do: own timestamps, signatures, bodies and source
// addresses. Written from the recipe of the public documentation, as the sandbox itself is, but on its own.

import { createHash, createHmac } from "node:crypto";
import { openBed, VenueBed, type BedOptions } from "./bed";
import { ask, type Answered, type Credentials } from "./caller";

/** How a request differs from a right one. */
export interface Different {
  readonly key?: Credentials;
  readonly from?: string;
  readonly timestamp?: string;
  /** Instead of the query that is signed. */
  readonly signedQuery?: string;
  /** Instead of all that is signed. */
  readonly message?: string;
  /** Added to the signed headers; an empty text takes one away. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A key as the desk shows it. */
export interface DeskKey extends Credentials {
  readonly id: string;
  readonly userId: number;
  readonly name: string;
  readonly mode: number;
  readonly permissions: Readonly<Record<string, string>>;
  readonly allowedIps: readonly string[];
  readonly expiresAt: string | null;
  readonly alive: boolean;
  readonly states: readonly {
    readonly at: string;
    readonly permissions: Readonly<Record<string, string>>;
    readonly allowedIps: readonly string[];
  }[];
}

/** A key as an answer has it. */
export interface Row {
  readonly state: number;
  readonly name: string;
  readonly key: string;
  readonly secret: string;
  readonly mode: number;
  readonly perms: readonly { readonly name: string; readonly read_only: boolean }[];
  readonly ip_whitelist: readonly string[];
  readonly created_at: number;
  readonly last_access?: number;
  readonly update_at: number;
}

const BASE = "/api/v4";
export const SUB = 2_124_002;
export const OTHER_SUB = 2_124_003;
export const SPOT = [{ name: "spot", read_only: false }];
export const keysOf = (sub: number | string): string => `/sub_accounts/${sub}/keys`;

/**
 * A sandbox's Gate, its control, and a caller. Without limits and with writes that take effect at once, unless it is opened
 * `asDocumented`: the switches' defaults are for tests of them.
 */
export class GateBed extends VenueBed<"gate", DeskKey> {
  protected override readonly root = BASE;

  static async open({ asDocumented = false, ...options }: BedOptions & { asDocumented?: boolean } = {}): Promise<GateBed> {
    const bed = await openBed(GateBed, "gate", options);
    if (!asDocumented) await bed.switches({ settleSeconds: 0, keysMax: 0 });
    return bed;
  }

  /** The sandbox's time, as the timestamp header wants it. */
  async now(offsetSeconds = 0): Promise<string> {
    return String(Math.floor((await this.time()) / 1_000) + offsetSeconds);
  }

  /** A signed request below /api/v4. */
  async send(method: string, target: string, body: string, different: Different = {}): Promise<Answered> {
    const { apiKey, apiSecret } = different.key ?? this.account;
    const timestamp = different.timestamp ?? (await this.now());
    const [path = "", query = ""] = target.split("?");
    const hash = createHash("sha512").update(body).digest("hex");
    const signed = different.signedQuery ?? decodeURIComponent(query);
    const message = different.message ?? [method, BASE + path, signed, hash, timestamp].join("\n");
    const headers: Record<string, string> = {
      "content-type": "application/json",
      KEY: apiKey,
      Timestamp: timestamp,
      SIGN: sign(apiSecret, message),
      ...different.headers,
    };
    return ask(this.url, BASE + target, { method, body, headers, from: different.from });
  }

  get(target: string, different?: Different): Promise<Answered> {
    return this.send("GET", target, "", different);
  }

  post(path: string, body: unknown, different?: Different): Promise<Answered> {
    return this.send("POST", path, JSON.stringify(body), different);
  }

  /** Asks for a key of desk_alpha that trades spot; `undefined` takes a member away. */
  create(different: Record<string, unknown> = {}, sub: number | string = SUB, how?: Different): Promise<Answered> {
    return this.post(keysOf(sub), { mode: 1, name: "bot", perms: SPOT, ip_whitelist: ["203.0.113.10"], ...different }, how);
  }

  /** The same, which must work. */
  async issued(different: Record<string, unknown> = {}, sub = SUB): Promise<Credentials> {
    const answer = await this.create(different, sub);
    if (answer.status !== 200) throw new Error(`creating a key: ${answer.status} ${answer.text}`);
    const { key, secret } = answer.json as Row;
    return { apiKey: key, apiSecret: secret };
  }

  /** Replaces all of a key, as {@link create} would make it. */
  update({ apiKey }: { apiKey: string }, different: Record<string, unknown> = {}, sub: number | string = SUB): Promise<Answered> {
    const body = { mode: 1, name: "bot", perms: SPOT, ip_whitelist: ["203.0.113.10"], ...different };
    return this.send("PUT", `${keysOf(sub)}/${apiKey}`, JSON.stringify(body));
  }

  remove({ apiKey }: { apiKey: string }, sub: number | string = SUB): Promise<Answered> {
    return this.send("DELETE", `${keysOf(sub)}/${apiKey}`, "");
  }

  async list(sub: number | string = SUB): Promise<readonly Row[]> {
    const { status, json, text } = await this.get(keysOf(sub));
    if (status !== 200) throw new Error(`listing: ${status} ${text}`);
    return json as Row[];
  }

  row({ apiKey }: { apiKey: string }, sub: number | string = SUB): Promise<Answered> {
    return this.get(`${keysOf(sub)}/${apiKey}`);
  }

  balance(key: Credentials, different: Different = {}): Promise<Answered> {
    return this.get("/spot/accounts?currency=USDT", { ...different, key });
  }

  order(key: Credentials, body: Record<string, unknown> = {}, different: Different = {}): Promise<Answered> {
    const order = { text: "t-1", currency_pair: "BTC_USDT", type: "limit", side: "buy", amount: "0.001", price: "65000" };
    return this.post("/spot/orders", { ...order, ...body }, { ...different, key });
  }

  transfer(key: Credentials): Promise<Answered> {
    const body = { currency: "BTC", from: "spot", to: "margin", amount: "1", currency_pair: "BTC_USDT" };
    return this.post("/wallet/transfers", body, { key });
  }

  detail(key: Credentials, different: Different = {}): Promise<Answered> {
    return this.get("/account/detail", { ...different, key });
  }

  /** A sub-account of its own. */
  async sub(wanted: Record<string, unknown> = {}): Promise<number> {
    return (await this.control.post<{ userId: number }>("/venues/gate/sub-accounts", wanted)).userId;
  }
}

/** Hex of HMAC-SHA512. */
export function sign(secret: string, message: string): string {
  return createHmac("sha512", secret).update(message).digest("hex");
}

export function labelOf({ json }: Answered): string | undefined {
  return (json as { label?: string } | undefined)?.label;
}

/** The status, and the label of a refusal: `200`, `"400 BAD_REQUEST"`. */
export function outcomeOf(answer: Answered): number | string {
  return answer.status < 300 ? answer.status : `${answer.status} ${labelOf(answer)}`;
}

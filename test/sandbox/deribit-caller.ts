// A bare caller of the sandbox's Deribit, for what no client library lets one do: own timestamps, nonces, signatures, bodies
// and source addresses. Written from the recipe of the public documentation, as the sandbox itself is, but on its own.

import { createHmac, randomBytes } from "node:crypto";
import { openBed, VenueBed, type BedOptions } from "./bed";
import { ask, type Answered, type Credentials } from "./caller";

/** How a request differs from a right one. */
export interface Different {
  readonly key?: Credentials;
  /** An access token, instead of a key. */
  readonly token?: string;
  readonly from?: string;
  readonly timestamp?: number;
  readonly nonce?: string;
  /** Instead of the header; an empty text leaves it out. */
  readonly authorization?: string;
}

/** A key as the desk shows it. */
export interface DeskKey extends Credentials {
  readonly id: string;
  readonly number: number;
  readonly accountId: number;
  readonly label: string;
  readonly permissions: readonly string[];
  readonly allowedIps: readonly string[];
  readonly enabled: boolean;
  readonly alive: boolean;
  readonly states: readonly {
    readonly at: string;
    readonly permissions: readonly string[];
    readonly allowedIps: readonly string[];
    readonly enabled: boolean;
  }[];
}

/** An api_key object. */
export interface ApiKey {
  readonly id: number;
  readonly client_id: string;
  readonly client_secret: string;
  readonly max_scope: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly ip_whitelist?: string[];
  readonly enabled_features?: string[];
}

export const ROOT = "/api/v2/";
export const SUMMARY = "private/get_account_summary?currency=BTC";

/** A sandbox's Deribit with limits off, its control, and a caller. */
export class DeribitBed extends VenueBed<"deribit", DeskKey> {
  protected override readonly root = ROOT;

  static open(options?: BedOptions): Promise<DeribitBed> {
    return openBed(DeribitBed, "deribit", options);
  }

  /** A signed request of these bytes; without a body there is none. */
  async send(method: string, target: string, body = "", different: Different = {}): Promise<Answered> {
    const { key = this.account, token, from, timestamp = await this.time(), nonce = randomBytes(6).toString("hex") } = different;
    const text = `${timestamp}\n${nonce}\n${method}\n${ROOT}${target}\n${body}\n`;
    const sig = createHmac("sha256", key.apiSecret).update(text).digest("hex");
    const signed = `deri-hmac-sha256 id=${key.apiKey},ts=${timestamp},sig=${sig},nonce=${nonce}`;
    const authorization = different.authorization ?? (token === undefined ? signed : `Bearer ${token}`);
    const headers = { ...(authorization === "" ? {} : { authorization }), ...(body === "" ? {} : { "content-type": "application/json" }) };
    return ask(this.url, ROOT + target, { method, body, headers, from });
  }

  get(target: string, different: Different = {}): Promise<Answered> {
    return this.send("GET", target, "", different);
  }

  call(method: string, params: Record<string, unknown> = {}, different: Different = {}): Promise<Answered> {
    return this.send("POST", method, JSON.stringify({ jsonrpc: "2.0", id: 7, method, params }), different);
  }

  create(params: Record<string, unknown> = {}, different: Different = {}): Promise<Answered> {
    return this.call("private/create_api_key", { max_scope: "account:read trade:read", ...params }, different);
  }

  edit(id: number, params: Record<string, unknown> = {}, different: Different = {}): Promise<Answered> {
    return this.call("private/edit_api_key", { id, max_scope: "account:read", ...params }, different);
  }

  list(different: Different = {}): Promise<Answered> {
    return this.call("private/list_api_keys", {}, different);
  }

  remove(id: number, different: Different = {}): Promise<Answered> {
    return this.call("private/remove_api_key", { id }, different);
  }

  summary(key: Credentials, different: Different = {}): Promise<Answered> {
    return this.get(SUMMARY, { key, ...different });
  }

  order(key: Credentials, different: Different = {}): Promise<Answered> {
    return this.call("private/buy", { instrument_name: "BTC-PERPETUAL", amount: 10 }, { key, ...different });
  }

  /** A key made by the API. */
  async issued(params: Record<string, unknown> = {}): Promise<ApiKey & Credentials> {
    const made = resultOf<ApiKey>(await this.create(params));
    return { ...made, apiKey: made.client_id, apiSecret: made.client_secret };
  }

  /** What `public/auth` answers. */
  auth(params: Record<string, unknown>, different: Different = {}): Promise<Answered> {
    return this.call("public/auth", params, { authorization: "", ...different });
  }

  /** An access token of a key. */
  async token(key: Credentials, scope?: string): Promise<string> {
    const asked = { grant_type: "client_credentials", client_id: key.apiKey, client_secret: key.apiSecret, scope };
    return resultOf<{ access_token: string }>(await this.auth(asked)).access_token;
  }

  /** Removes every key but the managing one, by hand. */
  async clear(): Promise<void> {
    for (const { id, apiKey } of await this.control.get<DeskKey[]>("/venues/deribit/keys"))
      if (apiKey !== this.account.apiKey) await this.control.delete(`/venues/deribit/keys/${id}`);
  }
}

/** The result; an error is thrown. */
export function resultOf<T>({ json, text }: Answered): T {
  const { result } = json as { result?: T };
  if (result === undefined) throw new Error(`deribit: ${text}`);
  return result;
}

/** The error's code; 0 where there is none. */
export function codeOf({ json }: Answered): number {
  return (json as { error?: { code: number } }).error?.code ?? 0;
}

/** Code, message and data of an error. */
export function errorOf({ json }: Answered): unknown {
  return (json as { error?: unknown }).error;
}

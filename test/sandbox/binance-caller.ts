// A bare caller of the sandbox's Binance, for what no client library lets one do: own payloads, signatures, timestamps and
// source addresses. Written from the recipe of the public documentation, as the dialect itself is, but on its own.

import { createHmac, createPrivateKey, sign } from "node:crypto";
import { openBed, VenueBed, type BedOptions } from "./bed";
import { ask, type Answered } from "./caller";

export interface BinanceKey {
  readonly apiKey: string;
  readonly apiSecret?: string | null;
  /** In PEM, for keys with a public key. */
  readonly privateKey?: string;
}

/** A key as the desk shows it. */
export interface ShownKey extends BinanceKey {
  readonly id: string;
  readonly apiSecret: string;
  readonly email: string;
  readonly apiName: string;
  readonly permissions: readonly string[];
  readonly allowedIps: readonly string[] | "anywhere";
  readonly alive: boolean;
  readonly states: readonly { readonly permissions: readonly string[]; readonly allowedIps: readonly string[] | "anywhere" }[];
}

export type Values = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Options {
  readonly key?: BinanceKey;
  readonly from?: string;
  /** Where the parameters go; in the query by default. */
  readonly in?: "query" | "body";
  /** Milliseconds that the timestamp is off the sandbox's clock. */
  readonly off?: number;
}

/** The two sub-accounts that are there from the beginning. */
export const ONE = "trading-1@example.com";
export const TWO = "trading-2@example.com";
export const SUB = "sub-account/subAccountApi";

export function encode(values: Values): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value ?? "")}`)
    .join("&");
}

/** HMAC-SHA256 in hex, or RSA or Ed25519 in base64, percent-encoded. */
export function signatureOf(payload: string, { apiSecret, privateKey }: BinanceKey): string {
  if (privateKey === undefined)
    return createHmac("sha256", apiSecret ?? "")
      .update(payload)
      .digest("hex");
  const key = createPrivateKey(privateKey);
  return encodeURIComponent(sign(key.asymmetricKeyType === "rsa" ? "RSA-SHA256" : null, Buffer.from(payload), key).toString("base64"));
}

/** A sandbox with limits off, its control, and callers of its Binance. */
export class BinanceBed extends VenueBed<"binance", ShownKey> {
  private offsetMs = 0;

  static open(options?: BedOptions): Promise<BinanceBed> {
    return openBed(BinanceBed, "binance", options);
  }

  /** The sandbox's time, as this bed has set it. */
  now(): number {
    return Date.now() + this.offsetMs;
  }

  override async advance(duration: string): Promise<number> {
    return (this.offsetMs = await super.advance(duration));
  }

  /** A signed request below the root, such as `GET`, `sapi/v1/account/apiRestrictions`. */
  call(method: string, path: string, values: Values = {}, options: Options = {}): Promise<Answered> {
    const payload = encode({ ...values, timestamp: values.timestamp ?? this.now() + (options.off ?? 0) });
    return options.in === "body"
      ? this.send(method, path, { body: payload }, options)
      : this.send(method, path, { query: payload }, options);
  }

  /** Exactly this query and body, signed in the part that isn't empty; with `signature`, that one. */
  send(
    method: string,
    path: string,
    parts: { query?: string; body?: string; signature?: string },
    options: Options = {},
  ): Promise<Answered> {
    const { query = "", body = "" } = parts;
    const key = options.key ?? this.account;
    const signature = `signature=${parts.signature ?? signatureOf(query + body, key)}`;
    const [inQuery, inBody] = body === "" ? [`${query}&${signature}`, ""] : [query, `${body}&${signature}`];
    const form = body === "" ? {} : { "content-type": "application/x-www-form-urlencoded" };
    return ask(this.url, `/${path}${inQuery === "" ? "" : `?${inQuery}`}`, {
      method,
      body: inBody,
      headers: { "x-mbx-apikey": key.apiKey, ...form },
      from: options.from,
    });
  }

  /** Creates a key of the first sub-account, from home alone unless said otherwise; throws when it is refused. */
  async create(values: Values = {}, options: Options & { version?: 1 | 2 } = {}): Promise<BinanceKey & Record<string, unknown>> {
    const wanted = { email: ONE, apiName: "bot", status: 2, ipAddress: values.status === 1 ? undefined : "203.0.113.10", ...values };
    const { status, json, text } = await this.call("POST", `sapi/v${options.version ?? 2}/${SUB}`, wanted, options);
    if (status !== 200) throw new Error(`creating: ${status} ${text}`);
    const body = json as Record<string, unknown> & { apiKey: string; secretKey?: string };
    return { ...body, apiSecret: body.secretKey ?? null };
  }

  /** The whole first page. */
  async list(values: Values = {}): Promise<{ total: number; rows: Record<string, unknown>[] }> {
    return (await this.call("GET", `sapi/v1/${SUB}`, { email: ONE, ...values })).json as never;
  }
}

/** Status and code of a refusal. */
export function refused({ status, json }: Answered): unknown {
  return [status, (json as { code?: number } | undefined)?.code];
}

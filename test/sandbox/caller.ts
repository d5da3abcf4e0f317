// A bare caller of the sandbox for what no client library lets one do: own bodies, nonces, signatures and source
// addresses. Written from the recipe of the public documentation, as the sandbox itself is, but on its own.

import { createHmac } from "node:crypto";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { dialects, type Sandbox, type VenueName } from "../../sandbox/index";
import { openBed, VenueBed, type BedOptions } from "./bed";

export interface Asked {
  readonly method?: string;
  /** Exactly these bytes; none without it. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The loopback address to call from. */
  readonly from?: string | undefined;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: unknown;
}

/** One HTTP request on a connection of its own. */
export function ask(url: string, path: string, asked: Asked = {}): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      url + path,
      { method: asked.method ?? "POST", agent: false, headers: { ...asked.headers }, ...(asked.from ? { localAddress: asked.from } : {}) },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece: string) => (text += piece));
        response.on("error", reject);
        response.on("end", () => {
          let json: unknown;
          try {
            json = JSON.parse(text);
          } catch {
            json = undefined;
          }
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(asked.body ?? "");
  });
}

let last = 0;

/** An ever-rising nonce in microseconds. */
export function nextNonce(): string {
  last = Math.max(last + 1, Date.now() * 1000);
  return String(last);
}

export interface Credentials {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** A sandbox of all venues with Bitfinex's limits off, its control, and callers of its Bitfinex. */
export class Bed extends VenueBed<"bitfinex"> {
  declare readonly sandbox: Sandbox;
  protected override readonly root = "/v2/";

  static open(options?: BedOptions): Promise<Bed> {
    return openBed(Bed, "bitfinex", options, Object.keys(dialects) as VenueName[]);
  }

  /** A signed request below /v2/. */
  key(path: string, body?: unknown, options: { key?: Credentials; nonce?: string; from?: string } = {}): Promise<Answered> {
    const { apiKey, apiSecret } = options.key ?? this.account;
    const nonce = options.nonce ?? nextNonce();
    const text = body === undefined ? "" : JSON.stringify(body);
    const signature = createHmac("sha384", apiSecret).update(`/api/v2/${path}${nonce}${text}`).digest("hex");
    const headers = { "content-type": "application/json", "bfx-nonce": nonce, "bfx-apikey": apiKey, "bfx-signature": signature };
    return ask(this.url, `/v2/${path}`, { body: text, headers, from: options.from });
  }

  /** A request with a token below /v2/. */
  token(token: string, path: string, body: unknown = {}, options: { nonce?: string; from?: string } = {}): Promise<Answered> {
    const headers = { "content-type": "application/json", "bfx-nonce": options.nonce ?? nextNonce(), "bfx-token": token };
    return ask(this.url, `/v2/${path}`, { body: JSON.stringify(body), headers, from: options.from });
  }

  /** Mints a token and returns it. */
  async mint(params: Record<string, unknown> = {}): Promise<string> {
    const { status, json, text } = await this.key("auth/w/token", { scope: "api", ttl: 3600, caps: ["a"], ...params });
    if (status !== 200) throw new Error(`minting: ${status} ${text}`);
    return (json as [string])[0];
  }

  /** The scopes of a token with their accesses, such as `{ account: "r", history: "r" }`. */
  async scopes(token: string): Promise<Record<string, string>> {
    return accesses(await this.token(token, "auth/r/permissions"));
  }

  /** The same of a key. */
  async rows(key: Credentials): Promise<Record<string, string>> {
    return accesses(await this.key("auth/r/permissions", {}, { key }));
  }
}

function accesses({ json }: Answered): Record<string, string> {
  const rows = json as [string, number, number][];
  return Object.fromEntries(rows.filter(([, r, w]) => r + w > 0).map(([scope, r, w]) => [scope, (r ? "r" : "") + (w ? "w" : "")]));
}

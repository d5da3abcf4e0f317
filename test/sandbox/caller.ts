// A bare caller of the sandbox for what no client library lets one do: own bodies, nonces, signatures and source
// addresses. Written from the recipe of the public documentation, as the sandbox itself is, but on its own.

import { createHmac } from "node:crypto";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { Control, startSandbox, type Sandbox, type SandboxOptions } from "../../sandbox/index";

export interface Asked {
  readonly method?: string;
  /** Exactly these bytes; none without it. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The loopback address to call from. */
  readonly from?: string;
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

/** A sandbox with limits off, its control, and callers of its Bitfinex. */
export class Bed {
  private constructor(
    readonly sandbox: Sandbox,
    readonly control: Control,
  ) {}

  static async open(options: SandboxOptions & { limits?: boolean } = {}): Promise<Bed> {
    const { limits = false, ...rest } = options;
    const sandbox = await startSandbox(rest);
    const control = new Control(sandbox.control);
    if (!limits) await control.patch("/venues/bitfinex/limits", { enabled: false });
    return new Bed(sandbox, control);
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }

  get url(): string {
    return this.sandbox.venues.bitfinex.url;
  }

  get account(): Credentials {
    return this.sandbox.venues.bitfinex.account;
  }

  /** A signed request below /v2/. */
  key(path: string, body?: unknown, options: { key?: Credentials; nonce?: string; from?: string } = {}): Promise<Answered> {
    const { apiKey, apiSecret } = options.key ?? this.account;
    const nonce = options.nonce ?? nextNonce();
    const text = body === undefined ? "" : JSON.stringify(body);
    const signature = createHmac("sha384", apiSecret).update(`/api/v2/${path}${nonce}${text}`).digest("hex");
    const headers = { "content-type": "application/json", "bfx-nonce": nonce, "bfx-apikey": apiKey, "bfx-signature": signature };
    return ask(this.url, `/v2/${path}`, { body: text, headers, ...(options.from ? { from: options.from } : {}) });
  }

  /** A request with a token below /v2/. */
  token(token: string, path: string, body: unknown = {}, options: { nonce?: string; from?: string } = {}): Promise<Answered> {
    const headers = { "content-type": "application/json", "bfx-nonce": options.nonce ?? nextNonce(), "bfx-token": token };
    return ask(this.url, `/v2/${path}`, { body: JSON.stringify(body), headers, ...(options.from ? { from: options.from } : {}) });
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

  switches(values: Record<string, unknown>): Promise<unknown> {
    return this.control.patch("/venues/bitfinex/switches", values);
  }

  fault(path: string, what: Record<string, unknown>): Promise<{ id: string }> {
    return this.control.post("/faults", { venue: "bitfinex", match: { path: `/v2/${path}` }, ...what });
  }
}

function accesses({ json }: Answered): Record<string, string> {
  const rows = json as [string, number, number][];
  return Object.fromEntries(rows.filter(([, r, w]) => r + w > 0).map(([scope, r, w]) => [scope, (r ? "r" : "") + (w ? "w" : "")]));
}

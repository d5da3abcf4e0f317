// A bare caller of the sandbox's OKX, for what no client library lets one do: own timestamps, signatures, bodies and source
// addresses. Written from the recipe of the public documentation, as the sandbox itself is, but on its own.

import { createHmac } from "node:crypto";
import { openBed, VenueBed, type BedOptions } from "./bed";
import { ask, type Answered, type Credentials } from "./caller";

export interface OkxCredentials extends Credentials {
  readonly passphrase: string;
}

/** How a request differs from a right one. */
export interface Different {
  readonly key?: OkxCredentials;
  readonly from?: string;
  readonly timestamp?: string;
  /** Instead of what is signed. */
  readonly message?: string;
  /** Added to the signed headers; an empty text takes one away. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A key as the desk shows it. */
export interface DeskKey extends OkxCredentials {
  readonly id: string;
  readonly uid: string;
  readonly subAcct: string | null;
  readonly label: string;
  readonly permissions: readonly string[];
  readonly allowedIps: readonly string[];
  readonly alive: boolean;
  readonly states: readonly { readonly at: string; readonly permissions: readonly string[]; readonly allowedIps: readonly string[] }[];
}

export const SUB = "/api/v5/users/subaccount";
export const PASSPHRASE = "sandbox-Pass1!";

/** A sandbox's OKX with limits off, its control, and a caller. */
export class OkxBed extends VenueBed<"okx", DeskKey> {
  static open(options?: BedOptions): Promise<OkxBed> {
    return openBed(OkxBed, "okx", options);
  }

  /** The sandbox's time, as the timestamp header wants it. */
  async now(offsetMs = 0): Promise<string> {
    return new Date((await this.time()) + offsetMs).toISOString();
  }

  async send(method: string, target: string, body: string, different: Different = {}): Promise<Answered> {
    const { apiKey, apiSecret, passphrase } = different.key ?? this.account;
    const timestamp = different.timestamp ?? (await this.now());
    const message = different.message ?? timestamp + method + target + body;
    const headers: Record<string, string> = {
      "content-type": "application/json",
      "ok-access-key": apiKey,
      "ok-access-sign": createHmac("sha256", apiSecret).update(message).digest("base64"),
      "ok-access-timestamp": timestamp,
      "ok-access-passphrase": passphrase,
      ...different.headers,
    };
    return ask(this.url, target, { method, body, headers, from: different.from });
  }

  get(target: string, different?: Different): Promise<Answered> {
    return this.send("GET", target, "", different);
  }

  post(path: string, body: unknown, different?: Different): Promise<Answered> {
    return this.send("POST", path, JSON.stringify(body), different);
  }

  /** Asks for a key of deskalpha; `undefined` takes a member away. */
  create(different: Record<string, unknown> = {}, how?: Different): Promise<Answered> {
    return this.post(
      `${SUB}/apikey`,
      { subAcct: "deskalpha", label: this.label(), passphrase: PASSPHRASE, perm: "read_only", ...different },
      how,
    );
  }

  /** The same, which must work. */
  async issued(different: Record<string, unknown> = {}): Promise<OkxCredentials & { readonly label: string }> {
    const answer = await this.create(different);
    if (codeOf(answer) !== "0") throw new Error(`creating a key: ${answer.text}`);
    const [{ apiKey, secretKey, passphrase, label }] = dataOf<[Record<"apiKey" | "secretKey" | "passphrase" | "label", string>]>(answer);
    return { apiKey, apiSecret: secretKey, passphrase, label };
  }

  modify(apiKey: string, changes: Record<string, unknown>): Promise<Answered> {
    return this.post(`${SUB}/modify-apikey`, { subAcct: "deskalpha", apiKey, ...changes });
  }

  remove(apiKey: string): Promise<Answered> {
    return this.post(`${SUB}/delete-apikey`, { subAcct: "deskalpha", apiKey });
  }

  list(subAcct = "deskalpha", apiKey?: string): Promise<Answered> {
    return this.get(`${SUB}/apikey?subAcct=${subAcct}${apiKey === undefined ? "" : `&apiKey=${apiKey}`}`);
  }

  config(key: OkxCredentials, different: Different = {}): Promise<Answered> {
    return this.get("/api/v5/account/config", { ...different, key });
  }

  order(key: OkxCredentials): Promise<Answered> {
    return this.post("/api/v5/trade/order", { instId: "BTC-USDT", tdMode: "cash", side: "buy", ordType: "market", sz: "1" }, { key });
  }

  private labels = 0;

  /** A label that no key has had. */
  label(): string {
    return `label${++this.labels}x${Date.now()}`;
  }
}

export function codeOf({ json }: Answered): string | undefined {
  return (json as { code?: string } | undefined)?.code;
}

export function dataOf<T = Record<string, string>[]>({ json }: Answered): T {
  return (json as { data: T }).data;
}

/** Status and code, and the text where there is one. */
export function refusalOf(answer: Answered): unknown[] {
  const { msg } = answer.json as { msg: string };
  return [answer.status, codeOf(answer), msg];
}

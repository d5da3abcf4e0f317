// A bare caller of the sandbox's KuCoin, for what no client library lets one do: own timestamps, signatures, bodies and source
// addresses. Written from the recipe of the public documentation, as the sandbox itself is, but on its own.

import { createHmac } from "node:crypto";
import { openBed, VenueBed, type BedOptions } from "./bed";
import { ask, type Answered, type Credentials } from "./caller";

export interface KucoinCredentials extends Credentials {
  readonly passphrase: string;
}

/** How a request differs from a right one. */
export interface Different {
  readonly key?: KucoinCredentials;
  readonly from?: string;
  readonly timestamp?: string;
  /** Instead of what is signed. */
  readonly message?: string;
  /** Added to the signed headers; an empty text takes one away. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A key as the desk shows it. */
export interface DeskKey extends KucoinCredentials {
  readonly id: string;
  readonly uid: number;
  readonly subName: string | null;
  readonly remark: string;
  readonly permissions: readonly string[];
  readonly allowedIps: readonly string[];
  readonly expiresAt: string | null;
  readonly alive: boolean;
  readonly states: readonly { readonly at: string; readonly permissions: readonly string[]; readonly allowedIps: readonly string[] }[];
}

export const KEYS = "/api/v1/sub/api-key";
export const SELF = "/api/v1/user/api-key";
export const SUB = "deskalpha1";
export const PASSPHRASE = "sandbox-pass1";

/** A sandbox's KuCoin with limits off, its control, and a caller. */
export class KucoinBed extends VenueBed<"kucoin", DeskKey> {
  static open(options?: BedOptions): Promise<KucoinBed> {
    return openBed(KucoinBed, "kucoin", options);
  }

  /** The sandbox's time, as the timestamp header wants it. */
  async now(offsetMs = 0): Promise<string> {
    return String((await this.time()) + offsetMs);
  }

  async send(method: string, target: string, body: string, different: Different = {}): Promise<Answered> {
    const { apiKey, apiSecret, passphrase } = different.key ?? this.account;
    const timestamp = different.timestamp ?? (await this.now());
    const message = different.message ?? timestamp + method + decodeURIComponent(target) + body;
    const headers: Record<string, string> = {
      "content-type": "application/json",
      "kc-api-key": apiKey,
      "kc-api-sign": sign(apiSecret, message),
      "kc-api-timestamp": timestamp,
      "kc-api-passphrase": sign(apiSecret, passphrase),
      "kc-api-key-version": "3",
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

  /** Asks for a key of deskalpha1; `undefined` takes a member away. */
  create(different: Record<string, unknown> = {}, how?: Different): Promise<Answered> {
    return this.post(KEYS, { subName: SUB, remark: "bot", passphrase: PASSPHRASE, permission: "General", ...different }, how);
  }

  /** The same, which must work. */
  async issued(different: Record<string, unknown> = {}): Promise<KucoinCredentials> {
    const answer = await this.create(different);
    if (codeOf(answer) !== "200000") throw new Error(`creating a key: ${answer.text}`);
    return dataOf<KucoinCredentials>(answer);
  }

  update(key: KucoinCredentials, changes: Record<string, unknown>): Promise<Answered> {
    return this.post(`${KEYS}/update`, { subName: SUB, apiKey: key.apiKey, passphrase: key.passphrase, ...changes });
  }

  remove({ apiKey, passphrase }: Pick<KucoinCredentials, "apiKey" | "passphrase">, subName = SUB): Promise<Answered> {
    return this.send("DELETE", `${KEYS}?apiKey=${apiKey}&subName=${subName}&passphrase=${encodeURIComponent(passphrase)}`, "");
  }

  list(subName = SUB, apiKey?: string): Promise<Answered> {
    return this.get(`${KEYS}?subName=${subName}${apiKey === undefined ? "" : `&apiKey=${apiKey}`}`);
  }

  /** The row of one key. */
  async row({ apiKey }: { apiKey: string }): Promise<Record<string, unknown>> {
    const [row, ...more] = dataOf(await this.list(SUB, apiKey));
    if (!row || more.length > 0) throw new Error("not one row");
    return row;
  }

  self(key: KucoinCredentials, different: Different = {}): Promise<Answered> {
    return this.get(SELF, { ...different, key });
  }

  order(key: KucoinCredentials, different: Different = {}): Promise<Answered> {
    return this.post("/api/v1/hf/orders/test", { type: "market", symbol: "BTC-USDT", side: "buy", size: "1" }, { ...different, key });
  }

  transfer(key: KucoinCredentials): Promise<Answered> {
    const body = { clientOid: "1", currency: "USDT", amount: "1", fromAccountType: "MAIN", type: "INTERNAL", toAccountType: "TRADE" };
    return this.post("/api/v3/accounts/universal-transfer", body, { key });
  }
}

/** Base64 of HMAC-SHA256. */
export function sign(secret: string, message: string): string {
  return createHmac("sha256", secret).update(message).digest("base64");
}

export function codeOf({ json }: Answered): string | undefined {
  return (json as { code?: string } | undefined)?.code;
}

export function dataOf<T = Record<string, unknown>[]>({ json }: Answered): T {
  return (json as { data: T }).data;
}

/** Status and code, and the text. */
export function refusalOf(answer: Answered): unknown[] {
  return [answer.status, codeOf(answer), (answer.json as { msg?: string }).msg];
}

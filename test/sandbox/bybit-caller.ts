// A bare caller of the sandbox's Bybit, for what no client library lets one do: own bodies, timestamps, signatures and
// source addresses. Written from the recipe of the public documentation, as the sandbox itself is, but on its own.

import { createHmac, createSign } from "node:crypto";
import { openBed, VenueBed, type BedOptions } from "./bed";
import { ask, type Answered, type Credentials } from "./caller";

export interface Sent {
  readonly key?: Credentials;
  /** The loopback address to call from. */
  readonly from?: string;
  /** Milliseconds from the machine's time. */
  readonly skewMs?: number;
  readonly timestamp?: string;
  /** The header's value; none at all for `null`. */
  readonly window?: string | null;
  /** What is sent, where it isn't what was signed. */
  readonly sends?: string;
  readonly signature?: (right: string) => string;
  /** Private key in PEM, for a key that its holder made. */
  readonly rsa?: string;
}

/** An answer in Bybit's envelope. */
export interface Told extends Answered {
  readonly code: number;
  readonly message: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers of many shapes, looked into by the tests
  readonly result: any;
}

/** A key as the desk shows it. */
export interface DeskKey extends Credentials {
  readonly id: string;
  readonly accountId: string;
  readonly label: string;
  readonly readOnly: boolean;
  readonly permissions: Record<string, string[]>;
  readonly allowedIps: string[];
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly alive: boolean;
  readonly states: { readonly readOnly: boolean; readonly permissions: Record<string, string[]>; readonly allowedIps: string[] }[];
}

export const SUB = "53888000";
export const OTHER_SUB = "53888001";

/** A sandbox of Bybit alone with limits off, and callers of it. */
export class BybitBed extends VenueBed<"bybit", DeskKey> {
  protected override readonly root = "/v5/";

  static open(options?: BedOptions): Promise<BybitBed> {
    return openBed(BybitBed, "bybit", options);
  }

  /** A signed GET below /v5/; `query` as it stands in the URL. */
  get(path: string, query = "", sent: Sent = {}): Promise<Told> {
    const shown = sent.sends ?? query;
    return this.send("GET", `/v5/${path}${shown === "" ? "" : `?${shown}`}`, query, undefined, sent);
  }

  /** A signed POST below /v5/; a text is sent as it is. */
  post(path: string, body: unknown = {}, sent: Sent = {}): Promise<Told> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return this.send("POST", `/v5/${path}`, text, sent.sends ?? text, sent);
  }

  private async send(method: string, path: string, payload: string, body: string | undefined, sent: Sent): Promise<Told> {
    const { apiKey, apiSecret } = sent.key ?? this.account;
    const timestamp = sent.timestamp ?? String(Date.now() + (sent.skewMs ?? 0));
    const window = sent.window === undefined ? "5000" : sent.window;
    const message = `${timestamp}${apiKey}${window ?? ""}${payload}`;
    const right = sent.rsa
      ? createSign("sha256").update(message).sign(sent.rsa, "base64")
      : createHmac("sha256", apiSecret).update(message).digest("hex");
    const headers = {
      ...(method === "POST" ? { "content-type": "application/json" } : {}),
      "X-BAPI-API-KEY": apiKey,
      "X-BAPI-TIMESTAMP": timestamp,
      "X-BAPI-SIGN": sent.signature ? sent.signature(right) : right,
      ...(window === null ? {} : { "X-BAPI-RECV-WINDOW": window }),
    };
    return told(await ask(this.url, path, { method, headers, ...(body === undefined ? {} : { body }), from: sent.from }));
  }

  /** Makes a key of a sub-account as the documents have it; the answer's `result`. */
  async create(params: Record<string, unknown> = {}): Promise<DeskKey & { readonly secret: string }> {
    const answer = await this.post("user/create-sub-api", { ...CREATION, ...params });
    if (answer.code !== 0) throw new Error(`creating: ${answer.text}`);
    return { ...answer.result, apiSecret: answer.result.secret };
  }

  /** Every row of a sub-account's list, page by page. */
  async list(uid = SUB, limit = 20): Promise<{ apiKey: string; id: string; [member: string]: unknown }[]> {
    const rows: { apiKey: string; id: string }[] = [];
    for (let cursor = ""; ;) {
      const { result } = await this.get("user/sub-apikeys", `subMemberId=${uid}&limit=${limit}${cursor && `&cursor=${cursor}`}`);
      rows.push(...result.result);
      cursor = result.nextPageCursor;
      if (cursor === "") return rows;
    }
  }

  async row(apiKey: string): Promise<Record<string, unknown> | undefined> {
    return (await this.list()).find((row) => row.apiKey === apiKey);
  }

  /** Whether a key can look at itself. */
  async lives(key: Credentials, sent: Sent = {}): Promise<boolean> {
    return (await this.get("user/query-api", "", { key, ...sent })).code === 0;
  }
}

/** A creation that is right. */
export const CREATION = {
  subuid: Number(SUB),
  note: "hedge-1",
  readOnly: 0,
  ips: "203.0.113.10,203.0.113.11",
  permissions: { ContractTrade: ["Order", "Position"] },
};

export const ORDER = { category: "linear", symbol: "BTCUSDT", side: "Buy", orderType: "Market", qty: "0.01" };

export function told(answer: Answered): Told {
  const { retCode, retMsg, result } = (answer.json ?? {}) as { retCode: number; retMsg: string; result: unknown };
  return { ...answer, code: retCode, message: retMsg, result };
}

// A small browser for the console: keeps cookies, follows redirects, sends the form that a page has. It runs no script, as
// the console must need none. And the person's authenticator app, from RFC 6238 and not from the sandbox's library.

import { createHmac } from "node:crypto";
import { ask, type Answered } from "./caller";

export interface Page extends Answered {
  /** Path and query of where it ended up. */
  readonly at: string;
}

/** What is typed into a form; `null` takes a field away, a list gives it several times. */
export type Filled = Readonly<Record<string, string | readonly string[] | null>>;

export class Browser {
  readonly cookies = new Map<string, string>();
  page: Page | undefined;

  /** `from` is the loopback address to call from. */
  constructor(
    readonly url: string,
    private readonly from?: string,
    readonly userAgent = "Mozilla/5.0 (test)",
  ) {}

  /** Opens a path and follows redirects. */
  async open(path: string): Promise<Page> {
    return this.arrive(await this.send("GET", path), path);
  }

  /** Sends the form of the present page that goes to `action`. */
  async submit(action: string, filled: Filled = {}): Promise<Page> {
    const fields = formOf(this.page?.text ?? "", action);
    for (const [name, value] of Object.entries(filled)) {
      fields.delete(name);
      for (const each of value === null ? [] : [value].flat()) fields.append(name, each);
    }
    return this.arrive(await this.send("POST", action, fields.toString()), action);
  }

  /** One request, without following. */
  async send(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answered> {
    const form = body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded", origin: this.url };
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await ask(this.url, path, {
      method,
      headers: { "user-agent": this.userAgent, ...(cookie === "" ? {} : { cookie }), ...form, ...headers },
      ...(body === undefined ? {} : { body }),
      ...(this.from === undefined ? {} : { from: this.from }),
    });
    for (const text of answer.headers["set-cookie"] ?? []) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  private async arrive(answer: Answered, at: string): Promise<Page> {
    const { location } = answer.headers;
    if (answer.status === 303 && location !== undefined) return this.open(location);
    return (this.page = { ...answer, at });
  }
}

/** The fields of the form that goes to `action`, as a browser would send them untouched. */
export function formOf(text: string, action: string): URLSearchParams {
  const form = [...text.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].find(([, tag]) => attribute(tag ?? "", "action") === action);
  if (!form) throw new Error(`the page has no form to ${action}:\n${text}`);
  const fields = new URLSearchParams();
  for (const [, tag = ""] of (form[2] ?? "").matchAll(/<input\b([^>]*)>/g)) {
    const box = attribute(tag, "type") === "checkbox";
    if (/\sdisabled\b/.test(tag) || (box && !/\schecked\b/.test(tag))) continue;
    fields.append(attribute(tag, "name") ?? "", attribute(tag, "value") ?? "");
  }
  for (const [, tag = "", value = ""] of (form[2] ?? "").matchAll(/<textarea\b([^>]*)>([\s\S]*?)<\/textarea\s*>/g))
    fields.append(attribute(tag, "name") ?? "", unescaped(value.replace(/^\n/, "")));
  return fields;
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? undefined : unescaped(found);
}

function unescaped(text: string): string {
  return text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** The text of the element with this id; `undefined` where there is none. */
export function textOf(page: Answered, id: string): string | undefined {
  const found = new RegExp(`id="${id}"[^>]*>([^<]*)<`).exec(page.text)?.[1];
  return found === undefined ? undefined : unescaped(found).trim();
}

/** What the page says is wrong. */
export function problemOf(page: Answered): string | undefined {
  const found = /role="alert">([\s\S]*?)<\/div>/.exec(page.text)?.[1];
  return found === undefined ? undefined : unescaped(found.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ")).trim();
}

/** The boxes of a key's grid that are ticked: `["orders:read", …]`. */
export function ticked(page: Answered, action: string): string[] {
  return [...formOf(page.text, action)]
    .filter(([name]) => name === "read" || name === "write")
    .map(([access, scope]) => `${scope}:${access}`);
}

/** The links in the outbox, the latest first, as path and query. */
export function linksOf(outbox: Answered): string[] {
  return [...outbox.text.matchAll(/href="(\/console\/api\/confirm\?[^"]*)"/g)].map(([, link]) => unescaped(link ?? ""));
}

/** RFC 6238 with SHA-1, six digits and steps of 30 s, as authenticator apps have it. */
export function authenticator(base32: string, at: number): string {
  const bits = [...base32].map((sign) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(sign).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac("sha1", secret).update(counter).digest();
  const number = hash.readUInt32BE(hash[19]! & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

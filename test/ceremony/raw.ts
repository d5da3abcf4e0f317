// Requests to the ceremony's page as no browser would send them, and as its own tab does.

import { request } from "node:http";
import { connect } from "node:net";
import { readFile } from "node:fs/promises";
import { type Page, type PageOptions, servePage } from "../../provider/ceremony/page/server";
import type { Session } from "../../provider/ceremony/session";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | object;
}

/** What the page's own script sends with each call; a test leaves one out or bends it. */
export const own = (page: Page): Record<string, string> => ({
  host: page.address.slice("http://".length),
  origin: page.address,
  "sec-fetch-site": "same-origin",
  "sec-fetch-mode": "cors",
  "sec-fetch-dest": "empty",
  "content-type": "application/json",
});

export const navigation = (page: Page, site = "none"): Record<string, string> => ({
  host: page.address.slice("http://".length),
  "sec-fetch-site": site,
  "sec-fetch-mode": "navigate",
  "sec-fetch-dest": "document",
});

export function ask(page: Page, path: string, { method = "POST", headers = own(page), body }: Ask = {}): Promise<Answer> {
  const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as Record<string, string>;
  return new Promise((resolve, reject) => {
    const sent = request(page.address, { method, path, headers: given, setHost: false, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        const answer = Buffer.concat(parts).toString("utf8");
        const json = /json/.test(response.headers["content-type"] ?? "") ? (JSON.parse(answer) as Record<string, unknown>) : {};
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: answer, json });
      });
    });
    sent.on("error", reject);
    sent.end(text);
  });
}

/** A call of the tab that is in. */
export const tabAsk = (page: Page, tab: string, path: string, body: object): Promise<Answer> =>
  ask(page, path, { headers: { ...own(page), "x-ceremony-tab": tab }, body });

/** The launch token, as the redirect file has it. */
export async function launchToken(page: Page): Promise<string> {
  return /#([\w-]{43})"/.exec(await readFile(await page.launchFile(), "utf8"))![1]!;
}

export async function enter(page: Page): Promise<string> {
  return (await ask(page, "/api/link", { body: { token: await launchToken(page) } })).json["tab"] as string;
}

/** Bytes as they are, and the status that came back for them; 0 when the connection just ended. */
export function bytes(page: Page, text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(page.address).port), "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.on("data", (part) => (answer += part.toString("latin1")));
    socket.on("error", reject);
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0)));
  });
}

const open: Page[] = [];

export interface Served {
  readonly page: Page;
  readonly locks: readonly string[];
  readonly finishes: readonly true[];
  /** Moves the page's clock. */
  pass(ms: number): void;
}

/** A page with a clock of the test's own. */
export async function serve(session: Session, options: Partial<PageOptions> = {}): Promise<Served> {
  let now = Date.parse("2026-11-22T03:00:00Z");
  const locks: string[] = [];
  const finishes: true[] = [];
  const page = await servePage(session, {
    now: () => now,
    onLocked: (reason) => locks.push(reason),
    onFinished: () => finishes.push(true),
    ...options,
  });
  open.push(page);
  return { page, locks, finishes, pass: (ms) => void (now += ms) };
}

export async function closePages(): Promise<void> {
  await Promise.all(open.splice(0).map((page) => page.close()));
}

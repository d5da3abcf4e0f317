// The ceremony's page on loopback: who may come in (gate), what a request must show (guard), and a session's tasks as JSON. It holds no
// state but the session and who is in.

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { type Session } from "../session";
import { type Asset, readAssets } from "./assets";
import { calls, isPath, type Path, readBody } from "./body";
import { type Entry, Gate } from "./gate";
import { headers, refusal } from "./guard";
import { type Redirect, writeRedirect } from "./redirect";
import { Watch } from "./watch";
import { drawWords } from "./words";

export interface PageOptions {
  /** The port; any free one when absent. */
  readonly port?: number;
  /** For tests and pictures: drawn when absent. */
  readonly words?: readonly string[];
  readonly code?: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** Somebody else may have been in: the ceremony is over. The reason is one sentence without a secret. */
  onLocked(reason: string): void;
  /** Nothing is left to do, and the person's tab has been told so. Called once. */
  onFinished?(): void;
  /** What a person whose tab was reloaded does for a new code, as a sentence. */
  readonly reopen?: string;
  /** The command that comes next. */
  readonly next?: string;
  /** Milliseconds that the redirect file may stay; a minute when absent. */
  readonly fileLife?: number;
}

export interface Page {
  /** `http://127.0.0.1:40123`: together with the words it is all that may be printed. */
  readonly address: string;
  readonly words: readonly string[];
  /** To be typed where no browser could be opened: good once, for ten minutes. */
  readonly code: string;
  /** Another code; the one before is void. For a person whose tab was reloaded. */
  renew(): string;
  /** A file of mode 0600 that leads a browser in, once. */
  launchFile(): Promise<string>;
  close(): Promise<void>;
}

const sentences: Readonly<Record<number, string>> = {
  400: "This request isn't one of the page's.",
  401: "This tab isn't in, or no longer.",
  403: "This isn't for you.",
  404: "There is nothing here.",
  405: "Not this way.",
  409: "This can't be done any more: the task has changed, or the ceremony has ended.",
  413: "This is too much.",
  415: "This isn't JSON.",
  421: "This isn't the address of the page.",
  423: "The ceremony is locked.",
};

/** Serves a session on 127.0.0.1. */
export async function servePage(session: Session, options: PageOptions): Promise<Page> {
  const serving = new Serving(session, options);
  await serving.listen(options.port ?? 0);
  return serving;
}

class Serving implements Page {
  readonly words: readonly string[];
  #code: string;
  readonly #gate: Gate;
  readonly #server: Server;
  readonly #watch: Watch;
  readonly #assets: ReadonlyMap<string, Asset> = readAssets();
  readonly #redirects = new Set<Redirect>();
  #host = "";

  constructor(
    private readonly session: Session,
    private readonly options: PageOptions,
  ) {
    this.words = options.words ?? drawWords();
    this.#watch = new Watch(session);
    this.#gate = new Gate(options.now, (reason) => {
      this.#watch.wake();
      options.onLocked(reason);
    });
    this.#code = this.#gate.newCode(options.code);
    // Slow and idle clients are cut off, and there is no room for many: the page needs a handful of connections.
    const limits = { headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 5_000, connectionsCheckingInterval: 1_000 };
    this.#server = createServer({ ...limits, maxHeaderSize: 8_192 }, (request, response) => void this.#serve(request, response));
    this.#server.maxConnections = 64;
    this.#server.on("clientError", (_error, socket) => socket.destroy());
  }

  get address(): string {
    return `http://${this.#host}`;
  }

  get code(): string {
    return this.#code;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  renew(): string {
    return (this.#code = this.#gate.newCode());
  }

  async launchFile(): Promise<string> {
    const redirect = await writeRedirect(this.address, this.#gate.newLink(), this.options.fileLife ?? 60_000);
    this.#redirects.add(redirect);
    return redirect.file;
  }

  async close(): Promise<void> {
    this.#watch.close();
    await this.#removeRedirects();
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #removeRedirects(): Promise<void> {
    const redirects = [...this.#redirects];
    this.#redirects.clear();
    await Promise.all(redirects.map((redirect) => redirect.remove()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response);
    } catch {
      // The error's own words may hold more than is for a page.
      if (response.headersSent) response.destroy();
      else refuse(response, 409);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    const refused = refusal(request, this.#host, path === "/");
    if (refused !== undefined) return refuse(response, refused);
    const asset = this.#assets.get(path);
    if (!asset && !isPath(path)) return refuse(response, 404);
    if (request.method !== (asset ? "GET" : "POST")) return refuse(response, 405, { allow: asset ? "GET" : "POST" });
    if (asset) return send(response, 200, asset.type, asset.body);
    await this.#call(path as Path, request, response);
  }

  async #call(path: Path, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const outside = path === "/api/outside" || path === "/api/link" || path === "/api/code";
    if (!outside && !this.#gate.isTab(String(request.headers["x-ceremony-tab"] ?? ""))) return this.#refuseTab(response);
    const body = await readBody(request);
    if ("refused" in body) return refuse(response, body.refused);
    const parsed = calls[path].safeParse(body.json);
    if (!parsed.success) return refuse(response, 400);
    const given = parsed.data as Given;
    if (path === "/api/outside") return sendJson(response, { words: this.words, reopen: this.options.reopen, ...this.#gate.outside() });
    if (path === "/api/link") return this.#enter(response, this.#gate.enterByLink(given.token));
    if (path === "/api/code") return this.#enter(response, this.#gate.enterByCode(given.code));
    if (path === "/api/tasks") await this.#watch.after(given.seen, response);
    else await this.#act(path, given);
    if (!this.#gate.isTab(String(request.headers["x-ceremony-tab"]))) return this.#refuseTab(response); // locked or moved meanwhile
    this.#tell(response);
  }

  async #act(path: Path, { id, apiKey, apiSecret, statement }: Given): Promise<void> {
    if (path === "/api/begin") await this.session.begin(id);
    if (path === "/api/submit") await this.session.submit(id, apiKey, apiSecret);
    if (path === "/api/again") await this.session.again(id);
    if (path === "/api/evidence") await this.session.evidence(id, statement);
    if (path === "/api/attest") await this.session.attest(id);
    if (path === "/api/discard") await this.session.discard(id);
  }

  #tell(response: ServerResponse): void {
    const snapshot = this.#watch.snapshot();
    if (snapshot.finished) response.once("finish", () => this.#watch.finishOnce(this.options.onFinished));
    sendJson(response, { ...snapshot, stack: this.session.stack, words: this.words, next: this.options.next ?? "pulumi up" });
  }

  #enter(response: ServerResponse, entry: Entry): void {
    if ("refused" in entry) {
      if (entry.refused === "locked") this.#refuseTab(response);
      else refuse(response, 403, {}, { refused: entry.refused });
      return;
    }
    void this.#removeRedirects().catch(() => undefined);
    this.#watch.wake(); // a tab that was in before learns that it is out
    sendJson(response, { tab: entry.tab });
  }

  #refuseTab(response: ServerResponse): void {
    const reason = this.#gate.locked;
    if (reason === undefined) refuse(response, 401);
    else refuse(response, 423, {}, { locked: reason });
  }
}

/** What the calls carry, each some of it; the schema of the path has seen to that. */
interface Given {
  readonly id: string;
  readonly token: string;
  readonly code: string;
  readonly seen: number;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly statement: string;
}

function send(response: ServerResponse, status: number, type: string, body: Buffer, more: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { ...headers, ...more, "content-type": type, "content-length": body.length });
  response.end(body);
}

function sendJson(response: ServerResponse, value: unknown, status = 200, more: Readonly<Record<string, string>> = {}): void {
  send(response, status, "application/json; charset=utf-8", Buffer.from(JSON.stringify(value)), more);
}

/** One of our own sentences: nothing of the request comes back. The connection goes, with whatever it still wanted to send. */
function refuse(response: ServerResponse, status: number, more: Readonly<Record<string, string>> = {}, also: object = {}): void {
  sendJson(response, { error: sentences[status], ...also }, status, { connection: "close", ...more });
}

// The way through an HTTP proxy: which one, and a tunnel (CONNECT) to the venue inside which TLS is verified as ever. Our own, since
// Node has one only from 22.21 and 24.5 on, and all that leaves this machine is https.

import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import { isNativeError } from "node:util/types";
import { KeyError } from "../core/errors";

/** What a proxy did instead of opening a tunnel. Its text names no credential. */
export class ProxyFailure extends Error {
  override readonly name = "ProxyFailure";
  readonly code = "ERR_PROXY";
}

/** The usual variables, by name. */
export type ProxyVariables = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for an https host: the account's own, or the environment's unless `NO_PROXY` names the host. Lower-case names win.
 *
 * @param host with scheme: `https://api.bitfinex.com`
 * @throws KeyError `configuration` when it is no http or https address; the message doesn't quote it.
 * @example proxyFor("https://api.bitfinex.com", undefined, { HTTPS_PROXY: "http://10.0.0.1:3128" })?.host // "10.0.0.1:3128"
 */
export function proxyFor(host: string, own: string | undefined, variables: ProxyVariables, venue: string): URL | undefined {
  const variable = (name: string) => variables[name.toLowerCase()] || variables[name] || undefined;
  const usual = bypassed(new URL(host), variable("NO_PROXY") ?? "") ? undefined : (variable("HTTPS_PROXY") ?? variable("ALL_PROXY"));
  const text = own ?? usual;
  if (text === undefined) return undefined;
  const given = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === "" || !decodable(url)) {
    throw new KeyError("configuration", {
      venue,
      operation: "open the way to the venue",
      cause: `the proxy ${own === undefined ? "of the environment (HTTPS_PROXY or ALL_PROXY)" : "of the account"} is no http or https address`,
      wayOut: "write it as http://host:port, or http://user:password@host:port with both percent-encoded",
    });
  }
  return url;
}

/** Whether NO_PROXY exempts a host: `*`, a name with all below it, either with a port. */
function bypassed(host: URL, list: string): boolean {
  const port = host.port === "" ? "443" : host.port;
  const name = host.hostname.replace(/^\[|\]$/g, "");
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      const [, bare = entry, only] = /^(.*?)(?::(\d+))?$/.exec(entry.replace(/^\*?\./, "")) ?? [];
      return bare === "*" || ((only === undefined || only === port) && (name === bare || name.endsWith(`.${bare}`)));
    });
}

function decodable(url: URL): boolean {
  try {
    decodeURIComponent(url.username + url.password);
    return true;
  } catch {
    return false;
  }
}

type Done = (error: Error | null, stream: Duplex) => void;

/** An https agent whose connections go through a proxy's tunnel. */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;
  readonly #patienceMs: number;
  readonly #local: { readonly localAddress?: string };
  readonly #opening = new Set<{ destroy(): unknown }>();

  /** @param patienceMs for the proxy's answer and the TLS handshake together */
  constructor(proxy: URL, options: https.AgentOptions, patienceMs: number, sourceAddress?: string) {
    super(options);
    this.#proxy = proxy;
    this.#patienceMs = patienceMs;
    this.#local = sourceAddress === undefined ? {} : { localAddress: sourceAddress };
  }

  override createConnection(options: https.RequestOptions, callback?: Done): undefined {
    void this.#open(options).then(
      (socket) => callback?.(null, socket),
      // Node reads the first argument alone when it is an error.
      (error: unknown) => callback?.(isNativeError(error) ? error : new ProxyFailure("the tunnel failed"), undefined as never),
    );
  }

  override destroy(): void {
    for (const part of this.#opening) part.destroy();
    super.destroy();
  }

  async #open(options: https.RequestOptions): Promise<tls.TLSSocket> {
    const host = String(options.host ?? "");
    const target = `${host.includes(":") ? `[${host}]` : host}:${options.port ?? 443}`;
    const socket = await this.#guarded<Duplex>((resolve, reject) => this.#connect(target, resolve, reject));
    return this.#guarded<tls.TLSSocket>((resolve, reject) => {
      const secure = tls.connect({ socket, servername: options.servername ?? host, ALPNProtocols: ["http/1.1"], rejectUnauthorized: true });
      secure.once("secureConnect", () => resolve(secure));
      secure.once("error", reject);
      secure.once("close", () => reject(new ProxyFailure("the tunnel was closed before it was secure")));
      return secure;
    });
  }

  #connect(target: string, resolve: (socket: Duplex) => void, reject: (error: Error) => void): http.ClientRequest {
    const proxy = this.#proxy;
    const secure = proxy.protocol === "https:";
    const name = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    const request = (secure ? https : http).request({
      ...this.#local,
      ...(secure ? { rejectUnauthorized: true } : {}),
      method: "CONNECT",
      host: proxy.hostname.replace(/^\[|\]$/g, ""),
      port: proxy.port === "" ? (secure ? 443 : 80) : Number(proxy.port),
      path: target,
      agent: false,
      headers: { host: target, ...(name === ":" ? {} : { "proxy-authorization": `Basic ${Buffer.from(name).toString("base64")}` }) },
    });
    request.once("connect", (response, socket, head) => {
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 300 && head.length === 0) return resolve(socket);
      socket.destroy();
      reject(
        new ProxyFailure(`the proxy ${proxy.host} ${status === 407 ? "wants other credentials (407)" : `refused the tunnel (${status})`}`),
      );
    });
    request.once("error", (error: NodeJS.ErrnoException) => {
      reject(new ProxyFailure(`no connection to the proxy ${proxy.host}${/^[A-Z_]+$/.test(error.code ?? "") ? ` (${error.code})` : ""}`));
    });
    request.end();
    return request;
  }

  /** Runs one step that must end in time and with the agent. */
  async #guarded<T>(step: (resolve: (value: T) => void, reject: (error: Error) => void) => { destroy(): unknown }): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    let part: { destroy(): unknown } | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        const opening = step(resolve, reject);
        part = opening;
        this.#opening.add(opening);
        timer = setTimeout(() => {
          reject(new ProxyFailure(`the proxy ${this.#proxy.host} opened no tunnel in time`));
          opening.destroy();
        }, this.#patienceMs);
      });
    } finally {
      clearTimeout(timer);
      if (part !== undefined) this.#opening.delete(part);
    }
  }
}

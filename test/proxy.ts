// A proxy that lets nothing through and remembers what was asked of it: for HTTP_PROXY and HTTPS_PROXY of the Pulumi CLI and the browser,
// which the network guard can't reach.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A running proxy: `requests` has one line each, like `CONNECT api.example.com:443`; `env` is for a child process. */
export interface RefusingProxy {
  readonly url: string;
  readonly requests: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts one on a free port of loopback. */
export async function refusingProxy(): Promise<RefusingProxy> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? "?"} ${request.url ?? "?"}`);
    request.resume();
    response.writeHead(403, { "content-type": "text/plain", connection: "close" });
    response.end("refused: tests reach loopback only\n");
  });
  server.on("connect", (request, socket) => {
    requests.push(`CONNECT ${request.url ?? "?"}`);
    socket.on("error", () => socket.destroy());
    socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const local = "127.0.0.0/8,127.0.0.1,localhost,::1";
  const proxies = { HTTP_PROXY: url, HTTPS_PROXY: url, ALL_PROXY: url, NO_PROXY: local };
  const lower = Object.fromEntries(Object.entries(proxies).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    url,
    requests,
    env: { ...proxies, ...lower },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

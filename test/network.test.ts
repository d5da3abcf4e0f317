// That the tests can reach nothing but this machine: the guard in this process, the guard in a child, and the proxy for the CLI.

import { execFile } from "node:child_process";
import dgram from "node:dgram";
import dns from "node:dns";
import http from "node:http";
import net from "node:net";
import { join } from "node:path";
import tls from "node:tls";
import { promisify } from "node:util";
import { refusingProxy } from "./proxy";

const elsewhere = "192.0.2.1"; // reserved for documentation: even if the guard failed, nobody is there
const guard = join(__dirname, "network-guard.cjs");
const execute = promisify(execFile);

const attempts: [string, () => unknown][] = [
  ["net.connect(port, host)", () => net.connect(443, elsewhere)],
  ["net.connect({ port, host })", () => net.connect({ port: 443, host: elsewhere })],
  ["new net.Socket().connect", () => new net.Socket().connect(443, elsewhere)],
  ["a name", () => net.connect(443, "api.example.com")],
  ["an IPv6 address", () => net.connect(443, "2001:db8::1")],
  ["a private address", () => net.connect(80, "10.0.0.1")],
  ["the metadata address", () => net.connect(80, "169.254.169.254")],
  ["any address", () => net.connect(80, "0.0.0.0")],
  ["tls.connect", () => tls.connect(443, elsewhere)],
  ["http.get", () => http.get(`http://${elsewhere}/`)],
  ["dns.lookup", () => dns.lookup("api.example.com", () => undefined)],
  ["dns.resolve4", () => dns.resolve4("api.example.com", () => undefined)],
  ["dns.promises.resolve", () => dns.promises.resolve("api.example.com")],
  ["dns.Resolver", () => new dns.Resolver().resolveTxt("api.example.com", () => undefined)],
];

test.each(attempts)("%s throws an error that names the address", (_name, attempt) => {
  expect(attempt).toThrow(
    /^network guard: .* to (192\.0\.2\.1|api\.example\.com|2001:db8::1|10\.0\.0\.1|169\.254\.169\.254|0\.0\.0\.0) refused/,
  );
});

test("datagrams go to loopback only", async () => {
  const socket = dgram.createSocket("udp4");
  expect(() => socket.send("x", 53, elsewhere)).toThrow("network guard: datagram to 192.0.2.1 refused");
  expect(() => socket.send(Buffer.from("x"), 0, 1, 53, elsewhere)).toThrow("network guard: datagram to 192.0.2.1 refused");
  expect(() => socket.connect(53, elsewhere)).toThrow("network guard: datagram to 192.0.2.1 refused");
  await new Promise<void>((resolve) => socket.close(resolve));
});

test("fetch fails too", async () => {
  const error = await fetch(`http://${elsewhere}/`).catch((reason: unknown) => reason);
  expect(String((error as Error).cause)).toContain("network guard: connection to 192.0.2.1 refused");
});

test("loopback is open, by address, other addresses of 127.0.0.0/8, and by name", async () => {
  const server = http.createServer((_request, response) => response.end("here"));
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as net.AddressInfo;
  for (const host of ["127.0.0.1", "127.0.0.7", "localhost"]) {
    expect(await (await fetch(`http://${host}:${port}/`)).text()).toBe("here");
  }
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test("a child process under NODE_OPTIONS=--require has the guard, in CommonJS and in ES modules", async () => {
  const env = { ...process.env, NODE_OPTIONS: `--require=${guard}` };
  const commonjs = `require("node:net").connect(443, "${elsewhere}")`;
  const module = `import { connect } from "node:net"; connect(443, "${elsewhere}")`;
  for (const [type, text] of [
    ["commonjs", commonjs],
    ["module", module],
  ] as const) {
    const run = execute(process.execPath, [`--input-type=${type}`, "--eval", text], { env });
    await expect(run).rejects.toMatchObject({ stderr: expect.stringContaining("network guard: connection to 192.0.2.1 refused") });
  }
});

test("the proxy refuses and records, plain requests and tunnels", async () => {
  const proxy = await refusingProxy();
  const { port } = new URL(proxy.url);
  const ask = (options: http.RequestOptions) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = http.request({ host: "127.0.0.1", port, ...options });
      request.on("response", (response) => resolve(response.resume().statusCode));
      request.on("connect", (response, socket) => resolve((socket.destroy(), response.statusCode)));
      request.on("error", reject);
      request.end();
    });
  expect(await ask({ path: "http://api.example.com/v2/x" })).toBe(403);
  expect(await ask({ method: "CONNECT", path: "api.example.com:443" })).toBe(403);
  expect(proxy.requests).toEqual(["GET http://api.example.com/v2/x", "CONNECT api.example.com:443"]);
  await proxy.close();
});

test("the Pulumi CLI goes to the proxy, and fails there", async () => {
  const pulumi = process.env.EXCHANGE_KEYS_PULUMI;
  if (!pulumi) throw new Error("EXCHANGE_KEYS_PULUMI isn't set: run the tests by `npm test`");
  const proxy = await refusingProxy();
  const home = { PULUMI_HOME: join(__dirname, "..", ".exchange-keys", "network-test"), PULUMI_ACCESS_TOKEN: "pul-none" };
  const run = execute(pulumi, ["stack", "ls", "--non-interactive"], {
    env: { PATH: process.env.PATH, ...proxy.env, ...home, PULUMI_BACKEND_URL: "https://backend.example.com" },
  });
  await expect(run).rejects.toMatchObject({ code: expect.any(Number) });
  expect(proxy.requests).toContain("CONNECT backend.example.com:443");
  await proxy.close();
}, 60_000);

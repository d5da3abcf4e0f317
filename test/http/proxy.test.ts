// Which proxy, and the tunnel through a real one to a real TLS server: verified there as anywhere.

import http from "node:http";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import { inspect } from "node:util";
import { Secret } from "../../provider/core/secret";
import { openChannel } from "../../provider/http/client";
import { proxyFor, type ProxyVariables } from "../../provider/http/proxy";
import { CERTIFICATE, PRIVATE_KEY } from "./certificate";
import { call, channelTo, closeAll, closing, CREDENTIAL, listen, rejection, venue } from "./venue";

afterEach(closeAll);

describe("the choice", () => {
  const HOST = "https://api.acme.example";
  const P = "http://10.0.0.1:3128";
  // prettier-ignore
  test.each<[string | undefined, ProxyVariables, string | undefined]>([
    [undefined, {}, undefined],
    [P, {}, "10.0.0.1:3128"],
    [P, { NO_PROXY: "*" }, "10.0.0.1:3128"],
    [P, { HTTPS_PROXY: "http://other:1" }, "10.0.0.1:3128"],
    ["10.0.0.1:3128", {}, "10.0.0.1:3128"],
    [undefined, { HTTPS_PROXY: P }, "10.0.0.1:3128"],
    [undefined, { https_proxy: P, HTTPS_PROXY: "http://other:1" }, "10.0.0.1:3128"],
    [undefined, { https_proxy: "", HTTPS_PROXY: P }, "10.0.0.1:3128"],
    [undefined, { ALL_PROXY: P }, "10.0.0.1:3128"],
    [undefined, { HTTP_PROXY: P }, undefined],
    [undefined, { HTTPS_PROXY: P, NO_PROXY: "*" }, undefined],
    [undefined, { HTTPS_PROXY: P, NO_PROXY: "localhost, acme.example" }, undefined],
    [undefined, { HTTPS_PROXY: P, no_proxy: ".acme.example" }, undefined],
    [undefined, { HTTPS_PROXY: P, no_proxy: "*.ACME.example" }, undefined],
    [undefined, { HTTPS_PROXY: P, no_proxy: "api.acme.example:443" }, undefined],
    [undefined, { HTTPS_PROXY: P, no_proxy: "api.acme.example:8443" }, "10.0.0.1:3128"],
    [undefined, { HTTPS_PROXY: P, no_proxy: "pi.acme.example,127.0.0.0/8" }, "10.0.0.1:3128"],
  ])("own %s, variables %j: %s", (own, variables, expected) => {
    expect(proxyFor(HOST, own, variables, "acme")?.host).toBe(expected);
  });

  test.each(["socks5://user:5ecret@h:1", "http://user:5ecret@", "http://user:%zz5ecret@h:1", "http://h:5ecret"])(
    "%s is refused without being quoted",
    (bad) => {
      for (const give of [() => proxyFor(HOST, bad, {}, "acme"), () => proxyFor(HOST, undefined, { ALL_PROXY: bad }, "acme")]) {
        let error: unknown;
        try {
          give();
        } catch (caught) {
          error = caught;
        }
        expect(error).toMatchObject({ code: "configuration" });
        expect(inspect(error, { depth: 20, showHidden: true })).not.toContain("5ecret");
      }
    },
  );
});

interface Asked {
  readonly target: string | undefined;
  readonly authorization: string | undefined;
}

/** A proxy that leads every tunnel to one port of loopback. */
async function proxy(toPort: number, status = 200): Promise<{ readonly url: string; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = http.createServer((_, response) => response.writeHead(400).end());
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  server.on("connect", (request, socket) => {
    asked.push({ target: request.url, authorization: request.headers["proxy-authorization"] });
    socket.on("error", () => undefined);
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const onward = net.connect(toPort, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    onward.on("error", () => socket.destroy());
    closing(() => onward.destroy());
  });
  closing(() => sockets.forEach((socket) => socket.destroy()));
  return { url: await listen(server), asked };
}

/** A venue behind TLS as api.venue.test; it counts what reaches it. */
async function secureVenue(): Promise<{ readonly port: number; readonly paths: string[] }> {
  const paths: string[] = [];
  const server = https.createServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, (request, response) => {
    paths.push(request.url ?? "");
    response.end("from the venue");
  });
  await listen(server);
  return { port: (server.address() as AddressInfo).port, paths };
}

function channelBy(proxyUrl: string, host = "https://api.venue.test") {
  const channel = openChannel({
    venue: "acme",
    hosts: { api: host },
    sandbox: false,
    limits: "off",
    nonceUnit: "ms",
    clock: Date.now,
    proxy: proxyUrl,
    maxReads: 1,
  });
  closing(() => channel.close());
  return channel;
}

const REAL = { kind: "token", token: new Secret("pub:api:5ecret") } as const;

test("without a proxy TLS is verified too, whatever the environment says, before anything is sent", async () => {
  const { port, paths } = await secureVenue();
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  closing(() => delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"]);
  const channel = channelTo(`https://127.0.0.1:${port}`, { maxReads: 1 });
  for (const intent of ["read", "write"] as const) {
    const error = await rejection(channel.send(call({ intent, method: "POST", body: "{}", carries: [CREDENTIAL] })));
    expect(error).toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("TLS failed (DEPTH_ZERO_SELF_SIGNED_CERT)") as string,
    });
  }
  expect(paths).toEqual([]);
});

describe("the tunnel", () => {
  const known = tls.getCACertificates("default");
  const trust = () => tls.setDefaultCACertificates([...known, CERTIFICATE]);
  afterEach(() => tls.setDefaultCACertificates(known));

  test("leads to the venue, with the proxy's credentials for the proxy alone, over one connection", async () => {
    trust();
    const { port, paths } = await secureVenue();
    const { url, asked } = await proxy(port);
    const channel = channelBy(url.replace("//", "//us%3Aer:p%40ss@"));
    expect(await channel.send(call({ path: "/v2/a", carries: [REAL] }))).toBe("from the venue");
    expect(await channel.send(call({ path: "/v2/b", method: "POST", body: "{}", intent: "write" }))).toBe("from the venue");
    expect(paths).toEqual(["/v2/a", "/v2/b"]);
    expect(asked).toEqual([{ target: "api.venue.test:443", authorization: `Basic ${Buffer.from("us:er:p@ss").toString("base64")}` }]);
  });

  test.each(["a certificate that nobody vouches for", "another name", "verification turned off by the environment"])(
    "ends at %s, before anything is sent",
    async (what) => {
      if (what === "another name") trust();
      const { port, paths } = await secureVenue();
      const { url } = await proxy(port);
      if (what.startsWith("verification")) process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
      try {
        const channel = channelBy(url, what === "another name" ? "https://api.other.test" : "https://api.venue.test");
        for (const intent of ["read", "write"] as const) {
          const error = await rejection(channel.send(call({ intent, method: "POST", body: "{}", carries: [REAL] })));
          expect(error).toMatchObject({
            code: "unreachable",
            message: expect.stringMatching(/^acme: ask: TLS failed \([A-Z_]+\); /) as string,
          });
        }
        expect(paths).toEqual([]);
      } finally {
        delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
      }
    },
  );

  test.each([
    [407, "wants other credentials (407)"],
    [502, "refused the tunnel (502)"],
  ])("a proxy that answers %i is named without its password", async (status, says) => {
    const { url } = await proxy(1, status);
    for (const intent of ["read", "write"] as const) {
      const error = await rejection(channelBy(url.replace("//", "//user:5ecret@")).send(call({ intent, method: "POST" })));
      expect(error).toMatchObject({ code: "unreachable", message: expect.stringContaining(`the proxy ${url.slice(7)} ${says}`) as string });
      expect(inspect(error, { depth: 20, showHidden: true }) + (error as Error).stack).not.toContain("5ecret");
    }
  });

  test("a proxy that isn't there", async () => {
    const { url } = await proxy(1);
    closeAll();
    const error = await rejection(channelBy(url.replace("//", "//user:5ecret@")).send(call({ intent: "write", method: "POST" })));
    expect(error).toMatchObject({
      code: "unreachable",
      message: expect.stringContaining(`no connection to the proxy ${url.slice(7)} (ECONNREFUSED)`) as string,
    });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain("5ecret");
  });

  test("a proxy that never answers ends with the attempt", async () => {
    const server = net.createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const channel = openChannel({ ...OPEN, proxy: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, attemptMs: 150 });
    closing(() => server.close());
    expect(await rejection(channel.send(call({ intent: "write", method: "POST" })))).toMatchObject({ code: "unreachable" });
    channel.close();
  });

  test("isn't used for loopback, and a sandbox's credential doesn't get to it", async () => {
    const { url, asked } = await proxy(1);
    const local = await venue((response) => response.end("direct"));
    expect(
      await channelTo(local.url, { proxy: url, proxyVariables: { HTTP_PROXY: url, HTTPS_PROXY: url, ALL_PROXY: url } }).send(
        call({ carries: [CREDENTIAL] }),
      ),
    ).toBe("direct");
    await expect(channelBy(url).send(call({ carries: [CREDENTIAL] }))).rejects.toMatchObject({ code: "transport" });
    expect(asked).toEqual([]);
  });
});

const OPEN = {
  venue: "acme",
  hosts: { api: "https://api.venue.test" },
  sandbox: false,
  limits: "off",
  nonceUnit: "ms",
  clock: Date.now,
  maxReads: 1,
} as const;

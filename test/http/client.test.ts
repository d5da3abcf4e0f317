// The channel against real servers: what is sent, what is sent again, what is refused, and what an answer may cost.

import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import zlib from "node:zlib";
import { KeyError } from "../../provider/core/errors";
import type { Answer } from "../../provider/core/driver";
import { Secret } from "../../provider/core/secret";
import { call, channelTo, closeAll, closing, CREDENTIAL, rejection, venue } from "./venue";

afterEach(closeAll);

const said = { venue: "acme (sandbox)", operation: "ask", wayOut: "w" };

/** As a driver judges: 429 is a documented refusal, other errors may pass. */
function judge(answer: Answer): string {
  if (answer.status === 429) {
    throw new KeyError("rate-limited", { ...said, cause: "429" }, { transient: true });
  }
  if (answer.status === 403) throw new KeyError("permission-refused", { ...said, cause: "403" });
  if (answer.status >= 500) throw new KeyError("broken-answer", { ...said, cause: String(answer.status) }, { transient: true });
  return answer.text;
}

describe("what is sent", () => {
  test("path, body and headers go byte for byte, and the answer comes whole", async () => {
    const { url, seen } = await venue((response) => response.writeHead(201, { "x-a": ["1", "2"], "content-type": "text/plain" }).end("é"));
    const answer = await channelTo(url).send(
      call<Answer>({
        method: "POST",
        path: "/v2/x?a=%20b&c=",
        body: '{"ü":1}',
        carries: [CREDENTIAL],
        headers: ({ nonce, body }) => ({ "x-signed": `${nonce}|${Buffer.byteLength(body)}` }),
        parse: (one) => one,
      }),
    );
    expect(seen[0]).toMatchObject({ method: "POST", path: "/v2/x?a=%20b&c=", body: '{"ü":1}' });
    expect(seen[0]!.headers).toMatchObject({ "x-signed": "|8", "content-length": "8", "user-agent": "pulumi-exchange-keys" });
    expect(answer).toMatchObject({ status: 201, text: "é", headers: { "x-a": "1, 2" } });
    expect(answer.at).toBe(Date.parse(answer.headers["date"]!));
  });

  test("headers of the environment go with every request, those of the call before them", async () => {
    const { url, seen } = await venue((response) => response.end("ok"));
    const channel = channelTo(url, { headers: { "x-demo": "1", "x-signed": "no" } });
    await channel.send(call());
    await channel.send(call({ headers: () => ({ "x-signed": "yes" }) }));
    expect(seen.map(({ headers }) => [headers["x-demo"], headers["x-signed"]])).toEqual([
      ["1", "no"],
      ["1", "yes"],
    ]);
  });

  test.each(["POST", "PUT", "PATCH", "DELETE", "GET"] as const)("%s without a body", async (method) => {
    const { url, seen } = await venue((response) => response.end("ok"));
    expect(await channelTo(url).send(call({ method }))).toBe("ok");
    expect(seen[0]).toMatchObject({ method, body: "" });
  });

  test("numbered requests rise; the first needs the venue's time", async () => {
    const { url, seen } = await venue((response) => response.end());
    const channel = channelTo(url);
    const numbered = call({ nonces: "client-test-1", headers: ({ nonce }) => ({ nonce }) });
    expect(channel.venueNow()).toBeUndefined();
    await expect(channel.send(numbered)).rejects.toThrow("ask something unsigned first");
    await channel.send(call());
    expect(Math.abs(channel.venueNow()! - Date.now())).toBeLessThan(2_000);
    await Promise.all([channel.send(numbered), channel.send(numbered), channel.send(numbered)]);
    const nonces = seen.slice(1).map((one) => Number(one.headers["nonce"]));
    expect(nonces).toHaveLength(3);
    expect(nonces[0]).toBeLessThan(nonces[1]!);
    expect(nonces[1]).toBeLessThan(nonces[2]!);
  });

  test("path and body of an attempt are made anew for each, and held to the same rules", async () => {
    const { url, seen } = await venue((response, _, count) => response.writeHead(count === 1 ? 500 : 200).end("ok"));
    let made = 0;
    const attempt = () => ({ path: `/v2/x?attempt=${(made += 1)}`, body: `body=${made}` });
    expect(made).toBe(0);
    await channelTo(url).send(call({ method: "POST", attempt, parse: judge }));
    expect(seen.map(({ path, body }) => [path, body])).toEqual([
      ["/v2/x?attempt=1", "body=1"],
      ["/v2/x?attempt=2", "body=2"],
    ]);
    const elsewhere = () => ({ path: "//evil.example/x" });
    await expect(channelTo(url).send(call({ attempt: elsewhere }))).rejects.toThrow("the path isn't in the form");
    expect(seen).toHaveLength(2);
  });

  test.each(["//evil.example/x", "/a/../b", "/a b", "/#x", "https://evil.example/x", "\\\\evil.example/x", "x"])(
    "the path %s is refused",
    async (path) => {
      const { url, seen } = await venue((response) => response.end());
      await expect(channelTo(url).send(call({ path }))).rejects.toThrow("the path isn't in the form in which it would be sent");
      expect(seen).toEqual([]);
    },
  );

  test("no credential but a sandbox's leaves for loopback", async () => {
    const { url, seen } = await venue((response) => response.end());
    const token = { kind: "token", token: new Secret("pub:api:real") } as const;
    await expect(channelTo(url).send(call({ carries: [CREDENTIAL, token] }))).rejects.toMatchObject({ code: "transport" });
    expect(seen).toEqual([]);
  });

  test("a source address is bound", async () => {
    const { url, seen } = await venue((response) => response.end());
    await channelTo(url, { sourceAddress: "127.0.0.9" }).send(call());
    expect(seen[0]!.from).toMatch(/127\.0\.0\.9$/);
  });

  test("one connection serves many calls", async () => {
    const { url, server } = await venue((response) => response.end());
    let connections = 0;
    server.on("connection", () => (connections += 1));
    const channel = channelTo(url);
    await Promise.all([1, 2, 3, 4].map(() => channel.send(call({ method: "POST", body: "{}" }))));
    expect(connections).toBe(1);
  });
});

describe("what is sent again", () => {
  test("a read, newly signed, until it is answered", async () => {
    const { url, seen } = await venue((response, _, count) => response.writeHead(count <= 2 ? 500 : 200).end("ok"));
    const channel = channelTo(url);
    const one = await channel.send(call({ parse: judge, headers: () => ({ "x-try": String(seen.length) }) }));
    expect(one).toBe("ok");
    expect(seen.map((each) => each.headers["x-try"])).toEqual(["0", "1", "2"]);
    expect(channel.counts).toEqual({ reads: 3, writes: 0, retries: 2, rateLimited: 0 });
  });

  test("a read with a new number each time", async () => {
    const { url, seen } = await venue((response, _, count) => response.writeHead(count === 2 ? 500 : 200).end());
    const channel = channelTo(url);
    await channel.send(call());
    await channel.send(call({ parse: judge, nonces: "client-test-2", headers: ({ nonce }) => ({ nonce }) }));
    expect(Number(seen[2]!.headers["nonce"])).toBeGreaterThan(Number(seen[1]!.headers["nonce"]));
  });

  test("a read no more than four times", async () => {
    const { url, seen } = await venue((response) => response.writeHead(500).end());
    await expect(channelTo(url).send(call({ parse: judge }))).rejects.toMatchObject({ code: "broken-answer" });
    expect(seen).toHaveLength(4);
  });

  test("a read not after a refusal", async () => {
    const { url, seen } = await venue((response) => response.writeHead(403).end());
    await expect(channelTo(url).send(call({ parse: judge }))).rejects.toMatchObject({ code: "permission-refused" });
    expect(seen).toHaveLength(1);
  });

  test("a read not before the time that the venue asks for, and its whole group waits with it", async () => {
    const { url, seen } = await venue((response, _, count) => {
      if (count === 1) response.writeHead(429, { "retry-after": "1" }).end();
      else response.end("ok");
    });
    const channel = channelTo(url, { limits: { g: { requests: 100, perMs: 1_000 } } });
    expect(await Promise.all([channel.send(call({ parse: judge })), channel.send(call())])).toEqual(["ok", "ok"]);
    expect(seen.slice(1).every((one) => one.at - seen[0]!.at >= 999)).toBe(true);
    expect(channel.counts).toEqual({ reads: 3, writes: 0, retries: 1, rateLimited: 1 });
  });

  test.each(["in its header", "in its body, as the driver reads it"])(
    "nothing when the venue asks for more time than there is, %s",
    async (where) => {
      const header = where === "in its header";
      const { url, seen } = await venue((response) => response.writeHead(429, header ? { "retry-after": "60" } : {}).end());
      const asksInBody = (): string => {
        throw new KeyError("rate-limited", { ...said, cause: "429" }, { transient: true, retryAfterMs: 60_000 });
      };
      await expect(channelTo(url).send(call({ parse: header ? judge : asksInBody }))).rejects.toMatchObject({ code: "rate-limited" });
      expect(seen).toHaveLength(1);
    },
  );

  test("a write after a documented refusal", async () => {
    let asked = 0;
    const { url, seen } = await venue((response, _, count) => response.writeHead(count === 1 ? 429 : 200).end("ok"));
    const beforeWrite = async () => void (asked += 1);
    expect(await channelTo(url, { beforeWrite }).send(call({ intent: "write", method: "POST", parse: judge }))).toBe("ok");
    expect([seen.length, asked]).toEqual([2, 2]);
  });
});

const AFTER_SENDING = "after the request was sent: it may have had its effect; see at the venue whether it did before it is sent again";

describe("a write whose outcome isn't known is sent once", () => {
  const write = call({ operation: "mint token", intent: "write", method: "POST", body: "{}", parse: judge });

  test.each<[string, string, (socket: Socket) => void]>([
    ["a connection closed without an answer", "the connection", (socket) => socket.destroy()],
    ["an answer cut off", "the answer was cut off", (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")],
    [
      "a chunked answer cut off",
      "the answer was cut off",
      (socket) => socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhal"),
    ],
    ["no HTTP", "the answer is no HTTP (HPE_", (socket) => socket.end("SSH-2.0-x\r\n\r\n")],
    ["a 500", "500", (socket) => socket.end("HTTP/1.1 500 X\r\ncontent-length: 0\r\n\r\n")],
    [
      "a redirect",
      "the venue answered with a redirect (HTTP 307), which is never followed",
      (socket) => socket.end("HTTP/1.1 307 X\r\nlocation: /y\r\ncontent-length: 0\r\n\r\n"),
    ],
  ])("%s", async (_, cause, answer) => {
    let requests = 0;
    const url = await raw((socket) => {
      requests += 1;
      answer(socket);
    });
    const error = await rejection(channelTo(url).send(write));
    expect(error).toMatchObject({ code: "unknown-outcome", branch: "unknown" });
    expect((error as Error).message).toMatch(/^acme \(sandbox\): mint token: /);
    expect((error as Error).message).toContain(cause);
    expect((error as Error).message).toContain(AFTER_SENDING);
    expect(requests).toBe(1);
  });

  test("no answer in time", async () => {
    const { url, seen } = await venue(() => undefined);
    const error = await rejection(channelTo(url, { attemptMs: 150 }).send(write));
    expect(error).toMatchObject({ code: "unknown-outcome" });
    expect((error as Error).message).toContain("no complete answer came within 0.15 s");
    expect(seen).toHaveLength(1);
  });

  test("an answer that the driver can't read", async () => {
    const { url, seen } = await venue((response) => response.end("sandbox-5ecret"));
    const parse = (answer: Answer): string => JSON.parse(answer.text) as string;
    const error = await rejection(channelTo(url).send({ ...write, parse }));
    expect(error).toMatchObject({ code: "unknown-outcome" });
    expect((error as Error).message).toContain("the answer couldn't be read (SyntaxError)");
    await expect(channelTo(url).send(call({ parse }))).rejects.toMatchObject({ code: "broken-answer" });
    expect(seen).toHaveLength(2);
  });
});

describe("a write that was certainly not sent", () => {
  const write = call({ intent: "write", method: "POST", body: "{}" });

  test("the connection was refused", async () => {
    const error = await rejection(channelTo(await closedPort()).send(write));
    expect(error).toMatchObject({
      code: "unreachable",
      message:
        "acme (sandbox): ask: the connection was refused (ECONNREFUSED); check the network, the proxy and the venue's status, then run again",
    });
  });

  test("the engine is gone", async () => {
    const { url, seen } = await venue((response) => response.end());
    const gone = new KeyError("engine-gone", { ...said, cause: "c" });
    const channel = channelTo(url, { beforeWrite: () => Promise.reject(gone) });
    expect(await rejection(channel.send(write))).toBe(gone);
    await channel.send(call());
    expect(seen).toHaveLength(1);
    expect(channel.counts).toMatchObject({ reads: 1, writes: 0 });
  });

  test("the engine goes while the write waits in the queue", async () => {
    let alive = true;
    const { url, seen } = await venue((response) => {
      alive = false;
      response.end();
    });
    const beforeWrite = async () => {
      if (!alive) throw new KeyError("engine-gone", { ...said, cause: "c" });
    };
    const channel = channelTo(url, { beforeWrite });
    const first = channel.send(call());
    await expect(channel.send(write)).rejects.toMatchObject({ code: "engine-gone" });
    await first;
    expect(seen).toHaveLength(1);
  });
});

describe("what an answer may cost", () => {
  test("a redirect is not followed", async () => {
    const target = await venue((response) => response.end("got you"));
    for (const status of [301, 302, 303, 307, 308]) {
      const { url, seen } = await venue((response) => response.writeHead(status, { location: `${target.url}/y` }).end());
      const error = await rejection(channelTo(url).send(call({ carries: [CREDENTIAL] })));
      expect(error).toMatchObject({
        code: "broken-answer",
        message: expect.stringContaining(`redirect (HTTP ${status}), which is never followed`) as string,
      });
      expect(seen).toHaveLength(1);
    }
    expect(target.seen).toEqual([]);
  });

  test.each([
    ["with a length", { "content-length": "104857600" }],
    ["in chunks", {}],
  ])("100 MB %s are cut off early", async (_, headers) => {
    let written = 0;
    const { url, seen } = await venue((response) => {
      response.writeHead(200, headers);
      const block = Buffer.alloc(65_536, "x");
      const more = (): void => {
        while (written < 104_857_600 && !response.destroyed) {
          written += block.length;
          if (!response.write(block)) return void response.once("drain", more);
        }
        response.end();
      };
      more();
    });
    const before = process.memoryUsage().rss;
    const error = await rejection(channelTo(url).send(call()));
    expect(error).toMatchObject({
      code: "broken-answer",
      message: expect.stringContaining("the answer is larger than 1048576 bytes") as string,
    });
    expect(seen).toHaveLength(1);
    expect(written).toBeLessThan(20_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  test("100 MB packed into a little are cut off too", async () => {
    const packed = zlib.gzipSync(Buffer.alloc(104_857_600, "x"));
    const { url } = await venue((response) => response.writeHead(200, { "content-encoding": "gzip" }).end(packed));
    const before = process.memoryUsage().rss;
    await expect(channelTo(url).send(call())).rejects.toThrow("the answer is larger than 1048576 bytes");
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  test("exactly the limit is read, packed or not", async () => {
    const text = "x".repeat(1_048_576);
    const { url } = await venue((response, seen) => {
      if (seen.path === "/gzip") response.writeHead(200, { "content-encoding": "gzip" }).end(zlib.gzipSync(text));
      else response.end(text);
    });
    expect(await channelTo(url).send(call({ path: "/gzip" }))).toBe(text);
    expect(await channelTo(url).send(call())).toBe(text);
  });

  test("a list that grows with the account may be sixteen times as long, and no longer", async () => {
    let length = 16 * 1_048_576;
    const { url } = await venue((response) => response.end("x".repeat(length)));
    const answer = (await channelTo(url).send(call({ long: true }))) as string;
    expect(answer).toHaveLength(length);
    length += 1;
    await expect(channelTo(url).send(call({ long: true }))).rejects.toThrow("the answer is larger than 16777216 bytes");
  });

  test("broken packing is a broken answer", async () => {
    const { url } = await venue((response) => response.writeHead(200, { "content-encoding": "gzip" }).end("not packed"));
    await expect(channelTo(url, { maxReads: 1 }).send(call())).rejects.toMatchObject({ code: "broken-answer" });
  });

  test("an answer that trickles ends with the attempt, and the call with its deadline", async () => {
    const { url, seen } = await venue((response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("x"), 10);
      response.once("close", () => clearInterval(timer));
    });
    const start = performance.now();
    const error = await rejection(channelTo(url, { attemptMs: 300, deadlineMs: 500 }).send(call()));
    expect(error).toMatchObject({ code: "timeout" });
    expect(performance.now() - start).toBeLessThan(700);
    expect(seen.length).toBeLessThanOrEqual(2);
  });

  test("an answer without a Date has our time, and doesn't tell the venue's", async () => {
    const url = await raw((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
    const channel = channelTo(url, { clock: () => 1_234 });
    expect(await channel.send(call<number>({ parse: (answer) => answer.at }))).toBe(1_234);
    expect(channel.venueNow()).toBeUndefined();
  });

  test("closing ends what runs and what waits", async () => {
    const { url, seen } = await venue(() => undefined);
    const channel = channelTo(url, { limits: { g: { requests: 1, perMs: 60_000 } } });
    const running = rejection(channel.send(call({ intent: "write", method: "POST" })));
    const waiting = rejection(channel.send(call()));
    while (seen.length === 0) await new Promise(setImmediate);
    channel.close();
    expect(await running).toMatchObject({ code: "unknown-outcome" });
    expect(await waiting).toMatchObject({ code: "unreachable" });
    expect(await rejection(channel.send(call()))).toMatchObject({ code: "unreachable" });
    expect(seen).toHaveLength(1);
  });
});

/** A server that reads a request's head and answers as told, byte for byte. */
async function raw(answer: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
      if (!text.includes("\r\n\r\n")) return;
      text = "";
      answer(socket);
    });
  });
  const url = await bound(server);
  closing(() => server.close());
  return url;
}

/** A loopback address where nobody listens. */
async function closedPort(): Promise<string> {
  const server = createServer();
  const url = await bound(server);
  await new Promise((resolve) => server.close(resolve));
  return url;
}

async function bound(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

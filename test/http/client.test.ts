// The channel against real servers: what is sent, and what is sent again.

import { KeyError } from "../../provider/core/errors";
import type { Answer } from "../../provider/core/driver";
import { Secret } from "../../provider/core/secret";
import { call, channelTo, closeAll, CREDENTIAL, venue } from "./venue";
import { judge, said } from "./servers";

afterEach(closeAll);

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

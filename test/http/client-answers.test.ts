// The channel against real servers: what an answer may cost.

import zlib from "node:zlib";
import { call, channelTo, closeAll, CREDENTIAL, rejection, venue } from "./venue";
import { raw } from "./servers";

afterEach(closeAll);

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

// The channel against real servers: a write whose outcome isn't known, and one that was certainly not sent.

import type { Socket } from "node:net";
import { KeyError } from "../../provider/core/errors";
import type { Answer } from "../../provider/core/driver";
import { call, channelTo, closeAll, rejection, venue } from "./venue";
import { AFTER_SENDING, closedPort, judge, raw, said } from "./servers";

afterEach(closeAll);

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

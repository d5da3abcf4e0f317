// Servers that answer byte for byte, and a driver's judgement of answers, for the tests of the channel.

import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { KeyError } from "../../provider/core/errors";
import type { Answer } from "../../provider/core/driver";
import { closing } from "./venue";

export const said = { venue: "acme (sandbox)", operation: "ask", wayOut: "w" };

/** As a driver judges: 429 is a documented refusal, other errors may pass. */
export function judge(answer: Answer): string {
  if (answer.status === 429) {
    throw new KeyError("rate-limited", { ...said, cause: "429" }, { transient: true });
  }
  if (answer.status === 403) throw new KeyError("permission-refused", { ...said, cause: "403" });
  if (answer.status >= 500) throw new KeyError("broken-answer", { ...said, cause: String(answer.status) }, { transient: true });
  return answer.text;
}

export const AFTER_SENDING =
  "after the request was sent: it may have had its effect; see at the venue whether it did before it is sent again";

/** A server that reads a request's head and answers as told, byte for byte. */
export async function raw(answer: (socket: Socket) => void): Promise<string> {
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
export async function closedPort(): Promise<string> {
  const server = createServer();
  const url = await bound(server);
  await new Promise((resolve) => server.close(resolve));
  return url;
}

export async function bound(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

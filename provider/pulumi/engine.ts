// Whether the Pulumi engine that started this process still lives. It may be killed; the process would go on writing, with nobody to record it.

import { fstatSync } from "node:fs";
import { connect } from "node:net";

/** Long enough for loopback; an engine that is merely slow counts as alive. */
const PATIENCE_MS = 2_000;

export interface Engine {
  /** False once the engine's address refuses a connection. Always true where no engine started the process. */
  alive(): Promise<boolean>;
  /** Calls back once, after standard input has ended and the engine's address refuses. Keeps no process running. */
  whenGone(callback: () => void): void;
}

/**
 * Watches an engine by its address, the first argument of the provider process.
 *
 * @param address `127.0.0.1:34567`; anything else means that there is no engine
 */
export function watchEngine(address: string | undefined): Engine {
  const [, host, port] = /^(.+):(\d+)$/.exec(address ?? "") ?? [];
  if (host === undefined || port === undefined) return { alive: () => Promise.resolve(true), whenGone: () => undefined };
  const alive = () => accepts(host, Number(port));
  return {
    alive,
    whenGone(callback) {
      if (!stdinIsPipe()) return;
      process.stdin.once("end", () => void untilDead(alive).then(callback));
      process.stdin.on("error", () => undefined);
      process.stdin.resume();
      (process.stdin as { unref?(): void }).unref?.();
    },
  };
}

async function untilDead(alive: () => Promise<boolean>): Promise<void> {
  while (await alive()) await new Promise((resolve) => setTimeout(resolve, 200).unref());
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const answer = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.setTimeout(PATIENCE_MS, () => {
      answer(true);
    });
    socket.once("connect", () => {
      answer(true);
    });
    socket.once("error", () => {
      answer(false);
    });
  });
}

function stdinIsPipe(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}

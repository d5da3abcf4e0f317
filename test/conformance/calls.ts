// The requests of one operation: where a connection can be cut.

import type { ISSUED } from "./stack";
import { Stack, type Done } from "./stack";

export interface Operation {
  before(stack: Stack): Promise<unknown>;
  act(stack: Stack): Promise<Done>;
}

/** A request of an operation: its path, and how many of the same came before it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly after: number;
  readonly write: boolean;
}

/** The requests of an operation that nothing disturbs. */
export async function callsOf(operation: Operation, kind: (typeof ISSUED)[number]): Promise<readonly Call[]> {
  return Stack.during(kind, async (stack) => {
    await operation.before(stack);
    await stack.forget();
    expect((await operation.act(stack)).error).toBeUndefined();
    const calls: Call[] = [];
    for (const request of await stack.requests()) {
      const { method } = request;
      // Another key has another path.
      const path = request.path.replace(/sandbox-.*$/, "*");
      const after = calls.filter((one) => one.path === path && one.method === method).length;
      calls.push({ method, path, after, write: stack.fixture.writes(request) });
    }
    return calls;
  });
}

/** Faults that no request met: a test that sets one and doesn't meet it tests nothing. */
export async function faultsThatMissed(stack: Stack): Promise<readonly unknown[]> {
  return (await stack.control.get<readonly { readonly hits: number }[]>("/faults")).filter(({ hits }) => hits === 0);
}

/** From the first write on no request is answered; of the write, `writing` says whether it has its effect. */
export async function downFromWrite(stack: Stack, calls: readonly Call[], writing: "reset" | "lost-after-effect"): Promise<void> {
  const first = calls.findIndex(({ write }) => write);
  for (const path of new Set(calls.map((call) => call.path))) {
    const after = calls.slice(0, first).filter((call) => call.path === path).length;
    const kind = calls[first]!.path === path ? writing : "reset";
    await stack.control.post("/faults", { venue: stack.venue, match: { path, after }, kind, times: "always" });
  }
}

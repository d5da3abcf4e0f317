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
  const stack = await Stack.open(kind);
  try {
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
  } finally {
    await stack.close();
  }
}

/** Faults that no request met: a test that sets one and doesn't meet it tests nothing. */
export async function faultsThatMissed(stack: Stack): Promise<readonly unknown[]> {
  return (await stack.control.get<readonly { readonly hits: number }[]>("/faults")).filter(({ hits }) => hits === 0);
}

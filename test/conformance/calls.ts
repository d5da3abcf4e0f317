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
    const requests = await stack.requests();
    return requests.map((request, index) => {
      const { method, path } = request;
      const after = requests.slice(0, index).filter((one) => one.path === path && one.method === method).length;
      return { method, path, after, write: stack.fixture.writes(request) };
    });
  } finally {
    await stack.close();
  }
}

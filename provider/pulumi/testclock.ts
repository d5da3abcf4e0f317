// The sandbox's clock, which tests move together with ours. Apart, so that it is loaded for them alone.

import { z } from "zod";
import { json } from "../http/answer";
import { openChannel } from "../http/client";

const asked = { venue: "exchange-keys", operation: "read the test clock" };

/** How far the sandbox's clock is from ours, in milliseconds. Throws KeyError where its control doesn't answer. */
export async function clockOffset(control: string): Promise<number> {
  const hosts = { control };
  const channel = openChannel({ venue: asked.venue, hosts, sandbox: true, limits: "off", clock: Date.now });
  try {
    return await channel.send({
      operation: asked.operation,
      intent: "read",
      method: "GET",
      host: "control",
      path: "/clock",
      limit: "clock",
      carries: [],
      parse: (answer) => json(answer, z.object({ offsetMs: z.number() }), asked).offsetMs,
    });
  } finally {
    channel.close();
  }
}

// The example programs as they stand, on the real engine: what waits for a person is told for each key, and a ceremony shows what to click.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, sit } from "../../provider/pulumi/ceremony";
import { fails, ok, root, Stack } from "./stack";
import { Venue } from "./venue";

let venue: Venue;
let stack: Stack;
beforeEach(async () => {
  venue = await Venue.open();
  stack = await Stack.open(venue);
});
afterEach(async () => {
  await stack?.close();
  await venue?.close();
});

test.each([
  ["bitfinex-desk", { accounting: "read", lender: "read-write", maker: "read-write" }],
  ["bitfinex-deposit", { bot: "read-write" }],
])("%s", async (name, keys) => {
  rmSync(join(stack.cwd, "index.js"));
  stack.runtime({});
  stack.configure({ accounts: { desk: { ...stack.account(), accountId: "123456" } } });
  stack.program(readFileSync(join(root, "examples", name, "index.ts"), "utf8"), "index.ts");
  const { text } = await fails(stack.up("--continue-on-error")); // else the engine begins no further key after the first failure
  for (const key of Object.keys(keys))
    expect(text).toContain(`create API key "${key}": it is made by a person, and nobody has done that yet`);

  const { text: preview } = await ok(stack.run("preview", "--json"));
  const document = parseDocument(preview.slice(preview.indexOf("{")));
  const sources = { env: stack.env, cwd: stack.cwd, readFile: () => "" };
  const sitting = await sit({ document, revoke: false, sources, machineNow: Date.now });
  try {
    expect(sitting.problems).toEqual([]);
    const tasks = sitting.session.tasks();
    expect(tasks.map(({ name: of, phase }) => [of, phase])).toEqual(Object.keys(keys).map((of) => [of, "todo"]));
    for (const { name: of, rows, allowedIps } of tasks) {
      expect(rows.find(({ scope }) => scope === "withdraw")).toMatchObject({ want: "none" });
      const most = rows.some(({ want }) => want === "read-write") ? "read-write" : "read";
      expect({ [of]: most }).toEqual({ [of]: keys[of as keyof typeof keys] });
      expect(allowedIps).not.toBe("anywhere");
    }
  } finally {
    await sitting.close();
  }
});

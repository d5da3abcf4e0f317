// A desk that makes keys and a pipeline that runs `up`: deposits are sealed to the pipeline, which has another home, another journal and
// the only identity that opens them.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Operator } from "./operator";
import { ceremony, credentials, declare, deposits, HERE } from "./sitting";
import { fails, ok, Stack } from "./stack";
import { found } from "./traces";
import { Venue } from "./venue";

interface Pair {
  readonly identity: string;
  readonly recipient: string;
}

let venue: Venue;
let stack: Stack;
let operator: Operator;
let pipeline: Pair;
beforeAll(async () => {
  venue = await Venue.open();
  await venue.switch({ totpTwice: true });
  stack = await Stack.open(venue);
  operator = await Operator.open(venue);
  pipeline = await newPair();
});
afterAll(async () => {
  await operator?.close();
  await stack?.close();
  await venue?.close();
});

/** As `age-keygen` makes one. */
async function newPair(): Promise<Pair> {
  const { generateX25519Identity, identityToRecipient } = await import("age-encryption");
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** Runs as the pipeline does: with its own home and journal, and its identity's file, which is nowhere else. */
async function inPipeline<T>(what: () => Promise<T>, { identity }: Pair = pipeline): Promise<T> {
  const folder = join(stack.folder, "pipeline");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "identity.txt"), `# of the pipeline\n${identity}\n`, { mode: 0o600 });
  const desk = { ...stack.env };
  Object.assign(stack.env, { XDG_STATE_HOME: join(folder, "state"), EXCHANGE_KEYS_IDENTITY: join(folder, "identity.txt") });
  try {
    return await what();
  } finally {
    delete stack.env["EXCHANGE_KEYS_IDENTITY"];
    Object.assign(stack.env, desk);
  }
}

const key = (label: string) => ({ permissions: { wallets: "read", history: "read" }, allowedIps: HERE, label });

/** A sitting at the desk for the one key that waits; the deposit's file. */
async function sealed(): Promise<string> {
  const before = deposits(stack);
  const sitting = await ceremony(stack);
  const tab = await operator.follow(await sitting.file());
  await tab.getByRole("button", { name: "Start: " }).click();
  await tab.locator("h1", { hasText: "Make API key" }).waitFor();
  await operator.bring(tab, await operator.makeQuickly(tab));
  await operator.verified(tab);
  expect((await sitting.ended).code).toBe(0);
  await tab.close();
  return deposits(stack).find((file) => !before.includes(file))!;
}

test("what the desk seals the pipeline alone opens", async () => {
  stack.configure({ depositRecipient: pipeline.recipient });
  declare(stack, { bot: key("bot") });
  const file = await sealed();
  const secrets = Object.fromEntries((await venue.apiKeys()).map(({ label, apiSecret }) => [label ?? "managing", apiSecret]));
  expect(found(secrets, {}, [stack.folder])).toEqual([]);

  const atDesk = await fails(stack.up());
  expect(atDesk.text).toContain(`${file}: it is sealed to someone else`);
  const stranger = await newPair();
  const elsewhere = await fails(inPipeline(() => stack.up(), stranger));
  expect(elsewhere.text).toContain(`${file}: it is sealed to someone else`);

  expect((await ok(inPipeline(() => stack.up()))).text).toContain(`took the deposit ${file}`);
  await ok(inPipeline(() => stack.up("--refresh", "--expect-no-changes")));
  expect(Object.keys(await credentials(stack))).toEqual(["bot"]);
});

test("a deposit that was used is refused, in a state that has forgotten its key too", async () => {
  const [file] = deposits(stack);
  await ok(stack.run("state", "delete", stack.resource("bot")!.urn, "--yes", "--force"));
  const again = await fails(inPipeline(() => stack.up()));
  expect(again.text).toContain(`${file} was used already; delete it`);
  expect(stack.resources()).toEqual([]);
});

test("a deposit of another declaration is refused by its fields, and the next sitting's counts", async () => {
  declare(stack, { other: key("other") });
  const file = await sealed();
  declare(stack, { other: { ...key("other"), permissions: { wallets: "read" } } });
  const refused = await fails(inPipeline(() => stack.up()));
  expect(refused.text).toContain(file);
  expect(refused.text).toMatch(/permissions/);
  declare(stack, { other: key("other") });
  await venue.advance("73h");
  const late = await fails(inPipeline(() => stack.up()));
  expect(late.text).toMatch(/it ended|has ended/);
  const next = await sealed();
  const up = await ok(inPipeline(() => stack.up()));
  expect(up.text).toContain(`took the deposit ${next}`);
  await ok(inPipeline(() => stack.up("--expect-no-changes")));
});

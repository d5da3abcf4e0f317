// Every secret that a run used, searched for in everything that the run left: state and its backups, pending operations, exports, what was
// printed, the journal, and the CLI's own folder.

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { killHard } from "./processes";
import { fails, ok, REPORT, Stack } from "./stack";
import { files, forms, found as foundIn } from "./traces";
import { Venue } from "./venue";

let venue: Venue;
let stack: Stack;
beforeAll(async () => {
  venue = await Venue.open();
  stack = await Stack.open(venue);
});
afterAll(async () => {
  await stack?.close();
  await venue?.close();
});

/** Where secrets stand, by place; empty where they stand nowhere. */
function found(secrets: Readonly<Record<string, string>>, said: Readonly<Record<string, string>>): readonly string[] {
  const printed = Object.fromEntries(stack.said.map((text, run) => [`output of run ${run}`, text]));
  return foundIn(secrets, { ...printed, ...said }, [stack.folder]);
}

async function used(): Promise<Record<string, string>> {
  const tokens = (await venue.tokens()).map(({ token }, n) => [`token ${n + 1}`, token]);
  return { "account's secret": venue.account.apiSecret, "account's key": venue.account.apiKey, ...Object.fromEntries(tokens) };
}

test("the search finds what is there", async () => {
  const secret = 'sandbox-pub:api:quoted"and/slashed+-read';
  for (const form of forms(secret)) expect(found({ secret }, { here: `{"a":"${form}"}` })).toEqual(["secret in here"]);
});

test("create, renewal, failures, a partial state and a pending operation leave none", async () => {
  stack.declare({ report: REPORT, other: { ...REPORT, permissions: { orders: "read-write" } } });
  await ok(stack.up());
  await venue.advance("16h");
  await ok(stack.preview());
  await stack.previewText();
  await ok(stack.up()); // two of each now, one retiring
  expect(await venue.alive()).toHaveLength(4);

  // Wider than declared, and its revocation fails: a partial state with the token in it.
  await venue.switch({ capsExtraScopes: "withdraw-write" });
  await venue.fault("revoke", { kind: "500", times: "always" });
  stack.declare({ report: REPORT, partial: REPORT });
  await fails(stack.up());
  await venue.switch({ capsExtraScopes: "none" });
  await fails(stack.destroy());
  await venue.noFaults();

  // A wrong secret, and an answer that can't be read, with the token in it.
  stack.env["BFX_SECRET"] = "sandbox-of-no-worth-at-all";
  stack.declare({ report: { ...REPORT, reissue: "1" } });
  await fails(stack.up());
  stack.env["BFX_SECRET"] = venue.account.apiSecret;
  await venue.fault("mint", { kind: "truncated" });
  await fails(stack.up());
  await venue.noFaults();

  // Killed in the middle: a pending operation.
  const hold = await venue.hold("mint", "after");
  const running = stack.start("up", "--yes", "--skip-preview");
  await hold.reached();
  killHard(stack.log.providers().at(-1)!);
  await running.kill();
  await hold.release();
  await ok(stack.run("cancel", "--yes"));

  const pending = files(join(stack.folder, "backend")).filter((file) =>
    /"pending_operations"|"pendingOperations"/.test(readFileSync(file, "utf8")),
  );
  expect(pending.length).toBeGreaterThan(0);
  const exported = await stack.export();
  expect(found(await used(), { exported })).toEqual([]);
});

test("the exported state has them as ciphertext, under the names that hold them", async () => {
  await ok(stack.up());
  const { outputs } = stack.resource("report")!;
  const cipher = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: expect.any(String) };
  expect(outputs).toMatchObject({ credential: cipher, token: cipher, retiringCredentials: cipher });
  const shown = await stack.export("--show-secrets");
  const [current] = (await venue.alive()).slice(-1);
  expect(shown).toContain(current!.token);
  stack.said.pop(); // what was just asked for in clear
  expect(found(await used(), {})).toEqual([]);
});

test("the journal is its owner's alone", () => {
  expect(statSync(stack.journal).mode & 0o777).toBe(0o700);
  for (const file of files(stack.journal)) expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(files(stack.journal).length).toBeGreaterThan(0);
});

test("destroy, and nothing of them is left behind", async () => {
  await ok(stack.destroy());
  expect((await venue.alive()).length).toBeLessThanOrEqual(2); // those whose minting was never answered
  expect(found(await used(), {})).toEqual([]);
});

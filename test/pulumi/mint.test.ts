// A mint whose answer doesn't come, or says nothing: an unknown outcome. It is told once, stays open in the journal until the token's
// end, and the next create goes on with a warning. A documented refusal leaves nothing behind.

import { writeFileSync } from "node:fs";
import type { Properties } from "./program";
import { refusal, Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.settle());
afterAll(() => stage.close());

const lines = (): string[] => stage.printed.split("\n").filter((line) => line !== "");

test.each<[what: string, fault: Properties, minted: number]>([
  ["lost after the effect", { kind: "lost-after-effect" }, 1],
  ["lost before it", { kind: "reset" }, 0],
  ["cut off", { kind: "truncated" }, 1],
  ["of another shape", { kind: "wrong-shape" }, 1],
  ["without a token", { kind: "wrong-shape", body: [null] }, 1],
  ["HTML", { kind: "html", phase: "after" }, 1],
  ["100 MB", { kind: "huge", phase: "after" }, 1],
  ["unavailable", { kind: "503", phase: "after" }, 1],
  ["an unknown error", { kind: "500", phase: "after" }, 1],
  ["a refusal that no table has", { kind: "refuse", code: 12_345, phase: "after" }, 1],
])("an answer %s: told once, journalled, and the next create goes on", async (_, fault, minted) => {
  const first = await stage.start();
  const { inputs } = await first.check(stage.inputs);
  await stage.fault("auth/w/token", fault);
  const { message, partial } = await refusal(first.create(inputs));
  expect(partial).toBeUndefined();
  expect(message).toMatch(
    /^bitfinex \(sandbox\): create token "report": mint the token: .+, after the request was sent: it may have had its effect; run it again to have another made; of the lost one the journal reminds until its end$/,
  );
  expect(await stage.alive()).toHaveLength(minted);
  const [entry, ...others] = stage.entries();
  expect(others).toEqual([]);
  expect(entry).toMatchObject({ status: "begun", generation: 1, identity: stage.inputs["identity"], accountId: "123456" });
  const until = String(entry!["expiresAt"]);
  expect(Date.parse(until)).toBeGreaterThan(Date.now() + 24 * 3_600_000);
  expect(Date.parse(until)).toBeLessThan(Date.now() + 25 * 3_600_000);
  const told = `a key may be alive until ${until} at the latest (journal mark ${String(entry!["mark"])})`;
  expect(lines()).toEqual([`bitfinex (sandbox): create token "report": unknown outcome: no answer came; ${told}`]);

  const second = await stage.start();
  const { outs } = await second.create(inputs);
  const warning = {
    about: "leftover",
    message: expect.stringContaining(told) as string,
    until,
  };
  expect(outs["warnings"]).toContainEqual(warning);
  expect(await stage.alive()).toContain(outs["token"]);
  expect(lines().filter((line) => line.includes("unknown outcome of"))).toHaveLength(1);
  expect(
    stage
      .entries()
      .map(({ status }) => status)
      .sort(),
  ).toEqual(["begun", "issued"]);
});

test.each([
  ["parameters", { kind: "refuse", code: 10_020, message: "ttl: invalid" }, "the venue refuses a parameter (10020); report this as a bug"],
  [
    "permission",
    { kind: "refuse", code: 10_001, message: "api_key: permission invalid" },
    "the key lacks the permission for this call (10001)",
  ],
  ["limit", { kind: "429", times: "always" }, "the venue's rate limit is met (11010); try again in a minute"],
  ["maintenance", { kind: "maintenance", times: "always" }, "the venue is in maintenance (20060); try again later"],
])("a documented refusal (%s) leaves nothing behind", async (_, fault, says) => {
  const provider = await stage.start();
  const { inputs } = await provider.check(stage.inputs);
  await stage.fault("auth/w/token", fault);
  const { message } = await refusal(provider.create(inputs));
  // Of a credential the account is named.
  const whose = says.startsWith("the key lacks") ? `account "main": ` : "";
  expect(message).toContain(`bitfinex (sandbox): create token "report": ${whose}mint the token: ${says}`);
  expect(await stage.tokens()).toEqual([]);
  expect(stage.entries()).toEqual([]);
  expect(lines()).toEqual([]);
});

test("a limit met once is waited out, and one key is made", async () => {
  const provider = await stage.start();
  await stage.fault("auth/w/token", { kind: "429" });
  await stage.issue(provider);
  expect(await stage.tokens()).toHaveLength(1);
});

test("a journal that can't be written: no key is asked for", async () => {
  const folder = stage.file("a-file");
  writeFileSync(folder, "");
  const provider = await stage.start(stage.config({ main: stage.account() }, { journal: `${folder}/journal` }));
  const { inputs } = await provider.check(stage.inputs);
  expect((await refusal(provider.create(inputs))).message).toBe(
    `exchange-keys: keep the journal: ${folder}/journal can't be read (ENOTDIR); ` +
      "make the folder writable, or name another with exchange-keys:journal; without a journal no key is made",
  );
  expect(await stage.requests()).not.toContain("auth/w/token");
});

test("creates that run at once are one key each", async () => {
  const provider = await stage.start();
  const names = Array.from({ length: 12 }, (_, index) => `key-${index}`);
  const identity = stage.inputs["identity"] as object;
  const made = await Promise.all(names.map((name) => stage.issue(provider, { identity: { ...identity, name } })));
  expect(new Set(made.map(({ outs }) => outs["token"])).size).toBe(12);
  expect((await stage.alive()).length).toBe(12);
  expect((await stage.requests()).filter((path) => path === "auth/r/info/user")).toHaveLength(1);
  expect(new Set(stage.entries().map(({ mark }) => mark))).toEqual(new Set(made.map(({ outs }) => outs["mark"])));
});

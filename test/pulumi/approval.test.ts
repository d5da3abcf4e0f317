// The approved plan in the runtime: before each write, a resource without an entry or beyond it is refused, and so is a revocation nobody approved.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { approvedText, sha256, type ApprovedEntry } from "../../provider/core/approved";
import type { Identity } from "../../provider/core/model";
import type { Properties } from "./program";
import { refusal, Stage } from "./stage";

let stage: Stage;
let folder = "";
beforeAll(async () => {
  stage = await Stage.open();
  folder = mkdtempSync(join(tmpdir(), "exchange-keys-approved-"));
});
afterEach(() => stage.settle());
afterAll(async () => {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});

const key = {
  account: "main",
  scope: {},
  grants: ["account:read", "wallets:read"],
  allowedIps: "anywhere" as const,
  lifetime: "1d",
  rotation: { every: "16h", overlap: "1h" },
  extras: {},
};
const approved = (changes: Partial<ApprovedEntry> = {}): ApprovedEntry => ({
  identity: stage.inputs["identity"] as Identity,
  key,
  create: true,
  revoke: false,
  reissue: false,
  ...changes,
});

const configured = (settings: Properties): Record<string, string> =>
  stage.config(undefined, { approved: JSON.stringify(settings), testClock: stage.bed.sandbox.control.url });

let count = 0;
/** The configuration of a run that is held to these entries. */
function under(entries: readonly ApprovedEntry[], spoil = ""): Record<string, string> {
  const text = approvedText(entries);
  const file = join(folder, `${(count += 1)}.json`);
  writeFileSync(file, text + spoil);
  return configured({ file, sha256: sha256(text) });
}

const refusedAt = (what: string, beyond: string) =>
  `bitfinex (sandbox): ${what} token "report": not in the approved plan: ${beyond}; nothing was sent; review the plan anew ` +
  "(`pulumi preview --json --show-sames | exchange-keys review --approve <file>`), and set what it prints";

test("what lies within is made, without an approval nothing changes, and no entry is a refusal", async () => {
  const provider = await stage.start(under([approved()]));
  const made = await stage.issue(provider);
  expect(made.outs["generation"]).toBe(1);
  const other = await stage.start(under([]));
  const { inputs } = await other.check(stage.inputs);
  expect((await refusal(other.create(inputs))).message).toBe(refusedAt("create", "the resource itself, which has no approved key"));
  expect(await stage.alive()).toEqual([made.outs["token"]]);
});

test("where the plan makes no key none is made: a replacement begins with another one", async () => {
  const made = await stage.issue(await stage.start());
  const provider = await stage.start(under([approved({ create: false })]));
  const { inputs } = await provider.check(stage.inputs);
  expect((await refusal(provider.create(inputs))).message).toBe(refusedAt("create", "a new key, where the plan makes none"));
  expect(await stage.alive()).toEqual([made.outs["token"]]);
});

test("what else the kind has must be as approved", async () => {
  const config = under([approved()]);
  const made = await stage.issue(await stage.start(config));
  const provider = await stage.start(under([approved({ reissue: true })]));
  const { inputs } = await provider.check({ ...stage.inputs, strict: true, reissue: "now" }, made.inputs);
  expect((await refusal(provider.update(made.id, made.outs, inputs))).message).toContain("not in the approved plan: another strict;");
  expect(await stage.alive()).toEqual([made.outs["token"]]);
});

test("another rotation than the approved one makes nothing due", async () => {
  const config = under([approved()]);
  const made = await stage.issue(await stage.start(config), {});
  const provider = await stage.start(config);
  await stage.bed.control.post("/clock", { offsetMs: 3_600_000 });
  const { inputs } = await provider.check({ ...stage.inputs, rotation: { every: "1m", overlap: "1s" } }, made.inputs);
  expect(inputs).toMatchObject({ generation: 2, reason: "due" });
  expect((await refusal(provider.update(made.id, made.outs, inputs))).message).toContain(
    "not in the approved plan: rotation every 1m, overlap 1s, where ",
  );
  expect(await stage.alive()).toEqual([made.outs["token"]]);
});

test("the environment's approval comes before the configuration's, which may be that of the state", async () => {
  const made = await stage.issue(await stage.start());
  const env = (line: string) => ({ env: { EXCHANGE_KEYS_APPROVED: line } });
  const lineOf = (entries: readonly ApprovedEntry[]): string => {
    const { file, sha256: hash } = JSON.parse(under(entries)["exchange-keys:approved"]!) as { file: string; sha256: string };
    return `${hash}  ${file}`;
  };
  const allowing = under([approved({ revoke: true })]);
  for (const line of [lineOf([approved()]), "", "nonsense"])
    expect((await refusal((await stage.start(allowing, env(line))).delete(made.id, made.outs))).message).toMatch(
      line.length > 10 ? /the revocation of its keys; nothing was sent/ : /the variable EXCHANGE_KEYS_APPROVED isn't a SHA-256/,
    );
  expect(await stage.alive()).toEqual([made.outs["token"]]);
  await (await stage.start(under([approved()]), env(lineOf([approved({ revoke: true })])))).delete(made.id, made.outs);
  expect(await stage.alive()).toEqual([]);
});

test("a file of more than 16 MB holds every write back", async () => {
  const made = await stage.issue(await stage.start());
  const text = approvedText([approved({ revoke: true })]).replace(/\s*$/, " ".repeat(16 * 2 ** 20));
  const file = join(folder, "large.json");
  writeFileSync(file, text);
  const provider = await stage.start(configured({ file, sha256: sha256(text) }));
  expect((await refusal(provider.delete(made.id, made.outs))).message).toContain("isn't a file of at most 16 MB");
});

test("a wider declaration is refused before anything is asked", async () => {
  const made = await stage.issue(await stage.start());
  const provider = await stage.start(under([approved()]));
  const { inputs } = await provider.check({ ...stage.inputs, permissions: { orders: "read-write" } }, made.inputs);
  expect((await refusal(provider.update(made.id, made.outs, inputs))).message).toMatch(
    /^bitfinex \(sandbox\): update token "report": not in the approved plan: permissions orders:read, orders:write; another key/,
  );
  expect(await stage.alive()).toEqual([made.outs["token"]]);
});

test("a reissue needs its approval", async () => {
  const made = await stage.issue(await stage.start());
  const provider = await stage.start(under([approved()]));
  const { inputs } = await provider.check({ ...stage.inputs, reissue: "now" }, made.inputs);
  expect((await refusal(provider.update(made.id, made.outs, inputs))).message).toContain(
    "another key in its place, whose predecessor is revoked",
  );
  const allowed = await stage.start(under([approved({ reissue: true })]));
  await stage.change(allowed, made, { reissue: "now" });
  expect(await stage.alive()).toHaveLength(1);
});

test("a revocation needs its approval, and an unapproved one leaves the key alive", async () => {
  const made = await stage.issue(await stage.start());
  const provider = await stage.start(under([approved()]));
  expect((await refusal(provider.delete(made.id, made.outs))).message).toBe(
    `${refusedAt("delete", "the revocation of its keys")}; where an earlier run left this key to delete, which no preview shows, with --revoke "report"`,
  );
  expect(await stage.alive()).toEqual([made.outs["token"]]);
  await (await stage.start(under([approved({ revoke: true })]))).delete(made.id, made.outs);
  expect(await stage.alive()).toEqual([]);
});

test.each([
  ["another hash", () => under([approved()], " "), "the approved file has another SHA-256 than was approved"],
  [
    "no file",
    () => ({ ...stage.config(), "exchange-keys:approved": JSON.stringify({ file: join(folder, "none"), sha256: "0".repeat(64) }) }),
    "the approved file can't be read, or isn't a file of at most 16 MB",
  ],
])("%s holds every write back", async (_, config, cause) => {
  const made = await stage.issue(await stage.start());
  const provider = await stage.start(config());
  const { inputs } = await provider.check(stage.inputs);
  const { message } = await refusal(provider.create(inputs));
  expect(message).toMatch(/^exchange-keys: read the approved plan: /);
  expect(message).toContain(cause);
  expect((await refusal(provider.delete(made.id, made.outs))).message).toContain(cause);
  expect(await stage.alive()).toEqual([made.outs["token"]]);
});

test("what is due goes on without a new approval, and its predecessor is revoked", async () => {
  const config = under([approved()]);
  const made = await stage.issue(await stage.start(config));
  await stage.bed.control.post("/clock", { offsetMs: 17 * 3_600_000 });
  const renewed = await stage.change(await stage.start(config), made, {});
  expect(renewed.outs["generation"]).toBe(2);
  await stage.bed.control.post("/clock", { offsetMs: 19 * 3_600_000 });
  const after = await stage.change(await stage.start(config), renewed, {});
  expect(after.outs["retiring"]).toEqual([]);
  expect(await stage.alive()).toEqual([after.outs["token"]]);
});

// `exchange-keys review` as a child process: formats, conditions, approvals, bad input, and that no secret comes out of it.

import "@microsoft/jest-sarif";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { RULES } from "../../provider/pulumi/review";
import { sha256 } from "../../provider/core/approved";
import { plan, recorded, side, step } from "../review/plans";
import { run } from "./command";

let folder = "";
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "exchange-keys-review-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const review = (stdin: string, ...args: string[]) => run(["review", ...args], { cwd: folder, env: {}, stdin });
const FORMATS = ["text", "markdown", "json", "sarif"] as const;

/** Labels, purposes and names that mean something to a terminal, to Markdown or to HTML. */
const HOSTILE = "`|<script>x</script> @octocat [a](http://b) ![i](j) \u202egnp\u0007\n# x | y\\| --> <!-- &amp; \u0430";
const wide = { orders: "read-write", withdraw: "write" };
const ordinary = plan(
  step("update", side("hedge"), side("hedge", { permissions: wide, allowedIps: "anywhere", acknowledge: "lists are attested" })),
  step("create", undefined, side("maker-2", { holder: "desk" })),
  step("delete", side("maker"), undefined),
  step("update", side("report", { permissions: wide }), side("report")),
);
const hostile = plan(
  step("update", side("a"), side(HOSTILE, { holder: HOSTILE, allowedIps: { "203.0.113.10": HOSTILE, "203.0.113.11": HOSTILE } })),
  step("delete", side(`x${HOSTILE}`), undefined),
);

/** Golden files are written anew with EXCHANGE_KEYS_GOLDEN=write. */
function golden(name: string, text: string): void {
  const file = join(__dirname, "review", name);
  if (process.env["EXCHANGE_KEYS_GOLDEN"] === "write") writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, "utf8"));
}

test.each([
  ["ordinary.md", ordinary, "markdown"],
  ["ordinary.sarif", ordinary, "sarif"],
  ["ordinary.txt", ordinary, "text"],
  ["hostile.md", hostile, "markdown"],
  ["rename.md", recorded("bybit", "rename"), "markdown"],
  ["widen.sarif", recorded("bybit", "widen"), "sarif"],
])("%s", async (name, text, format) => {
  const { code, out } = await review(text, "--format", format);
  expect(code).toBe(0);
  golden(name, out);
});

test("the same plan in another order, at another time, is the same comment", async () => {
  const { steps, ...rest } = JSON.parse(ordinary) as { steps: object[] };
  const later = JSON.stringify({ ...rest, steps: steps.toReversed() }).replaceAll("2026-11-23T00:00:00.000Z", "2027-01-01T00:00:00.000Z");
  for (const format of FORMATS)
    expect((await review(later, "--format", format)).out).toBe((await review(ordinary, "--format", format)).out);
});

test("what is hostile stays text: in code, without a sign that Markdown, HTML or a terminal reads", async () => {
  const { out: markdown } = await review(hostile, "--format", "markdown");
  const [marker, ...body] = markdown.split("\n");
  expect(marker).toBe("<!-- exchange-keys review -->");
  expect(body.join("\n")).not.toMatch(/[^\x20-\x7e\n—]|<|>(?!=)|@/);
  const outside = body.map((line) => line.replace(/`[^`]*`/g, "")).join("\n");
  expect(outside).not.toMatch(/octocat|\]\(|script/);
  for (const line of body.filter((each) => each.startsWith("| `"))) expect(line.split("|")).toHaveLength(5);
  for (const format of ["text", "json"])
    expect((await review(hostile, "--format", format)).out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f\u202e]/);
});

test("no secret and no ciphertext in any format, though the plan shows them", async () => {
  const SECRET = "sandbox-secret-0123456789";
  const revealed = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(SECRET) };
  const sealed = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:CIPHERTEXT:AAAA" };
  const was = side("a");
  const shown = {
    ...was,
    outputs: {
      ...(was["outputs"] as object),
      credential: { apiSecret: SECRET },
      apiSecret: SECRET,
      apiKey: sealed,
      retiringCredentials: revealed,
    },
  };
  const text = JSON.stringify({
    config: { "exchange-keys:accounts": JSON.stringify({ main: { apiSecret: SECRET } }), "other:secret": SECRET },
    steps: [step("update", shown, side("a", { holder: revealed, purpose: sealed, label: sealed, permissions: wide }))],
    diagnostics: [{ severity: "warning", message: SECRET }],
    changeSummary: { update: 1 },
  });
  for (const format of FORMATS) {
    const { out, err } = await review(text, "--format", format);
    expect(out).toContain("withdraw");
    expect(out + err).not.toMatch(/sandbox-secret|CIPHERTEXT/);
  }
  const bad = await review(text.slice(0, -3));
  expect([bad.code, bad.out]).toEqual([2, ""]);
  expect(bad.err).not.toMatch(/sandbox-secret|CIPHERTEXT/);
});

/** SARIF 2.1.0 as code scanning takes it: the members that we write, and no other. */
const text = z.strictObject({ text: z.string().min(1) });
const ruleId = z.enum(Object.keys(RULES) as [string, ...string[]]);
const location = z.strictObject({
  physicalLocation: z.strictObject({
    artifactLocation: z.strictObject({ uri: z.string().regex(/^[\w./-]+$/) }),
    region: z.strictObject({ startLine: z.number().int().positive() }),
  }),
  logicalLocations: z.array(z.strictObject({ name: z.string(), kind: z.literal("resource") })),
});
const result = z.strictObject({
  ...{ ruleId, ruleIndex: z.number().int().nonnegative(), level: z.enum(["error", "warning", "note"]), message: text },
  ...{ locations: z.array(location).length(1), partialFingerprints: z.record(z.string(), z.string().regex(/^[0-9a-f]{16}$/)) },
});
const rules = z.array(z.strictObject({ id: ruleId, shortDescription: text, properties: z.strictObject({ tags: z.array(z.string()) }) }));
const sarif = z.strictObject({
  ...{ $schema: z.url(), version: z.literal("2.1.0") },
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({ driver: z.strictObject({ name: z.string(), semanticVersion: z.string(), rules }) }),
      ...{ columnKind: z.literal("utf16CodeUnits"), properties: z.object({ verdict: z.string() }), results: z.array(result) },
    }),
  ]),
});

test.each([ordinary, hostile, recorded("bitfinex", "create"), plan()])(
  "SARIF fits the published schema, and has its structure",
  async (given) => {
    const { out } = await review(given, "--format", "sarif");
    expect(JSON.parse(out)).toBeValidSarifLog();
    const [{ tool, results }] = sarif.parse(JSON.parse(out)).runs;
    for (const each of results) expect(tool.driver.rules[each.ruleIndex]!.id).toBe(each.ruleId);
    expect(new Set(results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints))).size).toBe(results.length);
  },
);

test.each<[args: string[], code: number]>([
  [[], 0],
  [["--fail-on", "widen"], 1],
  [["--fail-on", "withdraw,anywhere"], 1],
  [["--fail-on", "revoke>0", "--fail-on", "unverified"], 1],
  [["--fail-on", "revoke>1"], 0],
  [["--fail-on", "revoke>x"], 2],
  [["--fail-on", "widen,,withdraw"], 2],
  [["--format", "html"], 2],
  [["--from", "/nowhere/plan.json"], 2],
])("review %j exits with %d", async (args, code) => {
  expect((await review(ordinary, ...args)).code).toBe(code);
});

test("what can't be told from the plan is 3, and 1 where a condition is asked for", async () => {
  const unknown = plan({ op: "update", urn: side("a")["urn"] });
  expect((await review(unknown)).code).toBe(3);
  expect((await review(unknown, "--fail-on", "widen")).code).toBe(1);
  expect((await review(unknown, "--approve", join(folder, "no.json"))).code).toBe(3);
});

test("--approve writes the same bytes for the same plan, and prints the lines of the configuration", async () => {
  const file = join(folder, "approved.json");
  const { code, err } = await review(ordinary, "--approve", file, "--json");
  expect(code).toBe(0);
  const written = readFileSync(file, "utf8");
  expect(err).toBe(
    `Approved: ${file}. In the stack's configuration:\n  exchange-keys:approved:\n    file: "approved.json"\n    sha256: ${sha256(written)}\nor, for one run, in its environment:\n  EXCHANGE_KEYS_APPROVED="${sha256(written)} approved.json"\n`,
  );
  golden("approved.json", written);
});

test.each([
  [
    "a preview without what stays the same",
    JSON.stringify({ ...(JSON.parse(ordinary) as object), changeSummary: { same: 3 } }),
    3,
    "--show-sames",
  ],
  ["an IP list that isn't known yet", recorded("bybit", "unknown-ips"), 3, "isn't known from this plan"],
])("--approve refuses %s, and writes nothing", async (_, given, code, why) => {
  const file = join(folder, "refused.json");
  const ended = await review(given, "--approve", file);
  expect([ended.code, ended.err]).toEqual([code, expect.stringContaining(why)]);
  expect(() => readFileSync(file)).toThrow("ENOENT");
  expect((await review(given, "--approve", file, "--fail-on", "widen,revoke>0")).code).not.toBe(0);
});

test("--revoke needs --approve, and a key of the plan", async () => {
  expect(await review(ordinary, "--revoke", "hedge")).toMatchObject({ code: 2, err: expect.stringContaining("give both") as string });
  const file = join(folder, "revoking.json");
  expect(await review(ordinary, "--approve", file, "--revoke", "nobody")).toMatchObject({ code: 3 });
  expect(await review(ordinary, "--approve", file, "--revoke", "hedge")).toMatchObject({ code: 0 });
  expect(readFileSync(file, "utf8").match(/"revoke": true/g)).toHaveLength(2);
});

test.each([
  ["Pulumi.yaml", 'name: "desk" # ours\nruntime: nodejs\n', "Pulumi.yaml", "description: x\nname: other\n"],
  ["Pulumi.json", '{"name":"desk"}', "Pulumi.json", '{"name":"other"}'],
])("a plan of another project than the folder's is told of, and not approved: %s", async (own, ours, another, theirs) => {
  const from = (name: string, text: string, ...args: string[]) => {
    const cwd = mkdtempSync(join(folder, "project-"));
    writeFileSync(join(cwd, name), text);
    return run(["review", ...args], { cwd, env: {}, stdin: ordinary });
  };
  expect(await from(own, ours, "--approve", "approved.json")).toMatchObject({ code: 0 });
  const why = 'the plan is of the project "desk", and the project of this folder is "other"';
  expect(await from(another, theirs)).toMatchObject({ code: 0, err: `exchange-keys: review: ${why}\n` });
  expect(await from(another, theirs, "--approve", "approved.json")).toMatchObject({ code: 2, err: expect.stringContaining(why) as string });
});

test("50 MB, most of them other resources, are read", async () => {
  const foreign = {
    op: "create",
    urn: "urn:pulumi:dev::desk::a:b:C::c",
    newState: { urn: "", type: "a:b:C", inputs: { text: "x".repeat(50_000) } },
  };
  const { code, out } = await review(
    plan(...Array.from({ length: 1_000 }, () => foreign), step("update", side("hedge"), side("hedge", { permissions: wide }))),
    "--fail-on",
    "withdraw",
  );
  expect(code).toBe(1);
  expect(out).toMatch(/^Widens: hedge may now withdraw \(withdraw:write\); was: read/);
  expect(out).toContain("1000 other resources change, and are not reviewed here.");
});

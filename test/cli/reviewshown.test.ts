// What `exchange-keys review` prints of hostile names, of long ones and of large plans: no command to a pipeline, no link, a line to paste that
// is whole, and where something is cut off, the worst stays. As a child process.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plan, side, step, UNKNOWN } from "../review/plans";
import { run } from "./command";

let folder = "";
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "exchange-keys-shown-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const review = (stdin: string, ...args: string[]) => run(["review", ...args], { cwd: folder, env: {}, stdin });
const FORMATS = ["text", "markdown", "json", "sarif"] as const;
interface Sarif {
  readonly runs: readonly [
    {
      readonly properties: { readonly left: number };
      readonly results: readonly { readonly level: string; readonly message: { readonly text: string } }[];
    },
  ];
}
const sarifOf = (out: string) => (JSON.parse(out) as Sarif).runs[0];

test.each(["::error::pwned", " ::stop-commands::abc", "::", "##[error]pwned", "###vso[task.setvariable]x", "\n::warning::x"])(
  "no line is a command to a pipeline: %j",
  async (name) => {
    const purposes = { holder: name, allowedIps: { "203.0.113.10": name } };
    const text = plan(
      step("create", undefined, side(name, purposes)),
      step("delete", side(`${name}2`, { permissions: { wallets: "read" } }), undefined),
      step("same", side(`${name}3`), side(`${name}3`, {}, { ignoreChanges: [name] })),
    );
    for (const format of FORMATS) {
      const { code, out, err } = await review(text, "--format", format);
      expect(code).toBe(0);
      expect(out + err).not.toMatch(/^\s*::|##[^# ]/m);
    }
  },
);

test("a message of SARIF has no link: brackets and backslashes are escaped", async () => {
  const { out } = await review(plan(step("delete", side("[click](https://evil) \\"), undefined)), "--format", "sarif");
  expect(sarifOf(out).results[0]!.message.text).toBe('"\\[click\\](https://evil) \\\\u005c" has its key revoked; it could: read');
});

test.each([
  ["long", "k".repeat(400)],
  ["with quotes and signs", 'it\'s "a" `b` |c| <d> &e @f \\g $h ##[i] ::j é😀\n'],
])("the alias to paste is whole in every format: %s", async (_, name) => {
  const text = plan(step("create", undefined, side("new")), step("delete", side(name), undefined));
  for (const format of FORMATS) {
    const { out } = await review(text, "--format", format);
    const said =
      format === "sarif"
        ? sarifOf(out)
            .results.map(({ message }) => message.text.replace(/\\([\\[\]])/g, "$1"))
            .join("\n")
        : format === "json"
          ? (JSON.parse(out) as { keys: { findings: { says: string }[] }[] }).keys
              .flatMap(({ findings }) => findings.map(({ says }) => says))
              .join("\n")
          : out;
    const [, literal] = /options `?aliases: \[\{ name: ("(?:[^"\\]|\\u[0-9a-f]{4})*") \}\]/.exec(said) ?? [];
    expect(JSON.parse(literal ?? "null")).toBe(name);
    expect(literal).toMatch(/^"[^`|<>&@[\]\n]*"$/);
    expect(literal).not.toContain("##");
  }
});

test("a long text of others is cut", async () => {
  const { out } = await review(plan(step("update", side("a"), side("a", { holder: "h".repeat(161) }))));
  expect(out).toContain(`says holder ${"h".repeat(160)}...\n`);
  expect((await review(plan(step("update", side("a"), side("a", { holder: "h".repeat(160) }))))).out).toContain(
    `says holder ${"h".repeat(160)}\n`,
  );
});

test("a verdict is a sentence, whatever is worst", async () => {
  const { out } = await review(plan(step("update", side("a"), side("a", { holder: "x" }))));
  expect(out).toMatch(/^Nothing widens: a has what nobody can verify: allowedIps: .* — 1 key in the plan\.\n/);
});

const names = (count: number, name: string) => Array.from({ length: count }, (_, index) => `${name}-${index}`);

test("a comment that is cut keeps the worst: no note stands in it where a revocation is left out", async () => {
  const notes = names(300, "note").map((name) => step("update", side(name), side(name, { holder: "desk" })));
  const gone = names(150, "gone").map((name) => step("delete", side(name), undefined));
  const wider = names(2, "z").map((name) =>
    step("update", side(name), side(name, { permissions: { withdraw: "write" }, allowedIps: "anywhere" })),
  );
  const { out } = await review(plan(...notes, ...gone, ...wider), "--format", "markdown");
  expect(out.length).toBeLessThan(65_536);
  expect(out.length).toBeGreaterThan(55_000);
  const rows = out.split("\n").filter((line) => line.startsWith("| `"));
  expect(rows.filter((row) => row.includes("has its key revoked"))).toHaveLength(150);
  expect(rows.filter((row) => row.includes("may now withdraw"))).toHaveLength(2);
  const [, left] = /\*\*(\d+) more lines don't fit/.exec(out)!;
  // Two findings a note; withdrawal, the list taken away, reading lost and what nobody can verify for the wider ones.
  expect(rows.length + Number(left)).toBe(300 * 2 + 150 + 2 * 4);

  // Every one of the wider ones is longer than a note, for which there would be room.
  const list = {
    "203.0.113.10": "gateway",
    ...Object.fromEntries(names(40, "p".repeat(60)).map((purpose, index) => [`203.0.114.${index}`, purpose])),
  };
  const longer = names(30, "long").map((name) => step("update", side(name), side(name, { allowedIps: list })));
  expect((await review(plan(...notes, ...longer), "--format", "markdown")).out).not.toContain("### The rest");

  const many = names(1_000, "gone").map((name) => step("delete", side(name), undefined));
  const full = (await review(plan(...notes, ...many, ...wider), "--format", "markdown")).out;
  expect(full).toMatch(/### Widens\n[^]*### Look twice\n/);
  expect(full).not.toMatch(/### (?:Narrows|The rest)/);
  expect(full.length).toBeLessThan(65_536);
});

test("one key with a very long list leaves room in a comment for the others", async () => {
  const allowedIps = Object.fromEntries(names(3_000, "x").map((purpose, index) => [`203.0.${index >> 8}.${index & 255}`, purpose]));
  const text = plan(step("update", side("long"), side("long", { allowedIps })), step("delete", side("gone"), undefined));
  const { out } = await review(text, "--format", "markdown");
  expect(out.length).toBeLessThan(65_536);
  expect(out).toContain("… (`exchange-keys review` prints it all)");
  expect(out).toContain("| `gone` | `bitfinex ApiKey` | has its key revoked; it could: read |");
});

test("SARIF that is cut has 5,000 results, the worst of all keys", async () => {
  const notes = names(3_000, "a").map((name) => step("update", side(name), side(name, { holder: "desk" })));
  const gone = names(10, "z").map((name) => step("delete", side(name), undefined));
  const { results, properties } = sarifOf((await review(plan(...notes, ...gone), "--format", "sarif")).out);
  expect([results.length, properties.left]).toEqual([5_000, 1_010]);
  expect(results.slice(0, 10).map(({ level }) => level)).toEqual(Array(10).fill("warning"));
});

test("a plan that isn't whole is refused like any other bad input, and nothing is approved", async () => {
  const file = join(folder, "approved.json");
  for (const text of ['{"changeSummary":{"update":2}}', '{"diagnostics":[]}', '{"steps":[],"changeSummary":{"create":40}}'])
    expect(await review(text, "--approve", file)).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining("it isn't whole") as string,
    });
  expect(existsSync(file)).toBe(false);
});

test("what isn't known until up is null in JSON", async () => {
  const { out } = await review(plan(step("update", side("a"), side("a", { account: UNKNOWN }))), "--json");
  expect(JSON.parse(out)).toMatchObject({ keys: [{ recorded: { account: "main" }, desired: { account: null } }] });
});

// The answer as JSON and as Markdown, whatever names and labels hold.

import { drift, recorded, seen, stepsOf, text } from "./given";

test("JSON", async () => {
  const { code, out } = await drift(text("widened"), "--json");
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual({
    verdict: "differs",
    stack: "desk/dev",
    keys: 2,
    foreign: [],
    reasons: [],
    findings: [
      {
        urn: "urn:pulumi:dev::desk::pulumi-nodejs:dynamic/exchange-keys/bybit:SubAccountApiKey::maker",
        name: "maker",
        type: "bybit:SubAccountApiKey",
        kind: "drift",
        about: "addresses",
        widens: true,
        text: "the IP list lets in 198.51.100.9, which nobody declared",
      },
    ],
  });
});

test("Markdown: the same each time, whatever order the engine worked in", async () => {
  const preview = recorded("widened-and-narrowed");
  const first = await drift(preview, "--format", "markdown");
  const other = await drift(
    { ...preview, steps: [...preview.steps].sort((a, b) => (a.urn === b.urn ? 0 : a.urn < b.urn ? 1 : -1)) },
    "--format",
    "markdown",
  );
  expect(other).toEqual(first);
  expect(first.out).toBe(`<!-- exchange%2Dkeys%20drift desk%2Fdev -->
### 2 of 2 keys of desk/dev differ

**Changed at the venue**

- \`maker\`: the IP list lets in \`198.51.100.9\`, which nobody declared

**Not applied yet: the program wants it, and the state doesn't have it**

- \`hedge\`: the program takes away \`ContractTrade:Position\`
- \`maker\`: the program takes away \`ContractTrade:Position\`
`);
});

test("hostile labels, names and addresses stay text", async () => {
  const label = "x` --> <script>alert(1)</script> @everyone [a](http://b) ``\u202e\n# head";
  const preview = JSON.stringify(seen({ label, allowedIps: { "203.0.113.10": "gateway", "<img src=x>|@all": "" } })).replaceAll(
    '::maker"',
    '::<b>@here</b>`|\\n-->"',
  );
  const { out } = await drift(preview, "--format", "markdown");
  const [head, ...rest] = out.split("\n");
  expect(head).toBe("<!-- exchange%2Dkeys%20drift desk%2Fdev -->");
  // Nothing hostile stands outside of code.
  const bare = rest.join("\n").replace(/(`+)(?!`)(?:(?!\1).|\1`+)*?[^`]\1(?!`)/g, "");
  expect(bare).not.toMatch(/[<>@\u202e|]|-->|http|\n#[^#]/);
  expect(rest.filter((line) => line.startsWith("#"))).toEqual(["### 1 of 2 keys of desk/dev differs"]);
  const { out: plain } = await drift(preview);
  expect(plain).not.toContain("\u202e");
});

test("a report stays below what an issue takes", async () => {
  const preview = recorded("widened");
  const own = stepsOf(preview, "maker");
  for (let at = 0; at < 1500; at += 1) {
    const urn = `${own[0].urn}-${at}`;
    preview.steps.push(...own.map((step) => ({ ...step, urn })));
  }
  const { code, out } = await drift(preview, "--format", "markdown");
  expect(code).toBe(1);
  expect(out.length).toBeLessThan(65_536);
  expect(out).toMatch(/\n\d+ more lines have no room here; exchange-keys drift prints them\.\n$/);
});

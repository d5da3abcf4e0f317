// docs/configuration.md describes every setting that there is and no other, and the examples on all pages are accepted.

import type { KeyError } from "../../provider/core/errors";
import { approvedSchema } from "../../provider/core/approved";
import { POWERS } from "../../provider/core/powers";
import { KEYS } from "../../provider/pulumi/names";
import { accountSchema, readSettings, recoverySchema, resolveMember } from "../../provider/pulumi/settings";
import { examples, page, tableNames } from "./pages";

/** What Pulumi itself reads stack files with. */
const yaml = require(require.resolve("js-yaml", { paths: [require.resolve("@pulumi/pulumi")] })) as { load(text: string): unknown };

const configuration = page("docs/configuration.md");
const { shape } = accountSchema;

test("every setting, and no other", () => {
  const names = tableNames(configuration, "# Configuration").map((name) => name.replace("exchange-keys:", ""));
  expect(names).toEqual([...KEYS]);
});

test("every member of an account, and no other", () => {
  expect([...tableNames(configuration, "## An account")].sort()).toEqual(Object.keys(shape).sort());
});

test("every member of a recovery, and no other", () => {
  expect(tableNames(configuration, "### Recovery")).toEqual(Object.keys(recoverySchema.shape));
});

test("every member of an approved plan", () => {
  expect(tableNames(configuration, "### Approved")).toEqual(Object.keys(approvedSchema.shape));
});

test("every member of a ceiling, and every power", () => {
  expect(tableNames(configuration, "### Ceiling")).toEqual(Object.keys(shape.ceiling.unwrap().shape));
  const row = configuration.text.split("\n").find((line) => line.startsWith("| `powers`")) ?? "";
  expect([...row.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(["powers", ...POWERS]);
});

const stacks = ["README.md", "docs/configuration.md", "docs/bitfinex.md"].flatMap((path) =>
  examples(page(path), "yaml").map((text, index) => ({ name: `${path}, example ${index + 1}`, text })),
);

/** The configuration as the engine hands it to a provider: texts, structures as JSON. */
function handed(text: string): Record<string, string> {
  const { config } = yaml.load(text) as { config: Record<string, unknown> };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]));
}

test("there are as many as the pages show", () => {
  expect(stacks.map(({ name }) => name)).toEqual([
    "README.md, example 1",
    ...[1, 2, 3, 4, 5, 6, 7].map((number) => `docs/configuration.md, example ${number}`),
    ...[1, 2].map((number) => `docs/bitfinex.md, example ${number}`),
  ]);
});

test.each(stacks)("$name is accepted", ({ text }) => {
  const { accounts, journal, testClock, approved } = readSettings(handed(text));
  expect(Object.keys(accounts).length > 0 || [journal, testClock, approved].some((setting) => setting !== undefined)).toBe(true);
});

test("among them they use every member that isn't a credential's, and every setting", () => {
  const all = stacks.map(({ text }) => handed(text));
  expect([...new Set(all.flatMap((each) => Object.keys(each)))].sort()).toEqual(KEYS.map((key) => `exchange-keys:${key}`).sort());
  const used = new Set(all.flatMap((each) => Object.values(readSettings(each).accounts)).flatMap((account) => Object.keys(account)));
  const missing = Object.keys(shape).filter((name) => !used.has(name) && !/^(apiKey|apiSecret|passphrase)/.test(name));
  expect(missing).toEqual(["proxy"]); // told in its row: one with a password is no example to copy
});

test("the refusal that the page quotes is the true one", () => {
  const [quoted = ""] = examples(configuration, "");
  const account = { venue: "bitfinex", environment: "production", apiKeyEnvv: "BITFINEX_API_KEY" };
  let refusal: unknown;
  try {
    readSettings({ "exchange-keys:accounts": JSON.stringify({ "bitfinex-main": account }) });
  } catch (error) {
    refusal = error;
  }
  const { cause, wayOut } = (refusal as KeyError).said;
  expect(quoted.trim()).toBe(`bitfinex: ${cause}; ${wayOut}`);
});

test("a variable's and a file's value lose their blanks, one in the configuration doesn't", () => {
  const sources = { env: { BITFINEX_API_SECRET: " from-env\n" }, cwd: "/", readFile: () => "from-file\n" };
  const read = (settings: Record<string, string>) => resolveMember(settings, "apiSecret", "exchange-keys:accounts.main", sources);
  expect(read({ apiSecretEnv: "BITFINEX_API_SECRET" })).toBe("from-env");
  expect(read({ apiSecretFile: "/run/secrets/bitfinex-api-secret" })).toBe("from-file");
  expect(read({ apiSecret: "as-it-is " })).toBe("as-it-is ");
});

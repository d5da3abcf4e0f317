// docs/venues.md, docs/errors.md and docs/permissions say what the tables say. `npm run docs` writes them anew.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CATALOGUE } from "../../provider/core/errors";
import { VENUES } from "../../provider/venues/registry";
import { permissionsPage } from "./grants";
import { root } from "./pages";
import { BOUNDS, policyPart } from "./policy";
import { codesOf, errorsPage, venuesPage } from "./tables";

const FOLDER = "docs/permissions";
const PAGES: readonly (readonly [path: string, made: () => string])[] = [
  ["docs/venues.md", venuesPage],
  ["docs/errors.md", errorsPage],
  ["docs/policy.md", policyPage],
  ...Object.keys(VENUES).map((id) => [`${FOLDER}/${id}.md`, () => permissionsPage(id)] as const),
];

/** Written by hand but for the rules. */
function policyPage(): string {
  const text = readFileSync(join(root, "docs/policy.md"), "utf8");
  const [start, end] = BOUNDS;
  return text.slice(0, text.indexOf(start)) + policyPart() + text.slice(text.indexOf(end) + end.length);
}

test.each(PAGES)("%s", (path, made) => {
  const file = join(root, path);
  if (process.env["EXCHANGE_KEYS_DOCS"] === "write") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, made());
  }
  const there = readFileSync(file, "utf8");
  if (there !== made()) throw new Error(`${path} isn't what the tables say; \`npm run docs\` writes it anew`);
});

test("no page of a venue that isn't there any more", () => {
  expect(readdirSync(join(root, FOLDER)).sort()).toEqual(
    Object.keys(VENUES)
      .map((id) => `${id}.md`)
      .sort(),
  );
});

test("every code stands on the page of errors", () => {
  const page = readFileSync(join(root, "docs/errors.md"), "utf8");
  for (const code of Object.keys(CATALOGUE)) expect(page).toContain(`\n| \`${code}\` | `);
});

test.each(Object.keys(VENUES))("each row of the error table of %s has a code of the catalogue and a source", (id) => {
  for (const { code, source } of codesOf(id)) {
    expect(Object.keys(CATALOGUE)).toContain(code);
    expect(source).not.toBe("");
  }
});

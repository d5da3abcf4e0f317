// docs/venues.md and docs/errors.md say what the tables say. `npm run docs` writes them anew.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CATALOGUE } from "../../provider/core/errors";
import { VENUES } from "../../provider/venues/registry";
import { root } from "./pages";
import { codesOf, errorsPage, venuesPage } from "./tables";

const PAGES = [
  ["docs/venues.md", venuesPage],
  ["docs/errors.md", errorsPage],
] as const;

test.each(PAGES)("%s", (path, made) => {
  const file = join(root, path);
  if (process.env["EXCHANGE_KEYS_DOCS"] === "write") writeFileSync(file, made());
  const there = readFileSync(file, "utf8");
  if (there !== made()) throw new Error(`${path} isn't what the tables say; \`npm run docs\` writes it anew`);
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

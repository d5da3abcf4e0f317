// docs/sandbox.md and docs/sandbox/ have what the sandbox has: each venue's switches word for word, every fault, every control route.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dialects, switchesAsMarkdown } from "../../sandbox/index";
import { FAULT_KINDS } from "../../sandbox/faults";

const docs = readFileSync(join(__dirname, "../../docs/sandbox.md"), "utf8");

test.each(Object.values(dialects))("the switches of $name", ({ name, switches }) => {
  const own = join(__dirname, `../../docs/sandbox/${name}.md`);
  expect(existsSync(own) ? readFileSync(own, "utf8") : docs).toContain(switchesAsMarkdown(switches));
});

test.each(FAULT_KINDS)("the fault %s", (kind) => {
  expect(docs).toContain(`| \`${kind}\` |`);
});

test.each(["clock", "faults", "requests", "venues", "server"])("the routes of control/%s.ts", (file) => {
  const source = readFileSync(join(__dirname, `../../sandbox/control/${file}.ts`), "utf8");
  const routes = [...source.matchAll(/app\.(get|post|put|patch|delete)(?:<\w+>)?\(\s*"([^"]+)"/g)];
  expect(routes.length).toBeGreaterThan(0);
  for (const [, method = "", path = ""] of routes) expect(docs).toContain(`| \`${method.toUpperCase()} ${path}\` |`);
});

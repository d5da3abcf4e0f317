// Links between pages lead somewhere: to a file of the repository and, where they name one, to a heading in it.

import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { page, root } from "./pages";

const docs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...docs.map((name) => `docs/${name}`)].map(page);
const links = pages.flatMap(({ path, text }) =>
  [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target = ""]) => ({ path, target })),
);

/** A heading's anchor, as GitHub makes it. */
function anchors(path: string): string[] {
  return [...page(path).text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

test.each(links)("$path: $target", ({ path, target }) => {
  const [file = "", anchor] = target.split("#");
  const found = file === "" ? path : join(dirname(path), file);
  expect({ found, exists: existsSync(join(root, found)) }).toEqual({ found, exists: true });
  if (anchor !== undefined) expect(anchors(found)).toContain(anchor);
});

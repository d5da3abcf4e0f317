// The TypeScript on the pages compiles as a user's would, and the tables of Bitfinex's pages have what the classes have.

import ts from "typescript";
import { join } from "node:path";
import { examples, page, root, tableNames } from "./pages";

const PAGES = [
  "README.md",
  "docs/configuration.md",
  "docs/bitfinex.md",
  "docs/bitfinex-tokens.md",
  "docs/sub-accounts.md",
  "docs/policy.md",
  "provider/README.md",
];

/** Each example is a file in the folder of an example program, so that packages are found by name. */
const folder = join(root, "examples/quickstart");
const programs = PAGES.flatMap((path) =>
  examples(page(path), "ts").map((text, index) => ({
    name: `${path}, example ${index + 1}`,
    text,
    file: join(folder, `${path.replaceAll("/", "-")}-${index}.ts`),
  })),
);
const read = ts.getParsedCommandLineOfConfigFile(
  join(folder, "tsconfig.json"),
  {},
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
);
const options = read!.options;
const host = ts.createCompilerHost(options);
const texts = new Map(programs.map(({ file, text }) => [file, text]));
const { readFile, fileExists, getSourceFile } = host;
host.readFile = (file) => texts.get(file) ?? readFile(file);
host.fileExists = (file) => texts.has(file) || fileExists(file);
host.getSourceFile = (file, ...rest) => {
  const text = texts.get(file);
  return text === undefined ? getSourceFile(file, ...rest) : ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
};
const program = ts.createProgram([...texts.keys(), join(root, "provider/index.ts")], options, host);

test("there are as many as the pages show", () => {
  expect(PAGES.map((path) => programs.filter(({ name }) => name.startsWith(path)).length)).toEqual([2, 1, 3, 2, 2, 2, 1]);
});

test.each(programs)("$name compiles", ({ file }) => {
  const found = ts.getPreEmitDiagnostics(program, program.getSourceFile(file));
  expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
});

/** Members of an exported class or interface of Bitfinex's resource.ts, those of Pulumi's own classes left out. */
function members(name: string): string[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(root, "provider/venues/bitfinex/resource.ts"))!;
  const symbol = checker.getExportsOfModule(checker.getSymbolAtLocation(source)!).find((each) => each.name === name)!;
  const all = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol));
  return all
    .filter(({ declarations }) => declarations?.every((each) => !each.getSourceFile().fileName.includes("node_modules")))
    .map((each) => each.name);
}

describe.each([
  ["docs/bitfinex.md", "ApiKey"],
  ["docs/bitfinex-tokens.md", "AccessToken"],
])("%s", (path, name) => {
  test("has every input, and no other", () => {
    expect([...tableNames(page(path), "## Inputs")].sort()).toEqual(members(`${name}Args`).sort());
  });

  test("has every output, and no other", () => {
    expect([...tableNames(page(path), "## Outputs")].sort()).toEqual(members(name).sort());
  });
});

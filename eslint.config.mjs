// Lint: typescript-eslint's strict rules, type-checked in what is published, and two rules of the house: who may print, who may read the
// environment. Formatting is prettier's business, who may import whom is dependency-cruiser's.

import tseslint from "typescript-eslint";

const scripts = ["**/*.mjs", "**/*.cjs", "**/*.js"];
const published = ["provider/**/*.ts", "cli/**/*.ts", "sandbox/**/*.ts"];
const noConsole = {
  name: "console",
  message: "Only the CLI, the scripts, the examples and provider/pulumi/say.ts print (CONTRIBUTING.md).",
};
const environment = "Only the CLI and provider/pulumi/runtime.ts read the environment; hand the value in.";
const noEnvironment = [
  { selector: "MemberExpression[object.name='process'][property.name='env']", message: environment },
  { selector: "MemberExpression[object.name='process'][property.value='env']", message: environment },
  { selector: "VariableDeclarator[init.name='process'] > ObjectPattern > Property[key.name='env']", message: environment },
  { selector: "ImportDeclaration[source.value=/^(node:)?process$/]", message: "Use the global `process`, so that this rule can see it." },
];

const core = "core is pure: the clock, chance and the world are handed in.";
const impure = ["process", "fetch", "setTimeout", "setInterval", "setImmediate", "performance", "crypto"];

export default tseslint.config(
  { ignores: ["**/dist/", "**/node_modules/", "coverage/", ".exchange-keys/", "**/.quickstart/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  ...tseslint.configs.strict,
  {
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports", disallowTypeAnnotations: false }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-invalid-void-type": "off", // Promise<void> | void is what callbacks return
      "@typescript-eslint/no-dynamic-delete": "off",
      eqeqeq: ["error", "always"],
      "no-restricted-globals": ["error", noConsole],
      "no-restricted-syntax": ["error", ...noEnvironment],
    },
  },
  {
    files: published,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
    },
  },
  {
    files: ["provider/core/**/*.ts"],
    rules: {
      "no-restricted-globals": ["error", noConsole, ...impure.map((name) => ({ name, message: core }))],
      "no-restricted-syntax": [
        "error",
        { selector: "MemberExpression[object.name='Date'][property.name='now']", message: core },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: core },
        { selector: "MemberExpression[object.name='Math'][property.name='random']", message: core },
        { selector: "ImportDeclaration[source.value=/^(node:)?crypto$/] ImportSpecifier[imported.name=/random/]", message: core },
      ],
    },
  },
  { files: ["provider/pulumi/say.ts"], rules: { "no-restricted-globals": "off" } },
  { files: ["provider/pulumi/runtime.ts"], rules: { "no-restricted-syntax": "off" } },
  {
    files: ["cli/**", "scripts/**", "examples/**", "test/bench/**"],
    rules: { "no-restricted-globals": "off", "no-restricted-syntax": "off" },
  },
  { files: ["test/**", "*.{js,cjs,mjs}"], rules: { "no-restricted-syntax": "off" } },
  {
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off", // a test that finds nothing there fails, as it should
      "@typescript-eslint/no-require-imports": "off", // what is configuration in CommonJS, or loaded afresh
    },
  },
  { files: scripts, rules: { "@typescript-eslint/no-require-imports": "off" } },
);

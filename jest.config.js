// Tests are TypeScript compiled file by file (types are a step of their own, `npm run typecheck`). Jest needs
// --experimental-vm-modules for packages that are ES modules only; scripts/test.mjs gives it.

/** @type {import("jest").Config} */
const shared = {
  testEnvironment: "node",
  transform: { "^.+\\.ts$": ["ts-jest", { tsconfig: "<rootDir>/tsconfig.json", diagnostics: false, transpilation: true }] },
  setupFiles: ["<rootDir>/test/network-guard.cjs"],
  modulePathIgnorePatterns: ["/dist/package\\.json$"],
};

/** @type {import("jest").Config} */
module.exports = {
  reporters: ["default", "<rootDir>/test/reporter.cjs"],
  maxWorkers: 2,
  testTimeout: 60_000, // hooks start real processes, and a loaded machine takes its time; e2e has its own
  projects: [
    {
      ...shared,
      displayName: "tests",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/e2e/"],
    },
    {
      ...shared,
      displayName: "e2e",
      testMatch: ["<rootDir>/test/e2e/**/*.test.ts"],
      setupFilesAfterEnv: ["<rootDir>/test/e2e-timeout.cjs"],
    },
  ],
};

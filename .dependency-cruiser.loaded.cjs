// What is loaded when: the same sources without the imports that only name types. A program that imports the package loads neither
// zod nor got nor a driver; the provider process loads nothing of Pulumi's SDK.

const { options } = require("./.dependency-cruiser.cjs");

const npm = (...names) => `(^|/)node_modules/(${names.join("|")})/`;

module.exports = {
  forbidden: [
    {
      name: "program-loads-little",
      comment: "each program pays for what its import loads, at every preview",
      severity: "error",
      from: { path: ["^provider/index\\.ts$", "^provider/pulumi/resource\\.ts$", "^provider/venues/[^/]+/(resource|least)\\.ts$"] },
      to: {
        reachable: true,
        path: [
          npm("zod", "got", "p-queue"),
          "^provider/(http|journal|ceremony)/",
          "^provider/venues/(registry\\.ts|[^/]+/(?!(resource|least)\\.ts))",
          "^provider/pulumi/runtime",
        ],
      },
    },
    {
      name: "runtime-without-sdk",
      comment: "the provider process has its own copy of the SDK; ours must not depend on which",
      severity: "error",
      from: { path: "^provider/pulumi/runtime\\.ts$" },
      to: { reachable: true, path: npm("@pulumi/pulumi") },
    },
    {
      name: "shim-loads-nothing",
      comment: "whatever the shim captures is serialized into every resource's state",
      severity: "error",
      from: { path: "^provider/pulumi/shim\\.ts$" },
      to: { pathNot: ["(^|/)pulumi-exchange-keys/runtime$", "^provider/dist/pulumi/runtime\\.(js|d\\.ts)$"] },
    },
  ],
  options: { ...options, tsPreCompilationDeps: false },
};

// Who may import whom, types included: the table of CONTRIBUTING.md. What a program loads at run time is judged in
// .dependency-cruiser.loaded.cjs. test/imports.test.ts runs both, and proves that each rule bites.

const builtin =
  "^(node:)?(assert|buffer|child_process|crypto|dgram|dns|events|fs|http|http2|https|net|os|path|process|stream|timers|tls|url|util)(/|$)";
const npm = (...names) => `(^|/)node_modules/(@types/)?(${names.join("|")})/`;

/** A rule by what is allowed; everything else is forbidden. */
const only = (name, comment, from, ...allowed) => ({ name, comment, severity: "error", from, to: { pathNot: allowed } });
/** A rule by what is forbidden. */
const never = (name, comment, from, ...forbidden) => ({ name, comment, severity: "error", from, to: { path: forbidden } });

const sources = "^provider/(?!dist/)";

module.exports = {
  forbidden: [
    only(
      "core-is-pure",
      "core decides and does no I/O: values, laws, contracts",
      { path: "^provider/core/" },
      "^provider/core/",
      npm("zod", "ipaddr\\.js", "ms"),
      "^(node:)?(net|crypto)$", // isIPv4, isIPv6; hashing
    ),
    only(
      "venue-stands-alone",
      "a venue's folder knows core, signing, the client's contract and itself; resource.ts alone knows Pulumi",
      { path: "^provider/venues/([^/]+)/", pathNot: "^provider/venues/[^/]+/resource\\.ts$" },
      "^provider/venues/$1/",
      "^provider/core/",
      "^provider/http/(signing|answer)\\.ts$",
      npm("zod"),
    ),
    only(
      "venue-resource",
      "a venue's resource.ts is the class that programs use",
      { path: "^provider/venues/([^/]+)/resource\\.ts$" },
      "^provider/venues/$1/",
      "^provider/core/",
      "^provider/pulumi/resource\\.ts$",
      npm("@pulumi/pulumi"),
    ),
    only(
      "registry-lists-venues",
      "the registry names venues and their contracts",
      { path: "^provider/venues/[^/]+\\.ts$" },
      "^provider/venues/",
      "^provider/core/",
      "^provider/http/signing\\.ts$",
    ),
    only(
      "http-knows-no-venue",
      "transport serves every venue alike",
      { path: "^provider/http/" },
      "^provider/(http|core)/",
      npm("got", "p-queue", "zod"),
      builtin,
    ),
    never("got-in-one-file", "one file imports got", { path: sources, pathNot: "^provider/http/client\\.ts$" }, npm("got")),
    only(
      "runtime-parts",
      "what runs in the provider process: no venue but by the registry",
      { path: "^provider/pulumi/", pathNot: "^provider/pulumi/(resource|bot|shim)\\.ts$" },
      "^provider/pulumi/(?!resource\\.ts|bot\\.ts|shim\\.ts)",
      "^provider/core/",
      "^provider/venues/registry\\.ts$",
      "^provider/(http|journal|ceremony|preview|review)/",
      npm("@pulumi/pulumi", "zod"),
      builtin,
    ),
    only(
      "shim-captures-nothing",
      "the shim is serialized into every state: types, and the frozen public specifier inside its methods",
      { path: "^provider/pulumi/shim\\.ts$" },
      "^provider/(core|pulumi)/",
      "(^|/)pulumi-exchange-keys/runtime$",
      "^provider/dist/pulumi/runtime\\.(js|d\\.ts)$",
      npm("@pulumi/pulumi"),
    ),
    only(
      "resource-parts",
      "the base class of all resources",
      { path: "^provider/pulumi/(resource|bot)\\.ts$" },
      "^provider/pulumi/",
      "^provider/core/",
      npm("@pulumi/pulumi"),
      "^(node:)?crypto$",
    ),
    only(
      "journal-parts",
      "the journal is a file and knows no venue",
      { path: "^provider/journal/" },
      "^provider/(journal|core)/",
      npm("zod"),
      builtin,
    ),
    only(
      "ceremony-parts",
      "the ceremony serves any venue",
      { path: "^provider/ceremony/" },
      "^provider/(ceremony|preview|journal|core)/",
      npm("zod", "age-encryption"),
      builtin,
    ),
    only(
      "preview-parts",
      "what Pulumi printed, read for all: no I/O, and no venue",
      { path: "^provider/preview/" },
      "^provider/(preview|core)/",
      npm("zod"),
      "^(node:)?util$",
    ),
    only(
      "review-parts",
      "a review judges a plan: no I/O, and no venue but those handed in",
      { path: "^provider/review/" },
      "^provider/(review|preview|core)/",
      npm("zod"),
      "^(node:)?util$",
    ),
    only(
      "policy-is-pure",
      "policies judge inputs: no I/O; of venues they know what the registry tells of all of them",
      { path: "^provider/policy/" },
      "^provider/(policy|core)/",
      "^provider/venues/registry\\.ts$",
      npm("@pulumi/policy", "@pulumi/pulumi", "zod"),
    ),
    never(
      "provider-stands-alone",
      "the package is published alone",
      { path: sources },
      "^(sandbox|cli|examples|test|scripts)/",
      npm("exchange-keys", "exchange-keys-sandbox"),
    ),
    only(
      "sandbox-proves-something",
      "a sandbox that shares code with the drivers proves nothing",
      { path: "^sandbox/(?!dist/)" },
      "^sandbox/(?!dist/)",
      npm("fastify", "@fastify/[^/]+", "otpauth", "zod"),
      builtin,
    ),
    never(
      "cli-by-name",
      "the command is published alone: it imports the other packages by name",
      { path: "^cli/(?!dist/)" },
      "^(provider|sandbox)/(?!dist/)",
      "^(examples|test|scripts)/",
    ),
    never(
      "examples-by-name",
      "examples are programs that a user could keep: they import the package by name",
      { path: "^examples/" },
      "^(provider|sandbox|cli)/(?!dist/)",
      "^test/",
    ),
  ],
  options: {
    doNotFollow: { path: ["node_modules", "/dist/"] },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    moduleSystems: ["cjs", "es6"],
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["types", "require", "node", "default"],
      extensions: [".ts", ".js", ".json", ".d.ts"],
    },
  },
};

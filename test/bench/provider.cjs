// Preload of what a measured stack's CLI starts: the provider process writes its id to the file that BENCH_PROVIDER names, so that it
// can be looked at from outside.

if (process.env.BENCH_PROVIDER && (process.argv[1] ?? "").includes("dynamic-provider")) {
  require("node:fs").writeFileSync(process.env.BENCH_PROVIDER, String(process.pid));
}

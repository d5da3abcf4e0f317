// Preload of what a stack's CLI starts, for its memory: in the provider process it listens on the Unix socket that BENCH_PROVIDER names,
// and tells whoever connects how many bytes are resident, and how many of the heap are in use once all garbage is collected.

const socket = process.env.BENCH_PROVIDER;

function look() {
  const resident = process.memoryUsage.rss();
  require("node:v8").setFlagsFromString("--expose-gc");
  require("node:vm").runInNewContext("gc")();
  return JSON.stringify({ resident, live: process.memoryUsage().heapUsed });
}

if (socket && (process.argv[1] ?? "").includes("dynamic-provider")) {
  const { rmSync, writeFileSync } = require("node:fs");
  const { createServer } = require("node:net");
  rmSync(socket, { force: true });
  createServer((caller) => caller.end(look()))
    .listen(socket)
    .unref();
  // Bare resources send no request that could be held back: the last of them leaves what it sees in a file.
  globalThis.benchLook = () => writeFileSync(`${socket}.json`, look());
}

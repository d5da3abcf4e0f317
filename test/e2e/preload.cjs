// Preload of every Node process that a stack's CLI starts: writes its id and script on arrival, and its end when it ends in order.
// So a test finds the provider process, and sees that it went by itself. Loaded by NODE_OPTIONS=--require=<this file>.

const { appendFileSync } = require("node:fs");

const file = process.env.EXCHANGE_KEYS_PROCESSES;
const note = (what) => appendFileSync(file, `${JSON.stringify({ pid: process.pid, script: process.argv[1] ?? "", ...what })}\n`);

if (file) {
  note({ event: "start" });
  process.on("exit", (code) => note({ event: "end", code }));
}

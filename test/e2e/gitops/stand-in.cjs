// Stands for `exchange-keys review` and `drift` where this build's command hasn't got them yet: their contract, and as little as it takes.
// Everything else goes to the real command.

const { spawnSync } = require("node:child_process");
const { readFileSync, writeFileSync } = require("node:fs");

const [command, ...args] = process.argv.slice(2);
const value = (name) => args[args.indexOf(name) + 1];
const inherit = { stdio: "inherit" };

if (command === "review") review();
else if (command === "drift") drift();
else process.exitCode = spawnSync(process.execPath, [process.env.EXCHANGE_KEYS_REAL, command, ...args], inherit).status ?? 3;

function stepsOf(text) {
  const { steps = [], diagnostics = [] } = JSON.parse(text);
  if (diagnostics.some(({ severity }) => severity === "error")) throw new Error("the preview failed");
  return steps.filter(({ op, urn }) => op !== "same" && op !== "refresh" && urn.includes("exchange-keys"));
}

function describe({ op, urn, oldState, newState }) {
  const [was, is] = [oldState, newState].map((state) => Object.keys(state?.inputs?.powers ?? {}));
  const more = is.filter((power) => !was.includes(power));
  return `${urn.split("::").at(-1)}: ${op}${more.length > 0 ? `, may now ${more.join(", ")}` : ""}`;
}

function review() {
  let lines;
  try {
    lines = stepsOf(readFileSync(value("--from"), "utf8")).map(describe);
  } catch {
    process.exitCode = 3;
    return;
  }
  if (args.includes("--approve")) writeFileSync(value("--approve"), JSON.stringify(lines));
  const verdict = lines.find((line) => line.includes("may now")) ?? lines[0] ?? "Nothing changes.";
  process.stdout.write(["<!-- exchange-keys -->", `**${verdict}**`, "", ...lines.map((line) => `- ${line}`), ""].join("\n"));
}

function drift() {
  const { status, stdout } = spawnSync("pulumi", ["preview", "--refresh", "--json", "--non-interactive"], { encoding: "utf8" });
  if (status !== 0) {
    process.exitCode = 3;
    process.stderr.write(stdout);
    return;
  }
  const lines = stepsOf(stdout).map(describe);
  process.stdout.write(`${lines.length === 0 ? "As declared." : lines.map((line) => `- ${line}`).join("\n")}\n`);
  process.exitCode = lines.length === 0 ? 0 : 1;
}

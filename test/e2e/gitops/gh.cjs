// Stands for GitHub's command `gh api`: answers from a folder, refuses what the token's permissions don't allow, and writes down each call.
// The token is its permissions, as JSON.

const { appendFileSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const folder = process.env.GH_WORLD;
const world = JSON.parse(readFileSync(join(folder, "world.json"), "utf8"));
const args = process.argv.slice(2);
if (args.shift() !== "api") end(2, "only gh api is known here");

const options = { method: undefined, fields: {}, input: undefined, path: "" };
while (args.length > 0) {
  const arg = args.shift();
  if (arg === "-X") options.method = args.shift();
  else if (arg === "-f") {
    const [name, ...value] = args.shift().split("=");
    options.fields[name] = value.join("=");
  } else if (arg === "--input") options.input = JSON.parse(readFileSync(args.shift(), "utf8"));
  else if (arg !== "--paginate") options.path = arg;
}
const url = new URL(options.path, "https://api.github.invalid/");
const query = { ...Object.fromEntries(url.searchParams), ...options.fields };
const method = options.method ?? "GET";
const path = url.pathname.replace(/^\/repos\/acme\/keys\//, "");
if (!process.env.GH_TOKEN) end(4, "no token");
const allowed = JSON.parse(process.env.GH_TOKEN);
appendFileSync(join(folder, "calls.jsonl"), `${JSON.stringify({ method, path, query, body: options.input })}\n`);

/** Method and path → the permission that GitHub asks for, and what it answers. */
const routes = [
  ["GET", /^actions\/artifacts$/, "actions:read", () => ({ artifacts: world.artifacts.filter(({ name }) => name === query.name) })],
  [
    "GET",
    /^actions\/runs\/(\d+)\/artifacts$/,
    "actions:read",
    (id) => ({ artifacts: world.artifacts.filter(({ name, workflow_run }) => name === query.name && workflow_run.id === Number(id)) }),
  ],
  ["GET", /^actions\/artifacts\/(\d+)\/zip$/, "actions:read", (id) => readFileSync(join(folder, `${id}.zip`))],
  ["GET", /^pulls$/, "pull-requests:read", () => world.pulls.filter(({ head }) => head.label === query.head)],
  ["GET", /^pulls\/(\d+)\/files$/, "pull-requests:read", () => world.files],
  ["POST", /^statuses\/([0-9a-f]{40})$/, "statuses:write", (sha) => added("statuses", { sha, ...options.input })],
  ["GET", /^issues\/(\d+)\/comments$/, "issues:read", (number) => world.comments.filter((each) => each.number === Number(number))],
  ["POST", /^issues\/(\d+)\/comments$/, "issues:write", (number) => added("comments", { number: Number(number), ...options.input })],
  ["PATCH", /^issues\/comments\/(\d+)$/, "issues:write", (id) => changed("comments", "id", id)],
  [
    "GET",
    /^issues$/,
    "issues:read",
    () => world.issues.filter(({ state, labels }) => state === query.state && labels.includes(query.labels)),
  ],
  ["POST", /^issues$/, "issues:write", () => added("issues", { state: "open", number: 100 + world.issues.length, ...options.input })],
  ["PATCH", /^issues\/(\d+)$/, "issues:write", (number) => changed("issues", "number", number)],
];

for (const [verb, pattern, permission, answer] of routes) {
  const match = pattern.exec(path);
  if (verb !== method || match === null) continue;
  if (!permitted(permission)) end(1, `gh: Resource not accessible by integration (HTTP 403): ${permission}`);
  const said = answer(...match.slice(1));
  process.stdout.write(Buffer.isBuffer(said) ? said : JSON.stringify(said));
  writeFileSync(join(folder, "world.json"), JSON.stringify(world));
  process.exitCode = 0;
  return;
}
end(1, `gh: Not Found (HTTP 404): ${method} ${path}`);

/** Comments of a pull request are open to those who may write pull requests too. */
function permitted(permission) {
  const [name, level] = permission.split(":");
  const names = name === "issues" && path.includes("comments") ? ["issues", "pull-requests"] : [name];
  return names.some((each) => allowed[each] === "write" || (level === "read" && allowed[each] === "read"));
}

function added(list, entry) {
  const made = { id: 1000 + world[list].length, user: { login: "github-actions[bot]" }, ...entry };
  world[list].push(made);
  return made;
}

function changed(list, by, value) {
  return Object.assign(
    world[list].find((each) => each[by] === Number(value)),
    options.input,
  );
}

function end(code, said) {
  process.stderr.write(`${said}\n`);
  process.exit(code);
}

// `exchange-keys drift` with a `pulumi` that does what a test says: what is asked of it, and what becomes of its answers.

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { run, start } from "../command";
import { drift, folder, here, recorded, stepsOf, text } from "./given";

/** A CLI that does what a test says; all that is asked of it is written down. */
function cli(script: string): Record<string, string> {
  const file = join(folder, "pulumi");
  writeFileSync(
    file,
    `#!${process.execPath}\nconst args = process.argv.slice(2);\nrequire("fs").appendFileSync("asked", args.join(" ") + "\\n");\n${script}\n`,
  );
  chmodSync(file, 0o755);
  writeFileSync(join(folder, "asked"), "");
  return { PATH: [folder, dirname(process.execPath)].join(delimiter) };
}
const state = (manifest = {}, more = {}): string =>
  JSON.stringify({
    version: 3,
    deployment: { manifest, resources: [{ urn: "urn:pulumi:dev::desk::pulumi:pulumi:Stack::desk-dev" }], ...more },
  });
const answers = (exported: string, preview = text("clean"), ls = "[]"): string =>
  `const said = { stack: args[1] === "ls" ? ${JSON.stringify(ls)} : ${JSON.stringify(exported)}, whoami: '{"url":"https://api.example"}', preview: ${JSON.stringify(preview)} };\nprocess.stdout.write(said[args[0]]);`;

test("asks, and changes nothing; the stack is passed on", async () => {
  const env = cli(answers(state()));
  expect(await run(["drift", "--stack", "dev"], here(env))).toEqual({ code: 0, out: "2 keys of desk/dev are as declared.\n", err: "" });
  const asked = readFileSync(join(folder, "asked"), "utf8").trim().split("\n");
  expect(new Set(asked)).toEqual(
    new Set([
      "preview --refresh --show-sames --json --stack=dev --non-interactive --color=never",
      "stack export --stack=dev --non-interactive --color=never",
      "whoami -v --json --non-interactive --color=never",
      "stack ls --json --non-interactive --color=never",
    ]),
  );
});

test("an update is in progress in Pulumi Cloud", async () => {
  const env = cli(answers(state(), text("clean"), '[{"name": "acme/dev", "updateInProgress": true}]'));
  expect(await run(["drift"], here(env))).toMatchObject({ code: 3, out: expect.stringContaining("The state is locked") });
});

test("the state was changed meanwhile", async () => {
  const env = cli(
    `${answers(state()).replace("process.stdout.write(said[args[0]]);", "")}\nif (args[1] === "export") said.stack = JSON.stringify({ version: 3, deployment: { manifest: { time: String(process.hrtime.bigint()) }, resources: [] } });\nprocess.stdout.write(said[args[0]]);`,
  );
  expect(await run(["drift"], here(env))).toMatchObject({ code: 3, out: expect.stringContaining("The state was changed meanwhile") });
});

test("a run was killed in the middle of a key, recorded or not", async () => {
  const { urn } = stepsOf(recorded("clean"), "maker")[0];
  const [one, other] = [urn, `${urn}-2`].map((each) => ({ resource: { urn: each }, type: "updating" }));
  const { code, out } = await run(["drift"], here(cli(answers(state({}, { pending_operations: [other, one] })))));
  expect(code).toBe(3);
  expect(out).toContain("maker: a run was stopped in the middle of it");
  expect(out).toContain("maker-2: a run was stopped in the middle of it");
});

test.each([
  [
    3,
    "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
    "the passphrase of the stack's secrets is wrong",
  ],
  [2, "error: no stack named 'nope' found", "there is no such stack"],
  [2, "error: no Pulumi.yaml project file found (searching upwards from /x).", "there is no Pulumi.yaml here"],
  [3, "error: something with sandbox-secret in it", "pulumi failed (exit code 255); run pulumi preview --refresh here"],
])("exit code %i: %s", async (code, said, cause) => {
  const ended = await run(["drift"], here(cli(`process.stderr.write(${JSON.stringify(said)}); process.exitCode = 255;`)));
  expect(ended).toEqual({ code, out: "", err: expect.stringContaining(cause) });
  expect(ended.err).not.toContain("sandbox-secret");
});

test("no pulumi, no folder, contradictions", async () => {
  const none = { PATH: mkdtempSync(join(folder, "empty-")) };
  expect(await run(["drift"], here(none))).toMatchObject({ code: 2, err: expect.stringContaining("there is no pulumi on PATH") });
  expect(await run(["drift", "--cwd", "nowhere"], here(none))).toMatchObject({ code: 2, err: expect.stringContaining("is no folder") });
  expect(await run(["drift", "--from", "-", "--stack", "dev"], here())).toMatchObject({ code: 2 });
  expect(await run(["drift", "--json", "--format", "text"], here())).toMatchObject({ code: 2 });
  expect(await run(["drift", "--format", "html"], here())).toMatchObject({ code: 2 });
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s is passed on, and awaited", async (signal) => {
  const env = cli(
    `process.on("${signal}", () => { require("fs").appendFileSync("asked", "stopped\\n"); process.exit(0); });\nsetInterval(() => undefined, 1000);`,
  );
  const running = start(["drift"], here(env));
  while (readFileSync(join(folder, "asked"), "utf8").split("\n").length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  running.child.kill(signal);
  const { code, out, err } = await running.ended;
  expect({ code, out }).toEqual({ code: 130, out: "" });
  expect(err.split("\n")).toEqual([
    "exchange-keys: drift: interrupted; waiting for pulumi, which ends once the venues have answered",
    "exchange-keys: drift: interrupted; nothing was changed",
    "",
  ]);
  expect(readFileSync(join(folder, "asked"), "utf8").match(/^stopped$/gm)).toHaveLength(2);
});

describe("answers that are none", () => {
  test.each([["{}"], ["null"], ["[]"], ['"text"'], ["7"], ["not JSON"], [""]])("a preview: %s", async (preview) => {
    expect(await run(["drift"], here(cli(answers(state(), preview))))).toEqual({
      code: 3,
      out: "",
      err: "exchange-keys: drift: pulumi answered with something else than it does; run pulumi preview --refresh here, and see what it says\n",
    });
  });

  test.each([["{}"], ["null"], ["[]"], ["7"], [""]])("an export: %s", async (exported) => {
    const { code, err } = await run(["drift"], here(cli(answers(exported))));
    expect([code, err]).toEqual([3, expect.stringContaining("run pulumi stack export here")]);
  });

  test.each([["null"], ["{}"], [""]])("a list of stacks: %s", async (ls) => {
    const { code, err } = await run(["drift"], here(cli(answers(state(), text("clean"), ls))));
    expect([code, err]).toEqual([3, expect.stringContaining("run pulumi stack ls here")]);
  });

  test("a whole preview, and an exit code that says otherwise", async () => {
    const env = cli(`${answers(state())}\nif (args[0] === "preview") process.exitCode = 255;`);
    expect(await run(["drift"], here(env))).toMatchObject({
      code: 3,
      out: "",
      err: expect.stringContaining("pulumi failed (exit code 255)"),
    });
  });

  test("more than can be read: a sentence, and not the code of a difference", async () => {
    const env = cli(
      `${answers(state()).replace("process.stdout.write(said[args[0]]);", "")}
const more = (left) => { if (left > 0) process.stdout.write(Buffer.alloc(2 ** 22, 120), () => more(left - 1)); };
if (args[0] === "preview") more(110); else process.stdout.write(said[args[0]]);`,
    );
    expect(await run(["drift"], here(env))).toEqual({
      code: 3,
      out: "",
      err: "exchange-keys: drift: what pulumi said can't be read: the document is larger than 400 MB\n",
    });
  });

  test("texts of the provider alone are no reason to give up", async () => {
    const env = cli(
      `${answers(state()).replace("process.stdout.write(said[args[0]]);", "")}
const text = '{"__provider":"' + "x".repeat(2 ** 18) + '"},';
const more = (left) => process.stdout.write(left > 0 ? text : "null]," + said.preview.slice(1), () => { if (left > 0) more(left - 1); });
if (args[0] === "preview") process.stdout.write('{"texts":[', () => more(2300)); else process.stdout.write(said[args[0]]);`,
    );
    expect(await run(["drift"], here(env))).toMatchObject({ code: 0 });
  });
});

describe("the state is locked", () => {
  /** A folder backend at `url`, with the lock of a stack in `backend`. */
  function locked(url: string, backend: string, exported = state(), lock = "organization/desk/dev"): Record<string, string> {
    const locks = join(folder, backend, ".pulumi/locks", lock);
    mkdirSync(locks, { recursive: true });
    writeFileSync(join(locks, "run.json"), "{}");
    return cli(
      answers(exported, text("clean"), '[{"name": "other"}, {"name": "dev", "current": true}]').replace("https://api.example", url),
    );
  }
  afterEach(() => rmSync(join(folder, "state"), { recursive: true, force: true }));

  test.each([
    ["plain", () => `file://${folder}/state`, "state"],
    ["with a query", () => `file://${folder}/state?no_tmp_dir=true`, "state"],
    ["encoded", () => `file://${folder}/state/of%20keys?metadata=skip`, "state/of keys"],
    ["with a percent sign", () => `file://${folder}/state/100%`, "state/100%"],
    ["relative", () => "file://./state", "state"],
    ["in the home", () => "file://~/state", "state"],
    ["the home", () => "file://~", ""],
  ])("a URL %s", async (_, url, backend) => {
    const env = { ...locked(url(), backend), HOME: folder };
    expect(await run(["drift"], here(env))).toMatchObject({ code: 3, out: expect.stringContaining("The state is locked") });
    rmSync(join(folder, backend, ".pulumi"), { recursive: true });
    expect(await run(["drift"], here(env))).toMatchObject({ code: 0 });
  });

  test("as former releases of the CLI name the folder", async () => {
    const env = locked(`file://${folder}/state`, "state", state(), "dev");
    expect(await run(["drift"], here(env))).toMatchObject({ code: 3, out: expect.stringContaining("The state is locked") });
  });

  test.each([[[]], [["--stack", "dev"]], [["--stack", "organization/desk/dev"]]])("nothing is in it yet %j", async (args) => {
    const empty = JSON.stringify({ version: 3, deployment: { manifest: {} } });
    writeFileSync(join(folder, "Pulumi.yaml"), "name: desk\nruntime: nodejs\n");
    const env = locked(`file://${folder}/state`, "state", empty);
    expect(await run(["drift", ...args], here(env))).toMatchObject({ code: 3, out: expect.stringContaining("The state is locked") });
    rmSync(join(folder, "Pulumi.yaml"));
  });

  test("by a run that began during the look", async () => {
    const locks = join(folder, "state/.pulumi/locks/organization/desk/dev");
    const env = cli(
      `${answers(state()).replace("https://api.example", `file://${folder}/state`)}
if (args[0] === "preview") { require("fs").mkdirSync(${JSON.stringify(locks)}, { recursive: true }); require("fs").writeFileSync(${JSON.stringify(join(locks, "run.json"))}, "{}"); }`,
    );
    expect(await run(["drift"], here(env))).toMatchObject({ code: 3, out: expect.stringContaining("The state is locked") });
  });
});

test("a stream of events isn't asked for, whatever the environment wants", async () => {
  const env = cli(`if (process.env.PULUMI_ENABLE_STREAMING_JSON_PREVIEW) process.exitCode = 1;\n${answers(state())}`);
  expect(await run(["drift"], here({ ...env, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" }))).toMatchObject({ code: 0 });
});

describe("a venue is down", () => {
  const excluded = (urns: string[]): string => urns.map((urn) => `--exclude=${urn}`).join(" ");
  const [maker, hedge] = ["maker", "hedge"].map((name) => stepsOf(recorded("one-down"), name)[0].urn) as [string, string];
  const failing = (exclude: string): string => (exclude === "" ? text("one-down") : text("excluded"));
  /** A CLI whose previews depend on what is left out of them. */
  const depending = (previews: Record<string, string>): Record<string, string> =>
    cli(
      `const previews = ${JSON.stringify(previews)};
${answers(state()).replace("process.stdout.write(said[args[0]]);", "")}
said.preview = previews[args.filter((arg) => arg.startsWith("--exclude")).join(" ")];
if (said.preview === undefined) { process.stderr.write("error: asked for otherwise"); process.exitCode = 255; }
else { process.stdout.write(said[args[0]]); if (args[0] === "preview" && said.preview.includes('"severity":"error"')) process.exitCode = 1; }`,
    );

  test("the others are looked at without it, and what they prove comes first", async () => {
    const env = depending({ "": failing(""), [excluded([hedge])]: failing(hedge) });
    expect(await run(["drift"], here(env))).toEqual({
      code: 3,
      out: [
        "maker: the IP list lets in 198.51.100.9, which nobody declared",
        "",
        "Not known:",
        "hedge: couldn't be looked at",
        "",
        "1 of 2 keys of desk/dev differs; whether others do isn't known.",
        "hedge: okx (sandbox): read the account: the venue is unavailable, which says nothing of what was done (50001); try again later",
        "",
      ].join("\n"),
      err: "",
    });
    const { code, out } = await run(["drift", "--json"], here(env));
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      verdict: "unknown",
      keys: 2,
      findings: [
        { name: "maker", kind: "drift" },
        { name: "hedge", kind: "unknown" },
      ],
    });
    const { out: markdown } = await run(["drift", "--format", "markdown"], here(env));
    expect(markdown.indexOf("198.51.100.9")).toBeLessThan(markdown.indexOf("okx"));
  });

  test("where others of the account and the venue fail after it, they are left out too", async () => {
    const down = recorded("one-down");
    const keys = ["-2", "-3", "-4"].map((end) => `${hedge}${end}`) as [string, string, string];
    const [step] = stepsOf(down, "hedge");
    keys.forEach((urn, at) => {
      const other = structuredClone({ ...step, urn });
      Object.assign(other.oldState!, { id: urn });
      if (at === 2) other.oldState!.inputs["account"] = other.newState!.inputs["account"] = "another";
      down.steps.push(other);
    });
    const error = down.diagnostics!.find(({ severity, urn }) => severity === "error" && urn === hedge)!;
    const fails = (urn: string): string => JSON.stringify({ ...down, diagnostics: [{ ...error, urn }] });
    const env = depending({
      "": fails(hedge),
      [excluded([hedge])]: fails(keys[0]),
      [excluded([hedge, keys[0], keys[1]])]: fails(keys[2]),
      [excluded([hedge, ...keys])]: text("excluded"),
    });
    const { code, out } = await run(["drift"], here(env));
    expect([code, out.split("\n")[0]]).toEqual([3, "maker: the IP list lets in 198.51.100.9, which nobody declared"]);
    for (const name of ["hedge-2", "hedge-4"]) expect(out).toContain(`${name}: okx (sandbox)`);
  });

  test("no second look is to be had: it is said how many weren't judged", async () => {
    expect(await run(["drift"], here(depending({ "": failing("") })))).toMatchObject({
      code: 3,
      out: expect.stringMatching(
        /^Whether keys .* isn't known\.\nhedge: okx .*\nNothing is known of 1 other key either: a preview that fails judges none\.\n$/,
      ),
    });
    expect(readFileSync(join(folder, "asked"), "utf8")).toContain(`--exclude=${hedge}`);
  });

  test("a preview that failed, handed in: what it got to is told, and that nothing follows a look proves no absence", async () => {
    const down = recorded("one-down");
    const { steps } = recorded("excluded");
    const late = steps.filter(({ op, urn }) => op === "update" && urn === maker);
    const { code, out } = await drift({ ...down, steps: [...down.steps, ...late] });
    expect([code, out.split("\n")[0]]).toEqual([3, "maker: the IP list lets in 198.51.100.9, which nobody declared"]);
    const { out: early } = await drift(down);
    expect(early).not.toContain("gone");
    expect(early).toContain("Nothing is known of 1 other key either");
  });
});

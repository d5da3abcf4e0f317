// `exchange-keys drift` with a `pulumi` that does what a test says: what is asked of it, and what becomes of its answers.

import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { run, start } from "../command";
import { folder, here, recorded, stepsOf, text } from "./given";

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

test.each(["SIGINT", "SIGTERM"] as const)("%s is passed on, and awaited", async (signal) => {
  const env = cli(
    `process.on("${signal}", () => { require("fs").appendFileSync("asked", "stopped\\n"); process.exit(0); });\nsetInterval(() => undefined, 1000);`,
  );
  const running = start(["drift"], here(env));
  while (readFileSync(join(folder, "asked"), "utf8").split("\n").length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  running.child.kill(signal);
  const ended = await running.ended;
  expect(ended).toEqual({ code: 130, out: "", err: "exchange-keys: drift: interrupted; nothing was changed\n" });
});

// The scripts of examples/gitops/github-actions, each with what somebody could give it who means harm, and with commands that crash.
// test/e2e/gitops.test.ts runs them all together on the real engine.

import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Bench, EXAMPLE } from "./bench";

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

const SHA = "0123456789abcdef0123456789abcdef01234567";
const HASH = "ab".repeat(32);
const REVIEW = "<!-- exchange-keys review -->\n**Widens: `risk` may now trade.**\n\n### Widens\n";

describe("a project that isn't what its Pulumi.yaml shows", () => {
  const put = (name: string, text: string) => (): void => {
    mkdirSync(join(bench.project, "cfg"), { recursive: true });
    writeFileSync(join(bench.project, name), text);
  };
  const project = (text: string) => put("Pulumi.yaml", text);
  const linked = (name: string) => (): void => {
    renameSync(join(bench.project, name), join(bench.project, "elsewhere.yaml"));
    symlinkSync("elsewhere.yaml", join(bench.project, name));
  };
  const HOSTILE: readonly (readonly [what: string, how: () => void])[] = [
    ["Pulumi.json beside it", put("Pulumi.json", '{"name":"exchange-keys-gitops","runtime":"nodejs","main":"evil/"}')],
    ["Pulumi.yml beside it", put("Pulumi.yml", "name: x\nruntime: nodejs\n")],
    ["Pulumi.json.gz beside it", put("Pulumi.json.gz", "")],
    ["PULUMI.yaml beside it", put("PULUMI.yaml", "name: x\n")],
    ["the stack's configuration as JSON", put("Pulumi.production.json", "{}")],
    ["main", project("name: x\nruntime: nodejs\nmain: evil/\n")],
    ["stackConfigDir", project("name: x\nstackConfigDir: cfg\nruntime: nodejs\n")],
    ["config as a folder", project("name: x\nruntime: nodejs\nconfig: cfg\n")],
    ["main, quoted", project('name: x\nruntime: nodejs\n"main": evil/\n')],
    ["main, as a complex key", project("name: x\nruntime: nodejs\n? main\n: evil/\n")],
    ["main, tagged", project("name: x\nruntime: nodejs\n!!str main: evil/\n")],
    ["a merge key", project("name: x\nruntime: &a { name: nodejs, main: evil/ }\n<<: *a\n")],
    ["a mapping in braces", project("{ name: x, runtime: nodejs, main: evil/ }\n")],
    ["a mapping that is indented", project("  name: x\n  runtime: nodejs\n  main: evil/\n")],
    ["a mapping that is indented, below a comment", project("# name: x\n\n  main: evil/\n  name: x\n")],
    ["main after a carriage return", project("name: x\rmain: evil/\nruntime: nodejs\n")],
    ["main after YAML's other line break", project("name: x\u2028main: evil/\nruntime: nodejs\n")],
    ["a second document", project("name: x\nruntime: nodejs\n---\nmain: evil/\n")],
    ["a link", linked("Pulumi.yaml")],
    ["a link for the stack's configuration", linked("Pulumi.production.yaml")],
    ["none", () => renameSync(join(bench.project, "Pulumi.yaml"), join(bench.project, "other.yaml"))],
  ];

  test.each(HOSTILE)("%s: refused before pulumi is asked anything", async (_, how) => {
    how();
    const { code, stderr } = await bench.run("up.sh", { SHA256: HASH });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/Pulumi/i)]);
    expect(bench.asked()).toEqual([]);
  });

  test.each(["plan.sh", "up.sh", "preview.sh", "drift.sh", "publish-state.sh"])("by %s", async (script) => {
    put("Pulumi.json", "{}")();
    const { code, stderr } = await bench.run(script, { SHA256: HASH });
    expect([code, stderr]).toEqual([2, expect.stringContaining("Pulumi.json isn't expected")]);
    expect(bench.asked()).toEqual([]);
  });

  test("comments, options and other stacks are fine", async () => {
    project("# Ours\n\nname: x\ndescription: the keys\nruntime:\n  name: nodejs\n  # indented\n  options:\n    packagemanager: npm\n")();
    put("Pulumi.prod.eu-1.yaml", "config: {}\n")();
    expect(await bench.run("up.sh", { SHA256: HASH })).toMatchObject({ code: 0 });
  });
});

describe("up.sh", () => {
  test.each(["", "x", HASH.slice(1), `${HASH}0`, HASH.toUpperCase(), `${HASH}\n`, `${HASH} /etc/passwd`, `$(touch pwned)${HASH}`])(
    "the hash %j: refused",
    async (SHA256) => {
      expect(await bench.run("up.sh", { SHA256 })).toMatchObject({ code: 2, stderr: "the plan names no hash\n" });
      expect(bench.asked()).toEqual([]);
    },
  );

  test("goes on under the approved file by its hash, and asks the venues where it is to mend", async () => {
    const approved = `[${HASH} ${join(bench.out, "approved.json")}]`;
    for (const [MEND, refresh] of [
      ["false", ""],
      ["true", " --refresh"],
    ] as const) {
      expect(await bench.run("up.sh", { SHA256: HASH, MEND })).toMatchObject({ code: 0 });
      expect(bench.asked().at(-1)).toBe(`up --yes --skip-preview --non-interactive${refresh} ${approved}`);
    }
  });
});

describe("plan.sh", () => {
  const output = (): string => bench.read("output");
  const summary = (): string => bench.read("summary");

  test("what is approved goes on by its hash", async () => {
    bench.preview([{ op: "same" }, { op: "update" }]);
    bench.answers({ stdout: REVIEW, approval: "approved" });
    expect(await bench.run("plan.sh")).toMatchObject({ code: 0 });
    expect(output()).toBe(`sha256=${createHash("sha256").update("approved").digest("hex")}\nchanges=true\n`);
    expect(summary()).toBe(REVIEW);
    expect(bench.asked().at(-1)).toMatch(/^preview --json --show-sames --non-interactive /);
  });

  test("what can't be reviewed is shown, with what the review says of it, and not approved", async () => {
    bench.answers({ code: 3, stdout: REVIEW, stderr: "exchange-keys: review: `it` can't be told\n", approval: "approved" });
    expect(await bench.run("plan.sh")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("can't be told\nthe plan can't be reviewed") as string,
    });
    expect(output()).toBe("");
    expect(summary()).toMatch(/^\*\*The plan can't be reviewed \(exit code 3\)/);
    expect(summary()).toContain("\n\n    exchange-keys: review: `it` can't be told\n");
    expect(summary()).toContain("**Widens: `risk` may now trade.**");
  });

  test.each([
    ["ends with 1 and nothing said", { code: 1, approval: "approved" }],
    ["ends with 1", { code: 1, stdout: REVIEW, approval: "approved" }],
    ["says nothing", { approval: "approved" }],
    ["says something else", { stdout: "Segmentation fault\n", approval: "approved" }],
    ["approves nothing", { stdout: REVIEW }],
    ["writes an empty approval", { stdout: REVIEW, approval: "" }],
  ])("a review that %s approves nothing", async (_, answer) => {
    writeFileSync(join(bench.out, "approved.json"), "of an earlier run");
    bench.answers(answer);
    const { code, stderr } = await bench.run("plan.sh");
    expect([code, stderr]).toEqual([expect.any(Number), "the plan can't be reviewed\n"]);
    expect(code).toBeGreaterThan(0);
    expect([output(), summary()]).toEqual(["", expect.stringMatching(/^\*\*The plan can't be reviewed/)]);
  });

  test("a renewal is one and nothing else", async () => {
    bench.preview([{ op: "create", newState: { type: "pulumi-nodejs:dynamic/exchange-keys/bybit:SubAccountApiKey" } }]);
    bench.answers({ stdout: REVIEW, approval: "approved" });
    expect(await bench.run("plan.sh", { RENEW: "due" })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("merged changes") as string,
    });
    expect(output()).toBe("");
  });
});

describe("due.jq", () => {
  const KEY = "pulumi-nodejs:dynamic/exchange-keys/bybit:SubAccountApiKey";
  const was = { generation: 1, reason: "first", decidedAt: "a", permissions: { Spot: ["SpotTrade"] } };
  const is = { ...was, generation: 2, reason: "due", decidedAt: "b", keepUntil: { "1": "c" } };
  const step = (changes: object = {}, { op = "update", type = KEY, from = was as object | undefined } = {}) => ({
    op,
    newState: { type, inputs: { ...is, ...changes } },
    ...(from === undefined ? {} : { oldState: { type, inputs: from } }),
  });
  const due = (...steps: readonly unknown[]): boolean => {
    const args = ["-e", "-f", join(EXAMPLE, ".github/scripts/due.jq")];
    return spawnSync("jq", args, { input: JSON.stringify({ steps }) }).status === 0;
  };

  test("what is due, what has had its time, and nothing at all", () => {
    expect(due(step())).toBe(true);
    expect(due(step(), step({ generation: 1, reason: "first", keepUntil: {} }), { op: "same" })).toBe(true);
    expect(due()).toBe(true);
  });

  test.each([
    ["another successor than what is due", step({ reason: "reissue" })],
    ["permissions", step({ permissions: { Spot: ["SpotTrade", "Withdraw"] } })],
    ["an input that is taken away", step({ permissions: undefined })],
    ["another type", step({}, { type: "pulumi-nodejs:dynamic:Resource" })],
    ["another provider's type", step({}, { type: "kubernetes:core/v1:Secret" })],
    ["a new key", step({}, { op: "create", from: undefined })],
    ["an end", { op: "delete", oldState: { type: KEY, inputs: was } }],
    ["a replacement", step({}, { op: "replace" })],
    ["an import", step({}, { op: "import" })],
    ["a read", step({}, { op: "read" })],
  ])("not: %s, beside what is due", (_, other) => {
    expect(due(step(), other)).toBe(false);
    expect(due(other, step())).toBe(false);
  });
});

describe("fetch-state.sh", () => {
  const NAME = "redacted-state-production";
  const main = { id: 0, branch: "main" };
  const publish = (text: string, run: { id: number; branch: string; fork?: boolean }, created_at: string, expired = false): void => {
    const file = join(bench.folder, "redacted-state.json");
    writeFileSync(file, text);
    bench.github.upload(NAME, file, run);
    bench.github.change(({ artifacts }) => artifacts.push({ ...artifacts.pop()!, created_at, expired }));
  };
  const fetched = (): Promise<{ code: number | null; stderr: string }> => bench.run("fetch-state.sh", { BASE_BRANCH: "main" });

  test("takes what the base branch published last, wherever it stands in the list", async () => {
    publish("old", { ...main, id: 1 }, "2030-01-01");
    publish("latest", { ...main, id: 2 }, "2030-01-03");
    publish("older", { ...main, id: 3 }, "2030-01-02");
    publish("expired", { ...main, id: 4 }, "2030-01-09", true);
    publish("of a fork's branch of that name", { ...main, id: 5, fork: true }, "2030-01-08");
    publish("of another branch", { id: 6, branch: "evil" }, "2030-01-07");
    expect(await fetched()).toMatchObject({ code: 0 });
    expect(readFileSync(join(bench.out, "redacted-state.json"), "utf8")).toBe("latest");
  });

  test.each([
    ["a fork's", { ...main, id: 5, fork: true }],
    ["another branch's", { id: 6, branch: "evil" }],
  ])("never %s", async (_, run) => {
    publish("hostile", run, "2030-01-01");
    expect(await fetched()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("main has published no state of production yet") as string,
    });
  });
});

describe("artifact.sh", () => {
  const env = { RUN_ID: "1", ARTIFACT: "preview", FILE: "preview.json", LIMIT: "1000" };
  const upload = (text: string, changes: object = {}): void => {
    const file = join(bench.folder, "preview.json");
    writeFileSync(file, text);
    bench.github.upload("preview", file, { id: 1, branch: "main" });
    bench.github.change(({ artifacts }) => artifacts.push({ ...artifacts.pop()!, ...changes }));
    bench.github.calls();
  };
  const refused = async (said: string, calls: number): Promise<void> => {
    const { code, stderr } = await bench.run("artifact.sh", env);
    expect([code, stderr]).toEqual([3, expect.stringContaining(said)]);
    expect(bench.github.calls()).toHaveLength(calls);
  };

  test("what is too large is never fetched; what grows while it is unpacked is cut off, and refused", async () => {
    upload("small", { size_in_bytes: 1001 });
    await refused("artifact preview has 1001 bytes, and 1000 are read at most", 1);
    upload("0".repeat(100_000));
    await refused("preview.json in artifact preview has more than 1000 bytes", 2);
  });

  test("no artifact, and an artifact whose number is none", async () => {
    await refused("run 1 has no artifact preview", 1);
    upload("small", { id: "1/zip?x=" });
    await refused("run 1 has no artifact preview", 1);
    upload("small", { id: 1.5 });
    await refused("run 1 has no artifact preview", 1);
  });

  test("nothing is unpacked to where an archive says", async () => {
    upload("small");
    const [artifact] = bench.github.world.artifacts;
    writeFileSync(join(bench.folder, "pwned"), "x");
    mkdirSync(join(bench.folder, "a/b"), { recursive: true });
    writeFileSync(join(bench.folder, "a/b/preview.json"), "read");
    const zip = join(bench.github.folder, `${artifact!.id}.zip`);
    rmSync(zip);
    execFileSync("zip", ["-q", zip, "../../pwned", "preview.json"], { cwd: join(bench.folder, "a/b") });
    rmSync(join(bench.folder, "pwned"));
    expect(await bench.run("artifact.sh", env)).toMatchObject({ code: 0 });
    expect(readFileSync(join(bench.out, "preview.json"), "utf8")).toBe("read");
    expect([existsSync(join(bench.folder, "pwned")), existsSync(join(bench.out, "pwned"))]).toEqual([false, false]);
  });
});

describe("preview.sh", () => {
  const configuration = (): string => bench.read("project/Pulumi.production.yaml");
  const write = (text: string): void => writeFileSync(join(bench.project, "Pulumi.production.yaml"), text);
  beforeEach(() => writeFileSync(join(bench.out, "redacted-state.json"), '{ "deployment": {} }'));

  test("a stack of its own: production's provider left out, the state imported under its own, no venue asked", async () => {
    write(`encryptionsalt: v1:productions\n${configuration()}`);
    expect(await bench.run("preview.sh")).toMatchObject({ code: 0 });
    expect(JSON.parse(bench.read("imported.json"))).toMatchObject({ deployment: { secrets_providers: { state: { salt: "v1:its-own" } } } });
    expect(configuration()).not.toContain("v1:productions");
    expect(bench.asked().join("\n")).not.toContain("--refresh");
  });

  test("an encrypted value is said, and nothing is previewed", async () => {
    write(`${configuration()}  other:token:\n    secure: v1:ciphertext\n`);
    const { code, stderr } = await bench.run("preview.sh");
    expect([code, stderr]).toEqual([1, expect.stringContaining("Pulumi.production.yaml holds an encrypted value")]);
    expect(bench.asked()).toEqual([]);
  });
});

describe("drift.sh", () => {
  const MARKER = "<!-- exchange-keys drift of production -->";
  const HEAD = "<!-- exchange%2Dkeys%20drift keys%2Fproduction -->\n";
  const differs = (line: string): string => `${HEAD}### 1 of 2 keys of keys/production differs\n\n- ${line}\n`;
  const SAME = `${HEAD}### 2 keys of keys/production are as declared\n`;
  const issue = (login: string, body: string, number: number) => ({
    number,
    user: { login },
    body,
    state: "open",
    title: "",
    labels: ["exchange-keys-drift"],
  });
  const open = (...issues: readonly ReturnType<typeof issue>[]): void => {
    bench.github.change((world) => world.issues.push(...issues));
  };
  const look = (RUN_URL = "https://github.invalid/run/1") => bench.run("drift.sh", { RUN_URL });
  const writes = (): readonly string[] => bench.github.writes().map(({ method, path }) => `${method} ${path}`);

  test.each([
    ["crashes with 1", { code: 1 }],
    ["crashes with 1 after a line", { code: 1, stdout: "Killed\n" }],
    ["ends with 0 and nothing said", { code: 0 }],
    ["ends with 0, and says that something differs", { code: 0, stdout: differs("`risk`") }],
    ["ends with 1, and says that nothing does", { code: 1, stdout: SAME }],
    ["was cut off", { code: 1, stdout: HEAD }],
    ["ends with 0 without its marker", { code: 0, stdout: SAME.replace(HEAD, "\n") }],
    ["doesn't know", { code: 3, stdout: `${HEAD}### Whether keys of keys/production have drifted isn't known\n` }],
    ["was killed", { code: 137 }],
  ])("a look that %s: nobody knows, and the issue stays as it is", async (_, answer) => {
    open(issue("github-actions[bot]", `${MARKER}\n${differs("`risk`")}`, 7));
    bench.answers(answer);
    const { code, stderr } = await look();
    expect([code, stderr]).toEqual([
      answer.code > 1 ? answer.code : 3,
      expect.stringContaining("whether production has drifted isn't known"),
    ]);
    expect(writes()).toEqual([]);
  });

  test.each([
    ["2 keys of keys/production are as declared", 0],
    ["1 key of keys/production is as declared", 0],
    ["There are no keys of keys/production", 0],
    ["2 of 3 keys of keys/production differ", 1],
    ["1 of 1 key of keys/production differs", 1],
    ["1 of 2 keys of keys/production differs; whether others do isn't known", 3],
  ])("%j is an answer", async (headline, code) => {
    bench.answers({ code, stdout: `${HEAD}### ${headline}\n` });
    expect(await look()).toMatchObject({ code, stderr: "" });
    expect(writes()).toEqual(code === 0 ? [] : ["POST issues"]);
  });

  test("a stranger's issue with the marker, and another stack's, are left alone", async () => {
    const others = [issue("stranger", `${MARKER}\nforged`, 7), issue("github-actions[bot]", MARKER.replace("production", "staging"), 8)];
    open(...others);
    bench.answers({ code: 0, stdout: SAME });
    expect(await look()).toMatchObject({ code: 0 });
    expect(writes()).toEqual([]);
    bench.answers({ code: 1, stdout: differs("`risk`") });
    expect(await look()).toMatchObject({ code: 1 });
    expect(writes()).toEqual(["POST issues"]);
  });

  test("what differs otherwise than before is told by a comment; the same is not", async () => {
    bench.answers({ code: 1, stdout: differs("`risk`: label") });
    await look();
    await look("https://github.invalid/run/2");
    expect(writes()).toEqual(["POST issues", "PATCH issues/100"]);
    bench.answers({ code: 1, stdout: differs("`risk`: may withdraw") });
    await look("https://github.invalid/run/3");
    const [comment, edit] = bench.github.writes();
    expect(comment).toMatchObject({ method: "POST", path: "issues/100/comments" });
    expect(String(comment!.body!["body"])).toMatch(/^What differs has changed: https:\/\/github.invalid\/run\/3\n[^]*may withdraw/);
    expect(edit).toMatchObject({ method: "PATCH", path: "issues/100" });
    await look("https://github.invalid/run/4");
    expect(writes()).toEqual(["PATCH issues/100"]);
  });
});

describe("review.sh", () => {
  const env = { RUN_ID: "1", HEAD_OWNER: "stranger", HEAD_BRANCH: "wider", HEAD_SHA: SHA };
  const proposed = (files: readonly string[], sha = SHA): void => {
    bench.github.change((world) => {
      world.pulls.push({ number: 7, head: { label: "stranger:wider", sha } });
      world.files.push(...files.map((filename) => ({ filename })));
    });
    writeFileSync(join(bench.folder, "preview.json"), "{}");
    bench.github.upload("preview", join(bench.folder, "preview.json"), { id: 1, branch: "wider" });
  };
  const reviewed = async () => {
    bench.github.calls();
    expect(await bench.run("review.sh", env)).toMatchObject({ code: 0 });
    const [comment, status, ...others] = bench.github.writes();
    expect(others).toEqual([]);
    expect(status).toMatchObject({ method: "POST", path: `statuses/${SHA}`, body: { context: "exchange-keys review of production" } });
    return { body: String(comment!.body!["body"]).replace(/^.*\n/, ""), state: status!.body!["state"] };
  };

  test("names the commit that it is about, and says so at that commit", async () => {
    proposed(["index.ts"]);
    bench.answers({ stdout: REVIEW });
    const { body, state } = await reviewed();
    expect(state).toBe("success");
    expect(body.split("\n")[0]).toBe("**Widens: `risk` may now trade.**");
    expect(body).toContain(`of commit ${SHA.slice(0, 12)}.`);
    expect(body).not.toMatch(/Look at these first|3,000/);
  });

  test("a commit that is no pull request's head any more, and one that is none, write nothing", async () => {
    proposed(["index.ts"], "f".repeat(40));
    bench.answers({ stdout: REVIEW });
    bench.github.calls();
    expect(await bench.run("review.sh", env)).toMatchObject({ code: 0, stdout: expect.stringContaining("any more") as string });
    expect(await bench.run("review.sh", { ...env, HEAD_SHA: "main" })).toMatchObject({ code: 2 });
    expect(bench.github.writes()).toEqual([]);
  });

  test.each([
    [
      "can't tell",
      { code: 3, stdout: REVIEW },
      /^The preview can't be reviewed \(exit code 3\).*\*\*Widens: `risk` may now trade\.\*\*\n[^]*### Widens/,
    ],
    ["fails on a condition", { code: 1, stdout: REVIEW }, /^\*\*Widens: `risk` may now trade\.\*\*\n[^]*### Widens/],
    ["crashes", { code: 1 }, /^The preview can't be reviewed \(exit code 1\): see the run of this review\.\n/],
    ["says nothing", { code: 0 }, /^The preview can't be reviewed \(exit code 0\)/],
    ["says something else", { code: 0, stdout: "**fine**\n" }, /^The preview can't be reviewed \(exit code 0\)/],
  ])("a review that %s: told, and the commit doesn't pass", async (_, answer, said) => {
    proposed(["index.ts"]);
    bench.answers(answer);
    const { body, state } = await reviewed();
    expect([state, body]).toEqual(["failure", expect.stringMatching(said)]);
    expect(body).toContain(`of commit ${SHA.slice(0, 12)}.`);
  });

  test("however many files there are, those that decide most come first, and none of their names is long", async () => {
    const many = Array.from({ length: 60 }, (_, index) => `.github/a${index}/${"x".repeat(2000)}`);
    const others = Array.from({ length: 60 }, (_, index) => `a/Pulumi.${index}.yaml`);
    const first = ["Pulumi.json", "Pulumi.production.yaml", "Pulumi.yaml", ".npmrc", "package-lock.json", "tsconfig.json"];
    const next = [".github/CODEOWNERS", ".github/workflows/up.yml", ".github/scripts/up.sh"];
    proposed([...many, ...others, ...next, ...first, "index.ts"]);
    bench.answers({ stdout: REVIEW });
    const { body } = await reviewed();
    const lines = body.split("\n").filter((line) => line.startsWith("- "));
    expect(lines.slice(0, 9)).toEqual([...first, ...next].map((name) => `- \`${name}\``));
    expect(lines).toHaveLength(51);
    expect(lines.at(-1)).toBe("- and 79 more");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(210);
    expect(body).toContain("### Widens");
  });

  test.each(["cfg/Pulumi.production.yaml", "Pulumi.json", "evil/Pulumi.yml", "docs/CODEOWNERS", "evil/tsconfig.json"])(
    "%s is among them",
    async (name) => {
      proposed([name, "index.ts"]);
      bench.answers({ stdout: REVIEW });
      expect((await reviewed()).body).toContain(`Look at these first.** They decide what runs, and with what:\n\n- \`${name}\`\n`);
    },
  );

  test("where GitHub's list ends, that is said", async () => {
    proposed(Array.from({ length: 3000 }, (_, index) => `a${index}`));
    bench.answers({ stdout: REVIEW });
    expect((await reviewed()).body).toContain("**GitHub lists 3,000 files of a pull request and no more");
  });

  test("a comment that has no room is cut, and a stranger's marker isn't followed", async () => {
    proposed(["index.ts"]);
    const forged = { id: 1, number: 7, user: { login: "stranger" }, body: "<!-- exchange-keys review of production -->\nforged" };
    bench.github.change((world) => world.comments.push(forged));
    bench.answers({ stdout: `${REVIEW}${"x".repeat(70_000)}\n` });
    const { body } = await reviewed();
    expect(body.length).toBeLessThan(60_200);
    expect(body).toMatch(/x\n\n… cut off here: the run has the rest\.$/);
    expect(bench.github.world.comments[0]).toEqual(forged);
  });
});

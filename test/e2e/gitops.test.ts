// examples/gitops/github-actions from the first apply to a renewal: its workflows' own shell steps, on the real engine and a sandbox, with gh
// standing in for GitHub. What a job may do is what its permissions and its environment say.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Estate, PASSPHRASE } from "./gitops/estate";
import type { Ran } from "./gitops/workflow";
import { found } from "./traces";

let estate: Estate;
beforeAll(async () => {
  estate = await Estate.open();
});
afterAll(() => estate?.close());

const SHA = "0123456789abcdef0123456789abcdef01234567";
const HOSTILE = 'x`touch ../pwned`$(touch ../pwned)";touch ../pwned;"';

const living = () => estate.market.living("bybit");
const results = (ran: Record<string, Ran>): Record<string, string> =>
  Object.fromEntries(Object.entries(ran).map(([name, { result }]) => [name, result]));
const succeeded = (ran: Record<string, Ran>): void => {
  const failed = Object.entries(ran).filter(([, { result }]) => result === "failure");
  if (failed.length > 0) throw new Error(failed.map(([name, { text }]) => `${name}:\n${text}`).join("\n"));
};

/** A pull request's preview, and the review of it. */
async function proposed(branch: string): Promise<{ preview: Record<string, Ran>; review: Record<string, Ran> }> {
  const event = { default_branch: "main" };
  const github = { event_name: "pull_request", event: { repository: event, pull_request: { number: 7 } } };
  const preview = await estate.run("preview.yml", github, {
    commit: branch,
    run: { id: estate.latestRun + 1, branch: "main", fork: true },
  });
  return { preview, review: await reviewed() };
}

/** The review of the run before it. */
function reviewed(): Promise<Record<string, Ran>> {
  const head_repository = { id: 2, owner: { login: "stranger" } };
  const workflow_run = { id: estate.latestRun, event: "pull_request", head_sha: SHA, head_branch: HOSTILE, head_repository };
  return estate.run("review.yml", { event_name: "workflow_run", event: { workflow_run } });
}

test("apply: planned, approved, applied, and its redacted state published", async () => {
  const ran = await estate.run("apply.yml");
  succeeded(ran);
  expect(results(ran)).toEqual({ plan: "success", approval: "success", up: "success", publish: "success" });
  expect(ran["plan"]!.text).toContain("hedge"); // what the approver reads
  expect(ran["plan"]!.outputs["sha256"]).toMatch(/^[0-9a-f]{64}$/);
  expect(await living()).toHaveLength(2);
  const { artifacts } = estate.github.world;
  expect(artifacts.map(({ name }) => name)).toEqual(["approved", "redacted-state-production"]);
});

test("a pull request: its preview asks no venue, knows no secret, and is reviewed in one comment", async () => {
  estate.github.change((world) => {
    world.pulls.push({ number: 7, head: { label: `stranger:${HOSTILE}`, sha: SHA } });
    world.files = [{ filename: "index.ts" }, { filename: "package-lock.json" }, { filename: ".github/workflows/`x`\n<b>.yml" }];
    const forged = "<!-- exchange-keys review of production -->\nforged";
    world.comments.push({ id: 1, number: 7, user: { login: "stranger" }, body: forged });
  });
  const branch = estate.branch("wider", (program) => program.replace('access: "read-only"', 'access: "read-write"'));
  estate.github.calls();
  const asked = await estate.market.during("bybit", async () => {
    const { preview, review } = await proposed(branch);
    succeeded({ ...preview, ...review });
  });
  expect(asked).toEqual([]);
  const [written, status, ...others] = estate.github.writes();
  expect(others).toEqual([]);
  expect(status).toMatchObject({ path: `statuses/${SHA}`, body: { state: "success", context: "exchange-keys review of production" } });
  expect(written).toMatchObject({ method: "POST", path: "issues/7/comments" });
  const { body } = written!.body as { body: string };
  const lines = body.split("\n");
  expect(lines[0]).toBe("<!-- exchange-keys review of production -->");
  expect(lines[1]).toMatch(/risk.*trade/);
  expect(body).toContain("Claimed by the pull request");
  expect(body).toContain("- `package-lock.json`\n- `.github/workflows/?x???b?.yml`\n");
  expect(body).not.toContain("- `index.ts`");
  expect(body.indexOf("Look at these first")).toBeLessThan(body.indexOf("- risk") === -1 ? Infinity : body.indexOf("- risk"));
});

test("pushed again, the comment is changed in place; a preview that can't be read is said so", async () => {
  const branch = estate.branch("other", (program) => program.replace('"fra1 gateway"', '"fra1, the gateway"'));
  succeeded((await proposed(branch)).review);
  const [changed, ...others] = estate.github.writes();
  expect(others).toMatchObject([{ path: `statuses/${SHA}` }]);
  expect(changed).toMatchObject({ method: "PATCH", path: "issues/comments/1001" });

  const broken = estate.branch("broken", () => "throw new Error('a program that fails');");
  const { preview, review } = await proposed(broken);
  expect(results(preview)).toEqual({ preview: "failure" });
  succeeded(review);
  const hostile: readonly (readonly [what: string, text: string])[] = [
    ["not JSON", "<script>alert(1)</script>"],
    ["too large", "0".repeat(21_000_000)],
  ];
  for (const [, text] of hostile) {
    const file = join(estate.stack.folder, "preview.json");
    writeFileSync(file, text);
    estate.github.upload("preview", file, { id: estate.latestRun, branch: "main", fork: true });
    succeeded(await reviewed());
  }
  for (const { method, path, body } of estate.github.writes()) {
    if (path.startsWith("statuses/")) {
      expect(body!["state"]).toBe("failure");
      continue;
    }
    expect(method).toBe("PATCH");
    expect(String(body!["body"])).toMatch(/^<!-- .* -->\nThe preview (failed|can't be reviewed)/);
    expect(String(body!["body"])).not.toContain("script");
  }
});

test("nothing of a stranger's was run, and no pull request's job had a secret", () => {
  const left = readdirSync(estate.stack.folder, { recursive: true }).map(String);
  expect(left.filter((file) => file.endsWith("pwned"))).toEqual([]);
  const jobs = left.filter((file) => /^job-[^/]+$/.test(file) && existsSync(join(estate.stack.folder, file, "out/redacted-state.json")));
  expect(jobs.length).toBeGreaterThan(2);
  const [apiKey, apiSecret] = Object.values(estate.market.env);
  const secrets = { apiKey: apiKey!, apiSecret: apiSecret!, passphrase: PASSPHRASE };
  const folders = jobs.map((job) => join(estate.stack.folder, job, "out"));
  expect(found(secrets, { state: readFileSync(join(folders[0]!, "redacted-state.json"), "utf8") }, folders)).toEqual([]);
});

test("drift: nothing at first, an issue once somebody widens a list, the same issue the next night, closed when it is mended", async () => {
  estate.github.calls();
  const same = await estate.run("drift.yml", { event_name: "schedule" });
  succeeded(same);
  expect(estate.github.writes()).toEqual([]);

  const [key] = await living();
  const { edit } = estate.market.kind("bybit", "SubAccountApiKey");
  if (typeof edit !== "function") throw new Error("Bybit's keys can be edited");
  await edit(estate.market.control, key!);
  for (const write of [
    { method: "POST", path: "issues" },
    { method: "PATCH", path: "issues/100" },
  ]) {
    const { drift } = await estate.run("drift.yml", { event_name: "schedule" });
    expect([drift!.result, drift!.text]).toEqual(["failure", expect.not.stringContaining("isn't known")]);
    expect(estate.github.writes()).toMatchObject([write]);
  }
  const [issue] = estate.github.world.issues;
  expect(issue).toMatchObject({ state: "open", labels: ["exchange-keys-drift"], title: "Drift: keys of production aren't as declared" });

  succeeded(await estate.run("apply.yml", { event_name: "workflow_dispatch" }));
  estate.github.calls();
  succeeded(await estate.run("drift.yml", { event_name: "schedule" }));
  const closing = [
    { method: "POST", path: "issues/100/comments" },
    { method: "PATCH", path: "issues/100", body: { state: "closed" } },
  ];
  expect(estate.github.writes()).toMatchObject(closing);
});

test("drift that nobody can see leaves the issue alone, and fails", async () => {
  const secrets = { ...estate.runner.secrets, observe: { PULUMI_CONFIG_PASSPHRASE: "another" } };
  const { drift } = await estate.run("drift.yml", { event_name: "schedule" }, {}, secrets);
  expect(drift!.result).toBe("failure");
  expect(drift!.text).toContain("isn't known (exit code 3)");
  expect(estate.github.writes()).toEqual([]);
});

test("renew: nothing before its time, refused while a merged change waits, and then only what is due", async () => {
  const none = await estate.run("renew.yml", { event_name: "schedule" });
  succeeded(none);
  expect(results(none)).toEqual({ plan: "success", approval: "skipped", up: "skipped", publish: "success" });

  await estate.market.control.post("/clock", { advance: "31d" });
  const before = readFileSync(join(estate.main, "index.ts"), "utf8");
  estate.merge(estate.branch("waiting", (program) => program.replace('holder: "risk desk"', 'holder: "the risk desk"')));
  const waiting = await estate.run("renew.yml", { event_name: "schedule" });
  expect(results(waiting)).toEqual({ plan: "failure", approval: "skipped", up: "skipped", publish: "skipped" });
  expect(waiting["plan"]!.text).toContain("merged changes wait to be applied");

  writeFileSync(join(estate.main, "index.ts"), before);
  const ran = await estate.run("renew.yml", { event_name: "schedule" });
  succeeded(ran);
  expect(results(ran)).toEqual({ plan: "success", approval: "skipped", up: "success", publish: "success" });
  for (const name of ["hedge", "risk"]) expect(estate.stack.resource(name)!.outputs).toMatchObject({ generation: 2, reason: "due" });
});

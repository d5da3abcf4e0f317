// A redacted state on the real engine: imported elsewhere under another passphrase, it gives the preview that the true one would, without any
// managing credential.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Market } from "./market";
import { start, type Ended } from "./processes";
import { changes, ok, root, Stack, type Resource } from "./stack";
import { forms, found } from "./traces";

const COMMAND = join(root, "cli/dist/main.js");
const MANAGING = "sandbox-a-managing-secret-in-the-configuration";

let market: Market;
let stack: Stack<Market>;
let review: Stack<Market>;
beforeAll(async () => {
  market = await Market.open(["bybit", "okx"]);
  stack = await Stack.open(market, { project: "desk", stack: "production" });
  Object.assign(stack.env, market.env);
  stack.configure({ accounts });
  await ok(stack.run("config", "set", "--secret", "desk:managing", MANAGING));
  review = await Stack.open(market, { project: "desk", stack: "production" });
  await ok(review.run("stack", "rm", "--yes"));
  review.env["PULUMI_CONFIG_PASSPHRASE"] = "thrown away";
  await ok(review.run("stack", "init", "production"));
  for (const name of ["BFX_KEY", "BFX_SECRET", ...Object.keys(market.env)]) delete review.env[name];
});
afterAll(async () => {
  await stack?.close();
  await review?.close();
  await market?.close();
});

/** Aliases by references: what the stack's file has, in production and in the pull request alike. */
const accounts = {
  get bybit() {
    return market.settings("bybit");
  },
  get okx() {
    return market.settings("okx");
  },
};

function program(permissions: string, more = ""): string {
  return `
    const { bybit, okx } = require("pulumi-exchange-keys");
    const pulumi = require("@pulumi/pulumi");
    const desk = bybit.account("bybit").subAccount("53888000");
    const rotation = { every: "30d", overlap: "24h" };
    const from = { "203.0.113.10": "fra1 gateway" };
    const hedge = new bybit.SubAccountApiKey("hedge", {
      account: desk, access: "read-write", permissions: ${permissions}, allowedIps: from, rotation,
    });
    const maker = new okx.SubAccountApiKey("maker", {
      account: okx.account("okx").subAccount("deskalpha"), permissions: ["read_only"], allowedIps: from,
    });
    ${more}
    exports.credentials = { hedge: hedge.credential, maker: maker.credential };
    exports.where = hedge.credential.apply(({ venue, environment }) => venue + "/" + environment);
    exports.managing = new pulumi.Config("desk").getSecret("managing");
  `;
}
const ORDERS = '{ ContractTrade: ["Order", "Position"] }';

const redact = (text: string): Promise<Ended> => start(process.execPath, [COMMAND, "redact"], stack.cwd, stack.env, text).ended;

/** As a pull request's job does it: the CLI wants to know what it is to encrypt the dummies with. */
async function imported(redacted: string): Promise<void> {
  const salt = /^encryptionsalt: (.*)$/m.exec(readFileSync(join(review.cwd, "Pulumi.production.yaml"), "utf8"))![1];
  const state = JSON.parse(redacted) as { deployment: Record<string, unknown> };
  state.deployment["secrets_providers"] = { type: "passphrase", state: { salt } };
  review.program(JSON.stringify(state), "state.json");
  await ok(review.run("stack", "import", "--file", "state.json"));
}

const secretsOf = (show: string): Record<string, string> => {
  const all = [...show.matchAll(/\\"(?:apiKey|apiSecret|passphrase)\\":\\"([^"\\]+)\\"/g)].map(([, secret]) => secret!);
  return Object.fromEntries([MANAGING, ...new Set(all)].map((secret, n) => [`secret ${n}`, secret]));
};

test("export, redact, import under another passphrase: no secret has come along", async () => {
  stack.program(program(ORDERS));
  await ok(stack.up());
  const shown = await stack.export("--show-secrets");
  const secrets = secretsOf(shown);
  expect(Object.keys(secrets).length).toBeGreaterThan(4);

  const { code, stdout, stderr } = await redact(await stack.export());
  expect(stderr).toMatch(/^redact: \d+ secrets replaced, in a state of \d+ resources\n$/);
  expect(code).toBe(0);
  expect(stdout).not.toContain("ciphertext");
  const plain = await redact(shown);
  expect(plain.code).toBe(0);
  expect(plain.stdout).toBe(stdout.replace(/"time": ".*"/, /"time": ".*"/.exec(plain.stdout)![0]));

  await imported(stdout);
  expect(found(secrets, { redacted: stdout, again: await review.export("--show-secrets") }, [review.folder])).toEqual([]);
  expect(forms(MANAGING).some((form) => shown.includes(form))).toBe(true);
  const [before, after] = [stack, review].map((each) => each.resource("hedge")!.outputs);
  expect(after!["fingerprint"]).toBe(before!["fingerprint"]);
  expect(JSON.stringify(after!["credential"])).toContain("ciphertext"); // under the throw-away passphrase
});

test("an unchanged program: the preview says same, and asks no venue", async () => {
  review.configure({ accounts });
  review.program(program(ORDERS));
  const asked = await market.during("bybit", async () => {
    const all = await allSteps();
    expect(all.map(({ op }) => op)).toEqual(all.map(() => "same"));
    expect(all.filter(({ urn }) => urn.includes("exchange-keys"))).toHaveLength(2);
  });
  expect(asked).toEqual([]);
});

/** Every step, those that stay the same included. */
async function allSteps(): Promise<readonly { readonly op: string; readonly urn: string; readonly newState?: Resource }[]> {
  const { stdout } = await ok(review.run("preview", "--json", "--show-sames"));
  return (JSON.parse(stdout) as { steps: { op: string; urn: string }[] }).steps;
}

test("a changed program: exactly the change, as the true state shows it", async () => {
  const wider = program('{ ContractTrade: ["Order", "Position"], Wallet: ["AccountTransfer"] }');
  for (const each of [stack, review]) each.program(wider);
  const [truth, claimed] = [await ok(stack.preview()), await ok(review.preview())];
  expect(claimed.steps.map(({ op, urn }) => [op, urn])).toEqual(truth.steps.map(({ op, urn }) => [op, urn]));
  expect(claimed.steps).toHaveLength(1);
  const withoutTime = ({ decidedAt: _, ...others }: Record<string, unknown>): unknown => others;
  expect(withoutTime(changes(claimed.steps[0]!))).toEqual(withoutTime(changes(truth.steps[0]!)));
});

test("a key that retires beside its successor, one that goes, and one that comes", async () => {
  stack.program(program(ORDERS));
  stack.program(program(ORDERS).replace("rotation,", 'rotation, reissue: "1",'));
  await ok(stack.up());
  const { stdout } = await redact(await stack.export());
  await imported(stdout);
  const changed = program(ORDERS)
    .replace("rotation,", 'rotation, reissue: "1",')
    .replace('okx.SubAccountApiKey("maker"', 'okx.SubAccountApiKey("other"');
  for (const each of [stack, review]) each.program(changed);
  const [truth, claimed] = [await ok(stack.preview()), await ok(review.preview())];
  expect(claimed.steps.map(({ op, urn }) => [op, urn])).toEqual(truth.steps.map(({ op, urn }) => [op, urn]));
  expect(claimed.steps.map(({ op }) => op).sort()).toEqual(["create", "delete"]);
});

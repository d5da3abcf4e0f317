// The policy pack on the real engine: every rule broken and kept, what isn't known before `up`, wrong configurations, and a pack without
// its packages. Each run of the CLI has many keys in it.

import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RULES } from "../../provider/policy/rules";
import { BROKEN } from "./broken";
import { Market } from "./market";
import { copyPack, violations } from "./pack";
import { fails, ok, root, Stack } from "./stack";

let market: Market;
let stack: Stack<Market>;
let pack: string;
beforeAll(async () => {
  market = await Market.open(["bybit", "bitfinex", "deribit", "okx"]);
  stack = await Stack.open(market);
  Object.assign(stack.env, market.env);
  const accounts = Object.fromEntries(market.venues.map((venue) => [venue, market.settings(venue)]));
  stack.configure({ accounts: { ...accounts, main: accounts["bybit"], other: accounts["bybit"] } });
  pack = copyPack(stack, "pack");
});
afterAll(async () => {
  await stack?.close();
  await market?.close();
});

/** Runs with the pack, told this. */
function withPack(configuration: unknown, folder = pack): readonly string[] {
  const file = join(stack.folder, "policy.json");
  writeFileSync(file, JSON.stringify(configuration));
  return ["--policy-pack", folder, "--policy-pack-config", file];
}

const HEAD = `const keys = require("pulumi-exchange-keys");
const pulumi = require("@pulumi/pulumi");
const desk = keys.bybit.account("main").subAccount("53888000");
const good = { account: desk, access: "read-only", permissions: { Spot: ["SpotTrade"] }, rotation: { every: "30d" }, holder: "hedger at fra1", purpose: "hedging" };
const key = (name, args) => new keys.bybit.SubAccountApiKey(name, { ...good, ...args });
const token = (name, args) => new keys.bitfinex.AccessToken(name, { account: keys.bitfinex.account("bitfinex"), lifetime: "24h", holder: "hedger at fra1", purpose: "reports", ...args });
`;

/** What every rule is told in these runs. */
const TOLD = {
  "no-withdraw": { keys: ["payout*"], approval: "^TREASURY-\\d+$" },
  "ips-within": { within: ["203.0.113.0/24", "198.51.100.0/24"], ipv4: 28 },
  "lifetime-at-most": { atMost: "1d" },
  "rotation-declared": { enforcementLevel: "mandatory", atMost: "30d" },
  "allowed-accounts": { accounts: ["main", "bitfinex", "deribit", "okx"] },
  "allowed-venues": { venues: ["bybit", "bitfinex"], stacks: [{ match: ["dev"], venues: ["bybit", "bitfinex", "deribit"] }] },
  "allowed-environments": { environments: ["sandbox"] },
  "holder-and-purpose": { holder: "^[a-z]+ at [a-z0-9]+$", stacks: [{ match: ["desk/dev"], enforcementLevel: "mandatory" }] },
  acknowledge: "mandatory",
  "keys-per-account": { atMost: 30 },
};

test("every rule broken: preview fails, and says what and why", async () => {
  stack.program(`${HEAD}
key("anywhere", { allowedIps: "anywhere" });
new keys.okx.SubAccountApiKey("wide", { account: keys.okx.account("okx").subAccount("deskalpha"), permissions: ["read_only"], allowedIps: ["203.0.113.0/27"], rotation: { every: "30d" }, holder: "books at fra1", purpose: "books" });
key("outside", { allowedIps: ["192.0.2.1"] });
key("still", { allowedIps: ["203.0.113.1"], rotation: undefined });
key("nobody", { allowedIps: ["203.0.113.2"], holder: "Bob", purpose: undefined });
key("foreign", { allowedIps: ["203.0.113.3"], account: keys.bybit.account("other").subAccount("53888000") });
key("mover", { allowedIps: ["203.0.113.4"], access: "read-write", permissions: { Wallet: ["AccountTransfer"] } });
key("twin", { allowedIps: ["203.0.113.5"] });
key("twin2", { allowedIps: { "203.0.113.5": "the same place" } });
token("thief", { permissions: { withdraw: "read-write", orders: "read-write" }, allowedIps: "anywhere" });
token("payout", { permissions: { withdraw: "read-write" }, allowedIps: ["203.0.113.6"] });
token("long", { permissions: { wallets: "read" }, allowedIps: ["203.0.113.7"], lifetime: "2d", rotation: { every: "1d" } });
class Strange extends pulumi.dynamic.Resource {
  constructor(name) { super({ create: async () => ({ id: "1", outs: {} }) }, name, { venue: "moonbase" }, {}, "exchange-keys/moonbase", "ApiKey"); }
}
new Strange("newer");
`);
  const told = {
    ...TOLD,
    "allowed-environments": { environments: ["production"] },
    "allowed-venues": { venues: ["bybit"] },
    "public-key-only": { in: ["dev"] },
    "keys-per-account": { atMost: 6 },
  };
  const { text } = await fails(stack.run("preview", ...withPack(told)));
  const said = violations(text);
  expect(said).toEqual(BROKEN);
  const rules = RULES.map(({ id }) => id).filter((id) => id !== "age-at-most"); // nothing is old yet
  expect(rules.filter((id) => !said.some((line) => line.includes(` ${id} (`)))).toEqual([]);
});

const PEM = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" });
const KEPT = `${HEAD}
const first = key("first", { allowedIps: { "203.0.113.10": "gateway" } });
const later = (address) => first.fingerprint.apply(() => address);
token("payout", { permissions: { wallets: "read" }, allowedIps: ["203.0.113.10"], acknowledge: "tried from outside", approval: "TREASURY-12" });
const pair = ${JSON.stringify(PEM)};
new keys.deribit.ApiKey("signer", { account: keys.deribit.account("deribit"), permissions: { account: "read", trade: "read" }, allowedIps: ["203.0.113.12"], publicKey: pair, holder: "signer at fra1", purpose: "hedging" });
`;

test("every rule kept: what a preview can't know is told, up asks again, and all is made", async () => {
  stack.program(`${KEPT}
key("second", { allowedIps: [later("203.0.113.10")], account: keys.bybit.account("main").subAccount("53888001") });
`);
  const { text } = await ok(stack.run("up", "--yes", ...withPack(TOLD)));
  const [preview = "", up = ""] = text.split("\nUpdating (dev):");
  const unknown = '(second) "second": allowedIps isn\'t known until up, which asks this rule again';
  expect(violations(preview)).toEqual([
    `[advisory] [severity: high] ips-within ${unknown}`,
    `[advisory] [severity: high] no-anywhere ${unknown}`,
    `[advisory] [severity: low] no-twins ${unknown}`,
    `[advisory] [severity: medium] acknowledge ${unknown.replace("allowedIps", "unverified")}`,
  ]);
  expect(violations(up)).toEqual([]);
  expect(up).toContain("✅ exchange-keys@v0.1.0");
  expect(stack.resources()).toHaveLength(4);
});

test("what turns out wrong in up is stopped there, before it is made; a key that is too old is told of", async () => {
  stack.program(`${KEPT}
key("second", { allowedIps: [later("192.0.2.7")] });
`);
  const before = (await market.living("bybit")).length;
  const told = { ...TOLD, "age-at-most": { enforcementLevel: "mandatory", atMost: "1s" } };
  const { text } = await fails(stack.up(...withPack(told)));
  expect(violations(text).filter((line) => !line.includes("age-at-most"))).toEqual([
    '[mandatory] [severity: high] ips-within (second) "second": its address isn\'t within 203.0.113.0/24, 198.51.100.0/24; name other addresses',
  ]);
  expect((await market.living("bybit")).length).toBe(before);
  stack.program(KEPT);
  const aged = violations((await fails(stack.run("preview", ...withPack(told)))).text);
  expect(aged.map((line) => line.replace(/\d{4}-\d\d-\d\d/, "that day"))).toEqual(
    ["first", "payout", "signer"].map(
      (name) => `[mandatory] [severity: medium] age-at-most (${name}) "${name}": it was made on that day, more than 1s ago; renew it`,
    ),
  );
});

test("own rules that take their time: what they report counts, and a rejected promise fails the run; no secret text is told", async () => {
  const own = copyPack(stack, "own");
  const rules = (judge: string): void => {
    writeFileSync(
      join(own, "index.js"),
      `const { PolicyPack } = require("@pulumi/policy");
const { keyPolicies, keyRule, stackRule } = require("pulumi-exchange-keys/policy");
const later = () => new Promise((resolve) => setTimeout(resolve, 300));
const told = { "holder-and-purpose": { enforcementLevel: "mandatory", holder: "^T" } };
new PolicyPack("own", { policies: keyPolicies(told, [${judge}]) });
`,
    );
  };
  stack.program(`${KEPT}
key("second", { allowedIps: ["203.0.113.10"], account: keys.bybit.account("main").subAccount("53888001"), holder: pulumi.secret("hunter2") });
`);
  rules('keyRule("slow", async (key, report) => { await later(); if (key.name === "second") report("told late"); })');
  const { text } = await fails(stack.run("preview", "--policy-pack", own));
  expect(violations(text)).toContain('[mandatory] [severity: high] slow (second) "second": told late');
  expect(violations(text)).toContain(
    '[mandatory] [severity: low] holder-and-purpose (second) "second": its holder doesn\'t fit ^T; give one that does',
  );
  expect(text).not.toContain("hunter2");
  for (const make of ["keyRule", "stackRule"]) {
    const level = '{ enforcementLevel: "advisory" }';
    rules(`${make}("broken", ${level}, async () => { await later(); throw new TypeError("a mistake of its own"); })`);
    stack.program(KEPT);
    const broken = await fails(stack.run("preview", "--policy-pack", own));
    expect(broken.text).toContain("a mistake of its own");
  }
});

test.each([
  ["shape", { "keys-per-account": { atMost: "many" } }, "keys-per-account: atMost: Invalid type. Expected: integer, given: string"],
  [
    "value",
    { "age-at-most": { stacks: [{ match: ["dev"], atMost: "soon" }] } },
    "policy configuration age-at-most.stacks[0].atMost: write a whole number and one unit",
  ],
])("a wrong configuration is refused with its path: %s", async (_, configuration, message) => {
  const { text } = await fails(stack.run("preview", ...withPack(configuration)));
  expect(text).toContain(message);
  expect(text).not.toMatch(/^\s+at .*\(/m);
});

test("a pack without the package says what to do", async () => {
  const modules = join(stack.folder, "some");
  mkdirSync(modules);
  for (const each of ["@pulumi", "typescript", "ts-node"]) symlinkSync(join(root, "node_modules", each), join(modules, each));
  const bare = copyPack(stack, "bare", modules);
  const { text } = await fails(stack.run("preview", ...withPack({}, bare)));
  expect(text).toContain(`The policy pack in ${bare} lacks pulumi-exchange-keys/policy: run \`npm install\` there.`);
});

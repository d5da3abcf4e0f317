// Bad input, as `check` of the real process refuses it: what is wrong, where, and the way out, in full. No request leaves.

import type { ProviderProcess } from "./process";
import type { Properties } from "./program";
import { Stage } from "./stage";

let stage: Stage;
let provider: ProviderProcess;
beforeAll(async () => {
  stage = await Stage.open();
  const real = { venue: "bitfinex", environment: "production", apiKeyEnv: "NOT_SET", apiSecretEnv: "NOT_SET" };
  provider = await stage.start(stage.config({ main: stage.account(), real, okx: { ...real, venue: "okx" } }));
});
afterEach(async () => {
  expect(await stage.requests()).toEqual([]);
});
afterAll(async () => {
  await stage.settle();
  await stage.close();
});

/** The failures, as `path: sentence`; what is refused is given back as it was. */
async function told(changes: Properties): Promise<string[]> {
  const news = { ...stage.inputs, ...changes };
  const { inputs, failures } = await provider.check(news);
  if (failures.length > 0) expect(inputs).toEqual(JSON.parse(JSON.stringify(news)));
  return failures.map(({ property, reason }) => `${property}: ${reason}`);
}

const ALLOWED = 'allowed are account, orders, funding, settings, wallets, withdraw, bfxpay, each "read" or "read-write"';

test.each([
  ["a typing error", { walets: "read" }, `permissions.walets: bitfinex: Bitfinex tokens have no area "walets"; ${ALLOWED}`],
  [
    "a name of every object",
    { constructor: "read" },
    `permissions.constructor: bitfinex: Bitfinex tokens have no area "constructor"; ${ALLOWED}`,
  ],
  ["a scope that tokens lack", { history: "read" }, `permissions.history: bitfinex: Bitfinex tokens have no area "history"; ${ALLOWED}`],
  ["nothing", {}, `permissions: bitfinex: a token without permissions can do nothing; ${ALLOWED}`],
  ["a missing map", undefined, `permissions: bitfinex: a map is needed; ${ALLOWED}`],
  ["a list", ["read"], `permissions: bitfinex: a map is needed; ${ALLOWED}`],
  ["a text", "read", `permissions: bitfinex: a map is needed; ${ALLOWED}`],
  ["write alone", { orders: "write" }, 'permissions.orders: bitfinex: "read" or "read-write" is needed here; leave the area out for none'],
  ["a yes", { orders: true }, 'permissions.orders: bitfinex: "read" or "read-write" is needed here; leave the area out for none'],
  ["an empty word", { orders: "" }, 'permissions.orders: bitfinex: "read" or "read-write" is needed here; leave the area out for none'],
  [
    "a mix",
    { account: "read", orders: "read-write", wallets: "read" },
    'permissions: bitfinex: a Bitfinex token has one write flag for all its areas, so account, wallets can\'t stay "read"; ' +
      'say "read-write" for all, or make two tokens',
  ],
  [
    "withdraw without write",
    { withdraw: "read" },
    'permissions.withdraw: bitfinex: Bitfinex gives withdraw only with the write flag; say "read-write" for every area of this token',
  ],
])("permissions: %s", async (_, permissions, message) => {
  expect(await told({ permissions })).toEqual([message]);
});

const FORM = 'write a list such as ["203.0.113.10"], a map such as { "203.0.113.10": "gateway" }, or "anywhere"';
const WIDE = 'for no limit, the one way to say it is allowedIps: "anywhere"';

test.each([
  ["missing", undefined, `allowedIps: bitfinex: allowedIps is missing; ${FORM}`],
  ["null", null, `allowedIps: bitfinex: allowedIps is missing; ${FORM}`],
  ["an empty list", [], `allowedIps: bitfinex: the list is empty, which some venues read as no limit; ${FORM}`],
  ["an empty map", {}, `allowedIps: bitfinex: the map is empty, which some venues read as no limit; ${FORM}`],
  ["an empty text", "", `allowedIps: bitfinex: "" is neither a list nor a map of addresses; ${FORM}`],
  ["another word", "Anywhere", `allowedIps: bitfinex: "Anywhere" is neither a list nor a map of addresses; ${FORM}`],
  ["one address as text", "203.0.113.10", `allowedIps: bitfinex: "203.0.113.10" is neither a list nor a map of addresses; ${FORM}`],
  ["a yes", true, `allowedIps: bitfinex: true is neither a list nor a map of addresses; ${FORM}`],
  ["no text in it", [7], 'allowedIps[0]: bitfinex: 7 isn\'t text; write each address as a string, such as "203.0.113.10"'],
  [
    "a range",
    ["203.0.113.0/24"],
    'allowedIps[0]: bitfinex: "203.0.113.0/24" is a range, which this kind of key doesn\'t take; write each address by itself',
  ],
  ["wide open", ["0.0.0.0/0"], `allowedIps[0]: bitfinex: "0.0.0.0/0" is wide open; narrow it to /16 or longer; ${WIDE}`],
  ["wide open IPv6", ["2000::/3"], `allowedIps[0]: bitfinex: "2000::/3" is wide open; narrow it to /48 or longer; ${WIDE}`],
  ["wide open, mapped", ["::ffff:0:0/96"], `allowedIps[0]: bitfinex: "::ffff:0:0/96" is wide open; narrow it to /16 or longer; ${WIDE}`],
  [
    "more than one",
    ["203.0.113.10", "203.0.113.11"],
    "allowedIps: bitfinex: the list has 2 addresses and ranges, this kind of key takes one; split the key",
  ],
])("allowedIps: %s", async (_, allowedIps, message) => {
  expect(await told({ allowedIps })).toEqual([message]);
});

test.each([
  "fra1",
  "203.0.113",
  "203.0.113.010",
  "0xcb.0.113.10",
  "3405803786",
  "203.0.113.10/",
  "203.0.113.10/33",
  "fe80::1%eth0",
  " 203.0.113.10",
  "",
])("allowedIps: nonsense %j names its place", async (address) => {
  const [message, ...more] = await told({ allowedIps: [address] });
  expect(more).toEqual([]);
  expect(message).toMatch(/^allowedIps\[0\]: bitfinex: /);
  expect(message).toContain(JSON.stringify(address));
  expect(message).toContain("; ");
});

test.each([
  ["10.0.0.1", "one of the private addresses"],
  ["127.0.0.1", "one of the loopback addresses"],
  ["100.64.0.1", "one of the shared"],
  ["169.254.1.1", "one of the link-local addresses"],
  ["224.0.0.1", "one of the multicast addresses"],
  ["203.0.113.10", "one of the documentation addresses"],
  ["fd00::1", "one of the"],
  ["64:ff9b::cb00:710a", "one of the"],
])("allowedIps: %s never reaches a real venue", async (address, what) => {
  const [message, ...more] = await told({ account: "real", allowedIps: [address] });
  expect(more).toEqual([]);
  expect(message).toContain(`allowedIps[0]: bitfinex: "${address}" is ${what}`);
  expect(message).toContain("which never reach a venue; write the public address that your requests come from");
  expect(await told({ account: "main", allowedIps: [address] })).toEqual([]);
});

const DURATION = 'write a whole number and one unit of s, m, h, d, w, such as "90m" or "24h"';

test.each([
  ["missing", undefined, `the duration is missing; ${DURATION}`],
  ["no duration", "a day", `"a day" isn't a duration; ${DURATION}`],
  ["a number", 86400, `86400 isn't a duration; ${DURATION}`],
  ["zero", "0s", `"0s" is no time at all; ${DURATION}`],
  ["negative", "-1h", `"-1h" isn't a duration; ${DURATION}`],
  ["a fraction", "1.5h", `"1.5h" isn't a duration; ${DURATION}`],
  ["two units", "1h30m", `"1h30m" isn't a duration; ${DURATION}`],
  ["months", "1mo", `"1mo" isn't a duration; ${DURATION}`],
  ["too short", "59s", "59s isn't between 1m and 7d; choose one that is"],
  ["too long", "8d", "8d isn't between 1m and 7d; choose one that is"],
  ["far too long", "99999999w", `"99999999w" is longer than a hundred years; ${DURATION}`],
])("lifetime: %s", async (_, lifetime, reason) => {
  expect(await told({ lifetime })).toEqual([`lifetime: bitfinex: ${reason}`]);
});

test.each([
  [
    "an overlap longer than the lifetime",
    { overlap: "25h" },
    "rotation.overlap: bitfinex: 25h is longer than the lifetime; choose a shorter one",
  ],
  [
    "every not shorter than the lifetime",
    { every: "24h" },
    "rotation.every: bitfinex: 1d isn't shorter than the lifetime, so the key would lapse before its renewal; choose a shorter one",
  ],
  [
    "an overlap as long as every",
    { every: "2h", overlap: "120m" },
    "rotation: bitfinex: overlap 2h isn't shorter than every 2h, so that former keys would add up; choose a shorter overlap",
  ],
  [
    "an overlap longer than every, which isn't given",
    { overlap: "20h" },
    "rotation: bitfinex: overlap 20h isn't shorter than every 16h, so that former keys would add up; choose a shorter overlap",
  ],
  [
    "every of a second",
    { every: "1s" },
    "rotation.every: bitfinex: 1s is shorter than a minute, so that every run would renew; choose a longer time",
  ],
  ["every zero", { every: "0h" }, `rotation.every: bitfinex: "0h" is no time at all; ${DURATION}`],
  ["no overlap at all", { overlap: "0s" }, `rotation.overlap: bitfinex: "0s" is no time at all; ${DURATION}`],
  ["every no duration", { every: "often" }, `rotation.every: bitfinex: "often" isn't a duration; ${DURATION}`],
  ["a stranger", { evry: "1h" }, "rotation.evry: bitfinex: rotation has every and overlap alone; leave this out"],
  ["a text", "16h", 'rotation: bitfinex: a map such as { every: "16h", overlap: "1h" } is needed'],
  ["a list", ["16h"], 'rotation: bitfinex: a map such as { every: "16h", overlap: "1h" } is needed'],
])("rotation: %s", async (_, rotation, message) => {
  expect(await told({ rotation })).toEqual([message]);
});

test.each([
  ["unknown", "mian", 'account: bitfinex: the configuration exchange-keys:accounts has no account "mian"; it has main, real, okx'],
  [
    "a name of every object",
    "constructor",
    'account: bitfinex: the configuration exchange-keys:accounts has no account "constructor"; it has main, real, okx',
  ],
  ["of another venue", "okx", "account: bitfinex: account okx is one of okx; name one of bitfinex"],
])("account: %s", async (_, account, message) => {
  expect(await told({ account })).toEqual([message]);
});

test("an account is missing altogether", async () => {
  const bare = await stage.start({});
  const { failures } = await bare.check(stage.inputs);
  const reason = 'bitfinex: the configuration exchange-keys:accounts has no account "main"; it has none';
  expect(failures).toEqual([{ property: "account", reason }]);
});

test.each([
  ["alowedIps", ["203.0.113.10"], "alowedIps: bitfinex: there is no input alowedIps; leave it out or correct its name"],
  ["label", "x", "label: bitfinex: there is no input label; leave it out or correct its name"],
  ["generation", 7, "generation: bitfinex: there is no input generation; leave it out or correct its name"],
  ["keepUntil", { "1": "2030-01-01T00:00:00Z" }, "keepUntil: bitfinex: there is no input keepUntil; leave it out or correct its name"],
  ["alive", false, "alive: bitfinex: there is no input alive; leave it out or correct its name"],
  ["powers", { read: "" }, "powers: bitfinex: there is no input powers; leave it out or correct its name"],
  ["strict", "yes", "strict: bitfinex: strict has the wrong form; say true or false, or leave it out"],
  ["holder", "", "holder: bitfinex: holder is a text; write one, or leave it out"],
  ["purpose", 3, "purpose: bitfinex: purpose is a text; write one, or leave it out"],
  ["reissue", 1, "reissue: bitfinex: reissue is a text; write one, or leave it out"],
  ["identity", undefined, "identity: bitfinex: the resource's identity is missing; make it with the package's class"],
])("%s: a stranger, or of the wrong type", async (name, value, message) => {
  expect(await told({ [name]: value })).toEqual([message]);
});

test("each problem is told, once", async () => {
  const problems = await told({
    permissions: {},
    allowedIps: [],
    lifetime: "0s",
    rotation: { overlap: "x" },
    account: "no",
    holder: "",
    colour: 1,
  });
  const properties = problems.map((problem) => problem.slice(0, problem.indexOf(":"))).sort();
  expect(properties).toEqual(["account", "allowedIps", "colour", "holder", "lifetime", "permissions", "rotation.overlap"]);
});

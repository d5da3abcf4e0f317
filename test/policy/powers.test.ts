// What a key can do is worked out from its permissions, whatever its inputs say of it; and what no rule repeats of them.

import { stackRule } from "../../provider/policy";
import { resource, told, UNKNOWN, type Inputs } from "./keys";

const WAY_OUT = "mend what the check of its inputs refuses, or update pulumi-exchange-keys where the policy pack is installed";
const UNREADABLE = `[mandatory] readable: "last": this version can't read its input permissions; ${WAY_OUT}`;
const OTHERS = `[mandatory] readable: "last": this version finds other powers in its permissions than its input powers says; ${WAY_OUT}`;
const NO_WITHDRAW = "leave that permission out, or name the key in the rule's keys";
const read = { read: "Spot:SpotTrade" };

test.each<[string, Inputs, string[]]>([
  [
    "a permission that the kind can't have, and powers that are silent of it",
    { access: "read-write", permissions: { Wallet: ["Withdraw"] }, powers: { read: "Wallet:Withdraw" } },
    [UNREADABLE, `[mandatory] no-withdraw: "last": it can withdraw (Wallet:Withdraw); ${NO_WITHDRAW}`],
  ],
  [
    "a permission that nobody knows",
    { access: "read-write", permissions: { Dao: ["hunter2"] }, powers: read },
    [
      UNREADABLE,
      '[mandatory] no-administer: "last": it has unknown (by what this version doesn\'t know): not documented: counts as administering; leave that permission out',
    ],
  ],
  [
    "fewer powers than the permissions give, and others besides",
    { access: "read-write", powers: { withdraw: "Wallet:Withdraw hunter2" } },
    [
      OTHERS,
      `[mandatory] no-withdraw: "last": it can withdraw (Wallet:Withdraw); ${NO_WITHDRAW}`,
      '[mandatory] withdraw-bound: "last": it can withdraw, and has trade too; make a key of its own for withdrawals',
      '[mandatory] trade-or-withdraw: "last": it can trade (Spot:SpotTrade) and withdraw (Wallet:Withdraw); make two keys',
    ],
  ],
  ["what bears on the powers", { access: "read-write", powers: read }, [OTHERS]],
  ["a power without a word of the venue", { powers: { ...read, lend: "hunter2" } }, [OTHERS]],
  ["permissions of another form", { permissions: { Spot: 5 }, powers: { withdraw: "x", trade: "y" } }, [UNREADABLE]],
  ["the same powers, in other words", { powers: { read: "Spot:Renamed" } }, []],
  [
    "the same powers, in other words that would be repeated",
    { access: "read-write", permissions: { Wallet: ["AccountTransfer"] }, powers: { read: "x", transfer: "x", administer: "hunter2" } },
    [
      '[mandatory] no-administer: "last": it has administer (Wallet:AccountTransfer): changes or makes keys, or account settings: it can give itself more; leave that permission out',
    ],
  ],
])("%s", async (_, changes, said) => {
  expect(await told([resource("last", changes)])).toEqual(said);
});

test.each([
  ["permissions", { permissions: { Wallet: [UNKNOWN] }, powers: read }],
  ["what bears on them", { access: UNKNOWN, powers: read }],
  ["powers", { powers: UNKNOWN }],
])("%s not known until up", async (_, changes) => {
  const said = await told([resource("last", changes)]);
  expect(said).toContain('[advisory] no-withdraw: "last": powers isn\'t known until up, which asks this rule again');
  expect(said.filter((line) => !line.includes("powers isn't known"))).toEqual([]);
});

test.each([
  ["a public key", { publicKey: UNKNOWN }],
  ["features", { publicKey: "PUBLIC", features: [UNKNOWN] }],
])("what bears on no power may be unknown: %s", async (_, changes) => {
  const signer = { venue: "deribit", kind: "ApiKey", access: undefined, subAccount: undefined };
  const { powers } = resource("last", signer).props;
  expect(
    await told([resource("last", { ...signer, powers, ...changes })], { "public-key-only": "disabled", "rotation-declared": "disabled" }),
  ).toEqual([]);
});

test("in rules over a stack: what the permissions give, drift too, with what the venue told", async () => {
  const powers = stackRule("powers", (keys, report) => {
    for (const key of keys) report(key, Object.keys(key.powers).join());
  });
  const drifted = resource("last", {
    createdAt: new Date().toISOString(),
    access: "read-write",
    permissions: { Spot: ["SpotTrade"], Wallet: ["Withdraw"] },
    powers: { read: "Spot:SpotTrade", lend: "Earn:Earn" },
  });
  const said = await told([drifted], {}, {}, [powers]);
  expect(said.at(-1)).toBe('[mandatory] powers: "last": read,trade,lend,withdraw');
});

test("no rule repeats a text, an address or a time: the program may have made it secret", async () => {
  const secret = "hunter2";
  const texts = { holder: secret, purpose: secret, approval: secret, label: secret, reissue: secret };
  const others = { allowedIps: { "192.0.2.77": secret, "2001:db8::/32": secret }, lifetime: "7777d", rotation: { every: "7777d" } };
  const powers = { ...read, withdraw: secret, unknown: secret };
  const rules = {
    "no-withdraw": { keys: ["last"], approval: "^T" },
    "holder-and-purpose": { holder: "^T", purpose: "^T" },
    "ips-within": { within: ["203.0.113.0/24"] },
  };
  const said = await told([resource("last", { ...texts, ...others, powers })], rules);
  expect(said.filter((line) => /hunter2|7777|192\.0\.2|2001/.test(line))).toEqual([]);
  expect(said.map((line) => /\] (\S+):/.exec(line)?.[1])).toEqual([
    ...["readable", "no-withdraw", "withdraw-bound", "no-administer", "ips-within", "ips-within", "lifetime-at-most", "rotation-declared"],
    ...["holder-and-purpose", "holder-and-purpose"],
  ]);
});

test("own rules get no text that no rule judges", async () => {
  const all = stackRule("all", (keys, report) => {
    for (const key of keys) report(key, JSON.stringify(key));
  });
  const [said = ""] = (await told([resource("last", { label: "hunter2", reissue: "hunter2" })], {}, {}, [all])).slice(-1);
  expect(said).toContain("fra1 gateway");
  expect(said).not.toContain("hunter2");
});

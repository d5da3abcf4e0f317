// Binance's words: what is judged before any request, what drift and the least make of grants, and what is told of a managing key.

import fc from "fast-check";
import { refusalOf } from "../../provider/core/codes";
import type { Power } from "../../provider/core/model";
import { POWERS } from "../../provider/core/powers";
import { check } from "../../provider/pulumi/check";
import { readSettings } from "../../provider/pulumi/settings";
import { manifest } from "../../provider/venues/binance/capabilities";
import { FIX, FLAGS, keyType } from "../../provider/venues/binance/convert";
import { CODES } from "../../provider/venues/binance/wire";
import { vectors } from "../fixtures/binance/vectors";

const kind = manifest.kinds["SubAccountApiKey"]!;
const { publicKey } = vectors.ed25519;
/** 2048 bits; made for this test, nobody has its private half. */
const RSA = `-----BEGIN PUBLIC KEY-----\n${`MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A${"A".repeat(360)}`.match(/.{1,64}/g)!.join("\n")}\n-----END PUBLIC KEY-----`;

const settings = readSettings({
  "exchange-keys:accounts": JSON.stringify({
    main: { venue: "binance", environment: "sandbox", address: "127.0.0.1:1", apiKey: "sandbox-k", apiSecret: "sandbox-s" },
  }),
});
const identity = { organization: "", project: "p", stack: "s", type: "t", name: "key" };
const program = { subAccount: "trading-1@example.com", permissions: { canTrade: true }, allowedIps: ["203.0.113.10"] };

function failures(more: Readonly<Record<string, unknown>>): readonly string[] {
  const news = { venue: "binance", kind: "SubAccountApiKey", identity, account: "main", ...program, ...more };
  const answer = check({ olds: {}, news, manifest, kindName: "SubAccountApiKey", kind, settings, now: 0 });
  return answer.failures.map(({ property, reason }) => `${property}: ${reason}`);
}

const ALLOWED =
  "allowed are canTrade, canMarginLoanRepay, canFuturesTrade, canUniversalTransfer, canVanillaOptions, each true or false; reading is always on";
const FIX_FORM =
  'fixApi: binance: fixApi has the wrong form; give a list of canFixApiTrading and canFixApiReading, each once, such as ["canFixApiReading"], or leave it out';
const E_MAIL = 'give the sub-account\'s e-mail, such as "trading-1@example.com"';

test.each([
  [{}],
  [{ permissions: {} }],
  [{ permissions: { canTrade: false } }],
  [{ label: "bot" }],
  [{ publicKey }],
  [{ publicKey: `\r\n${publicKey.replaceAll("\n", "\r\n")}` }],
  [{ publicKey: RSA }],
  [{ publicKey, fixApi: ["canFixApiTrading"] }],
  [{ allowedIps: "anywhere" }],
])("taken: %j", (more) => {
  expect(failures(more)).toEqual([]);
});

test.each<[Readonly<Record<string, unknown>>, string]>([
  [{ permissions: undefined }, `permissions: binance: a map is needed, {} for a key that only reads; ${ALLOWED}`],
  [{ permissions: ["canTrade"] }, `permissions: binance: a map is needed, {} for a key that only reads; ${ALLOWED}`],
  [{ permissions: { orders: "read" } }, `permissions.orders: binance: keys of sub-accounts have no "orders"; ${ALLOWED}`],
  [
    { permissions: { enableWithdrawals: true } },
    `permissions.enableWithdrawals: binance: keys of sub-accounts have no "enableWithdrawals"; ${ALLOWED}`,
  ],
  [{ permissions: { canTrade: "yes" } }, "permissions.canTrade: binance: say true or false"],
  [
    { permissions: { canFixApiTrading: true } },
    'permissions.canFixApiTrading: binance: a key has canFixApiTrading from its birth or never; name it in fixApi: ["canFixApiTrading"], beside an Ed25519 publicKey',
  ],
  [
    { fixApi: ["canFixApiTrading"] },
    "fixApi: binance: FIX is for keys with an Ed25519 public key; give one as publicKey, or leave fixApi out",
  ],
  [
    { fixApi: ["canFixApiReading"], publicKey: RSA },
    "fixApi: binance: FIX is for keys with an Ed25519 public key; give one as publicKey, or leave fixApi out",
  ],
  [{ publicKey, fixApi: ["canTrade"] }, FIX_FORM],
  [{ publicKey, fixApi: [] }, FIX_FORM],
  [
    { publicKey, rotation: { every: "30d" } },
    "rotation: binance: a new API key for the same publicKey renews nothing; leave rotation out, and give another publicKey when it is time",
  ],
  [
    { publicKey: "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" },
    'publicKey: binance: publicKey has the wrong form; give an Ed25519 public key, or RSA of 2048 or 4096 bits, in PEM: from "-----BEGIN PUBLIC KEY-----" to "-----END PUBLIC KEY-----"',
  ],
  [{ subAccount: "53888000" }, `subAccount: binance: subAccount has the wrong form; ${E_MAIL}`],
  [{ subAccount: undefined }, `subAccount: binance: subAccount is missing; ${E_MAIL}`],
  [{ label: "desk" }, "label: binance: it has 4 characters, and beside our mark the venue allows 3; shorten it"],
])("refused: %j", (more, sentence) => {
  expect(failures(more)).toEqual([sentence]);
});

test("a list of 500 characters is taken, one of 501 and more isn't; neither is a range or IPv6", () => {
  const from = (first: number): string[] => Array.from({ length: 36 }, (_, index) => `203.0.113.${first + index}`);
  expect(from(97).join(",")).toHaveLength(500);
  expect(failures({ allowedIps: from(97) })).toEqual([]);
  expect(from(98).join(",")).toHaveLength(501);
  for (const allowedIps of [from(98), ["198.51.100.0/24"], ["2001:db8:1::1"]]) expect(failures({ allowedIps })).toHaveLength(1);
});

test("a private key given by mistake is told nowhere", () => {
  expect(keyType(vectors.ed25519.privateKey)).toBeUndefined();
  const told = failures({ publicKey: vectors.ed25519.privateKey });
  expect(JSON.stringify(told)).toContain(
    "publicKey holds a PRIVATE key, which belongs nowhere but with its holder; give the public one, and replace the pair if this was printed or committed",
  );
  expect(JSON.stringify(told)).not.toContain("MC4CAQ");
});

const flags = fc.subarray([...FLAGS]);
const fix = fc.subarray([...FIX]);
const asked = (on: readonly string[]) => Object.fromEntries(on.map((flag) => [flag, true]));

test("drift: what came and went stands in the permissions, and nothing else changes", () => {
  fc.assert(
    fc.property(flags, flags, fix, (before, after, fixApi) => {
      const extras = { fixApi };
      const [from, to] = [kind.grants(asked(before), extras), kind.grants(asked(after), extras)];
      const added = to.filter((grant) => !from.includes(grant));
      const removed = from.filter((grant) => !to.includes(grant));
      const { permissions, extras: changed } = kind.withDrift(asked(before), added, removed, extras);
      expect(kind.grants(permissions, { ...extras, ...changed })).toEqual(to);
      expect(kind.permissions(permissions)).toEqual({ ok: permissions });
    }),
  );
});

test("false and absent are the same, and order is none", () => {
  expect(kind.permissions({ canTrade: false, canVanillaOptions: true, canFuturesTrade: undefined })).toEqual({
    ok: { canVanillaOptions: true },
  });
  const both = kind.permissions({ canVanillaOptions: true, canTrade: true });
  expect(JSON.stringify(both)).toBe(JSON.stringify(kind.permissions({ canTrade: true, canVanillaOptions: true })));
});

test.each<[string[], Power[]]>([
  [["enableReading"], ["read"]],
  [
    ["canTrade", "enableReading"],
    ["read", "trade"],
  ],
  [
    ["canMarginLoanRepay", "canUniversalTransfer", "enableReading"],
    ["read", "lend", "transfer"],
  ],
  [
    ["canFixApiTrading", "enableReading"],
    ["read", "trade"],
  ],
  [
    ["enableReading", "enableWithdrawals"],
    ["read", "withdraw"],
  ],
  [
    ["enableReading", "enableTomorrow"],
    ["read", "unknown"],
  ],
])("powers of %j", (grants, expected) => {
  expect(Object.keys(kind.powers(grants))).toEqual(expected);
});

test("more than declared is wider, less is narrower, nothing is passed over", () => {
  expect(kind.compare(["canTrade", "enableReading"], ["canFuturesTrade", "enableReading"], {})).toEqual({
    wider: ["canFuturesTrade"],
    narrower: ["canTrade"],
    undeclared: [],
  });
});

test("the least has exactly the powers that were asked for, and reads; or says why there is none", () => {
  fc.assert(
    fc.property(fc.subarray([...POWERS]), (powers) => {
      const found = kind.least(powers, []);
      if ("refused" in found) {
        expect(powers.some((power) => ["withdraw", "administer", "unknown"].includes(power))).toBe(true);
        return;
      }
      const judged = kind.permissions(found.inputs["permissions"]);
      if (!("ok" in judged)) throw new Error("the least isn't taken");
      expect(Object.keys(kind.powers(kind.grants(judged.ok, found.inputs)))).toEqual([...new Set(["read", ...powers])].sort(byPower));
    }),
  );
  expect(kind.least(["withdraw"], [])).toEqual({
    refused: "binance: keys of sub-accounts can't withdraw: no call grants it; withdraw with a master's key",
  });
  expect(kind.least(["administer"], [])).toEqual({
    refused: "binance: no permission of a sub-account's key gives administer; leave it out",
  });
});

function byPower(one: string, other: string): number {
  return POWERS.indexOf(one as Power) - POWERS.indexOf(other as Power);
}

test("a managing key that doesn't trade can set no IP list", () => {
  const facts = { accountId: "1", remarks: [] };
  expect(kind.managing!({ grants: ["enableReading"] }, facts)).toEqual([
    'it needs "Enable Spot & Margin Trading", without which it can set no IP list',
  ]);
  expect(kind.managing!({ grants: ["canTrade", "enableReading"] }, facts)).toEqual([]);
});

test("the one code of a refused key: its IP list comes first, then permissions, then what a sub-account's key may be short of", () => {
  const { message } = refusalOf(CODES, { venueCode: "-2015", text: "" }, { venue: "binance", operation: "read the account" });
  const places = [
    "this machine's address is on its IP list",
    "a managing key has one",
    "its permissions",
    "whether it is there",
    "the e-mail",
  ];
  const found = places.map((place) => message.indexOf(place));
  expect(found).toEqual([...found].sort((one, other) => one - other));
  expect(found).not.toContain(-1);
});

test("trading from anywhere may lapse; a list, or no trading, doesn't", () => {
  expect(kind.lapses!("anywhere", ["canTrade"])).toMatchObject({ days: 30 });
  expect(kind.lapses!({ "203.0.113.10": "" }, ["canTrade"])).toBeUndefined();
  expect(kind.lapses!("anywhere", ["canFuturesTrade"])).toBeUndefined();
});

test("FIX is told as unverified, of a key that has it alone", () => {
  expect(kind.unverified("anywhere", { grants: ["canFixApiTrading"] })).toHaveProperty("fixApi");
  expect(kind.unverified("anywhere", { grants: ["canTrade"] })).toEqual({});
});

test("another public key, other FIX flags or another sub-account are another key", () => {
  expect(kind.replaces).toEqual(["publicKey", "fixApi"]);
  expect(kind.scope!({ subAccount: "a@b" })).toEqual({ subAccount: "a@b" });
});

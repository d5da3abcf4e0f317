// Deribit's words: permissions judged, scopes and features to grants and back, powers, and what can't go together, each with its sentence.

import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import type { Power } from "../../provider/core/model";
import { grantDelta, grantSet } from "../../provider/core/permission";
import { check } from "../../provider/pulumi/check";
import { readSettings } from "../../provider/pulumi/settings";
import { UNKNOWN } from "../../provider/pulumi/unknown";
import { manifest } from "../../provider/venues/deribit/capabilities";
import { FEATURES, LEVELS, maxScope, shownGrants } from "../../provider/venues/deribit/convert";
import { least } from "../../provider/venues/deribit/least";

const kind = manifest.kinds["ApiKey"]!;
const ALLOWED =
  'allowed are account: "read" or "read_write", trade: "read" or "read_write", wallet: "read" or "read_write", block_trade: "read" or "read_write", block_rfq: "read" or "read_write", custody: "read"';
const main = { venue: "deribit", environment: "sandbox", address: "127.0.0.1:1", apiKey: "sandbox-k", apiSecret: "sandbox-s" };
const settings = readSettings({ "exchange-keys:accounts": JSON.stringify({ main }) });

/** What `check` says of a program, as property and reason. */
function refusals(program: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  const identity = { organization: "", project: "p", stack: "s", type: "t", name: "key" };
  const least = { permissions: { trade: "read" }, allowedIps: "anywhere" };
  const news = { venue: "deribit", kind: "ApiKey", identity, account: "main", ...least, ...program };
  return check({ olds: {}, news, manifest, kindName: "ApiKey", kind, settings, now: 0 }).failures.map(({ property, reason }) => [
    property,
    reason,
  ]);
}

const pemOf = (key: { export(options: { type: "spki"; format: "pem" }): string | Buffer }) =>
  String(key.export({ type: "spki", format: "pem" }));
const ED25519 = generateKeyPairSync("ed25519");
const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 });
const RSA_OF_3 = generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 3 });
const SHORT_RSA = generateKeyPairSync("rsa", { modulusLength: 1024 });
const CURVE = generateKeyPairSync("ec", { namedCurve: "P-256" });

describe("permissions", () => {
  test("none is left out, order is no difference", () => {
    expect(kind.permissions({ wallet: "none", trade: "read_write", account: "read", custody: undefined })).toEqual({
      ok: { account: "read", trade: "read_write" },
    });
    expect(JSON.stringify(kind.permissions({ trade: "read", account: "read" }))).toBe(
      JSON.stringify(kind.permissions({ account: "read", trade: "read" })),
    );
  });

  test.each([
    [undefined, "permissions", `a map is needed; ${ALLOWED}`],
    [["trade:read"], "permissions", `a map is needed; ${ALLOWED}`],
    [{}, "permissions", `a key without a scope can do nothing; ${ALLOWED}`],
    [{ trade: "none" }, "permissions", `a key without a scope can do nothing; ${ALLOWED}`],
    [{ Spot: ["SpotTrade"] }, "permissions.Spot", `keys have no scope "Spot"; ${ALLOWED}`],
    [{ constructor: "read" }, "permissions.constructor", `keys have no scope "constructor"; ${ALLOWED}`],
    [{ connection: "read" }, "permissions.connection", `keys have no scope "connection"; ${ALLOWED}`],
    [{ trade: "write" }, "permissions.trade", 'documented are "read" and "read_write" and "none"; say one of them'],
    [{ trade: ["read"] }, "permissions.trade", 'documented are "read" and "read_write" and "none"; say one of them'],
    [{ custody: "read_write" }, "permissions.custody", 'documented are "read" and "none"; say one of them'],
  ])("%j is refused", (permissions, property, reason) => {
    expect(refusals({ permissions })).toEqual([[property, `deribit: ${reason}`]]);
  });
});

describe("what can't be together", () => {
  const use = "features are about block trades, and the key has neither block_trade nor block_rfq; give it one, or leave features out";
  test.each([
    [{ features: ["block_trade_approval"] }, [["features", `deribit: ${use}`]]],
    [{ features: ["block_trade_approval"], permissions: { trade: "read", block_trade: "none" } }, [["features", `deribit: ${use}`]]],
    [{ features: [] }, []],
    [{ features: ["block_trade_approval"], permissions: { block_trade: "read" } }, []],
    [{ features: ["restricted_block_trades"], permissions: { block_rfq: "read_write" } }, []],
    [{ features: UNKNOWN }, []],
    [
      { features: ["all"], permissions: { block_trade: "read" } },
      [
        [
          "features",
          'deribit: features has the wrong form; give a list of restricted_block_trades, block_trade_approval, such as ["block_trade_approval"], or leave it out',
        ],
      ],
    ],
    [{ label: "maker" }, [["label", "deribit: the venue's labels have room for our mark alone; leave it out"]]],
    [{ lifetime: "30d" }, [["lifetime", "deribit: this kind of key has no lifetime; leave it out"]]],
  ])("%j", (program, told) => {
    expect(refusals(program)).toEqual(told);
  });

  test.each([
    ["2001:db8::1", /IPv6, which this kind of key doesn't take; write an IPv4 address/],
    ["203.0.113.0/28", /range/],
  ])("the list takes no %s", (address, reason) => {
    const told = refusals({ allowedIps: [address] });
    expect(told).toHaveLength(1);
    expect(told[0]?.[1]).toMatch(reason);
  });
});

describe("public keys", () => {
  const kinds = "Deribit takes Ed25519, and RSA of 2048 bits or more; make a key pair of that kind";
  const pem = 'it is no public key in PEM; write the file that begins with "-----BEGIN PUBLIC KEY-----", and nothing else';
  // The engine prints the value of a property that a failure names: this one names none.
  const secret =
    "publicKey holds a PRIVATE key, which belongs nowhere but with its holder; give the public one, and replace the pair if this was printed or committed";

  test.each([
    ["Ed25519", pemOf(ED25519.publicKey)],
    ["RSA of 2048 bits", pemOf(RSA.publicKey)],
    ["RSA of 2048 bits, exponent 3", pemOf(RSA_OF_3.publicKey)],
    ["lines of Windows", pemOf(ED25519.publicKey).replaceAll("\n", "\r\n")],
    ["without its last line break", pemOf(ED25519.publicKey).trimEnd()],
    ["not known yet", UNKNOWN],
  ])("taken: %s", (_, publicKey) => {
    expect(refusals({ publicKey })).toEqual([]);
  });

  test.each([
    ["RSA of 1024 bits", pemOf(SHORT_RSA.publicKey), kinds],
    ["another curve", pemOf(CURVE.publicKey), kinds],
    ["a private key", ED25519.privateKey.export({ type: "pkcs8", format: "pem" }) as string, secret],
    ["a private key behind the public one", pemOf(RSA.publicKey) + String(RSA.privateKey.export({ type: "pkcs1", format: "pem" })), secret],
    ["a text", "ssh-ed25519 AAAA", pem],
    ["nothing", "", pem],
  ])("refused: %s", (_, publicKey, reason) => {
    const told = refusals({ publicKey });
    expect(told).toEqual([[reason === secret ? "" : "publicKey", `deribit: ${reason}`]]);
    for (const line of publicKey.split("\n").filter((each) => each.length > 40)) expect(JSON.stringify(told)).not.toContain(line);
  });

  test("another public key is another resource", () => {
    expect(kind.replaces).toEqual(["publicKey"]);
  });
});

describe("grants", () => {
  test("who writes reads; features go with them", () => {
    expect(kind.grants({ trade: "read_write", wallet: "read" }, { features: ["block_trade_approval"] })).toEqual([
      "feature:block_trade_approval",
      "trade:read",
      "trade:read_write",
      "wallet:read",
    ]);
  });

  test("an answer's order and its none are no difference", () => {
    const declared = kind.grants({ trade: "read_write", account: "read" }, {});
    expect(shownGrants("trade:read_write wallet:none account:read", [])).toEqual(declared);
    expect(shownGrants("account:read  trade:read_write", [])).toEqual(declared);
  });

  test("max_scope says what isn't meant, and the sandbox's other words only where they are meant", () => {
    expect(maxScope({ block_rfq: "read" })).toBe("account:none block_rfq:read block_trade:none trade:none wallet:none");
    expect(maxScope({})).toBe("account:none block_trade:none trade:none wallet:none");
  });

  const level = fc.constantFrom("none", "read", "read_write");
  const given = fc
    .record(Object.fromEntries(Object.keys(LEVELS).map((scope) => [scope, scope === "custody" ? fc.constantFrom("none", "read") : level])))
    .filter((scopes) => Object.values(scopes).some((each) => each !== "none"));
  const features = fc.subarray([...FEATURES]);
  const observed = fc.uniqueArray(
    fc.constantFrom(
      "account:read",
      "trade:read",
      "trade:read_write",
      "wallet:read",
      "moon:read",
      "moon:admin",
      "mainaccount",
      "feature:moon",
    ),
  );

  test("what is sent gives what is declared", () => {
    fc.assert(
      fc.property(given, features, (scopes, some) => {
        const judged = kind.permissions(scopes);
        if (!("ok" in judged)) throw new Error("refused");
        expect(shownGrants(maxScope(judged.ok), some)).toEqual(kind.grants(judged.ok, { features: some }));
      }),
    );
  });

  test("permissions with drift ask for exactly what was found", () => {
    fc.assert(
      fc.property(given, features, observed, (scopes, some, others) => {
        const extras = { features: some };
        const before = kind.grants(scopes, extras);
        const after = grantSet(others.flatMap((word) => (word === "trade:read_write" ? ["trade:read", word] : [word])));
        const { added, removed } = grantDelta(before, after);
        const shown = kind.withDrift(scopes, added, removed, extras);
        expect(kind.grants(shown.permissions, { ...extras, ...shown.extras })).toEqual(after);
      }),
    );
  });

  test("all that differs counts, features both ways", () => {
    expect(kind.compare(["trade:read"], ["feature:block_trade_approval"], {})).toEqual({
      wider: ["feature:block_trade_approval"],
      narrower: ["trade:read"],
      undeclared: [],
    });
  });
});

describe("powers", () => {
  test.each([
    [{ trade: "read" }, { read: "trade:read" }],
    [{ trade: "read_write" }, { read: "trade:read", trade: "trade:read_write" }],
    [{ account: "read_write" }, { read: "account:read", administer: "account:read_write" }],
    [{ wallet: "read_write" }, { read: "wallet:read", transfer: "wallet:read_write", withdraw: "wallet:read_write" }],
    [
      { block_rfq: "read_write", block_trade: "read" },
      { read: "block_rfq:read block_trade:read", trade: "block_rfq:read_write" },
    ],
    [{ custody: "read" }, { read: "custody:read", unknown: "custody:read" }],
  ])("%j", (permissions, powers) => {
    expect(kind.powers(kind.grants(permissions, {}))).toEqual(powers);
  });

  test("a scope of tomorrow is unknown", () => {
    expect(kind.powers(shownGrants("moon:read_write", []))).toEqual({ unknown: "moon:read moon:read_write" });
  });

  test("each documented grant has a row", () => {
    const all = Object.entries(LEVELS).flatMap(([scope, levels]) => levels.map((each) => `${scope}:${each}`));
    expect(Object.keys(kind.powerRows).sort()).toEqual(grantSet([...all, ...FEATURES.map((feature) => `feature:${feature}`)]));
  });
});

describe("the least", () => {
  const ALL: readonly Power[] = ["read", "trade", "lend", "transfer", "withdraw", "administer", "unknown"];

  test("has exactly the powers that were asked for, and what trading brings; or says why there is none", () => {
    fc.assert(
      fc.property(fc.subarray([...ALL], { minLength: 1 }), (powers) => {
        const found = least(powers);
        if ("refused" in found) {
          expect(powers.some((power) => power !== "read" && power !== "trade")).toBe(true);
          return;
        }
        const judged = kind.permissions(found.inputs["permissions"]);
        if (!("ok" in judged)) throw new Error("refused");
        expect(Object.keys(kind.powers(kind.grants(judged.ok, {}))).sort()).toEqual([...new Set([...powers, "read"])].sort());
      }),
    );
  });

  test.each([
    [
      "withdraw",
      "deribit: the scope that transfers withdraws too (wallet:read_write), which is only given by naming it; declare a key of its own",
    ],
    [
      "transfer",
      "deribit: the scope that transfers withdraws too (wallet:read_write), which is only given by naming it; declare a key of its own",
    ],
    ["lend", "deribit: no scope lends; leave it out"],
    ["administer", "deribit: administer is only given by naming the scope; declare a key of its own"],
  ] as const)("%s is refused", (power, refused) => {
    expect(least(["read", power])).toEqual({ refused });
  });
});

test("the managing key needs what it hands out", () => {
  const facts = { accountId: "1", remarks: [] };
  const own = { grants: shownGrants("account:read_write trade:read", []), allowedIps: {} };
  const why = "since no key of Deribit manages keys that have more scopes than itself";
  expect(kind.managing?.(own, facts)).toEqual([]);
  expect(kind.managing?.(own, facts, ["trade:read", "feature:block_trade_approval"])).toEqual([]);
  expect(kind.managing?.(own, facts, ["trade:read", "trade:read_write"])).toEqual([`it needs trade:read_write, ${why}`]);
  expect(kind.managing?.({ grants: ["account:read"] }, facts, ["wallet:read"])).toEqual([
    `it needs account:read_write, wallet:read, ${why}`,
  ]);
});

// KuCoin's words and what follows from them, without a request; then what the conformance suite can't ask of every venue.

import fc from "fast-check";
import { MARK_DIGITS, room } from "../../provider/core/label";
import { drawPassphrase } from "../../provider/pulumi/mark";
import { manifest } from "../../provider/venues/kucoin/capabilities";
import { grantsOf, managing, MASTER, permissions, powers, rules, withDrift, WORDS, written } from "../../provider/venues/kucoin/convert";
import { least } from "../../provider/venues/kucoin/least";
import type { Power } from "../../provider/core/model";
import { Stack, expectAsDeclared } from "../conformance/stack";

const kind = manifest.kinds["SubAccountApiKey"]!;
const ALL = 'allowed are ["General","Spot","Futures","Margin","InnerTransfer"]';

describe("permissions", () => {
  test("become a map, sorted and once each; a map is taken as it is", () => {
    const ok = { General: true, InnerTransfer: true, Spot: true };
    expect(permissions(["Spot", "General", "InnerTransfer", "Spot"])).toEqual({ ok });
    expect(Object.keys((permissions(["Spot", "General"]) as { ok: object }).ok)).toEqual(["General", "Spot"]);
    expect(permissions(ok)).toEqual({ ok });
  });

  test.each([
    [["General", "Transfer"], `keys of sub-accounts have no "Transfer"; ${ALL}`],
    [["General", "Earn"], `keys of sub-accounts have no "Earn"; ${ALL}`],
    [["General", "spot"], `keys of sub-accounts have no "spot"; ${ALL}`],
    [["General", "Trade"], `keys of sub-accounts have no "Trade"; the word of older documents is now "Spot"; ${ALL}`],
    [["General", "constructor"], `keys of sub-accounts have no "constructor"; ${ALL}`],
    [["General", 7], `keys of sub-accounts have no permission of that form; ${ALL}`],
    [["General", "\u001b[2J;"], `keys of sub-accounts have no permission of that form; ${ALL}`],
    [[], 'KuCoin gives General to a key of which nothing is said; say ["General"] if it is to read'],
    [["Spot"], "whether KuCoin adds General unasked isn't documented, and without it a key can't look at itself; name General too"],
    ["General,Spot", `a list is needed, such as ["General", "Spot"]; ${ALL}`],
    [undefined, `a list is needed, such as ["General", "Spot"]; ${ALL}`],
    [null, `a list is needed, such as ["General", "Spot"]; ${ALL}`],
    [{ General: "yes" }, `a list is needed, such as ["General", "Spot"]; ${ALL}`],
  ])("%j is refused", (given, reason) => {
    expect(permissions(given)).toEqual({ problems: [{ property: "permissions", reason }] });
  });

  test("are sent in the documents' order", () => {
    expect(written({ InnerTransfer: true, Futures: true, General: true })).toBe("General,Futures,InnerTransfer");
  });
});

test("transfers without an IP list are refused, before anything is asked", async () => {
  const reason = "KuCoin gives InnerTransfer only with an IP list; name the addresses, or leave InnerTransfer out";
  const given = ["General", "InnerTransfer"];
  expect(rules({ permissions: given, allowedIps: "anywhere" })).toEqual([{ property: "allowedIps", reason }]);
  expect(rules({ permissions: given, allowedIps: ["203.0.113.10"] })).toEqual([]);
  expect(rules({ permissions: ["General", "Spot"], allowedIps: "anywhere" })).toEqual([]);
  expect(rules({})).toEqual([]);
  const stack = await open();
  const { did, failures } = await stack.up({ ...stack.given.least, permissions: given });
  expect([did, failures]).toEqual(["refused", [{ property: "allowedIps", reason: `kucoin: ${reason}` }]]);
  expect(await stack.requests()).toEqual([]);
});

test.each([
  [{ lifetime: undefined }, /^kucoin: say one of "30d", "90d", "180d", "360d", "never"; there is no default$/],
  [{ lifetime: "31d" }, /^kucoin: the venue takes "30d", "90d", "180d", "360d", "never"; say one of them$/],
  [{ lifetime: "1w" }, /the venue takes "30d"/],
  [{ allowedIps: Array.from({ length: 21 }, (_, index) => `203.0.113.${index * 2 + 1}`) }, /21.*20/],
  [{ allowedIps: ["2001:db8::1"] }, /IPv6/],
  [{ allowedIps: ["203.0.113.0/28"] }, /range/],
  [{ label: "eight_88" }, /beside our mark the venue allows 7/],
  [{ label: "a-b" }, /don't take all of its characters/],
  [
    { subAccount: "" },
    /subAccount has the wrong form; give the sub-account's name, up to 32 characters without spaces, such as "deskalpha1"$/,
  ],
  [{ subAccount: "with space" }, /subAccount has the wrong form; give/],
  [{ access: "read-only" }, /there is no input access/],
])("%j is refused with a way out, and nothing is asked", async (more, reason) => {
  const stack = await open();
  const { did, failures } = await stack.up({ ...stack.given.least, ...more });
  expect(did).toBe("refused");
  expect(failures!.map((one) => one.reason).join("\n")).toMatch(reason);
  expect(await stack.requests()).toEqual([]);
});

const someWords = fc.uniqueArray(fc.constantFrom(...WORDS, "Earn", "Trade", "tomorrow"));

test("drift: what came and what went shows in the permissions, and gives what was observed", () => {
  fc.assert(
    fc.property(someWords, someWords, (declared, seen) => {
      const before = Object.fromEntries(declared.map((word) => [word, true]));
      const added = seen.filter((word) => !declared.includes(word));
      const removed = declared.filter((word) => !seen.includes(word));
      const { permissions: after } = withDrift(before, added, removed);
      expect(grantsOf(after)).toEqual([...seen].sort());
    }),
  );
});

test("more is wider, less is narrower, and nothing comes unasked", () => {
  expect(kind.compare(["General", "Spot"], ["Futures", "General"], {})).toEqual({ wider: ["Futures"], narrower: ["Spot"], undeclared: [] });
});

test.each([
  [["General"], ["read"]],
  [
    ["General", "Spot", "Futures", "Margin"],
    ["read", "trade"],
  ],
  [
    ["General", "InnerTransfer"],
    ["read", "transfer"],
  ],
  [
    ["General", "Transfer", MASTER],
    ["read", "withdraw", "administer"],
  ],
  [
    ["General", MASTER],
    ["read", "administer"],
  ],
  [["Spot", MASTER], ["trade"]],
  [
    ["General", "Earn"],
    ["read", "unknown"],
  ],
  [["tomorrow"], ["unknown"]],
])("powers of %j", (grants, expected) => expect(Object.keys(powers(grants))).toEqual(expected));

describe("the least", () => {
  const some = fc.uniqueArray(fc.constantFrom<Power>("read", "trade", "lend", "transfer", "withdraw", "administer", "unknown"), {
    minLength: 1,
  });

  test("gives exactly these powers, or a sentence", () => {
    fc.assert(
      fc.property(some, (asked) => {
        const found = least(asked);
        if ("refused" in found) return expect(found.refused).toMatch(/^kucoin: .+/);
        const judged = permissions(found.inputs["permissions"]) as { ok: Record<string, unknown> };
        expect(Object.keys(powers(grantsOf(judged.ok))).sort()).toEqual([...asked].sort());
      }),
    );
  });

  test.each([
    [["withdraw", "read"], "kucoin: keys of sub-accounts can't withdraw"],
    [["read", "lend"], "kucoin: no permission of a sub-account's key is documented to give lend; leave it out"],
    [["trade"], 'kucoin: every key reads; say ["read","trade"]'],
  ] as const)("of %j is refused", (asked, refused) => expect(least(asked)).toEqual({ refused }));

  test("of trading is the spot market alone", () => {
    expect(least(["trade", "read"])).toEqual({ inputs: { permissions: ["General", "Spot"] } });
  });
});

test("the managing key is told what it lacks", () => {
  expect(managing({ grants: ["General", MASTER] })).toEqual([]);
  expect(managing({ grants: ["General"] })).toEqual([expect.stringContaining("it is a sub-account's")]);
  expect(managing({ grants: ["Spot", MASTER] })).toEqual([expect.stringContaining("it needs General")]);
});

test("passphrases are letters and digits alone: a URL keeps them as they are", () => {
  for (let count = 0; count < 50; count += 1) expect(drawPassphrase(kind.passphrase!).reveal()).toMatch(/^[A-Za-z0-9]{24}$/);
});

test("a remark has room for 7 characters beside the mark", () => {
  expect(room(kind.label!)).toBe(24 - MARK_DIGITS - 1);
});

test("what can't be read back is said: the end always, addresses where they have asterisks", () => {
  const bound = { "203.0.113.10": "" };
  expect(Object.keys(kind.unverified(bound))).toEqual(["allowedIps", "lifetime"]);
  expect(Object.keys(kind.unverified(bound, { grants: [], bound: true }))).toEqual(["allowedIps", "lifetime"]);
  expect(Object.keys(kind.unverified(bound, { grants: [], allowedIps: bound }))).toEqual(["lifetime"]);
  expect(Object.keys(kind.unverified("anywhere"))).toEqual(["lifetime"]);
  expect(kind.unverified("anywhere", { grants: [], bound: true })["allowedIps"]).toMatch(/declared for anywhere, and/);
});

let stack: Stack | undefined;
const open = async (): Promise<Stack> => (stack = await Stack.open({ venue: "kucoin", kind: "SubAccountApiKey" }));
afterEach(async () => {
  await stack?.close();
  stack = undefined;
});

interface DeskKey {
  readonly subName: string | null;
  readonly allowedIps: readonly string[];
  readonly alive: boolean;
  readonly expiresAt: string | null;
  readonly passphrase: string;
  readonly createdAt: string;
}

async function theKey({ control }: Stack): Promise<DeskKey> {
  const keys = await control.get<DeskKey[]>("/venues/kucoin/keys?secrets=true");
  const [key, ...more] = keys.filter(({ subName, alive }) => subName !== null && alive);
  if (key === undefined || more.length > 0) throw new Error("not one key");
  return key;
}

describe("from a list to anywhere", () => {
  test.each([
    ["removed", "masked", undefined],
    ["removed", "plain", undefined],
    // The list stays, and the asterisks don't hide that: the program isn't told that all is right.
    ["kept", "masked", "the venue still shows a difference"],
    ["kept", "plain", "the venue still shows a difference"],
    ["400100", "masked", "(400100)"],
  ])("an empty list %s, shown %s", async (ipWhitelistEmpty, ipMask, refusal) => {
    const { given } = await open();
    await stack!.switches({ ipWhitelistEmpty, ipMask });
    expect(await stack!.up(given.bound)).toEqual({ did: "create" });
    const { error } = await stack!.up(given.least);
    if (refusal === undefined) expect(error).toBeUndefined();
    else expect(error?.message).toContain(refusal);
    expect((await theKey(stack!)).allowedIps).toEqual(refusal === undefined ? [] : ["203.0.113.10"]);
  });

  test.each(["removed", "kept", "400100"])("a key that is for anywhere is changed under each: %s", async (ipWhitelistEmpty) => {
    const { given } = await open();
    await stack!.switches({ ipWhitelistEmpty, ipWhitelistOmitted: ipWhitelistEmpty === "kept" ? "kept" : "removed" });
    await stack!.up(given.least);
    expect(await stack!.up(given.wider)).toEqual({ did: "update" });
    await expectAsDeclared(stack!, given.wider);
  });
});

test.each(["update", "creation"])(
  "an end stays what it was at the earliest, and is never taken away: counted from %s",
  async (expireFrom) => {
    const { given } = await open();
    await stack!.switches({ expireFrom });
    await stack!.up(given.least);
    const told = Date.parse(String(stack!.held!.outputs["expiresAt"]));
    await stack!.advance("240h");
    await stack!.up(given.wider);
    const key = await theKey(stack!);
    const days = (Date.parse(key.expiresAt!) - Date.parse(key.createdAt)) / 86_400_000;
    expect(Math.round(days * 1000) / 1000).toBe(expireFrom === "update" ? 40 : 30);
    expect(Math.abs(Date.parse(key.createdAt) + 30 * 86_400_000 - told)).toBeLessThanOrEqual(1000);
    expect(stack!.held!.outputs["expiresAt"]).toBe(new Date(told).toISOString());
    // Another end is another key, whose end is known.
    expect(await stack!.up({ ...given.wider, lifetime: "never" })).toEqual({ did: "update" });
    expect([stack!.held!.outputs["generation"], stack!.held!.outputs["expiresAt"]]).toEqual([2, undefined]);
  },
);

test.each(["reset", "lost-after-effect", "429", "500", "html", "truncated"])(
  "a deletion that ends in %s tells no passphrase, whatever the error holds",
  async (fault) => {
    const { given, control } = await open();
    await stack!.up(given.bound);
    const { passphrase } = await theKey(stack!);
    expect(passphrase).toMatch(/^sandbox-[A-Za-z0-9]{16}$/);
    await control.post("/faults", {
      venue: "kucoin",
      match: { method: "DELETE", path: "/api/v1/sub/api-key" },
      kind: fault,
      times: "always",
    });
    await control.post("/faults", {
      venue: "kucoin",
      match: { method: "GET", path: "/api/v1/sub/api-key" },
      kind: "reset",
      times: "always",
    });
    const { error } = await stack!.destroy();
    expect(error).toBeInstanceOf(Error);
    const all = JSON.stringify([everything(error), stack!.told, await stack!.open(), await stack!.requests()]);
    expect(all).not.toContain(passphrase);
    expect(all).not.toContain("subName=");
  },
);

/** An error with all that hangs on it, whatever is enumerable or not. */
function everything(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || depth > 6) return String(value);
  return Reflect.ownKeys(value).map((name) => [String(name), everything(Reflect.get(value, name), depth + 1)]);
}

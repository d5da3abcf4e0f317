// IP lists by example: how what is accepted reads, the venue's limits, and the questions asked of a list.

import { canonicalAddress, canonicalRange, containedIn, contains, ipDelta, ipMap, shownIps } from "../../provider/core/ip";
import type { AllowedIps } from "../../provider/core/model";
import { ANY, ok, problems, reason, VENUE } from "./ipgiven";

describe("canonical", () => {
  test.each([
    ["203.0.113.10/32", "203.0.113.10"],
    ["203.0.113.0/24", "203.0.113.0/24"],
    ["1.2.0.0/16", "1.2.0.0/16"],
    ["2001:0DB8:0000:0000:0000:0000:0000:0010", "2001:db8::10"],
    ["2001:db8::10/128", "2001:db8::10"],
    ["2001:DB8:1::/48", "2001:db8:1::/48"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["2001:db8:1:2:3:4:192.0.2.33", "2001:db8:1:2:3:4:c000:221"],
    ["::", "::"],
    ["::1.2.3.4", "::102:304"],
    ["::ffff:203.0.113.10", "203.0.113.10"],
    ["::FFFF:cb00:710a", "203.0.113.10"],
    ["0:0:0:0:0:ffff:203.0.113.10/128", "203.0.113.10"],
    ["::ffff:203.0.113.0/120", "203.0.113.0/24"],
    ["::ffff:cb00:0/112", "203.0.0.0/16"],
    ["::fffe:1.2.3.4", "::fffe:102:304"],
  ])("%s reads %s", (given, canonical) => {
    expect(ok([given])).toEqual({ [canonical]: "" });
    expect(canonicalRange(given)).toBe(canonical);
  });

  test('"anywhere" is itself, whatever the limits', () => {
    expect(ok("anywhere", { max: 1, ranges: false, ipv6: false }, VENUE)).toBe("anywhere");
  });

  test("sorted by family, then number, then prefix", () => {
    const given = ["2001:db8::10", "100.0.0.1", "9.0.0.0/24", "2001:db8::9", "20.0.0.1"];
    expect(Object.keys(ok(given))).toEqual(["9.0.0.0/24", "20.0.0.1", "100.0.0.1", "2001:db8::9", "2001:db8::10"]);
  });

  test("purposes are kept; any text is one", () => {
    const given = { "203.0.113.10": 'fra1 "gateway"; \u202e', "203.0.113.11": "" };
    expect(ok(given)).toEqual(given);
  });

  test("duplicates and covered ranges are folded, their purposes joined without duplicates", () => {
    const given = {
      "203.0.113.11": "bot",
      "203.0.113.0/24": "office",
      "::ffff:203.0.113.11": "backup",
      "203.0.113.12": "",
      "203.0.113.128/25": "office",
      "203.0.114.0": "other",
    };
    expect(ok(given)).toEqual({ "203.0.113.0/24": "office; backup; bot", "203.0.114.0": "other" });
    expect(ok(["1.2.3.4", "1.2.3.4/32", "1.2.3.4"])).toEqual({ "1.2.3.4": "" });
  });

  test("neighbours stay as the user wrote them", () => {
    expect(ok(["203.0.113.128/25", "203.0.113.0/25", "203.0.114.0"])).toEqual({
      "203.0.113.0/25": "",
      "203.0.113.128/25": "",
      "203.0.114.0": "",
    });
  });

  test("the input isn't changed, frozen or not", () => {
    const list = Object.freeze(["203.0.113.11", "203.0.113.10"]);
    const map = Object.freeze(Object.assign(Object.create(null) as object, { "203.0.113.11/32": "b", "203.0.113.10": "a" }));
    ok(list);
    ok(map);
    expect(list).toEqual(["203.0.113.11", "203.0.113.10"]);
    expect(Object.entries(map)).toEqual([
      ["203.0.113.11/32", "b"],
      ["203.0.113.10", "a"],
    ]);
  });
});

describe("a venue's limits", () => {
  test("the number is judged after folding", () => {
    const limits = { ...ANY, max: 1 };
    expect(ok(["203.0.113.10", "203.0.113.10/32", "::ffff:203.0.113.10"], limits)).toEqual({ "203.0.113.10": "" });
    expect(ok(["203.0.113.10", "203.0.113.0/24"], limits)).toEqual({ "203.0.113.0/24": "" });
    expect(problems(["203.0.113.10", "203.0.113.11"], limits)).toEqual([
      {
        property: "allowedIps",
        reason: "the list has 2 addresses and ranges, this kind of key takes one; split the key, or join neighbours to a range",
      },
    ]);
    expect(reason(["203.0.113.1", "203.0.113.2", "203.0.113.3"], { max: 2, ranges: false, ipv6: true })).toBe(
      "the list has 3 addresses and ranges, this kind of key takes 2; split the key",
    );
  });

  test("ranges", () => {
    const limits = { ...ANY, ranges: false };
    expect(reason(["203.0.113.0/24"], limits)).toBe(
      '"203.0.113.0/24" is a range, which this kind of key doesn\'t take; write each address by itself',
    );
    expect(reason(["2001:db8::/127"], limits)).toMatch(/is a range/);
    expect(ok(["203.0.113.10/32", "2001:db8::1/128", "::ffff:203.0.113.11/128"], limits)).toEqual({
      "203.0.113.10": "",
      "203.0.113.11": "",
      "2001:db8::1": "",
    });
  });

  test("IPv6", () => {
    const limits = { ...ANY, ipv6: false };
    expect(reason(["2001:db8::1"], limits)).toBe('"2001:db8::1" is IPv6, which this kind of key doesn\'t take; write an IPv4 address');
    expect(ok(["::ffff:203.0.113.10"], limits)).toEqual({ "203.0.113.10": "" });
  });
});

describe("very long lists", () => {
  const long = Array.from({ length: 10_000 }, (_, index) => `9.${index >> 12}.${(index >> 4) & 255}.${(index & 15) * 2}`);

  function quickly<T>(judged: () => T): T {
    const start = process.hrtime.bigint();
    const result = judged();
    expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(2_000);
    return result;
  }

  test("10 000 entries are judged quickly", () => {
    expect(Object.keys(quickly(() => ok(long, { ...ANY, max: 10_000 }, VENUE)))).toHaveLength(10_000);
    expect(quickly(() => reason(long))).toMatch(/^the list has 10000 addresses and ranges, this kind of key takes 1000;/);
    expect(ok(Array.from({ length: 10_000 }, () => "203.0.113.10"))).toEqual({ "203.0.113.10": "" });
  });

  test("10 000 mistakes are told as twenty and a number", () => {
    const told = quickly(() => problems(long.map((text) => `${text}.1`)));
    expect(told).toHaveLength(21);
    expect(told.at(-1)).toEqual({ property: "allowedIps", reason: "there are 9980 more problems; mend those above first" });
  });

  test("10 000 entries are compared quickly", () => {
    const list = ok(long, { ...ANY, max: 10_000 });
    expect(quickly(() => ipDelta(list, list))).toEqual({ added: [], removed: [] });
    expect(quickly(() => contains(list, "8.8.8.8"))).toBe(false);
  });
});

describe("contains", () => {
  const list = { "203.0.113.0/24": "", "2001:db8::/64": "", "198.51.100.1": "" };

  test.each([
    ["203.0.113.0", true],
    ["203.0.113.255", true],
    ["203.0.114.0", false],
    ["203.0.112.255", false],
    ["::ffff:203.0.113.9", true],
    ["198.51.100.1", true],
    ["198.51.100.2", false],
    ["2001:DB8:0::9", true],
    ["2001:db8:0:1::", false],
    ["::cb00:7109", false],
    ["203.0.113.0/24", false],
    ["203.0.113.10/32", false],
    ["203.0.113.010", false],
    ["anywhere", false],
    ["", false],
  ])("%s: %p", (address, expected) => {
    expect(contains(list, address)).toBe(expected);
    expect(contains("anywhere", address)).toBe(true);
  });

  test("an entry that can't be read holds nothing", () => {
    expect(contains({ "*": "", "0.0.0.0/0x0": "" }, "1.2.3.4")).toBe(false);
    expect(contains({}, "1.2.3.4")).toBe(false);
  });
});

describe("containedIn", () => {
  test("names the entries that stick out", () => {
    const list = { "203.0.113.10": "", "203.0.113.0/24": "", "2001:db8::1": "" };
    expect(containedIn(list, ["203.0.113.0/24", "2001:db8::/32"])).toEqual([]);
    expect(containedIn(list, ["203.0.113.0/25"])).toEqual(["203.0.113.0/24", "2001:db8::1"]);
    expect(containedIn(list, [])).toEqual(Object.keys(list));
  });

  test("the ranges count together, in any order and overlapping", () => {
    const halves = ["203.0.113.128/25", "203.0.113.64/26", "203.0.113.0/25", "203.0.113.1"];
    expect(containedIn({ "203.0.113.0/24": "" }, halves)).toEqual([]);
    expect(containedIn({ "203.0.113.0/24": "" }, ["203.0.113.128/25", "203.0.113.64/26"])).toEqual(["203.0.113.0/24"]);
    expect(containedIn({ "203.0.112.0/23": "" }, ["203.0.113.0/24"])).toEqual(["203.0.112.0/23"]);
  });

  test('"anywhere" is within nothing', () => {
    expect(containedIn("anywhere", ["0.0.0.0/0", "2000::/3"])).toEqual(["anywhere"]);
    expect(containedIn("anywhere", ["anywhere"])).toEqual(["anywhere"]);
    expect(containedIn("anywhere", [])).toEqual(["anywhere"]);
  });

  test("what can't be read is never within, and holds nothing", () => {
    expect(containedIn({ "1.2.3": "" }, ["0.0.0.0/0"])).toEqual(["1.2.3"]);
    expect(containedIn({ "1.2.3.4": "" }, ["*", "anywhere", "0.0.0.0/00"])).toEqual(["1.2.3.4"]);
  });

  test("families don't mix, though the numbers would fit", () => {
    expect(containedIn({ "1.2.3.4": "" }, ["2000::/3"])).toEqual(["1.2.3.4"]);
    expect(containedIn({ "::102:304": "" }, ["0.0.0.0/0"])).toEqual(["::102:304"]);
  });
});

describe("ipDelta", () => {
  test.each<[string, AllowedIps, AllowedIps, string[], string[]]>([
    ["equal", { "1.2.3.4": "a" }, { "1.2.3.4": "b" }, [], []],
    ["one more", { "1.2.3.4": "", "1.2.3.5": "" }, { "1.2.3.4": "" }, ["1.2.3.5"], []],
    ["one less", { "1.2.3.4": "" }, { "1.2.3.4": "", "1.2.3.5": "" }, [], ["1.2.3.5"]],
    ["another", { "1.2.3.4": "" }, { "1.2.3.5": "" }, ["1.2.3.4"], ["1.2.3.5"]],
    ["narrower", { "1.2.3.4": "" }, { "1.2.3.0/24": "" }, [], ["1.2.3.0/24"]],
    ["split otherwise", { "1.2.3.0/25": "", "1.2.3.128/25": "" }, { "1.2.3.0/24": "" }, [], []],
    ["limited", { "1.2.3.4": "" }, "anywhere", [], ["anywhere"]],
    ["unlimited", "anywhere", { "1.2.3.4": "" }, ["anywhere"], []],
    ["unlimited still", "anywhere", "anywhere", [], []],
  ])("%s", (_, desired, observed, added, removed) => {
    expect(ipDelta(desired, observed)).toEqual({ added, removed });
  });
});

describe("canonicalAddress and canonicalRange", () => {
  test("an address is one address", () => {
    expect(canonicalAddress("2001:DB8::0:1")).toBe("2001:db8::1");
    expect(canonicalAddress("::ffff:1.2.3.4")).toBe("1.2.3.4");
    expect(canonicalAddress("1.2.3.4/32")).toBeUndefined();
    expect(canonicalAddress("1.2.3.0/24")).toBeUndefined();
  });

  test("a ceiling may be as wide as it likes, but not sloppy", () => {
    expect(canonicalRange("0.0.0.0/0")).toBe("0.0.0.0/0");
    expect(canonicalRange("10.0.0.0/8")).toBe("10.0.0.0/8");
    expect(canonicalRange("2000::/3")).toBe("2000::/3");
    expect(canonicalRange("10.0.0.1/8")).toBeUndefined();
  });
});

test("an empty list of a venue is no limit where it says so, and lets nobody in elsewhere", () => {
  expect([shownIps([]), ipMap([])]).toEqual(["anywhere", {}]);
  for (const read of [shownIps, ipMap]) expect(read(["203.0.113.10", "1.2.0.0/16"])).toEqual({ "203.0.113.10": "", "1.2.0.0/16": "" });
});

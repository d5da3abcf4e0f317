// IP lists that are refused for their form: what the message says, where, and the way out.

import { canonicalAddress, canonicalRange } from "../../provider/core/ip";
import { problems, reason } from "./ipgiven";

describe("refused as a whole", () => {
  test.each<[string, unknown, RegExp]>([
    ["undefined", undefined, /^allowedIps is missing;/],
    ["null", null, /^allowedIps is missing;/],
    ["[]", [], /^the list is empty, which some venues read as no limit;/],
    ["{}", {}, /^the map is empty, which some venues read as no limit;/],
    ['""', "", /^"" is neither a list nor a map/],
    ["ANYWHERE", "ANYWHERE", /^"ANYWHERE" is neither/],
    [" anywhere", " anywhere", /^" anywhere" is neither/],
    ["*", "*", /^"\*" is neither/],
    ["a bare address", "203.0.113.10", /^"203.0.113.10" is neither/],
    ["a list as text", "203.0.113.10,203.0.113.11", /is neither/],
    ["0.0.0.0/0", "0.0.0.0/0", /is neither/],
    ["a number", 2130706433, /^2130706433 is neither/],
    ["true", true, /^true is neither/],
    ["a Map", new Map([["203.0.113.10", ""]]), /^an object is neither/],
    ["a Set", new Set(["203.0.113.10"]), /^an object is neither/],
    ["a date", new Date(0), /^an object is neither/],
    ["a function", () => ["203.0.113.10"], /^a function is neither/],
  ])("%s, with the allowed forms", (_, given, what) => {
    const [problem, ...more] = problems(given);
    expect(more).toEqual([]);
    expect(problem!.property).toBe("allowedIps");
    expect(problem!.reason).toMatch(what);
    expect(problem!.reason).toContain('write a list such as ["203.0.113.10"], a map such as { "203.0.113.10": "gateway" }, or "anywhere"');
  });
});

describe("refused as an entry", () => {
  const form = 'write IPv4 as "203.0.113.10", IPv6 as "2001:db8::10", a range as network/prefix such as "203.0.113.0/24"';
  const octal = `has a part with a leading zero, which some systems read as octal; ${form}`;
  const nothing = `isn't an IP address or range; ${form}`;
  const space = `has white space in it; ${form}`;
  const prefix4 = "has no plain prefix; after the / write a number from 0 to 32";
  const prefix6 = "has no plain prefix; after the / write a number from 0 to 128";
  const zone = "has a zone, which means something on one machine only; leave out the % and what follows";
  const word = 'isn\'t an address; for no limit write allowedIps: "anywhere", in lower case and alone';

  test.each([
    ["", `is empty; ${form}`],
    ["anywhere", 'stands alone or not at all: write allowedIps: "anywhere", or leave it out of the list'],
    ["ANYWHERE", word],
    ["Anywhere", word],
    ["*", word],
    ["010.1.1.1", octal],
    ["1.2.3.04", octal],
    ["1.2.3.00", octal],
    ["0127.0.0.1/24", octal],
    ["0x7f.1", nothing],
    ["0x7f000001", nothing],
    ["0x7f.0x0.0x0.0x1", nothing],
    ["2130706433", nothing],
    ["1.2.3", nothing],
    ["1.2.3.4.5", nothing],
    ["1.2.3.256", nothing],
    ["1.2.3.999", nothing],
    ["1.2.3.", nothing],
    [".1.2.3", nothing],
    ["1..2.3", nothing],
    ["-1.2.3.4", nothing],
    ["+1.2.3.4", nothing],
    ["1e1.2.3.4", nothing],
    ["1.2.3.4-1.2.3.9", nothing],
    ["1.2.3.*", nothing],
    ["1.2.3.4,1.2.3.5", nothing],
    ["1.2.3.4:443", nothing],
    ["http://1.2.3.4", nothing],
    ["localhost", nothing],
    ["example.com", nothing],
    ["__proto__", nothing],
    ["constructor", nothing],
    ["[2001:db8::1]", nothing],
    ["2001:db8::1::2", nothing],
    ["2001:db8:::1", nothing],
    ["2001:db8", nothing],
    ["1:2:3:4:5:6:7", nothing],
    ["1:2:3:4:5:6:7:8:9", nothing],
    ["2001:db8::00001", nothing],
    ["2001:db8::g", nothing],
    ["::ffff:1.2.3", nothing],
    ["::ffff:1.2.3.256", nothing],
    ["::ffff:010.1.1.1", nothing],
    ["::ffff:0x7f.0.0.1", nothing],
    ["::1.2.3.4:5", nothing],
    [":", nothing],
    [":::", nothing],
    ["/24", nothing],
    ["1.2.3/24", nothing],
    ["fe80::1%eth0", zone],
    ["fe80::1%25eth0", zone],
    ["fe80::%1/64", zone],
    [" 1.2.3.4", space],
    ["1.2.3.4 ", space],
    ["1.2.3.4\n", space],
    ["1.2. 3.4", space],
    ["1.2.3.4\t/24", space],
    ["1.2.3.4\u00a0", space],
    ["1.2.3.4/33", prefix4],
    ["1.2.3.4/024", prefix4],
    ["1.2.3.0/00", prefix4],
    ["1.2.3.4/", prefix4],
    ["1.2.3.4/+24", prefix4],
    ["1.2.3.4/-1", prefix4],
    ["1.2.3.0/ 24", prefix4],
    ["1.2.3.0/24 ", prefix4],
    ["1.2.3.0/24/24", prefix4],
    ["1.2.3.0/2e1", prefix4],
    ["1.2.3.0/0x18", prefix4],
    ["1.2.3.0/24.0", prefix4],
    ["1.2.3.0/255.255.255.0", prefix4],
    ["1.2.3.4/32\0", prefix4],
    ["2001:db8::/129", prefix6],
    ["2001:db8::/064", prefix6],
    ["2001:db8::/ffff::", prefix6],
    ["2001:db8::/64%eth0", prefix6],
  ])("%j", (text, what) => {
    expect(reason([text])).toBe(`${JSON.stringify(text).replace("\u00a0", "\\u00a0")} ${what}`);
    expect(canonicalRange(text)).toBeUndefined();
    expect(canonicalAddress(text)).toBeUndefined();
  });

  test.each([
    "1.2.3.4\0",
    "1.2.3.4\0.evil",
    "\0",
    "١.٢.٣.٤",
    "１.２.３.４",
    "1.2.3.4\u200b",
    "1。2。3。4",
    "\ud83d\ude00",
    "\ud800",
    "2001:db8::\u0661",
  ])("%j, and the message is printable", (text) => {
    expect(reason([text])).toContain(`isn't an IP address or range; ${form}`);
    expect(reason([text])).toMatch(/^[\x20-\x7e]+$/);
  });

  test.each<[unknown]>([[2130706433], [null], [undefined], [["1.2.3.4"]], [{ address: "1.2.3.4" }], [true], [10n]])(
    "%p, which isn't text",
    (entry) => {
      expect(reason([entry])).toMatch(/ isn't text; write each address as a string, such as "203.0.113.10"$/);
    },
  );

  test("a hole in a list, a purpose that isn't text", () => {
    expect(problems([, "1.2.3.4"])).toEqual([{ property: "allowedIps[0]", reason: expect.stringMatching(/^undefined isn't text;/) }]);
    expect(reason({ "1.2.3.4": 5 })).toBe('the purpose of "1.2.3.4" is 5, which isn\'t text; write a few words, or "" for none');
    expect(reason({ "1.2.3.4": null })).toMatch(/is null, which isn't text/);
  });

  test.each([
    [
      "203.0.113.10/24",
      '"203.0.113.10/24" has bits set behind its prefix; write "203.0.113.10" for the one address, or "203.0.113.0/24" for the whole range',
    ],
    ["1.2.3.4/0", '"1.2.3.4/0" has bits set behind its prefix; write "1.2.3.4" for the one address'],
    [
      "2001:db8::1/64",
      '"2001:db8::1/64" has bits set behind its prefix; write "2001:db8::1" for the one address, or "2001:db8::/64" for the whole range',
    ],
    [
      "::ffff:1.2.3.4/120",
      '"::ffff:1.2.3.4/120" has bits set behind its prefix; write "1.2.3.4" for the one address, or "1.2.3.0/24" for the whole range',
    ],
    [
      "203.0.113.1/31",
      '"203.0.113.1/31" has bits set behind its prefix; write "203.0.113.1" for the one address, or "203.0.113.0/31" for the whole range',
    ],
  ])("host bits: %s", (text, what) => {
    expect(reason([text])).toBe(what);
  });

  test("every problem has its own path", () => {
    expect(problems(["203.0.113.10", "1.2.3", "203.0.113.11", ""]).map(({ property }) => property)).toEqual([
      "allowedIps[1]",
      "allowedIps[3]",
    ]);
    const map = { "203.0.113.10/33": "a", "203.0.113.10": "b", "1.2.3": "c", 'a"]\n': "d" };
    expect(problems(map).map(({ property }) => property)).toEqual([
      'allowedIps["203.0.113.10/33"]',
      'allowedIps["1.2.3"]',
      'allowedIps["a\\"]\\n"]',
    ]);
  });

  test('keys such as "__proto__" are entries like any other', () => {
    const given = JSON.parse('{ "__proto__": "x", "constructor": "y", "203.0.113.10": "z" }') as unknown;
    expect(problems(given).map(({ property }) => property)).toEqual(['allowedIps["__proto__"]', 'allowedIps["constructor"]']);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  test("a very long entry is cut in path and reason", () => {
    const [problem] = problems({ ["9".repeat(100_000)]: "" });
    expect(problem!.reason.length + problem!.property.length).toBeLessThan(400);
  });
});

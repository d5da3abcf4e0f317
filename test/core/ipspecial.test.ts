// IP lists that are well-formed and still refused: wide open, or addresses that no venue ever sees.

import { canonicalRange } from "../../provider/core/ip";
import { ANY, ok, problems, reason, SANDBOX, VENUE } from "./ipgiven";

describe("wide open is refused, in the sandbox as well", () => {
  const way = /allowedIps: "anywhere"|"anywhere" alone/;

  test.each(["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "1.0.0.0/8", "1.2.0.0/15", "::/1", "2000::/3", "2001:db8::/32", "2001:db8::/47"])(
    "%s",
    (text) => {
      for (const where of [SANDBOX, VENUE]) {
        expect(reason([text], ANY, where)).toMatch(/^"[^"]+" is wide open/);
        expect(reason([text], ANY, where)).toMatch(way);
        expect(reason([text], { max: 10, ranges: false, ipv6: false }, where)).toMatch(way);
      }
    },
  );

  test.each(["::ffff:0.0.0.0/96", "::ffff:0:0/96", "::ffff:0:0/97", "::ffff:128.0.0.0/97", "::ffff:0:0/111"])(
    "%s, folded to IPv4",
    (text) => {
      expect(reason([text])).toMatch(
        /is wide open; narrow it to \/16 or longer; for no limit, the one way to say it is allowedIps: "anywhere"$/,
      );
    },
  );

  test.each(["::/0", "::/64", "::/80", "::fffe:0:0/95", "::ffff:0:0/95"])(
    "%s, which holds or seems to hold all mapped addresses",
    (text) => {
      expect(problems([text])).toHaveLength(1);
      expect(canonicalRange(text)).toBeUndefined();
    },
  );

  test.each([["::/0"], ["::/64"], ["::fffe:0:0/95"]])("%s says so", (text) => {
    expect(reason([text])).toBe(
      `"${text}" is wide open: it holds every IPv4 address in mapped form; write the IPv4 ranges themselves, or "anywhere" alone`,
    );
  });

  test("two halves of the world", () => {
    expect(problems(["0.0.0.0/1", "128.0.0.0/1"]).map(({ property }) => property)).toEqual(["allowedIps[0]", "allowedIps[1]"]);
  });

  const total4 =
    /^the list is wide open: together its ranges hold more than 2\^16 \(65536\) IPv4 addresses; narrow them; for no limit, .*allowedIps: "anywhere"$/;
  const total6 =
    /^the list is wide open: together its ranges hold more than one \/48 \(2\^80\) of IPv6 addresses; narrow them; for no limit, .*allowedIps: "anywhere"$/;

  test("IPv4: 2^16 in all are allowed, one more isn't, in one piece or in many", () => {
    expect(ok(["1.2.0.0/16"])).toEqual({ "1.2.0.0/16": "" });
    expect(ok(["1.2.0.0/17", "1.2.128.0/17"])).toEqual({ "1.2.0.0/17": "", "1.2.128.0/17": "" });
    expect(ok(["1.2.0.0/16", "1.2.3.4", "1.2.128.0/17", "::ffff:1.2.0.0/112"])).toEqual({ "1.2.0.0/16": "" });
    expect(reason(["1.2.0.0/16", "1.3.0.0"])).toMatch(total4);
    expect(reason(["1.2.0.0/16", "1.3.0.0/16"])).toMatch(total4);
    expect(problems(Array.from({ length: 256 }, (_, index) => `9.0.${index}.0/24`).concat("8.8.8.8"))).toEqual([
      { property: "allowedIps", reason: expect.stringMatching(total4) },
    ]);
  });

  test("IPv6: one /48 in all is allowed, more isn't", () => {
    expect(ok(["2001:db8:1::/48"])).toEqual({ "2001:db8:1::/48": "" });
    expect(ok(["2001:db8:1::/49", "2001:db8:1:8000::/49"])).toEqual({ "2001:db8:1::/49": "", "2001:db8:1:8000::/49": "" });
    expect(reason(["2001:db8:1::/49", "2001:db8:1:8000::/49", "2001:db8::1"])).toMatch(total6);
    expect(reason(["2001:db8::/48", "2001:db8:1::/48"])).toMatch(total6);
  });

  test("each family has its own measure", () => {
    expect(Object.keys(ok(["1.2.0.0/16", "2001:db8:1::/48"]))).toHaveLength(2);
  });
});

describe("special addresses", () => {
  test.each([
    ["0.0.0.0", "this-network"],
    ["0.1.2.3", "this-network"],
    ["10.0.0.1", "private"],
    ["10.255.255.255", "private"],
    ["100.64.0.1", "shared"],
    ["100.127.255.255", "shared"],
    ["127.0.0.1", "loopback"],
    ["127.8.0.0/16", "loopback"],
    ["169.254.169.254", "link-local"],
    ["172.16.0.1", "private"],
    ["172.31.255.255", "private"],
    ["192.0.0.8", "IETF protocol"],
    ["192.0.2.1", "documentation"],
    ["192.31.196.1", "AS112"],
    ["192.52.193.1", "AMT"],
    ["192.88.99.1", "6to4"],
    ["192.168.1.1", "private"],
    ["192.175.48.1", "AS112"],
    ["198.18.0.1", "benchmarking"],
    ["198.19.255.255", "benchmarking"],
    ["198.51.100.7", "documentation"],
    ["203.0.113.10", "documentation"],
    ["224.0.0.1", "multicast"],
    ["239.255.255.255", "multicast"],
    ["240.0.0.1", "reserved"],
    ["255.255.255.255", "broadcast"],
    ["::", "unspecified"],
    ["::1", "loopback"],
    ["::1.2.3.4", "reserved"],
    ["::ffff:10.0.0.1", "private"],
    ["::ffff:7f00:1", "loopback"],
    ["64:ff9b::102:304", "NAT64"],
    ["64:ff9b:1::1", "NAT64"],
    ["100::1", "discard"],
    ["100:0:0:1::1", "dummy"],
    ["200::1", "reserved"],
    ["1fff:ffff::", "reserved"],
    ["2001::1", "Teredo"],
    ["2001:2::1", "IETF protocol"],
    ["2001:10::1", "IETF protocol"],
    ["2001:20::1", "IETF protocol"],
    ["2001:1ff:ffff::1", "IETF protocol"],
    ["2001:db8::1", "documentation"],
    ["2002:102:304::1", "6to4"],
    ["2620:4f:8000::1", "AS112"],
    ["3fff:fff::1", "documentation"],
    ["4000::1", "reserved"],
    ["5f00::1", "segment-routing"],
    ["8000::1", "reserved"],
    ["fc00::1", "unique-local"],
    ["fdff::1", "unique-local"],
    ["fe80::1", "link-local"],
    ["fec0::1", "site-local"],
    ["ff02::1", "multicast"],
    ["192.0.0.0/16", "IETF protocol"],
    ["198.51.100.0/23", "documentation"],
    ["203.0.0.0/16", "documentation"],
    ["172.16.0.0/16", "private"],
    ["::ffff:203.0.113.0/120", "documentation"],
  ])("%s is refused at a venue and allowed in the sandbox", (text, name) => {
    const why = reason([text], ANY, VENUE);
    expect(why).toContain(`the ${name}`);
    expect(why).toMatch(/which never reach a venue; write the public address that your requests come from$/);
    expect(Object.keys(ok([text]))).toHaveLength(1);
  });

  test.each([
    "1.0.0.0",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.0.3.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "198.51.99.255",
    "198.51.101.0",
    "203.0.112.255",
    "203.0.114.0",
    "223.255.255.255",
    "2000::1",
    "2001:200::1",
    "2001:db7:ffff::1",
    "2001:db9::1",
    "2003::1",
    "2620:4f:8001::1",
    "2a01:4f8::/48",
    "3ffe::1",
    "3fff:1000::1",
    "8.8.0.0/16",
    "::ffff:8.8.8.8",
  ])("%s, next to one, is allowed", (text) => {
    expect(Object.keys(ok([text], ANY, VENUE))).toHaveLength(1);
  });

  test("the sandbox forgives no nonsense", () => {
    for (const text of ["127.1", "010.0.0.1", "10.0.0.1/8", "10.0.0.0/8", "fe80::1%lo"]) expect(problems([text])).toHaveLength(1);
  });
});

// IP lists as sets of addresses: laws over many inputs. The arithmetic here is the test's own and shares nothing with the code under test.

import fc from "fast-check";
import { canonicalAddress, canonicalRange, containedIn, contains, ipDelta, parseAllowedIps } from "../../provider/core/ip";
import type { AllowedIps } from "../../provider/core/model";

/** A network as numbers, with one of the many ways to write it. */
interface Network {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly size: bigint;
  readonly text: string;
}

const LIMITS = { max: 1_000, ranges: true, ipv6: true };

function dotted(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 255n)).join(".");
}

function groups(bits: bigint): string[] {
  return [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => ((bits >> shift) & 65535n).toString(16));
}

/** RFC 5952 4.2: the longest run of two or more zero groups, the first of equals, becomes `::`. */
function rfc5952(bits: bigint): string {
  const all = groups(bits);
  let best = { at: 0, length: 1 };
  for (let at = 0; at < 8; at += 1) {
    let length = 0;
    while (all[at + length] === "0") length += 1;
    if (length > best.length) best = { at, length };
  }
  if (best.length < 2) return all.join(":");
  return `${all.slice(0, best.at).join(":")}::${all.slice(best.at + best.length).join(":")}`;
}

/** Reads canonical text only. */
function numbers(text: string): { family: 4 | 6; first: bigint; size: bigint } {
  const [address, prefix] = text.split("/") as [string, string | undefined];
  if (!address.includes(":")) {
    const first = address.split(".").reduce((bits, part) => bits * 256n + BigInt(part), 0n);
    return { family: 4, first, size: 2n ** BigInt(32 - Number(prefix ?? 32)) };
  }
  const [head, tail] = address.split("::") as [string, string | undefined];
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const all = tail === undefined ? front : [...front, ...Array<string>(8 - front.length - back.length).fill("0"), ...back];
  return {
    family: 6,
    first: all.reduce((bits, part) => bits * 65536n + BigInt(`0x${part}`), 0n),
    size: 2n ** BigInt(128 - Number(prefix ?? 128)),
  };
}

/** The set of addresses, as text that is equal exactly for equal sets: merged intervals of each family. */
function addresses(networks: readonly { family: 4 | 6; first: bigint; size: bigint }[]): string {
  return [4, 6]
    .map((family) => {
      const spans = networks
        .filter((network) => network.family === family)
        .map(({ first, size }) => [first, first + size] as [bigint, bigint]);
      spans.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
      const merged: [bigint, bigint][] = [];
      for (const [from, to] of spans) {
        const last = merged[merged.length - 1];
        if (last !== undefined && from <= last[1]) last[1] = to > last[1] ? to : last[1];
        else merged.push([from, to]);
      }
      return merged.map(([from, to]) => `${from}-${to}`).join();
    })
    .join("|");
}

function setOf(list: AllowedIps): string {
  if (list === "anywhere") throw new Error("not a list");
  return addresses(Object.keys(list).map(numbers));
}

function subset(inner: readonly Network[], outer: readonly Network[]): boolean {
  return addresses([...inner, ...outer]) === addresses(outer);
}

/** Few bits vary, so that equal, covering and neighbouring networks are common. */
const ipv4: fc.Arbitrary<Network> = fc
  .tuple(fc.constantFrom(0x08080000n, 0x0a000000n, 0xcb007100n), fc.bigInt(0n, 4095n), fc.integer({ min: 22, max: 32 }), fc.nat(3))
  .map(([base, low, prefix, style]) => {
    const size = 2n ** BigInt(32 - prefix);
    const first = ((base + low) / size) * size;
    const suffix = prefix === 32 && style % 2 === 0 ? "" : `/${prefix}`;
    const mapped = prefix === 32 && style === 2 ? "" : `/${prefix + 96}`;
    const hexadecimal = `${(first >> 16n).toString(16)}:${(first & 65535n).toString(16)}`;
    const text = [
      `${dotted(first)}${suffix}`,
      `${dotted(first)}${suffix}`,
      `::ffff:${dotted(first)}${mapped}`,
      `0:0:0:0:0:FFFF:${hexadecimal}${mapped}`,
    ][style]!;
    return { family: 4, first, size, text };
  });

const ipv6: fc.Arbitrary<Network> = fc
  .tuple(
    fc.constantFrom(0x20010db8n << 96n, 0x2a0104f8n << 96n, 0xfe80n << 112n),
    fc.bigInt(0n, 7n),
    fc.oneof(fc.bigInt(0n, 15n), fc.bigInt(0n, 2n ** 80n - 1n)),
    fc.oneof(fc.integer({ min: 53, max: 56 }), fc.integer({ min: 124, max: 128 })),
    fc.nat(3),
  )
  .map(([base, subnet, low, prefix, style]) => {
    const size = 2n ** BigInt(128 - prefix);
    const first = ((base + (subnet << 72n) + low) / size) * size;
    const suffix = prefix === 128 && style % 2 === 0 ? "" : `/${prefix}`;
    const plain = groups(first);
    const padded = plain.map((group) => group.padStart(4, "0"));
    const withDots = `${plain.slice(0, 6).join(":")}:${dotted(first & 0xffffffffn)}`;
    return {
      family: 6,
      first,
      size,
      text: `${[rfc5952(first), plain.join(":"), padded.join(":").toUpperCase(), withDots][style]!}${suffix}`,
    };
  });

const networks = fc.array(fc.oneof(ipv4, ipv6), { minLength: 1, maxLength: 12 });
const texts = (list: readonly Network[]): string[] => list.map(({ text }) => text);

function accepted(given: unknown): Exclude<AllowedIps, string> {
  const parsed = parseAllowedIps(given, LIMITS, { sandbox: true });
  if ("problems" in parsed) throw new Error(parsed.problems.map(({ reason }) => reason).join("\n"));
  if (parsed.ok === "anywhere") throw new Error("anywhere");
  return parsed.ok;
}

test("the set of addresses is that of the input, no more and no less", () => {
  fc.assert(
    fc.property(networks, (list) => {
      expect(setOf(accepted(texts(list)))).toBe(addresses(list));
    }),
    { numRuns: 2_000 },
  );
});

test("the result is canonical, sorted, and without an entry that another covers", () => {
  fc.assert(
    fc.property(networks, (list) => {
      const result = Object.keys(accepted(texts(list))).map((text) => ({ text, ...numbers(text) }));
      for (const { text, family, first, size } of result) {
        const single = family === 4 ? dotted(first) : rfc5952(first);
        const bits = family === 4 ? 32 : 128;
        expect(text).toBe(size === 1n ? single : `${single}/${bits - size.toString(2).length + 1}`);
      }
      result.slice(1).forEach((entry, index) => {
        const before = result[index]!;
        expect(before.family < entry.family || (before.family === entry.family && before.first + before.size <= entry.first)).toBe(true);
      });
    }),
    { numRuns: 1_000 },
  );
});

test("every entry is one that the user wrote: neighbours aren't merged", () => {
  fc.assert(
    fc.property(networks, (list) => {
      const written = new Set(list.map(({ family, first, size }) => `${family} ${first} ${size}`));
      for (const text of Object.keys(accepted(texts(list)))) {
        const { family, first, size } = numbers(text);
        expect(written).toContain(`${family} ${first} ${size}`);
      }
    }),
  );
});

const purpose = fc.constantFrom("", "fra1", "ldn2; backup", "__proto__");
const mapOf = (list: readonly Network[], purposes: readonly string[]): [string, string][] =>
  list.map(({ text }, index) => [text, purposes[index % purposes.length]!]);

test("idempotent: the canonical form of a canonical list is itself, purposes and order included", () => {
  fc.assert(
    fc.property(networks, fc.array(purpose, { minLength: 1 }), (list, purposes) => {
      const once = accepted(Object.fromEntries(mapOf(list, purposes)));
      expect(Object.entries(accepted(once))).toEqual(Object.entries(once));
      expect(Object.keys(accepted(Object.keys(once)))).toEqual(Object.keys(once));
    }),
  );
});

test("order never matters, nor does writing an entry twice", () => {
  const shuffled = networks.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
  fc.assert(
    fc.property(shuffled, fc.array(purpose, { minLength: 1 }), ([list, other], purposes) => {
      expect(accepted([...texts(other), ...texts(list)])).toEqual(accepted(texts(list)));
      // As JSON, since the order of the keys is part of the answer.
      const map = Object.fromEntries(mapOf(list, purposes));
      const turned = Object.fromEntries(Object.entries(map).reverse());
      expect(JSON.stringify(accepted(turned))).toBe(JSON.stringify(accepted(map)));
      expect(JSON.stringify(accepted(texts(other)))).toBe(JSON.stringify(accepted(texts(list))));
    }),
  );
});

test("purposes: all are kept, none is made up", () => {
  fc.assert(
    fc.property(networks, fc.array(purpose, { minLength: 1 }), (list, purposes) => {
      const given = Object.fromEntries(mapOf(list, purposes));
      const wanted = new Set(Object.values(given).filter((text) => text !== ""));
      const got = Object.values(accepted(given)).join(" | ");
      for (const text of wanted) expect(got).toContain(text);
      expect(got.replaceAll(/fra1|ldn2; backup|__proto__|; | \| /g, "")).toBe("");
    }),
  );
});

test("contains agrees with the numbers", () => {
  fc.assert(
    fc.property(networks, fc.oneof(ipv4, ipv6), fc.boolean(), (list, probe, end) => {
      const bits = end ? probe.first + probe.size - 1n : probe.first;
      const expected = list.some(({ family, first, size }) => family === probe.family && first <= bits && bits < first + size);
      expect(contains(accepted(texts(list)), probe.family === 4 ? dotted(bits) : rfc5952(bits))).toBe(expected);
    }),
    { numRuns: 1_000 },
  );
});

test("containedIn and ipDelta agree with the numbers", () => {
  fc.assert(
    fc.property(networks, networks, (one, other) => {
      const [desired, observed] = [accepted(texts(one)), accepted(texts(other))];
      const { added, removed } = ipDelta(desired, observed);
      expect(added.length === 0).toBe(subset(one, other));
      expect(removed.length === 0).toBe(subset(other, one));
      expect(containedIn(desired, texts(other))).toEqual(added);
      for (const text of Object.keys(desired)) {
        expect(added.includes(text)).toBe(!subset([{ ...numbers(text), text }], other));
      }
      expect(ipDelta(desired, desired)).toEqual({ added: [], removed: [] });
    }),
    { numRuns: 1_000 },
  );
});

test("more than 2^16 IPv4 addresses or 2^80 IPv6 addresses in all are refused, and no fewer", () => {
  const wide4 = fc.tuple(fc.bigInt(0n, 3n), fc.integer({ min: 16, max: 20 })).map(([low, prefix]): Network => {
    const size = 2n ** BigInt(32 - prefix);
    const first = ((0x08080000n + low * 0x4000n) / size) * size;
    return { family: 4, first, size, text: `${dotted(first)}/${prefix}` };
  });
  const wide6 = fc.tuple(fc.bigInt(0n, 3n), fc.integer({ min: 48, max: 51 })).map(([low, prefix]): Network => {
    const size = 2n ** BigInt(128 - prefix);
    const first = (((0x20010db8n << 96n) + (low << 78n)) / size) * size;
    return { family: 6, first, size, text: `${rfc5952(first)}/${prefix}` };
  });
  const extra = fc.constantFrom<Network>(
    { family: 4, first: 0x01010101n, size: 1n, text: "1.1.1.1" },
    { family: 6, first: 0x26064700n << 96n, size: 1n, text: "2606:4700::" },
  );
  let refused = 0;
  fc.assert(
    fc.property(fc.array(fc.oneof(wide4, wide6), { minLength: 1, maxLength: 9 }), fc.array(extra, { maxLength: 1 }), (list, more) => {
      const all = [...list, ...more];
      const totals = addresses(all)
        .split("|")
        .map((spans) =>
          (spans === "" ? [] : spans.split(",")).reduce((sum, span) => {
            const [from, to] = span.split("-").map(BigInt) as [bigint, bigint];
            return sum + to - from;
          }, 0n),
        );
      const expected = totals[0]! > 65536n || totals[1]! > 2n ** 80n;
      refused += expected ? 1 : 0;
      const parsed = parseAllowedIps(texts(all), LIMITS, { sandbox: true });
      expect("problems" in parsed).toBe(expected);
      if ("problems" in parsed) expect(parsed.problems.every(({ reason }) => reason.includes('"anywhere"'))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
  expect(refused).toBeGreaterThan(50);
  expect(refused).toBeLessThan(950);
});

const lookalike = fc.stringMatching(/^[ +-]?[0-9a-fx:.%*]{0,20}(\/[ +-]?[0-9.]{0,4})?$/);
const written = fc.oneof(
  fc.string({ unit: "binary" }),
  lookalike,
  fc.oneof(ipv4, ipv6).map(({ text }) => text),
);

test("no text throws; what is accepted is canonical and stays within the alphabet", () => {
  fc.assert(
    fc.property(fc.array(written, { maxLength: 4 }), fc.boolean(), (given, sandbox) => {
      const parsed = parseAllowedIps(given, LIMITS, { sandbox });
      if ("ok" in parsed) {
        for (const text of Object.keys(parsed.ok)) {
          expect(text).toMatch(/^[0-9a-f.:]+(\/[0-9]+)?$/);
          expect(canonicalRange(text)).toBe(text);
        }
      } else {
        expect(parsed.problems.length).toBeGreaterThan(0);
        for (const { property, reason } of parsed.problems) {
          expect(property).toMatch(/^allowedIps(\[[0-9]+\])?$/);
          expect(reason).toMatch(/^[\x20-\x7e…]+$/);
        }
      }
      for (const text of given) {
        expect([undefined, canonicalRange(text)]).toContain(canonicalAddress(text));
        expect(contains({ [text]: "" }, "192.0.2.77")).toBe(contains({ [canonicalRange(text) ?? "none"]: "" }, "192.0.2.77"));
      }
    }),
    { numRuns: 2_000 },
  );
});

test("no value throws, as a whole or as an entry, and none of them opens the list", () => {
  fc.assert(
    fc.property(fc.anything(), (given) => {
      if (given === "anywhere") return;
      const parsed = parseAllowedIps(given, LIMITS, { sandbox: true });
      expect("ok" in parsed && parsed.ok === "anywhere").toBe(false);
      expect(parseAllowedIps([given], LIMITS, { sandbox: true })).toHaveProperty(
        typeof given === "string" && canonicalRange(given) !== undefined ? "ok" : "problems",
      );
      expect(parseAllowedIps({ "1.2.3.4": given }, LIMITS, { sandbox: true })).toHaveProperty(
        typeof given === "string" ? "ok" : "problems",
      );
    }),
  );
});

// What a venue's documented API can't do: the driver has no method for it, `check` refuses what asks for it, and nothing is sent.

import { Secret } from "../../provider/core/secret";
import { ABILITIES, type Ability } from "../../provider/core/capability";
import type { Driver, VenueHttp } from "../../provider/core/driver";
import { VENUES } from "../../provider/venues/registry";
import { fixtureOf } from "./fixture";
import { KINDS, Stack } from "./stack";

/** Abilities that a method of the driver stands for; the others show in inputs and outputs. */
const METHODS: Partial<Record<Ability, keyof Driver>> = {
  create: "create",
  list: "list",
  inspect: "inspect",
  revoke: "revoke",
  vantage: "vantage",
  whoami: "whoami",
};
const UPDATES = ["update-permissions", "update-ips", "update-label", "update-lifetime"] as const;
const DONE_BY_HAND: readonly Ability[] = ["create", "revoke", ...UPDATES];
const ALL = Object.keys(ABILITIES) as readonly Ability[];

const noHttp: VenueHttp = {
  send: () => Promise.reject(new Error("nothing is sent here")),
  venueNow: () => undefined,
};

describe.each(KINDS)("$venue $kind", (each) => {
  const entry = VENUES[each.venue]!;
  const { capabilities, byHand } = entry.manifest().kinds[each.kind]!;
  const cannot = (ability: Ability): boolean => (capabilities[ability]?.answer ?? "cannot") === "cannot";
  const credential = { kind: "api-key", apiKey: "sandbox-key", apiSecret: new Secret("sandbox-secret") } as const;
  const driver = entry.drivers[each.kind]!({ venue: each.venue, credential, http: noHttp, clock: () => 0 });

  test("each row says where it stands written and when that was read; what isn't `can` says why", () => {
    for (const [ability, row] of Object.entries(capabilities)) {
      expect(ALL).toContain(ability);
      expect(row.source).not.toBe("");
      expect(row.verified).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      if (row.answer !== "can") expect(row.reason).not.toBe("");
    }
  });

  /** What a person does has no method either. */
  const noMethod = (ability: Ability): boolean => cannot(ability) || (byHand !== undefined && DONE_BY_HAND.includes(ability));

  test.each(Object.entries(METHODS) as [Ability, keyof Driver][])("%s: a method is absent exactly where it cannot", (ability, method) => {
    expect(typeof driver[method]).toBe(noMethod(ability) ? "undefined" : "function");
  });

  test("update: a method is absent exactly where nothing can be updated", () => {
    expect(typeof driver.update).toBe(UPDATES.every(noMethod) ? "undefined" : "function");
  });

  test("keys that a person brings can be asked whose they are, and no others", () => {
    expect(typeof driver.whose).toBe(byHand === undefined ? "undefined" : "function");
  });

  test("what a person does is at most `partly`", () => {
    const answers = DONE_BY_HAND.map((ability) => capabilities[ability]?.answer);
    if (byHand !== undefined) expect(answers).not.toContain("can");
  });

  test("the driver has no method that the contract doesn't know", () => {
    const known = [...Object.values(METHODS), "addresses", "update", "whose"];
    expect(Object.keys(driver).filter((name) => !known.includes(name))).toEqual([]);
  });

  describe("refused before any request", () => {
    const { least, beyond } = fixtureOf(each.venue).kinds[each.kind]!;
    let stack: Stack;
    beforeAll(async () => {
      stack = await Stack.open(each);
    });
    afterAll(() => stack.close());

    const unmethodical = ALL.filter((ability) => cannot(ability) && METHODS[ability] === undefined && !ability.startsWith("update-"));

    test("the fixture asks for every ability without a method", () => {
      expect(Object.keys(beyond).sort()).toEqual([...unmethodical].sort());
    });

    test.each(Object.entries(beyond))("%s", async (_, program) => {
      const { did, failures } = await stack.up({ ...least, ...program });
      expect(did).toBe("refused");
      for (const { reason } of failures ?? []) expect(reason).toMatch(new RegExp(`^${each.venue}: `));
      expect(failures).not.toEqual([]);
      expect(await stack.requests()).toEqual([]);
      expect(await stack.living()).toEqual([]);
    });
  });
});

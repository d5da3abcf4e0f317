// The three acts that a person carries out, against pretended eyes and hands: what each asks for, what it writes down, and in which order.

import type { Deposited, Hands, Sought, Weighed } from "../../provider/core/byhand";
import type { Difference } from "../../provider/core/diff";
import { KeyError } from "../../provider/core/errors";
import { Lists, Writes } from "../../provider/core/lists";
import type { Declared, Means } from "../../provider/core/means";
import type { AllowedIps, Grants } from "../../provider/core/model";
import { amend, bury, take } from "../../provider/core/person";
import type { Generation, Recorded } from "../../provider/core/record";
import { fingerprint, Secret } from "../../provider/core/secret";
import { manifest } from "../../provider/venues/bitfinex/capabilities";
import { ACCOUNT, alive, Eyes, HERE, NOW, refusal, said, THERE, unreachable } from "./witness";

const kind = manifest.kinds["ApiKey"]!;
const GRANTS: Grants = ["orders:read", "orders:write"];
const AT: AllowedIps = { [HERE]: "" };
const AWAY: AllowedIps = { [THERE]: "" };
const MARK = "9f86d081884c7d65";
const PRINT = fingerprint("bitfinex", "sandbox-key");
const iso = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();

/** One run: what is left by a person, what probes say, and all that was done, in order. */
class Table {
  readonly eyes = new Eyes(alive(GRANTS));
  readonly log: string[] = [];
  readonly sought: Sought[] = [];
  left: Deposited | undefined;
  spare: Deposited | undefined;
  evidence: Partial<Weighed> = {};
  engine = true;
  readonly taken = new Set<string>();
  managing: readonly string[] = [];

  get means(): Means {
    const noted = (what: string) => () => Promise.resolve(void this.log.push(what));
    const find = (what: string) => (sought: Sought) => {
      this.log.push(what);
      this.sought.push(sought);
      return Promise.resolve(this.left);
    };
    const hands: Hands = {
      issued: (sought) => find("issued")(sought).then((left) => left!),
      attested: (deed, sought) => find(deed)(sought),
      lying: () => Promise.resolve(this.spare),
      evidence: ({ since }) => {
        this.log.push(`evidence since ${since ?? "ever"}`);
        return Promise.resolve({ in: [], refused: [], tooWide: [], ...this.evidence });
      },
      used: ({ id }) => noted(`used ${id.slice(-1)}`)(),
      wayOut: "do the ceremony",
    };
    const { eyes } = this;
    const driver = { whoami: () => Promise.reject(new Error("nobody asks")), inspect: eyes.inspect, whose: eyes.whose };
    const ledger = {
      ...{ begin: noted("begin"), took: noted("took"), issued: noted("issued"), close: noted("close") },
      ...{ changing: () => Promise.reject(new Error("a person changes it")), unchanged: noted("unchanged") },
      open: () => Promise.resolve([]),
    };
    return {
      ...{ subject: 'API key "maker"', venue: "bitfinex", venueId: "bitfinex", kind, driver, scope: {}, ledger, accountId: ACCOUNT },
      ...{ accountAnswered: eyes.accountAnswered, vantage: eyes.vantage, nonceUnit: undefined, venueNow: eyes.venueNow, hands },
      ...{
        lists: new Lists(driver, "bitfinex", new Writes(), () => 0),
        drawPassphrase: () => new Secret("none"),
        pause: () => Promise.resolve(),
      },
      ...{ drawMark: () => MARK, engineAlive: () => Promise.resolve(this.engine), managing: this.managing, taken: this.taken },
      beforeIssue: (mark) => noted(`room for ${mark ?? ""}`)(),
      tell: () => undefined,
    };
  }
}

function left(deed: Deposited["deed"], changes: Partial<Deposited> = {}): Deposited {
  const credential = { kind: "api-key", apiKey: "sandbox-key", apiSecret: new Secret("sandbox-secret") } as const;
  const issued = deed === "issued" ? { credential, proof: { grants: GRANTS, at: iso(-1) } } : {};
  return { id: "d".repeat(32), deed, at: iso(-1), fingerprint: PRINT, mark: MARK, label: `maker ${MARK}`, ...issued, ...changes };
}

function declared(changes: { grants?: Grants; allowedIps?: AllowedIps; label?: string } & Partial<Declared> = {}): Declared {
  const { grants = GRANTS, allowedIps = AT, label = "maker", ...decision } = changes;
  const key = { permissions: {}, allowedIps, extras: {} };
  return { ...{ generation: 1, decidedAt: iso(-60), reason: "first", keepUntil: {}, key, grants, label, options: {} }, ...decision };
}

function generation(changes: Partial<Generation> = {}): Generation {
  const { id, credential, at } = left("issued");
  const facts = { generation: 1, mark: MARK, fingerprint: PRINT, credential: credential!, createdAt: at, venueLabel: `maker ${MARK}` };
  return {
    ...facts,
    deposit: id,
    attested: { at: iso(-30), by: "a".repeat(32) },
    vantage: { address: HERE, provedAt: iso(-30) },
    ...changes,
  };
}

function recorded(changes: Partial<Generation> = {}): Recorded {
  const unverified = { allowedIps: "probed", label: "attested" };
  return { accountId: ACCOUNT, current: generation(changes), retiring: [], grants: GRANTS, powers: {}, unverified, warnings: [] };
}

const differs = (...properties: Difference["property"][]): Difference[] =>
  properties.map((property) => ({ property, narrows: true, widens: true }));

async function error(promise: Promise<unknown>): Promise<KeyError> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (each: unknown) => each,
  );
  if (thrown instanceof KeyError) return thrown;
  throw new Error("no KeyError", { cause: thrown });
}

let table: Table;
beforeEach(() => {
  table = new Table();
});

describe("take", () => {
  test("looked at, then room, journal, deposit; the predecessor isn't touched", async () => {
    table.left = left("issued");
    const former = recorded({ fingerprint: "f".repeat(16), mark: "f".repeat(16) });
    const result = await take(2, former, declared({ generation: 2, reason: "due" }), table.means);
    expect(table.log).toEqual(["issued", "evidence since ever", `room for ${MARK}`, "took", "used d"]);
    expect(table.eyes.asked).toEqual(["inspect", "whose"]);
    expect(result.retiring).toEqual([former.current]);
    expect(result.current).toMatchObject({ generation: 2, vantage: { address: HERE }, attested: { at: iso(-1), by: "d".repeat(32) } });
  });

  test("of a predecessor that was found gone, no refusal proves anything from now on", async () => {
    table.left = left("issued");
    const former = recorded({ fingerprint: "f".repeat(16) });
    const result = await take(2, former, declared({ generation: 2, reason: "gone" }), table.means);
    expect(result.retiring).toHaveLength(1);
    expect(result.retiring[0]).not.toHaveProperty("vantage");
  });

  const cases: readonly (readonly [string, (table: Table) => void, string, boolean])[] = [
    ["another label", (t) => (t.left = left("issued", { label: `taker ${MARK}` })), "deposit-refused", false],
    ["no key in it", (t) => (t.left = left("edited")), "deposit-refused", false],
    ["the managing key", (t) => (t.managing = [PRINT]), "deposit-refused", false],
    ["another resource's", (t) => t.taken.add(PRINT), "deposit-refused", false],
    ["wider", (t) => (t.eyes.observation = alive([...GRANTS, "withdraw:write"])), "wider", true],
    ["narrower", (t) => (t.eyes.observation = alive(["orders:read"])), "narrower", true],
    ["refused", (t) => (t.eyes.observation = refusal), "unusable", true],
    ["a wrong secret", (t) => (t.eyes.observation = unreachable("signature-refused")), "signature-refused", true],
    ["maintenance", (t) => (t.eyes.observation = unreachable("maintenance")), "maintenance", true],
    ["of another account", (t) => (t.eyes.owner = { accountId: "7", remarks: [] }), "account-mismatch", true],
    ["nobody says whose", (t) => (t.eyes.owner = said("timeout")), "timeout", true],
    ["a probe got in from elsewhere", (t) => (t.evidence = { tooWide: [THERE] }), "unbound", true],
    ["a dead engine", (t) => (t.engine = false), "engine-gone", true],
  ];
  test.each(cases)("%s: nothing is written down", async (_, arrange, code, looks) => {
    table.left = left("issued");
    arrange(table);
    expect((await error(take(1, undefined, declared(), table.means))).code).toBe(code);
    expect(table.log.filter((line) => /^(room|took|used)/.test(line))).toEqual([]);
    expect(table.eyes.asked.length > 0).toBe(looks);
  });

  test("the key of an earlier generation isn't a new one", async () => {
    table.left = left("issued");
    const message = (await error(take(2, recorded(), declared({ generation: 2 }), table.means))).said.cause;
    expect(message).toBe("it is the key of an earlier generation, and another one is wanted");
  });

  test("answers where its list excludes it", async () => {
    table.left = left("issued");
    expect((await error(take(1, undefined, declared({ allowedIps: AWAY }), table.means))).code).toBe("unbound");
  });

  test("barred here: what the ceremony saw, or a later probe; without either it is refused", async () => {
    table.eyes.observation = refusal;
    table.left = left("issued");
    const given = declared({ allowedIps: AWAY });
    const result = await take(1, undefined, given, table.means);
    expect(result.current).not.toHaveProperty("vantage");
    table.evidence = { grants: [...GRANTS, "withdraw:write"], at: iso(-2) };
    expect((await take(1, undefined, given, table.means)).grants).toEqual(GRANTS);
    table.evidence = { grants: [...GRANTS, "withdraw:write"], at: iso(0) };
    expect((await error(take(1, undefined, given, table.means))).code).toBe("wider");
    table.evidence = {};
    const { proof: _, ...bare } = left("issued");
    table.left = bare;
    expect((await error(take(1, undefined, given, table.means))).said.cause).toContain("no probe has seen it on its list");
  });
});

describe("amend", () => {
  const LESS: Grants = ["orders:read"];

  test("permissions that agree need nobody", async () => {
    table.eyes.observation = alive(LESS);
    const result = await amend(recorded(), declared({ grants: LESS }), differs("permissions"), table.means);
    expect(table.log).toEqual([`evidence since ${iso(-30)}`]);
    expect(result).toMatchObject({ grants: LESS, unverified: { allowedIps: "probed" }, current: { attested: { at: iso(-30) } } });
    expect(result.current.vantage!.provedAt).toBe(iso(0));
  });

  test("permissions that agree use up the deposit that a ceremony left for them, unless it is older than the state's word", async () => {
    table.eyes.observation = alive(LESS);
    const spare = (minutes: number) =>
      ({ id: "e".repeat(32), deed: "edited", at: iso(minutes), fingerprint: "f", mark: MARK, label: "l" }) as const;
    table.spare = spare(-1);
    const result = await amend(recorded(), declared({ grants: LESS }), differs("permissions"), table.means);
    expect(table.log).toContain("used e");
    expect(result.current.attested).toEqual({ at: iso(-1), by: "e".repeat(32) });
    table.log.length = 0;
    table.spare = spare(-31);
    await amend(recorded(), declared({ grants: LESS }), differs("permissions"), table.means);
    expect(table.log).not.toContain("used e");
  });

  test("that don't wait", async () => {
    const waiting = await error(amend(recorded(), declared({ grants: LESS }), differs("permissions"), table.means));
    expect(waiting).toMatchObject({
      code: "ceremony-waits",
      said: { cause: "on the venue's page: turn orders:write off", wayOut: "do the ceremony" },
    });
    expect(table.log).toEqual([`evidence since ${iso(-30)}`, "edited"]);
  });

  test("said to be edited, and not: refused, and the deposit isn't used up", async () => {
    table.left = left("edited");
    expect((await error(amend(recorded(), declared({ grants: LESS }), differs("permissions"), table.means))).code).toBe("wider");
    expect(table.log).not.toContain("used d");
  });

  test.each([
    ["allowedIps", "change its IP list"],
    ["label", "change its label"],
  ] as const)("%s: waits, though all that can be seen is right", async (property, cause) => {
    const waiting = await error(amend(recorded(), declared(), differs(property), table.means));
    expect(waiting).toMatchObject({ code: "ceremony-waits", said: { cause: `on the venue's page: ${cause}` } });
  });

  test("addresses: the deed is the person's, the statements those since", async () => {
    table.left = left("edited");
    const both = { [HERE]: "", [THERE]: "" };
    const result = await amend(recorded(), declared({ allowedIps: both }), differs("allowedIps"), table.means);
    expect(table.log).toEqual(["edited", `evidence since ${iso(-1)}`, "used d"]);
    expect(table.sought[0]).toMatchObject({ fingerprint: PRINT, mark: MARK, label: `maker ${MARK}` });
    expect(result.unverified["allowedIps"]).toContain("attested by a person");
    expect(result.current.attested).toEqual({ at: iso(-1), by: "d".repeat(32) });
  });

  test.each([-30, -31])("a deed of %i minutes, where the state's is of 30 minutes ago, was used or overtaken", async (minutes) => {
    table.left = left("edited", { at: iso(minutes) });
    const refused = await error(
      amend(recorded(), declared({ allowedIps: { [HERE]: "", [THERE]: "" } }), differs("allowedIps"), table.means),
    );
    expect(refused.code).toBe("deposit-refused");
    expect(table.eyes.asked).toEqual([]);
  });

  test("addresses that exclude this one: the vantage goes; permissions are as recorded", async () => {
    table.left = left("edited");
    table.eyes.observation = refusal;
    const result = await amend(recorded(), declared({ allowedIps: AWAY }), differs("allowedIps"), table.means);
    expect(result.grants).toEqual(GRANTS);
    expect(result.current).not.toHaveProperty("vantage");
  });

  test("a label alone: the vantage stays", async () => {
    table.left = left("relabelled", { label: `taker ${MARK}` });
    table.eyes.observation = refusal;
    const before = recorded({ vantage: { address: THERE, provedAt: iso(-30) } });
    const result = await amend(before, declared({ label: "taker", allowedIps: AWAY }), differs("label"), table.means);
    expect(table.log).toEqual(["relabelled", `evidence since ${iso(-30)}`, "used d"]);
    expect(result.current).toMatchObject({ venueLabel: `taker ${MARK}`, vantage: { address: THERE } });
  });

  test.each([
    ["before it was attested", { attested: { at: iso(-5), by: "a" } }],
    ["before it last answered", { vantage: { address: THERE, provedAt: iso(-5) } }],
  ])("barred here, and seen %s: that look is of former days", async (_, changes) => {
    table.eyes.observation = refusal;
    table.evidence = { grants: LESS, at: iso(-10) };
    const given = declared({ grants: LESS, allowedIps: AWAY });
    expect((await error(amend(recorded(changes), given, differs("permissions"), table.means))).code).toBe("ceremony-waits");
    table.evidence = { grants: LESS, at: iso(-4) };
    expect((await amend(recorded(changes), given, differs("permissions"), table.means)).grants).toEqual(LESS);
  });
});

describe("bury", () => {
  const gone = (key: Generation, lost = false) => bury(key, lost, "revoke", table.means);

  test("dead at a proved vantage: nobody is asked, unless it was found gone before", async () => {
    table.eyes.observation = refusal;
    await gone(generation());
    expect(table.log).toEqual([]);
    expect(await error(gone(generation(), true))).toMatchObject({ code: "ceremony-waits" });
    table.left = left("revoked");
    await gone(generation(), true);
    expect(table.log).toEqual(["revoked", "revoked", `evidence since ${iso(-1)}`, "used d"]);
  });

  test("a probe that was let in since a person said so: it stays", async () => {
    table.eyes.observation = refusal;
    table.left = left("revoked");
    table.evidence = { in: [THERE] };
    expect((await error(gone(generation(), true))).said.cause).toContain(`a probe was let in from ${THERE} since`);
    expect(table.log).not.toContain("used d");
  });

  test("alive: waits, and nobody's word counts while it answers", async () => {
    expect((await error(gone(generation()))).said.cause).toBe(`the key labelled "maker ${MARK}" has to be revoked`);
    table.left = left("revoked");
    expect((await error(gone(generation()))).said.cause).toBe("a person said that it was revoked, and it still answers");
    expect(table.log).not.toContain("used d");
  });

  test("no look can tell: the person's word", async () => {
    table.eyes.observation = refusal;
    const { vantage: _, ...key } = generation();
    expect(await error(gone(key))).toMatchObject({ code: "ceremony-waits" });
    table.left = left("revoked");
    await gone(key);
    expect(table.log).toContain("used d");
  });

  test.each(["maintenance", "rate-limited", "nonce-refused", "signature-refused", "timeout"] as const)(
    "%s: an error, whatever is said",
    async (code) => {
      table.eyes.observation = unreachable(code);
      table.left = left("revoked");
      expect(await error(gone(generation()))).toMatchObject({ code: "not-revoked" });
      expect(table.log).toEqual([]);
    },
  );
});

// What the conformance suite has to know of Binance.

import type { Control } from "../../../sandbox/index";
import { vectors } from "../../fixtures/binance/vectors";
import type { Ending, KeyState, KindFixture, LivingKey, Program, SwitchCase, VenueFixture } from "../fixture";

/** The address that the sandbox sees of 127.0.0.1. */
const HERE = "203.0.113.10";
const [SECOND, THIRD, FOURTH] = ["203.0.113.77", "203.0.113.78", "203.0.113.79"] as const;
const SUB = "trading-1@example.com";
const ASSET = "asset@example.com";
const KEYS = "/venues/binance/keys";

const least = { subAccount: SUB, permissions: {}, allowedIps: "anywhere" };
const bound = { program: { allowedIps: [HERE] } };
const label = { program: { label: "bot" } };
const unknownSub = { program: { subAccount: "nobody@example.com" } };
const asset = { program: { subAccount: ASSET }, strangers: 0 };
const { publicKey } = vectors.ed25519;
const pub = { program: { publicKey, permissions: { canTrade: true } } };
const fix = { program: { publicKey, fixApi: ["canFixApiTrading", "canFixApiReading"] } };
/** A reissue has the same public key. */
const TWICE = { with: { publicKeyTwice: "accepted" } } as const;

interface State {
  readonly permissions: readonly string[];
  readonly allowedIps: "anywhere" | readonly string[];
}

interface KeyView extends State {
  readonly id: string;
  readonly email: string;
  readonly apiKey: string;
  readonly revokedAt: string | null;
  readonly states: readonly State[];
}

function stateOf({ permissions, allowedIps }: State): KeyState {
  return { grants: [...permissions, "enableReading"].sort(), allowedIps };
}

const WORKS: SwitchCase = { ends: "works" };
const fails = (code: Exclude<Ending, string>["code"], more: Omit<SwitchCase, "ends"> = {}): SwitchCase => ({
  ends: { fails: "create", code },
  ...more,
});
/** The same runs under each of these values. */
const each = (values: readonly unknown[], ...cases: readonly SwitchCase[]): Readonly<Record<string, readonly SwitchCase[]>> =>
  Object.fromEntries(values.map((value) => [String(value), cases]));
const works = (more: Omit<SwitchCase, "ends">): SwitchCase => ({ ends: "works", ...more });
const ORDINARY = { aside: "only ordinary calls and other endpoints meet it" } as const;

/** From one list to others: grown, swapped in part and whole, shrunk, opened and closed. */
const LISTS: readonly Program[] = [[HERE, SECOND], [SECOND, THIRD], [FOURTH], [HERE, SECOND, THIRD], [THIRD], "anywhere", [HERE]].map(
  (allowedIps) => ({ allowedIps }),
);
const lists = (others: Readonly<Record<string, unknown>> = {}): SwitchCase => works({ ...bound, with: others, then: LISTS });

/**
 * All ways in which the calls for addresses may behave together. A call that replaced the list and yet refused what is on it could bring no
 * list to one that overlaps: test/venues/binance-list.test.ts has the error.
 */
const WAYS: readonly Readonly<Record<string, unknown>>[] = [
  ["adds", "merged"],
  ["adds", "refused"],
  ["replaces", "merged"],
].flatMap(([addIps, addIpAgain]) => ["refused", "ignored"].map((deleteIpUnknown) => ({ addIps, addIpAgain, deleteIpUnknown })));
const ways = (name: string, value: unknown): readonly SwitchCase[] =>
  WAYS.filter((way) => way[name] === value).map((way) =>
    lists(Object.fromEntries(Object.entries(way).filter(([other]) => other !== name))),
  );

const subAccountApiKey: KindFixture = {
  least,
  wider: { ...least, permissions: { canTrade: true } },
  bound: { ...least, allowedIps: [HERE] },
  due: { after: "16h", overlap: "1h" },
  beyond: { "read-expiry": { lifetime: "24h" } },
  page: 100,
  places: [SUB, "trading-2@example.com"],
  /** The first has the public key of our own programs; and there is a sub-account of the kind that isn't supported. */
  async strangers(control, count) {
    await control.post("/venues/binance/sub-accounts", { email: ASSET, kind: "asset" });
    // How many a sub-account may have isn't documented: for lists of several pages, any number.
    if (count >= 30) await control.patch("/venues/binance/switches", { keysMax: 0 });
    for (let index = 0; index < count; index += 1) {
      const own = index === 0 ? { publicKey } : {};
      await control.post(KEYS, { email: SUB, apiName: `stranger${index}`, permissions: ["canTrade"], allowedIps: [HERE], ...own });
    }
  },
  async living(control: Control): Promise<readonly LivingKey[]> {
    const keys = await control.get<KeyView[]>(KEYS);
    return keys
      .filter(({ email, revokedAt }) => email === SUB && revokedAt === null)
      .map((key) => ({ id: key.id, publicPart: key.apiKey, grants: stateOf(key).grants, states: key.states.map(stateOf) }));
  },
  remove: (control, { id }) => control.delete(`${KEYS}/${id}`),
  edit: async (control, { id }) => void (await control.patch(`${KEYS}/${id}`, { permissions: ["canVanillaOptions"] })),
  codes: [
    ...([-1000, -1001, -1008, -1016] as const).map((code) => [code, "broken-answer"] as const),
    ...([-1100, -1101, -1102, -1104, -1105, -9000] as const).map((code) => [code, "parameter-refused"] as const),
    ...([-2014, -2015] as const).map((code) => [code, "credential-refused"] as const),
    [-1002, "permission-refused"] as const,
    [-1003, "rate-limited"] as const,
    [-1020, "account-barred"] as const,
    [-1021, "clock-refused"] as const,
    [-1022, "signature-refused"] as const,
  ].map(([code, ours]) => ({ refuse: { code }, code: ours })),
  switches: {
    keyRefusalStatus: each([400, 401], WORKS, fails("credential-refused", unknownSub)),
    keyMissing: { aside: "the driver sends the key with every request" },
    sapiRawPayload: each(["refused", "accepted"], WORKS),
    unknownParameters: each(["ignored", "refused"], WORKS, works({ ...fix, ...TWICE }), lists()),
    createNeeds: each(["canTrade", "reading"], WORKS),
    kycIpCheck: each(["own-list", "nothing"], WORKS),
    unsupportedCode: {
      "-9000": [fails("parameter-refused", asset)],
      "-1020": [fails("account-barred", asset)],
    },
    unknownEmail: {
      "-2015": [fails("credential-refused", unknownSub)],
      "-1102": [fails("parameter-refused", unknownSub)],
    },
    queryUnknownEmail: each(["empty", "refused"], WORKS, fails("credential-refused", unknownSub)),
    unknownKey: each([-2015, -1102], WORKS),
    queryUnknownKey: { aside: "the driver asks for the whole list, which alone shows an absence" },
    deleteOfGone: each(["refused", "{}"], WORKS),
    keysMax: each([30, 5, 0], WORKS),
    keysMaxCode: {
      "-2015": [fails("credential-refused", { with: { keysMax: 5 }, strangers: 5 })],
      "-9000": [fails("parameter-refused", { with: { keysMax: 5 }, strangers: 5 })],
    },
    apiNameMax: each([20, 64, 0], WORKS, works(label)),
    apiNameAlphabet: each(["letters-digits-hyphen", "any"], WORKS, works(label)),
    apiNamesUnique: each([false, true], WORKS, works(label)),
    ipFormats: each(["ipv4", "addresses", "addresses-and-ranges"], works(bound)),
    ipsMax: each([30, 5, 0], lists()),
    ipTextMax: each([500, 0], lists()),
    ipWithoutRestriction: each(["ignored", "refused"], WORKS, lists()),
    ipStatusOmitted: { aside: "the driver always sends a status" },
    restrictWithoutIps: { aside: "the driver sends status 2 with addresses alone" },
    addIps: { adds: ways("addIps", "adds"), replaces: ways("addIps", "replaces") },
    addIpAgain: { merged: ways("addIpAgain", "merged"), refused: ways("addIpAgain", "refused") },
    deleteIpUnknown: { refused: ways("deleteIpUnknown", "refused"), ignored: ways("deleteIpUnknown", "ignored") },
    lastIpDeleted: each(["unrestricted", "locked", "refused"], lists(), lists({ addIps: "replaces" })),
    ipListWhenOpen: each(["absent", "empty"], WORKS, lists()),
    ipStatusAs: each(["string", "number"], lists()),
    omittedFlags: each(
      ["kept", "false"],
      works({ then: [{ permissions: { canTrade: true } }, { permissions: { canFuturesTrade: true } }, {}] }),
    ),
    createV2Body: each(["as-v1", "with-fix-flags"], works({ ...fix, ...TWICE })),
    publicKeySecret: each(["absent", "empty"], works({ ...pub, ...TWICE })),
    publicKeyForm: each(["pem", "pem-or-base64"], works({ ...pub, ...TWICE })),
    publicKeyCode: each([-1102, -9000], fails("parameter-refused", { ...pub, strangers: 1 })),
    publicKeyInQueryV1: { aside: "the driver creates by the second version" },
    publicKeyTwice: {
      refused: [fails("parameter-refused", { ...pub, strangers: 1 })],
      accepted: [works({ ...pub, strangers: 1 })],
    },
    tradeLapses: each([true, false], works({ program: { permissions: { canTrade: true } } })),
    showsTradeExpiry: each([false, true], works({ program: { permissions: { canTrade: true } } })),
    listMember: each(["rows", "list"], WORKS),
    listKeys: { aside: "test/venues/binance-list.test.ts: a masked list shows no absence, so that every operation ends with an error" },
    listOrder: each(["newest-first", "oldest-first"], WORKS, works({ strangers: 101, with: { keysMax: 0 } })),
    sizeBeyondMax: each(["capped", "refused"], WORKS),
    banAfter: ORDINARY,
    maintenanceAnswer: each(["html", "-1016-as-503", "-1001-as-500"], fails("broken-answer", { maintenance: true })),
  },
};

export const fixture: VenueFixture = {
  account: ({ venues }) => {
    const { url, account } = venues.binance;
    const { subAccount: _, ...credential } = account;
    return { address: url.slice("http://".length), ...credential };
  },
  writes: ({ method, path }) => method !== "GET" && path.startsWith("/sapi/"),
  limitOf({ path }) {
    if (path.startsWith("/api/")) return { limit: "api", weight: 20 };
    return path.endsWith("/apiRestrictions") ? { limit: "own" } : { limit: "uid", weight: 3000 };
  },
  quick: { keysMax: 0 },
  looks: 1,
  kinds: { SubAccountApiKey: subAccountApiKey },
};

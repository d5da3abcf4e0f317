// What the conformance suite has to know of KuCoin.

import type { Control } from "../../../sandbox/index";
import type { Ending, KeyState, KindFixture, LivingKey, SwitchCase, VenueFixture } from "../fixture";

/** The address that the sandbox sees of 127.0.0.1. */
const HERE = "203.0.113.10";
const SUB = "deskalpha1";
/** A sub-account that deals in nothing but spot; `strangers` makes it. */
const SPOT_ONLY = "spotonly1";
const KEYS = "/venues/kucoin/keys";

const least = { subAccount: SUB, permissions: ["General"], allowedIps: "anywhere", lifetime: "30d" };
const bound = { allowedIps: [HERE] };
const trading = ["General", "Spot", "Futures", "Margin"];
const beyondAccess = { subAccount: SPOT_ONLY, permissions: ["General", "Spot", "Futures"] };

interface State {
  readonly permissions: readonly string[];
  readonly allowedIps: readonly string[];
}

interface KeyView extends State {
  readonly id: string;
  readonly apiKey: string;
  readonly subName: string | null;
  readonly alive: boolean;
  readonly states: readonly State[];
}

function stateOf({ permissions, allowedIps }: State): KeyState {
  return { grants: [...permissions].sort(), allowedIps: allowedIps.length === 0 ? "anywhere" : allowedIps };
}

const WORKS: SwitchCase = { ends: "works" };
const works = (program: SwitchCase["program"], more: Omit<SwitchCase, "ends"> = {}): SwitchCase => ({
  ends: "works",
  ...(program === undefined ? {} : { program }),
  ...more,
});
const fails = (
  code: Exclude<Ending, string>["code"],
  program?: SwitchCase["program"],
  more: Omit<SwitchCase, "ends"> = {},
): SwitchCase => ({
  ...works(program, more),
  ends: { fails: "create", code },
});
/** The same runs under each of these values. */
const each = (values: readonly unknown[], ...cases: readonly SwitchCase[]): Readonly<Record<string, readonly SwitchCase[]>> =>
  Object.fromEntries(values.map((value) => [String(value), cases]));

const subAccountApiKey: KindFixture = {
  least,
  wider: { ...least, permissions: ["General", "Spot"] },
  bound: { ...least, ...bound },
  longer: { ...least, lifetime: "90d" },
  others: {
    "transfers, with the list that they need": {
      to: { ...least, ...bound, permissions: ["General", "InnerTransfer"] },
      ability: "update-permissions",
    },
    "a life without end": { to: { ...least, lifetime: "never" }, ability: "update-lifetime" },
  },
  places: [SUB, "deskbravo2"],
  due: { after: "16h", overlap: "1h" },
  beyond: { "public-key": { publicKey: "-----BEGIN PUBLIC KEY-----" } },
  async strangers(control, count) {
    const subs = await control.get<readonly { readonly subName: string }[]>("/venues/kucoin/sub-accounts");
    if (!subs.some(({ subName }) => subName === SPOT_ONLY)) {
      await control.post("/venues/kucoin/sub-accounts", { subName: SPOT_ONLY, tradeTypes: ["Spot"] });
    }
    for (let index = 0; index < count; index += 1) {
      await control.post(KEYS, { subName: SUB, remark: `stranger${index}`, permissions: ["General", "Spot"], allowedIps: [HERE] });
    }
  },
  async living(control: Control): Promise<readonly LivingKey[]> {
    const keys = await control.get<KeyView[]>(KEYS);
    return keys
      .filter(({ subName, alive }) => subName !== null && alive)
      .map((key) => ({ id: key.id, publicPart: key.apiKey, grants: stateOf(key).grants, states: key.states.map(stateOf) }));
  },
  remove: (control, { id }) => control.delete(`${KEYS}/${id}`),
  edit: async (control, { id }) => void (await control.patch(`${KEYS}/${id}`, { permissions: ["Futures"] })),
  codes: (
    [
      ["400001", "parameter-refused"],
      ["400002", "clock-refused"],
      ["400003", "credential-refused"],
      ["400004", "credential-refused"],
      ["400005", "signature-refused"],
      ["400006", "address-refused"],
      ["400007", "permission-refused"],
      ["400100", "parameter-refused"],
      ["404000", "parameter-refused"],
      ["411100", "account-barred"],
      ["415000", "parameter-refused"],
      ["429000", "rate-limited"],
      ["500000", "broken-answer"],
    ] as const
  ).map(([code, ours]) => ({ refuse: { code }, code: ours })),
  switches: {
    errorStatus: each([200, "by-kind"], WORKS, fails("parameter-refused", { subAccount: "nobody77" })),
    addressFirst: each([true, false], WORKS),
    versionHeader: each(["400004", "ignored"], WORKS),
    signedQuery: each(["decoded", "either"], WORKS),
    notFoundCode: each(["400100", "404000"], WORKS, fails("parameter-refused", { subAccount: "nobody77" })),
    absentListed: each(["empty", "refused"], WORKS, fails("parameter-refused", { subAccount: "nobody77" })),
    keyPassphrase: each(["400004", "400100"], WORKS),
    permissionOmitted: each(["General", "kept"], WORKS, works({ permissions: trading })),
    ipWhitelistOmitted: each(["removed", "kept"], WORKS, works(bound)),
    // What follows an update to "anywhere" stands in test/venues/kucoin.test.ts, by value.
    ipWhitelistEmpty: each(["removed", "kept", "400100"], WORKS, works(bound)),
    expireOmitted: each(["-1", "kept"], WORKS, works({ lifetime: "never" })),
    expireFrom: each(["update", "creation"], WORKS, works({ lifetime: "360d" })),
    createEcho: each(["without-spot", "as-granted"], works({ permissions: trading })),
    beyondAccess: {
      dropped: [WORKS, fails("narrower", beyondAccess, { strangers: 0 })],
      "400100": [WORKS, fails("parameter-refused", beyondAccess, { strangers: 0 })],
      granted: [WORKS, works(beyondAccess, { strangers: 0 })],
    },
    tradeWord: { aside: "the word isn't sent: check refuses it" },
    generalAdded: each([true, false], WORKS, works({ permissions: trading })),
    ipFormats: each(["ipv4", "addresses", "ranges-too"], works(bound)),
    ipMask: each(["masked", "plain"], WORKS, works(bound), works({ ...bound, permissions: [...trading, "InnerTransfer"] })),
    noIpsShown: each(["absent", "empty"], WORKS, works(bound)),
    remarkUnique: each([false, true], WORKS, works({ label: "desk" }), works({ label: "seven_7" })),
    expiredListed: each(["listed", "gone"], WORKS),
    selfFields: each(["documented", "newer"], WORKS),
    listLagSeconds: each([0, 2], WORKS, works(bound)),
  },
};

export const fixture: VenueFixture = {
  account: ({ venues }) => {
    const { url, account } = venues.kucoin;
    const { subAccount: _, ...credential } = account;
    return { address: url.slice("http://".length), ...credential };
  },
  limitOf: ({ method, path }) => ({ limit: "management", weight: method === "DELETE" || path.endsWith("/update") ? 30 : 20 }),
  writes: ({ method, path }) => method !== "GET" && path.startsWith("/api/v1/sub/api-key"),
  kinds: { SubAccountApiKey: subAccountApiKey },
};

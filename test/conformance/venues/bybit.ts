// What the conformance suite has to know of Bybit.

import type { Control } from "../../../sandbox/index";
import type { Ending, KeyState, KindFixture, LivingKey, SwitchCase, VenueFixture } from "../fixture";

/** The address that the sandbox sees of 127.0.0.1. */
const HERE = "203.0.113.10";
const SUB = "53888000";
const KEYS = "/venues/bybit/keys";

const least = { subAccount: SUB, access: "read-only", permissions: { Spot: ["SpotTrade"] }, allowedIps: "anywhere" };
const writing = { program: { access: "read-write", permissions: { ContractTrade: ["Order"] } } };
const spot = { program: { access: "read-write" } };
const label = { program: { label: "desk" } };
const bound = { program: { allowedIps: [HERE] } };

interface State {
  readonly readOnly: boolean;
  readonly permissions: Readonly<Record<string, readonly string[]>>;
  readonly allowedIps: readonly string[];
}

interface KeyView extends State {
  readonly id: string;
  readonly accountId: string;
  readonly apiKey: string;
  readonly revokedAt: string | null;
  readonly states: readonly State[];
}

function stateOf({ readOnly, permissions, allowedIps }: State): KeyState {
  const named = Object.entries(permissions).flatMap(([type, members]) => members.map((member) => `${type}:${member}`));
  const grants = [...named, ...(readOnly ? [] : ["read-write"])].sort();
  return { grants, allowedIps: allowedIps.length === 0 ? "anywhere" : allowedIps };
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

const subAccountApiKey: KindFixture = {
  least,
  wider: { ...least, permissions: { Spot: ["SpotTrade"], ContractTrade: ["Order"] } },
  bound: { ...least, allowedIps: [HERE] },
  others: {
    access: { to: { ...least, access: "read-write", accept: ["DerivativesTrade"] }, ability: "update-permissions" },
  },
  due: { after: "16h", overlap: "1h" },
  beyond: { "public-key": { publicKey: "-----BEGIN PUBLIC KEY-----" } },
  page: 20,
  places: [SUB, "53888001"],
  async strangers(control, count) {
    for (let index = 0; index < count; index += 1) {
      await control.post(KEYS, { accountId: SUB, label: `stranger${index}`, permissions: { Spot: ["SpotTrade"] }, allowedIps: [HERE] });
    }
  },
  async living(control: Control): Promise<readonly LivingKey[]> {
    const keys = await control.get<KeyView[]>(KEYS);
    return keys
      .filter(({ accountId, revokedAt }) => accountId === SUB && revokedAt === null)
      .map((key) => ({ id: key.id, publicPart: key.apiKey, grants: stateOf(key).grants, states: key.states.map(stateOf) }));
  },
  remove: (control, { id }) => control.delete(`${KEYS}/${id}`),
  edit: async (control, { id }) => void (await control.patch(`${KEYS}/${id}`, { permissions: { Options: ["OptionsTrade"] } })),
  codes: [
    ...[
      ...([10001, 10017] as const).map((code) => [code, "parameter-refused"] as const),
      ...([10003, 33004, -2015] as const).map((code) => [code, "credential-refused"] as const),
      ...([10007, 10008, 10009, 10024, 10027, 20096, 81007] as const).map((code) => [code, "account-barred"] as const),
      ...([10000, 10014, 10016] as const).map((code) => [code, "broken-answer"] as const),
      [10002, "clock-refused"] as const,
      [-1, "clock-refused"] as const,
      [10004, "signature-refused"] as const,
      [10005, "permission-refused"] as const,
      [10006, "rate-limited"] as const,
      [10010, "address-refused"] as const,
    ].map(([code, ours]) => ({ refuse: { code }, code: ours })),
  ],
  switches: {
    successText: each(["", "OK", "success", "SUCCESS"], WORKS),
    invalidKeyStatus: each([401, 200], WORKS),
    missingAuth: { aside: "the driver sends every header" },
    windowCode: each([10002, -1], WORKS),
    permissionText: each(["invalid-api-key", "permission-denied"], WORKS),
    expiredCode: each([10003, 33004, -2015], WORKS),
    refusalCode: each([10001, 10005], WORKS),
    notFoundCode: each([10003, 10001, 10005, 10016], WORKS),
    unknownSubCode: {
      10005: [fails("permission-refused", { program: { subAccount: "53888999" } })],
      10001: [fails("parameter-refused", { program: { subAccount: "53888999" } })],
      10003: [fails("credential-refused", { program: { subAccount: "53888999" } })],
    },
    unknownSubList: each(["empty", "refused"], WORKS),
    settleMs: each([0, 2000], WORKS, works(bound)),
    listOrder: each(["newest-first", "oldest-first"], WORKS),
    lastCursor: each(["empty-page", "none"], WORKS),
    boundDeadline: each(["sentinel", "absent"], WORKS, works(bound)),
    rsaFlag: { aside: "the API makes no RSA key" },
    updateOmitsIps: each(["unbinds", "keeps"], works(bound)),
    updateOmitsReadOnly: each(["read-write", "keeps"], WORKS),
    permissionsNamed: each(["others-stay", "others-go"], WORKS),
    emptyPermissions: each(["refused", "accepted"], WORKS),
    unlistedPermission: each(["dropped", "refused"], WORKS),
    derivativesAdded: {
      always: [WORKS, works(writing), fails("wider", spot), works({ program: { ...spot.program, accept: ["DerivativesTrade"] } })],
      "with-contract-trade": [WORKS, works(writing), works(spot)],
      "as-asked": [WORKS, works(writing), works(spot)],
    },
    derivativesTrades: ORDINARY,
    balanceNeeds: ORDINARY,
    readOnlyManages: { aside: "the managing key may write, and no key is asked to change itself" },
    beyondOwn: each(["granted", "refused"], WORKS),
    masterIps: ORDINARY,
    ipFormats: each(["ipv4", "addresses", "addresses-and-ranges"], works(bound)),
    ipsMax: each([20, 3, 0], works(bound)),
    ipsEmpty: { aside: "an empty list is never sent" },
    noteMax: each([32, 64, 0], WORKS, works({ program: { label: "fifteen-letters" } })),
    noteTooLong: each(["cut", "refused"], works({ program: { label: "fifteen-letters" } })),
    noteAlphabet: {
      ...each(["letters-digits-dashes", "any"], WORKS, works(label)),
      "letters-digits": [WORKS, fails("parameter-refused", label)],
    },
    notesUnique: each([false, true], WORKS),
    keysMax: each([0, 20], WORKS),
    keysMaxCode: {
      10005: [fails("permission-refused", { with: { keysMax: 20 }, strangers: 20 })],
      10001: [fails("parameter-refused", { with: { keysMax: 20 }, strangers: 20 })],
      10006: [fails("rate-limited", { with: { keysMax: 20 }, strangers: 20 })],
    },
    unboundFrom: each(["creation", "update"], WORKS),
    passwordChangeEnds: each(["all", "unbound"], WORKS),
    expiredUpdate: each(["refused", "revives"], WORKS),
    frozenKeys: ORDINARY,
    withoutKyc: each(["creating-keys", "nothing"], WORKS),
    ipLimitBody: ORDINARY,
    maintenanceAnswer: {
      "200-10016": [fails("broken-answer", { maintenance: true })],
      "503-empty": [fails("broken-answer", { maintenance: true })],
    },
  },
};

export const fixture: VenueFixture = {
  account: ({ venues }) => {
    const { url, account } = venues.bybit;
    const { subAccount: _, ...credential } = account;
    return { address: url.slice("http://".length), ...credential };
  },
  limitOf: ({ path }) => ({ limit: path.slice(path.lastIndexOf("/") + 1) }),
  writes: ({ path }) => /^\/v5\/user\/(create|update|delete)-sub-api$/.test(path),
  kinds: { SubAccountApiKey: subAccountApiKey },
};

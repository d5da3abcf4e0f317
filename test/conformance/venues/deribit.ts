// What the conformance suite has to know of Deribit.

import type { Control } from "../../../sandbox/index";
import type { Ending, KeyState, KindFixture, LivingKey, SwitchCase, VenueFixture } from "../fixture";

/** The address that the sandbox sees of 127.0.0.1. */
const HERE = "203.0.113.10";
const ACCOUNT = 7001;
/** The managing key's name on the desk. */
const MANAGING = "managing";
const KEYS = "/venues/deribit/keys";

const least = { permissions: { trade: "read" }, allowedIps: "anywhere" };
const bound = { program: { allowedIps: [HERE] } };
const pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";

interface State {
  readonly permissions: readonly string[];
  readonly allowedIps: readonly string[];
  readonly enabled: boolean;
}

interface KeyView extends State {
  readonly id: string;
  readonly accountId: number;
  readonly apiKey: string;
  readonly label: string;
  readonly features: readonly string[];
  readonly removedAt: string | null;
  readonly states: readonly State[];
}

/** Who writes reads; one that is switched off can do nothing. */
function stateOf({ permissions, allowedIps, enabled }: State, features: readonly string[] = []): KeyState {
  const words = permissions.flatMap((word) => (word.endsWith(":read_write") ? [word.replace(":read_write", ":read"), word] : [word]));
  const grants = [...words, ...features.map((feature) => `feature:${feature}`)].sort();
  return { grants: enabled ? grants : [], allowedIps: allowedIps.length === 0 ? "anywhere" : allowedIps };
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
const ORDINARY = {
  aside: "only the caller of ordinary methods meets it: the managing key is there, enabled, unbarred and has its scopes",
} as const;
const TOKENS = { aside: "no token is asked for" } as const;

const apiKey: KindFixture = {
  least,
  wider: { ...least, permissions: { trade: "read_write", account: "read" } },
  bound: { ...least, allowedIps: [HERE] },
  others: {
    features: {
      to: {
        ...least,
        permissions: { trade: "read", block_trade: "read_write" },
        features: ["restricted_block_trades", "block_trade_approval"],
      },
      ability: "update-permissions",
    },
  },
  due: { after: "16h", overlap: "1h" },
  beyond: { "read-expiry": { lifetime: "30d" } },
  // 8 an account, of which the managing key is one.
  most: 7,
  async strangers(control, count) {
    for (let index = 0; index < count; index += 1) {
      await control.post(KEYS, { accountId: ACCOUNT, label: `stranger${index}`, permissions: ["trade:read"], allowedIps: [HERE] });
    }
  },
  async living(control: Control): Promise<readonly LivingKey[]> {
    const keys = await control.get<KeyView[]>(KEYS);
    return keys
      .filter(({ accountId, removedAt, label }) => accountId === ACCOUNT && removedAt === null && label !== MANAGING)
      .map((key) => ({
        id: key.id,
        publicPart: key.apiKey,
        grants: stateOf(key, key.features).grants,
        states: key.states.map((state) => stateOf(state)),
      }));
  },
  remove: (control, { id }) => control.delete(`${KEYS}/${id}`),
  edit: async (control, { id }) => void (await control.patch(`${KEYS}/${id}`, { permissions: ["wallet:read"] })),
  codes: [
    ...([10000] as const).map((code) => [code, "signature-refused"] as const),
    ...([13004, 13009] as const).map((code) => [code, "credential-refused"] as const),
    ...([11042, 13021, 13403] as const).map((code) => [code, "permission-refused"] as const),
    ...([10028, 12003] as const).map((code) => [code, "rate-limited"] as const),
    ...([-32602, -32601, -32600, -32000, 11029, 11050, 13010, 13016, 13020] as const).map((code) => [code, "parameter-refused"] as const),
    ...([12005, 12998, 13012, 13031, 13034, 13668, 13904] as const).map((code) => [code, "account-barred"] as const),
    ...([10040, 11094, 13028, 13503] as const).map((code) => [code, "broken-answer"] as const),
    [11051, "maintenance"] as const,
    [13025, "not-ready"] as const,
  ].map(([code, ours]) => ({ refuse: { code }, code: ours })),
  switches: {
    errorStatus: each([200, 400], WORKS, works({ with: { bareScope: "accepted" }, ...bound })),
    rateLimitStatus: { aside: "limits are off here; both statuses are in test/fixtures/deribit.driver.test.ts" },
    testnet: each([false, true], WORKS),
    unknownKey: ORDINARY,
    ipRefusal: ORDINARY,
    disabledRefusal: ORDINARY,
    staleCode: { aside: "the venue's time is asked for before anything is signed, and a nonce is never used again" },
    permissionCode: ORDINARY,
    missingParam: { aside: "the driver sends every parameter" },
    invalidParam: {
      "-32602": [fails("parameter-refused", { with: { bareScope: "refused" } })],
      "11029": [fails("parameter-refused", { with: { bareScope: "refused" } })],
      "13016": [fails("parameter-refused", { with: { bareScope: "refused" } })],
      "11050": [fails("parameter-refused", { with: { bareScope: "refused" } })],
    },
    unknownParams: each(["ignored", "refused"], WORKS, works(bound), works({ program: { publicKey: pem } })),
    queryArrays: { aside: "the driver sends no query" },
    unknownId: each([-32602, 13020, 13021], WORKS),
    idsReused: each([true, false], WORKS, works({ strangers: 3 })),
    keyLimitCode: {
      "-32602": [fails("parameter-refused", { strangers: 7 })],
      "11029": [fails("parameter-refused", { strangers: 7 })],
      "13021": [fails("permission-refused", { strangers: 7 })],
    },
    maxScopeTakes: {
      ...each(["either", "string"], WORKS, works(bound)),
      array: [fails("parameter-refused")],
    },
    bareScope: {
      ...each(["words-only", "accepted"], WORKS, works(bound)),
      refused: [fails("parameter-refused"), fails("parameter-refused", bound)],
    },
    custodyWrite: each([false, true], WORKS),
    scopeOrder: each(
      ["turned", "sorted"],
      WORKS,
      works({ program: { permissions: { trade: "read_write", account: "read", block_rfq: "read" } } }),
    ),
    noneShown: each([true, false], WORKS, works(bound)),
    nameAlphabet: each(["documented", "any"], WORKS),
    namesUnique: each([false, true], WORKS),
    editNeedsScope: each([true, false], WORKS),
    editOmitted: each(
      ["cleared", "kept"],
      works(bound),
      works({ program: { permissions: { block_trade: "read" }, features: ["block_trade_approval"] } }),
    ),
    emptyIps: {
      ...each(["from-anywhere", "kept"], WORKS, works(bound)),
      refused: [works(bound), fails("parameter-refused")],
    },
    ipFormats: each(["ipv4", "ipv4-and-ipv6", "addresses-and-ranges"], works(bound)),
    mostIps: {
      "0": [works(bound), works({ program: { allowedIps: eleven() } })],
      "10": [works(bound), fails("parameter-refused", { program: { allowedIps: eleven() } })],
    },
    ipEcho: each(["rewritten", "as-sent"], works(bound), works({ program: { allowedIps: ["203.0.113.9", HERE] } })),
    emptyMembers: each(["absent", "shown"], WORKS, works(bound)),
    listSecrets: each(["shown", "absent"], WORKS, works({ program: { publicKey: pem } })),
    listBeyondScope: each(["hidden", "13403"], WORKS),
    resetOfPublicKey: { aside: "keys are renewed by making another, never by reset_api_key" },
    tokensOutliveKey: TOKENS,
    tokenScopes: TOKENS,
    tokenIps: TOKENS,
    accessTokenSeconds: TOKENS,
    rsaPadding: { aside: "the key's holder signs, and nobody here" },
  },
};

/** One address more than the sandbox's Deribit takes by default. */
function eleven(): readonly string[] {
  return Array.from({ length: 11 }, (_, index) => `203.0.113.${10 + index}`);
}

export const fixture: VenueFixture = {
  account: ({ venues }) => {
    const { url, account } = venues.deribit;
    const { apiKey: key, apiSecret } = account;
    return { address: url.slice("http://".length), apiKey: key, apiSecret };
  },
  looks: 3,
  limitOf: () => ({ limit: "non-matching-engine" }),
  writes: ({ path }) => /^\/api\/v2\/private\/(create|edit|remove)_api_key$/.test(path),
  kinds: { ApiKey: apiKey },
};

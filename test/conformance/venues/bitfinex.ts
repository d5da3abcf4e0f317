// What the conformance suite has to know of Bitfinex.

import type { Control } from "../../../sandbox/index";
import type { Ending, KindFixture, LivingKey, SwitchCase, VenueFixture } from "../fixture";

/** The address that the sandbox sees of 127.0.0.1, and one that nobody has here. */
const HERE = "203.0.113.10";
const THERE = "203.0.113.77";

const least = { permissions: { wallets: "read" }, lifetime: "24h", allowedIps: "anywhere" };

interface TokenView {
  readonly id: string;
  readonly token: string;
  readonly alive: boolean;
  readonly scopes: readonly (readonly [scope: string, read: 0 | 1, write: 0 | 1])[];
}

const CONSOLE = [
  ...[
    "withdrawRow",
    "newKeyDefaults",
    "writeAlone",
    "emptyGrid",
    "rowlessScopes",
    "keyIpFormats",
    "labelMax",
    "labelTooLong",
    "labelsUnique",
  ],
  ...["totpTwice", "keysWithout2fa", "confirmMinutes", "editable", "editTakes2fa", "revokeTakes2fa"],
];

const WORKS: SwitchCase = { ends: "works" };
const fails = (operation: "create" | "delete", code: Exclude<Ending, string>["code"], more: Omit<SwitchCase, "ends"> = {}): SwitchCase => ({
  ends: { fails: operation, code },
  ...more,
});
/** The same runs under each of these values. */
const each = (values: readonly unknown[], ...cases: readonly SwitchCase[]): Readonly<Record<string, readonly SwitchCase[]>> =>
  Object.fromEntries(values.map((value) => [String(value), cases]));

const boundThere = { with: { custIpBinds: true }, program: { allowedIps: [THERE] } };
const minute = { program: { lifetime: "60s" } };
const withdraw = { program: { permissions: { withdraw: "read-write" } } };

const accessToken: KindFixture = {
  least,
  wider: { ...least, permissions: { wallets: "read", orders: "read" } },
  bound: { ...least, allowedIps: [HERE] },
  longer: { ...least, lifetime: "48h" },
  due: { after: "16h", overlap: "1h" },
  beyond: {
    label: { label: "maker" },
    "public-key": { publicKey: "-----BEGIN PUBLIC KEY-----" },
    "read-ips": { allowedIps: [HERE, THERE] },
    "read-expiry": { lifetime: undefined },
  },
  async living(control: Control): Promise<readonly LivingKey[]> {
    const tokens = await control.get<TokenView[]>("/venues/bitfinex/tokens?secrets=true");
    return tokens
      .filter(({ alive }) => alive)
      .map(({ id, token, scopes }) => ({
        id,
        publicPart: token,
        grants: scopes.flatMap(([scope, read, write]) => [...(read ? [`${scope}:read`] : []), ...(write ? [`${scope}:write`] : [])]).sort(),
      }));
  },
  remove: (control, { id }) => control.delete(`/venues/bitfinex/tokens/${id}`),
  edit: { cannot: "Bitfinex has no page on which a token could be edited" },
  switches: {
    ipRefusal: each(["apikey-invalid", "own-error"], WORKS, fails("delete", "not-revoked", boundThere)),
    tokenInvalidCode: each([10001, 10100, 10112, 10114], WORKS),
    custIpBinds: {
      false: [WORKS, { ends: "works", program: { allowedIps: [HERE] } }, fails("create", "unbound", { program: { allowedIps: [THERE] } })],
      true: [WORKS, { ends: "works", program: { allowedIps: [HERE] } }, fails("delete", "not-revoked", boundThere)],
    },
    tokenIps: each(["free", "as-parent"], WORKS),
    tokenNonce: each(["per-token", "ignored"], WORKS),
    tokenDelBy: {
      "own-token": [WORKS, fails("delete", "not-revoked", boundThere)],
      "same-user": [WORKS, { ends: "works", ...boundThere }],
    },
    tokenDelRefusal: each(["token-invalid", "permission"], WORKS, fails("delete", "not-revoked", boundThere)),
    tokenDelOfDead: each(["token-invalid", "[1]"], WORKS),
    tokensOutliveParent: each([true, false], WORKS),
    tokensMayMint: each(["all", "write", "none"], WORKS),
    mintNeeds: each(["nothing", "account:write", "settings:write"], WORKS),
    capsBeyondParent: {
      dropped: [WORKS, fails("create", "narrower", withdraw)],
      refused: [WORKS, fails("create", "parameter-refused", withdraw)],
      granted: [WORKS, { ends: "works", ...withdraw }],
    },
    capsExtraScopes: {
      "history-read": [WORKS, fails("create", "wider", { program: { strict: true } })],
      none: [WORKS, { ends: "works", program: { strict: true } }],
      ...each(["history-write", "withdraw-write", "unknown-write"], fails("create", "wider")),
    },
    capsOmitted: each(["all-of-parent", "none", "refused"], WORKS),
    capsLegacy: each(["refused", "accepted"], WORKS),
    scopeOmitted: each(["refused", "api"], WORKS),
    ttlMax: {
      ...each([604800, 0], { ends: "works", program: { lifetime: "7d" } }),
      ...each([86400, 3600], { ends: "works", program: { lifetime: "7d" } }),
    },
    ttlMin: { ...each([60, 1], { ends: "works", ...minute }), 120: [fails("create", "parameter-refused", minute)] },
    ttlBeyondMax: {
      capped: [{ ends: "works", with: { ttlMax: 3600 } }],
      refused: [fails("create", "parameter-refused", { with: { ttlMax: 3600 } })],
    },
    paramsStatus: each([500, 400], fails("create", "parameter-refused", { with: { ttlMin: 120 }, ...minute })),
    rateLimitStatus: each([429, 200], { ends: "works", fault: { match: { path: "/v2/auth/w/token" }, kind: "429" } }),
    maintenanceAnswer: {
      "20060-as-200": [fails("create", "maintenance", { maintenance: true })],
      "20060-as-500": [fails("create", "maintenance", { maintenance: true })],
      "503-object": [fails("create", "broken-answer", { maintenance: true })],
    },
    accountNeeds: each(["account:read", "nothing"], WORKS),
    permissionRows: each([14, 10], WORKS),
    auditTexts: { aside: "the driver doesn't read the change log" },
    objectsAs: { aside: "the driver reads neither logins nor the change log" },
    ...Object.fromEntries(CONSOLE.map((name) => [name, { aside: "a person meets it at the console, and no driver does" }])),
  },
};

interface KeyView {
  readonly id: string;
  readonly apiKey: string;
  readonly revokedAt: string | null;
}

/** Made by a person: of the suite it takes part in what `check` refuses. */
const ofKey = { permissions: { orders: "read" }, allowedIps: [HERE] };
const apiKey: KindFixture = {
  least: ofKey,
  wider: { ...ofKey, permissions: { orders: "read-write" } },
  bound: ofKey,
  due: { after: "16h", overlap: "1h" },
  beyond: {
    "public-key": { publicKey: "-----BEGIN PUBLIC KEY-----" },
    "read-ips": { allowedIps: ["203.0.113.0/28"] },
    "read-expiry": { lifetime: "24h" },
  },
  async living(control: Control): Promise<readonly LivingKey[]> {
    // The first is the account's own.
    const [, ...keys] = await control.get<KeyView[]>("/venues/bitfinex/keys");
    return keys.filter(({ revokedAt }) => revokedAt === null).map((key) => ({ id: key.id, publicPart: key.apiKey, grants: [] }));
  },
  remove: (control, { id }) => control.delete(`/venues/bitfinex/keys/${id}`),
  edit: { cannot: "a person does it, in test/pulumi/apikey-refresh.test.ts" },
  switches: {},
};

export const fixture: VenueFixture = {
  account: ({ venues }) => {
    const { url, account } = venues.bitfinex;
    return { address: url.slice("http://".length), ...account };
  },
  writes: ({ path }) => path.startsWith("/v2/auth/w/"),
  kinds: { AccessToken: accessToken, ApiKey: apiKey },
};

// What the conformance suite has to know of Gate.

import type { Control } from "../../../sandbox/index";
import type { Ending, KeyState, KindFixture, LivingKey, SwitchCase, VenueFixture } from "../fixture";

/** The address that the sandbox sees of 127.0.0.1. */
const HERE = "203.0.113.10";
const SUB = "2124002";
const NOBODY = "2124999";
const KEYS = "/venues/gate/keys";
const CREATE = { match: { method: "POST", path: `/api/v4/sub_accounts/${SUB}/keys` } };
const LOOK = { match: { path: "/api/v4/account/detail" } };

const least = { subAccount: SUB, mode: "classic", permissions: { spot: "read-only" }, allowedIps: "anywhere" };
const writing = { program: { permissions: { futures: "read-write", spot: "read-write", wallet: "read-only" } } };
const portfolio = { program: { mode: "portfolio" } };
const labelled = { program: { label: "fifteen-letters" } };
const bound = { program: { allowedIps: [HERE] } };
const absent = { program: { subAccount: NOBODY } };

interface State {
  readonly permissions: Readonly<Record<string, "read" | "read-write">>;
  readonly allowedIps: readonly string[];
}

interface KeyView extends State {
  readonly id: string;
  readonly userId: number;
  readonly apiKey: string;
  readonly mode: 1 | 2;
  readonly deletedAt: string | null;
  readonly states: readonly State[];
}

function stateOf({ permissions, allowedIps }: State, mode: KeyView["mode"]): KeyState {
  const named = Object.entries(permissions).flatMap(([area, access]) => [
    `${area}:read`,
    ...(access === "read-write" ? [`${area}:write`] : []),
  ]);
  const grants = [...named, ...(mode === 2 ? ["portfolio"] : [])].sort();
  return { grants, allowedIps: allowedIps.length === 0 ? "anywhere" : allowedIps };
}

const WORKS: SwitchCase = { ends: "works" };
type Code = Exclude<Ending, string>["code"];
const fails = (code: Code, more: Omit<SwitchCase, "ends"> = {}): SwitchCase => ({ ends: { fails: "create", code }, ...more });
const works = (more: Omit<SwitchCase, "ends">): SwitchCase => ({ ends: "works", ...more });
/** The same runs under each of these values. */
const each = (values: readonly unknown[], ...cases: readonly SwitchCase[]): Readonly<Record<string, readonly SwitchCase[]>> =>
  Object.fromEntries(values.map((value) => [String(value), cases]));
/** A refusal that the creation meets, or the look at the account. */
const refused = (code: string, where: object = CREATE) => ({ fault: { ...where, kind: "refuse", code } });

const LABELS: readonly (readonly [Code, ...string[]])[] = [
  ["parameter-refused", "INVALID_PARAM_VALUE", "INVALID_ARGUMENT", "MISSING_REQUIRED_PARAM", "BAD_REQUEST", "NOT_FOUND"],
  ["parameter-refused", "INVALID_PROTOCOL", "INVALID_REQUEST_BODY", "INVALID_CONTENT_TYPE", "NOT_ACCEPTABLE", "METHOD_NOT_ALLOWED"],
  ["parameter-refused", "MISSING_REQUIRED_HEADER", "SUB_ACCOUNT_NOT_FOUND"],
  ["credential-refused", "INVALID_KEY", "INVALID_CREDENTIALS"],
  ["signature-refused", "INVALID_SIGNATURE"],
  ["clock-refused", "REQUEST_EXPIRED"],
  ["address-refused", "IP_FORBIDDEN"],
  ["permission-refused", "READ_ONLY", "FORBIDDEN"],
  ["account-barred", "ACCOUNT_LOCKED", "SUB_ACCOUNT_LOCKED"],
  ["broken-answer", "INTERNAL", "SERVER_ERROR", "TOO_BUSY"],
];

const subAccountApiKey: KindFixture = {
  least,
  wider: { ...least, permissions: { spot: "read-write", wallet: "read-only" } },
  bound: { ...least, allowedIps: [HERE] },
  others: {
    label: { to: { ...least, label: "renamed" }, ability: "update-label" },
  },
  places: [SUB, "2124003"],
  due: { after: "16h", overlap: "1h" },
  beyond: { "public-key": { publicKey: "-----BEGIN PUBLIC KEY-----" }, "read-expiry": { lifetime: "30d" } },
  // No pages are documented, and of the most keys in one place two figures.
  async strangers(control, count) {
    for (let index = 0; index < count; index += 1) {
      await control.post(KEYS, { userId: Number(SUB), name: `stranger${index}`, permissions: { spot: "read" }, allowedIps: [HERE] });
    }
  },
  /** Those that nobody deleted: what a deletion does within its five minutes is tested in test/venues/gate.settle.test.ts. */
  async living(control: Control): Promise<readonly LivingKey[]> {
    const keys = await control.get<KeyView[]>(KEYS);
    return keys
      .filter(({ userId, deletedAt }) => String(userId) === SUB && deletedAt === null)
      .map((key) => ({
        id: key.id,
        publicPart: key.apiKey,
        grants: stateOf(key, key.mode).grants,
        states: key.states.map((state) => stateOf(state, key.mode)),
      }));
  },
  remove: (control, { id }) => control.delete(`${KEYS}/${id}`),
  edit: async (control, { id }) => void (await control.patch(`${KEYS}/${id}`, { permissions: { options: "read-write" } })),
  codes: [
    ...LABELS.flatMap(([ours, ...labels]) => labels.map((code) => ({ refuse: { code }, code: ours }))),
    { refuse: { code: "429", status: 429 }, code: "rate-limited" },
  ],
  switches: {
    requestStatus: each([401, 400], WORKS, works(refused("REQUEST_EXPIRED")), fails("account-barred", refused("ACCOUNT_LOCKED"))),
    permissionStatus: each([401, 403], WORKS, fails("permission-refused", refused("READ_ONLY"))),
    textMember: each(["detail-unless-seen", "message"], WORKS, fails("parameter-refused", refused("BAD_REQUEST"))),
    limitLabel: each(["none", "TOO_BUSY"], WORKS, works({ fault: { ...CREATE, kind: "429" } })),
    resetUnit: each(["milliseconds", "seconds"], WORKS, works({ fault: { ...LOOK, kind: "429" } })),
    deadKey: {
      INVALID_KEY: [WORKS, fails("credential-refused", refused("INVALID_KEY", LOOK))],
      INVALID_CREDENTIALS: [WORKS, fails("credential-refused", refused("INVALID_CREDENTIALS", LOOK))],
    },
    stoppedKey: {
      INVALID_KEY: [fails("credential-refused", refused("INVALID_KEY", LOOK))],
      ACCOUNT_LOCKED: [fails("account-barred", refused("ACCOUNT_LOCKED", LOOK))],
      FORBIDDEN: [fails("permission-refused", refused("FORBIDDEN", LOOK))],
    },
    addressFirst: each([true, false], WORKS, works(bound)),
    signedQuery: each(["decoded", "either"], WORKS),
    missingArea: each(["FORBIDDEN", "READ_ONLY"], WORKS),
    managingNeeds: each(["wallet", "account", "nothing"], WORKS),
    accountNeeds: each(["account", "nothing"], WORKS),
    beyondOwn: {
      granted: [WORKS, works(writing)],
      refused: [fails("permission-refused"), works({ program: { permissions: { wallet: "read-write", account: "read-only" } } })],
    },
    notOwnSub: each(["SUB_ACCOUNT_NOT_FOUND", "FORBIDDEN"], WORKS, fails("parameter-refused", absent)),
    absentSubStatus: each([400, 404], WORKS, fails("parameter-refused", absent)),
    absentSubList: each(["empty", "refused"], WORKS, fails("parameter-refused", absent)),
    absentKey: each(["401-INVALID_KEY", "400-INVALID_PARAM_VALUE", "404-NOT_FOUND"], WORKS, works(bound)),
    lockedSub: { aside: "whether a locked sub-account's keys work shows in ordinary calls alone" },
    unknownArea: each(["dropped", "refused"], WORKS, works(writing)),
    readOnlyOmitted: each(["read-write", "read"], WORKS, works(writing)),
    emptyPerms: each(["accepted", "refused"], WORKS),
    permsOmitted: each(["cleared", "kept"], WORKS),
    nameOmitted: each(["cleared", "kept"], works(labelled)),
    modeChanged: each(["ignored", "refused"], WORKS, works(portfolio)),
    nameMax: each([32, 64, 0], WORKS, works(labelled)),
    nameTooLong: each(["cut", "refused"], works(labelled)),
    nameAlphabet: each(["letters-digits-dashes", "any"], WORKS, works(labelled)),
    namesUnique: each([false, true], WORKS, works(labelled)),
    keysMax: {
      5: [works({ strangers: 3 }), fails("permission-refused", { strangers: 5 })],
      20: [works({ strangers: 18 }), fails("permission-refused", { strangers: 20 })],
      0: [works({ strangers: 21 })],
    },
    keysMaxLabel: {
      FORBIDDEN: [fails("permission-refused", { strangers: 5 })],
      BAD_REQUEST: [fails("parameter-refused", { strangers: 5 })],
    },
    settleSeconds: each([300, 60, 0], WORKS, works(bound)),
    settlesIn: each(["everything", "use"], WORKS, works(bound)),
    updatedMember: each(["update_at", "updated_at"], WORKS),
    stateNumbers: each(["by-page", "2-locked", "2-frozen"], WORKS),
    neverUsed: each(["created", "absent"], WORKS),
    permsOrder: each(["reversed", "as-sent"], works(writing)),
    mainKeys: each(["list", "own"], WORKS),
    unboundLapse: each(["90-days", "never"], WORKS),
    unboundFrom: each(["creation", "update"], WORKS),
    lapsedShown: each(["normal", "frozen", "gone"], WORKS),
    lapsedUpdate: each(["stays-dead", "revives"], WORKS),
  },
};

export const fixture: VenueFixture = {
  account: ({ venues }) => {
    const { url, account } = venues.gate;
    const { subAccount: _, ...credential } = account;
    return { address: url.slice("http://".length), ...credential };
  },
  quick: { settleSeconds: 0, keysMax: 0 },
  looks: 1,
  limitOf({ method, path }) {
    if (path.endsWith("/account/detail")) return { limit: "account-detail" };
    if (path.endsWith("/account/main_keys")) return { limit: "main-keys" };
    const names: Readonly<Record<string, string>> = { GET: "list-keys", POST: "create-key", PUT: "update-key", DELETE: "delete-key" };
    const limit = names[method];
    return limit === undefined ? undefined : { limit };
  },
  writes: ({ method, path }) => method !== "GET" && /^\/api\/v4\/sub_accounts\/\d+\/keys(\/|$)/.test(path),
  kinds: { SubAccountApiKey: subAccountApiKey },
};

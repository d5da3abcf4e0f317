// What the conformance suite has to know of OKX.

import type { Control } from "../../../sandbox/index";
import type { Ending, KeyState, KindFixture, LivingKey, SwitchCase, VenueFixture } from "../fixture";

/** The address that the sandbox sees of 127.0.0.1. */
const HERE = "203.0.113.10";
const SUB = "deskalpha";
const KEYS = "/venues/okx/keys";
const BASE = "/api/v5/users/subaccount";

const least = { subAccount: SUB, permissions: ["read_only"], allowedIps: "anywhere" };
const wider = { ...least, permissions: ["read_only", "trade"] };
const trading = { program: { permissions: ["read_only", "trade"] } };
const bound = { program: { allowedIps: [HERE] } };
const segment = { program: { allowedIps: ["203.0.113.0/28"] } };
const mixed = { program: { allowedIps: [HERE, "2001:db8:0:0:0:0:0:10", "198.51.100.0/28", "198.51.100.99", "2001:db8:7::/64"] } };
const label = { program: { label: "desk" } };
const longest = { program: { label: "Desk5ofFra1".padEnd(34, "x") } };

interface State {
  readonly permissions: readonly string[];
  readonly allowedIps: readonly string[];
}

interface KeyView extends State {
  readonly id: string;
  readonly subAcct: string | null;
  readonly apiKey: string;
  readonly alive: boolean;
  readonly states: readonly State[];
}

function stateOf({ permissions, allowedIps }: State): KeyState {
  return { grants: [...permissions].sort(), allowedIps: allowedIps.length === 0 ? "anywhere" : allowedIps };
}

const WORKS: SwitchCase = { ends: "works" };
const works = (more: Omit<SwitchCase, "ends">): SwitchCase => ({ ends: "works", ...more });
const fails = (code: Exclude<Ending, string>["code"], more: Omit<SwitchCase, "ends"> = {}): SwitchCase => ({
  ends: { fails: "create", code },
  ...more,
});
/** The same runs under each of these values. */
const each = (values: readonly unknown[], ...cases: readonly SwitchCase[]): Readonly<Record<string, readonly SwitchCase[]>> =>
  Object.fromEntries(values.map((value) => [String(value), cases]));
/** What a request meets, once. */
const refused = (code: string, path: string) => ({ fault: { kind: "refuse", code, match: { path } } });
const CONFIG = "/api/v5/account/config";

const subAccountApiKey: KindFixture = {
  least,
  wider,
  bound: { ...least, allowedIps: [HERE] },
  others: { label: { to: { ...least, label: "renamed" }, ability: "update-label" } },
  due: { after: "16h", overlap: "1h" },
  beyond: {
    "public-key": { publicKey: "-----BEGIN PUBLIC KEY-----" },
    "read-expiry": { lifetime: "30d" },
  },
  places: [SUB, "deskbravo"],
  most: 50,
  async strangers(control, count) {
    for (let index = 0; index < count; index += 1) {
      await control.post(KEYS, { subAcct: SUB, label: `stranger${index}`, permissions: ["read_only"], allowedIps: [HERE] });
    }
  },
  async living(control: Control): Promise<readonly LivingKey[]> {
    const keys = await control.get<KeyView[]>(KEYS);
    return keys
      .filter(({ subAcct, alive }) => subAcct === SUB && alive)
      .map((key) => ({ id: key.id, publicPart: key.apiKey, grants: stateOf(key).grants, states: key.states.map(stateOf) }));
  },
  remove: (control, { id }) => control.delete(`${KEYS}/${id}`),
  edit: async (control, { id }) => void (await control.patch(`${KEYS}/${id}`, { permissions: ["trade"] })),
  codes: [
    ...(["50000", "50002", "50014", "50115", "51000", "59503", "59504", "59505", "59506", "59510", "59601"] as const).map(
      (code) => [code, "parameter-refused"] as const,
    ),
    ...(["50001", "50013", "50026", "50042", "59502"] as const).map((code) => [code, "broken-answer"] as const),
    ...(["50011", "50040"] as const).map((code) => [code, "rate-limited"] as const),
    ...(["50030", "50035", "50120", "59500", "59604"] as const).map((code) => [code, "permission-refused"] as const),
    ...(["50038", "50100", "59501", "59508", "59518", "59603"] as const).map((code) => [code, "account-barred"] as const),
    ...(["50101", "50103", "50104", "50105", "50106", "50107", "50111", "50114", "50119"] as const).map(
      (code) => [code, "credential-refused"] as const,
    ),
    ...(["50102", "50112"] as const).map((code) => [code, "clock-refused"] as const),
    ...(["50110", "50121"] as const).map((code) => [code, "address-refused"] as const),
    ["50113", "signature-refused"] as const,
  ].map(([code, ours]) => ({ refuse: { code }, code: ours })),
  switches: {
    restWindow: each([30, 5, 0], WORKS),
    timestampFraction: each(["at-most-3", "any"], WORKS),
    // The managing key unknown: test/venues/okx-stack.test.ts.
    unknownKey: each(["50119-as-200", "50119-as-401", "50111"], WORKS),
    addressFirst: each([true, false], WORKS, works(bound)),
    authErrorData: each(["absent", "empty"], WORKS, fails("signature-refused", refused("50113", CONFIG))),
    permissionCode: {
      "50120": [fails("permission-refused", refused("50120", `${BASE}/apikey`))],
      "50030": [fails("permission-refused", refused("50030", `${BASE}/apikey`))],
    },
    notMaster: {
      "59500": [fails("permission-refused", refused("59500", `${BASE}/apikey`))],
      "59604": [fails("permission-refused", refused("59604", `${BASE}/apikey`))],
    },
    createNeedsIps: each([true, false], WORKS, works(bound)),
    demoManagement: { aside: "the environment sandbox is no demo trading; test/venues/okx-demo.test.ts has both" },
    rateLimitStatus: each([200, 429], WORKS, works({ fault: { kind: "429", match: { path: `${BASE}/apikey` } } })),
    permOmitted: each(["read_only,trade", "read_only", "refused"], WORKS, works(trading)),
    permEmptied: { aside: "an empty perm is never sent" },
    tradeAddsRead: each([true, false], WORKS, works(trading)),
    readWord: each(["read", "read_only"], WORKS, works(trading)),
    readTaken: each([false, true], WORKS, works(trading)),
    permOrder: each(["varies", "fixed"], WORKS, works(trading)),
    ipEcho: each(["rewritten", "as-sent"], works(mixed)),
    ipSegments: {
      prefix: [WORKS, works(segment), works(mixed)],
      refused: [WORKS, works(bound), fails("parameter-refused", segment)],
    },
    labelScope: each(["master", "sub-account"], WORKS, works(label)),
    labelReuse: each(["taken", "free"], WORKS, works(label)),
    // Changed in place: test/venues/okx-stack.test.ts.
    sameLabel: each(["59502", "accepted"], WORKS, works(label)),
    labelMax: each([50, 0], WORKS, works(longest)),
    labelAlphabet: each(["letters-and-digits", "any"], WORKS, works(longest)),
    keyNotListed: { aside: "no single key is asked for" },
    // Ended for want of use: test/venues/okx-stack.test.ts.
    expiredKeys: each(["listed", "gone"], WORKS, works(trading)),
    createSubaccount: { aside: "sub-accounts aren't made here" },
  },
};

const LIMITS: readonly (readonly [string, { readonly limit: string }])[] = [
  [`GET ${CONFIG}`, { limit: "account-config" }],
  [`GET ${BASE}/apikey`, { limit: "list-apikeys" }],
  [`POST ${BASE}/apikey`, { limit: "create-apikey" }],
  [`POST ${BASE}/modify-apikey`, { limit: "modify-apikey" }],
  [`POST ${BASE}/delete-apikey`, { limit: "delete-apikey" }],
];

export const fixture: VenueFixture = {
  account: ({ venues }) => {
    const { url, account } = venues.okx;
    const { subAccount: _, ...credential } = account;
    return { address: url.slice("http://".length), ...credential };
  },
  writes: ({ method, path }) => method === "POST" && [`${BASE}/apikey`, `${BASE}/modify-apikey`, `${BASE}/delete-apikey`].includes(path),
  limitOf: ({ method, path }) => LIMITS.find(([asked]) => asked === `${method} ${path}`)?.[1],
  kinds: { SubAccountApiKey: subAccountApiKey },
};

// What one close look at a key comes to: every outcome, as a table. Two requests where it answers, one where it doesn't.

import type { KindOptions } from "../../provider/core/capability";
import type { ErrorCode } from "../../provider/core/errors";
import { examine, type Elsewhere, type Examined } from "../../provider/core/examine";
import type { AllowedIps, Grants } from "../../provider/core/model";
import { Secret } from "../../provider/core/secret";
import { compareKey } from "../../provider/venues/bitfinex/grid";
import { ACCOUNT, alive, Eyes, HERE, refusal, said, THERE, unreachable } from "./witness";

const DECLARED: Grants = ["orders:read", "orders:write", "wallets:read"];
const credential = { kind: "api-key", apiKey: "sandbox-key", apiSecret: new Secret("sandbox-secret") } as const;

interface Given {
  readonly allowedIps?: AllowedIps;
  readonly options?: KindOptions;
  readonly seenElsewhere?: Elsewhere;
}

function looked(eyes: Eyes, { allowedIps = { [HERE]: "" }, options = {}, seenElsewhere }: Given = {}): Promise<Examined> {
  const declared = { grants: DECLARED, allowedIps, options };
  return examine(eyes, { operation: "look", kind: { compare: compareKey }, credential, declared, seenElsewhere });
}

test("exactly as declared: right, here, and whose it is was proved, in two requests numbered as its holder counts", async () => {
  const eyes = new Eyes(alive(DECLARED));
  const right = { is: "right", grants: DECLARED, here: true, owner: "proved", undeclared: [] };
  expect(await looked(eyes)).toEqual(right);
  expect(eyes.asked).toEqual(["inspect", "whose"]);
  const micro = new Eyes(alive(DECLARED));
  expect(await looked(micro, { options: { nonceUnit: "us" }, allowedIps: "anywhere" })).toEqual(right);
  expect(micro.asked).toEqual(["inspect us", "whose us"]);
});

const compared: readonly (readonly [string, Grants, KindOptions, object])[] = [
  ["wider", [...DECLARED, "withdraw:write"], {}, { is: "differs", wider: ["withdraw:write"], narrower: [], undeclared: [] }],
  ["wider by a read", [...DECLARED, "funding:read"], {}, { is: "differs", wider: ["funding:read"], narrower: [] }],
  ["narrower", ["orders:read", "wallets:read"], {}, { is: "differs", wider: [], narrower: ["orders:write"] }],
  ["both", ["orders:read", "orders:write", "funding:read"], {}, { is: "differs", wider: ["funding:read"], narrower: ["wallets:read"] }],
  ["nothing at all", [], {}, { is: "differs", wider: [], narrower: DECLARED }],
  ["a rowless scope that reads", [...DECLARED, "settings:read"], {}, { is: "right", undeclared: ["settings:read"] }],
  ["reading withdrawals, which has no toggle", [...DECLARED, "withdraw:read"], {}, { is: "right", undeclared: ["withdraw:read"] }],
  ["a rowless scope that writes", [...DECLARED, "settings:write"], {}, { is: "differs", wider: ["settings:write"] }],
  ["one of tomorrow", [...DECLARED, "moon:write"], { accept: ["settings"] }, { is: "differs", wider: ["moon:write"] }],
  ["accepted", [...DECLARED, "settings:write"], { accept: ["settings"] }, { is: "right", undeclared: ["settings:write"] }],
  ["a row can't be accepted", [...DECLARED, "wallets:write"], { accept: ["wallets"] }, { is: "differs", wider: ["wallets:write"] }],
];

test.each(compared)("%s", async (_, grants, options, expected) => {
  expect(await looked(new Eyes(alive(grants)), { options })).toMatchObject({ grants, ...expected });
});

test("it answers at an address that its list excludes: nobody asks further", async () => {
  const eyes = new Eyes(alive(DECLARED));
  expect(await looked(eyes, { allowedIps: { [THERE]: "" }, seenElsewhere: { grants: DECLARED } })).toEqual({
    is: "unbound",
    vantage: HERE,
  });
  expect(eyes.asked).toEqual(["inspect"]);
});

test("barred as declared: nothing is known without a probe, and its word is judged like a look", async () => {
  const given = { allowedIps: { [THERE]: "" } };
  expect(await looked(new Eyes(), given)).toEqual({ is: "barred", vantage: HERE });
  const right = { is: "right", grants: DECLARED, here: false, owner: "unknown", undeclared: [] };
  expect(await looked(new Eyes(), { ...given, seenElsewhere: { grants: DECLARED } })).toEqual(right);
  const owned = { ...given, seenElsewhere: { grants: DECLARED, accountId: ACCOUNT } };
  expect(await looked(new Eyes(), owned)).toEqual({ ...right, owner: "proved" });
  const foreign = { ...given, seenElsewhere: { grants: DECLARED, accountId: "999" } };
  expect(await looked(new Eyes(), foreign)).toEqual({ is: "stranger", accountId: "999" });
  const wide = [...DECLARED, "withdraw:write"];
  expect(await looked(new Eyes(), { ...given, seenElsewhere: { grants: wide } })).toMatchObject({
    is: "differs",
    wider: ["withdraw:write"],
  });
});

test("a probe's word doesn't stand for a look where this address may use the key, or isn't known", async () => {
  expect(await looked(new Eyes(), { seenElsewhere: { grants: DECLARED } })).toMatchObject({
    is: "refused",
    error: { code: "absence-unproved" },
  });
  const blind = new Eyes();
  blind.vantage = undefined;
  expect(await looked(blind, { allowedIps: { [THERE]: "" }, seenElsewhere: { grants: DECLARED } })).toMatchObject({ is: "refused" });
});

test("whose it is", async () => {
  const eyes = new Eyes(alive(DECLARED));
  eyes.owner = { accountId: "7", remarks: [] };
  expect(await looked(eyes)).toEqual({ is: "stranger", accountId: "7" });
  eyes.owner = { accountId: "8", masterId: ACCOUNT, remarks: [] };
  expect(await looked(eyes)).toEqual({ is: "stranger", accountId: "8", masterId: ACCOUNT });
  eyes.owner = said("permission-refused");
  expect(await looked(eyes)).toMatchObject({ is: "right", owner: "unknown" });
  for (const code of ["maintenance", "nonce-refused", "credential-refused", "timeout", "broken-answer"] as const) {
    eyes.owner = said(code);
    expect(await looked(eyes)).toMatchObject({ is: "unknown", error: { code } });
  }
});

test("of a stranger nothing is compared: what it can do is no business of ours", async () => {
  const eyes = new Eyes(alive([...DECLARED, "withdraw:write"]));
  eyes.owner = { accountId: "7", remarks: [] };
  expect(await looked(eyes)).toMatchObject({ is: "stranger" });
});

const codes: readonly (readonly [ErrorCode, Examined["is"]])[] = [
  ["credential-refused", "refused"],
  ["signature-refused", "refused"],
  ["permission-refused", "refused"],
  ["nonce-refused", "unknown"],
  ["rate-limited", "unknown"],
  ["maintenance", "unknown"],
  ["not-ready", "unknown"],
  ["venue-refused", "unknown"],
  ["unreachable", "unknown"],
  ["timeout", "unknown"],
  ["broken-answer", "unknown"],
];

test.each(codes)("%s: %s", async (code, is) => {
  expect(await looked(new Eyes(unreachable(code)))).toMatchObject({ is, error: { code } });
});

test("a refusal where the account's own key didn't answer either says so", async () => {
  const eyes = new Eyes(refusal);
  eyes.accountAnswered = false;
  const found = await looked(eyes);
  expect(found).toMatchObject({ is: "refused", error: { code: "absence-unproved" } });
});

test("a mistake of the driver is none of these", async () => {
  const eyes = new Eyes(alive(DECLARED));
  eyes.whose = () => Promise.reject(new TypeError("a mistake"));
  await expect(looked(eyes)).rejects.toThrow(TypeError);
});

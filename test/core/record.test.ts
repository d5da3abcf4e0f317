// The record in the outputs: written and read back, old and newer state, and where secrets may stand.

import fc from "fast-check";
import { KeyError } from "../../provider/core/errors";
import type { Credential } from "../../provider/core/model";
import { holdsKey, outputsOf, recordOf, SECRET_OUTPUTS, type Generation, type Recorded } from "../../provider/core/record";
import { fingerprint, Secret } from "../../provider/core/secret";

const WHERE = { venue: "acme", environment: "sandbox" };
const powersOf = () => ({ read: "w:read" });

/** Secrets as text, since two of them are never compared as such. */
const revealed = (recorded: Recorded): unknown =>
  JSON.parse(
    JSON.stringify(recorded, (_, value: unknown) =>
      value instanceof Object && "credential" in value ? { ...value, credential: parts(value.credential as Credential) } : value,
    ),
  );
function parts(credential: Credential): unknown {
  if (credential.kind === "token") return { token: credential.token.reveal() };
  if (credential.kind === "public-key") return { apiKey: credential.apiKey };
  return { apiKey: credential.apiKey, apiSecret: credential.apiSecret.reveal(), passphrase: credential.passphrase?.reveal() };
}

const time = fc.integer({ min: 0, max: 4e12 }).map((ms) => new Date(ms).toISOString());
const text = fc.string({ minLength: 1, maxLength: 12 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const secret = fc.uuid().map((id) => `sandbox-secret-${id}`);
const credential: fc.Arbitrary<Credential> = fc.oneof(
  secret.map((token): Credential => ({ kind: "token", token: new Secret(token) })),
  fc.uuid().map((apiKey): Credential => ({ kind: "public-key", apiKey })),
  fc.tuple(fc.uuid(), secret, optional(secret)).map(([apiKey, apiSecret, passphrase]): Credential => ({
    kind: "api-key",
    apiKey,
    apiSecret: new Secret(apiSecret),
    ...(passphrase === undefined ? {} : { passphrase: new Secret(passphrase) }),
  })),
);
const present = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
const generation = fc
  .record({
    generation: fc.integer({ min: 1, max: 99 }),
    mark: fc.uuid(),
    credential,
    createdAt: time,
    changes: optional(fc.integer({ min: 1, max: 99 })),
    expiresAt: optional(time),
    vantage: optional(fc.record({ address: fc.ipV4(), provedAt: time })),
    revokedAt: optional(time),
  })
  .map((one) => present({ ...one, fingerprint: fingerprint("acme", one.mark) }) as Generation);
const recorded: fc.Arbitrary<Recorded> = fc
  .record({
    accountId: text,
    current: generation,
    retiring: fc.array(
      fc.tuple(generation, optional(time)).map(([one, end]) => present({ ...one, end }) as Generation),
      { maxLength: 3 },
    ),
    grants: fc.array(text, { maxLength: 4 }),
    powers: fc.constant(powersOf()),
    unverified: fc.dictionary(
      text.filter((name) => name !== "__proto__"),
      text,
      { maxKeys: 2 },
    ),
    warnings: fc.array(fc.record({ message: text, until: optional(time) }).map(present), { maxLength: 2 }),
    unproved: optional(text),
    unsettled: optional(fc.record({ since: time, cause: text })),
  })
  .map((one) => present(one) as Recorded);

const throughJson = (outputs: Record<string, unknown>): Record<string, unknown> =>
  JSON.parse(JSON.stringify(outputs)) as Record<string, unknown>;

test("what is written is read back, through the engine's JSON", () => {
  fc.assert(
    fc.property(recorded, (one) => {
      const outputs = throughJson(outputsOf(one, WHERE));
      expect(revealed(recordOf(outputs, powersOf))).toEqual(revealed(one));
      expect(holdsKey(outputs)).toBe(true);
    }),
  );
});

test("members that a later release may have added are passed over, at every depth", () => {
  fc.assert(
    fc.property(recorded, (one) => {
      const outputs = throughJson(outputsOf(one, WHERE));
      const later = JSON.parse(
        JSON.stringify(outputs, (_, value: unknown) =>
          value instanceof Object && !Array.isArray(value) ? { ...value, addedLater: "x" } : value,
        ),
      );
      for (const map of [later.retiringCredentials, later.unverified]) delete map.addedLater;
      expect(revealed(recordOf(later, powersOf))).toEqual(revealed(one));
    }),
  );
});

test("secrets stand in the secret outputs and nowhere else", () => {
  fc.assert(
    fc.property(recorded, (one) => {
      const outputs = outputsOf(one, WHERE);
      const plain = JSON.stringify(
        Object.fromEntries(Object.entries(outputs).filter(([name]) => !(SECRET_OUTPUTS as readonly string[]).includes(name))),
      );
      expect(plain).not.toContain("sandbox-secret-");
      const held = [one.current, ...one.retiring].some(({ credential: { kind } }) => kind !== "public-key");
      expect(JSON.stringify(outputs).includes("sandbox-secret-")).toBe(held);
    }),
  );
});

const token: Recorded = {
  accountId: "123456",
  current: {
    generation: 1,
    mark: "m1",
    fingerprint: "0123456789abcdef",
    credential: { kind: "token", token: new Secret("sandbox-t") },
    createdAt: "2030-01-01T00:00:00.000Z",
  },
  retiring: [],
  grants: ["w:read"],
  powers: powersOf(),
  unverified: {},
  warnings: [],
};

test("the state of a release that knew no warnings is read", () => {
  const { warnings: _, unverified: __, ...old } = outputsOf(token, WHERE);
  expect(recordOf(old, powersOf)).toMatchObject({ warnings: [], unverified: {}, accountId: "123456" });
});

test.each([
  ["generation", "1"],
  ["mark", ""],
  ["fingerprint", "0123"],
  ["createdAt", "yesterday"],
  ["accountId", undefined],
  ["credential", { token: 5 }],
  ["retiring", {}],
  ["grants", "w:read"],
])("a wrong %s is an error that names it and says nothing secret", (name, value) => {
  const outputs = { ...outputsOf(token, WHERE), [name]: value };
  const failed = caught(() => recordOf(outputs, powersOf));
  expect(failed).toMatchObject({ code: "state" });
  expect(failed.message).toContain(`output ${name}`);
  expect(failed.message).not.toContain("sandbox-t");
});

test("a generation without its credential is an error, not a key that can't be revoked", () => {
  const { current } = token;
  const outputs = outputsOf({ ...token, retiring: [{ ...current, fingerprint: "fedcba9876543210" }] }, WHERE);
  expect(caught(() => recordOf({ ...outputs, retiringCredentials: {} }, powersOf))).toMatchObject({ code: "state" });
  expect(caught(() => recordOf({ ...outputs, credential: { apiKey: "half" } }, powersOf))).toMatchObject({ code: "state" });
});

test("outputs without a fingerprint hold no key", () => expect(holdsKey({ generation: 1 })).toBe(false));

function caught(act: () => unknown): KeyError {
  try {
    act();
  } catch (error) {
    if (error instanceof KeyError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

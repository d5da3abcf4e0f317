// What OKX's documents leave open, where a run of the suite doesn't come: keys that end for want of use, a managing key that is gone or lacks
// something, labels that come back.

import { VENUES } from "../../provider/venues/registry";
import type { Credential } from "../../provider/core/model";
import { Secret } from "../../provider/core/secret";
import { Stack } from "../conformance/stack";
import { channelTo, closeAll } from "../http/venue";

jest.setTimeout(30_000); // reads are tried again after real pauses

const KEYS = "/venues/okx/keys";
let stack: Stack;
beforeEach(async () => {
  stack = await Stack.open({ venue: "okx", kind: "SubAccountApiKey" });
});
afterEach(async () => {
  closeAll();
  await stack.close();
});

interface DeskKey {
  readonly id: string;
  readonly subAcct: string | null;
  readonly label: string;
}
const desk = async (subAcct: string | null): Promise<DeskKey> =>
  (await stack.control.get<DeskKey[]>(KEYS)).filter((key) => key.subAcct === subAcct).at(-1)!;
const editManaging = async (changes: object): Promise<unknown> => stack.control.patch(`${KEYS}/${(await desk(null)).id}`, changes);
const warnings = (): string => JSON.stringify(stack.held?.outputs["warnings"]);

describe("a key that ended for want of use", () => {
  const idle = async (expiredKeys: string): Promise<void> => {
    await stack.switches({ expiredKeys });
    expect(await stack.up(stack.given.wider)).toEqual({ did: "create" });
    expect(warnings()).toContain("without an IP list a key that trades ends after 14 days without a call of its own");
    await stack.advance("361h");
    expect(await stack.living()).toEqual([]);
    expect(await stack.refresh()).toEqual({ did: "refresh" });
  };

  test("is gone where the venue doesn't list it any more, and is made again", async () => {
    await idle("gone");
    expect(stack.held).toBeUndefined();
    expect(await stack.up(stack.given.wider)).toEqual({ did: "create" });
    expect(await stack.living()).toHaveLength(1);
  });

  test("looks alive where the venue lists it: the remark stays, a change says what to do, and that does", async () => {
    await idle("listed");
    expect(warnings()).toContain("ends after 14 days");
    const { error } = await stack.up(stack.given.least);
    expect(error).toMatchObject({ code: "parameter-refused", venueCode: "59506" });
    expect(error?.message).toContain("change `reissue` to have another");
    expect(await stack.up({ ...stack.given.least, reissue: "ended" })).toEqual({ did: "update" });
    expect(stack.held?.outputs["generation"]).toBe(2);
    expect(await stack.living()).toHaveLength(1);
    expect(await stack.destroy()).toEqual({ did: "delete" });
  });

  test("doesn't end with an IP list, or without trade", async () => {
    for (const program of [stack.given.least, { ...stack.given.wider, allowedIps: ["203.0.113.10"] }]) {
      await stack.up(program);
      expect(warnings()).not.toContain("14 days");
      await stack.advance("361h");
      expect(await stack.living()).toHaveLength(1);
      await stack.destroy();
    }
  });
});

test.each(["50119-as-200", "50119-as-401", "50111"])("a managing key that is gone is no key that is gone (%s)", async (unknownKey) => {
  await stack.switches({ unknownKey });
  await stack.up(stack.given.least);
  const { held } = stack;
  await stack.control.delete(`${KEYS}/${(await desk(null)).id}`);
  expect((await stack.refresh()).error).toMatchObject({ code: "credential-refused" });
  expect((await stack.destroy()).error).toMatchObject({ code: "credential-refused" });
  expect(stack.held).toBe(held);
  expect(await stack.living()).toHaveLength(1);
});

test.each([
  [{ permissions: ["read_only"] }, "it lacks the permission Trade"],
  [{ allowedIps: [] }, "it has no IP list, without which OKX lets it change no key (50035)"],
])("a managing key of %j is told before any write", async (changes, sentence) => {
  await editManaging(changes);
  const { error } = await stack.up(stack.given.least);
  expect(error).toMatchObject({ code: "managing-key" });
  expect(error?.message).toContain(sentence);
  expect(await stack.writes()).toEqual([]);
  expect((await stack.requests()).map(({ path }) => path)).toEqual(["/api/v5/account/config"]);
});

test("a sub-account that isn't the master's", async () => {
  const { error } = await stack.up({ ...stack.given.least, subAccount: "deskzulu" });
  expect(error).toMatchObject({ code: "parameter-refused", venueCode: "59510" });
  expect(error?.message).toMatch(/^okx \(sandbox\): create API key "key".*: the master account has no sub-account of this name/);
  expect(await stack.open()).toEqual([]);
});

test("a sub-account that is gone from the master's takes no key for gone", async () => {
  await stack.up(stack.given.least);
  const { held } = stack;
  stack.held = { ...held!, outputs: { ...held!.outputs, subAccount: "deskzulu" } };
  expect((await stack.refresh()).error).toMatchObject({ code: "parameter-refused", venueCode: "59510" });
  expect(stack.held).toBeDefined();
});

describe.each([
  ["59502", "taken"],
  ["59502", "free"],
  ["accepted", "taken"],
])("labels (sameLabel %s, labelReuse %s)", (sameLabel, labelReuse) => {
  test("stay through a change of permissions, change in place, and come back", async () => {
    await stack.switches({ sameLabel, labelReuse });
    const { least, wider } = stack.given;
    await stack.up({ ...least, label: "one" });
    const first = (await desk("deskalpha")).label;
    expect(first).toMatch(/^one[0-9a-f]{16}$/);
    const mark = first.slice(3);
    for (const [program, label] of [
      [{ ...wider, label: "one" }, `one${mark}`],
      [{ ...wider, label: "two" }, `two${mark}`],
      [{ ...least, label: "one" }, `one${mark}`],
      [least, mark],
    ] as const) {
      expect(await stack.up(program)).toEqual({ did: "update" });
      expect((await desk("deskalpha")).label).toBe(label);
    }
    expect(stack.held?.outputs["generation"]).toBe(1);
  });
});

test("a label that a person changed shows, and is set again", async () => {
  await stack.up({ ...stack.given.least, label: "one" });
  const { id, label } = await desk("deskalpha");
  await stack.control.patch(`${KEYS}/${id}`, { label: "by hand" });
  expect(await stack.refresh()).toEqual({ did: "refresh" });
  expect(stack.held?.inputs["label"]).toBe("by hand");
  expect(await stack.up({ ...stack.given.least, label: "one" })).toEqual({ did: "update" });
  expect((await desk("deskalpha")).label).toBe(label);
});

test("a passphrase is drawn for each key, by OKX's rule, and the key is of use with it", async () => {
  await stack.up(stack.given.least);
  const { apiKey, apiSecret, passphrase } = stack.held!.outputs["credential"] as Record<"apiKey" | "apiSecret" | "passphrase", string>;
  expect(passphrase).toMatch(/^sandbox-[\x21-\x7e]{20}$/);
  for (const needed of [/\d/, /[A-Z]/, /[a-z]/, /!/]) expect(passphrase.slice(8)).toMatch(needed);
  const credential: Credential = { kind: "api-key", apiKey, apiSecret: new Secret(apiSecret), passphrase: new Secret(passphrase) };
  const http = channelTo(stack.sandbox.venues["okx"].url);
  const driver = VENUES["okx"]!.drivers["SubAccountApiKey"]!({ venue: "okx (sandbox)", credential, http, clock: Date.now });
  expect(await driver.inspect!(credential)).toMatchObject({ alive: { publicPart: apiKey, grants: ["read_only"], allowedIps: "anywhere" } });
  await stack.up({ ...stack.given.least, reissue: "again" });
  expect((stack.held!.outputs["credential"] as { passphrase: string }).passphrase).not.toBe(passphrase);
});

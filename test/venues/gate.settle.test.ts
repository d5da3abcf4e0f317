// Gate's five minutes, and what only shows in changes: each is waited for, seldom asked about, and right whatever an update leaves open.

import { Stack } from "../conformance/stack";

jest.setTimeout(60_000); // a loaded machine is slow

const LISTED = "/api/v4/sub_accounts/2124002/keys";
let stack: Stack;
beforeEach(async () => {
  stack = await Stack.open({ venue: "gate", kind: "SubAccountApiKey" });
});
afterEach(() => stack.close());

const looks = async (): Promise<number> =>
  (await stack.requests()).filter(({ method, path }) => method === "GET" && path === LISTED).length;

/** What a step takes: seconds of the venue's time, and looks at the list. */
async function taken(step: () => Promise<{ readonly error?: unknown }>): Promise<{ readonly seconds: number; readonly looks: number }> {
  await stack.forget();
  const begun = stack.now;
  expect((await step()).error).toBeUndefined();
  return { seconds: (stack.now - begun) / 1000, looks: await looks() };
}

function assertWaited({ seconds, looks: asked }: Awaited<ReturnType<typeof taken>>): void {
  expect(seconds).toBeGreaterThan(299);
  expect(seconds).toBeLessThan(335);
  expect(asked).toBeLessThan(20);
}

test("a creation is at once; widening, narrowing, binding, renaming and deleting take five minutes and few looks", async () => {
  const { least, wider, bound } = stack.given;
  expect((await taken(() => stack.up(least))).seconds).toBeLessThan(5);
  for (const program of [wider, least, bound, { ...bound, label: "renamed" }]) assertWaited(await taken(() => stack.up(program)));
  assertWaited(await taken(() => stack.destroy()));
});

test("a lost creation is found, deleted and waited for, with few looks", async () => {
  await stack.control.post("/faults", { venue: "gate", match: { method: "POST", path: LISTED }, kind: "lost-after-effect" });
  const begun = stack.now;
  expect((await stack.up(stack.given.least)).error).toMatchObject({ code: "unknown-outcome" });
  expect([await stack.living(), await stack.open()]).toEqual([[], []]);
  assertWaited({ seconds: (stack.now - begun) / 1000, looks: await looks() });
});

describe("deleted by a run that didn't see the end of it: the next one waits, and isn't told that it lives on", () => {
  test.each(["401-INVALID_KEY", "400-INVALID_PARAM_VALUE", "404-NOT_FOUND"])("absentKey %s", async (absentKey) => {
    await stack.switches({ absentKey });
    await stack.up(stack.given.least);
    const [key] = await stack.living();
    await stack.given.remove(stack.control, key!);
    assertWaited(await taken(() => stack.destroy()));
    expect(stack.held).toBeUndefined();
  });
});

describe("an update leaves nothing to the venue", () => {
  test.each([
    ...["cleared", "kept"].flatMap((value) => [{ permsOmitted: value }, { nameOmitted: value }]),
    ...["ignored", "refused"].map((modeChanged) => ({ modeChanged })),
    ...["read", "read-write"].map((readOnlyOmitted) => ({ readOnlyOmitted })),
    ...[0, 60, 300].map((settleSeconds) => ({ settleSeconds })),
    ...["everything", "use"].map((settlesIn) => ({ settlesIn })),
  ])("%j", async (switches) => {
    await stack.switches(switches);
    const program = { ...stack.given.bound, mode: "portfolio", label: "desk" };
    expect((await stack.up(program)).error).toBeUndefined();
    const next = { ...program, permissions: { futures: "read-write", spot: "read-only" }, allowedIps: ["203.0.113.77"] };
    expect(await stack.up(next)).toEqual({ did: "update" });
    const [key] = await stack.control.get<Record<string, unknown>[]>("/venues/gate/keys").then((keys) => keys.slice(-1));
    expect(key).toMatchObject({ mode: 2, permissions: { futures: "read-write", spot: "read" }, allowedIps: ["203.0.113.77"] });
    expect(String(key!["name"])).toMatch(/^desk-[0-9a-f]{16}$/);
    expect(await stack.refresh()).toEqual({ did: "refresh" });
    expect(await stack.up(next)).toEqual({ did: "same" });
  });
});

describe("a key that somebody stopped does nothing: it is replaced, and deleted so that nobody brings it back", () => {
  test.each(["locked", "frozen"])("%s", async (standing) => {
    await stack.up(stack.given.least);
    const [key] = await stack.living();
    await stack.control.patch(`/venues/gate/keys/${key!.id}`, { standing });
    expect(await stack.refresh()).toEqual({ did: "refresh" });
    expect(stack.held?.inputs["alive"]).toBe(false);
    expect(await stack.up(stack.given.least)).toEqual({ did: "update" });
    expect((await stack.living()).map(({ publicPart }) => publicPart)).toEqual([stack.recorded[0]]);
    expect(stack.recorded[0]).not.toBe(key!.publicPart);
  });
});

test("another mode is another key", async () => {
  expect(stack.kind.replaces).toEqual(["mode"]);
  await stack.up(stack.given.least);
  await expect(stack.up({ ...stack.given.least, mode: "portfolio" })).rejects.toThrow("replacement: mode");
});

test("the managing key's permissions and addresses are seen; without addresses there is a warning", async () => {
  const [managing] = await stack.control.get<{ id: string }[]>("/venues/gate/keys");
  await stack.up(stack.given.least);
  expect(JSON.stringify(stack.held?.outputs["warnings"])).not.toMatch(/managing key/);
  await stack.control.patch(`/venues/gate/keys/${managing!.id}`, { allowedIps: [] });
  await stack.settle();
  await stack.up(stack.given.wider);
  expect(JSON.stringify(stack.held?.outputs["warnings"])).toMatch(/the managing key has no IP list/);
});

// Half-done work: what could not be proved or revoked stands in the state, and the next run finishes it.

import { fails, ok, REPORT, Stack } from "./stack";
import { Venue } from "./venue";

let venue: Venue;
let stack: Stack;
beforeEach(async () => {
  venue = await Venue.open();
  stack = await Stack.open(venue);
  stack.declare({ report: REPORT });
});
afterEach(async () => {
  await stack?.close();
  await venue?.close();
});

async function alive(): Promise<readonly boolean[]> {
  return (await venue.tokens()).map((token) => token.alive);
}

test("the venue goes down right after the minting: the token is in the state, the next up revokes it and makes another", async () => {
  await venue.fault("look", { kind: "reset", times: "always" }, 1);
  await venue.fault("revoke", { kind: "reset", times: "always" });
  const { text } = await fails(stack.up());
  expect(text).toMatch(
    /create token "report".*and revoking it failed.*run `pulumi up` again: the key is in the state and is revoked first/,
  );
  expect(await alive()).toEqual([true]);
  expect(stack.resource("report")!.outputs).toMatchObject({ generation: 1, unproved: expect.any(String), token: expect.anything() });

  await venue.noFaults();
  const { steps } = await ok(stack.preview());
  expect(steps.map(({ op }) => op)).toEqual(["update"]);
  await ok(stack.up());
  expect(await alive()).toEqual([false, true]);
  expect(stack.resource("report")!.outputs["unproved"]).toBeUndefined();
  await ok(stack.up("--refresh", "--expect-no-changes"));
  await ok(stack.destroy());
  expect(await alive()).toEqual([false, false]);
});

test("it can be destroyed without having been finished", async () => {
  await venue.fault("look", { kind: "500", times: "always" }, 1);
  await venue.fault("revoke", { kind: "500", times: "always" });
  await fails(stack.up());
  await venue.noFaults();
  await ok(stack.destroy());
  expect(await alive()).toEqual([false]);
  expect(stack.resources()).toEqual([]);
});

test("a token that is wider than declared is revoked at once; where that fails it is in the state", async () => {
  await venue.switch({ capsExtraScopes: "withdraw-write" });
  expect((await fails(stack.up())).text).toMatch(/the venue also granted withdraw:write, which wasn't declared; it was revoked/);
  expect(await alive()).toEqual([false]);
  expect(stack.resources()).toEqual([]);

  await venue.fault("revoke", { kind: "maintenance", times: "always" });
  expect((await fails(stack.up())).text).toMatch(/withdraw:write.*and revoking it failed/);
  expect(await alive()).toEqual([false, true]);
  await venue.noFaults();
  await venue.switch({ capsExtraScopes: "none" });
  await ok(stack.up());
  expect(await alive()).toEqual([false, false, true]);
});

test("an undeclared read scope is a warning, and no difference; strict makes it a failure", async () => {
  await venue.switch({ capsExtraScopes: "history-read" });
  expect((await ok(stack.up())).text).toMatch(/warning: bitfinex \(sandbox\): token "report": the venue also granted history:read/);
  await ok(stack.up("--refresh", "--expect-no-changes"));
  stack.declare({ report: REPORT, strict: { ...REPORT, strict: true } });
  expect((await fails(stack.up())).text).toMatch(
    /create token "strict": the venue also granted history:read, which wasn't declared; it was revoked/,
  );
  expect(await alive()).toEqual([true, false]);
});

test("a revocation that fails at destroy stays in the state and is tried again", async () => {
  await ok(stack.up());
  await venue.fault("revoke", { kind: "refuse", code: 10001, message: "generic", times: "always" });
  expect((await fails(stack.destroy())).text).toMatch(/revoke generation 1 of token "report": it still answers/);
  expect(await alive()).toEqual([true]);
  expect(stack.resource("report")).toBeDefined();
  await venue.noFaults();
  await ok(stack.destroy());
  expect(await alive()).toEqual([false]);
  expect(stack.resources()).toEqual([]);
});

test("a predecessor that can't be revoked stays among the retiring, and the new one in use", async () => {
  await ok(stack.up());
  stack.declare({ report: { ...REPORT, reissue: "1" } });
  await venue.fault("revoke", { kind: "500", times: "always" });
  await fails(stack.up());
  expect(await alive()).toEqual([true, true]);
  expect(stack.resource("report")!.outputs).toMatchObject({ generation: 2, retiring: [{ generation: 1 }] });
  await venue.noFaults();
  await ok(stack.up());
  expect(await alive()).toEqual([false, true]);
  expect(stack.resource("report")!.outputs).toMatchObject({ generation: 2, retiring: [] });
  await ok(stack.up("--refresh", "--expect-no-changes"));
});

test("an answer that is lost: told at once, in the journal, and the next create goes on", async () => {
  await venue.fault("mint", { kind: "lost-after-effect" });
  expect((await fails(stack.up())).text).toMatch(/unknown outcome/);
  expect(stack.openEntries("report")).toMatchObject([{ status: "begun" }]);
  expect(stack.resources()).toEqual([]);
  expect((await ok(stack.up())).text).toMatch(/unknown outcome/);
  expect(await alive()).toEqual([true, true]);
});

test("the venue is down: nothing is judged, nothing is lost", async () => {
  await ok(stack.up());
  for (const call of ["address", "whoami", "look", "mint", "revoke"] as const)
    await venue.fault(call, { kind: "maintenance", times: "always" });
  stack.declare({ report: { ...REPORT, reissue: "1" } });
  for (const run of [() => stack.refresh(), () => stack.up(), () => stack.destroy()]) {
    expect((await fails(run())).text).toMatch(/bitfinex \(sandbox\): .*maintenance/);
    expect(stack.resource("report")!.outputs).toMatchObject({ generation: 1 });
  }
  expect(await alive()).toEqual([true]);
});

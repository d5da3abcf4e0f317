// Keys of two releases have two texts of the provider in their state, and so two providers in one process: they share the run.

import { Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.settle());
afterAll(() => stage.close());

const another = (): string => `${stage.inputs.__provider}\n`;

test("the account is asked once for both, and a text that comes later changes nothing", async () => {
  const provider = await stage.start();
  const first = await stage.issue(provider);
  const asked = (await stage.requests()).length;
  const second = await stage.issue(provider, {
    __provider: another(),
    identity: { ...(stage.inputs["identity"] as object), name: "other" },
  });
  expect((await stage.requests()).length - asked).toBe(2);
  // What this run has made stays, whichever text a former owner of it has.
  await provider.delete(first.id, { ...first.outs, __provider: another() });
  expect(await stage.alive()).toHaveLength(2);
  const next = await stage.start();
  await Promise.all([next.delete(first.id, first.outs), next.delete(second.id, { ...second.outs, __provider: another() })]);
  expect(await stage.alive()).toEqual([]);
});

test("another configuration is another run", async () => {
  const provider = await stage.start();
  await provider.check(stage.inputs);
  await provider.configure({});
  const { failures } = await provider.check({ ...stage.inputs, __provider: another() });
  expect(failures).toHaveLength(1);
});

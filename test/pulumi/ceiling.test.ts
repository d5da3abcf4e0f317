// The ceiling of an account: a key beyond it is refused in `check`, and again right before a write, since `check` may have run elsewhere.

import type { Properties } from "./program";
import { refusal, Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.settle());
afterAll(() => stage.close());

const capped = (ceiling: Properties) => stage.config({ main: stage.account({ ceiling }) });

const cases: [what: string, ceiling: Properties, inputs: Properties, failure: string, refused: string][] = [
  [
    "powers",
    { powers: ["read"] },
    { permissions: { orders: "read-write" } },
    "permissions: bitfinex: they give trade, administer, and the account's ceiling allows read; declare less, or raise the ceiling",
    "trade, administer",
  ],
  [
    "no powers at all",
    { powers: [] },
    {},
    "permissions: bitfinex: they give read, and the account's ceiling allows nothing; declare less, or raise the ceiling",
    "read",
  ],
  [
    "another range",
    { within: ["198.51.100.0/24"] },
    { allowedIps: ["203.0.113.10"] },
    "allowedIps: bitfinex: 203.0.113.10 isn't within the account's ceiling of 198.51.100.0/24; name other addresses, or raise the ceiling",
    "203.0.113.10",
  ],
  [
    "anywhere",
    { within: ["203.0.113.0/24"] },
    { allowedIps: "anywhere" },
    "allowedIps: bitfinex: anywhere isn't within the account's ceiling of 203.0.113.0/24; name other addresses, or raise the ceiling",
    "anywhere",
  ],
];

test.each(cases)("%s: check refuses", async (_, ceiling, inputs, failure) => {
  const provider = await stage.start(capped(ceiling));
  const { failures } = await provider.check({ ...stage.inputs, ...inputs });
  expect(failures.map(({ property, reason }) => `${property}: ${reason}`)).toEqual([failure]);
  expect(await stage.requests()).toEqual([]);
});

test.each(cases)("%s: so does create, where check ran under another configuration", async (_, ceiling, changes, _failure, what) => {
  const { inputs } = await (await stage.start()).check({ ...stage.inputs, ...changes });
  const { message } = await refusal((await stage.start(capped(ceiling))).create(inputs));
  expect(message).toBe(
    `bitfinex (sandbox): create token "report": ${what} is beyond the ceiling of account "main"; declare less, or raise the ceiling`,
  );
  expect(await stage.requests()).not.toContain("auth/w/token");
});

test("so does an update, which leaves the former key as it was", async () => {
  const held = await stage.issue(await stage.start());
  const { inputs } = await (await stage.start()).check({ ...stage.inputs, permissions: { orders: "read-write" } }, held.inputs);
  const second = await stage.start(capped({ powers: ["read"] }));
  const { message, partial } = await refusal(second.update(held.id, held.outs, inputs));
  expect(message).toContain('bitfinex (sandbox): update token "report": trade, administer is beyond the ceiling of account "main"');
  expect(partial).toBeUndefined();
  expect(await stage.alive()).toEqual([held.outs["token"]]);
});

test("maxKeys counts what this run and the journal know", async () => {
  const provider = await stage.start(capped({ maxKeys: 1 }));
  await stage.issue(provider);
  const { inputs, failures } = await provider.check({
    ...stage.inputs,
    identity: { ...(stage.inputs["identity"] as object), name: "second" },
  });
  expect(failures).toEqual([]);
  const { message } = await refusal(provider.create(inputs));
  expect(message).toBe(
    'bitfinex (sandbox): create token "second": account "main" may have 1 keys, and this run and its journal know 1 ' +
      "(the venue can't list them); take some away, or raise maxKeys",
  );
  expect(await stage.alive()).toHaveLength(1);
});

test("maxKeys lets a key be renewed: a successor takes its predecessor's place", async () => {
  const provider = await stage.start(capped({ maxKeys: 1 }));
  const held = await stage.issue(provider);
  await stage.change(provider, held, { reissue: "now" });
  expect(await stage.alive()).toHaveLength(1);
});

test("maxKeys holds among creates that run at once", async () => {
  const provider = await stage.start(capped({ maxKeys: 2 }));
  const asked = await Promise.allSettled(
    Array.from({ length: 6 }, (_, index) =>
      stage.issue(provider, { identity: { ...(stage.inputs["identity"] as object), name: `key-${index}` } }),
    ),
  );
  expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
  expect(await stage.alive()).toHaveLength(2);
  expect(stage.entries()).toHaveLength(2);
});

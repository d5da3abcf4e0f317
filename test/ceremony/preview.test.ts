// What a preview asks of a person: each kind of step, in the order in which it is to be done, and what can't be read.

import fc from "fast-check";
import { UNKNOWN } from "../../provider/pulumi/unknown";
import { ordersOf, type Order, type Orders } from "../../provider/ceremony/preview";
import { byHand, desired, exported, facts, inputs, KIND, preview, secret, state, step, urnOf, type Written } from "./documents";

const of = (...steps: ReturnType<typeof step>[]): Orders => ordersOf(preview(...steps), { revoke: false, byHand });

/** `create maker 2`, `revoke maker 1`: what is done, and with which generation. */
function short(orders: readonly Order[]): readonly string[] {
  return orders.map((order) =>
    [order.does, order.name, order.does === "revoke" ? order.recorded!.generation : order.inputs.generation].join(" "),
  );
}

const shortOf = (...steps: ReturnType<typeof step>[]): readonly string[] => {
  const { orders, problems } = of(...steps);
  expect(problems).toEqual([]);
  return short(orders);
};

test("a new key is to be made, with all that its inputs say", () => {
  const { __provider: _, ...shown } = inputs("maker");
  expect(of(step("create", undefined, desired("maker")))).toEqual({
    stack: "acme/desk/production",
    config: { "exchange-keys:accounts": "{}" },
    blinded: [],
    orders: [{ urn: urnOf("maker"), name: "maker", does: "create", reason: "first", inputs: shown }],
    problems: [],
  });
});

test.each(["same", "read", "refresh", "read-replacement", "import", "remove-pending-replace", "discard"])("%s asks for nothing", (op) => {
  expect(shortOf(step(op, state("maker", 1), desired("maker", { permissions: { orders: "read" } })))).toEqual([]);
});

test("resources of other types and kinds are none of ours", () => {
  const types = [
    "pulumi-nodejs:dynamic/exchange-keys/bitfinex:AccessToken",
    "pulumi-nodejs:dynamic/exchange-keys/okx:ApiKey",
    "pulumi-nodejs:dynamic/others/bitfinex:ApiKey",
    `${KIND}x`,
    `x${KIND}`,
    "pulumi:pulumi:Stack",
  ];
  expect(shortOf(...types.map((type) => step("create", undefined, { ...desired("maker"), type })))).toEqual([]);
});

describe("an update", () => {
  const next = { generation: 3, reason: "due", keepUntil: { "1": "2030-02-01T00:00:00.000Z", "2": "2030-02-01T00:00:00.000Z" } };

  test("to another generation makes a key, and ends those that aren't kept, afterwards", () => {
    const was = state("maker", 2, [1]);
    const become = (changes: object): readonly string[] => shortOf(step("update", was, desired("maker", { ...next, ...changes })));
    expect(become({})).toEqual(["create maker 3"]);
    expect(become({ keepUntil: { "2": next.keepUntil["2"] } })).toEqual(["create maker 3", "revoke maker 1"]);
    expect(become({ keepUntil: { "1": next.keepUntil["1"] } })).toEqual(["create maker 3", "revoke maker 2"]);
    for (const reason of ["reissue", "narrowed", "changed", "lapsed", "due"]) {
      expect(become({ reason, keepUntil: {} })).toEqual(["create maker 3", "revoke maker 2", "revoke maker 1"]);
    }
  });

  test("of a key that is gone ends it for certain before another is made", () => {
    const orders = of(step("update", state("maker", 2, [1]), desired("maker", { ...next, reason: "gone", keepUntil: {} }))).orders;
    expect(short(orders)).toEqual(["revoke maker 2", "revoke maker 1", "create maker 3"]);
    expect(orders.map(({ reason }) => reason)).toEqual(["gone", "gone", "gone"]);
  });

  test("tells of each key what is recorded, and nothing secret", () => {
    const was = state("maker", 2, [1], { permissions: { orders: "read" } });
    const [create, current, earlier] = of(step("update", was, desired("maker", { ...next, keepUntil: {} }))).orders;
    expect(create!.inputs.permissions).toEqual({ orders: "read-write" });
    expect(create!.recorded).toEqual(current!.recorded);
    expect(current!.inputs.permissions).toEqual({ orders: "read" });
    const { generation, mark, fingerprint, venueLabel } = facts("maker", 2);
    expect(current!.recorded).toMatchObject({ generation, mark, fingerprint, label: venueLabel, accountId: "123456", current: true });
    expect(current!.recorded).toMatchObject({ permissions: { orders: "read" }, allowedIps: { "203.0.113.10": "gateway" } });
    expect(current!.recorded!.outputs).toMatchObject({ grants: ["orders:write"] });
    expect(Object.keys(current!.recorded!.outputs)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/credential|apiKey|apiSecret|__/i)]),
    );
    expect(earlier!.recorded).toMatchObject({ generation: 1, label: "maker 0000000000000001", current: false });
    expect(earlier!.recorded).not.toHaveProperty("permissions");
  });

  test.each([
    ["permissions", { permissions: { orders: "read" } }],
    ["an address more", { allowedIps: { "203.0.113.10": "gateway", "203.0.113.11": "" } }],
    ["anywhere", { allowedIps: "anywhere" }],
    ["a label", { label: "desk" }],
  ])("of %s in place is an edit, with what is recorded", (_name, changes) => {
    const { orders } = of(step("update", state("maker", 1), desired("maker", changes)));
    expect(short(orders)).toEqual(["edit maker 1"]);
    expect(orders[0]!.inputs).toMatchObject(changes);
    expect(orders[0]!.recorded).toMatchObject({ generation: 1, permissions: { orders: "read-write" }, label: "maker 0000000000000001" });
  });

  test("that takes the label away is an edit; one that an earlier run left half-done is one again", () => {
    expect(shortOf(step("update", state("maker", 1, [], { label: "desk" }), desired("maker")))).toEqual(["edit maker 1"]);
    const was = state("maker", 1);
    const half = { ...was, outputs: { ...was.outputs, permissions: { orders: "read" } } };
    expect(shortOf(step("update", half, desired("maker")))).toEqual(["edit maker 1"]);
  });

  test("of notes, purposes, rotation, or how the list is split, asks for nothing", () => {
    const was = state("maker", 1, [], { allowedIps: { "203.0.113.10": "a", "203.0.113.11": "b" } });
    const changes = { allowedIps: { "203.0.113.10/31": "both" }, holder: "desk", rotation: { every: "30d" }, __provider: "another text" };
    expect(shortOf(step("update", was, desired("maker", changes)))).toEqual([]);
  });

  test("after which an earlier key's time has passed ends that one", () => {
    const keepUntil = { "2": "2030-02-01T00:00:00.000Z" };
    const was = state("maker", 3, [2, 1]);
    expect(shortOf(step("update", was, desired("maker", { generation: 3, keepUntil })))).toEqual(["revoke maker 1"]);
    const changed = desired("maker", { generation: 3, keepUntil, label: "desk" });
    expect(shortOf(step("update", was, changed))).toEqual(["edit maker 3", "revoke maker 1"]);
  });

  test("of a resource whose key was never recorded makes it", () => {
    const { outputs: _, ...was } = state("maker", 1);
    expect(shortOf(step("update", was, desired("maker")))).toEqual(["create maker 1"]);
  });

  test("whose generation the state's key has already reached makes no other", () => {
    // The inputs of a run that failed afterwards may lag behind, or be ahead: the recorded key's own number counts.
    const was = state("maker", 2);
    const ahead = { ...was, inputs: inputs("maker", { generation: 3 }) };
    expect(shortOf(step("update", ahead, desired("maker", { generation: 3, keepUntil: {} })))).toEqual([
      "create maker 3",
      "revoke maker 2",
    ]);
    const behind = { ...was, inputs: inputs("maker", { generation: 1 }) };
    expect(shortOf(step("update", behind, desired("maker", { generation: 2 })))).toEqual([]);
  });
});

test("a replaced key is made anew, and ends; its steps may come together or one by one", () => {
  const [was, is] = [state("maker", 2, [1]), desired("maker")];
  const expected = ["create maker 1", "revoke maker 2", "revoke maker 1"];
  expect(shortOf(step("replace", was, is))).toEqual(expected);
  expect(shortOf(step("create-replacement", was, is), step("replace", was, is), step("delete-replaced", was))).toEqual(expected);
});

test("what goes away ends with all its generations, and without a key with none", () => {
  expect(shortOf(step("delete", state("maker", 2, [1])))).toEqual(["revoke maker 2", "revoke maker 1"]);
  const { outputs: _, ...keyless } = state("maker", 1);
  expect(shortOf(step("delete", keyless))).toEqual([]);
});

test("by name, whatever order the engine had: a person who comes back finds the same list", () => {
  const document = exported(state("bot-10", 1), state("bot-2", 1), state("accounting", 1));
  expect(short(ordersOf(document, { revoke: true, byHand }).orders)).toEqual(["revoke accounting 1", "revoke bot-2 1", "revoke bot-10 1"]);
});

test("the export of a stack that is to go: every generation of every such resource", () => {
  const token = { ...state("token", 1), type: "pulumi-nodejs:dynamic/exchange-keys/bitfinex:AccessToken" };
  const document = exported(state("maker", 2, [1]), token, state("a::b", 1));
  const { orders, problems, stack } = ordersOf(document, { revoke: true, byHand });
  expect(short(orders)).toEqual(["revoke a::b 1", "revoke maker 2", "revoke maker 1"]);
  expect({ problems, stack }).toEqual({ problems: [], stack: "acme/desk/production" });
  expect(JSON.stringify(orders)).not.toContain("[secret]");
});

describe("a key that can't be read is a problem of its own", () => {
  const SAYS = {
    unknown: /^its \w+ is known only after an up, .*; run pulumi up for what it depends on first/,
    secret: /^its \w+ is a secret/,
  };
  const hidden: readonly (readonly [keyof typeof SAYS, string, unknown])[] = [
    ["unknown", "permissions", UNKNOWN],
    ["unknown", "permissions", { orders: UNKNOWN }],
    ["unknown", "allowedIps", [UNKNOWN]],
    ["unknown", "allowedIps", { [UNKNOWN]: "" }],
    ["unknown", "account", UNKNOWN],
    ["unknown", "label", UNKNOWN],
    ["unknown", "nonceUnit", UNKNOWN],
    ["secret", "permissions", "[secret]"],
    ["secret", "permissions", { orders: "[secret]" }],
    ["secret", "permissions", secret()],
    ["secret", "allowedIps", "[secret]"],
    ["secret", "allowedIps", secret({ "203.0.113.10": "sandbox-hidden" })],
    ["secret", "account", "[secret]"],
  ];

  test.each(hidden)("%s %s: %j", (how, name, value) => {
    const { orders, problems } = of(
      step("create", undefined, desired("maker", { [name]: value })),
      step("update", state("taker", 1), desired("taker", { generation: 2, [name]: value })),
      step("delete", state("gone", 1, [], { [name]: value })),
      step("create", undefined, desired("reader")),
    );
    expect(short(orders)).toEqual(["create reader 1"]);
    expect(problems.map((problem) => problem.name)).toEqual(["maker", "taker", "gone"]);
    for (const { reason } of problems) {
      expect(reason).toMatch(SAYS[how]);
      expect(reason).toContain(`its ${name} `);
      expect(reason).not.toContain("sandbox-hidden");
    }
  });

  test("what a ceremony doesn't show may be hidden", () => {
    const changes = { holder: "[secret]", purpose: UNKNOWN, reissue: "[secret]", rotation: { every: UNKNOWN } };
    const { orders, problems } = of(step("create", undefined, desired("maker", changes)));
    expect(problems).toEqual([]);
    expect(JSON.stringify(orders)).not.toMatch(/\[secret\]|04da6b54/);
  });

  test("another shape, of inputs or of what is recorded", () => {
    const was = state("maker", 1);
    const bad: readonly Written[] = [
      { ...was, outputs: { ...was.outputs, mark: 7 } },
      { ...was, outputs: { ...was.outputs, accountId: undefined } },
      { ...was, outputs: { ...was.outputs, retiring: [{}] } },
      { ...was, inputs: inputs("maker", { identity: {} }) },
    ];
    for (const one of bad) {
      const { orders, problems } = of(step("delete", one));
      expect(orders).toEqual([]);
      expect(problems).toEqual([
        {
          urn: urnOf("maker"),
          name: "maker",
          reason: expect.stringMatching(/^its (in|out)put [\w.]+ isn't what this release writes; use/),
        },
      ]);
    }
    expect(of(step("create", undefined, desired("maker", { generation: "1" }))).problems).toHaveLength(1);
  });
});

test("whatever an update keeps: each generation that is recorded and not kept ends once, and none that is kept", () => {
  const few = fc.integer({ min: 0, max: 4 });
  fc.assert(
    fc.property(
      few,
      fc.integer({ min: 0, max: 1 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 5 })),
      fc.constantFrom("due", "gone"),
      (earlier, more, kept, reason) => {
        const current = earlier + 1;
        const retiring = Array.from({ length: earlier }, (_, n) => n + 1);
        const generation = current + more;
        const keepUntil = Object.fromEntries(kept.map((each) => [String(each), "2030-02-01T00:00:00.000Z"]));
        const { orders } = of(step("update", state("maker", current, retiring), desired("maker", { generation, keepUntil, reason })));
        const ended = orders.filter(({ does }) => does === "revoke").map(({ recorded }) => recorded!.generation);
        const alive = more === 1 ? [...retiring, current] : retiring;
        expect([...ended].sort()).toEqual(alive.filter((each) => !kept.includes(each)));
        expect(orders.filter(({ does }) => does === "create")).toHaveLength(more);
        expect(orders.findIndex(({ does }) => does === "create")).toBe(more === 0 ? -1 : reason === "gone" ? orders.length - 1 : 0);
      },
    ),
  );
});

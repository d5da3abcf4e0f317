// What time does to Gate's keys: writes that settle, and keys without addresses that end. Apart, since these beds' clocks move on.

import { GateBed, outcomeOf, type Row } from "./gate-caller";

describe("as documented, five minutes pass until a write takes effect", () => {
  let slow: GateBed;
  beforeEach(async () => {
    slow = await GateBed.open({ asDocumented: true });
  });
  afterEach(() => slow.close());

  test("an update shows late, and binds late", async () => {
    const key = await slow.issued();
    await slow.update(key, { perms: [{ name: "spot", read_only: true }], ip_whitelist: ["203.0.113.11"] });
    const seen = async (): Promise<unknown[]> => [
      ((await slow.row(key)).json as Row).ip_whitelist.join(),
      (await slow.list())[0]?.perms[0]?.read_only,
      outcomeOf(await slow.order(key)),
    ];
    expect(await seen()).toEqual(["203.0.113.10", false, 201]);
    await slow.advance("295s");
    expect(await seen()).toEqual(["203.0.113.10", false, 201]);
    await slow.advance("6s");
    expect(await seen()).toEqual(["203.0.113.11", true, "401 IP_FORBIDDEN"]);
  });

  test("a key that was deleted lives on, and can't be changed any more", async () => {
    const key = await slow.issued();
    await slow.remove(key);
    expect([outcomeOf(await slow.order(key)), (await slow.list()).length, (await slow.desk(key)).alive]).toEqual([201, 1, true]);
    for (const write of [slow.remove(key), slow.update(key)]) expect(outcomeOf(await write)).toBe("401 INVALID_KEY");
    await slow.advance("301s");
    expect([outcomeOf(await slow.order(key)), (await slow.list()).length, (await slow.desk(key)).alive]).toEqual([
      "401 INVALID_KEY",
      0,
      false,
    ]);
  });

  test("a person's change takes as long", async () => {
    const key = await slow.issued();
    const { id } = await slow.desk(key);
    await slow.control.patch(`/venues/gate/keys/${id}`, { permissions: { wallet: "read-write" } });
    expect([outcomeOf(await slow.order(key)), (await slow.desk(key)).permissions]).toEqual([201, { wallet: "read-write" }]);
    await slow.advance("301s");
    expect(outcomeOf(await slow.order(key))).toBe("401 FORBIDDEN");
  });
});

describe("lapsing: 90 days without addresses", () => {
  test("ends a key, a person brings it back, addresses would have kept it", async () => {
    const own = await GateBed.open();
    try {
      const [roaming, bound] = [await own.issued({ ip_whitelist: [] }), await own.issued()];
      const main = await own.byHand({ permissions: { spot: "read" } });
      expect([(await own.desk(bound)).expiresAt, (await own.desk(roaming)).expiresAt]).toEqual([null, expect.any(String)]);
      await own.advance("2159h");
      expect(outcomeOf(await own.order(roaming))).toBe(201);
      await own.advance("1h");
      for (const dead of [roaming, main]) expect(outcomeOf(await own.balance(dead))).toBe("401 INVALID_KEY");
      expect(outcomeOf(await own.order(bound))).toBe(201);
      await own.control.patch(`/venues/gate/keys/${(await own.desk(roaming)).id}`, { renew: true });
      expect(outcomeOf(await own.order(roaming))).toBe(201);
    } finally {
      await own.close();
    }
  });

  test("a key that gets addresses in time lives, one that loses them after 90 days ends", async () => {
    const own = await GateBed.open();
    try {
      const key = await own.issued({ ip_whitelist: [] });
      await own.advance("1000h");
      await own.update(key);
      await own.advance("2000h");
      expect(outcomeOf(await own.order(key))).toBe(201);
      await own.update(key, { ip_whitelist: [] });
      expect(outcomeOf(await own.order(key))).toBe("401 INVALID_KEY");
    } finally {
      await own.close();
    }
  });

  test("addresses count once they are in force", async () => {
    const own = await GateBed.open({ asDocumented: true });
    try {
      const [late, early] = [await own.issued({ ip_whitelist: [] }), await own.issued({ ip_whitelist: [] })];
      await own.advance("2159h50m");
      await own.update(early);
      await own.advance("7m");
      await own.update(late);
      await own.advance("30m");
      expect([outcomeOf(await own.order(early)), outcomeOf(await own.order(late))]).toEqual([201, "401 INVALID_KEY"]);
    } finally {
      await own.close();
    }
  });
});

// OKX's sub-accounts, what the desk does beside their keys, and that all of it survives in the state file.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOf, dataOf, OkxBed, SUB, type DeskKey } from "./okx-caller";

let bed: OkxBed;
beforeAll(async () => {
  bed = await OkxBed.open();
  await bed.switches({ sameLabel: "accepted" });
});
afterAll(() => bed.close());

const addresses = (count: number): string => Array.from({ length: count }, (_, n) => `198.51.100.${n}`).join(",");

describe("sub-accounts", () => {
  test("paging by time of creation, newest first, 100 at most", async () => {
    const own = await OkxBed.open();
    try {
      for (let n = 0; n < 99; n++) await own.control.post("/venues/okx/sub-accounts", { subAcct: `deskpage${n}` });
      const page = async (query: string) => dataOf<{ subAcct: string; ts: string }[]>(await own.get(`${SUB}/list${query}`));
      const first = await page("");
      expect(first).toHaveLength(100);
      expect(first[0]!.subAcct).toBe("deskpage98");
      const rest = await page(`?after=${first.at(-1)!.ts}`);
      expect(rest.map(({ subAcct }) => subAcct)).toEqual(["deskalpha"]);
      expect(await page(`?before=${first[1]!.ts}`)).toEqual([first[0]]);
      expect(await page("?limit=2")).toEqual(first.slice(0, 2));
      expect(await page("?subAcct=deskpage7")).toEqual(first.filter(({ subAcct }) => subAcct === "deskpage7"));
      for (const query of ["?limit=101", "?limit=0", "?after=yesterday", "?enable=maybe"])
        expect(codeOf(await own.get(`${SUB}/list${query}`))).toBe("51000");
    } finally {
      await own.close();
    }
  });

  test("making one, where that is possible at all", async () => {
    const make = (different: Record<string, unknown> = {}) =>
      bed.post(`${SUB}/create-subaccount`, { subAcct: "deskmade", type: "1", label: "123456", ...different });
    expect(codeOf(await make())).toBe("59518");
    await bed.switches({ createSubaccount: "works" });
    for (const wrong of [{ subAcct: "short" }, { subAcct: "with space" }, { type: "5" }, { label: "12345" }, { label: "x".repeat(33) }])
      expect(codeOf(await make(wrong))).toBe("51000");
    expect(dataOf(await make())).toEqual([{ label: "123456", subAcct: "deskmade", ts: expect.any(String), uid: expect.any(String) }]);
    expect(codeOf(await make())).toBe("59601");
    expect(codeOf(await bed.create({ subAcct: "deskmade" }))).toBe("0");
    await bed.switches({ createSubaccount: null });
  });
});

describe("the desk", () => {
  test("edits and deletes out of band, and keeps every state", async () => {
    const { apiKey } = await bed.issued({ perm: "read_only", ip: "203.0.113.10" });
    const { id } = await bed.desk(apiKey);
    await bed.control.patch(`/venues/okx/keys/${id}`, { permissions: ["trade", "read_only"], allowedIps: [] });
    expect(dataOf(await bed.list("deskalpha", apiKey))).toMatchObject([{ perm: "read_only,trade", ip: "" }]);
    await bed.control.patch(`/venues/okx/keys/${id}`, { label: "renamed" });
    expect((await bed.desk(apiKey)).states).toHaveLength(2);
    expect(await bed.control.delete(`/venues/okx/keys/${id}`)).toMatchObject({ alive: false });
    expect(dataOf(await bed.list("deskalpha", apiKey))).toEqual([]);
  });

  test("shows secrets only when asked to", async () => {
    const key = await bed.byHand({ subAcct: "deskalpha" });
    const plain = JSON.stringify(await bed.control.get("/venues/okx/keys"));
    for (const secret of [key.apiSecret, key.passphrase]) expect(plain).not.toContain(secret);
    const shown = (await bed.control.get<DeskKey[]>("/venues/okx/keys?secrets=true")).find(({ id }) => id === key.id);
    expect(shown).toMatchObject({ apiSecret: key.apiSecret, passphrase: key.passphrase, subAcct: "deskalpha" });
  });

  test.each<[string, string, unknown, number, string]>([
    ["POST", "keys", { permissions: ["admin"] }, 400, "permissions"],
    ["POST", "keys", { subAcct: "deskalpha", permissions: ["withdraw"] }, 400, "withdrawals"],
    ["POST", "keys", { subAcct: "deskzulu" }, 400, "no account deskzulu"],
    ["POST", "keys", { passphrase: "short" }, 400, "passphrase"],
    ["POST", "keys", { allowedIps: ["nowhere"] }, 400, "allowedIps.0"],
    ["POST", "keys", { allowedIps: addresses(21).split(",") }, 400, "allowedIps"],
    ["PATCH", "keys/999", { label: "x" }, 404, "key 999"],
    ["DELETE", "keys/999", undefined, 404, "key 999"],
    ["POST", "sub-accounts", { subAcct: "a-b-c-d" }, 400, "subAcct"],
    ["POST", "sub-accounts", { subAcct: "deskalpha" }, 400, "is there already"],
    ["POST", "sub-accounts", { subAcct: "deskorphan", mainUid: "7" }, 400, "no master account 7"],
    ["PATCH", "sub-accounts/deskzulu", { enabled: false }, 404, "deskzulu"],
  ])("%s %s %j is refused", async (method, path, body, status, message) => {
    const way = `/venues/okx/${path}`;
    const asked =
      method === "POST" ? bed.control.post(way, body) : method === "PATCH" ? bed.control.patch(way, body) : bed.control.delete(way);
    await expect(asked).rejects.toMatchObject({ status, message: expect.stringContaining(message) });
  });
});

test("everything survives in the state file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-okx-"));
  const state = join(folder, "state.json");
  const first = await OkxBed.open({ state });
  const key = await first.issued({ perm: "trade", ip: "203.0.113.10" });
  await first.modify(key.apiKey, { perm: "read_only" });
  const { account } = first;
  const listed = await first.control.get("/venues/okx/keys?secrets=true");
  await first.close();
  const second = await OkxBed.open({ state });
  try {
    expect(second.account).toEqual(account);
    expect(await second.control.get("/venues/okx/keys?secrets=true")).toEqual(listed);
    expect(codeOf(await second.config(key))).toBe("0");
    expect(dataOf(await second.get(`${SUB}/list`))).toHaveLength(2);
  } finally {
    await second.close();
    rmSync(folder, { recursive: true });
  }
});

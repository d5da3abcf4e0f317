// The ceremony in a terminal against the sandbox: what a person sees there, what is sealed, and that no secret is shown.

import { fingerprint } from "../../provider/core/secret";
import { Person } from "./person";
import { Table } from "./table";

let table: Table;
let person: Person;
beforeEach(async () => {
  table = await Table.open();
  person = new Person();
});
afterEach(async () => {
  await table.close();
});

async function sat(document: unknown, more: { revoke?: boolean; state?: unknown } = {}) {
  const sitting = await table.sit(document, more);
  const outcome = person.hold(sitting.session).finally(() => sitting.close());
  return { sitting, outcome };
}

test("a new key: the grid, the label, key and secret unseen, sealed", async () => {
  const { outcome } = await sat(table.preview([table.create("maker")]));
  const label = await person.begin();
  expect(person.seen).toContain(`http://${table.address}/console\n`);
  expect(person.seen).toMatch(/\n {2}Orders +orders +ON +off\n/);
  expect(person.seen).toMatch(/\n {2}Withdrawals? +withdraw +\S+ +off\n/);
  expect(person.seen).toContain("IP addresses: anywhere.");
  for (const line of person.seen.split("\n").slice(0, -1)) expect(line.length).toBeLessThanOrEqual(80);
  const key = await table.key({ orders: "read" }, { label });
  person.line(key.apiKey);
  await person.see(/API secret \(not shown\): $/);
  person.line(key.apiSecret);
  expect(await outcome).toBe("done");
  const { deposits, unreadable } = await table.sealed();
  expect(unreadable).toEqual([]);
  expect(deposits).toMatchObject([{ deed: "issued", label, fingerprint: fingerprint("bitfinex", key.apiKey), accountId: "123456" }]);
  for (const part of [key.apiKey, key.apiSecret, table.bed.account.apiSecret]) expect(person.seen).not.toContain(part);
});

test.each(["\r\n", "\n", " ", "\t"])("one paste of both, parted by %j", async (between) => {
  const { outcome } = await sat(table.preview([table.create("maker")]));
  const label = await person.begin();
  const key = await table.key({ orders: "read" }, { label });
  person.paste(`${key.apiKey}${between}${key.apiSecret}\n`);
  person.line("");
  expect(await outcome).toBe("done");
  expect(person.seen).not.toContain(key.apiSecret.slice(0, 12));
});

test("a terminal without bracketed paste: both lines at once", async () => {
  const { outcome } = await sat(table.preview([table.create("maker")]));
  const key = await table.key({ orders: "read" }, { label: await person.begin() });
  person.type(`${key.apiKey}\r${key.apiSecret}\r`);
  expect(await outcome).toBe("done");
  expect(person.seen).not.toContain(key.apiKey);
});

// A ceremony in a terminal, held by a person against the sandbox.

import { Person } from "./person";
import { Table } from "./table";

export let table: Table;
export let person: Person;

/** Each test of a file has a table and a person of its own. */
export function atTerminal(): void {
  beforeEach(async () => {
    table = await Table.open();
    person = new Person();
  });
  afterEach(async () => {
    await table.close();
  });
}

export async function sat(document: unknown, more: { revoke?: boolean; state?: unknown } = {}) {
  const sitting = await table.sit(document, more);
  const outcome = person.hold(sitting.session).finally(() => sitting.close());
  return { sitting, outcome };
}

export const THERE = "203.0.113.11"; // as the sandbox sees 127.0.0.2

/** A ceremony of one new key, begun. */
export async function making(changes: Record<string, unknown> = {}) {
  const { outcome } = await sat(table.preview([table.create("maker", changes)]));
  return { outcome, label: await person.begin() };
}

export async function give(key: { readonly apiKey: string; readonly apiSecret: string }): Promise<void> {
  person.paste(`${key.apiKey}\n${key.apiSecret}`);
  person.line("");
  await person.see(/Looking \.\.\.\n/);
}

export async function leave(outcome: Promise<string>): Promise<void> {
  await person.see(/> $/);
  person.line("q");
  expect(await outcome).toBe("left");
  expect((await table.sealed()).files).toEqual([]);
}

/** Somebody sits down whose terminal shows nothing yet. */
export function anew(): void {
  person = new Person();
}

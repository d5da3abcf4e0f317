// Lists of several pages into which writes of the run fall: who looks, what is read anew, and that no absence follows from them.

import type { ObservedKey } from "../../provider/core/driver";
import { compose } from "../../provider/core/label";
import { listed } from "../../provider/core/listed";
import { Lists, Writes } from "../../provider/core/lists";
import { look } from "../../provider/core/look";
import { settleLost } from "../../provider/core/lost";
import type { Means } from "../../provider/core/means";
import { AT, born, type State } from "./scenarios";
import { LABEL, World } from "./venue";

const soon = () => new Promise<void>((resolve) => setImmediate(resolve));
const shown = { grants: [], publicPart: "shown" };

interface Paged {
  readonly state: State;
  readonly means: Means;
  pages(): number;
  /** Begins a write that stays under way until it is ended. */
  begin(): void;
  end(): void;
}

/** `between` happens between the two pages of each reading, and says what the second one has. */
async function paged(between: (paged: Paged, reading: number) => readonly ObservedKey[]): Promise<Paged> {
  const world = new World(true, true);
  const state = await born(world, ["w"], AT);
  let pages = 0;
  let end = (): void => undefined;
  const given = world.means();
  const list = async (_: unknown, page?: string) => {
    pages += 1;
    await soon();
    if (page !== undefined) return { keys: later };
    later = between(made, (pages + 1) / 2);
    return { keys: [shown], next: "2" };
  };
  let later: readonly ObservedKey[] = [];
  const revoke = () => new Promise<"revoked">((resolve) => (end = () => resolve("revoked")));
  const lists = new Lists({ ...given.driver, list, revoke }, "acme", new Writes(), () => 0);
  const means: Means = { ...given, driver: lists.driver, lists };
  const begin = (): void => void lists.driver.revoke!({ scope: means.scope, by: "account", undo: false });
  const made: Paged = { state, means, pages: () => pages, begin, end: () => end() };
  return made;
}
const looked = ({ state, means }: Paged) => look(state.recorded.current, { allowedIps: AT }, means, "look");
const write = ({ begin, end }: Paged): readonly [] => {
  begin();
  end();
  return [];
};

test("is read once more for all who look, however many", async () => {
  const { means, pages } = await paged((to, reading) => (reading === 1 ? write(to) : []));
  const seen = await Promise.all(Array.from({ length: 20 }, () => listed(means, "look")));
  expect(seen).toEqual(Array(20).fill([shown]));
  expect(pages()).toBe(4);
});

test("shows what is in it, and proves no absence while they go on", async () => {
  const { means, pages } = await paged(write);
  expect(await listed(means, "look", (keys) => keys.length > 0)).toEqual([shown]);
  expect(pages()).toBe(2);
  await expect(listed(means, "look")).rejects.toMatchObject({ code: "absence-unproved" });
  expect(pages()).toBe(102);
});

test("isn't read again while one is under way", async () => {
  const { means, pages, end } = await paged(({ begin }, reading) => {
    if (reading === 1) begin();
    return [];
  });
  const looking = listed(means, "look");
  for (let turn = 0; turn < 20; turn += 1) await soon();
  expect(pages()).toBe(2);
  end();
  expect(await looking).toEqual([shown]);
  expect(pages()).toBe(4);
});

test("kills no key that it hides: it is unknown, or found in the next", async () => {
  const hidden = await paged(write);
  expect(await looked(hidden)).toMatchObject({ is: "unknown", error: { code: "absence-unproved" } });
  const found = await paged((to, reading) => (reading === 1 ? write(to) : [{ grants: ["w"], publicPart: "sandbox-token-1" }]));
  expect(await looked(found)).toMatchObject({ is: "alive" });
  expect(found.pages()).toBe(4);
});

test("proves no lost key to be unmade", async () => {
  const mark = "0123456789abcdef";
  const unmade = { grants: [], publicPart: "lost", label: compose(undefined, mark, LABEL) };
  const hidden = await paged(write);
  await expect(settleLost({ mark }, "settle", hidden.means, false)).rejects.toMatchObject({ code: "absence-unproved" });
  const found = await paged((to, reading) => (reading === 1 ? write(to) : reading === 2 ? [unmade] : []));
  const settling = settleLost({ mark }, "settle", found.means, false);
  for (let turn = 0; turn < 20; turn += 1) await soon();
  found.end();
  expect(await settling).toBe("revoked");
});

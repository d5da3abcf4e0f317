// Handles: a master's where a sub-account's belongs is refused where the program says it, and a sub-account's carries its name and defaults.

import { VENUES } from "../../provider/venues/registry";
import { runProgram } from "./program";

const OF_SUB_ACCOUNTS = Object.entries(VENUES).flatMap(([venue, entry]) =>
  Object.entries(entry.manifest().kinds).flatMap(([kind, { scope }]) => (scope === undefined ? [] : [{ venue, kind }])),
);

test.each(OF_SUB_ACCOUNTS)("$venue $kind", async ({ venue, kind }) => {
  const { registered, stderr } = await runProgram(`
    const master = keys.${venue}.account("master", { holder: "desk", purpose: "tests" });
    const make = (name, account) => new keys.${venue}.${kind}(name, { account, allowedIps: "anywhere" });
    try { make("of the master", master) } catch (error) { console.error(error.message) }
    for (const wrong of [53888000, undefined]) try { master.subAccount(wrong) } catch (error) { console.error(error.message) }
    make("of a sub-account", master.subAccount("sub-1", { purpose: "sub-tests" }));
  `);
  expect(stderr.split("\n")).toContain(
    `${venue}.${kind} "of the master": account is the master's handle; name a sub-account: ${venue}.account("<alias>").subAccount("…")`,
  );
  for (const wrong of ["number", "undefined"]) {
    expect(stderr).toContain(
      `${venue}.account("master").subAccount: a sub-account is named by a text, such as "53888000", not by ${wrong}\n`,
    );
  }
  expect(registered.map(({ name }) => name)).toEqual(["of a sub-account"]);
  expect(registered[0]!.inputs).toMatchObject({ account: "master", subAccount: "sub-1", holder: "desk", purpose: "sub-tests" });
});

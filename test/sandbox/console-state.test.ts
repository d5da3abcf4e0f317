// What survives of the console with a state file: accounts, sessions, mails and links.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bed } from "./caller";
import { Browser, textOf } from "./browser";
import { Person } from "./person";

const PERMITTED = "auth/r/permissions";

test("accounts, sessions, mails and links survive a restart with a state file; an older file is given a sign-in", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-console-"));
  const state = join(folder, "state.json");
  try {
    const first = await Bed.open({ state });
    const person = new Person(first);
    await person.signIn();
    const before = await person.make();
    const link = await person.ask();
    await first.close();

    const second = await Bed.open({ state });
    expect(second.sandbox.venues.bitfinex.login).toEqual(person.login);
    const later = new Browser(second.url);
    // A cookie's name has the port in it, and the port is another now.
    for (const value of person.browser.cookies.values()) later.cookies.set(`sandbox_bitfinex_${new URL(second.url).port}`, value);
    await later.open(link);
    const made = await later.submit("/console/api/confirm");
    const after = { apiKey: textOf(made, "api-key")!, apiSecret: textOf(made, "api-secret")! };
    for (const key of [before, after]) expect((await second.key(PERMITTED, {}, { key })).status).toBe(200);
    await second.close();

    const file = JSON.parse(readFileSync(state, "utf8")) as { sections: Record<string, { accounts: Record<string, unknown>[] }> };
    delete file.sections["bitfinex.console"];
    for (const member of ["password", "totpSecret", "totpTaken"]) delete file.sections["bitfinex"]!.accounts[0]![member];
    writeFileSync(state, JSON.stringify(file));
    const third = await Bed.open({ state });
    try {
      expect(third.sandbox.venues.bitfinex.login.password).not.toBe(person.login.password);
      expect((await new Person(third).signIn()).at).toBe("/console/api");
      expect((await third.key(PERMITTED, {}, { key: before })).status).toBe(200);
      expect(readFileSync(state, "utf8")).toContain(third.sandbox.venues.bitfinex.login.password);
    } finally {
      await third.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

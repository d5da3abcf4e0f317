// Edits and revocations in a terminal against the sandbox: looked at until the venue agrees, or taken by the typed word.

import { fingerprint } from "../../provider/core/secret";
import { exported, secret, step } from "./documents";
import { atTerminal, person, sat, table } from "./sitting";
import { HERE } from "./table";

atTerminal();

test("an edit: looked at until the venue agrees; what nobody can read back takes the typed word", async () => {
  const key = await table.key({ orders: "read" });
  const was = table.recorded("maker", key);
  const is = { ...was, inputs: { ...was.inputs, permissions: { orders: "read-write" }, allowedIps: { [HERE]: "gateway" } } };
  const document = table.preview([step("update", was, is)]);
  const { outcome } = await sat(document, { state: exported(table.recorded("maker", key, {}, secret)) });
  await person.see(/q to quit: $/);
  person.line("1");
  await person.see(/\* Orders +orders +ON +ON +<- turn Write ON\n/);
  await person.see(/\+ 203\.0\.113\.10 {2}\(gateway\) {2}<- add\n/);
  await person.see(/> $/);
  person.line("done");
  await person.see(/Orders \(orders\): turn Write on/);
  await table.edit(key.id, { permissions: { orders: "read-write" }, allowedIps: [HERE] });
  await person.see(/> $/);
  person.line("l");
  await person.see(/The permissions are right\.[^]*say\s+when they are set/);
  await person.see(/> $/);
  person.line("dome");
  await person.see(/nothing was done/);
  await person.see(/> $/);
  person.line("done");
  expect(await outcome).toBe("done");
  const { deposits } = await table.sealed();
  expect(deposits).toMatchObject([
    { deed: "edited", fingerprint: fingerprint("bitfinex", key.apiKey), proof: { grants: ["orders:read", "orders:write"] } },
  ]);
});

test("a revocation: looked at until the key is dead", async () => {
  const key = await table.key({ orders: "read" });
  const made = table.recorded("maker", key, {}, secret);
  const provider = { urn: "urn:p", type: "pulumi:providers:pulumi-nodejs", inputs: table.config() };
  const { outcome } = await sat(exported(provider, made), { revoke: true });
  await person.see(/q to quit: $/);
  person.line("");
  await person.see(/Label to find it by: {2}maker 0123456789abcdef\n/);
  await person.see(/> $/);
  person.line("l"); // would be the person's word elsewhere: here it is no command
  await person.see(/nothing was done/);
  await person.see(/> $/);
  person.line("done");
  await person.see(/The key labelled "maker 0123456789abcdef" still answers/);
  expect((await table.sealed()).files).toEqual([]);
  await table.revoke(key.id);
  await person.see(/> $/);
  person.line("done");
  expect(await outcome).toBe("done");
  expect((await table.sealed()).deposits).toMatchObject([{ deed: "revoked", fingerprint: fingerprint("bitfinex", key.apiKey) }]);
});

test("a revocation that nobody can look at is taken by the typed word alone", async () => {
  const made = table.recorded("maker", await table.key({ orders: "read" }));
  const provider = { urn: "urn:p", type: "pulumi:providers:pulumi-nodejs", inputs: table.config() };
  const { outcome } = await sat(exported(provider, made), { revoke: true });
  await person.see(/q to quit: $/);
  person.line("");
  for (const nothing of ["l", "p", "", "d", "y", "don"]) {
    await person.see(/> $/);
    person.line(nothing);
  }
  await person.see(/> $/);
  expect((await table.sealed()).files).toEqual([]);
  person.line("done");
  expect(await outcome).toBe("done");
});

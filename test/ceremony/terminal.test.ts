// The ceremony in a terminal against the sandbox: what a person sees there, what is sealed, and that no secret is shown.

import { statementText } from "../../provider/ceremony/statement";
import { fingerprint, Secret } from "../../provider/core/secret";
import { probe } from "../../provider/pulumi/probe";
import { step } from "./documents";
import { createTask, FakeSession } from "./fake";
import { anew, atTerminal, give, leave, making, person, sat, table, THERE } from "./sitting";
import { HERE } from "./table";

atTerminal();

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

test.each([
  ["as the venue's page has it", (key: string, secret: string) => `API key\n${key}\nAPI key secret\n${secret}\n`],
  ["with names before them", (key: string, secret: string) => `API key: ${key}\nAPI key secret: ${secret}`],
])("one paste of both, %s", async (_, text) => {
  const { outcome, label } = await making();
  const key = await table.key({ orders: "read" }, { label });
  person.paste(text(key.apiKey, key.apiSecret));
  person.line("");
  expect(await outcome).toBe("done");
  expect((await table.sealed()).deposits).toMatchObject([{ fingerprint: fingerprint("bitfinex", key.apiKey) }]);
});

test("the venue's page pasted into a terminal without bracketed paste, and a key with its name alone", async () => {
  const { outcome, label } = await making();
  const key = await table.key({ orders: "read" }, { label });
  person.paste(`API key secret: ${key.apiSecret}`);
  person.line("");
  await person.see(/Nobody can tell which/);
  person.type(`API key\rAPI key: ${key.apiKey}\rAPI key secret\r${key.apiSecret}\r`);
  expect(await outcome).toBe("done");
});

test("what can't be done says why: in the list, and when its number is chosen", async () => {
  const reason = "Its IP list is unknown until up.";
  const fake = new FakeSession([
    createTask("unknown", { phase: "blocked", findings: [{ text: reason, wayOut: "Run pulumi up first." }] }),
    createTask("maker"),
  ]);
  const outcome = person.hold(fake);
  await person.see(/make API key "unknown": not here: Its IP list is unknown until up\./);
  await person.see(/q to quit: $/);
  person.line("1");
  await person.see(/! Its IP list is unknown until up\.\n {2}Run pulumi up first\./);
  await person.see(/q to quit: $/);
  person.line("2");
  await person.see(/> $/);
  person.line("1");
  await person.see(/! Its IP list is unknown until up\./);
  await person.see(/> $/);
  person.line("q");
  expect(await outcome).toBe("left");
  expect(fake.calls).toEqual([["begin", "maker"]]);
});

test("a terminal without bracketed paste: both lines at once", async () => {
  const { outcome } = await sat(table.preview([table.create("maker")]));
  const key = await table.key({ orders: "read" }, { label: await person.begin() });
  person.type(`${key.apiKey}\r${key.apiSecret}\r`);
  expect(await outcome).toBe("done");
  expect(person.seen).not.toContain(key.apiKey);
});

test("one toggle too few, and one too many: told by the page's words, looked at again, sealed once they are right", async () => {
  const { outcome } = await making({ permissions: { orders: "read", wallets: "read" } });
  const key = await table.key({ orders: "read-write" });
  await give(key);
  await person.see(/! Orders \(orders\): turn Write off\./);
  await person.see(/! Wallets \(wallets\): turn Read on\./);
  await table.edit(key.id, { permissions: { orders: "read" } });
  person.line("l");
  await person.see(/Looking/);
  await person.see(/! Wallets \(wallets\): turn Read on\./);
  await person.see(/> $/);
  person.line("?");
  await person.see(/! Wallets +wallets +ON +off +<- turn Read ON\n/);
  expect((await table.sealed()).files).toEqual([]);
  await table.edit(key.id, { permissions: { orders: "read", wallets: "read" } });
  person.line("l");
  expect(await outcome).toBe("done");
});

test("a wrong secret, then the right one", async () => {
  const { outcome } = await making();
  const key = await table.key({ orders: "read" });
  await give({ ...key, apiSecret: "sandbox-mistyped" });
  await person.see(/the secret is wrong/);
  await give(key);
  expect(await outcome).toBe("done");
  expect(person.seen).not.toContain("sandbox-mistyped");
});

test.each([
  ["key and secret swapped", (key: { apiKey: string; apiSecret: string }) => [key.apiSecret, key.apiKey], /Are key and secret\s+swapped/],
  ["the same twice", (key: { apiKey: string; apiSecret: string }) => [key.apiKey, key.apiKey], /Both fields hold the same text/],
])("%s: nothing is sealed", async (_, given, words) => {
  const { outcome } = await making();
  const [apiKey = "", apiSecret = ""] = given(await table.key({ orders: "read" }));
  await give({ apiKey, apiSecret });
  await person.see(words);
  await leave(outcome);
});

test("an empty secret is asked for again", async () => {
  const { outcome } = await making();
  person.line((await table.key({ orders: "read" })).apiKey);
  await person.see(/API secret/);
  person.line("");
  await person.see(/Both are needed/);
  await leave(outcome);
});

test("another account's key, thrown away and followed until it is dead; the right one is pasted then", async () => {
  const { outcome, label } = await making();
  const other = await table.bed.control.post<{ id: number }>("/venues/bitfinex/accounts", {});
  const key = await table.key({ orders: "read", account: "read" }, { accountId: other.id });
  await give(key);
  await person.see(new RegExp(`! This key belongs to account ${other.id}; it is declared for account 123456`));
  await person.see(/> $/);
  person.line("d");
  await person.see(new RegExp(`Revoke the key that begins with ${key.apiKey.slice(0, 9)}`));
  await person.see(/> $/);
  const from = person.seen.length;
  person.line("?");
  await person.see(/To be revoked: the key that begins with sandbox-/);
  await person.see(/> $/);
  expect(person.seen.slice(from)).not.toContain(label); // that key may be a good one
  person.line("l");
  await person.see(/still answers/);
  await person.see(/> $/);
  // A key that is being thrown away can't be given again.
  person.line(key.apiKey);
  await person.see(/neither a command nor a key/);
  await table.revoke(key.id);
  person.line("l");
  await person.see(/That key is dead/);
  await give(await table.key({ orders: "read" }, { label }));
  expect(await outcome).toBe("done");
});

test("a key that another resource manages, and the account's own", async () => {
  const key = await table.key({ orders: "read" });
  const same = step("same", table.recorded("taker", key), table.recorded("taker", key));
  const { outcome } = await sat(table.preview([same, table.create("maker")]));
  await person.begin();
  await give(key);
  await person.see(/This key is in use: the resource "taker" has it/);
  await give(table.bed.account);
  await person.see(/This key is in use: the account "main" in the configuration has it/);
  await leave(outcome);
});

test.each(["apikey-invalid", "own-error"])("refused here, as its list says: sealed with a probe's statement (%s)", async (ipRefusal) => {
  await table.bed.switches({ ipRefusal });
  const { outcome } = await making({ allowedIps: { [THERE]: "gateway" } });
  const key = await table.key({ orders: "read" }, { allowedIps: [THERE] });
  await give(key);
  await person.see(/203\.0\.113\.11 \(gateway\)\nrun:\n {2}npx exchange-keys probe --venue bitfinex --environment sandbox .*--prompt\n/);
  await person.see(/> $/);
  const of = { venue: "bitfinex", environment: "sandbox", address: table.address, env: {}, clock: Date.now };
  const credential = { kind: "api-key", apiKey: key.apiKey, apiSecret: new Secret(key.apiSecret) } as const;
  person.line("p");
  await person.see(/statement.*: $/);
  person.line("not a statement");
  await person.see(/This isn't a probe's statement/);
  await person.see(/> $/);
  // What was seen from here proves nothing of it.
  person.line("p");
  await person.see(/statement.*: $/);
  person.paste(statementText(await probe({ ...of, credential })));
  person.line("");
  await person.see(/The venue refuses this key at 203\.0\.113\.10/);
  await person.see(/> $/);
  person.line("p");
  await person.see(/statement.*: $/);
  person.paste(statementText(await probe({ ...of, credential, sourceAddress: "127.0.0.2" })));
  person.line("");
  expect(await outcome).toBe("done");
  const { deposits } = await table.sealed();
  expect(deposits).toMatchObject([{ deed: "issued", proof: { address: THERE, grants: ["orders:read"] } }]);
});

test("a key that works from an address that its list excludes", async () => {
  const { outcome } = await making({ allowedIps: { [THERE]: "gateway" } });
  await give(await table.key({ orders: "read" }));
  await person.see(/The key works from 203\.0\.113\.10, which isn't on its list/);
  await leave(outcome);
});

test("left between the click and the proof, then again: the label stands, the key is taken", async () => {
  const first = await making();
  const key = await table.key({ orders: "read" }, { label: first.label });
  person.type("\x03");
  expect(await first.outcome).toBe("interrupted");
  anew();
  const { outcome, label } = await making();
  expect(label).toBe(first.label);
  expect(person.seen).toContain("A key labelled so may exist already");
  expect(person.seen).toMatch(/a key\s+with it may exist/);
  await give(key);
  expect(await outcome).toBe("done");
});

test("what was sealed before is done; numbers and n go from task to task", async () => {
  const names = ["east", "north", "west"].map((name) => table.create(name));
  const { outcome } = await sat(table.preview(names));
  await person.see(/q to quit: $/);
  person.line("7");
  await person.see(/none of the numbers/);
  await person.see(/q to quit: $/);
  person.line("2");
  await person.see(/2 of 3: make API key "north"/);
  await give(await table.key({ orders: "read" }));
  await person.see(/Done: API key "north"\./);
  await person.see(/3 of 3: make API key "west"/);
  await person.see(/> $/);
  person.line("n");
  await person.see(/1 of 3: make API key "east"/);
  await person.see(/> $/);
  person.line("3");
  await person.see(/3 of 3/);
  await person.see(/> $/);
  person.type("\x04");
  expect(await outcome).toBe("left");
  anew();
  const again = await sat(table.preview(names));
  await person.see(/1 of 3 done/);
  expect(again.sitting.session.tasks().map(({ phase }) => phase)).toEqual(["todo", "done", "todo"]);
  person.type("\x03");
  expect(await again.outcome).toBe("interrupted");
});

test("a name with escape sequences steers no terminal", async () => {
  await sat(table.preview([table.create("evil\x1b[2J\u202e", { allowedIps: { [HERE]: "\x1b]0;title\x07" } })]));
  await person.begin();
  expect(person.seen).not.toMatch(/[\x1b\x07\u202e]/);
  expect(person.seen).toContain('"evil?[2J?"');
  person.type("\x03");
});

test("a paste where a command is asked for is never shown", async () => {
  const { outcome } = await sat(table.preview([table.create("maker")]));
  await person.see(/q to quit: $/);
  person.paste("sandbox-pasted-too-early");
  person.line("");
  await person.see(/none of the numbers/);
  person.type("sandbox-typed-by-a-terminal-without-bracketed-paste\r");
  await person.see(/none of the numbers/);
  expect(person.seen).not.toMatch(/sandbox-(pasted|typed)/);
  person.type("\x03");
  expect(await outcome).toBe("interrupted");
});

// What each value of the console's switches comes to, as a person sees it: cases for switches.test.ts. Apart, because
// they take a browser and not only requests.

import { linksOf, problemOf, ticked, type Filled } from "./browser";
import type { Bed } from "./caller";
import { somebody, type Person } from "./person";
import type { SwitchCase } from "./switching";

/** A switch at a value, what is looked at, and what is seen then. */

/** A new person with an account of their own, signed in. */
async function inside(bed: Bed, account?: Record<string, unknown>): Promise<Person> {
  const person = await somebody(bed, account);
  await person.signIn();
  return person;
}

/** The boxes of Withdrawals, and the key that comes of ticking both. */
async function withdrawals(bed: Bed): Promise<unknown> {
  const person = await inside(bed);
  const boxes = (await person.browser.open("/console/api")).text.match(/Withdrawals: (Read|Write)/g);
  return [boxes, await bed.rows(await person.make({ read: ["withdraw"], write: ["withdraw"] }))];
}

const preset = async (bed: Bed): Promise<unknown> => ticked(await (await inside(bed)).browser.open("/console/api"), "/console/api");

const beyondTheGrid = async (bed: Bed): Promise<unknown> => bed.rows(await (await inside(bed)).make({ read: ["account"], write: null }));

async function writesAlone(bed: Bed): Promise<unknown> {
  const person = await inside(bed);
  const page = await person.generate({ read: ["account"], write: ["orders", "withdraw"] });
  return problemOf(page) ?? bed.rows(await person.make({ read: ["account"], write: ["orders", "withdraw"] }));
}

async function nothing(bed: Bed): Promise<unknown> {
  const person = await inside(bed);
  const page = await person.generate({ read: null, write: null });
  return problemOf(page) ?? bed.rows(await person.make({ read: null, write: null }));
}

/** What becomes of each kind of entry; a range must also bar and let in. */
async function ipFormats(bed: Bed): Promise<unknown> {
  const person = await inside(bed);
  const said: unknown[] = [];
  for (const ips of ["203.0.113.10", "2001:db8::1", "203.0.113.8/30", "203.0.113.0/33", "203.0.113.0/2/2"])
    said.push(problemOf(await person.generate({ ips })) ?? "taken");
  if (said[2] !== "taken") return said;
  const key = await person.make({ ips: "2001:db8::/32, 203.0.113.8/30", read: ["account"] });
  for (const from of ["127.0.0.1", "127.0.0.2", "127.0.0.3"]) said.push((await bed.key("auth/r/permissions", {}, { key, from })).status);
  return said;
}

/** The label that a key has when so many letters were typed, or what is said. */
async function labels(bed: Bed, ...lengths: number[]): Promise<unknown> {
  const person = await inside(bed);
  const said: unknown[] = [];
  for (const length of lengths) {
    const filled: Filled = { label: "x".repeat(length) };
    const page = await person.generate(filled);
    said.push(problemOf(page) ?? /<dt>Label<\/dt>\s*<dd>(x+)<\/dd>/.exec(page.text)?.[1]?.length);
  }
  return said;
}

async function sameLabelTwice(bed: Bed): Promise<unknown> {
  const person = await inside(bed);
  await person.make({ label: "bot" });
  const key = await person.make({ label: "other" });
  const id = await person.idOf(key);
  const said = [problemOf(await person.generate({ label: "bot" }))];
  await person.browser.open(`/console/api/keys/${id}/edit`);
  said.push(problemOf(await person.browser.submit(`/console/api/keys/${id}/edit`, { label: "bot" })));
  await person.browser.open(`/console/api/keys/${id}/edit`);
  said.push(problemOf(await person.browser.submit(`/console/api/keys/${id}/edit`, { label: "other" })));
  return said;
}

async function codeTwice(bed: Bed): Promise<unknown> {
  const person = await inside(bed);
  await person.generate();
  const code = await person.code();
  await person.browser.submit("/console/api/code", { code });
  await person.generate();
  return problemOf(await person.browser.submit("/console/api/code", { code })) ?? person.browser.page?.at;
}

async function without2fa(bed: Bed): Promise<unknown> {
  const person = await inside(bed, {});
  const page = await person.generate();
  return [page.status, page.at, linksOf(await person.browser.open("/console/outbox")).length > 0 && page.status === 200];
}

/** Whether a link can still be opened after so long. */
async function late(bed: Bed, ...after: string[]): Promise<unknown> {
  const statuses: number[] = [];
  for (const advance of after) {
    const person = await inside(bed);
    const link = await person.ask();
    await bed.control.post("/clock", { advance });
    statuses.push((await person.browser.open(link)).status);
  }
  return statuses;
}

/** A key after an edit that changes all of it, as far as a form of ours would be believed. */
async function edited(bed: Bed): Promise<unknown> {
  const person = await inside(bed);
  const id = await person.idOf(await person.make({ read: ["orders"], write: null, ips: "203.0.113.10", label: "first" }));
  const action = `/console/api/keys/${id}/edit`;
  const { text } = await person.browser.open(action);
  await person.browser.submit(action, { read: ["wallets"], write: null, ips: "203.0.113.11", label: "second" });
  await person.prove();
  const keys = await bed.control.get<Record<string, unknown>[]>("/venues/bitfinex/keys");
  const { permissions, allowedIps, label } = keys.find((key) => key["id"] === id)!;
  return [(text.match(/ readonly/g) ?? []).length, permissions, allowedIps, label];
}

/** Where a person is after sending the page's form, without any code. */
async function afterSending(bed: Bed, verb: "edit" | "revoke"): Promise<unknown> {
  const person = await inside(bed);
  const key = await person.make({ label: "first" });
  const action = `/console/api/keys/${await person.idOf(key)}/${verb}`;
  await person.browser.open(action);
  const { at } = await person.browser.submit(action, verb === "edit" ? { label: "second" } : {});
  const { text } = await person.browser.open("/console/api/keys");
  return [at, verb === "edit" ? text.includes("second") : !text.includes(key.apiKey)];
}

const reads = ["account", "history", "orders", "positions", "funding", "wallets", "bfxpay"].map((scope) => `${scope}:read`);
const rowless = (access: string) =>
  Object.fromEntries(
    ["settings", "ui_withdraw", "eaas_agreement", "eaas_withdraw", "eaas_deposit", "eaas_brokerage"].map((scope) => [scope, access]),
  );
const noIps = (why: string, from: number) =>
  ["203.0.113.10", "2001:db8::1", "203.0.113.8/30", "203.0.113.0/33", "203.0.113.0/2/2"].slice(from).map((ip) => `“${ip}” is ${why}.`);

/** The cases; `the` is asked for the sandbox when a case runs. */
export function consoleCases(the: () => Bed): SwitchCase[] {
  const on = (observe: (bed: Bed) => Promise<unknown>) => () => observe(the());
  return [
    ["withdrawRow", "write-only", on(withdrawals), [["Withdrawals: Write"], { withdraw: "w" }]],
    ["withdrawRow", "both", on(withdrawals), [["Withdrawals: Read", "Withdrawals: Write"], { withdraw: "rw" }]],
    ["newKeyDefaults", "reads-and-orders", on(preset), [...reads.slice(0, 3), "orders:write", ...reads.slice(3)]],
    ["newKeyDefaults", "reads", on(preset), reads],
    ["newKeyDefaults", "none", on(preset), []],
    ["writeAlone", "as-ticked", on(writesAlone), { account: "r", orders: "w", withdraw: "w" }],
    ["writeAlone", "adds-read", on(writesAlone), { account: "r", orders: "rw", withdraw: "w" }],
    ["writeAlone", "refused", on(writesAlone), "Orders: Write needs Read."],
    ["emptyGrid", "accepted", on(nothing), {}],
    ["emptyGrid", "refused", on(nothing), "Choose a permission."],
    ["rowlessScopes", "off", on(beyondTheGrid), { account: "r" }],
    ["rowlessScopes", "read", on(beyondTheGrid), { account: "r", ...rowless("r") }],
    ["rowlessScopes", "write", on(beyondTheGrid), { account: "r", ...rowless("rw") }],
    ["keyIpFormats", "addresses", on(ipFormats), ["taken", "taken", ...noIps("no IP address", 2)]],
    [
      "keyIpFormats",
      "addresses-and-ranges",
      on(ipFormats),
      ["taken", "taken", "taken", ...noIps("no IP address and no range", 3), 200, 200, 500],
    ],
    ["keyIpFormats", "ipv4", on(ipFormats), ["taken", ...noIps("no IPv4 address", 1)]],
    ["labelMax", 32, () => labels(the(), 32, 33), [32, 32]],
    ["labelMax", 64, () => labels(the(), 33, 64, 65), [33, 64, 64]],
    ["labelMax", 0, () => labels(the(), 500), [500]],
    ["labelTooLong", "cut", () => labels(the(), 33), [32]],
    ["labelTooLong", "refused", () => labels(the(), 32, 33), [32, "A label has up to 32 characters."]],
    ["labelsUnique", false, on(sameLabelTwice), [undefined, undefined, undefined]],
    ["labelsUnique", true, on(sameLabelTwice), ["Another key has this label.", "Another key has this label.", undefined]],
    ["totpTwice", false, on(codeTwice), "This code has been used. Wait for the next one."],
    ["totpTwice", true, on(codeTwice), "/console/api/sent"],
    ["keysWithout2fa", "refused", on(without2fa), [403, "/console/api", false]],
    ["keysWithout2fa", "by-mail-alone", on(without2fa), [200, "/console/api/sent", true]],
    ["confirmMinutes", 10, () => late(the(), "9m", "11m"), [200, 403]],
    ["confirmMinutes", 60, () => late(the(), "11m", "61m"), [200, 403]],
    ["confirmMinutes", 0, () => late(the(), "61m", "23h"), [200, 200]],
    ["editable", "all", on(edited), [0, { wallets: "read" }, ["203.0.113.11"], "second"]],
    ["editable", "permissions-and-ips", on(edited), [1, { wallets: "read" }, ["203.0.113.11"], "first"]],
    ["editable", "permissions", on(edited), [2, { wallets: "read" }, ["203.0.113.10"], "first"]],
    ["editTakes2fa", true, () => afterSending(the(), "edit"), ["/console/api/code", false]],
    ["editTakes2fa", false, () => afterSending(the(), "edit"), ["/console/api/keys?done=edit", true]],
    ["revokeTakes2fa", true, () => afterSending(the(), "revoke"), ["/console/api/code", false]],
    ["revokeTakes2fa", false, () => afterSending(the(), "revoke"), ["/console/api/keys?done=revoke", true]],
  ];
}

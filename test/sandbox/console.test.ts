// The console as a person meets it: signing in, making a key by grid, code and mail, using it, editing and revoking it;
// and what the API's histories say of it.

import { Bed } from "./caller";
import { Browser, authenticator, formOf, linksOf, problemOf, textOf, ticked } from "./browser";
import { Person, somebody } from "./person";

let bed: Bed;
beforeEach(async () => {
  bed = await Bed.open();
});
afterEach(() => bed.close());

const PERMITTED = "auth/r/permissions";
const KEYS = "/console/api/keys";

test("a key is made, used, edited and revoked", async () => {
  const person = new Person(bed);
  const { browser } = person;
  expect((await browser.open("/console")).at).toBe("/console/sign-in");
  expect((await person.signIn()).at).toBe("/console/api");

  const key = await person.make({ read: ["account", "wallets"], write: ["orders"], ips: "203.0.113.10,\n203.0.113.12", label: "bot" });
  expect(key.apiKey).toMatch(/^sandbox-[\w-]{43}$/);
  expect(key.apiSecret).toMatch(/^sandbox-[\w-]{43}$/);
  const rows = (await bed.key(PERMITTED, {}, { key })).json as unknown[][];
  expect(rows.filter(([, r, w]) => r === 1 || w === 1)).toEqual([
    ["account", 1, 0],
    ["orders", 0, 1],
    ["wallets", 1, 0],
  ]);
  expect((await bed.key(PERMITTED, {}, { key, from: "127.0.0.3" })).status).toBe(200);
  expect((await bed.key(PERMITTED, {}, { key, from: "127.0.0.2" })).json).toEqual(["error", 10100, "apikey: invalid"]);

  const id = await person.idOf(key);
  expect(browser.page?.text).not.toContain(key.apiSecret);
  await browser.open(`${KEYS}/${id}/edit`);
  expect(ticked(browser.page!, `${KEYS}/${id}/edit`)).toEqual(["account:read", "orders:write", "wallets:read"]);
  expect(formOf(browser.page!.text, `${KEYS}/${id}/edit`).get("ips")).toBe("203.0.113.10\n203.0.113.12");
  await browser.submit(`${KEYS}/${id}/edit`, { read: ["account"], write: null, ips: "203.0.113.11" });
  expect((await bed.key("auth/r/wallets", {}, { key })).status).toBe(200);
  expect((await person.prove()).text).toContain("The key has been changed.");
  expect((await bed.key(PERMITTED, {}, { key })).json).toEqual(["error", 10100, "apikey: invalid"]);
  expect((await bed.key("auth/r/wallets", {}, { key, from: "127.0.0.2" })).json).toEqual(["error", 10001, "api_key: permission invalid"]);

  await browser.open(`${KEYS}/${id}/revoke`);
  await browser.submit(`${KEYS}/${id}/revoke`);
  expect((await bed.key(PERMITTED, {}, { key, from: "127.0.0.2" })).status).toBe(200);
  expect((await person.prove()).text).toContain("The key has been revoked.");
  expect((await bed.key(PERMITTED, {}, { key, from: "127.0.0.2" })).json).toEqual(["error", 10100, "apikey: invalid"]);
  expect((await browser.open(KEYS)).text).not.toContain(key.apiKey);
  expect((await browser.open(`${KEYS}/${id}/edit`)).status).toBe(404);

  await browser.submit("/console/sign-out");
  expect((await browser.open(KEYS)).at).toBe("/console/sign-in");
});

test("several keys, each its own, the latest first", async () => {
  const person = await somebody(bed);
  await person.signIn();
  const keys = [await person.make({ label: "one" }), await person.make({ label: "two" })];
  for (const key of keys) expect((await bed.key(PERMITTED, {}, { key })).status).toBe(200);
  const { text } = await person.browser.open(KEYS);
  expect([...text.matchAll(/<h2 id="name-\d+">([^<]*)</g)].map(([, label]) => label)).toEqual(["two", "one"]);
});

test("a sign-in is in the login history, a creation in the change log, with address and browser", async () => {
  const person = new Person(bed, undefined, "127.0.0.5");
  await person.signIn();
  const logins = (await bed.key("auth/r/logins/hist")).json as unknown[][];
  expect(logins).toHaveLength(2);
  expect([logins[0]?.[4], logins[0]?.[7]]).toEqual(["203.0.113.14", expect.stringContaining("Mozilla/5.0 (test)")]);
  await person.make();
  const audit = (await bed.key("auth/r/audit/hist")).json as unknown[][];
  expect(audit).toHaveLength(2);
  expect(audit[0]?.slice(2)).toEqual(["settings: api key created", null, null, "203.0.113.14", "Mozilla/5.0 (test)"]);
});

test.each([
  ["the e-mail", { email: "nobody@example.com" }],
  ["the password", { password: "sandbox-wrong" }],
  ["both", { email: "", password: "" }],
])("a sign-in with %s wrong is refused, without a word which", async (_what, wrong) => {
  const browser = new Browser(bed.url);
  const { email, password } = bed.sandbox.venues.bitfinex.login;
  await browser.open("/console");
  const page = await browser.submit("/console/sign-in", { email, password, ...wrong });
  expect([page.status, problemOf(page)]).toEqual([422, "E-mail or password is wrong."]);
  expect(page.text).not.toContain(password);
  expect((await browser.open("/console/sign-in/code")).at).toBe("/console/sign-in");
  expect((await bed.key("auth/r/logins/hist")).json).toHaveLength(1);
});

test("a wrong, an old and a spent code are refused; the password alone opens nothing", async () => {
  const person = new Person(bed);
  const { browser, login } = person;
  await browser.open("/console");
  await browser.submit("/console/sign-in", { email: login.email, password: login.password });
  expect((await browser.open("/console/api")).at).toBe("/console/sign-in");
  const type = async (code: string) => {
    await browser.open("/console/sign-in/code");
    return problemOf(await browser.submit("/console/sign-in/code", { code }));
  };
  const now = Date.parse((await bed.control.get<{ now: string }>("/clock")).now);
  const right = authenticator(login.totpSecret, now);
  expect(await type(right === "000000" ? "000001" : "000000")).toBe("The code is wrong, or it has ended.");
  expect(await type(authenticator(login.totpSecret, now - 90_000))).toBe("The code is wrong, or it has ended.");
  expect(await type(" ")).toBe("The code is wrong, or it has ended.");
  expect((await bed.key("auth/r/logins/hist")).json).toHaveLength(1);
  expect(await type(right)).toBeUndefined();
  expect(browser.page?.at).toBe("/console/api");

  await person.generate();
  expect(problemOf(await browser.submit("/console/api/code", { code: right }))).toBe("This code has been used. Wait for the next one.");
  expect(linksOf(await browser.open("/console/outbox"))).toEqual([]);
});

test("the codes go by the sandbox's clock", async () => {
  await bed.control.post("/clock", { set: "2031-01-01T00:00:00Z" });
  expect((await new Person(bed).signIn()).at).toBe("/console/api");
});

test("the authenticator page shows the code to whoever has the secret", async () => {
  const browser = new Browser(bed.url);
  const { totpSecret } = bed.sandbox.venues.bitfinex.login;
  await bed.control.post("/clock", { set: "2031-01-01T00:00:00Z" });
  await browser.open("/console/authenticator");
  const page = await browser.submit("/console/authenticator", { secret: totpSecret });
  expect(textOf(page, "totp")).toBe(authenticator(totpSecret, Date.parse("2031-01-01T00:00:00Z")));
  expect(page.text).not.toContain(totpSecret);
  const wrong = await browser.submit("/console/authenticator", { secret: "1890!" });
  expect([wrong.status, problemOf(wrong)]).toEqual([422, expect.stringContaining("no TOTP secret")]);
});

test("more than 20 addresses, or what is none, is refused and nothing typed is lost", async () => {
  const person = new Person(bed);
  await person.signIn();
  const many = Array.from({ length: 21 }, (_, n) => `203.0.113.${n}`).join("\n");
  const page = await person.generate({ ips: many, label: 'a "label" <b>', read: ["orders"], write: ["withdraw"] });
  expect([page.status, problemOf(page)]).toEqual([422, "There are 21 IP addresses; a key takes up to 20."]);
  expect(page.text).not.toContain("<b>");
  const form = formOf(page.text, "/console/api");
  expect([form.get("ips"), form.get("label")]).toEqual([many, 'a "label" <b>']);
  expect(ticked(page, "/console/api")).toEqual(["orders:read", "withdraw:write"]);
  const other = await person.browser.submit("/console/api", { ips: "203.0.113.1 <i>" });
  expect(problemOf(other)).toBe("“<i>” is no IP address.");
  expect((await person.browser.submit("/console/api", { ips: many.split("\n").slice(1).join(", ") })).at).toBe("/console/api/code");
});

test("the link is of one browser session, and is used once; the secret is shown once", async () => {
  const person = new Person(bed);
  await person.signIn();
  const link = await person.ask();
  const SAME = expect.stringContaining("same browser session");

  const stranger = new Browser(bed.url);
  expect(problemOf(await stranger.open(link))).toEqual(SAME);
  const elsewhere = new Person(bed);
  await elsewhere.signIn();
  const refused = await elsewhere.browser.open(link);
  expect([refused.status, problemOf(refused)]).toEqual([403, SAME]);
  expect(refused.text).not.toContain("Create API Key</button>");
  expect((await person.browser.open(link.slice(0, -1))).status).toBe(403);
  expect(await bed.control.get("/venues/bitfinex/keys")).toHaveLength(1);

  await person.browser.open(link);
  const shown = person.browser.page;
  const made = await person.browser.submit("/console/api/confirm");
  const secret = textOf(made, "api-secret")!;
  expect(secret).toMatch(/^sandbox-/);
  person.browser.page = shown;
  const again = await person.browser.submit("/console/api/confirm");
  expect([again.status, problemOf(again)]).toEqual([403, expect.stringContaining("This link has been used.")]);
  const pages = [again];
  for (const path of [link, "/console/api/confirm", "/console/api", KEYS, "/console/outbox", "/console/api/sent"])
    pages.push(await person.browser.open(path));
  for (const { text } of pages) expect(text).not.toContain(secret);
  expect(await bed.control.get("/venues/bitfinex/keys")).toHaveLength(2);
});

test("a link dies with the session that asked for it", async () => {
  const person = new Person(bed);
  await person.signIn();
  const link = await person.ask();
  await person.browser.submit("/console/sign-out");
  await person.signIn();
  expect(problemOf(await person.browser.open(link))).toContain("same browser session");
});

test("two pages at once: a code proves what its own page showed", async () => {
  const person = new Person(bed);
  await person.signIn();
  await person.generate({ label: "first" });
  const first = person.browser.page;
  await person.generate({ label: "second" });
  person.browser.page = first;
  expect((await person.prove()).status).toBe(409);
  expect(linksOf(await person.browser.open("/console/outbox"))).toEqual([]);
});

test("a code page that is sent twice sends one mail", async () => {
  const person = new Person(bed);
  await person.signIn();
  await person.generate();
  const { page } = person.browser;
  await person.prove();
  person.browser.page = page;
  expect((await person.prove()).status).toBe(409);
  expect(linksOf(await person.browser.open("/console/outbox"))).toHaveLength(1);
});

test("accounts and sub-accounts have their own sign-in, keys and mails; another's key is out of reach", async () => {
  const sub = await somebody(bed, { masterAccountId: 123456, twoFactorModes: ["otp"], email: "sub@example.com" });
  await sub.signIn();
  const key = await sub.make({ read: ["account"], write: null });
  const info = (await bed.key("auth/r/info/user", {}, { key })).json as unknown[];
  expect([info[1], info[16]]).toEqual(["sub@example.com", 123456]);
  const id = await sub.idOf(key);

  const master = new Person(bed);
  await master.signIn();
  expect((await master.browser.open(KEYS)).text).not.toContain(key.apiKey);
  for (const verb of ["edit", "revoke"]) expect((await master.browser.open(`${KEYS}/${id}/${verb}`)).status).toBe(404);
});

test("an account whose second factor is a security key can't sign in here; one without any needs no code", async () => {
  const device = await somebody(bed, { twoFactorModes: ["u2f"] });
  expect(problemOf(await device.signIn())).toContain("a security key");
  const plain = await somebody(bed, {});
  expect((await plain.signIn()).at).toBe("/console/api");
});

test("an account's sign-in is shown when it is made or when asked for, and never else", async () => {
  const { login } = await somebody(bed);
  expect(login.password).toMatch(/^sandbox-/);
  const plain = JSON.stringify(await bed.control.get("/venues/bitfinex/accounts"));
  for (const secret of [login.password, login.totpSecret]) expect(plain).not.toContain(secret);
  expect(await bed.control.get("/venues/bitfinex/accounts?secrets=true")).toContainEqual(expect.objectContaining(login));
  await expect(bed.control.post("/venues/bitfinex/accounts", { email: login.email.toUpperCase() })).rejects.toThrow(/^POST .*email: /);
});

test("edits and revocations are in the change log where the switch says so", async () => {
  await bed.switches({ auditTexts: "guessed" });
  const person = new Person(bed, undefined, "127.0.0.5");
  await person.signIn();
  const id = await person.idOf(await person.make());
  for (const verb of ["edit", "revoke"]) {
    await person.browser.open(`${KEYS}/${id}/${verb}`);
    await person.browser.submit(`${KEYS}/${id}/${verb}`);
    await person.prove();
  }
  const audit = (await bed.key("auth/r/audit/hist")).json as unknown[][];
  expect(audit.slice(0, 2).map((row) => [row[2], row[5]])).toEqual([
    ["settings: api key revoked", "203.0.113.14"],
    ["settings: api key edited", "203.0.113.14"],
  ]);
});

test("during maintenance the pages say so", async () => {
  await bed.control.put("/venues/bitfinex/maintenance", { on: true });
  const page = await new Browser(bed.url).open("/console/sign-in");
  expect([page.status, page.text]).toEqual([503, expect.stringContaining("in maintenance")]);
});

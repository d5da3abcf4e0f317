// What the console refuses, and what it keeps to itself: foreign sites and names, forged forms, the headers of every page,
// the request log, faults.

import { Bed, type Credentials } from "./caller";
import { Browser, formOf, linksOf, problemOf } from "./browser";
import { Person } from "./person";

let bed: Bed;
beforeEach(async () => {
  bed = await Bed.open();
});
afterEach(() => bed.close());

const FORM = "form_token";

/** The sign-in form, rightly filled in and ready to be sent. */
async function readyToSignIn(): Promise<{ browser: Browser; body: URLSearchParams }> {
  const browser = new Browser(bed.url);
  const body = formOf((await browser.open("/console/sign-in")).text, "/console/sign-in");
  const { email, password } = bed.sandbox.venues.bitfinex.login;
  body.set("email", email);
  body.set("password", password);
  return { browser, body };
}

test.each([
  ["another origin", { origin: "http://evil.example" }, 403],
  ["a page of another port", { origin: "http://127.0.0.1:1" }, 403],
  ["no origin that may be told", { origin: "null" }, 403],
  ["another site, by the browser's word", { "sec-fetch-site": "same-site" }, 403],
  ["another name", { host: "evil.example" }, 403],
  ["a name that only begins well", { host: "127.0.0.1.evil.example" }, 403],
  ["no form", { "content-type": "application/json" }, 415],
  ["the same page", { "sec-fetch-site": "same-origin" }, 303],
])("a form from %s", async (_what, headers, status) => {
  const { browser, body } = await readyToSignIn();
  const answer = await browser.send("POST", "/console/sign-in", body.toString(), headers);
  expect([answer.status, answer.headers.location]).toEqual([status, status === 303 ? "/console/sign-in/code" : undefined]);
});

test("a foreign name gets no page, even for reading", async () => {
  const person = new Person(bed);
  await person.signIn();
  for (const path of ["/console/api/keys", "/console/outbox"]) {
    const answer = await person.browser.send("GET", path, undefined, { host: "evil.example" });
    expect([answer.status, problemOf(answer)]).toEqual([403, "This console answers at 127.0.0.1 and localhost alone."]);
  }
  const { port } = new URL(bed.url);
  expect((await person.browser.send("GET", "/console/api/keys", undefined, { host: `localhost:${port}` })).status).toBe(200);
});

test.each([
  ["missing", () => null],
  ["wrong", () => "x"],
  ["of another form", (text: string) => formOf(text, "/console/sign-out").get(FORM)],
])("a form whose token is %s does nothing", async (_what, token) => {
  const person = new Person(bed);
  await person.signIn();
  const page = await person.browser.open("/console/api");
  const refused = await person.browser.submit("/console/api", { [FORM]: token(page.text) });
  expect([refused.status, problemOf(refused)]).toEqual([403, expect.stringContaining("isn't of this browser session")]);
  expect((await person.browser.open("/console/api/code")).at).toBe("/console/api");
});

test("a form's token is worth nothing in another session", async () => {
  const [one, other] = [new Person(bed), new Person(bed)];
  await one.signIn();
  await other.signIn();
  const stolen = formOf(one.browser.page!.text, "/console/api").get(FORM);
  expect((await other.browser.submit("/console/api", { [FORM]: stolen })).status).toBe(403);
});

test("the session's id is new after the password, and new again after the code", async () => {
  const person = new Person(bed);
  const seen = new Set<string>();
  const see = () => [...person.browser.cookies.values()].forEach((value) => seen.add(value));
  await person.browser.open("/console");
  see();
  await person.browser.submit("/console/sign-in", { email: person.login.email, password: person.login.password });
  see();
  await person.browser.submit("/console/sign-in/code", { code: await person.code() });
  see();
  expect(seen.size).toBe(3);
  for (const id of [...seen].slice(0, 2)) {
    const thief = new Browser(bed.url);
    thief.cookies.set([...person.browser.cookies.keys()][0]!, id);
    for (const path of ["/console/api", "/console/sign-in/code"]) expect((await thief.open(path)).at).toBe("/console/sign-in");
  }
});

test("a session ends with time", async () => {
  const person = new Person(bed);
  await person.signIn();
  await bed.control.post("/clock", { advance: "23h" });
  expect((await person.browser.open("/console/api")).at).toBe("/console/api");
  await bed.control.post("/clock", { advance: "1h" });
  expect((await person.browser.open("/console/api")).at).toBe("/console/sign-in");
});

test("the cookie is for this console alone, and no script's", async () => {
  const answer = await new Browser(bed.url).send("GET", "/console/sign-in");
  expect(answer.headers["set-cookie"]).toEqual([
    expect.stringMatching(new RegExp(`^sandbox_bitfinex_${new URL(bed.url).port}=[\\w-]{43}; Path=/console; HttpOnly; SameSite=Strict$`)),
  ]);
});

test("every page says that it is a sandbox, keeps to itself and has no script", async () => {
  const person = new Person(bed);
  await person.signIn();
  const link = await person.ask();
  const paths = ["/console/sign-in", "/console/api", "/console/api/keys", "/console/api/keys/2/edit", "/console/api/keys/2/revoke"];
  paths.push("/console/api/sent", "/console/outbox", "/console/authenticator", "/console/nowhere", link, "/console/api/confirm");
  for (const path of paths) {
    const { text, headers } = await person.browser.open(path);
    expect(text).toMatch(/<strong>Sandbox – not Bitfinex\.<\/strong>/);
    expect(text).toMatch(/<html lang="en">[\s\S]*<title>[^<]+ · Sandbox, not Bitfinex<\/title>[\s\S]*<h1>/);
    expect(text).not.toMatch(/<script|<img|style="|https?:\/\/(?!127\.0\.0\.1)/);
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "content-security-policy":
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
    });
  }
  for (const path of ["/console/style.css", "/console/icon.svg"]) expect((await person.browser.send("GET", path)).status).toBe(200);
});

test.each([
  "/console/api",
  "/console/api/keys",
  "/console/api/code",
  "/console/api/sent",
  "/console/api/keys/2/edit",
  "/console/api/keys/2/revoke",
])("%s needs a sign-in", async (path) => {
  expect((await new Browser(bed.url).open(path)).at).toBe("/console/sign-in");
});

test("other methods and paths", async () => {
  const browser = new Browser(bed.url);
  expect((await browser.send("DELETE", "/console/api")).status).toBe(405);
  expect((await browser.send("GET", "/console/sign-out")).status).toBe(405);
  expect((await browser.send("GET", "/console/toString")).status).toBe(404);
  expect((await browser.send("GET", "/consolation")).headers["content-type"]).toContain("json");
  expect((await browser.send("HEAD", "/console/sign-in")).status).toBe(200);
});

test("the log has the requests and none of their secrets", async () => {
  const person = new Person(bed);
  await person.signIn();
  const link = await person.ask();
  await person.browser.open(link);
  const key: Credentials = await person.make();
  const { requests } = await bed.control.get<{ requests: Record<string, unknown>[] }>("/requests?venue=bitfinex");
  const text = JSON.stringify(requests);
  const { password, totpSecret } = person.login;
  const secrets = [password, totpSecret, key.apiKey, key.apiSecret, link.split("=")[1]!, ...person.browser.cookies.values()];
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(requests.map(({ method, path, accepted, status }) => [method, path, accepted, status])).toEqual(
    expect.arrayContaining([
      ["GET", "/console/api", false, 303],
      ["POST", "/console/sign-in", true, 303],
      ["POST", "/console/api/confirm", true, 200],
    ]),
  );
});

test("faults reach the console: what is lost after its effect has had it, and the secret with it", async () => {
  const person = new Person(bed);
  await person.signIn();
  await person.browser.open(await person.ask());
  await bed.control.post("/faults", {
    venue: "bitfinex",
    match: { path: "/console/api/confirm", method: "POST" },
    kind: "lost-after-effect",
  });
  await expect(person.browser.submit("/console/api/confirm")).rejects.toThrow();
  expect(await bed.control.get("/venues/bitfinex/keys")).toHaveLength(2);
  expect(problemOf(await person.browser.submit("/console/api/confirm"))).toContain("This link has been used.");
  expect(linksOf(await person.browser.open("/console/outbox"))).toHaveLength(1);
});

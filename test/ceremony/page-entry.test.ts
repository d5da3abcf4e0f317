// Who comes in: one launch link and one code, each good once; what is wrong, late or a second time.

import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { createTask, FakeSession } from "./fake";
import { ask, closePages, enter, launchToken, own, serve, tabAsk } from "./raw";

afterEach(closePages);

const session = (): FakeSession => new FakeSession([createTask("maker")]);
const gone = async (file: string): Promise<void> => {
  while (existsSync(dirname(file))) await new Promise((resolve) => setTimeout(resolve, 10));
};

test("the redirect file is for this user alone, has the token in a fragment, and goes when it was used", async () => {
  const { page } = await serve(session());
  const file = await page.launchFile();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  const [, target, token] = /url=(http[^"#]+)#([\w-]{43})"/.exec(readFileSync(file, "utf8"))!;
  expect(target).toBe(`${page.address}/`);
  expect(file).not.toContain(token);
  expect((await ask(page, "/api/link", { body: { token } })).status).toBe(200);
  await gone(file);
});

test("the redirect file goes by itself, and when the page closes", async () => {
  const { page } = await serve(session(), { fileLife: 20 });
  await gone(await page.launchFile());
  const { page: other } = await serve(session());
  const file = await other.launchFile();
  await other.close();
  expect(existsSync(dirname(file))).toBe(false);
});

test("the launch link's second use locks everything, and says so to all", async () => {
  const fake = session();
  const { page, locks } = await serve(fake);
  const token = await launchToken(page);
  const tab = (await ask(page, "/api/link", { body: { token } })).json["tab"] as string;
  const { version } = (await tabAsk(page, tab, "/api/tasks", { seen: 0 })).json as { version: number };
  const waiting = tabAsk(page, tab, "/api/tasks", { seen: version });
  await tabAsk(page, tab, "/api/begin", { id: "maker" });
  const start = performance.now();
  const second = await ask(page, "/api/link", { body: { token } });
  expect(second.status).toBe(423);
  const reason = "The launch link was used a second time.";
  expect(second.json["locked"]).toBe(reason);
  expect(locks).toEqual([reason]);
  expect((await waiting).status).toBe(423); // the tab that was in learns at once
  expect(performance.now() - start).toBeLessThan(5_000); // not by its poll's own end
  expect((await tabAsk(page, tab, "/api/submit", { id: "maker", apiKey: "k", apiSecret: "s" })).status).toBe(423);
  expect((await ask(page, "/api/code", { body: { code: page.code } })).status).toBe(423);
  expect((await ask(page, "/api/link", { body: { token: await launchToken(page) } })).status).toBe(423);
  expect((await ask(page, "/api/outside", { body: {} })).json["locked"]).toBe(reason);
  expect(fake.calls).toEqual([["begin", "maker"]]);
  expect(locks).toEqual([reason]);
});

test("a call under way when the lock falls isn't answered with tasks", async () => {
  let finish = (): void => undefined;
  const held = new Promise<void>((resolve) => (finish = resolve));
  let asked = (): void => undefined;
  const begun = new Promise<void>((resolve) => (asked = resolve));
  const fake = new FakeSession([createTask("maker")], {
    again: async () => {
      asked();
      await held;
      return {};
    },
  });
  const { page } = await serve(fake);
  const token = await launchToken(page);
  const tab = (await ask(page, "/api/link", { body: { token } })).json["tab"] as string;
  const call = tabAsk(page, tab, "/api/again", { id: "maker" });
  await begun;
  await ask(page, "/api/link", { body: { token } });
  finish();
  expect((await call).status).toBe(423);
});

test("a wrong launch token changes nothing, a late one neither", async () => {
  const { page, locks, pass } = await serve(session());
  const token = await launchToken(page);
  for (const wrong of ["", "x", token.slice(1), `${token}A`, page.code]) {
    const answer = await ask(page, "/api/link", { body: { token: wrong } });
    expect([answer.status, answer.json["refused"]]).toEqual([403, "wrong"]);
  }
  pass(121_000);
  expect((await ask(page, "/api/link", { body: { token } })).json["refused"]).toBe("ended");
  expect(locks).toEqual([]);
  expect(await enter(page)).toMatch(/^[\w-]{43}$/); // another file, another token
});

test("a new launch file makes the one before void", async () => {
  const { page, locks } = await serve(session());
  const first = await launchToken(page);
  const second = await launchToken(page);
  expect((await ask(page, "/api/link", { body: { token: first } })).json["refused"]).toBe("wrong");
  expect((await ask(page, "/api/link", { body: { token: second } })).status).toBe(200);
  expect(locks).toEqual([]);
});

describe("the code", () => {
  const type = (page: Parameters<typeof ask>[0], code: string): ReturnType<typeof ask> => ask(page, "/api/code", { body: { code } });

  test("opens once, however it is written, and its second use locks", async () => {
    const { page, locks } = await serve(session(), { code: "7KQF-20M1" });
    expect((await type(page, " 7kqf 2oml ")).status).toBe(200);
    expect((await ask(page, "/api/outside", { body: {} })).json["code"]).toBe("spent");
    expect(locks).toEqual([]);
    expect((await type(page, "7KQF-20M1")).status).toBe(423);
    expect(locks).toEqual(["The code was used a second time."]);
  });

  test("locks after five wrong tries, and the right one then does nothing", async () => {
    const { page, locks } = await serve(session());
    const wrong = page.code.replace(/^./, (first) => (first === "7" ? "8" : "7"));
    for (let round = 0; round < 4; round++) expect((await type(page, wrong)).json["refused"]).toBe("wrong");
    expect(locks).toEqual([]);
    expect((await type(page, wrong)).status).toBe(423);
    expect(locks).toEqual(["A wrong code was typed 5 times."]);
    expect((await type(page, page.code)).status).toBe(423);
  });

  test("ends after ten minutes", async () => {
    const { page, pass, locks } = await serve(session());
    pass(599_000);
    expect((await ask(page, "/api/outside", { body: {} })).json["code"]).toBe("open");
    pass(1_000);
    expect((await ask(page, "/api/outside", { body: {} })).json["code"]).toBe("ended");
    expect((await type(page, page.code)).json["refused"]).toBe("ended");
    expect(locks).toEqual([]);
  });

  test("brings a reloaded tab back: the one before is out, and the link is dead", async () => {
    const { page, locks } = await serve(session());
    const unused = await launchToken(page);
    const first = (await type(page, page.code)).json["tab"] as string;
    const { version } = (await tabAsk(page, first, "/api/tasks", { seen: 0 })).json as { version: number };
    const waiting = tabAsk(page, first, "/api/tasks", { seen: version });
    await tabAsk(page, first, "/api/begin", { id: "maker" });
    const renewed = page.renew();
    expect(renewed).toBe(page.code);
    const second = (await type(page, renewed)).json["tab"] as string;
    expect((await waiting).status).toBe(401);
    expect((await tabAsk(page, first, "/api/begin", { id: "maker" })).status).toBe(401);
    expect((await tabAsk(page, second, "/api/begin", { id: "maker" })).status).toBe(200);
    expect((await ask(page, "/api/link", { body: { token: unused } })).status).toBe(403);
    expect(locks).toEqual([]);
  });
});

test("what a tab may know without a token: the words, and whether there is still a way in", async () => {
  const { page } = await serve(session(), { reopen: "Press Enter there for another code." });
  const before = (await ask(page, "/api/outside", { body: {} })).json;
  expect(before).toEqual({ words: page.words, reopen: "Press Enter there for another code.", code: "open", taken: false });
  await enter(page);
  const { json } = await ask(page, "/api/outside", { headers: own(page), body: {} });
  expect(json).toMatchObject({ code: "open", taken: true });
});

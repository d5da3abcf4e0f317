// The ceremony's page over plain HTTP: what each answer says to a browser, and how soon it comes.

import { connect } from "node:net";
import { words } from "../../provider/ceremony/page/words";
import { createTask, doneChange, FakeSession } from "./fake";
import { ask, closePages, enter, navigation, serve, tabAsk } from "./raw";

afterEach(closePages);

const session = (): FakeSession => new FakeSession([createTask("maker")]);

test("it listens on loopback alone, at an address that says nothing", async () => {
  const { page } = await serve(session());
  expect(page.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const port = Number(new URL(page.address).port);
  const other = await new Promise<string>((resolve) => {
    const socket = connect(port, "127.0.0.2", () => resolve("connected"));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "?"));
  });
  expect(other).toBe("ECONNREFUSED");
});

test("the words are 256 plain ones, and four different ones are drawn", async () => {
  expect(new Set(words).size).toBe(256);
  expect(new Set(words.map((word) => word.slice(0, 4))).size).toBe(256); // no two are mistaken for each other
  expect(words.filter((word) => !/^[a-z]{3,8}$/.test(word))).toEqual([]);
  const drawn = await Promise.all(Array.from({ length: 20 }, async () => (await serve(session())).page));
  for (const page of drawn) expect(new Set(page.words).size).toBe(4);
  expect(new Set(drawn.map((page) => page.words.join(" "))).size).toBe(20);
  expect(new Set(drawn.map((page) => page.code)).size).toBe(20);
  for (const page of drawn) expect(page.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
});

test("every answer tells the browser to keep it apart, keep nothing, and run nothing but the page's own files", async () => {
  const { page } = await serve(session());
  const tab = await enter(page);
  const answers = [
    await ask(page, "/", { method: "GET", headers: navigation(page) }),
    await ask(page, "/style.css", { method: "GET" }),
    await ask(page, "/client/main.js", { method: "GET" }),
    await tabAsk(page, tab, "/api/begin", { id: "maker" }),
    await ask(page, "/nothing", { method: "GET" }),
    await ask(page, "/api/begin", { body: { id: "maker" } }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 404, 401]);
  for (const { headers } of answers) {
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
    expect(headers["set-cookie"]).toBeUndefined();
    expect(headers["access-control-allow-origin"]).toBeUndefined();
    expect(headers["permissions-policy"]).toContain("clipboard-read=()");
    const policy = new Map(
      String(headers["content-security-policy"])
        .split("; ")
        .map((line) => [line.split(" ")[0], line.split(" ").slice(1).join(" ")]),
    );
    expect(policy.get("default-src")).toBe("'none'");
    for (const name of ["frame-ancestors", "base-uri", "form-action"]) expect(policy.get(name)).toBe("'none'");
    for (const name of ["script-src", "style-src", "connect-src", "img-src"]) expect(policy.get(name)).toBe("'self'");
    expect(String(headers["content-security-policy"])).not.toMatch(/unsafe|\*|data:|https?:/);
  }
});

test("the page itself is the same for everybody, and nothing in it is inline or from elsewhere", async () => {
  const [one, other] = await Promise.all([serve(session()), serve(new FakeSession([createTask("other")]))]);
  const texts = await Promise.all([one, other].map(({ page }) => ask(page, "/", { method: "GET", headers: navigation(page) })));
  expect(texts[0]!.text).toBe(texts[1]!.text);
  expect(texts[0]!.text).not.toMatch(/<script(?![^>]* src="\/)|<style|style="|\son\w+=|(src|href)="(?!\/[\w./]*"|#task")/);
  const scripts = [...texts[0]!.text.matchAll(/href="(\/client\/[^"]+)"/g)].map((match) => match[1]!);
  expect(scripts.length).toBeGreaterThan(5);
  for (const path of scripts) {
    const { text } = await ask(one.page, path, { method: "GET" });
    for (const [, target] of text.matchAll(/from "([^"]+)"/g)) expect(scripts).toContain(target!.replace("./", "/client/"));
    expect(text).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|localStorage|sessionStorage|indexedDB|document\.cookie/,
    );
  }
});

test("an error repeats nothing: not the session's words, not what was sent", async () => {
  const { page } = await serve(session());
  const tab = await enter(page);
  const secret = "sandbox-secret-5f0c1d2e3b4a59687765";
  const answer = await tabAsk(page, tab, "/api/submit", { id: "nobody", apiKey: secret, apiSecret: secret });
  expect(answer.status).toBe(409);
  expect(answer.text).not.toMatch(/nobody|sandbox-secret/);
});

test("an answer to a submission holds no secret", async () => {
  const fake = new FakeSession([createTask("maker")], { submit: ({ id }) => doneChange(id) });
  const { page, finishes } = await serve(fake);
  const tab = await enter(page);
  const answer = await tabAsk(page, tab, "/api/submit", {
    id: "maker",
    apiKey: "sandbox-key-0123456789",
    apiSecret: "sandbox-secret-0123456789",
  });
  expect(answer.status).toBe(200);
  expect(answer.text).not.toMatch(/sandbox-(key|secret)-/);
  expect(fake.calls).toEqual([["submit", "maker", "sandbox-key-0123456789", "sandbox-secret-0123456789"]]);
  expect(finishes).toEqual([true]); // it was the last
});

test("a poll is answered when a task changes, and ends when the page closes", async () => {
  const fake = session();
  const { page } = await serve(fake);
  const tab = await enter(page);
  const first = await tabAsk(page, tab, "/api/tasks", { seen: 0 });
  const waiting = tabAsk(page, tab, "/api/tasks", { seen: first.json["version"] as number });
  await tabAsk(page, tab, "/api/begin", { id: "maker" }); // the poll is at the server before this is answered
  fake.change("maker", { phase: "checking" });
  const second = await waiting;
  expect(second.json["version"]).not.toBe(first.json["version"]);
  expect(second.json["tasks"]).toMatchObject([{ id: "maker", phase: "checking" }]);
  const last = tabAsk(page, tab, "/api/tasks", { seen: second.json["version"] as number }).catch(() => "ended");
  await tabAsk(page, tab, "/api/begin", { id: "maker" });
  await page.close();
  await last;
  expect(fake.listeners).toBe(0);
});

test("slow clients are cut off, and many leave the page its room", async () => {
  const { page } = await serve(session());
  const port = Number(new URL(page.address).port);
  const start = performance.now();
  const ended = Array.from({ length: 100 }, () => {
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    socket.write("POST /api/outside HTTP/1.1\r\nHost:");
    return new Promise<number>((resolve) => void socket.once("close", () => resolve(performance.now() - start)));
  });
  const after = await Promise.all(ended);
  expect(after.filter((ms) => ms < 4_000).length).toBeGreaterThanOrEqual(36); // more than 64 aren't let in
  expect(Math.max(...after)).toBeLessThan(15_000); // and who is in and says nothing is out after five seconds
  expect((await ask(page, "/api/outside", { body: {} })).status).toBe(200);
}, 30_000);

test("forty tasks are answered within 50 ms", async () => {
  const fake = new FakeSession(Array.from({ length: 40 }, (_, index) => createTask(`key-${index}`)));
  const { page } = await serve(fake);
  const tab = await enter(page);
  const times: number[] = [];
  for (let round = 0; round < 60; round++) {
    const start = performance.now();
    await tabAsk(page, tab, "/api/begin", { id: `key-${round % 40}` });
    times.push(performance.now() - start);
  }
  expect(times.sort((one, other) => one - other)[30]).toBeLessThan(50); // the median: a busy machine's outliers aren't the page's
});

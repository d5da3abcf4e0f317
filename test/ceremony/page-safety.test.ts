// The ceremony's page against what shares the machine with it: pages of other ports, rebound names, and whatever a browser writes down.

import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page as Tab } from "playwright-core";
import { type Browser, openChromium } from "../browser";
import { createTask, doneChange, FakeSession } from "./fake";
import { ask, closePages, serve } from "./raw";
import { choose, focused, follow, launch, newTab } from "./visit";
import { commandLines, found, search } from "./search";

let browser: Browser;
let evil: Server;
let evilAddress = "";

beforeAll(async () => {
  evil = createServer((_request, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>evil</title><body>"),
  );
  await new Promise<void>((resolve) => void evil.listen(0, "127.0.0.1", resolve));
  evilAddress = `http://127.0.0.1:${(evil.address() as AddressInfo).port}`;
  browser = await openChromium({}, ["--host-resolver-rules=MAP *.rebind.test 127.0.0.1"]);
});
afterAll(async () => {
  await browser.close();
  evil.closeAllConnections();
  await new Promise((resolve) => evil.close(resolve));
});
afterEach(closePages);

describe("a page of another port", () => {
  let fake: FakeSession;
  let address = "";
  let locks: readonly string[];
  let tab: Tab;
  let attacker: Tab;

  beforeEach(async () => {
    fake = new FakeSession([createTask("maker")]);
    const served = await serve(fake);
    ({ locks } = served);
    address = served.page.address;
    tab = await launch(browser, served.page);
    attacker = await newTab(browser);
    await attacker.goto(evilAddress);
  });
  afterEach(async () => {
    expect(fake.calls).toEqual([]);
    expect(locks).toEqual([]);
    await choose(tab, "maker"); // the person's tab goes on as if nothing had been
    expect(fake.calls).toEqual([["begin", "maker"]]);
    await attacker.close();
    await tab.close();
  });

  test("can't call, with CORS or without, nor read any file", async () => {
    const came = await attacker.evaluate(async (target) => {
      const body = JSON.stringify({ id: "maker" });
      const tries: [string, RequestInit][] = [
        ["/api/begin", { method: "POST", body, mode: "no-cors" }],
        ["/api/begin", { method: "POST", body, headers: { "content-type": "application/json" } }],
        ["/api/begin", { method: "POST", body, headers: { "x-ceremony-tab": "x" }, credentials: "include" }],
        ["/api/outside", { method: "POST", body: "{}" }],
        ["/api/code", { method: "POST", body: '{"code":"0000-0000"}', mode: "no-cors" }],
        ["/", {}],
        ["/", { mode: "no-cors" }],
        ["/style.css", {}],
        ["/client/api.js", { mode: "no-cors" }],
      ];
      return await Promise.all(
        tries.map(([path, init]) =>
          fetch(target + path, init).then(
            async (response) => `${response.type} ${response.status} ${(await response.text()).length}`,
            () => "refused",
          ),
        ),
      );
    }, address);
    expect(came).toEqual(came.map(() => "refused")); // CORP keeps even what may be asked for without CORS
  });

  test("can't load its script, style or picture", async () => {
    const came = await attacker.evaluate(async (target) => {
      const load = (tag: "script" | "link" | "img", props: Record<string, string>): Promise<string> =>
        new Promise((resolve) => {
          const element = document.createElement(tag);
          element.onload = () => resolve("loaded");
          element.onerror = () => resolve("refused");
          for (const [name, value] of Object.entries(props)) element.setAttribute(name, value);
          document.body.append(element);
        });
      return [
        await load("script", { src: `${target}/client/api.js` }),
        await load("script", { src: `${target}/client/main.js`, type: "module" }),
        await load("link", { rel: "stylesheet", href: `${target}/style.css` }),
        await load("img", { src: `${target}/icon.svg` }),
      ];
    }, address);
    expect(came).toEqual(["refused", "refused", "refused", "refused"]);
  });

  test("can't frame it", async () => {
    const answer = attacker.waitForResponse((response) => response.url() === `${address}/`);
    await attacker.evaluate((target) => {
      const frame = document.createElement("iframe");
      frame.src = target;
      document.body.append(frame);
    }, `${address}/`);
    expect((await answer).status()).toBe(403);
    expect(
      await attacker
        .frames()[1]!
        .evaluate(() => document.body?.innerText ?? "")
        .catch(() => ""),
    ).not.toContain("Exchange keys");
  });

  test("can't send it a form", async () => {
    for (const enctype of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      const answer = attacker.waitForResponse((response) => response.url() === `${address}/api/begin`);
      await attacker.evaluate(
        ([target, type]) => {
          const form = document.createElement("form");
          Object.assign(form, { method: "post", action: `${target}/api/begin`, enctype: type });
          const input = document.createElement("input");
          Object.assign(input, { name: '{"id":"maker","x":"', value: '"}' });
          form.append(input);
          document.body.append(form);
          form.submit();
        },
        [address, enctype] as const,
      );
      expect((await answer).status()).toBe(403);
      await attacker.waitForURL(`${address}/api/begin`);
      await attacker.goto(evilAddress);
    }
  });

  test("can't open it: the browser says that another port asks", async () => {
    const opened = browser.context.waitForEvent("page");
    const answer = browser.context.waitForEvent("response", (response) => response.url() === `${address}/`);
    await attacker.evaluate((target) => void window.open(target), `${address}/`);
    expect((await answer).status()).toBe(403);
    await (await opened).close();
  });

  test("can open it from another site, and then neither reach nor steer it", async () => {
    await attacker.goto(evilAddress.replace("127.0.0.1", "a.rebind.test"));
    const opened = browser.context.waitForEvent("page");
    await attacker.evaluate(
      (target) => void ((window as unknown as { other: unknown }).other = window.open(`${target}/#${"A".repeat(43)}`)),
      address,
    );
    const other = await opened;
    await other.locator("input.code").waitFor(); // a guessed token is just wrong
    expect(await other.evaluate(() => [window.opener === null, location.hash, window.name])).toEqual([true, "", ""]);
    const reach = await attacker.evaluate(() => {
      const { other: handle } = window as unknown as { other: Window };
      const tries = [() => handle.document.title, () => handle.location.href, () => handle.history.length];
      const came = tries.map((run) => {
        try {
          return String(run());
        } catch {
          return "refused";
        }
      });
      handle.postMessage({ id: "maker" }, "*");
      handle.close();
      return [handle.closed, ...came];
    });
    expect(reach).toEqual([true, "refused", "refused", "refused"]); // cut off: to the opener it looks closed
    expect(other.isClosed()).toBe(false);
    await other.close();
  });

  test("can't open a web socket to it", async () => {
    const came = await attacker.evaluate(
      (target) =>
        new Promise((resolve) => {
          const socket = new WebSocket(target.replace("http", "ws"));
          socket.onopen = () => resolve("open");
          socket.onerror = () => resolve("refused");
        }),
      address,
    );
    expect(came).toBe("refused");
  });
});

test("a rebound name gets nothing", async () => {
  const { page } = await serve(new FakeSession([createTask("maker")]));
  const tab = await newTab(browser);
  const answer = await tab.goto(page.address.replace("127.0.0.1", "a.rebind.test"));
  expect(answer?.status()).toBe(421);
  const came = await tab.evaluate(() =>
    fetch("/api/outside", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }).then(({ status }) => status),
  );
  expect(came).toBe(421);
  await tab.close();
});

test("a second browser without the code gets no further than the door", async () => {
  const fake = new FakeSession([createTask("maker")]);
  const { page, locks } = await serve(fake);
  const tab = await launch(browser, page);
  const second = await openChromium();
  try {
    const other = await newTab(second);
    await other.goto(page.address);
    await other.getByRole("heading", { name: "This tab isn't in" }).waitFor();
    expect(await other.locator("body").innerText()).not.toContain("maker");
  } finally {
    await second.close();
  }
  await choose(tab, "maker");
  expect(locks).toEqual([]);
  await tab.close();
});

test("what was pasted is in no address, title, history, argument, answer or file of the browser", async () => {
  const key = "sandbox-key-5Qw8ErTy2UiOpAs4DfGhJk";
  const secret = "sandbox-secret-9ZxCvBn3MqWeRt7YuIoPlK";
  const fake = new FakeSession([createTask("maker"), createTask("taker")], { submit: ({ id }) => (id === "maker" ? doneChange(id) : {}) });
  const { page } = await serve(fake);
  const person = await openChromium();
  const heard: string[] = [];
  let pass = "";
  try {
    const tab = await newTab(person);
    tab.on("request", (request) => void (pass ||= request.headers()["x-ceremony-tab"] ?? ""));
    tab.on(
      "response",
      (response) =>
        void response.text().then(
          (text) => response.url().startsWith(page.address) && heard.push(response.url() + JSON.stringify(response.headers()) + text),
          () => undefined,
        ),
    );
    const file = await page.launchFile();
    const token = /#([\w-]{43})"/.exec(readFileSync(file, "utf8"))![1]!;
    const secrets = [key, secret, token];
    await follow(tab, file);
    expect(commandLines().filter((line) => line.includes(person.profile)).length).toBeGreaterThan(2); // the browser's are among them
    expect(found(commandLines().join("\n"), secrets)).toEqual([]);

    for (const name of ["maker", "taker"]) {
      await choose(tab, name);
      await tab.getByLabel("API key", { exact: true }).focus();
      await tab.keyboard.type(key);
      await tab.keyboard.press("Tab");
      await tab.keyboard.press("Tab");
      expect(await focused(tab)).toBe("API secret");
      await tab.keyboard.type(secret);
      if (name === "maker") await tab.keyboard.press("Enter");
      if (name === "maker") await tab.locator(".good").waitFor();
    }
    expect(fake.calls).toContainEqual(["submit", "maker", key, secret]);
    const shown = await tab.evaluate(() => [
      document.title,
      document.documentElement.outerHTML,
      location.href,
      JSON.stringify(history.state),
      document.cookie,
    ]);
    expect(found(shown.join("\n"), [...secrets, pass])).toEqual([]);
    const { entries } = await (await tab.context().newCDPSession(tab)).send("Page.getNavigationHistory");
    expect(found(entries.map(({ url, title }) => url + title).join("\n"), [...secrets, pass])).toEqual([]);

    tab.on("dialog", (dialog) => void dialog.accept());
    await tab.goto(evilAddress); // left with both fields full: no cache of the browser brings them back
    await tab.goBack();
    await tab.getByRole("heading", { name: "This tab isn't in" }).waitFor();
    expect(await tab.locator("input").evaluateAll((list) => list.map((input) => (input as HTMLInputElement).value))).toEqual([""]);
    expect(heard.length).toBeGreaterThan(15);
    expect(found(heard.join("\n"), [key, secret, token])).toEqual([]);
    await person.quit();
    expect(pass).toMatch(/^[\w-]{43}$/);
    const written = search(person.profile, [key, secret, pass, page.address.slice("http://".length)]);
    expect(written.get(page.address.slice("http://".length))?.some((path) => path.endsWith("History"))).toBe(true); // what is there is found
    expect([written.get(key), written.get(secret), written.get(pass)]).toEqual([[], [], []]);
    // Chromium's history keeps the address that it was first led to. That token was spent before anybody could have read it there.
    expect((await ask(page, "/api/link", { body: { token } })).json["locked"]).toBe("The launch link was used a second time.");
  } finally {
    await person.close();
  }
}, 120_000);

// The ceremony's page over plain HTTP: which requests and bodies are refused, whatever else is right about them.

import { createTask, FakeSession } from "./fake";
import { ask, bytes, closePages, enter, navigation, own, serve, tabAsk } from "./raw";

afterEach(closePages);

const session = (): FakeSession => new FakeSession([createTask("maker")]);

describe("a request is refused", () => {
  const port = (address: string): string => new URL(address).port;

  test.each<[string, (address: string) => string | undefined]>([
    ["a rebinding name", (address) => `evil.example:${port(address)}`],
    ["localhost", (address) => `localhost:${port(address)}`],
    ["another port", () => "127.0.0.1:1"],
    ["no port", () => "127.0.0.1"],
    ["a trailing dot", (address) => `127.0.0.1.:${port(address)}`],
    ["user information", (address) => `x@127.0.0.1:${port(address)}`],
  ])("with a Host that is %s, by every path", async (_name, host) => {
    const { page } = await serve(session());
    for (const [path, method, headers] of [
      ["/", "GET", navigation(page)],
      ["/style.css", "GET", own(page)],
      ["/api/outside", "POST", own(page)],
    ] as const) {
      const answer = await ask(page, path, {
        method,
        headers: { ...headers, host: host(page.address) },
        ...(method === "POST" && { body: {} }),
      });
      expect([path, answer.status]).toEqual([path, 421]);
      expect(answer.text).not.toContain("evil");
    }
  });

  test("with two Hosts, or none", async () => {
    const { page } = await serve(session());
    const host = page.address.slice(7);
    const rest = "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nConnection: close\r\n\r\n";
    expect(await bytes(page, `GET / HTTP/1.1\r\nHost: ${host}\r\n${rest}`)).toBe(200);
    expect(await bytes(page, `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\n${rest}`)).not.toBe(200);
    expect(await bytes(page, `GET / HTTP/1.1\r\n${rest}`)).not.toBe(200);
    expect(await bytes(page, `GET ${page.address}/ HTTP/1.1\r\nHost: evil.example\r\n${rest}`)).not.toBe(200);
  });

  test.each([
    undefined,
    "null",
    "http://127.0.0.1",
    "http://127.0.0.1:1",
    "https://evil.example",
    "http://localhost:PORT",
    "https://127.0.0.1:PORT",
  ])("with the Origin %s", async (origin) => {
    const { page, locks } = await serve(session());
    const tab = await enter(page);
    const headers = { ...own(page), "x-ceremony-tab": tab, origin: origin?.replace("PORT", port(page.address)) };
    expect((await ask(page, "/api/begin", { headers, body: { id: "maker" } })).status).toBe(403);
    expect((await ask(page, "/api/code", { headers, body: { code: page.code } })).status).toBe(403);
    expect(locks).toEqual([]);
  });

  test.each([undefined, "none", "same-site", "cross-site", "same-origin, none"])("with Sec-Fetch-Site %s", async (site) => {
    const { page } = await serve(session());
    const tab = await enter(page);
    const headers = { ...own(page), "x-ceremony-tab": tab, "sec-fetch-site": site };
    expect((await ask(page, "/api/begin", { headers, body: { id: "maker" } })).status).toBe(403);
    expect((await ask(page, "/client/main.js", { method: "GET", headers })).status).toBe(403);
  });

  test.each([
    ["a fetch", { "sec-fetch-mode": "cors" }],
    ["a fetch without CORS", { "sec-fetch-mode": "no-cors" }],
    ["a frame", { "sec-fetch-dest": "iframe" }],
    ["an object", { "sec-fetch-dest": "object" }],
    ["another site's script", { "sec-fetch-dest": "script", "sec-fetch-mode": "no-cors", "sec-fetch-site": "cross-site" }],
    ["another port of this host", { "sec-fetch-site": "same-site" }],
    ["a client that doesn't say", { "sec-fetch-site": undefined }],
  ])("for the page by %s", async (_name, bent) => {
    const { page } = await serve(session());
    for (const site of ["none", "same-origin", "cross-site"]) {
      expect((await ask(page, "/", { method: "GET", headers: navigation(page, site) })).status).toBe(200);
    }
    expect((await ask(page, "/", { method: "GET", headers: { ...navigation(page), ...bent } })).status).toBe(403);
  });

  test("by another method, at another path", async () => {
    const { page } = await serve(session());
    const tab = await enter(page);
    const headers = { ...own(page), "x-ceremony-tab": tab };
    for (const method of ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const answer = await ask(page, "/api/begin", { method, headers });
      expect([method, answer.status, answer.headers["allow"]]).toEqual([method, 405, "POST"]);
    }
    for (const method of ["POST", "PUT", "OPTIONS"]) expect((await ask(page, "/style.css", { method, headers })).status).toBe(405);
    for (const path of [
      "/api",
      "/api/begin/",
      "/api/begin?x=1",
      "//",
      "/../package.json",
      "/client/%2e%2e/server.js",
      "/client/",
      "/api/toString",
      "/?x",
    ]) {
      const answer = await ask(page, path, { headers, body: { id: "maker" } });
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });

  test("without the tab's token, or with another", async () => {
    const fake = session();
    const { page } = await serve(fake);
    const tab = await enter(page);
    for (const token of [undefined, "", "x", tab.slice(1), `${tab}x`, tab.toLowerCase()]) {
      for (const path of ["tasks", "begin", "submit", "again", "evidence", "attest", "discard"]) {
        const answer = await ask(page, `/api/${path}`, {
          headers: { ...own(page), "x-ceremony-tab": token },
          body: { id: "maker", seen: 0 },
        });
        expect([path, answer.status]).toEqual([path, 401]);
      }
    }
    expect(fake.calls).toEqual([]);
    expect((await tabAsk(page, tab, "/api/begin", { id: "maker" })).status).toBe(200);
  });
});

describe("a body is refused", () => {
  test.each([
    ["that isn't JSON", "{", {}, 400],
    ["that is no object", '"maker"', {}, 400],
    ["with a member more", { id: "maker", more: 1 }, {}, 400],
    ["with a member less", {}, {}, 400],
    ["of another type", { id: 7 }, {}, 400],
    ["that says it is a form", "id=maker", { "content-type": "application/x-www-form-urlencoded" }, 415],
    ["that says it is text", { id: "maker" }, { "content-type": "text/plain" }, 415],
    ["that says nothing", { id: "maker" }, { "content-type": undefined }, 415],
    ["that is compressed", { id: "maker" }, { "content-encoding": "gzip" }, 415],
    ["that is too long", { id: "maker".repeat(20_000) }, {}, 413],
  ])("%s", async (_name, body, bent, status) => {
    const fake = session();
    const { page } = await serve(fake);
    const headers = { ...own(page), "x-ceremony-tab": await enter(page), ...bent };
    const answer = await ask(page, "/api/begin", { headers, body });
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain("maker");
    expect(fake.calls).toEqual([]);
  });

  test("that is too long and doesn't say how long it is, before all of it has come", async () => {
    const { page } = await serve(session());
    const tab = await enter(page);
    const head = Object.entries({ ...own(page), "x-ceremony-tab": tab, "transfer-encoding": "chunked" }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    const chunk = `${(70_000).toString(16)}\r\n${"x".repeat(70_000)}\r\n`; // and never its end
    expect(await bytes(page, `POST /api/begin HTTP/1.1\r\n${head.join("")}\r\n${chunk}`)).toBe(413);
  });
});

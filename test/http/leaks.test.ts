// No error that leaves the channel holds a credential, a signature, a body or an answer, in whatever way it is printed.

import { inspect } from "node:util";
import { z } from "zod";
import type { Call } from "../../provider/core/driver";
import { json } from "../../provider/http/answer";
import { hmac } from "../../provider/http/signing";
import { call, channelTo, closeAll, CREDENTIAL, KEY_TEXT, rejection, SECRET_TEXT, venue } from "./venue";

afterEach(closeAll);

const BODY = '{"password":"body-5ecret"}';
const ANSWER = "answer-5ecret";
const SIGNATURE = CREDENTIAL.kind === "api-key" ? hmac("sha384", CREDENTIAL.apiSecret, BODY, "hex") : "";

function signed(intent: "read" | "write"): Call<unknown> {
  return call<unknown>({
    intent,
    method: "POST",
    path: "/v2/x?query-5ecret",
    body: BODY,
    carries: [CREDENTIAL],
    headers: () => ({ "acme-key": KEY_TEXT, "acme-signature": SIGNATURE, "acme-raw": SECRET_TEXT }),
    parse: (answer) => json(answer, z.tuple([z.number()]), { venue: "acme", operation: "ask" }),
  });
}

/** All that any printing of a value could show. */
function everything(value: unknown): string {
  const seen = new Set<unknown>();
  const texts: string[] = [];
  const walk = (one: unknown): void => {
    if (typeof one === "string") texts.push(one);
    if (one === null || (typeof one !== "object" && typeof one !== "function") || seen.has(one)) return;
    seen.add(one);
    for (const key of Reflect.ownKeys(one)) {
      texts.push(String(key));
      walk(Reflect.get(one, key));
    }
  };
  walk(value);
  const stack = value instanceof Error ? (value.stack ?? "") : "";
  return [...texts, JSON.stringify(value), inspect(value, { depth: 20, showHidden: true }), String(value), stack].join("\n");
}

const faults: [string, Parameters<typeof venue>[0]][] = [
  ["a connection closed", (response) => response.destroy()],
  ["no answer in time", () => undefined],
  ["an answer cut off", (response) => response.writeHead(200, { "content-length": "999" }).write(ANSWER, () => response.destroy())],
  ["HTML", (response) => response.writeHead(502, { "content-type": "text/html" }).end(`<html>${ANSWER}`)],
  ["truncated JSON", (response) => response.end(`["${ANSWER}`)],
  ["another shape", (response) => response.end(JSON.stringify({ [ANSWER]: ANSWER }))],
  ["a redirect", (response) => response.writeHead(302, { location: `/${ANSWER}` }).end()],
  ["too much", (response) => response.end(ANSWER.repeat(200_000))],
  ["broken packing", (response) => response.writeHead(200, { "content-encoding": "gzip" }).end(ANSWER)],
];

describe.each(["read", "write"] as const)("a %s", (intent) => {
  test.each(faults)("that ends in %s", async (_, play) => {
    const { url, seen } = await venue(play);
    const error = await rejection(channelTo(url, { attemptMs: 300, maxReads: 1 }).send(signed(intent)));
    expect(seen[0]).toMatchObject({ body: BODY, headers: { "acme-signature": SIGNATURE } });
    expect(error).toMatchObject({ name: "KeyError", branch: "unknown" });
    expectClean(error);
  });

  test("that isn't let go", async () => {
    const { url } = await venue((response) => response.end());
    const bare = { ...CREDENTIAL, apiKey: "real-5ecret" } as typeof CREDENTIAL;
    expectClean(await rejection(channelTo(url).send({ ...signed(intent), carries: [bare] })));
  });

  test("whose header has a line end", async () => {
    const { url, seen } = await venue((response) => response.end());
    const headers = () => ({ "acme-key": `${KEY_TEXT}\n` });
    const error = await rejection(channelTo(url).send({ ...signed(intent), headers }));
    expect(error).toMatchObject({ code: "unreachable", message: expect.stringContaining("a line end in a credential?") as string });
    expect(seen).toEqual([]);
    expectClean(error);
  });
});

function expectClean(error: unknown): void {
  const text = everything(error);
  for (const secret of [KEY_TEXT, SECRET_TEXT, SIGNATURE, "5ecret"]) expect(text).not.toContain(secret);
}

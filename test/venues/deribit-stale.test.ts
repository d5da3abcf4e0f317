// A machine that was suspended signs with a time of long ago, and Deribit has no code that says so alone.

import { VENUES } from "../../provider/venues/registry";
import { channelTo, closeAll, CREDENTIAL, rejection, venue } from "../http/venue";

afterEach(closeAll);

const T = Date.parse("2030-01-01T00:00:00Z");

/** Refuses what was signed more than 60 s ago; each request comes `laterMs` after the one before. */
async function meet(laterMs: number, code: number) {
  let now = T;
  const times: number[] = [];
  const { url } = await venue((response, { headers }) => {
    const ts = Number(/ts=(\d+)/.exec(headers.authorization ?? "")?.[1]);
    times.push(ts - now);
    const result = { jsonrpc: "2.0", result: { id: 7 } };
    const answer = times.length > 1 && (code !== 13009 || now - ts > 60_000) ? { jsonrpc: "2.0", error: { code, message: "no" } } : result;
    response.writeHead(200, { "content-type": "application/json", date: new Date(now).toUTCString() }).end(JSON.stringify(answer));
    if (times.length === 1) now += laterMs;
  });
  const http = channelTo(url, { clock: () => T });
  const driver = VENUES["deribit"]!.drivers["ApiKey"]!({ venue: "deribit (sandbox)", credential: CREDENTIAL, http, clock: () => T });
  return { driver, times };
}

test("a refusal of a request that was signed long ago is asked once more, by the time that the refusal told", async () => {
  const { driver, times } = await meet(61_000, 13009);
  await driver.whoami();
  expect(await driver.whoami()).toMatchObject({ accountId: "7" });
  expect(times).toHaveLength(3);
  expect(times[1]).toBeLessThan(-60_000);
  expect(Math.abs(times[2]!)).toBeLessThan(2_000);
});

test("one that was signed in time is believed", async () => {
  const { driver, times } = await meet(1_000, 13004);
  await driver.whoami();
  expect(await rejection(driver.whoami())).toMatchObject({ code: "credential-refused", transient: false });
  expect(times).toHaveLength(2);
});

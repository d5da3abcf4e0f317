// Demo trading: the host of live trading, told by a header. Whether keys are managed there isn't documented: both are met.

import type { ChannelOptions } from "../../provider/http/channel";
import type { Driver } from "../../provider/core/driver";
import { Secret } from "../../provider/core/secret";
import { openAccount } from "../../provider/pulumi/account";
import { manifest } from "../../provider/venues/okx/capabilities";
import { VENUES } from "../../provider/venues/registry";
import { channelTo, closeAll, rejection } from "../http/venue";
import { OkxBed } from "../sandbox/okx-caller";

const HOME = "203.0.113.10";

let bed: OkxBed;
beforeAll(async () => {
  bed = await OkxBed.open();
});
afterEach(closeAll);
afterAll(() => bed.close());

/** A driver for a managing key of demo trading, whose requests have these headers. */
async function demoDriver(headers: Readonly<Record<string, string>>): Promise<Driver> {
  const { apiKey, apiSecret, passphrase } = await bed.byHand({ demo: true, permissions: ["read_only", "trade"], allowedIps: [HOME] });
  const credential = { kind: "api-key", apiKey, apiSecret: new Secret(apiSecret), passphrase: new Secret(passphrase) } as const;
  const http = channelTo(bed.url, { headers, maxReads: 1 });
  return VENUES["okx"]!.drivers["SubAccountApiKey"]!({ venue: "okx (sandbox)", credential, http, clock: Date.now });
}

const DEMO = manifest.headers!["demo"]!;
const scope = { subAccount: "deskalpha" };

test("its environment has the header, and no other has", () => {
  expect(DEMO).toEqual({ "x-simulated-trading": "1" });
  const headersOf = (environment: string): ChannelOptions["headers"] => {
    let given: ChannelOptions | undefined;
    const openChannel = (options: ChannelOptions) => {
      given = options;
      return channelTo(bed.url);
    };
    const needs = { manifest, drivers: {}, sources: { env: {}, cwd: "/", readFile: () => "" }, clock: Date.now, openChannel };
    openAccount("main", { venue: "okx", environment }, { ...needs, beforeWrite: () => Promise.resolve() });
    return given!.headers;
  };
  expect(Object.keys(manifest.environments).map((environment) => [environment, headersOf(environment)])).toEqual([
    ["production", undefined],
    ["eea", undefined],
    ["us", undefined],
    ["demo", DEMO],
  ]);
});

test("without the header its keys are of another environment, as a live one's are with it", async () => {
  expect(await rejection((await demoDriver({})).whoami())).toMatchObject({ code: "credential-refused", venueCode: "50101" });
  expect(await (await demoDriver(DEMO)).whoami()).toMatchObject({ own: { grants: ["read_only", "trade"] } });
});

test("keys are managed there, or a refusal says that they aren't", async () => {
  await bed.switches({ demoManagement: "50038" });
  const driver = await demoDriver(DEMO);
  expect(await rejection(driver.list!(scope, undefined))).toMatchObject({ code: "account-barred", venueCode: "50038" });
  await bed.switches({ demoManagement: "as-live" });
  const desired = { permissions: { read_only: true }, allowedIps: "anywhere", extras: scope, label: "demo1" } as const;
  const { publicPart } = await driver.create!({ ...desired, passphrase: new Secret("sandbox-Pass1!") });
  expect(await driver.list!(scope, undefined)).toMatchObject({ keys: [{ publicPart, label: "demo1" }] });
});

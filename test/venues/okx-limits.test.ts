// OKX's documented limits, kept by both sides: what the provider sends within its own never meets the venue's.

import { Secret } from "../../provider/core/secret";
import type { DesiredKey } from "../../provider/core/driver";
import { manifest } from "../../provider/venues/okx/capabilities";
import { VENUES } from "../../provider/venues/registry";
import { channelTo, closeAll } from "../http/venue";
import { OkxBed } from "../sandbox/okx-caller";

let bed: OkxBed;
beforeAll(async () => {
  bed = await OkxBed.open({ limits: true });
});
afterEach(closeAll);
afterAll(() => bed.close());

test("three keys made at once, two seconds of it waiting, and no refusal", async () => {
  const { apiKey, apiSecret, passphrase } = bed.account;
  const credential = { kind: "api-key", apiKey, apiSecret: new Secret(apiSecret), passphrase: new Secret(passphrase) } as const;
  const http = channelTo(bed.url, { limits: manifest.limits });
  const driver = VENUES["okx"]!.drivers["SubAccountApiKey"]!({ venue: "okx (sandbox)", credential, http, clock: Date.now });
  const desired = (label: string): DesiredKey => ({
    ...{ permissions: { read_only: true }, allowedIps: "anywhere", extras: { subAccount: "deskbravo" }, label },
    passphrase: new Secret("sandbox-Pass1!"),
  });
  await Promise.all(["one", "two", "three"].map((label) => driver.create!(desired(label))));
  const { keys } = await driver.list!({ subAccount: "deskbravo" }, undefined);
  expect(keys.map(({ label }) => label).sort()).toEqual(["one", "three", "two"]);
  expect(http.counts).toMatchObject({ writes: 3, retries: 0, rateLimited: 0 });
});

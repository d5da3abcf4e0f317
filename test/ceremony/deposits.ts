// Deposits and temporary folders for the tests of the ceremony's files.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Wanted } from "../../provider/core/byhand";
import { fingerprint, Secret } from "../../provider/core/secret";
import type { Deposit } from "../../provider/ceremony/deposit";

export const NOW = Date.UTC(2030, 0, 2, 12);
export const API_KEY = "sandbox-public-part";
export const API_SECRET = 'sandbox-"secret"\\part';

export const IDENTITY = {
  organization: "acme",
  project: "desk",
  stack: "production",
  type: "pulumi-nodejs:dynamic/exchange-keys/bitfinex:ApiKey",
  name: "maker",
} as const;

const ABOUT = {
  venue: "bitfinex",
  environment: "sandbox",
  accountId: "123456",
  identity: IDENTITY,
  generation: 3,
  desired: "d".repeat(64),
  fingerprint: fingerprint("bitfinex", API_KEY),
  mark: "9f86d081884c7d65",
  label: "maker 9f86d081884c7d65",
} as const;

export const WANTED: Wanted = ABOUT;

let drawn = 0;

/** A deposit of an issued key, made an hour before NOW; `changes` to other deeds leave the credential away. */
export function deposit(changes: Partial<Deposit> = {}): Deposit {
  const credential = { kind: "api-key", apiKey: API_KEY, apiSecret: new Secret(API_SECRET) } as const;
  const proof = { grants: ["orders:read"], address: "203.0.113.10", at: time(-1) };
  const issued = (changes.deed ?? "issued") === "issued" ? { credential, proof, createdAt: time(-1) } : {};
  const id = (drawn++).toString(16).padStart(32, "0");
  return { id, deed: "issued", ...ABOUT, at: time(-1), endsAt: time(71), ...issued, ...changes };
}

/** ISO 8601, so many hours after NOW. */
export function time(hours: number): string {
  return new Date(NOW + hours * 3_600_000).toISOString();
}

const folders: string[] = [];

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "exchange-keys-ceremony-"));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

export const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error("no failure"),
    (error: unknown) => error as Error,
  );

// Plans for the tests of reviews: recorded ones of test/fixtures/previews, and steps written after them.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { met, review, type Condition, type Words } from "../../provider/pulumi/review";

const FOLDER = join(__dirname, "../fixtures/previews");

export const RECORDED: readonly (readonly [venue: string, plan: string])[] = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(join(FOLDER, name)).map((file) => [name, file.replace(/\.json$/, "")] as const));

export function recorded(venue: string, plan: string): string {
  return readFileSync(join(FOLDER, venue, `${plan}.json`), "utf8");
}

type Values = Readonly<Record<string, unknown>>;

export const TYPE = "pulumi-nodejs:dynamic/exchange-keys/bitfinex:ApiKey";
export const SECRETS = ["credential", "apiKey", "apiSecret", "passphrase", "token", "retiringCredentials"];

/** One side of a step: a key of a kind that is made by hand, whose permissions are the widest vocabulary. */
export function side(name: string, changes: Values = {}, options: Values = {}): Values {
  const inputs = {
    ...{ venue: "bitfinex", kind: "ApiKey", account: "main", permissions: { orders: "read" }, allowedIps: { "203.0.113.10": "gateway" } },
    identity: { organization: "acme", project: "desk", stack: "dev", type: TYPE, name },
    ...{ alive: true, generation: 1, decidedAt: "2026-11-23T00:00:00.000Z", reason: "first", keepUntil: {} },
    ...changes,
  };
  const outputs = { ...inputs, fingerprint: "00112233445566aa", mark: "0".repeat(16), retiring: [], grants: ["orders:read"] };
  const urn = `urn:pulumi:dev::desk::${TYPE}::${name}`;
  return { urn, type: TYPE, custom: true, inputs, outputs, additionalSecretOutputs: SECRETS, ...options };
}

export function step(op: string, was: Values | undefined, is: Values | undefined): Values {
  const { outputs: _, ...desired } = is ?? {};
  return { op, urn: (is ?? was)!["urn"], ...(was && { oldState: was }), ...(is && { newState: desired }) };
}

export function plan(...steps: readonly Values[]): string {
  return JSON.stringify({ steps, changeSummary: {} });
}

export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const joined = (words: Words): string => words.map((word) => (typeof word === "string" ? word : word.given)).join("");

/** `widens: hedge may now trade …`, of each finding. */
export function said(text: string): readonly string[] {
  return review(text).keys.flatMap(({ name, findings }) => findings.map(({ effect, words }) => `${effect}: ${name} ${joined(words)}`));
}

/** Conditions that a plan meets, as on the command line. */
export function meets(text: string): readonly string[] {
  const all: readonly Condition[] = ["widen", "withdraw", "anywhere", "unverified", ...[0, 1, 2, 3].map((revoke) => ({ revoke }))];
  return met(review(text), all).map((each) => (typeof each === "string" ? each : `revoke>${each.revoke}`));
}

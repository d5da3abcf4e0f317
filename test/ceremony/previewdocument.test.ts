// The documents themselves: what the real CLI printed, what is refused, and where secrets are and aren't given.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { KeyError } from "../../provider/core/errors";
import { fingerprint } from "../../provider/core/secret";
import { credentialsOf, hidden, parseDocument, secretConfigOf } from "../../provider/preview/document";
import { ordersOf, type Orders } from "../../provider/ceremony/preview";
import { byHand, desired, exported, preview, secret, state, step } from "./documents";

/** As printed by CLI 3.259.0 on 2026-11-22, of access tokens; texts of programs and positions are left out. */
const recorded = JSON.parse(readFileSync(join(__dirname, "recorded.json"), "utf8")) as Readonly<Record<string, unknown>>;
const real = (name: string, revoke = false): Orders =>
  ordersOf(recorded[name], { revoke, byHand: (_venue, kind) => kind === "AccessToken" });
const short = ({ orders }: Orders): readonly string[] => orders.map(({ does, name, inputs }) => `${does} ${name} ${inputs.generation}`);

test("what the real CLI prints is understood", () => {
  expect(short(real("create"))).toEqual(["create a 1", "create b 1"]);
  expect(real("create").stack).toBe("organization/desk/dev");
  expect(JSON.parse(real("create").config["exchange-keys:accounts"]!)).toMatchObject({ main: { venue: "bitfinex", apiKeyEnv: "BFX_KEY" } });
  expect(short(real("update"))).toEqual(["create a 2", "revoke a 1", "create b 2", "revoke b 1"]);
  expect(real("update").orders[1]!.recorded).toMatchObject({
    generation: 1,
    accountId: "123456",
    permissions: { account: "read", wallets: "read" },
  });
  expect(short(real("replace"))).toEqual(["create a 1", "revoke a 1"]);
  expect(short(real("delete"))).toEqual(["revoke b 1"]);
  expect(short(real("destroypreview"))).toEqual(["revoke a 1", "revoke b 1"]);
  for (const name of ["export", "exportsecrets"] as const) expect(short(real(name, true))).toEqual(["revoke a 1", "revoke b 1"]);
  expect(real("export", true).config).toEqual(real("create").config);
});

test("what the real CLI hides in a preview is told key by key", () => {
  const { orders, problems } = real("unknowns");
  expect(orders.map(({ does, name }) => `${does} ${name}`).sort()).toEqual(["create n", "revoke a", "revoke b"]);
  expect(Object.fromEntries(problems.map(({ name, reason }) => [name, reason.split(" ").slice(0, 5).join(" ")]))).toEqual({
    ips: "its allowedIps is known only",
    ipsecret: "its allowedIps is a secret,",
    perm: "its permissions is known only",
    permin: "its permissions is known only",
    secret: "its permissions is a secret,",
    secretin: "its permissions is a secret,",
  });
});

function refusal(document: unknown, revoke = false): KeyError {
  try {
    ordersOf(document, { revoke, byHand });
  } catch (error) {
    if (error instanceof KeyError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

test("a preview that failed is refused by the names of what failed, without its words", () => {
  for (const name of ["failed", "secretcfg"] as const) {
    expect(refusal(recorded[name]).message).toBe(
      'exchange-keys: read what Pulumi printed: the preview failed, at "a"; run pulumi preview, mend what it says, and give its output again',
    );
  }
  expect(refusal(recorded["thrown"]).said.cause).toBe("the preview failed");
  const warned = { ...preview(step("create", undefined, desired("maker"))), diagnostics: [{ severity: "warning", message: "x" }] };
  expect(ordersOf(warned, { revoke: false, byHand }).orders).toHaveLength(1);
});

test("an export without --revoke, and a preview with it, are refused with the right command", () => {
  expect(refusal(exported(state("maker", 1))).message).toContain("says nothing of what is wanted; give pulumi preview --json, or --revoke");
  expect(refusal(preview(), true).message).toContain("this is a preview; pulumi stack export | exchange-keys ceremony --revoke --from -");
});

test.each([
  null,
  [],
  "text",
  7,
  {},
  { config: {} },
  { version: 3 },
  { deployment: {} },
  { steps: "none" },
  { steps: [{ op: 1 }] },
  { deployment: { resources: [7] }, version: 3 },
])("other JSON is refused: %j", (document) => {
  for (const revoke of [false, true])
    expect(refusal(document, revoke)).toMatchObject({ code: "input", said: { cause: "it isn't what Pulumi prints" } });
});

test("nothing, and text that isn't JSON, is refused without being repeated", () => {
  const refused = (text: string): string => {
    try {
      parseDocument(text);
    } catch (error) {
      return (error as KeyError).message;
    }
    return "nothing was refused";
  };
  for (const text of ["", " \n"]) expect(refused(text)).toContain("nothing came: the command before the pipe may have failed");
  for (const text of ["error: sandbox-hidden", '{"a":1}\n{"sandbox-hidden":2}']) {
    expect(refused(text)).toContain("it isn't one JSON document");
    expect(refused(text)).not.toContain("sandbox-hidden");
  }
  expect(parseDocument(' {"a":1}\n')).toEqual({ a: 1 });
});

test("an empty stack is no mistake", () => {
  expect(ordersOf({ steps: [], changeSummary: {} }, { revoke: false, byHand })).toEqual({
    stack: "",
    config: {},
    blinded: [],
    orders: [],
    problems: [],
  });
  expect(ordersOf({ changeSummary: { same: 1 } }, { revoke: false, byHand }).orders).toEqual([]);
  expect(ordersOf({ version: 3, deployment: {} }, { revoke: true, byHand }).orders).toEqual([]);
  expect(ordersOf({ version: 3, deployment: { resources: null } }, { revoke: true, byHand }).orders).toEqual([]);
  const others = preview({ op: "same", urn: "urn:pulumi:dev::desk::pulumi:pulumi:Stack::desk-dev" });
  expect(ordersOf(others, { revoke: false, byHand }).stack).toBe("desk/dev");
});

test("configuration: what is masked is left out and named, whole or member by member; other packages' isn't given", () => {
  const main = { venue: "bitfinex", apiKey: "[secret]", apiSecret: "[secret]", egress: ["203.0.113.10"] };
  const config = {
    "exchange-keys:accounts": JSON.stringify({ main, other: { apiKeyEnv: "KEY" } }),
    "exchange-keys:journal": "[secret]",
    "exchange-keys:renew": "none",
    "exchange-keys:note": "a [secret] within text",
    "aws:region": "eu-west-1",
  };
  const read = ordersOf({ ...preview(), config }, { revoke: false, byHand });
  expect(read.blinded).toEqual(["exchange-keys:accounts.main.apiKey", "exchange-keys:accounts.main.apiSecret", "exchange-keys:journal"]);
  expect(read.config).toEqual({
    "exchange-keys:accounts": JSON.stringify({ main: { venue: "bitfinex", egress: ["203.0.113.10"] }, other: { apiKeyEnv: "KEY" } }),
    "exchange-keys:renew": "none",
    "exchange-keys:note": "a [secret] within text",
  });
});

const PROVIDER = { urn: "urn:pulumi:production::desk::pulumi:providers:pulumi-nodejs::default", type: "pulumi:providers:pulumi-nodejs" };

test("configuration of an export is the provider's; what is secret there comes out by one function alone, wrapped", () => {
  const accounts = JSON.stringify({ main: { apiSecret: "sandbox-hidden" } });
  const shown = exported({
    ...PROVIDER,
    inputs: { "exchange-keys:accounts": secret(accounts), "exchange-keys:renew": "none", "aws:token": secret("x") },
  });
  const read = ordersOf(shown, { revoke: true, byHand });
  expect(read).toMatchObject({ config: { "exchange-keys:renew": "none" }, blinded: ["exchange-keys:accounts"] });
  const found = secretConfigOf(shown);
  expect([...found].map(([name, value]) => [name, value.reveal()])).toEqual([["exchange-keys:accounts", accounts]]);
  expect(inspect([read, found], { depth: 9 }) + JSON.stringify([read, ...found])).not.toContain("sandbox-hidden");
  expect(secretConfigOf(exported({ ...PROVIDER, inputs: { "exchange-keys:accounts": secret() } })).size).toBe(0);
});

describe("credentials of an export", () => {
  const key = (n: number): Record<string, string> => ({ apiKey: `sandbox-maker-${n}`, apiSecret: `sandbox-hidden-${n}` });
  const was = state("maker", 2, [1]);
  const earlier = { [fingerprint("bitfinex", "sandbox-maker-1")]: key(1) };
  const withSecrets = exported({
    ...was,
    outputs: {
      ...was.outputs,
      credential: secret({ venue: "bitfinex", ...key(2) }),
      apiSecret: secret(key(2)["apiSecret"]),
      retiringCredentials: secret(earlier),
    },
  });

  test("with --show-secrets: current and retiring ones, by fingerprint, wrapped", () => {
    const found = credentialsOf(withSecrets);
    expect([...found].map(([print, { apiKey, apiSecret }]) => [print, apiKey, apiSecret.reveal()])).toEqual(
      [2, 1].map((n) => [fingerprint("bitfinex", `sandbox-maker-${n}`), `sandbox-maker-${n}`, `sandbox-hidden-${n}`]),
    );
    const { orders } = ordersOf(withSecrets, { revoke: true, byHand });
    expect(orders.map(({ recorded: of }) => found.has(of!.fingerprint))).toEqual([true, true]);
    expect(inspect([orders, found], { depth: 9 }) + JSON.stringify([orders, ...found])).not.toContain("sandbox-hidden");
  });

  test("without it, and in a preview, none", () => {
    const masked = { ...was, outputs: { ...was.outputs, credential: secret(), retiringCredentials: secret() } };
    for (const document of [exported(masked), exported(was), preview(step("delete", was)), recorded["export"], null, 7]) {
      expect(credentialsOf(document).size).toBe(0);
    }
  });

  test("what isn't an API key's credential, or can't be read, is passed over", () => {
    const odd = [
      secret({ token: "sandbox-hidden" }),
      { ...secret(1), plaintext: '{"sandbox-hidden"' },
      secret(null),
      secret("text"),
      secret({ apiKey: 1, apiSecret: 2 }),
    ];
    for (const value of odd) {
      const outputs = { ...was.outputs, credential: value, retiringCredentials: value };
      expect(credentialsOf(exported({ ...was, outputs })).size).toBe(0);
    }
    expect(credentialsOf(recorded["exportsecrets"]).size).toBe(0); // tokens
  });

  test("plain secrets in a preview's state don't reach an order", () => {
    const plain = { ...was, outputs: { ...was.outputs, credential: key(2), apiSecret: "sandbox-hidden-2", retiringCredentials: earlier } };
    expect(JSON.stringify(ordersOf(preview(step("delete", plain)), { revoke: false, byHand }))).not.toContain("sandbox-hidden");
  });
});

test("hidden values are found at any depth, and nothing else is", () => {
  expect(hidden({ a: [{ b: "[secret]" }] })).toBe("secret");
  expect(hidden([[secret(1)]])).toBe("secret");
  expect(hidden({ a: ["x", 1, null, true, "a [secret]"], b: undefined })).toBeUndefined();
});

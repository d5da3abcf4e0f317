// `exchange-keys redact`: what it replaces, what it leaves, what it refuses. The engine's own words are in test/e2e/redact.test.ts.

import { recordOf } from "../../provider/core/record";
import { redact } from "../../cli/redact/redact";
import { dummySecret } from "../../cli/redact/secret";
import { SIGNATURE } from "../../provider/preview/document";
import { secret, state as recorded, urnOf } from "../ceremony/documents";
import { run } from "./command";

type Members = Record<string, unknown>;
interface Resource extends Members {
  readonly inputs?: Members;
  readonly outputs?: Members;
}

const dummy = (value: unknown = "redacted"): unknown => dummySecret(value);

/** An export of these resources, as a stack of a passphrase has it. */
function exported(resources: readonly unknown[], more: Members = {}): string {
  const manifest = { time: "2030-01-01T00:00:00Z", magic: "m", version: "v3.259.0" };
  const secrets_providers = { type: "passphrase", state: { salt: "v1:c2FsdA==:v1:AAAAAAAAAAAAAAAA:c2FsdA==" } };
  return JSON.stringify({ version: 3, deployment: { manifest, secrets_providers, resources, metadata: {}, ...more } });
}

function redacted(text: string): { readonly resources: readonly Resource[]; readonly deployment: Members; readonly text: string } {
  const { text: written } = redact(text);
  const { deployment } = JSON.parse(written) as { deployment: Members };
  return { deployment, resources: deployment["resources"] as Resource[], text: written };
}

/** A key's resource; what is secret in it is encrypted, or in clear. */
function key(hidden: (value: unknown) => unknown, changes: Members = {}): Resource {
  const made = recorded("maker", 2, [1]);
  const parts = { apiKey: "an-api-key-of-maker", apiSecret: "the-secret-of-maker" };
  const earlier = { apiKey: "an-earlier-api-key", apiSecret: "an-earlier-secret" };
  const [retiring] = made.outputs!["retiring"] as { fingerprint: string }[];
  const outputs = {
    ...made.outputs,
    apiKey: hidden(parts.apiKey),
    apiSecret: hidden(parts.apiSecret),
    credential: hidden({ venue: "bitfinex", environment: "production", ...parts }),
    retiringCredentials: hidden({ [retiring!.fingerprint]: earlier }),
    ...changes,
  };
  return { ...made, id: "random", outputs };
}
const encrypted = (): unknown => secret();

test.each([
  ["encrypted", encrypted],
  ["in clear", secret],
])("a key whose secrets are %s: dummies that the provider reads, and all else as it was", (_, hidden) => {
  const before = key(hidden);
  const { resources, text } = redacted(exported([before]));
  const { outputs, ...others } = resources[0]!;
  expect(others).toEqual({ ...before, outputs: undefined, inputs: before.inputs });
  const kept = Object.entries(before.outputs!).filter(([, value]) => JSON.stringify(value) !== JSON.stringify(outputs));
  for (const [name, value] of kept.filter(([name]) => !/^(credential|apiKey|apiSecret|retiringCredentials)$/.test(name))) {
    expect([name, outputs![name]]).toEqual([name, value]);
  }
  expect(Object.keys(outputs!)).toEqual(Object.keys(before.outputs!));
  expect(text).not.toMatch(/ciphertext|an-api-key|the-secret|an-earlier/);

  const opened = JSON.parse(JSON.stringify(outputs), (_name, value: unknown) => {
    const plaintext = (value as { plaintext?: string } | null)?.plaintext;
    return plaintext === undefined ? value : JSON.parse(plaintext);
  }) as Members;
  expect(opened["credential"]).toEqual({ venue: "bitfinex", environment: "redacted", apiKey: "redacted", apiSecret: "redacted" });
  const { current, retiring } = recordOf(opened, () => ({}));
  expect(current.credential).toMatchObject({ kind: "api-key", apiKey: "redacted" });
  expect(retiring.map(({ credential }) => credential.kind)).toEqual(["api-key"]);
});

test("a credential has the parts of its kind, and the environment that the configuration says", () => {
  const type = "pulumi:providers:pulumi-nodejs";
  const accounts = JSON.stringify({ main: { venue: "okx", environment: "eea" } });
  const provider = { urn: urnOf("default", type), type, inputs: { "exchange-keys:accounts": accounts } };
  const without = { apiKey: undefined, apiSecret: undefined, retiringCredentials: encrypted(), retiring: [] };
  const token = key(encrypted, { ...without, token: encrypted() });
  const phrase = key(encrypted, { passphrase: encrypted() });
  const pair = key(encrypted, { apiSecret: undefined, keyType: "public-key" });
  const { resources } = redacted(exported([provider, token, phrase, pair]));
  const where = { venue: "bitfinex", environment: "eea" };
  expect(resources.slice(1).map(({ outputs }) => outputs!["credential"])).toEqual([
    dummy({ ...where, token: "redacted" }),
    dummy({ ...where, apiKey: "redacted", apiSecret: "redacted", passphrase: "redacted" }),
    dummy({ ...where, apiKey: "redacted", keyType: "public-key" }),
  ]);
  expect(resources[1]!.outputs!["retiringCredentials"]).toEqual(dummy({}));
});

test("secrets anywhere: in arrays, in each other's company, in inputs, configuration, foreign resources and the stack's outputs", () => {
  const foreign = {
    urn: urnOf("db", "aws:rds/instance:Instance"),
    type: "aws:rds/instance:Instance",
    inputs: { list: [1, secret(), { deep: [[secret("a-very-plain-secret")]] }], __proto__: null, size: 2 },
    outputs: {
      all: secret({ password: "another-plain-secret" }),
      marked: { [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", secret: true, value: "s3cret-output" },
    },
  };
  const type = "pulumi:providers:pulumi-nodejs";
  const provider = { urn: urnOf("default", type), type, inputs: { version: "1", "exchange-keys:accounts": secret() } };
  const stack = {
    urn: "urn:pulumi:production::desk::pulumi:pulumi:Stack::desk-production",
    type: "pulumi:pulumi:Stack",
    outputs: { c: secret() },
  };
  const { resources } = redacted(exported([stack, provider, foreign]));
  expect(resources[0]!.outputs).toEqual({ c: dummy() });
  expect(resources[1]!.inputs).toEqual({ version: "1", "exchange-keys:accounts": dummy() });
  expect(resources[2]!.inputs).toEqual({ list: [1, dummy(), { deep: [[dummy()]] }], size: 2 });
  expect(resources[2]!.outputs).toEqual({ all: dummy(), marked: dummy() });
});

test("the secrets provider and pending operations go; what marks assets and a plain member named ciphertext stay", () => {
  const asset = { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", hash: "abc", text: "x" };
  const plain = {
    urn: urnOf("k", "aws:kms/ciphertext:Ciphertext"),
    type: "aws:kms/ciphertext:Ciphertext",
    outputs: { asset, ciphertext: "plain" },
  };
  const { deployment, resources } = redacted(
    exported([plain], { pending_operations: [{ type: "creating", resource: { inputs: secret() } }] }),
  );
  expect(Object.keys(deployment)).toEqual(["manifest", "resources", "metadata"]);
  expect(resources).toEqual([plain]);
});

test("an empty stack", () => {
  expect(redacted(JSON.stringify({ version: 3, deployment: {} })).deployment).toEqual({});
});

test("twice is once", () => {
  const { text } = redact(exported([key(encrypted)]));
  expect(redact(text).text).toBe(text);
});

describe("what is refused", () => {
  const ours = { urn: urnOf("x", "a:b:C"), type: "a:b:C" };
  const left: readonly (readonly [what: string, outputs: Members, path: string])[] = [
    ["a ciphertext that stands elsewhere too", { a: secret(), b: "v1:AAAA:BBBB" }, "deployment.resources[0].outputs.b"],
    ["what looks encrypted", { b: ["v1:c2FsdHNhbHRzYWx0:c2FsdA=="] }, "deployment.resources[0].outputs.b[0]"],
    [
      "a plain secret that stands elsewhere too",
      { a: secret({ p: "hunter2-hunter2" }), b: "u:hunter2-hunter2@h" },
      "outputs.b holds, in clear",
    ],
    ["a plain secret that is a name elsewhere", { a: secret("hunter2-hunter2"), b: { "hunter2-hunter2": 1 } }, "a name in deployment"],
    ["a mark that nobody knows", { b: { [SIGNATURE]: "new", ciphertext: "x" } }, "deployment.resources[0].outputs.b is marked"],
  ];
  test.each(left)("%s", (_, outputs, path) => {
    const act = (): unknown => redact(exported([{ ...ours, outputs }]));
    expect(act).toThrow(path);
    expect(act).not.toThrow("hunter2");
  });

  const others: readonly (readonly [what: string, text: string, said: string])[] = [
    ["nothing", " \n", "nothing came"],
    ["a truncated export", exported([key(encrypted)]).slice(0, -20), "it isn't one whole JSON document"],
    ["two documents", exported([]) + exported([]), "it isn't one whole JSON document"],
    ["a preview", JSON.stringify({ steps: [], changeSummary: {} }), "it is a preview, not an export"],
    ["another document", "[1]", "it isn't what pulumi stack export prints"],
    ["a checkpoint of a backend", JSON.stringify({ version: 3, checkpoint: {} }), "it isn't what pulumi stack export prints"],
    ["a later format", JSON.stringify({ version: 9, deployment: {} }), "version 9"],
    ["resources that aren't a list", JSON.stringify({ version: 3, deployment: { resources: { a: 1 } } }), "isn't a list"],
    ["resources that aren't objects", exported([1]), "isn't a list"],
  ];
  test.each(others)("%s", async (_, stdin, said) => {
    const { code, out, err } = await run(["redact"], { cwd: "/", env: {}, stdin });
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(said);
  });

  test("nesting without end", async () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const stdin = exported([{ ...ours, outputs: { deep: "DEEP" } }]).replace('"DEEP"', deep);
    const { code, out, err } = await run(["redact"], { cwd: "/", env: {}, stdin });
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("nested too deep");
  });

  test("a file that isn't there, and what would leave a secret", async () => {
    expect(await run(["redact", "--from", "/no/such/file"], { cwd: "/", env: {} })).toMatchObject({ code: 2, out: "" });
    const stdin = exported([{ ...ours, outputs: { a: secret(), b: "v1:AAAA:BBBB" } }]);
    const { code, out, err } = await run(["redact"], { cwd: "/", env: {}, stdin });
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("redact: nothing is written: deployment.resources[0].outputs.b holds something encrypted");
    expect(err).not.toContain("AAAA");
  });
});

test("50 MB, ten thousand secrets in clear", async () => {
  const text = "a text as long as that of a provider, which repeats; ".repeat(40);
  const many = Array.from({ length: 10_000 }, (_, n) => ({
    urn: urnOf(`r${n}`, "a:b:C"),
    type: "a:b:C",
    inputs: { __provider: text },
    outputs: { __provider: text, n, own: `text ${n} `.repeat(60), secret: secret(`a-plain-secret-${n}`) },
  }));
  const stdin = exported(many);
  expect(stdin.length).toBeGreaterThan(50_000_000);
  const { code, out, err } = await run(["redact"], { cwd: "/", env: {}, stdin });
  expect([code, err]).toEqual([0, "redact: 10000 secrets replaced, in a state of 10000 resources\n"]);
  expect(out).not.toContain("a-plain-secret");
  expect((JSON.parse(out) as { deployment: { resources: unknown[] } }).deployment.resources).toHaveLength(10_000);
});

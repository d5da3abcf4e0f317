// That `exchange-keys redact` leaves nothing secret: by what a key's outputs are and not by their marks, and in whatever form it stands elsewhere.

import { redact } from "../../cli/redact/redact";
import { proved, type Found } from "../../cli/redact/proof";
import { dummySecret } from "../../cli/redact/secret";
import { SIGNATURE } from "../../provider/preview/document";
import { secret, state as recorded, urnOf } from "../ceremony/documents";

type Members = Record<string, unknown>;

const CIPHER = "v1:2opi/AAAABBBBCCC:c2VjcmV0c2VjcmV0c2VjcmV0";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const encrypted = (ciphertext = CIPHER): Members => ({ [SIGNATURE]: secret()[SIGNATURE], ciphertext });

const exported = (...resources: readonly unknown[]): string => JSON.stringify({ version: 3, deployment: { resources } });
const foreign = (outputs: Members): Members => ({ urn: urnOf("x", "a:b:C"), type: "a:b:C", outputs });
const accounts = (environment: unknown): Members => ({
  type: "pulumi:providers:pulumi-nodejs",
  urn: urnOf("default", "pulumi:providers:pulumi-nodejs"),
  inputs: { "exchange-keys:accounts": JSON.stringify({ main: { venue: "bitfinex", environment } }) },
});

/** A key with these outputs beside those that every key has. */
function key(outputs: Members, more: Members = {}): Members {
  const made = recorded("maker", 2, [1]);
  return { ...made, ...more, outputs: { ...made.outputs, credential: encrypted(), retiringCredentials: encrypted(), ...outputs } };
}

/** What stands in the state for the outputs of a key; dummies opened. */
function outputsOf(...resources: readonly Members[]): Members {
  const { text } = redact(exported(...resources));
  const { deployment } = JSON.parse(text) as { deployment: { resources: { outputs: Members }[] } };
  return JSON.parse(JSON.stringify(deployment.resources.at(-1)!.outputs), (_, value: unknown) => {
    const plaintext = (value as { plaintext?: string } | null)?.plaintext;
    return plaintext === undefined ? value : (JSON.parse(plaintext) as unknown);
  }) as Members;
}

describe("a dummy says words of ours, and nothing else", () => {
  const own = { apiKey: encrypted(), apiSecret: encrypted() };
  const dummy = { venue: "redacted", environment: "redacted", apiKey: "redacted", apiSecret: "redacted" };
  test.each<[string, Members, Members]>([
    ["a venue marked as secret", { venue: encrypted() }, {}],
    ["a short one, in clear", { venue: secret("abc") }, {}],
    ["a venue that nobody knows", { venue: "hunter2" }, {}],
    ["an environment marked as secret", { environment: encrypted() }, { venue: "bitfinex" }],
    ["an environment that nobody knows", { environment: "hunter2" }, { venue: "bitfinex" }],
    ["a type of key", { keyType: "hunter2" }, { venue: "bitfinex" }],
    ["the environment of a key that a person made", { environment: "production" }, { venue: "bitfinex", environment: "production" }],
  ])("%s", (_, outputs, said) => {
    expect(outputsOf(key({ ...own, ...outputs }))["credential"]).toEqual({ ...dummy, ...said });
  });

  test.each([
    ["production", "production"],
    ["hunter2", "redacted"],
    [{ secret: "hunter2" }, "redacted"],
  ])("an environment in the configuration: %j", (environment, said) => {
    expect(outputsOf(accounts(environment), key(own))["credential"]).toMatchObject({ environment: said });
  });

  test("fingerprints alone name retiring credentials", () => {
    const retiring = [{ fingerprint: encrypted() }, { fingerprint: "hunter2" }, { fingerprint: "0123456789abcdef" }, "hunter2"];
    expect(outputsOf(key({ retiring }))["retiringCredentials"]).toEqual({ "0123456789abcdef": expect.anything() });
  });
});

describe("a key's secret outputs, whatever their marks", () => {
  const parts = { apiKey: "the-key-itself", apiSecret: "hunter2-hunter2", passphrase: "hunter2-passphrase", token: "hunter2-token" };
  const clear = {
    ...parts,
    credential: { venue: "bitfinex", environment: "production", ...parts, deep: [encrypted("another-ciphertext")] },
    retiringCredentials: { "0123456789abcdef": { apiSecret: "hunter2-earlier" } },
  };
  test.each<[string, Members]>([
    ["of a key", {}],
    ["of one that is to be deleted", { delete: true, external: false }],
    ["of a kind that only a newer release has", { type: "pulumi-nodejs:dynamic/exchange-keys/moonbase:Key" }],
  ])("unmarked, %s", (_, more) => {
    const { text, secrets } = redact(exported(key(clear, more)));
    expect(text).not.toMatch(/hunter2|the-key-itself|another-ciphertext/);
    expect(secrets).toBe(6);
  });
  test.each(Object.keys(clear))("%s alone, and among the inputs", (name) => {
    const value = clear[name as keyof typeof clear];
    const state = key({ [name]: value });
    const { text } = redact(exported({ ...state, inputs: { ...(state["inputs"] as Members), [name]: value } }));
    expect(text).not.toMatch(/hunter2|the-key-itself/);
  });
  test("one that isn't there stays so", () => {
    expect(outputsOf(key({ token: null }))).toMatchObject({ token: null });
  });
  test("outputs of another shape are refused", () => {
    expect(() => redact(exported({ ...key({}), outputs: ["hunter2"] }))).toThrow("the outputs of a key aren't a map");
  });
  test("they stand nowhere else either", () => {
    expect(() => redact(exported(key(clear), foreign({ url: "u:hunter2-hunter2@h" })))).toThrow("resources[1].outputs.url holds, in clear");
    expect(() => redact(exported(key(clear), foreign({ url: "another-ciphertext" })))).toThrow("outputs.url holds something encrypted");
  });
});

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const PEM = '-----BEGIN KEY-----\nMIIB/+a "quoted" <é>\n-----END KEY-----\n';
const LONG = "correct horse battery staple, ".repeat(5);

describe("what was taken out, elsewhere in clear", () => {
  test.each<[string, unknown, unknown]>([
    ["a number as one", 4711471147, 4711471147],
    ["a number in a text", 4711471147, "no. 4711471147."],
    ["a text as a number", "4711471147", 4711471147],
    ["a number in a list", [[4711471147]], 4711471147],
    ["a name in a map", { "hunter2-hunter2": 1 }, "of hunter2-hunter2"],
    ["a name as a name", { deep: [{ "hunter2-hunter2": {} }] }, { "hunter2-hunter2": 1 }],
    ["a credential in a structured text", JSON.stringify({ main: { venue: "v", apiSecret: "hunter2-hunter2" } }), "hunter2-hunter2"],
    ["what is called a venue", { venue: "hunter2-hunter2" }, "hunter2-hunter2"],
    ["what is called an environment", { environment: "hunter2-hunter2", keyType: "x" }, ["hunter2-hunter2"]],
    ["JSON in a text", PEM, JSON.stringify({ pem: PEM })],
    ["JSON in JSON in a text", PEM, JSON.stringify([JSON.stringify({ pem: PEM })])],
    ["JSON as Go writes it", PEM, JSON.stringify(PEM).replaceAll("<", "\\u003c").replaceAll(">", "\\u003E").replaceAll("é", "\\u00e9")],
    ["JSON as PHP writes it", PEM, JSON.stringify(PEM).replaceAll("/", "\\/")],
    ["a part of a URL", PEM, `https://h/?q=${encodeURIComponent(PEM)}`],
    ["a part of one, in small letters", PEM, encodeURIComponent(PEM).replace(/%../g, (byte) => byte.toLowerCase())],
    ["a form's field", "a b+c&d=e/f", new URLSearchParams({ "a b+c&d=e/f": "1" }).toString()],
    ["JSON in a URL", PEM, encodeURIComponent(JSON.stringify(PEM))],
    ["base64", "hunter2-hunter2", base64("hunter2-hunter2")],
    ["base64 after one other", "hunter2-hunter2", `Basic ${base64("a:hunter2-hunter2")}`],
    ["base64 among others", "hunter2-hunter2", base64("user:hunter2-hunter2@host")],
    ["base64 of a URL", "???>>>???>>>", base64("user:???>>>???>>>").replaceAll("/", "_").replaceAll("+", "-")],
    ["base64 in lines", LONG, base64(LONG).replace(/.{76}/g, "$&\n")],
    ["base64 of JSON", PEM, base64(JSON.stringify({ pem: PEM }))],
    ["base64 in a URL", "???>>>???>>>", encodeURIComponent(base64("?:???>>>???>>>"))],
    ["hex", "hunter2-hunter2", Buffer.from("hunter2-hunter2").toString("hex").toUpperCase()],
    ["lines, indented", PEM, PEM.replaceAll("\n", "\n    ")],
  ])("%s", (_, hidden, elsewhere) => {
    const act = (): unknown => redact(exported(foreign({ hidden: secret(hidden), elsewhere })));
    expect(act).toThrow("holds, in clear, what is secret elsewhere");
    expect(act).not.toThrow(/hunter2|4711/);
    expect(redact(exported(foreign({ hidden: secret(hidden), elsewhere: "of no interest" }))).secrets).toBe(1);
  });

  test("the value of a marked output", () => {
    const marked = { [SIGNATURE]: OUTPUT, secret: true, value: { password: "hunter2-hunter2" } };
    expect(() => redact(exported(foreign({ marked, b: "hunter2-hunter2" })))).toThrow("outputs.b holds, in clear");
  });

  test("a secret in the export's own members", () => {
    const given = { ...(JSON.parse(exported()) as Members), more: [secret("hunter2-hunter2"), encrypted()] };
    expect(JSON.parse(redact(JSON.stringify(given)).text)).toMatchObject({ more: [dummySecret("redacted"), dummySecret("redacted")] });
  });

  test("the advice is to mark it, not to look away", () => {
    const act = (): unknown => redact(exported(foreign({ a: secret("hunter2-hunter2"), b: "hunter2-hunter2" })));
    expect(act).toThrow("mark it as secret in the program (pulumi.secret), or take it out, and run pulumi up");
  });

  test("no path says a secret name", () => {
    const b = { "hunter2-hunter2": { c: CIPHER, d: { [SIGNATURE]: "new" } } };
    expect(() => redact(exported(foreign({ a: secret("hunter2-hunter2"), b })))).toThrow("a name in deployment.resources[0].outputs.b");
  });

  test.each<[string, unknown, unknown]>([
    ["a short secret", "hunter2", "hunter2"],
    ["a property's name", { password: "x", connectionString: 1, DATABASE_URL: "y" }, { password: 1, connectionString: "DATABASE_URL" }],
    ["words of ours", { on: "bitfinex", in: "production" }, ["bitfinex", "production"]],
    ["what names a key", secret({ maker: 1, "0123456789abcdef": {} }), "0123456789abcdef"],
    ["a dummy", "redacted", "redacted"],
  ])("nothing secret: %s", (_, hidden, elsewhere) => {
    const own = key({ fingerprint: "0123456789abcdef" });
    expect(redact(exported(own, foreign({ hidden: secret(hidden), elsewhere }))).resources).toBe(2);
  });
});

describe("nothing encrypted is left", () => {
  test.each<[string, unknown]>([
    ["within a text", `x ${CIPHER} y`],
    ["in a name", { [CIPHER]: 1 }],
    ["in JSON", JSON.stringify({ a: [CIPHER] })],
    ["in a URL", encodeURIComponent(CIPHER)],
    ["what looks so, in JSON", JSON.stringify(CIPHER.replace("2opi", "AAAA")).replaceAll("/", "\\/")],
    ["of another manager, within a text", "x AQICAHhAciphertext/of+KMS== y"],
    ["what looks so, within a text", `x ${CIPHER.replace("2opi", "AAAA")} y`],
  ])("%s", (_, elsewhere) => {
    const hidden = [encrypted(), encrypted("AQICAHhAciphertext/of+KMS==")];
    expect(() => redact(exported(foreign({ hidden, elsewhere })))).toThrow("holds something encrypted outside a secret");
  });

  test("beside a mark that has none", () => {
    const asset = { [SIGNATURE]: ASSET, ciphertext: "short" };
    expect(() => redact(exported(foreign({ asset })))).toThrow("outputs.asset still holds a ciphertext");
    const output = { [SIGNATURE]: OUTPUT, secret: false, ciphertext: "short" };
    expect(() => redact(exported(foreign({ output })))).toThrow("outputs.output still holds a ciphertext");
  });

  test("a secret that nothing stands for", () => {
    const found: Found = { ciphertexts: new Set(), plain: [], dummies: new WeakSet(), names: new Set(), secrets: 0 };
    expect(() => {
      proved({ a: secret("hunter2") }, found);
    }).toThrow("a is a secret that wasn't replaced");
    const dummy = dummySecret("redacted");
    found.dummies.add(dummy);
    expect(() => {
      proved({ a: dummy }, found);
    }).not.toThrow();
  });
});

test("ten thousand keys, with much that reads in more than one way", () => {
  const unlike = (n: number): string => Buffer.from(`${n} `.repeat(200)).toString("base64");
  const many = Array.from({ length: 10_000 }, (_, n) => ({
    ...foreign({ hidden: encrypted(`AQICAHh${unlike(n)}`), own: JSON.stringify({ n, text: `line ${n}\n`.repeat(20) }), at: `%20${n}` }),
    inputs: { key: secret(`${PEM}${n}`), "-": secret({ [`name-${n}`]: 4711471147 + n }) },
  }));
  const began = process.cpuUsage(); // processor time: the machine may have other work
  expect(redact(exported(...many)).secrets).toBe(30_000);
  expect(process.cpuUsage(began).user / 1e6).toBeLessThan(20);
});

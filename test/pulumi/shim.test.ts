// What a program puts into the state of every resource: the serialized provider, the type tokens, the names of secret outputs. Frozen,
// since `destroy` and `refresh` of any later release run what stands in the state.

import { VENUES } from "../../provider/venues/registry";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import * as runtime from "../../provider/pulumi/runtime";
import { UNKNOWN } from "../../provider/pulumi/unknown";
import { SECRET_OUTPUTS } from "../../provider/core/record";
import { runProgram, type Ran } from "./program";

let ran: Ran;
beforeAll(async () => {
  ran = await runProgram(`
    const secret = pulumi.secret("a-secret-of-the-program");
    const token = (name, alias, more) => new keys.bitfinex.AccessToken(name, {
      account: keys.bitfinex.account(alias, { holder: "desk" }), permissions: { account: "read" }, lifetime: "24h", allowedIps: "anywhere", ...more,
    });
    token("one", "main", { purpose: "a purpose that is nobody's business" });
    token("two", "other", { allowedIps: { "203.0.113.10": "gateway" }, rotation: { every: "1h" }, reissue: secret });
  `);
});

const text = (): string => ran.registered[0]!.inputs.__provider;

test("the serialized provider is small", () => {
  expect(Buffer.byteLength(text())).toBeGreaterThan(500);
  expect(Buffer.byteLength(text())).toBeLessThanOrEqual(1_100);
});

test("it is the same for every resource, alias and program", async () => {
  expect(ran.registered.map(({ inputs }) => inputs.__provider)).toEqual([text(), text()]);
  const other = await runProgram(`new keys.bitfinex.AccessToken("three", {
    account: keys.bitfinex.account("third"), permissions: { orders: "read-write" }, lifetime: "60s", allowedIps: ["203.0.113.7"], strict: true,
  });`);
  expect(other.registered[0]!.inputs.__provider).toBe(text());
});

test("it holds nothing of the program, and captures nothing", () => {
  for (const word of ["a-secret-of-the-program", "nobody", "main", "other", "desk", "203.0.113", "24h", "acme", "fleet", "live"]) {
    expect(text()).not.toContain(word);
  }
  // What a function captures is written into the `with` block around it: what there is captures nothing, the outermost has the shim itself.
  const captured = [...text().matchAll(/with\(\{(.*?)\}\)/g)].map(([, members]) => members!.trim());
  const nothing = "this: undefined, arguments: undefined";
  expect(captured.sort()).toEqual([`provider: __provider, ${nothing}`, ...Array<string>(2).fill(nothing)]);
});

test("the specifier and what it is told are frozen", () => {
  const calls = [...text().matchAll(/require\("([^"]+)"\)\.(\w+)\((\{[^}]*\})\)/g)].map(([, ...parts]) => parts);
  expect(calls).toEqual([["pulumi-exchange-keys/runtime", "attach", "{ version: 1, provider: this, config: request.config }"]]);
});

describe("the provider that its text makes", () => {
  const METHODS = ["check", "diff", "create", "read", "update", "delete"] as const;
  type Made = Record<(typeof METHODS)[number], (...args: unknown[]) => unknown> & { configure(request: object): Promise<void> };
  /** As the provider process makes it; `require` is what the text finds. */
  function made(require: (name: string) => unknown): Made {
    const exports: { handler?: () => Made } = {};
    new Function("exports", "require", text())(exports, require);
    return exports.handler!();
  }

  test("takes nothing for done where the package can't be loaded: not before it was asked for, and not after it was missing", () => {
    const provider = made(() => {
      throw new Error("Cannot find module");
    });
    const all = (): void => {
      for (const method of METHODS) expect(() => provider[method]("id", {}, {})).toThrow("pulumi-exchange-keys couldn't be loaded");
    };
    all();
    expect(() => provider.configure({ config: {} })).toThrow("Cannot find module");
    all();
  });

  test("has every method as soon as it was asked to configure itself, without waiting", () => {
    const provider = made(() => runtime);
    const before = METHODS.map((method) => provider[method]);
    void provider.configure({ config: {} });
    METHODS.forEach((method, index) => expect(provider[method]).not.toBe(before[index]));
  });

  test("has none where its configuration can't be had", () => {
    const provider = made(() => runtime);
    const config = { get: () => { throw new TypeError("no configuration") } }; // prettier-ignore
    expect(() => provider.configure({ config })).toThrow("no configuration");
    for (const method of METHODS) expect(() => provider[method]("id", {}, {})).toThrow("couldn't be loaded");
  });

  test("refuses to act for the text of a later release, in every method", async () => {
    const provider = made(() => ({ attach: (given: runtime.Attachment) => runtime.attach({ ...given, version: 2 }) }));
    await provider.configure({ config: {} });
    for (const method of METHODS) await expect(provider[method]("id", {}, {})).rejects.toThrow("written by a later release");
  });
});

test("the type tokens are frozen", () => {
  expect(new Set(ran.registered.map(({ type }) => type))).toEqual(new Set(["pulumi-nodejs:dynamic/exchange-keys/bitfinex:AccessToken"]));
});

test("the identity is made of organization, project, stack, type and name", () => {
  const [one, two] = ran.registered.map(({ inputs }) => inputs["identity"]);
  const type = "pulumi-nodejs:dynamic/exchange-keys/bitfinex:AccessToken";
  expect(one).toEqual({ organization: "acme", project: "fleet", stack: "live", type, name: "one" });
  expect(two).toEqual({ ...(one as object), name: "two" });
});

test("every output that may hold a secret is declared secret", () => {
  for (const { secretOutputs } of ran.registered) expect([...secretOutputs].sort()).toEqual([...SECRET_OUTPUTS].sort());
});

test("inputs are what the program said, the handle's defaults first", () => {
  const [one, two] = ran.registered.map(({ inputs }) => inputs);
  expect(one).toMatchObject({ account: "main", venue: "bitfinex", kind: "AccessToken", holder: "desk", permissions: { account: "read" } });
  expect(two).toMatchObject({
    allowedIps: { "203.0.113.10": "gateway" },
    rotation: { every: "1h" },
    reissue: { value: "a-secret-of-the-program" },
  });
});

test("a program that imports the package loads neither zod, nor got, nor a queue, nor a driver, nor the runtime", async () => {
  const { loaded } = await runProgram("");
  const ours = loaded.filter((file) => /[\\/]provider[\\/]dist[\\/]/.test(file)).map((file) => file.replace(/^.*dist[\\/]/, ""));
  const venues = Object.keys(VENUES).flatMap((id) => [`venues/${id}/least.js`, `venues/${id}/resource.js`]);
  expect(ours.sort()).toEqual(["index.js", "pulumi/bot.js", "pulumi/resource.js", "pulumi/shim.js", ...venues].sort());
  expect(loaded.filter((file) => /[\\/]node_modules[\\/](zod|got|p-queue|ipaddr\.js)[\\/]/.test(file))).toEqual([]);
});

test("nor does a program that declares a key", () => {
  expect(ran.loaded.filter((file) => /[\\/]node_modules[\\/](zod|got|p-queue|ipaddr\.js)[\\/]/.test(file))).toEqual([]);
  expect(ran.loaded.filter((file) => /dist[\\/](core|http|journal|venues[\\/]\w+[\\/](?!resource|least))/.test(file))).toEqual([]);
});

test("a handle of another venue is refused where it is used", async () => {
  const failed = await runProgram(`new keys.bitfinex.AccessToken("x", { account: { venue: "okx", alias: "main", defaults: {} } });`).catch(
    (error: { stderr: string }) => error,
  );
  expect(failed.stderr).toContain(`bitfinex.AccessToken "x": account isn't a handle of bitfinex; make one with bitfinex.account`);
});

test("the sentinel of unknown values is Pulumi's", () => {
  expect(UNKNOWN).toBe(unknownValue);
});

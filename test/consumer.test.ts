// examples/consumer without an engine: what its delivery and its bot do with input that is cut off, wrong or open to others, and that no secret is
// printed then. test/e2e/consumer.test.ts has them through a renewal.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { start, type Ended } from "./e2e/processes";
import { found } from "./e2e/traces";

const EXAMPLE = join(__dirname, "../examples/consumer");
const SECRETS = { apiKey: "KEYk3yK3Y0123456789", apiSecret: "SECRETs3cr3t0123456789abcdef" };
const WHOLE = JSON.stringify({ venue: "bybit", environment: "production", ...SECRETS }, undefined, 2);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exchange-keys-consumer-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

/** No line of it, and no line of Node's about an error, has a part of the credential. */
function quiet(ended: Ended): Ended {
  expect(found(SECRETS, { text: ended.text })).toEqual([]);
  expect(ended.text).not.toMatch(/KEYk3y|SECRETs3/);
  return ended;
}

/** Delivers what a `pulumi` says that prints and ends so. */
function deliver(printed: string, { code = 0, preload = [] as readonly string[], complaint = "" } = {}): Promise<Ended> {
  mkdirSync(at("bin"), { recursive: true });
  writeFileSync(at("printed"), printed);
  writeFileSync(at("complaint"), complaint);
  writeFileSync(at("bin/pulumi"), `#!/bin/sh\ncat '${at("printed")}'\ncat '${at("complaint")}' >&2\nexit ${code}\n`);
  chmodSync(at("bin/pulumi"), 0o755);
  const PATH = [at("bin"), process.env["PATH"]].join(delimiter);
  return start(process.execPath, [...preload, join(EXAMPLE, "deliver.mjs"), "dev", at("maker.json")], folder, { PATH }).ended;
}

describe("delivery", () => {
  const FORMER = '{"apiKey":"former","apiSecret":"former"}';
  beforeEach(() => writeFileSync(at("maker.json"), FORMER));

  test.each([
    ["cut off", WHOLE.slice(0, -20)],
    ["on one line, cut off", JSON.stringify(SECRETS).slice(0, -3)],
    ["raw", SECRETS.apiSecret],
    ["null", "null\n"],
    ["nothing", ""],
    ["what stands for a secret", '"[secret]"\n'],
    ["half a credential", JSON.stringify({ apiSecret: SECRETS.apiSecret, apiKey: "" })],
    ["a key that is no text", JSON.stringify({ apiSecret: SECRETS.apiSecret, apiKey: {} })],
  ])("of %s: refused, and what was there stays", async (_, printed) => {
    const { code, stderr } = quiet(await deliver(printed));
    expect([code, stderr]).toEqual([1, "the output credential of dev is none; what was delivered stays\n"]);
    expect(readFileSync(at("maker.json"), "utf8")).toBe(FORMER);
    expect(readdirSync(folder).filter((name) => name.endsWith(".new"))).toEqual([]);
  });

  test("a pulumi that fails after it has printed all: nothing of what it said is repeated", async () => {
    const { code, stderr } = quiet(await deliver(WHOLE, { code: 255, complaint: `error: ${WHOLE}` }));
    expect(code).toBe(1);
    expect(stderr).toBe(
      "pulumi ended with 255; it says why by: pulumi stack output credential --show-secrets --json --non-interactive --stack=dev > /dev/null\n",
    );
    expect(readFileSync(at("maker.json"), "utf8")).toBe(FORMER);
  });

  test("there is no pulumi", async () => {
    const ended = start(process.execPath, [join(EXAMPLE, "deliver.mjs"), "dev", at("maker.json")], folder, { PATH: at("none") }).ended;
    expect(await ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/^pulumi ended with ENOENT; /) as string });
  });

  test("it is written, on the disk, and only then in its place", async () => {
    const trace = [
      'const fs = require("node:fs"), { basename } = require("node:path");',
      'for (const name of ["openSync", "writeFileSync", "fsyncSync", "renameSync"]) {',
      "  const real = fs[name];",
      "  fs[name] = (...args) => {",
      '    if (name !== "openSync" || args[1] === "wx") process.stdout.write(`${name}${name === "openSync" ? ` ${args[2].toString(8)}` : ""}\\n`);',
      "    return real(...args);",
      "  };",
      "}",
      'require("node:module").syncBuiltinESMExports();',
    ];
    writeFileSync(at("trace.cjs"), trace.join("\n"));
    const { code, stdout } = quiet(await deliver(WHOLE, { preload: ["--require", at("trace.cjs")] }));
    expect([code, stdout]).toEqual([0, "openSync 600\nwriteFileSync\nfsyncSync\nrenameSync\n"]);
    expect(readFileSync(at("maker.json"), "utf8")).toBe(WHOLE);
    expect(statSync(at("maker.json")).mode & 0o777).toBe(0o600);
  });

  test("a bot's token is one too", async () => {
    expect(await deliver('{"token":"a"}')).toMatchObject({ code: 0, text: "" });
  });
});

describe("the bot", () => {
  const bot = (env: NodeJS.ProcessEnv): Promise<Ended> => start(process.execPath, [join(EXAMPLE, "bot/bot.mjs")], folder, env).ended;
  /** Where nobody answers. */
  const nowhere = { BYBIT_URL: "http://127.0.0.1:9", EVERY_MS: "60000" };

  test.each([
    ["cut off", WHOLE.slice(0, -20)],
    ["on one line, cut off", JSON.stringify(SECRETS).slice(0, -3)],
    ["raw", SECRETS.apiSecret],
    ["null", "null"],
    ["without the secret", JSON.stringify({ apiKey: SECRETS.apiKey })],
    ["with a line break in its key", JSON.stringify({ ...SECRETS, apiKey: `${SECRETS.apiKey}\n` })],
    ["empty", ""],
  ])("a file that is %s ends it, and shows nothing", async (_, text) => {
    const file = at("maker.json");
    writeFileSync(file, text, { mode: 0o600 });
    const { code, stdout, stderr } = quiet(await bot({ CREDENTIAL_FILE: file, ...nowhere }));
    expect([code, stdout, stderr]).toEqual([1, "", `${file} holds no credential\n`]);
  });

  test("no file, and no environment", async () => {
    expect(await bot({ CREDENTIAL_FILE: at("none"), ...nowhere })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^ENOENT.*\n$/) as string,
    });
    expect(await bot(nowhere)).toMatchObject({ code: 1, stderr: "the environment holds no credential\n" });
  });

  /** A Secret as the kubelet mounts it: a link to the folder of its version, and a link for each file. */
  function mounted(files: Readonly<Record<string, string>>, mode: number): string {
    const place = at("credential");
    mkdirSync(join(place, "..2026_11_23"), { recursive: true });
    symlinkSync("..2026_11_23", join(place, "..data"));
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(place, "..data", name), text);
      chmodSync(join(place, "..data", name), mode);
      symlinkSync(join("..data", name), join(place, name));
    }
    return place;
  }
  const reads = (env: NodeJS.ProcessEnv): Promise<Ended> => {
    const program = `import(${JSON.stringify(join(EXAMPLE, "bot/credential.mjs"))}).then(({ readCredential }) => console.log(JSON.stringify(readCredential(process.env))), () => undefined)`;
    return start(process.execPath, ["-e", program], folder, env).ended;
  };

  test("takes a mounted Secret: a file with all, or a file for each part, open to the pod's group and to nobody else", async () => {
    const whole = mounted({ "maker.json": WHOLE, ...SECRETS, apiSecret: `${SECRETS.apiSecret}\n` }, 0o440);
    for (const env of [{ CREDENTIAL_FILE: join(whole, "maker.json") }, { CREDENTIAL_FOLDER: whole }])
      expect(JSON.parse((await reads(env)).stdout)).toEqual(SECRETS);
    for (const name of ["maker.json", "apiSecret"]) chmodSync(join(whole, name), 0o444);
    for (const [env, name] of [
      [{ CREDENTIAL_FILE: join(whole, "maker.json") }, "maker.json"],
      [{ CREDENTIAL_FOLDER: whole }, "apiSecret"],
    ] as const) {
      const { code, stderr } = quiet(await bot({ ...env, ...nowhere }));
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining(`${name} can be read by others; take that from them, and reissue the key`),
      ]);
    }
  });

  test("never takes one version's key with another's secret", async () => {
    const place = mounted(SECRETS, 0o440);
    // As it would be found between two reads: the links lead to the next version, whose key is read first.
    const env = { CREDENTIAL_FOLDER: place, NODE_OPTIONS: `--require=${at("swap.cjs")}`, PLACE: place };
    const swap = [
      'const fs = require("node:fs"), { join } = require("node:path"), real = fs.readFileSync;',
      "const place = process.env.PLACE;",
      "fs.readFileSync = (file, ...rest) => {",
      "  const text = real(file, ...rest);",
      '  if (!String(file).endsWith("apiKey") || fs.existsSync(join(place, "..next"))) return text;',
      '  fs.mkdirSync(join(place, "..next"));',
      '  for (const name of ["apiKey", "apiSecret"]) fs.writeFileSync(join(place, "..next", name), `next-${name}`, { mode: 0o440 });',
      '  fs.symlinkSync("..next", join(place, "..data_tmp"));',
      '  fs.renameSync(join(place, "..data_tmp"), join(place, "..data"));',
      "  return text;",
      "};",
      'require("node:module").syncBuiltinESMExports();',
    ];
    writeFileSync(at("swap.cjs"), swap.join("\n"));
    expect(JSON.parse((await reads(env)).stdout)).toEqual(SECRETS);
    expect(existsSync(join(place, "..next"))).toBe(true);
  });

  test("refused while the file was being replaced, it asks once more with the new key, and then no more", async () => {
    const file = at("maker.json");
    writeFileSync(file, WHOLE, { mode: 0o600 });
    const next = { apiKey: "NEXTnextNEXTnext", apiSecret: "NEXTsecretNEXTsecret" };
    const asked: string[] = [];
    const server = createServer(({ url = "", headers }, response) => {
      const answer = (body: object): void => void response.setHeader("content-type", "application/json").end(JSON.stringify(body));
      if (url.startsWith("/v5/market/time")) return answer({ retCode: 0, result: { timeSecond: String(Math.floor(Date.now() / 1000)) } });
      asked.push(String(headers["x-bapi-api-key"]));
      // The first time the delivery overtakes the request; the second time the key is over for good.
      if (asked.length === 1) writeFileSync(file, JSON.stringify(next));
      if (asked.length === 2) return answer({ retCode: 0, result: { list: [{ totalEquity: "1" }] } });
      answer({ retCode: 10003, retMsg: "API key is invalid." });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const BYBIT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { code, stdout } = quiet(await bot({ CREDENTIAL_FILE: file, BYBIT_URL, EVERY_MS: "1" }));
      expect(asked).toEqual([SECRETS.apiKey, next.apiKey, next.apiKey]);
      expect([code, stdout]).toEqual([1, expect.stringMatching(/^key [0-9a-f]{16}\nkey [0-9a-f]{16}\nbalance 1\n$/)]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

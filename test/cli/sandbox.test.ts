// The command `exchange-keys sandbox` as a user runs it: what it prints, how it ends, what it refuses.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, rmSync, statSync, symlinkSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Control } from "../../sandbox/index";

const root = join(__dirname, "../..");
const command = join(root, "cli/dist/main.js");

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  readonly process: ChildProcess;
  /** What has been printed once `text` is complete on stdout. */
  printed(text: RegExp): Promise<string>;
  readonly ended: Promise<Ended>;
}

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

function start(args: readonly string[], main = command): Running {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (stdout += piece));
  child.stderr.setEncoding("utf8").on("data", (piece: string) => (stderr += piece));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr }));
  const printed = (text: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (text.test(stdout)) resolve(stdout);
      };
      child.stdout.on("data", look);
      void ended.then(() => reject(new Error(`ended before it printed ${text}: ${stderr}`)));
      look();
    });
  return { process: child, printed, ended };
}

const run = (args: readonly string[], main?: string): Promise<Ended> => start(args, main).ended;

interface Line {
  readonly venues: {
    readonly bitfinex: {
      readonly url: string;
      readonly console: string;
      readonly login: Record<string, string>;
      readonly account: Record<string, string>;
    };
  };
  readonly control: { readonly url: string; readonly token: string };
}

beforeAll(() => {
  if (!existsSync(command)) throw new Error(`${command} isn't there: build first with npm run build`);
});

test.each(["SIGINT", "SIGTERM"] as const)("--json: one line when ready, runs until %s, ends well", async (signal) => {
  const running = start(["sandbox", "--json"]);
  const line = JSON.parse(await running.printed(/\n/)) as Line;
  expect(Object.keys(line)).toEqual(["venues", "control"]);
  expect(line.venues.bitfinex.account).toEqual({
    apiKey: expect.stringMatching(/^sandbox-/),
    apiSecret: expect.stringMatching(/^sandbox-/),
  });
  expect(line.venues.bitfinex.console).toBe(`${line.venues.bitfinex.url}/console`);
  expect(line.venues.bitfinex.login).toEqual({
    email: "desk@example.com",
    password: expect.stringMatching(/^sandbox-/),
    totpSecret: expect.stringMatching(/^[A-Z2-7]{32}$/),
  });
  expect(await (await fetch(line.venues.bitfinex.console)).text()).toContain("Sandbox – not Bitfinex.");
  expect(await (await fetch(`${line.venues.bitfinex.url}/v2/platform/status`)).json()).toEqual([1]);
  expect(await new Control(line.control).get("/requests")).toMatchObject({ latest: 4 });
  running.process.kill(signal);
  const { code, stdout, stderr } = await running.ended;
  expect({ code, lines: stdout.trimEnd().split("\n").length, stderr }).toEqual({ code: 0, lines: 1, stderr: "" });
});

test("without --json: the same for people", async () => {
  const running = start(["sandbox"]);
  const text = await running.printed(/token +\S+\n/);
  expect(text).toMatch(/^The sandbox is ready; Ctrl-C ends it\.\n\nbitfinex {3}http:\/\/127\.0\.0\.1:\d+\n {2}apiKey {5}sandbox-/);
  expect(text).toMatch(
    /\n {2}console {4}http:\/\/127\.0\.0\.1:\d+\/console\n {2}email {6}\S+\n {2}password {3}sandbox-\S+\n {2}totpSecret [A-Z2-7]+\n/,
  );
  expect(text).not.toContain("undefined"); // not every venue has a console
});

test("it ends while it holds a request", async () => {
  const running = start(["sandbox", "--json"]);
  const { venues, control } = JSON.parse(await running.printed(/\n/)) as Line;
  const fault = await new Control(control).post<{ id: string }>("/faults", {
    venue: "bitfinex",
    match: { path: "/v2/platform/status" },
    kind: "hold",
  });
  const answer = fetch(`${venues.bitfinex.url}/v2/platform/status`).catch(() => "cut off");
  await new Control(control).get(`/faults/${fault.id}/wait`);
  running.process.kill("SIGTERM");
  expect((await running.ended).code).toBe(0);
  expect(await answer).toBe("cut off");
});

test("--state keeps the credentials from run to run", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-cli-"));
  try {
    const accounts: unknown[] = [];
    for (let n = 0; n < 2; n++) {
      const running = start(["sandbox", "--json", "--state", join(folder, "state.json")]);
      accounts.push((JSON.parse(await running.printed(/\n/)) as Line).venues.bitfinex.account);
      running.process.kill("SIGINT");
      await running.ended;
    }
    expect(accounts[0]).toEqual(accounts[1]);
    expect(statSync(join(folder, "state.json")).mode & 0o777).toBe(0o600);
    writeFileSync(join(folder, "state.json"), "nonsense");
    const { code, stderr } = await run(["sandbox", "--state", join(folder, "state.json")]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("not a state file of this sandbox") });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("--port-base: the control API there, the venues next; a taken port is a sentence", async () => {
  const base = await twoFreePorts();
  const running = start(["sandbox", "--json", "--port-base", String(base), "--venues", "bitfinex"]);
  const { venues, control } = JSON.parse(await running.printed(/\n/)) as Line;
  expect([control.url, venues.bitfinex.url]).toEqual([`http://127.0.0.1:${base}`, `http://127.0.0.1:${base + 1}`]);
  const { code, stdout, stderr } = await run(["sandbox", "--json", "--port-base", String(base)]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toBe(`exchange-keys: sandbox: control: port ${base} of 127.0.0.1 is taken; choose another port base, or 0\n`);
});

test.each([
  [["sandbox", "--venues", "bitfinex,nowhere"], 'it has no venue "nowhere"; there is bitfinex'],
  [["sandbox", "--venues", "bitfinex,,"], "separated by commas"],
  [["sandbox", "--port-base", "65535"], "0 to 65000"],
  [["sandbox", "--port-base", "-1"], "0 to 65000"],
  [["sandbox", "--host", "0.0.0.0"], "unknown option '--host'"],
  [["sandbox", "extra"], "too many arguments"],
  [["nonsense"], "unknown command 'nonsense'"],
  [[], "Usage: exchange-keys"],
])("%j is a mistake in the command line", async (args, words) => {
  expect(await run(args)).toEqual({ code: 2, stdout: "", stderr: expect.stringContaining(words) });
});

test("--help and --version are no mistakes", async () => {
  expect(await run(["--version"])).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: "" });
  expect(await run(["sandbox", "--help"])).toMatchObject({ code: 0, stdout: expect.stringContaining("--port-base"), stderr: "" });
});

/** The command alone in a folder, with the packages it needs but without the sandbox. */
test("without the sandbox's package it says what to install", async () => {
  const folder = mkdtempSync(join(tmpdir(), "exchange-keys-alone-"));
  try {
    cpSync(join(root, "cli/dist"), join(folder, "dist"), { recursive: true });
    cpSync(join(root, "cli/package.json"), join(folder, "package.json"));
    mkdirSync(join(folder, "node_modules"));
    for (const name of ["commander", "@commander-js", "pulumi-exchange-keys"]) {
      const nested = join(root, "cli/node_modules", name);
      symlinkSync(existsSync(nested) ? nested : join(root, "node_modules", name), join(folder, "node_modules", name));
    }
    const { code, stdout, stderr } = await run(["sandbox", "--json"], join(folder, "dist/main.js"));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(
      "exchange-keys: sandbox: the package exchange-keys-sandbox isn't installed; `npm install --save-dev exchange-keys-sandbox` adds it\n",
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("an older Node gets one sentence, before anything is loaded", async () => {
  const pretend = "Object.defineProperty(process.versions, 'node', { value: '20.18.0' }); require(process.argv[1])";
  const child = spawn(process.execPath, ["-e", pretend, command], { stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (piece: string) => (stderr += piece));
  const [code] = (await once(child, "close")) as [number];
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: "exchange-keys needs Node 22.12 or newer, and this is 20.18.0: install a newer one and run the command again.\n",
  });
});

/** A port whose next one is free as well. */
async function twoFreePorts(): Promise<number> {
  for (;;) {
    const first = createServer().listen(0, "127.0.0.1");
    await once(first, "listening");
    const { port } = first.address() as AddressInfo;
    const second = createServer();
    const free = await new Promise<boolean>((resolve) => {
      second.once("error", () => resolve(false));
      second.listen(port + 1, "127.0.0.1", () => resolve(true));
    });
    await Promise.all([first, free ? second : undefined].map((server) => server && new Promise((resolve) => server.close(resolve))));
    if (free && port < 65_000) return port;
  }
}

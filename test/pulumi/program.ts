// A Pulumi program in a process of its own, with mocks for the engine: what it registers, and which files it has loaded by then.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export const root = join(__dirname, "../..");

/** Plain properties, as they go over the wire. */
export type Properties = Record<string, unknown>;

/** One resource as the program hands it to the engine. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties & { readonly __provider: string };
  readonly secretOutputs: readonly string[];
}

export interface Ran {
  readonly registered: readonly Registered[];
  /** Names of the files in require.cache when the program has ended. */
  readonly loaded: readonly string[];
  readonly stderr: string;
}

/** Keeps what the mock monitor is asked to register, with what mocks are not told: the names of secret outputs. */
const frame = (body: string): string => `
  const pulumi = require("@pulumi/pulumi");
  const { MockMonitor } = require("@pulumi/pulumi/runtime/mocks");
  const register = MockMonitor.prototype.registerResource;
  const secretOutputs = {};
  MockMonitor.prototype.registerResource = function (request, callback) {
    secretOutputs[request.getName()] = request.getAdditionalsecretoutputsList();
    return register.call(this, request, callback);
  };
  const registered = [];
  const mocks = { newResource: (args) => (registered.push(args), { id: "id", state: args.inputs }), call: () => ({}) };
  pulumi.runtime.setMocks(mocks, "fleet", "live", false, "acme").then(() => {
    ${body}
  });
  process.once("beforeExit", () => {
    const named = registered.map(({ type, name, inputs }) => ({ type, name, inputs, secretOutputs: secretOutputs[name] }));
    process.stdout.write(JSON.stringify({ registered: named, loaded: Object.keys(require.cache) }));
  });
`;

/** Runs the body of a program; `keys` is the package, `pulumi` the SDK. */
export async function runProgram(body: string): Promise<Ran> {
  const text = frame(`const keys = require("pulumi-exchange-keys");\n${body}`);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["-e", text], { cwd: root, maxBuffer: 2 ** 24 });
  return { ...(JSON.parse(stdout) as Omit<Ran, "stderr">), stderr };
}

/** The inputs of one access token named "report", as a program gives them. */
export async function reportInputs(): Promise<Registered["inputs"]> {
  const { registered } = await runProgram(`new keys.bitfinex.AccessToken("report", {
    account: keys.bitfinex.account("main"),
    permissions: { account: "read", wallets: "read" }, lifetime: "24h", allowedIps: "anywhere",
  });`);
  return registered[0]!.inputs;
}

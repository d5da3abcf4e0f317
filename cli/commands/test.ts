// `exchange-keys test`: whether a key in the state works, as whom, with what, from where; and if it doesn't, the likeliest cause.

import { execFile } from "node:child_process";
import { Command } from "@commander-js/extra-typings";
import type { Connection } from "pulumi-exchange-keys/ceremony";
import { CommandError, Exit, type ExitCode } from "../outcome";
import { programSources, textFrom } from "../sources";
import { harmless, wrapped } from "../terminal/text";

const SHOWN = "pulumi stack export --show-secrets";
/** Of an export: stacks of thousands of resources have tens of megabytes. */
const LARGEST = 256 * 1024 * 1024;

export function testCommand(ended: (code: ExitCode) => void) {
  return new Command("test")
    .description("Test a key's connection: takes it out of the stack's state, and lets it look at itself.")
    .usage("[options] <stack> <resource>\n       exchange-keys test [options] --state <file> <resource>")
    .argument("<names...>", "the stack and the resource, by name or URN; with --state the resource alone")
    .option("--state <file>", `the output of \`${SHOWN}\`; - is standard input`)
    .option("--json", "print JSON")
    .addHelpText("after", "\nExits with 0 when all is as recorded, 1 when it isn't, 3 when the venue's answer says nothing of the key.")
    .action(async (names, options) => {
      ended(await test(names, options));
    });
}

async function test(names: readonly string[], { state, json }: { readonly state?: string; readonly json?: true }): Promise<ExitCode> {
  const [first = "", second, ...more] = names;
  if (more.length > 0 || (state === undefined) === (second === undefined)) {
    throw new CommandError(Exit.usage, "test: give a stack and a resource, or --state with a file and a resource");
  }
  const { parseDocument, testConnection } = await import("pulumi-exchange-keys/ceremony");
  const text = state === undefined ? await exported(first) : await textFrom(state, "test", `give the output of ${SHOWN}`);
  const document = withoutDeleted(parseDocument(text));
  const connection = await testConnection({ document, resource: second ?? first, sources: programSources(), machineNow: Date.now });
  process.stdout.write(json === true ? `${JSON.stringify(connection)}\n` : `${asText(connection)}\n`);
  return { yes: Exit.yes, no: Exit.no, unknown: Exit.unknown }[connection.verdict];
}

/** Runs the CLI on PATH. Neither what it prints nor its errors are repeated: they may hold secrets. */
function exported(stack: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = ["stack", "export", "--show-secrets", "--non-interactive", `--stack=${stack}`];
    execFile("pulumi", args, { maxBuffer: LARGEST, encoding: "utf8" }, (error, stdout) => {
      if (error === null) return resolve(stdout);
      const missing = error.code === "ENOENT";
      const cause = missing
        ? "there is no pulumi on PATH"
        : `pulumi couldn't export the stack (exit code ${String(error.code ?? error.signal)})`;
      const wayOut = missing
        ? `install it, or give --state with the output of ${SHOWN}`
        : "run pulumi stack ls here, and see whether it names that stack";
      reject(new CommandError(missing ? Exit.usage : Exit.unknown, `test: ${cause}; ${wayOut}`));
    });
  });
}

/** A former instance that is still to be deleted has the same URN as its successor. */
function withoutDeleted(document: unknown): unknown {
  const deployment = (document as { deployment?: { resources?: unknown } } | null)?.deployment;
  if (!Array.isArray(deployment?.resources)) return document;
  const resources = deployment.resources.filter((resource: { delete?: unknown } | null) => resource?.delete !== true);
  return { ...(document as object), deployment: { ...deployment, resources } };
}

function asText(connection: Connection): string {
  const { title, venue, fingerprint, authenticates, cause } = connection;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["authenticates", authenticates],
    ["account", accountText(connection)],
    ["powers", powersText(connection)],
    ["permissions", grantsText(connection)],
    ["address", addressText(connection)],
    ["clock", connection.clockAheadMs === undefined ? undefined : clockText(connection.clockAheadMs)],
    ["round trip", connection.roundTripMs === undefined ? undefined : `${connection.roundTripMs} ms`],
    ["likeliest cause", cause && `${cause.text}.`],
    ["way out", cause && `${cause.wayOut}.`],
  ];
  const lines = rows.flatMap(([name, text]) => (text === undefined ? [] : [wrapped(text, `  ${name.padEnd(16)} `, " ".repeat(19))]));
  return [harmless(`${title}: ${venue}, fingerprint ${fingerprint}`), ...lines].join("\n");
}

function accountText({ account, authenticates }: Connection): string | undefined {
  const { recorded, is, masterId, managed } = account;
  if (authenticates !== "yes") return undefined;
  if (is === undefined) return `not told: the key may not read it; ${recorded} is recorded`;
  const sub = masterId === undefined ? "" : `, a sub-account of ${masterId}`;
  if (managed === true) return `${is}${sub}, which ${recorded} manages, as recorded`;
  return is === recorded ? `${is}${sub}, as recorded` : `${is}${sub}; but ${recorded} is recorded`;
}

function powersText({ powers }: Connection): string | undefined {
  return powers && (Object.keys(powers.is).join(", ") || "none");
}

function grantsText({ grants }: Connection): string | undefined {
  if (grants === undefined) return undefined;
  const { is, extra, missing } = grants;
  const differs = [
    ...(extra.length === 0 ? [] : [`more than recorded: ${extra.join(", ")}`]),
    ...(missing.length === 0 ? [] : [`recorded, but missing: ${missing.join(", ")}`]),
  ];
  return `${is.join(", ") || "none"}; ${differs.length === 0 ? "as recorded" : differs.join("; ")}`;
}

function addressText({ address, allowedIps, authenticates }: Connection): string {
  if (address === undefined) return "the venue doesn't tell the one that it sees";
  if (allowedIps === "anywhere") return `${address.seen}; declared is anywhere`;
  if (address.listed) return `${address.seen}, which the declared list holds`;
  const works = authenticates === "yes" ? ": its list at the venue is missing or too wide; correct it there" : "";
  return `${address.seen}, which the declared list doesn't hold${works}`;
}

function clockText(aheadMs: number): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (seconds <= 1) return "within a second of the venue's";
  return `the venue's is ${seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} this machine's`;
}

// `exchange-keys probe`: on a bot's host, or on one that must be refused: one harmless call with the bot's key, and a statement of what came.

import { resolve } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { credentialFrom, type CredentialOptions } from "../credential";
import { CommandError, Exit, exitOf, type ExitCode } from "../outcome";

interface Options extends CredentialOptions {
  readonly venue: string;
  readonly environment: string;
  readonly address?: string;
  readonly sourceAddress?: string;
  readonly nonceUnit?: "ms" | "us";
  readonly out?: string;
  readonly json?: true;
}

export function probeCommand(ended: (code: ExitCode) => void) {
  return new Command("probe")
    .description(
      "Try a key where it is used, or must not be: prints a statement, which ceremony, up and refresh take as evidence for 24 hours.",
    )
    .requiredOption("--venue <venue>", "the exchange, such as bitfinex")
    .option("--environment <environment>", "the exchange's environment", "production")
    .option("--address <address>", "of a sandbox alone: its address, such as 127.0.0.1:41001")
    .option("--source-address <address>", "of a sandbox alone: the loopback address to ask from")
    .option("--key-env <name>", "the environment variable that holds the API key")
    .option("--secret-env <name>", "the environment variable that holds the API secret")
    .option("--key-file <file>", "the file that holds the API key")
    .option("--secret-file <file>", "the file that holds the API secret")
    .option("--prompt", "ask for both; what is typed is neither shown nor kept")
    .addOption(new Option("--nonce-unit <unit>", "what the key's bot counts its requests in (default: ms)").choices(["ms", "us"] as const))
    .option("--out <place>", "also write the statement: to a file ending in .json, or into a folder such as .exchange-keys/deposits")
    .option("--json", "print the statement alone, nothing for people")
    .addHelpText("after", "\nExits with 0 when the key was let in, 1 when it was refused, 3 when nothing can be said.")
    .action(async (options) => {
      ended(await ask(options));
    });
}

async function ask(options: Options): Promise<ExitCode> {
  const { probe, Secret, statementText, writeStatement } = await import("pulumi-exchange-keys/ceremony");
  const { venue, environment, address, sourceAddress, nonceUnit, out, json } = options;
  const { apiKey, apiSecret } = await credentialFrom(options);
  const credential = { kind: "api-key", apiKey, apiSecret: new Secret(apiSecret) } as const;
  const question = { venue, environment, address, sourceAddress, nonceUnit, credential, env: process.env, clock: Date.now };
  const statement = await probe(question).catch((error: unknown) => {
    const wrongSecret = (error as { readonly code?: unknown }).code === "signature-refused";
    throw new CommandError(wrongSecret ? Exit.usage : exitOf(error), error instanceof Error ? error.message : String(error));
  });
  process.stdout.write(`${statementText(statement)}\n`);
  const say = (text: string): void => void (json === true || process.stderr.write(`${text}\n`));
  const { answer, fingerprint } = statement;
  const can =
    answer === "in"
      ? `was let in from ${statement.address}, and can do: ${statement.grants?.join(", ") || "nothing"}`
      : `was refused at ${statement.address}`;
  say(`The key ${fingerprint} ${can}.`);
  if (out !== undefined) say(`Written: ${await writeStatement(resolve(out), statement)}`);
  return answer === "in" ? Exit.yes : Exit.no;
}

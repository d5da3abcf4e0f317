// A probe: one key's look at itself from the host that uses it, or must not, and what the venue saw of that. Nothing of Pulumi, nothing kept.

import type { Statement } from "../core/byhand";
import type { NonceUnit } from "../core/capability";
import type { Observation } from "../core/driver";
import { during, KeyError } from "../core/errors";
import { canonicalAddress } from "../core/ip";
import type { Credential } from "../core/model";
import { fingerprint } from "../core/secret";
import { openChannel } from "../http/client";
import { VENUES, venue } from "../venues/registry";
import { openAccount, type OpenAccount } from "./account";
import { accountSchema, type AccountSettings, type Sources } from "./settings";

export interface ProbeQuestion {
  readonly venue: string;
  readonly environment: string;
  /** Of a sandbox: `127.0.0.1:41001`. */
  readonly address?: string | undefined;
  /** Of a sandbox: the loopback address to ask from. */
  readonly sourceAddress?: string | undefined;
  /** What the key's bot counts in. */
  readonly nonceUnit?: NonceUnit | undefined;
  readonly credential: Extract<Credential, { kind: "api-key" }>;
  readonly env: Sources["env"];
  readonly clock: () => number;
}

const operation = "probe the key";

/**
 * Three requests: which address the venue sees, what the key may do, and whose it is. A refusal is a statement only where the venue refuses the key itself:
 * a wrong signature, a nonce, a rate limit, maintenance and silence say nothing of an address. Those are thrown, as KeyError.
 */
export async function probe(question: ProbeQuestion): Promise<Statement> {
  const { kind, entry, settings } = asked(question);
  const { credential, clock, env } = question;
  const account = openAccount("probe", settings, {
    ...{ manifest: entry.manifest(), drivers: entry.drivers, clock, openChannel },
    sources: { env, cwd: "", readFile: noFile },
    beforeWrite: () => Promise.reject(new Error("a probe writes nothing")),
  });
  try {
    const address = await addressOf(account, kind);
    const seen = await look(account, kind, question);
    const at = new Date(account.channel.venueNow() ?? clock()).toISOString();
    const of = { venue: settings.venue, environment: settings.environment, fingerprint: fingerprint(settings.venue, credential.apiKey) };
    if ("alive" in seen)
      return { ...of, address, answer: "in", grants: seen.alive.grants, ...(await ownerOf(account, kind, question)), at };
    if ("absent" in seen) return { ...of, address, answer: "refused", at };
    throw during(operation, seen.unreachable, undefined, WAYS[seen.unreachable.code]);
  } finally {
    account.channel.close();
  }
}

/** Whose key it is, where it may say: on a host of its list alone somebody can ask it. */
async function ownerOf(account: OpenAccount, kind: string, { credential, nonceUnit }: ProbeQuestion): Promise<{ accountId?: string }> {
  try {
    const facts = await account.driver(kind, "read").whose?.(credential, nonceUnit);
    return facts === undefined ? {} : { accountId: facts.accountId };
  } catch (error) {
    if (error instanceof KeyError && error.code === "permission-refused") return {};
    throw during(operation, error, undefined, "run the probe again");
  }
}

/** Where the account's words would mislead: here the key is given by its holder. */
const WAYS: Readonly<Partial<Record<KeyError["code"], string>>> = {
  "signature-refused": "give the API secret that belongs to this key, all of it",
  "nonce-refused":
    "the key's bot counts in a smaller unit: give --nonce-unit us; that says nothing of the address, so there is no statement",
  "rate-limited": "try again in a minute; that says nothing of the address, so there is no statement",
  maintenance: "try again later; that says nothing of the address, so there is no statement",
};

function asked({ credential, ...given }: ProbeQuestion): {
  kind: string;
  entry: NonNullable<ReturnType<typeof venue>>;
  settings: AccountSettings;
} {
  const entry = venue(given.venue);
  if (entry === undefined) throw wrong(`there is no venue "${given.venue}"`, `give --venue ${Object.keys(VENUES).join(" or --venue ")}`);
  const { environments, kinds } = entry.manifest();
  const known = [...Object.keys(environments), "sandbox"];
  if (!known.includes(given.environment)) {
    throw wrong(`${given.venue} has no environment "${given.environment}"`, `give --environment ${known.join(" or --environment ")}`);
  }
  const kind = Object.keys(kinds).find((name) => kinds[name]?.byHand !== undefined);
  if (kind === undefined) throw wrong(`${given.venue} has no keys that a person makes`, "probe a key of another venue");
  const { apiKey, apiSecret } = credential;
  const { address, sourceAddress, nonceUnit } = given;
  const members = Object.entries({ address, sourceAddress, nonceUnit }).filter(([, value]) => value !== undefined);
  const own = { venue: given.venue, environment: given.environment, apiKey, apiSecret: apiSecret.reveal() };
  const parsed = accountSchema.safeParse({ ...own, ...Object.fromEntries(members) });
  if (parsed.success) return { kind, entry, settings: parsed.data };
  const issue = parsed.error.issues[0];
  const option = OPTIONS[String(issue?.path[0])] ?? "the key";
  throw wrong(
    `${option} ${issue?.code === "custom" || issue?.code === "invalid_format" ? issue.message : "isn't right"}`,
    "see exchange-keys probe --help",
  );
}

const OPTIONS: Readonly<Record<string, string>> = { address: "--address", sourceAddress: "--source-address", nonceUnit: "--nonce-unit" };

async function addressOf(account: OpenAccount, kind: string): Promise<string> {
  const told = await account
    .driver(kind, "read")
    .vantage?.()
    .catch((error: unknown) => {
      throw during(operation, error, undefined, `${NO_ADDRESS}; try again, and report it if it stays so`);
    });
  const address = told === undefined ? undefined : canonicalAddress(told);
  if (address !== undefined) return address;
  const cause = "the venue doesn't tell the address that it sees";
  throw new KeyError("broken-answer", { venue: account.venue, operation, cause, wayOut: NO_ADDRESS });
}

const NO_ADDRESS = "without that address there is no statement (the endpoint that tells it is undocumented)";

/** A refusal that may be the machine's own fault is no observation of an address. */
function look(account: OpenAccount, kind: string, { credential, nonceUnit }: ProbeQuestion): Promise<Observation> {
  const { inspect } = account.driver(kind, "read");
  if (inspect === undefined) throw wrong("the venue lets no key look at itself", "probe a key of another venue");
  return inspect(credential, nonceUnit);
}

function noFile(): never {
  throw new Error("a probe reads no file");
}

function wrong(cause: string, wayOut: string): KeyError {
  return new KeyError("input", { operation, cause, wayOut });
}

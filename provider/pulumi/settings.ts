// The stack's configuration under exchange-keys: as a checked value. Unknown members are refused with their path; no secret is in a message.

import { z } from "zod";
import { isRecipient } from "../ceremony/age";
import { isIdentity } from "../ceremony/identity";
import { approvedSchema, type ApprovedSettings } from "../core/approved";
import { KeyError } from "../core/errors";
import { canonicalAddress, canonicalRange } from "../core/ip";
import { POWERS } from "../core/powers";
import { parseDuration } from "../core/duration";
import { KEYS, NAMESPACE } from "./names";

const text = z.string().min(1);
const address = text.transform((given, context) => {
  const canonical = canonicalAddress(given);
  if (canonical !== undefined) return canonical;
  context.addIssue({ code: "custom", message: "isn't an IP address" });
  return z.NEVER;
});
const range = text.transform((given, context) => {
  const canonical = canonicalRange(given);
  if (canonical !== undefined) return canonical;
  context.addIssue({ code: "custom", message: "isn't a range such as 203.0.113.0/24, without host bits" });
  return z.NEVER;
});

/** The three ways to give each member of a credential. */
const credentialMembers = {
  apiKey: text.optional(),
  apiKeyEnv: text.optional(),
  apiKeyFile: text.optional(),
  apiSecret: text.optional(),
  apiSecretEnv: text.optional(),
  apiSecretFile: text.optional(),
  passphrase: text.optional(),
  passphraseEnv: text.optional(),
  passphraseFile: text.optional(),
};

const ceilingSchema = z.strictObject({
  powers: z.array(z.enum(POWERS)).optional(),
  within: z.array(range).min(1, "an empty list allows nothing; leave it out for no limit").optional(),
  maxKeys: z.number().int().nonnegative().optional(),
});

const rateSchema = z.union([
  z.literal("off"),
  z.strictObject({
    requests: z.number().int().positive(),
    per: text.transform((given, context) => {
      const parsed = parseDuration(given);
      if ("ok" in parsed) return parsed.ok.seconds;
      context.addIssue({ code: "custom", message: parsed.problem });
      return z.NEVER;
    }),
  }),
]);

/** Of one account; `docs/configuration.md` is held against it. */
export const accountSchema = z
  .strictObject({
    venue: text,
    environment: text,
    accountId: z.union([text, z.number().int().positive()]).transform(String).optional(),
    ...credentialMembers,
    egress: z.array(address).min(1, "an empty list names no address; leave it out").optional(),
    proxy: text.optional(),
    observer: z.strictObject(credentialMembers).optional(),
    ceiling: ceilingSchema.optional(),
    nonceUnit: z.enum(["ms", "us"]).optional(),
    rate: rateSchema.optional(),
    /** Of the sandbox alone. */
    address: z
      .string()
      .regex(/^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]):\d{1,5}$/, "isn't a literal loopback address with a port, such as 127.0.0.1:41001")
      .optional(),
    sourceAddress: z
      .string()
      .regex(/^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/, "isn't an address of 127.0.0.0/8")
      .optional(),
  })
  .superRefine((account, context) => {
    const sandbox = account.environment === "sandbox";
    const refuse = (path: string, message: string) => {
      context.addIssue({ code: "custom", path: [path], message });
    };
    if (sandbox && account.address === undefined)
      refuse("address", "is missing; a sandbox account names the sandbox's address, such as 127.0.0.1:41001");
    if (!sandbox && account.address !== undefined)
      refuse("address", 'belongs to environment "sandbox" alone; other environments have fixed hosts');
    if (!sandbox && account.sourceAddress !== undefined) refuse("sourceAddress", 'belongs to environment "sandbox" alone');
    if (!sandbox && account.rate === "off") refuse("rate", '"off" belongs to environment "sandbox" alone; a venue\'s limits hold');
  });

/** `docs/configuration.md` is held against it. */
export const recoverySchema = z.strictObject({
  recipient: text.transform((given, context) => {
    const trimmed = given.trim();
    if (isRecipient(trimmed)) return trimmed;
    const message = isIdentity(trimmed)
      ? "holds an identity, which is secret: make a new pair, and give its recipient, age1…, alone"
      : "isn't an age recipient; give the line that begins with age1, as age-keygen prints it";
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  }),
  identityFile: text
    .refine(
      (given) => !isIdentity(given),
      "holds an identity itself: make a new pair, since this one was shown, and give the path of its file",
    )
    .optional(),
});

export type RecoverySettings = z.output<typeof recoverySchema>;

const accountsSchema = z.record(text, accountSchema);

export type AccountSettings = z.output<typeof accountSchema>;
export type CredentialSettings = Pick<AccountSettings, keyof typeof credentialMembers>;

export interface Settings {
  readonly accounts: Readonly<Record<string, AccountSettings>>;
  /** The journal's folder, where the configuration names one. */
  readonly journal?: string;
  /** `none` holds back renewals that are merely due. */
  readonly renew: "due" | "none";
  /** What a run does with keys that wait for a person: each fails with the command to run, or a page is served meanwhile. */
  readonly ceremony: "fail" | "wait";
  /** How long a page waits, in milliseconds. */
  readonly ceremonyTimeoutMs: number;
  /** Whom a ceremony seals its deposits to: `age1…`. Absent: to this machine. */
  readonly depositRecipient?: string;
  /** Whom passphrases are sealed to while a key of theirs may be lost, and the file with the identity that opens them. */
  readonly recovery?: RecoverySettings;
  /** What writes are held against. */
  readonly approved?: ApprovedSettings;
  /** The sandbox control that moves this run's clock: a literal loopback URL. */
  readonly testClock?: string;
}

/** The account that an alias names, or undefined where there is none; names such as `constructor` are none. */
export function accountNamed({ accounts }: Pick<Settings, "accounts">, alias: string): AccountSettings | undefined {
  return Object.hasOwn(accounts, alias) ? accounts[alias] : undefined;
}

/**
 * Reads the configuration. Values are strings; `accounts` is JSON. Throws KeyError `configuration` with the path of the first mistake.
 *
 * @example readSettings({ "exchange-keys:accounts": '{"main":{"venue":"bitfinex","environment":"production","apiKeyEnv":"BFX_KEY",…}}' })
 */
export function readSettings(raw: Readonly<Record<string, unknown>>): Settings {
  for (const key of Object.keys(raw)) {
    const name = key.startsWith(NAMESPACE) ? key.slice(NAMESPACE.length) : undefined;
    if (name !== undefined && !(KEYS as readonly string[]).includes(name)) {
      throw wrong(key, `is not a setting; those are ${KEYS.map((known) => NAMESPACE + known).join(", ")}`);
    }
  }
  const accounts = readStructure(raw, "accounts", accountsSchema) ?? {};
  const recovery = readStructure(raw, "recovery", recoverySchema);
  const approved = readStructure(raw, "approved", approvedSchema);
  const renew = raw[`${NAMESPACE}renew`] ?? "due";
  if (renew !== "due" && renew !== "none") throw wrong(`${NAMESPACE}renew`, 'is neither "due" nor "none"');
  const journal = optionalText(raw, "journal");
  const testClock = optionalText(raw, "testClock");
  if (testClock !== undefined) checkTestClock(testClock, accounts);
  const ceremony = raw[`${NAMESPACE}ceremony`] ?? "fail";
  if (ceremony !== "fail" && ceremony !== "wait") throw wrong(`${NAMESPACE}ceremony`, 'is neither "fail" nor "wait"');
  const timeout = parseDuration(raw[`${NAMESPACE}ceremonyTimeout`] ?? "30m");
  if ("problem" in timeout) throw wrong(`${NAMESPACE}ceremonyTimeout`, timeout.problem);
  const recipient = optionalText(raw, "depositRecipient");
  return {
    accounts,
    renew,
    ceremony,
    ceremonyTimeoutMs: timeout.ok.seconds * 1000,
    ...(recipient === undefined ? {} : { depositRecipient: recipient }),
    ...(recovery === undefined ? {} : { recovery }),
    ...(approved === undefined ? {} : { approved }),
    ...(journal === undefined ? {} : { journal }),
    ...(testClock === undefined ? {} : { testClock }),
  };
}

/** A setting that is an object: JSON, as the engine hands it on. */
function readStructure<S extends z.ZodType>(
  raw: Readonly<Record<string, unknown>>,
  name: (typeof KEYS)[number],
  schema: S,
): z.output<S> | undefined {
  const path = NAMESPACE + name;
  const given = raw[path];
  if (given === undefined) return undefined;
  let decoded: unknown = given;
  if (typeof given === "string") {
    try {
      decoded = JSON.parse(given);
    } catch {
      throw wrong(
        path,
        `isn't JSON; set its members with \`pulumi config set --path ${path}.${name === "accounts" ? "<alias>." : ""}<member> <value>\``,
      );
    }
  }
  const parsed = schema.safeParse(decoded);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw wrong([path, ...(issue?.path ?? [])].join("."), issue === undefined ? "has an unexpected shape" : sentence(issue));
}

/** Zod's own words may quote the value; these don't. */
function sentence(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return `has members that don't exist: ${issue.keys.join(", ")}`;
    case "invalid_type":
      return `is missing or has the wrong type; ${issue.expected} is expected`;
    case "invalid_value":
      return `is none of ${issue.values.map(String).join(", ")}`;
    case "custom":
    case "invalid_format":
      return issue.message;
    case "too_small":
      return issue.message.startsWith("Too small") ? "is empty or too small" : issue.message;
    default:
      return "has an unexpected form";
  }
}

function optionalText(raw: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = raw[NAMESPACE + name];
  if (value === undefined) return undefined;
  if (typeof value !== "string" || value === "") throw wrong(NAMESPACE + name, "is empty or not a text");
  return value;
}

function checkTestClock(url: string, accounts: Settings["accounts"]): void {
  const path = `${NAMESPACE}testClock`;
  if (!/^http:\/\/(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]):\d{1,5}$/.test(url)) {
    throw wrong(path, "isn't the address of a sandbox's control, such as http://127.0.0.1:41000");
  }
  const others = Object.entries(accounts).filter(([, account]) => account.environment !== "sandbox");
  if (others.length > 0)
    throw wrong(path, `moves the clock of tests, but account ${others.map(([alias]) => alias).join(", ")} isn't a sandbox's`);
}

function wrong(path: string, cause: string): KeyError {
  return new KeyError("configuration", {
    operation: "read the configuration",
    cause: `${path} ${cause}`,
    wayOut: "see docs/configuration.md",
  });
}

/** Names members of a credential; where values come from is settled when a venue is first called. */
export interface Sources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The process's folder: the program's. */
  readonly cwd: string;
  readFile(path: string, mostBytes?: number): string;
}

/**
 * The value of one member of a credential, by value, environment variable or file. Throws KeyError `configuration` naming the path, never the value.
 *
 * @param path for messages: `exchange-keys:accounts.main`
 */
export function resolveMember(
  settings: CredentialSettings,
  member: "apiKey" | "apiSecret" | "passphrase",
  path: string,
  sources: Sources,
): string {
  const given = (
    [
      ["", settings[member]],
      ["Env", settings[`${member}Env`]],
      ["File", settings[`${member}File`]],
    ] as const
  ).filter(([, value]) => value !== undefined);
  if (given.length > 1) throw wrong(`${path}.${member}`, `is given more than once: ${given.map(([suffix]) => member + suffix).join(", ")}`);
  const [suffix, value] = given[0] ?? [];
  if (suffix === undefined || value === undefined)
    throw wrong(`${path}.${member}`, `is missing; give ${member}Env, ${member}File or ${member}`);
  if (suffix === "") return value;
  if (suffix === "Env") {
    const found = sources.env[value];
    if (found === undefined || found.trim() === "")
      // Not by its name: people paste the secret where the name belongs.
      throw wrong(`${path}.${member}Env`, `names an environment variable that is ${found === undefined ? "not set" : "empty"}`);
    return found.trim();
  }
  let found: string;
  try {
    found = sources.readFile(value).trim();
  } catch {
    throw wrong(`${path}.${member}File`, "names a file that can't be read, or isn't a file of at most 64 kB");
  }
  if (found === "") throw wrong(`${path}.${member}File`, "names a file that is empty");
  return found;
}

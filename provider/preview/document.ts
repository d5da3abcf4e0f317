// What `pulumi preview --json` and `pulumi stack export` print, read once for all who ask: ceremony, review, drift. Secrets stay out, but where asked for.

import { z } from "zod";
import { KeyError } from "../core/errors";
import type { Credential } from "../core/model";
import { fingerprint, Secret } from "../core/secret";

/** What the engine writes for a value that isn't known before `up`. Frozen by @pulumi/pulumi; a test compares. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What the CLI prints in place of a secret. */
const MASK = "[secret]";

/** The member that marks an object as an engine's special value, and what it says for a secret: the SDKs' own, frozen. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";

const CONFIG = "exchange-keys:";
const PROVIDER = "pulumi:providers:pulumi-nodejs";

const values = z.record(z.string(), z.unknown());
// As they are, without a copy: a plan may have ten thousand of them.
const members = z
  .custom<Record<string, unknown> | null>((given) => given === null || (typeof given === "object" && !Array.isArray(given)))
  .optional()
  .transform((given) => given ?? {});
const names = z
  .array(z.string())
  .nullish()
  .transform((given) => given ?? []);
const flag = z
  .boolean()
  .nullish()
  .transform((given) => given === true);
const stateSchema = z.object({
  urn: z.string(),
  type: z.string(),
  inputs: members,
  outputs: members,
  // The resource's options, as far as the engine writes them.
  protect: flag,
  retainOnDelete: flag,
  deletedWith: z.string().nullish(),
  ignoreChanges: names,
  replaceOnChanges: names,
  additionalSecretOutputs: names,
  /** Where the program made it: `project:///index.ts#4,1`. */
  stackTrace: z.array(z.object({ sourcePosition: z.string().optional() })).nullish(),
});
const previewSchema = z.object({
  config: members,
  steps: z
    .array(z.object({ op: z.string(), urn: z.string(), oldState: stateSchema.optional(), newState: stateSchema.optional() }))
    .default([]),
  changeSummary: z.record(z.string(), z.number()).optional(),
  diagnostics: z.array(z.object({ urn: z.string().optional(), severity: z.string().optional() })).default([]),
});
const exportSchema = z.object({ version: z.number(), deployment: z.object({ resources: z.array(stateSchema).nullish() }) });

/** A resource as the document has it. */
export type State = Readonly<z.output<typeof stateSchema>>;

export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly was?: State;
  readonly is?: State;
}

export interface Document {
  readonly from: "preview" | "export";
  /** Of a preview. */
  readonly steps: readonly Step[];
  /** Of a preview: kind of step → how many the engine counts; `same` ones aren't among the steps without `--show-sames`. Absent from one cut short. */
  readonly summary: Readonly<Record<string, number>> | undefined;
  /** Of an export. */
  readonly resources: readonly State[];
  /** Values under `exchange-keys:`, whole names, without what is secret in them. */
  readonly config: Readonly<Record<string, string>>;
  /** What is secret there: `exchange-keys:accounts.main.apiSecret`, or the name of a value that is secret as a whole. */
  readonly blinded: readonly string[];
}

const operation = "read what Pulumi printed";
const HOW =
  "give the output of pulumi preview --json, or of pulumi stack export with --revoke: " +
  "pulumi preview --json | exchange-keys ceremony --from -";

/** The one JSON document of a text. Throws KeyError `input`, which doesn't repeat the text and ends with `wayOut`. */
export function parseDocument(text: string, wayOut = HOW): unknown {
  if (!/\S/.test(text))
    throw new KeyError("input", { operation, cause: "nothing came: the command before the pipe may have failed", wayOut });
  try {
    return JSON.parse(text);
  } catch {
    throw new KeyError("input", { operation, cause: "it isn't one JSON document", wayOut });
  }
}

/** Reads a parsed document. Throws KeyError `input` for what is neither of the two, and for a preview that failed. */
export function documentOf(given: unknown, wayOut = HOW): Document {
  const exported = exportSchema.safeParse(given);
  if (exported.success) {
    const resources = exported.data.deployment.resources ?? [];
    const inputs = resources.findLast(({ type }) => type === PROVIDER)?.inputs ?? {};
    return { from: "export", steps: [], summary: {}, resources, ...configOf(inputs) };
  }
  const preview = previewSchema.safeParse(given);
  if (!preview.success || !isPreview(given)) throw new KeyError("input", { operation, cause: "it isn't what Pulumi prints", wayOut });
  const { steps, config, diagnostics, changeSummary } = preview.data;
  const failed = diagnostics.filter(({ severity }) => severity === "error");
  if (failed.length > 0) {
    const names = [...new Set(failed.flatMap(({ urn }) => (urn === undefined || urn === "" ? [] : nameOf(urn))))];
    throw new KeyError("input", {
      operation,
      cause: `the preview failed${names.length === 0 ? "" : `, at ${names.map((name) => JSON.stringify(name)).join(", ")}`}`,
      wayOut: "run pulumi preview, mend what it says, and give its output again",
    });
  }
  const read = steps.map(({ op, urn, oldState, newState }) => ({
    op,
    urn,
    ...(oldState === undefined ? {} : { was: oldState }),
    ...(newState === undefined ? {} : { is: newState }),
  }));
  return { from: "preview", steps: read, summary: changeSummary, resources: [], ...configOf(config) };
}

/** A preview of an empty stack has no steps, and one without configuration no config; other JSON has none of them. */
function isPreview(given: unknown): boolean {
  return (
    typeof given === "object" && given !== null && ["steps", "changeSummary", "diagnostics"].some((name) => Object.hasOwn(given, name))
  );
}

/** `maker`, of `urn:pulumi:production::desk::…:ApiKey::maker`; a name may hold colons. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The type of a resource without those of its parents: `…::parent$type::name`. */
export function typeIn(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
}

/** `desk/dev`: project and stack; empty for what is no URN. */
export function stackOf(urn = ""): string {
  const [head, project] = urn.split("::");
  const stack = head?.split(":")[2];
  return project === undefined || stack === undefined ? "" : `${project}/${stack}`;
}

/** `bot-2` before `bot-10`. */
export function compareNames(one: string, other: string): number {
  return NAMES.compare(one, other);
}

const NAMES = new Intl.Collator("en", { numeric: true });

const KEY = /^pulumi-nodejs:dynamic\/exchange-keys\/([^/:]+):([^/:]+)$/;

/** Venue and kind of a key resource's type; undefined for every other resource. */
export function keyType(type: string): { readonly venue: string; readonly kind: string } | undefined {
  const [, venue, kind] = KEY.exec(type) ?? [];
  return venue === undefined || kind === undefined ? undefined : { venue, kind };
}

/** How a value, or something in it, is hidden from who reads the document. */
export function hidden(value: unknown): "unknown" | "secret" | undefined {
  if (value === UNKNOWN) return "unknown";
  if (value === MASK || isSecret(value)) return "secret";
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const how = name === UNKNOWN ? "unknown" : name === MASK ? "secret" : hidden(member);
    if (how !== undefined) return how;
  }
  return undefined;
}

/**
 * Credentials of an export made with `--show-secrets`, by fingerprint: of current keys and of retiring ones. Empty without that option;
 * what isn't a credential is passed over.
 */
export function credentialsOf(document: unknown): ReadonlyMap<string, Extract<Credential, { kind: "api-key" }>> {
  const found = new Map<string, Extract<Credential, { kind: "api-key" }>>();
  const exported = exportSchema.safeParse(document);
  for (const { inputs, outputs } of exported.data?.deployment.resources ?? []) {
    const earlier = values.safeParse(shown(outputs["retiringCredentials"])).data ?? {};
    for (const candidate of [shown(outputs["credential"]), ...Object.values(earlier)]) {
      const parsed = credentialSchema.safeParse(candidate);
      if (!parsed.success) continue;
      const { apiKey, apiSecret } = parsed.data;
      found.set(fingerprint(String(inputs["venue"]), apiKey), { kind: "api-key", apiKey, apiSecret: new Secret(apiSecret) });
    }
  }
  return found;
}

const credentialSchema = z.object({ apiKey: z.string().min(1), apiSecret: z.string().min(1) });

/** The credential of one resource's current key, with the environment it is for; undefined where the export hides it. */
export function credentialFrom({ outputs }: State): { readonly credential: Credential; readonly environment: string } | undefined {
  const parsed = shownSchema.safeParse(shown(outputs["credential"])).data;
  if (parsed === undefined) return undefined;
  const { environment, token, apiKey, apiSecret, passphrase, keyType } = parsed;
  if (token !== undefined) return { environment, credential: { kind: "token", token: new Secret(token) } };
  if (apiKey !== undefined && keyType !== undefined) return { environment, credential: { kind: "public-key", apiKey } };
  if (apiKey === undefined || apiSecret === undefined) return undefined;
  const own = passphrase === undefined ? {} : { passphrase: new Secret(passphrase) };
  return { environment, credential: { kind: "api-key", apiKey, apiSecret: new Secret(apiSecret), ...own } };
}

const part = z.string().min(1).optional();
const shownSchema = z.object({
  ...{ environment: z.string().min(1), token: part, apiKey: part, apiSecret: part, passphrase: part },
  keyType: z.literal("public-key").optional(),
});

/** Configuration that is secret as a whole, of an export made with `--show-secrets`, by whole name; empty without that option. */
export function secretConfigOf(document: unknown): ReadonlyMap<string, Secret> {
  const resources = exportSchema.safeParse(document).data?.deployment.resources ?? [];
  const inputs = resources.findLast(({ type }) => type === PROVIDER)?.inputs ?? {};
  return new Map(
    Object.entries(inputs).flatMap(([name, value]) => {
      const text = name.startsWith(CONFIG) ? shown(value) : undefined;
      return typeof text === "string" ? [[name, new Secret(text)] as const] : [];
    }),
  );
}

/** The value of a secret that is in plain text; undefined for any other. */
function shown(value: unknown): unknown {
  if (!isSecret(value)) return undefined;
  const { plaintext } = value as { plaintext?: unknown };
  try {
    return typeof plaintext === "string" ? JSON.parse(plaintext) : undefined;
  } catch {
    return undefined; // the parser's words would repeat it
  }
}

function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && (value as Record<string, unknown>)[SIGNATURE] === SECRET;
}

function configOf(given: Readonly<Record<string, unknown>>): Pick<Document, "config" | "blinded"> {
  const config: Record<string, string> = {};
  const blinded: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (!name.startsWith(CONFIG)) continue;
    if (value === MASK || isSecret(value)) blinded.push(name);
    else if (typeof value === "string") config[name] = withoutMasks(value, name, blinded);
  }
  return { config, blinded };
}

/** A structured value is JSON in a string, masked member by member. */
function withoutMasks(text: string, name: string, blinded: string[]): string {
  if (!text.includes(MASK)) return text;
  try {
    return JSON.stringify(unmasked(JSON.parse(text), name, blinded));
  } catch {
    return text;
  }
}

function unmasked(value: unknown, path: string, blinded: string[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const at = `${path}.${name}`;
    if (member !== MASK) return [[name, unmasked(member, at, blinded)]];
    blinded.push(at);
    return [];
  });
  return Array.isArray(value) ? members.map(([, member]) => member) : Object.fromEntries(members);
}

// One look at a stack. The engine gives a preview up at the first resource that can't be looked at; then another is asked for without it, so that
// a venue that is down hides nothing of the others.

import { CommandError, Exit } from "../outcome";
import { accountsIn, failuresOf, keyNamed, parseDocument, type Failure } from "./preview";
import { garbled, preview, refused, type Where } from "./pulumi";

export interface Look {
  readonly document: unknown;
  /** Of this preview, and of those before it that had more in them. */
  readonly failures: readonly Failure[];
  /** This one failed too. */
  readonly failed: boolean;
}

/** Throws CommandError where the CLI can't be asked, or answers with no preview. */
export async function look(at: Where): Promise<Look> {
  let last = await once(at, []);
  const failures = [...last.failures];
  // What fails for one key mostly fails for all of its account, and often of its venue.
  for (const around of [alone, account, venue]) {
    const without = aroundOf(last.document, failures, around);
    if (last.failures.length === 0 || without.length === 0) break;
    const next = await once(at, without).catch((error: unknown) => {
      if (error instanceof CommandError && error.exitCode !== Exit.interrupted) return undefined;
      throw error;
    });
    if (next === undefined) break;
    failures.push(...next.failures);
    last = next;
  }
  return { document: last.document, failures, failed: last.failures.length > 0 };
}

async function once(at: Where, without: readonly string[]): Promise<{ readonly document: unknown; readonly failures: readonly Failure[] }> {
  const said = await preview(at, without);
  const document = documentIn(said.stdout);
  if (document === undefined) throw said.code === 0 ? garbled("preview --refresh") : refused(said);
  const failures = failuresOf(document);
  if (failures.length === 0 && said.code !== 0) throw refused(said);
  return { document, failures };
}

type Around = (urn: string, accounts: ReadonlyMap<string, string>) => string | undefined;
const alone: Around = (urn) => urn;
const account: Around = (urn, accounts) => accounts.get(urn) ?? urn;
const venue: Around = (urn) => keyNamed(urn)?.type.split(":")[0] ?? urn;

/** What failed, and all keys that have the account or the venue in common with it. Empty where it is the program that failed. */
function aroundOf(document: unknown, failures: readonly Failure[], around: Around): readonly string[] {
  const failed = failures.flatMap(({ urn }) => (urn === undefined ? [] : [urn]));
  if (failed.length === 0) return [];
  const accounts = accountsIn(document);
  const touched = new Set(failed.map((urn) => around(urn, accounts)));
  return [...new Set([...failed, ...[...accounts.keys()].filter((urn) => touched.has(around(urn, accounts)))])].sort();
}

/** Where the CLI failed before it had anything to say, it prints no document. */
function documentIn(stdout: string): unknown {
  try {
    return parseDocument(stdout);
  } catch {
    return undefined;
  }
}

// Whom deposits are sealed to, and what opens them: a configured recipient and its identity's file, or a pair of this machine's own.

import { link, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { KeyError } from "../core/errors";
import { Secret } from "../core/secret";
import { isRecipient, newPair, recipientFor } from "./age";
import { codeOf, readSmall, writeBeside } from "./small";

const LOCAL = "deposit-identity.txt";
const FORM = /^AGE-SECRET-KEY-(PQ-)?1/i;

/** True for a text that is an identity itself, pasted where its recipient or the path of its file belongs. */
export function isIdentity(text: string): boolean {
  return FORM.test(text.trim());
}

/**
 * The pair of this machine: beside the journal, for its owner alone, made when it is first asked for. Two processes that ask at once get
 * the same one. Throws KeyError `configuration` where the file can't be used, or others may read it.
 *
 * @example await localIdentity("/srv/state/exchange-keys/journal") // { recipient: "age1…", file: "/srv/state/exchange-keys/deposit-identity.txt" }
 */
export async function localIdentity(journalFolder: string): Promise<{ readonly recipient: string; readonly file: string }> {
  const { file, recipient } = await local(journalFolder);
  return { recipient, file };
}

/** The recipient that `exchange-keys:depositRecipient` names, else the local pair's. Throws KeyError `configuration`. */
export async function recipientOf(configured: string | undefined, journalFolder: string): Promise<string> {
  if (configured === undefined) return (await localIdentity(journalFolder)).recipient;
  const text = configured.trim();
  if (isRecipient(text)) return text;
  throw new KeyError("configuration", {
    operation: "read exchange-keys:depositRecipient",
    cause: isIdentity(text) ? "it holds an identity, which is secret" : "it isn't an age recipient",
    wayOut: isIdentity(text)
      ? "make a new pair, since this one was shown; the configuration takes its recipient, age1…, alone"
      : "give the line that begins with age1, as age-keygen prints it",
  });
}

/**
 * The identities that open deposits, one a line: of the file that EXCHANGE_KEYS_IDENTITY names (as age-keygen writes it; empty counts as
 * unset), else the local pair's. Throws KeyError `configuration`, whose text holds neither an identity nor what stands in the variable.
 */
export async function identityText(named: string | undefined, journalFolder: string): Promise<Secret> {
  if (named === undefined || named === "") return (await local(journalFolder)).identities;
  return identitiesIn(named, "EXCHANGE_KEYS_IDENTITY");
}

/**
 * The identities of a file as age-keygen writes it, one a line. Throws KeyError `configuration`, whose text holds neither an identity nor
 * the path, since something else may have been pasted there.
 *
 * @param setting what names the file, for messages
 */
export async function identitiesIn(path: string, setting: string): Promise<Secret> {
  const wrong = (cause: string, wayOut = "give the path of a file that age-keygen wrote"): KeyError =>
    new KeyError("configuration", { operation: `read the file that ${setting} names`, cause, wayOut });
  if (isIdentity(path)) {
    throw wrong("it holds an identity itself", "make a new pair, since this one was shown, and give the path of its file");
  }
  const read = await readSmall(path).catch((error: unknown) => ({ why: `it can't be read (${codeOf(error)})` }));
  if ("why" in read) throw wrong(read.why);
  const pair = await parse(read.bytes);
  if (pair === undefined) throw wrong("it holds no age identity");
  return pair.identities;
}

interface Pair {
  readonly file: string;
  readonly identities: Secret;
  /** The first identity's. */
  readonly recipient: string;
}

async function local(journalFolder: string): Promise<Pair> {
  const file = join(dirname(journalFolder), LOCAL);
  try {
    return (await existing(file)) ?? (await make(file));
  } catch (error) {
    if (error instanceof KeyError) throw error;
    throw unusable(
      file,
      `can't be used (${codeOf(error)})`,
      "make its folder writable, or name another journal with exchange-keys:journal",
    );
  }
}

async function existing(file: string): Promise<Pair | undefined> {
  const seen = await stat(file).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  });
  if (seen === undefined) return undefined;
  if ((seen.mode & 0o077) !== 0) {
    const others = "can be read or changed by others than its owner";
    throw unusable(file, others, "if nobody else had access, run chmod 600 on it; else delete it, and do waiting ceremonies again");
  }
  const read = await readSmall(file);
  const pair = "bytes" in read ? await parse(read.bytes) : undefined;
  if (pair === undefined) {
    throw unusable(file, "holds no age identity", "delete it: a new pair is made, and deposits that were sealed to the former are lost");
  }
  return { file, ...pair };
}

/** Linked, not renamed: of two processes one is first, and the other takes what is there. */
async function make(file: string): Promise<Pair> {
  const { identity, recipient } = await newPair();
  const beside = await writeBeside(
    file,
    `# opens deposits of ceremonies on this machine\n# public key: ${recipient}\n${identity.reveal()}\n`,
  );
  try {
    await link(beside, file);
    return { file, identities: identity, recipient };
  } catch (error) {
    const first = codeOf(error) === "EEXIST" ? await existing(file) : undefined;
    if (first === undefined) throw error;
    return first;
  } finally {
    await rm(beside, { force: true });
  }
}

/** Undefined where a line is neither a comment nor an identity, or there is none. */
async function parse(bytes: Uint8Array): Promise<Omit<Pair, "file"> | undefined> {
  const lines = Buffer.from(bytes).toString("utf8").split("\n");
  const texts = lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  const found = await Promise.all(texts.map(async (text) => (FORM.test(text) ? recipientFor(new Secret(text)) : undefined)));
  const [recipient] = found;
  return recipient === undefined || found.includes(undefined) ? undefined : { identities: new Secret(texts.join("\n")), recipient };
}

function unusable(file: string, cause: string, wayOut: string): KeyError {
  return new KeyError("configuration", { operation: "get the identity that opens deposits", cause: `${file} ${cause}`, wayOut });
}

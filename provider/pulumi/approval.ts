// The approved plan of a run: read once, held against its hash, and asked before each write. Without the setting it asks for nothing. The
// environment's word comes before the configuration's: where a program declares no key, the engine hands on the configuration of the state.

import { approvedLine, entryOf, exceeds, otherExtras, placed, readApproved, sha256 } from "../core/approved";
import type { Approved, ApprovedEntry, ApprovedSettings } from "../core/approved";
import { KeyError } from "../core/errors";
import type { KeyInputs } from "../core/inputs";
import { venueName } from "./account";
import type { Sources } from "./settings";
import type { Subject } from "./subject";

/** A plan of ten thousand keys takes a third of it. */
const MOST_BYTES = 16 * 2 ** 20;

const VARIABLE = "EXCHANGE_KEYS_APPROVED";

const WAY_OUT =
  "review the plan anew (`pulumi preview --json --show-sames | exchange-keys review --approve <file>`), and set what it prints";

export class Approval {
  #read: Approved | undefined;

  constructor(
    private readonly settings: ApprovedSettings | undefined,
    private readonly sources: Sources,
  ) {}

  /** Before a key is made or changed. `recorded`: the generation that the state has. Throws KeyError `not-approved` with what exceeds. */
  assertKey(subject: Subject, doing: "create" | "update", inputs: KeyInputs, recorded: number | undefined): void {
    const entry = this.#entry(subject);
    if (entry === "unasked") return;
    const { kind, alias } = subject;
    const wanted = {
      account: alias,
      scope: placed({ ...subject.scope }),
      grants: kind.grants(inputs.permissions, inputs.extras),
      allowedIps: inputs.allowedIps,
      lifetime: inputs.lifetime,
      rotation: inputs.rotation,
      extras: otherExtras(kind, { ...subject.scope }, inputs.extras),
    };
    const reason = recorded === undefined ? "create" : inputs.generation > recorded ? inputs.reason : "update";
    refuse(subject, doing, exceeds(entry, wanted, reason));
  }

  /** Before a resource's keys are revoked because it goes, or is replaced. */
  assertRevocation(subject: Subject): void {
    const entry = this.#entry(subject);
    if (entry === "unasked") return;
    const left = `where an earlier run left this key to delete, which no preview shows, with --revoke ${JSON.stringify(subject.identity.name)}`;
    refuse(subject, "delete", entry?.revoke === true ? [] : ["the revocation of its keys"], `; ${left}`);
  }

  #entry({ identity }: Subject): ApprovedEntry | undefined | "unasked" {
    const settings = this.#settings();
    if (settings === undefined) return "unasked";
    this.#read ??= this.#open(settings);
    return entryOf(this.#read, identity);
  }

  /** An empty variable is none of a pipeline that says nothing: it is one whose hash was lost on the way. */
  #settings(): ApprovedSettings | undefined {
    const line = this.sources.env[VARIABLE];
    if (line === undefined) return this.settings;
    const settings = approvedLine(line);
    if (settings !== undefined) return settings;
    throw wrong(`the variable ${VARIABLE} isn't a SHA-256 in 64 small hex digits, a blank and a file, as sha256sum prints it`);
  }

  /** What can't be read holds everything back. */
  #open({ file, sha256: expected }: ApprovedSettings): Approved {
    let text: string;
    try {
      text = this.sources.readFile(file, MOST_BYTES);
    } catch {
      throw wrong("the approved file can't be read, or isn't a file of at most 16 MB");
    }
    if (sha256(text) !== expected) throw wrong("the approved file has another SHA-256 than was approved");
    const read = readApproved(text);
    if (read === undefined) throw wrong("the approved file isn't an approval of this release");
    return read;
  }
}

function wrong(cause: string): KeyError {
  return new KeyError("approval-file", { operation: "read the approved plan", cause, wayOut: WAY_OUT });
}

function refuse({ account, title }: Subject, doing: string, beyond: readonly string[], besides = ""): void {
  if (beyond.length === 0) return;
  throw new KeyError("not-approved", {
    venue: venueName(account),
    operation: `${doing} ${title}`,
    cause: `not in the approved plan: ${beyond.join("; ")}; nothing was sent`,
    wayOut: WAY_OUT + besides,
  });
}

// The approved plan of a run: read once, held against its hash, and asked before each write. Without the setting it asks for nothing.

import { entryOf, exceeds, placed, readApproved, sha256, type Approved, type ApprovedEntry, type ApprovedSettings } from "../core/approved";
import { KeyError } from "../core/errors";
import type { KeyInputs } from "../core/inputs";
import { venueName } from "./account";
import type { Sources } from "./settings";
import type { Subject } from "./subject";

/** A plan of ten thousand keys takes a third of it. */
const MOST_BYTES = 16 * 2 ** 20;

const WAY_OUT =
  "review the plan anew (`pulumi preview --json --show-sames | exchange-keys review --approve <file>`), and set exchange-keys:approved to what it prints";

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
    };
    const succeeds = recorded !== undefined && inputs.generation > recorded;
    refuse(subject, doing, exceeds(entry, wanted, succeeds ? inputs.reason : "update"));
  }

  /** Before a resource's keys are revoked because it goes, or is replaced. */
  assertRevocation(subject: Subject): void {
    const entry = this.#entry(subject);
    if (entry === "unasked") return;
    refuse(subject, "delete", entry?.revoke === true ? [] : ["the revocation of its keys"]);
  }

  #entry({ identity }: Subject): ApprovedEntry | undefined | "unasked" {
    if (this.settings === undefined) return "unasked";
    this.#read ??= this.#open(this.settings);
    return entryOf(this.#read, identity);
  }

  /** What can't be read holds everything back. */
  #open({ file, sha256: expected }: ApprovedSettings): Approved {
    let text: string;
    try {
      text = this.sources.readFile(file, MOST_BYTES);
    } catch {
      throw wrong("exchange-keys:approved.file names a file that can't be read, or isn't a file of at most 16 MB");
    }
    if (sha256(text) !== expected)
      throw wrong("the file that exchange-keys:approved names has another SHA-256 than the configuration says");
    const read = readApproved(text);
    if (read === undefined) throw wrong("the file that exchange-keys:approved names isn't an approval of this release");
    return read;
  }
}

function wrong(cause: string): KeyError {
  return new KeyError("approval-file", { operation: "read the approved plan", cause, wayOut: WAY_OUT });
}

function refuse({ account, title }: Subject, doing: string, beyond: readonly string[]): void {
  if (beyond.length === 0) return;
  throw new KeyError("not-approved", {
    venue: venueName(account),
    operation: `${doing} ${title}`,
    cause: `not in the approved plan: ${beyond.join("; ")}; nothing was sent`,
    wayOut: WAY_OUT,
  });
}

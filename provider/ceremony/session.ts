// What page and terminal know of a ceremony: tasks as a person sees them, and what a person can do. Data without a secret.

/** One cell of a venue's permission grid, or both: what its toggles say. */
export type Access = "none" | "read" | "write" | "read-write";

export interface Row {
  /** The API's name: `orders`. */
  readonly scope: string;
  /** The web page's row: `Orders`. That the two are the same is inferred from their names. */
  readonly title: string;
  /** Toggles that the row has. */
  readonly toggles: readonly ("read" | "write")[];
  readonly want: Access;
  /** As last seen; absent while nobody could look. */
  readonly is?: Access;
}

/**
 * `blocked`: it can't be done in this ceremony, and `findings` say why. `todo`: the person's turn. `checking`: the machine's. `differs`: the
 * key was looked at and isn't right yet; the person's turn, and then another look. `barred`: the venue refuses it here, as its IP list says
 * it should; it counts with a probe's statement. `discarding`: the key that was given must be revoked by the person, and is looked at
 * until it is dead. `done`: a deposit is sealed, or the waiting `up` has it.
 */
export type Phase = "blocked" | "todo" | "checking" | "differs" | "barred" | "discarding" | "done";

/** One sentence of what was found, and what helps. */
export interface Finding {
  readonly text: string;
  readonly wayOut?: string;
}

export interface AddressLine {
  readonly address: string;
  /** Empty where none was given. */
  readonly purpose: string;
  /** For edits: what is to be done with it. */
  readonly change?: "add" | "remove";
}

/** One key to make, edit or revoke. */
export interface TaskView {
  /** Random, valid in this session alone. */
  readonly id: string;
  readonly does: "create" | "edit" | "revoke";
  /** The resource's name: `maker`. */
  readonly name: string;
  /** `API key "maker"`. */
  readonly title: string;
  /** Why it waits: `it is new`, `its rotation is due`. */
  readonly why: string;
  readonly phase: Phase;
  /** `bitfinex (sandbox)`, alias and the venue's id of the account. */
  readonly venue: string;
  readonly account: string;
  readonly accountId: string;
  /** The venue's own page; absent where it isn't known. */
  readonly link?: string;
  /** The venue's steps in order, each a sentence: what to press, what 2FA and the e-mail will ask for. */
  readonly steps: readonly string[];
  /** The whole grid, also the rows that are to be off. */
  readonly rows: readonly Row[];
  readonly allowedIps: "anywhere" | readonly AddressLine[];
  /** What stands at the venue, or is to stand there: with the mark. */
  readonly label: string;
  /** For edits: the label is to be changed from this one. */
  readonly labelFrom?: string;
  /** A former ceremony may have made a key with this label. */
  readonly mayExist: boolean;
  /** Of a key that was given, or is recorded. */
  readonly fingerprint?: string;
  /** For creates: the first characters of the API key that was given and is still held, `sandbox-Ab…`. */
  readonly pasted?: string;
  /** Whether this session holds a credential to look with. */
  readonly canLook: boolean;
  readonly findings: readonly Finding[];
  /** For `barred`: what to run, on a host of the list. */
  readonly probe?: { readonly command: string; readonly hosts: readonly string[] };
  /** For `done`: where the deposit lies and until when it counts (ISO 8601). */
  readonly deposit?: { readonly file: string; readonly endsAt: string };
}

/**
 * A ceremony under way. Each method answers the task as it is afterwards; a mistake of the person is a finding, not an error. Throws
 * only for an id that doesn't exist, or once the session has ended.
 */
export interface Session {
  /** The stack: `acme/desk/production`. */
  readonly stack: string;
  tasks(): readonly TaskView[];
  /** The person turns to a task: its mark is journalled now, before any click at the venue. Does nothing the second time. */
  begin(id: string): Promise<TaskView>;
  /** Key and secret as they were pasted; white space around them is cut. */
  submit(id: string, apiKey: string, apiSecret: string): Promise<TaskView>;
  /** Looks again with the credential that the session holds. */
  again(id: string): Promise<TaskView>;
  /** A probe's statement, as text. */
  evidence(id: string, statement: string): Promise<TaskView>;
  /** The person says that it is done: for edits and revocations. */
  attest(id: string): Promise<TaskView>;
  /** The key that was given is no good: it is to be revoked at the venue, and followed until it is dead. */
  discard(id: string): Promise<TaskView>;
  /** Calls back whenever a task has changed. Answers what ends that. */
  subscribe(listener: () => void): () => void;
}

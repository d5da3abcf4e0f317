// The log of what callers asked: who, from where, what came of it. No body, no header and no secret is ever in it.
// Apart, because tests count with it.

/** One request as logged. While it waits for its answer, `status` is null. */
export interface RequestEntry {
  readonly n: number;
  /** When it arrived, by the sandbox's clock (ISO 8601, UTC). */
  readonly at: string;
  readonly venue: string;
  readonly method: string;
  readonly path: string;
  /** The caller's address as the venue sees it. */
  readonly source: string;
  /** First 16 hex digits of SHA-256 over the venue's name, a line break and the API key or the whole token. */
  credential: string | null;
  credentialKind: "key" | "token" | null;
  /** The signature was right, or the token was alive. */
  signed: boolean;
  /** The venue did what was asked, whether or not the answer arrived. */
  accepted: boolean;
  status: number | null;
  /** The venue's own error code. */
  code: number | string | null;
  /** The fault that this request met. */
  fault: string | null;
}

/** Older entries are dropped beyond this number. */
const KEPT = 50_000;

export class RequestLog {
  private entries: RequestEntry[] = [];
  private last = 0;

  /** Logs an arrival; the entry's other members are filled in place. */
  open(arrival: Pick<RequestEntry, "at" | "venue" | "method" | "path" | "source">): RequestEntry {
    const entry: RequestEntry = {
      n: ++this.last,
      ...arrival,
      credential: null,
      credentialKind: null,
      signed: false,
      accepted: false,
      status: null,
      code: null,
      fault: null,
    };
    this.entries.push(entry);
    if (this.entries.length > KEPT) this.entries.splice(0, this.entries.length - KEPT);
    return entry;
  }

  /** Entries after number `since`, of one venue or path where given, in order of arrival. */
  list(filter: { venue?: string | undefined; path?: string | undefined; since?: number | undefined } = {}): readonly RequestEntry[] {
    return this.entries.filter(
      (entry) =>
        entry.n > (filter.since ?? 0) &&
        (filter.venue === undefined || entry.venue === filter.venue) &&
        (filter.path === undefined || entry.path === filter.path),
    );
  }

  /** The number of the latest request; numbers go on after {@link clear}. */
  get latest(): number {
    return this.last;
  }

  clear(): void {
    this.entries = [];
  }
}

// Who may use the page: one launch link and one code, each good once; the tab that came in last; and the lock, from which nothing returns.
// Tokens are held as digests, so that no dump of the process has one that still works.

import { createHash, randomBytes, randomInt, timingSafeEqual } from "node:crypto";

const linkLife = 120_000; // ms: the redirect file goes after a minute; a slow browser has another
const codeLife = 600_000; // ms
const tries = 5; // wrong codes until the lock
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // without I, L, O, U: nothing that a tired eye mistakes

/** What came of a try to come in. */
export type Entry = { readonly tab: string } | { readonly refused: "wrong" | "ended" | "locked" };

/** What a page without a token may know. */
export interface Outside {
  readonly code: "open" | "spent" | "ended";
  /** A tab is, or was, in. */
  readonly taken: boolean;
  readonly locked?: string;
}

type Digest = Buffer;
interface Pass {
  readonly digest: Digest;
  readonly endsAt: number;
}

const digest = (text: string): Digest => createHash("sha256").update(text).digest();
const same = (digest_: Digest, text: string): boolean => timingSafeEqual(digest_, digest(text));

export class Gate {
  #link: Pass | undefined;
  #code: Pass | undefined;
  #tab: Digest | undefined;
  #spentLinks: Digest[] = [];
  #spentCodes: Digest[] = [];
  #wrong = 0;
  #locked: string | undefined;

  constructor(
    private readonly now: () => number,
    private readonly onLocked: (reason: string) => void,
  ) {}

  get locked(): string | undefined {
    return this.#locked;
  }

  /** A new launch token; an earlier one that wasn't used is void. */
  newLink(): string {
    const token = randomBytes(32).toString("base64url");
    this.#link = { digest: digest(token), endsAt: this.now() + linkLife };
    return token;
  }

  /** A new code of 40 bits, like `7KQF-2MXD`; an earlier one that wasn't used is void. Few tries for each. */
  newCode(given?: string): string {
    const drawn = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join("");
    const code = given ?? `${drawn.slice(0, 4)}-${drawn.slice(4)}`;
    this.#code = { digest: digest(plain(code)), endsAt: this.now() + codeLife };
    this.#wrong = 0;
    return code;
  }

  /** The launch token is exchanged for the tab's. Its second use is somebody else's, and ends the ceremony. */
  enterByLink(token: string): Entry {
    if (this.#locked !== undefined) return { refused: "locked" };
    if (this.#spentLinks.some((spent) => same(spent, token))) return this.#lockAndRefuse("The launch link was used a second time.");
    if (!this.#link || !same(this.#link.digest, token)) return { refused: "wrong" };
    if (this.now() >= this.#link.endsAt) return { refused: "ended" };
    this.#spentLinks.push(this.#link.digest);
    return this.#admit();
  }

  /** The code from the terminal, as typed. A tab that was in before is out then. */
  enterByCode(typed: string): Entry {
    if (this.#locked !== undefined) return { refused: "locked" };
    const code = plain(typed);
    if (this.#spentCodes.some((spent) => same(spent, code))) return this.#lockAndRefuse("The code was used a second time.");
    if (!this.#code || this.now() >= this.#code.endsAt) return { refused: "ended" };
    if (!same(this.#code.digest, code)) {
      this.#wrong++;
      return this.#wrong >= tries ? this.#lockAndRefuse(`A wrong code was typed ${tries} times.`) : { refused: "wrong" };
    }
    this.#spentCodes.push(this.#code.digest);
    this.#code = undefined;
    return this.#admit();
  }

  /** Whether this is the token of the tab that is in. */
  isTab(token: string): boolean {
    return this.#locked === undefined && this.#tab !== undefined && same(this.#tab, token);
  }

  outside(): Outside {
    const ended = this.#code !== undefined && this.now() >= this.#code.endsAt;
    return {
      code: this.#code === undefined ? "spent" : ended ? "ended" : "open",
      taken: this.#tab !== undefined,
      ...(this.#locked !== undefined && { locked: this.#locked }),
    };
  }

  #admit(): Entry {
    const tab = randomBytes(32).toString("base64url");
    this.#tab = digest(tab);
    this.#link = undefined; // whichever way came first: the link isn't left lying about
    return { tab };
  }

  #lockAndRefuse(reason: string): Entry {
    this.#locked = reason;
    this.#tab = undefined;
    this.onLocked(reason);
    return { refused: "locked" };
  }
}

/** A code as it counts: case, hyphens and blanks don't, and letters that aren't in it are read as the digits they look like. */
function plain(code: string): string {
  return code
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
}

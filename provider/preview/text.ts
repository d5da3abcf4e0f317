// The text of a preview or an export, gathered as it comes. The engine writes each key's serialized provider up to three times into a step,
// most of a large plan: those texts, which nobody here reads, are left out before anything is parsed.

/** The member's name and the beginning of its text. A quote before a letter always opens, so that this is a name wherever no backslash is before it. */
const NAME = Buffer.from('"__provider"');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** No more is kept of a document: beyond it lies no preview of keys, and no text that Node could hold. */
const MOST = 400 * 2 ** 20;

/** Joins pieces of a document. Throws RangeError for one that is too large even without those texts. */
export async function gathered(pieces: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<string> {
  // As text at once: a part of a piece would hold on to the whole of it.
  const decoder = new TextDecoder();
  const kept: string[] = [];
  let size = 0;
  let rest: Buffer = Buffer.alloc(0);
  const keep = (part: Buffer): void => {
    if (part.length === 0) return;
    kept.push(decoder.decode(part, { stream: true }));
    size += part.length;
    if (size > MOST) throw new RangeError("the document is larger than 400 MB");
  };
  for await (const piece of pieces) rest = shortened(rest.length === 0 ? piece : Buffer.concat([rest, piece]), keep);
  keep(rest);
  return kept.join("") + decoder.decode();
}

/** Keeps all but the texts; answers the end, of which the next piece decides. */
function shortened(piece: Buffer, keep: (part: Buffer) => void): Buffer {
  let from = 0;
  for (;;) {
    const at = piece.indexOf(NAME, from);
    if (at < 0) {
      // A name may be cut in two.
      const end = Math.max(from, piece.length - NAME.length);
      keep(piece.subarray(from, end));
      return piece.subarray(end);
    }
    const opens = opening(piece, at + NAME.length);
    if (opens === "cut") return waiting(piece, from, at, keep);
    if (opens === undefined || piece[at - 1] === BACKSLASH) {
      keep(piece.subarray(from, at + NAME.length));
      from = at + NAME.length;
      continue;
    }
    const closes = closing(piece, opens + 1);
    if (closes === undefined) return waiting(piece, from, at, keep);
    keep(piece.subarray(from, opens + 1));
    from = closes;
  }
}

/** One byte before the name stays with it: a backslash there decides. */
function waiting(piece: Buffer, from: number, at: number, keep: (part: Buffer) => void): Buffer {
  const end = Math.max(from, at - 1);
  keep(piece.subarray(from, end));
  return piece.subarray(end);
}

/** Where the text begins, after colon and blanks; undefined where something else stands there. */
function opening(piece: Buffer, from: number): number | undefined | "cut" {
  let colon = false;
  for (let at = from; at < piece.length; at += 1) {
    const byte = piece[at];
    if (byte === QUOTE) return colon ? at : undefined;
    if (byte === 0x3a && !colon) colon = true;
    else if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return undefined;
  }
  return "cut";
}

/** Where the text's closing quote is: one before which an even number of backslashes stands. */
function closing(piece: Buffer, from: number): number | undefined {
  for (let at = piece.indexOf(QUOTE, from); at >= 0; at = piece.indexOf(QUOTE, at + 1)) {
    let slashes = 0;
    while (piece[at - 1 - slashes] === BACKSLASH && at - 1 - slashes >= from) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return undefined;
}

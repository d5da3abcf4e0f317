// What the command `exchange-keys` loads to review a plan, and to redact a state. Asks nobody, and reads no file. Not for programs.

import { documentOf, parseDocument } from "../preview/document";
import { assertWhole } from "../preview/whole";
import { reviewOf, type Review } from "../review/review";
import type { KindOf } from "../review/side";
import { KeyError } from "../core/errors";
import { venue } from "../venues/registry";

export { gathered } from "../preview/text";
export { approvalOf } from "../review/approval";
export { MEANINGS } from "../core/powers";
export { quote } from "../core/quote";
export { worstFirst, type KeyReview, type Review } from "../review/review";
export { conditionOf, CONDITIONS, met, revoked, unread, verdictOf, type Condition } from "../review/verdict";
export { RULES, type Effect, type Finding, type Rule, type Word, type Words } from "../review/words";

// What redacting goes by: how secrets are marked, which outputs are, and the words that a credential says in clear.
export { SECRET_OUTPUTS } from "../core/record";
export { keyType, nameOf, SECRET, SIGNATURE } from "../preview/document";
export { VENUES } from "../venues/registry";

const HOW = "give the output of pulumi preview --json: pulumi preview --json | exchange-keys review";

/** Reads the text of `pulumi preview --json`. Throws KeyError `input` for anything else, and for a preview that failed or isn't whole. */
export function review(text: string): Review {
  const document = documentOf(parseDocument(text, HOW), HOW);
  if (document.from === "preview") {
    assertWhole(document, "make it again, and give all of it: pulumi preview --json | exchange-keys review");
    return reviewOf(document, kindOf);
  }
  const operation = "read what Pulumi printed";
  throw new KeyError("input", { operation, cause: "it is a stack's export, which says nothing of what is planned", wayOut: HOW });
}

const kindOf: KindOf = (id, kind) => {
  const kinds = venue(id)?.manifest().kinds;
  return kinds !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
};

// Whether a preview is all that the engine planned. One that was interrupted or shortened says less, and what it leaves out isn't safe.

import { KeyError } from "../core/errors";
import type { Document } from "./document";

/**
 * Throws KeyError `input` for a preview without the summary that ends each one, and for one that lacks steps which its summary counts.
 * There may be more steps than counted ones: those of refreshes and of a replacement's parts, and reads that found nothing new. Of what
 * stays the same fewer are shown without `--show-sames`. Seen on CLI 3.259; display/json.go and engine/update.go (previewActions) say the same.
 */
export function assertWhole({ steps, summary }: Document, wayOut: string): void {
  const refused = (cause: string) => new KeyError("input", { operation: "read what Pulumi printed", cause, wayOut });
  if (summary === undefined) throw refused("it isn't whole: it has no changeSummary, with which each preview ends");
  const shown = new Map<string, number>();
  for (const { op } of steps) shown.set(op, (shown.get(op) ?? 0) + 1);
  for (const [op, count] of Object.entries(summary)) {
    const has = shown.get(op) ?? 0;
    if (op !== "same" && count > has)
      throw refused(`it isn't whole: its summary counts ${count} × ${JSON.stringify(op)}, and it has ${has}`);
  }
}

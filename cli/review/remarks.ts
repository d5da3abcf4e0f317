// What a review says of itself: which stack it is of, and what it doesn't show. The same in every format.

import { count } from "../count";
import type { Review, Words } from "pulumi-exchange-keys/review";

export function remarks({ stack, same, partial, foreign }: Review): readonly Words[] {
  return [
    stack === "" ? ["Stack: the preview names none."] : ["Stack: ", { given: stack }, "."],
    ...(same.length > 0 ? [[`${count(same.length, "key")} stay${same.length === 1 ? "s" : ""} the same.`]] : []),
    ...(partial
      ? [
          [
            "What stays the same isn't in this preview, so that its ignoreChanges and the like aren't seen; pulumi preview --json --show-sames has it.",
          ],
        ]
      : []),
    ...(foreign > 0
      ? [[`${count(foreign, "other resource")} change${foreign === 1 ? "s" : ""}, and ${foreign === 1 ? "is" : "are"} not reviewed here.`]]
      : []),
  ];
}

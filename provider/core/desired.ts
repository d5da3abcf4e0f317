// The whole desired state of one key: what is declared, the label with the mark, and the passphrase where the venue has the caller choose it.

import type { DesiredKey } from "./driver";
import { compose } from "./label";
import type { Declared, Means } from "./means";
import type { Generation } from "./record";
import type { Secret } from "./secret";

/** Of a key that is to be born. */
export function newborn({ key, label }: Declared, mark: string, passphrase: Secret | undefined, { kind }: Pick<Means, "kind">): DesiredKey {
  return {
    ...key,
    ...(kind.label === undefined ? {} : { label: compose(label, mark, kind.label) }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

/** Of one that exists. */
export function desiredOf(
  declared: Declared,
  { mark, credential }: Pick<Generation, "mark" | "credential">,
  means: Pick<Means, "kind">,
): DesiredKey {
  return newborn(declared, mark, credential.kind === "api-key" ? credential.passphrase : undefined, means);
}

// What is serialized into the state of every resource, twice: it captures nothing, is the same for all, and is small, since the engine writes the
// whole state with every step. Frozen: the specifier, `attach` and its members. State written today is read by every later release.

import type { dynamic } from "@pulumi/pulumi";

/* eslint-disable @typescript-eslint/no-require-imports -- runs from its text in the state, where `require` alone can find the package */

/** Stands for each method until the runtime has put its own in place: where it can't, nothing is taken for done. */
const absent = (): never => {
  throw new Error("exchange-keys: pulumi-exchange-keys couldn't be loaded by the provider process; the first error of this run says why");
};

export const shim: dynamic.ResourceProvider = {
  configure(request) {
    return require("pulumi-exchange-keys/runtime").attach({ version: 1, provider: this, config: request.config });
  },
  check: absent,
  diff: absent,
  create: absent,
  read: absent,
  update: absent,
  delete: absent,
};

// What is serialized into the state of every resource: it captures nothing, forwards one versioned envelope, and is the same for all.
// Frozen: the specifier, `handle` and the members of an envelope. State written today is read by every later release.

import type { dynamic } from "@pulumi/pulumi";

/* eslint-disable @typescript-eslint/no-require-imports -- runs from its text in the state, where `require` alone can find the package */
export const shim: dynamic.ResourceProvider = {
  configure: (request) => require("pulumi-exchange-keys/runtime").handle({ version: 1, operation: "configure", config: request.config }),
  check: (olds, news) => require("pulumi-exchange-keys/runtime").handle({ version: 1, operation: "check", olds, news }),
  diff: (id, olds, news) => require("pulumi-exchange-keys/runtime").handle({ version: 1, operation: "diff", id, olds, news }),
  create: (inputs) => require("pulumi-exchange-keys/runtime").handle({ version: 1, operation: "create", news: inputs }),
  read: (id, props) => require("pulumi-exchange-keys/runtime").handle({ version: 1, operation: "read", id, olds: props }),
  update: (id, olds, news) => require("pulumi-exchange-keys/runtime").handle({ version: 1, operation: "update", id, olds, news }),
  delete: (id, props) => require("pulumi-exchange-keys/runtime").handle({ version: 1, operation: "delete", id, olds: props }),
};

// What KuCoin's documents leave open, as switches. Apart, because this table is also the documentation of what the
// sandbox had to choose.

import type { SwitchTable } from "../../switches";

export const switches = {
  errorStatus: {
    open: "the HTTP status of a refusal (documented are a table of codes and one of statuses, and that a failed operation may come under 200); `by-kind` takes the status whose text fits",
    values: [200, "by-kind"],
    default: 200,
    why: "a refusal under a status of success",
  },
  addressFirst: {
    open: "whether the caller's address is looked at before signature and passphrase",
    values: [true, false],
    default: true,
    why: "from a barred address, right credentials can't be told from wrong ones",
  },
  versionHeader: {
    open: "what becomes of a request whose `KC-API-KEY-VERSION` is missing, or signs the passphrase otherwise than the key's version does",
    values: ["400004", "ignored"],
    default: "400004",
    why: "a client that leaves the header out is refused, for its passphrase at that",
  },
  signedQuery: {
    open: "whether a signature over the URL-encoded query passes as well: the documents want it unencoded, a well-known client signs it encoded",
    values: ["decoded", "either"],
    default: "decoded",
    why: "who signs what is sent is refused as soon as something needs encoding",
  },
  notFoundCode: {
    open: "the code for a sub-account or key that isn't there, when a key is made, updated or deleted",
    values: ["400100", "404000"],
    default: "400100",
    why: "a key that is gone can't be told from a misspelt parameter",
  },
  absentListed: {
    open: "the answer to a query for the keys of a sub-account that isn't there, or for one key that isn't",
    values: ["empty", "refused"],
    default: "empty",
    why: "a misspelt sub-account looks like one whose keys are all gone",
  },
  keyPassphrase: {
    open: "the code for a wrong passphrase of the key that is to be updated or deleted",
    values: ["400004", "400100"],
    default: "400004",
    why: "looks as if the managing key's own passphrase were wrong",
  },
  permissionOmitted: {
    open: "what an update without `permission`, or with an empty one, does (its default is General, and older documents speak of what is modified)",
    values: ["General", "kept"],
    default: "General",
    why: "who says nothing takes everything away",
  },
  ipWhitelistOmitted: {
    open: "what an update without `ipWhitelist` does",
    values: ["removed", "kept"],
    default: "removed",
    why: "who says nothing lets everyone in",
  },
  ipWhitelistEmpty: {
    open: "what an update with an empty `ipWhitelist` does",
    values: ["removed", "kept", "400100"],
    default: "removed",
    why: "otherwise who always sends everything could never take a list away",
  },
  expireOmitted: {
    open: "what an update without `expire` does (its default is -1)",
    values: ["-1", "kept"],
    default: "-1",
    why: "who says nothing has a key that lasts for ever",
  },
  expireFrom: {
    open: "when the days of an update's `expire` begin",
    values: ["update", "creation"],
    default: "update",
    why: "each update that sends everything prolongs the key, and nothing shows it",
  },
  createEcho: {
    open: "whether the answer of a creation names all permissions (the example asks for General,Spot,Futures and names General,Futures)",
    values: ["without-spot", "as-granted"],
    default: "without-spot",
    why: "the key can do more than the answer says",
  },
  beyondAccess: {
    open: "what becomes of Spot, Futures or Margin for a key of a sub-account that was made without that",
    values: ["dropped", "400100", "granted"],
    default: "dropped",
    why: "the key has less than was asked for, under a code of success",
  },
  tradeWord: {
    open: "whether `Trade`, which examples of older documents have, is still taken in `permission`, as Spot",
    values: ["400100", "Spot"],
    default: "400100",
    why: "who goes by the example is refused",
  },
  generalAdded: {
    open: "whether a key that asks for other permissions has General as well",
    values: [true, false],
    default: true,
    why: "the key can do more than was asked for; without it, no such key could look at itself",
  },
  ipFormats: {
    open: "what `ipWhitelist` takes besides IPv4 addresses: IPv6 ones, or ranges too",
    values: ["ipv4", "addresses", "ranges-too"],
    default: "ipv4",
    why: "a machine that has nothing else can have no bound key",
  },
  ipMask: {
    open: "whether addresses are read back with asterisks in them, as in the examples, or these are there for print alone",
    values: ["masked", "plain"],
    default: "masked",
    why: "an IP list can't be read back whole",
  },
  noIpsShown: {
    open: "how a key without an IP list is shown",
    values: ["absent", "empty"],
    default: "absent",
    why: "a member that isn't always there",
  },
  remarkUnique: {
    open: "whether two keys of a sub-account may have the same remark",
    values: [false, true],
    default: false,
    why: "a remark doesn't tell which key it is; `true` refuses the second with 400100",
  },
  expiredListed: {
    open: "whether a key that has expired is still listed",
    values: ["listed", "gone"],
    default: "listed",
    why: "what is dead looks alive",
  },
  selfFields: {
    open: "whether `user/api-key` has `expiredAt` and `siteType`, which a client's types have and no document",
    values: ["documented", "newer"],
    default: "documented",
    why: "no endpoint tells when a key expires",
  },
  listLagSeconds: {
    open: "for how long a list is still as it was before a write",
    values: [0, 2],
    default: 0,
    why: "nothing suggests that there is a delay; with one, a list right after a write is wrong",
  },
} as const satisfies SwitchTable;

export type KucoinSwitches = typeof switches;

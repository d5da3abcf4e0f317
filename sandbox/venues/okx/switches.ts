// What OKX's documents leave open, as switches. Apart, because this table is also the documentation of what the
// sandbox had to choose.

import type { SwitchTable } from "../../switches";

export const switches = {
  restWindow: {
    open: "how far `OK-ACCESS-TIMESTAMP` may be off, in seconds, either way (0: as far as it likes); only WebSocket sign-in has a documented figure, 30",
    values: [30, 5, 0],
    default: 30,
    why: "the one figure that anybody states; less would bar clients that are known to work",
  },
  timestampFraction: {
    open: "whether the timestamp may have more than three fractional digits (users report that it may not)",
    values: ["at-most-3", "any"],
    default: "at-most-3",
    why: "a client with microseconds is refused",
  },
  unknownKey: {
    open: "what an unknown, deleted or expired key gets: 50119, with its documented status or with 401 as users see it, or 50111",
    values: ["50119-as-200", "50119-as-401", "50111"],
    default: "50119-as-200",
    why: "a refusal under a status of success",
  },
  addressFirst: {
    open: "whether the caller's address is looked at before signature and passphrase",
    values: [true, false],
    default: true,
    why: "from a barred address, right credentials can't be told from wrong ones",
  },
  authErrorData: {
    open: "whether refusals of the credential have a member `data` (the one that users show has none)",
    values: ["absent", "empty"],
    default: "absent",
    why: "a client that counts on it breaks",
  },
  permissionCode: {
    open: "the code for a key without the permission that an endpoint needs: both texts fit",
    values: ["50120", "50030"],
    default: "50120",
    why: "the text that names the key; the other is as bad",
  },
  notMaster: {
    open: "the code for a sub-account's key at an endpoint for master accounts: both texts fit",
    values: ["59500", "59604"],
    default: "59500",
    why: "the first of the two; the other is as bad",
  },
  createNeedsIps: {
    open: "whether creating a key takes a master's key with an IP list (the global page of 2025-11 says so, the EEA page of 2025-08 doesn't)",
    values: [true, false],
    default: true,
    why: "a managing key without a list can't create",
  },
  demoManagement: {
    open: "whether a key of demo trading may manage sub-accounts' keys",
    values: ["50038", "as-live"],
    default: "50038",
    why: "nothing can be tried in demo trading",
  },
  rateLimitStatus: {
    open: "the HTTP status of 50011, which the table of codes has twice",
    values: [200, 429],
    default: 200,
    why: "a refusal under a status of success",
  },
  permOmitted: {
    open: "the permissions of a key that is created without `perm`",
    values: ["read_only,trade", "read_only", "refused"],
    default: "read_only,trade",
    why: "silence grants trading",
  },
  permEmptied: {
    open: "what an empty `perm` does to a key that is modified",
    values: ["kept", "refused"],
    default: "kept",
    why: "whoever means to take everything away has taken nothing away",
  },
  tradeAddsRead: {
    open: "whether `trade` brings `read_only` along (suggested by the examples)",
    values: [true, false],
    default: true,
    why: "the key can do more than was asked for; without it, no such key could look at itself",
  },
  readWord: {
    open: "the word for the permission Read in the answer of `modify-apikey`: the example has `read`, all else `read_only`",
    values: ["read", "read_only"],
    default: "read",
    why: "one permission under two names",
  },
  readTaken: {
    open: "whether `read` is taken in a request's `perm`",
    values: [false, true],
    default: false,
    why: "who sends back what `modify-apikey` answered fails",
  },
  permOrder: {
    open: "whether `perm` has the same order everywhere (the examples haven't); `varies` turns it round in `account/config`",
    values: ["varies", "fixed"],
    default: "varies",
    why: "who compares texts sees a difference that isn't there",
  },
  ipEcho: {
    open: "how an IP list is given back; `rewritten`: sorted, each address once, IPv6 in its shortest form",
    values: ["rewritten", "as-sent"],
    default: "rewritten",
    why: "who compares texts sees a difference that isn't there",
  },
  ipSegments: {
    open: "how a network segment is written (documented is that there are segments)",
    values: ["prefix", "refused"],
    default: "prefix",
    why: "`203.0.113.0/24`, the usual way; refused, a documented feature could not be used at all",
  },
  labelScope: {
    open: "where a label has to be unique: under the whole master account, or in the sub-account",
    values: ["master", "sub-account"],
    default: "master",
    why: "a label of one sub-account is refused because of another's",
  },
  labelReuse: {
    open: "whether the label of a key that is gone can be used again",
    values: ["taken", "free"],
    default: "taken",
    why: "a label is spent for good",
  },
  sameLabel: {
    open: "what becomes of a modification that passes the label that the key has already",
    values: ["59502", "accepted"],
    default: "59502",
    why: "who always sends everything can't modify",
  },
  labelMax: {
    open: "the longest label, in characters (0: none); `account/config` says 50, creation nothing",
    values: [50, 0],
    default: 50,
    why: "a longer label is refused",
  },
  labelAlphabet: {
    open: "what a label may have besides letters and digits (`account/config` says nothing else, the examples have `v5.1`)",
    values: ["letters-and-digits", "any"],
    default: "letters-and-digits",
    why: "a label with a hyphen is refused",
  },
  keyNotListed: {
    open: "the answer to a query for one key that isn't there",
    values: ["empty", "59506"],
    default: "empty",
    why: "an account without keys and a key that is gone look alike",
  },
  expiredKeys: {
    open: "whether a key that expired for inactivity is still listed",
    values: ["listed", "gone"],
    default: "listed",
    why: "what is dead looks alive",
  },
  createSubaccount: {
    open: "for whom `create-subaccount` answers 59518",
    values: ["59518", "works"],
    default: "59518",
    why: "sub-accounts have to be made on the web",
  },
} as const satisfies SwitchTable;

export type OkxSwitches = typeof switches;

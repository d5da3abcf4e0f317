// What Gate's documents leave open, as switches. Apart, because this table is also the documentation of what the sandbox had
// to choose.

import type { SwitchTable } from "../../switches";

/** Of requests and their refusals. */
const requests = {
  requestStatus: {
    open: "the HTTP status of MISSING_REQUIRED_HEADER, REQUEST_EXPIRED and ACCOUNT_LOCKED (documented: 401 when authentication fails, other 4xx for requests that are wrong)",
    values: [401, 400],
    default: 401,
    why: "by the status, a slow clock can't be told from a key that is gone",
  },
  permissionStatus: {
    open: "the HTTP status of READ_ONLY and FORBIDDEN",
    values: [401, 403],
    default: 401,
    why: "by the status, a missing permission can't be told from a key that is gone; 403 isn't in the table of statuses",
  },
  textMember: {
    open: "which refusals have their text as `detail` and not as `message`: both are documented, `message` was seen with some labels",
    values: ["detail-unless-seen", "message"],
    default: "detail-unless-seen",
    why: "who reads `message` alone reads nothing",
  },
  limitLabel: {
    open: "the label beside 429",
    values: ["none", "TOO_BUSY"],
    default: "none",
    why: "only the status tells; the other label is documented as well, without a meaning",
  },
  resetUnit: {
    open: "the unit of `X-Gate-RateLimit-Reset-Timestamp`",
    values: ["milliseconds", "seconds"],
    default: "milliseconds",
    why: "who takes it for seconds, as all other times are, waits for ever",
  },
  deadKey: {
    open: "the label for a key that isn't there, or has ended",
    values: ["INVALID_KEY", "INVALID_CREDENTIALS"],
    default: "INVALID_KEY",
    why: "has a documented text that fits; the label doesn't tell a key that was deleted from a misspelt one, the other not even from a wrong secret",
  },
  stoppedKey: {
    open: "the label for a key whose state is locked or frozen",
    values: ["INVALID_KEY", "ACCOUNT_LOCKED", "FORBIDDEN"],
    default: "INVALID_KEY",
    why: "a key that may be back tomorrow looks revoked",
  },
  addressFirst: {
    open: "whether the caller's address is looked at before the signature",
    values: [true, false],
    default: true,
    why: "from a barred address, a right secret can't be told from a wrong one",
  },
  signedQuery: {
    open: "whether a signature over the URL-encoded query passes as well (the rule says unencoded, the example's explanation: as it is in the URL)",
    values: ["decoded", "either"],
    default: "decoded",
    why: "who signs what is sent is refused as soon as something needs encoding",
  },
  missingArea: {
    open: "the label when a key doesn't have an area at all",
    values: ["FORBIDDEN", "READ_ONLY"],
    default: "FORBIDDEN",
    why: "the other sounds as if the key could read",
  },
} as const satisfies SwitchTable;

/** Of who may manage, and what. */
const managing = {
  managingNeeds: {
    open: "which permission the main account's key needs for `/sub_accounts…`",
    values: ["wallet", "account", "nothing"],
    default: "wallet",
    why: "who manages keys can then also move funds, and a key that can't is refused",
  },
  accountNeeds: {
    open: "which permission `/account/…` needs",
    values: ["account", "nothing"],
    default: "account",
    why: "a key without it can't look at itself",
  },
  beyondOwn: {
    open: "whether a managing key can give permissions that it doesn't have itself",
    values: ["granted", "refused"],
    default: "granted",
    why: "whoever has it has everything; the other way, it would have to be able to trade",
  },
  notOwnSub: {
    open: "the label for a sub-account that is another's, or when a sub-account's key asks",
    values: ["SUB_ACCOUNT_NOT_FOUND", "FORBIDDEN"],
    default: "SUB_ACCOUNT_NOT_FOUND",
    why: "a sub-account of another main account looks as if it were gone",
  },
  absentSubStatus: {
    open: "the HTTP status of SUB_ACCOUNT_NOT_FOUND",
    values: [400, 404],
    default: 400,
    why: "by the status, it can't be told from a wrong parameter",
  },
  absentSubList: {
    open: "the answer to a list of keys of a sub-account that isn't there",
    values: ["empty", "refused"],
    default: "empty",
    why: "a misspelt sub-account looks like one whose keys are all gone",
  },
  absentKey: {
    open: "the answer to a query, update or deletion of a key that isn't there",
    values: ["401-INVALID_KEY", "400-INVALID_PARAM_VALUE", "404-NOT_FOUND"],
    default: "401-INVALID_KEY",
    why: "reads as if the managing key itself were invalid",
  },
  lockedSub: {
    open: "whether the keys of a locked sub-account still work",
    values: ["alive", "ACCOUNT_LOCKED"],
    default: "alive",
    why: "who locks a sub-account in an emergency hasn't stopped its keys",
  },
} as const satisfies SwitchTable;

/** Of what a key is given. */
const wanted = {
  unknownArea: {
    open: "what becomes of a permission that isn't listed for sub-accounts' keys",
    values: ["dropped", "refused"],
    default: "dropped",
    why: "the key has less than was asked for, under a status of success",
  },
  readOnlyOmitted: {
    open: "what a permission without `read_only` allows",
    values: ["read-write", "read"],
    default: "read-write",
    why: "silence grants everything",
  },
  emptyPerms: {
    open: "whether a key can be made, or be left, without any permission",
    values: ["accepted", "refused"],
    default: "accepted",
    why: "who leaves `perms` out has a key that can do nothing, under a status of success",
  },
  permsOmitted: {
    open: "what an update without `perms` does (documented, of their names: no value will be cleared)",
    values: ["cleared", "kept"],
    default: "cleared",
    why: "who says nothing takes everything away",
  },
  nameOmitted: {
    open: "what an update without `name` does",
    values: ["cleared", "kept"],
    default: "cleared",
    why: "who says nothing has a key that nobody recognizes",
  },
  modeChanged: {
    open: "what becomes of an update with another `mode` (documented: it can't be changed)",
    values: ["ignored", "refused"],
    default: "ignored",
    why: "nothing changes, under a status of success",
  },
  nameMax: {
    open: "the longest name, in characters (0: none)",
    values: [32, 64, 0],
    default: 32,
    why: "a short limit: a name that says much doesn't fit",
  },
  nameTooLong: {
    open: "what becomes of a longer name",
    values: ["cut", "refused"],
    default: "cut",
    why: "the key has another name than was sent, and the end is lost first",
  },
  nameAlphabet: {
    open: "the characters of a name (the examples have letters and digits)",
    values: ["letters-digits-dashes", "any"],
    default: "letters-digits-dashes",
    why: "blanks and all else are refused; without dashes too, nothing would divide a mark from a name",
  },
  namesUnique: {
    open: "whether two keys of an account may have the same name (`false`: they may)",
    values: [false, true],
    default: false,
    why: "a creation that is sent twice makes two keys",
  },
  keysMax: {
    open: "how many keys a sub-account can have (the same page says 20 for each account, and 5 for each user; 0: no limit)",
    values: [5, 20, 0],
    default: 5,
    why: "the lower of the two figures",
  },
  keysMaxLabel: {
    open: "the label when there are too many keys",
    values: ["FORBIDDEN", "BAD_REQUEST"],
    default: "FORBIDDEN",
    why: "looks like a missing permission",
  },
} as const satisfies SwitchTable;

/** Of how a key's life shows. */
const shown = {
  settleSeconds: {
    open: "how long an update or a deletion takes to take effect (documented: up to 5 minutes)",
    values: [300, 60, 0],
    default: 300,
    why: "the longest that is documented: a revoked key lives on for so long",
  },
  settlesIn: {
    open: "where that delay shows",
    values: ["everything", "use"],
    default: "everything",
    why: "who looks once sees the past; under the other, what is listed isn't true yet, and only using the key tells",
  },
  updatedMember: {
    open: "the name of the time of the last update in what is read (the examples have one, the schema the other)",
    values: ["update_at", "updated_at"],
    default: "update_at",
    why: "isn't what the answer of a creation has",
  },
  stateNumbers: {
    open: "what a key's states 2 and 3 are: `main_keys` has 2 locked and 3 frozen, the sub-accounts' schema 2 frozen and 3 locked",
    values: ["by-page", "2-locked", "2-frozen"],
    default: "by-page",
    why: "the same number means two things",
  },
  neverUsed: {
    open: "`last_access` of a key that was never used",
    values: ["created", "absent"],
    default: "created",
    why: "as in the examples: looks as if it had been used",
  },
  permsOrder: {
    open: "the order of `perms` in answers (no two examples have the same)",
    values: ["reversed", "as-sent"],
    default: "reversed",
    why: "who compares lists sees a difference where there is none",
  },
  mainKeys: {
    open: "what `account/main_keys` answers: the documented list, or, as clients have it, the calling key as one object",
    values: ["list", "own"],
    default: "list",
    why: "what the document says; a client that expects the other makes nothing of it",
  },
  unboundLapse: {
    open: "whether a sub-account's key without addresses ends after 90 days (documented for keys that are made on the web page)",
    values: ["90-days", "never"],
    default: "90-days",
    why: "nothing in any answer tells that it will",
  },
  unboundFrom: {
    open: "when these 90 days begin",
    values: ["creation", "update"],
    default: "creation",
    why: "no update keeps such a key alive",
  },
  lapsedShown: {
    open: "how a key that has ended by itself is listed",
    values: ["normal", "frozen", "gone"],
    default: "normal",
    why: "what is dead looks alive",
  },
  lapsedUpdate: {
    open: "whether an update that gives addresses to a key that has ended by itself brings it back (on the web page it can be enabled again)",
    values: ["stays-dead", "revives"],
    default: "stays-dead",
    why: "nothing comes of it, under a status of success",
  },
} as const satisfies SwitchTable;

export const switches = { ...requests, ...managing, ...wanted, ...shown } as const satisfies SwitchTable;

export type GateSwitches = typeof switches;

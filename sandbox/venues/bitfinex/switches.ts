// What Bitfinex's documents leave open, as switches. Apart, because this table is also the documentation of what the
// sandbox had to choose.

import type { SwitchTable } from "../../switches";

export const switches = {
  ipRefusal: {
    open: "the answer to a caller whose address is not on the key's list",
    values: ["apikey-invalid", "own-error"],
    default: "apikey-invalid",
    why: "a barred caller can't tell a live key from a revoked one (for a token: `token: invalid`)",
  },
  tokenInvalidCode: {
    open: "the code beside the text `token: invalid`",
    values: [10001, 10100, 10112, 10114],
    default: 10001,
    why: "the generic code, also used for missing permissions: whoever looks at the code alone is misled",
  },
  custIpBinds: {
    open: "whether `_cust_ip` binds a token to that address (`0`, which Bitfinex's own application sends, never does)",
    values: [false, true],
    default: false,
    why: "the caller believes in a binding that isn't there",
  },
  tokenIps: {
    open: "whether the IP list of the key that minted it bars a token's callers",
    values: ["free", "as-parent"],
    default: "free",
    why: "a stolen token works from anywhere; the other way, no token could be used off the managing machine",
  },
  tokenNonce: {
    open: "whether `bfx-nonce` counts in a request with a token",
    values: ["per-token", "ignored"],
    default: "per-token",
    why: "the token's holder and whoever inspects it then share one ever-rising number",
  },
  tokenDelBy: {
    open: "which credential may delete a token",
    values: ["own-token", "same-user"],
    default: "own-token",
    why: "the managing key alone can't revoke: the token itself has to be kept for it",
  },
  tokenDelRefusal: {
    open: "the answer to a credential that may not delete that token",
    values: ["token-invalid", "permission"],
    default: "token-invalid",
    why: "reads as if the token were dead, while it lives on",
  },
  tokenDelOfDead: {
    open: "the answer to deleting a token that is expired or already deleted",
    values: ["token-invalid", "[1]"],
    default: "token-invalid",
    why: "a repeated deletion looks like a failure",
  },
  tokensOutliveParent: {
    open: "whether a token stays alive when the key or token that minted it is revoked",
    values: [true, false],
    default: true,
    why: "revoking the managing key doesn't end what it has handed out",
  },
  tokensMayMint: {
    open: "which tokens may mint further tokens",
    values: ["all", "write", "none"],
    default: "all",
    why: "expiry doesn't bound a thief, not even of a token that only reads",
  },
  mintNeeds: {
    open: "the scope that an API key needs to mint tokens",
    values: ["nothing", "account:write", "settings:write"],
    default: "nothing",
    why: "no scope of a key keeps it from handing out more credentials",
  },
  capsBeyondParent: {
    open: "what becomes of caps that the minting credential doesn't have itself",
    values: ["dropped", "refused", "granted"],
    default: "dropped",
    why: "the token is quietly less than was asked for: only looking at it tells",
  },
  capsExtraScopes: {
    open: "which scopes a token has beyond its caps",
    values: ["history-read", "none", "history-write", "withdraw-write", "unknown-write"],
    default: "history-read",
    why: "wider than asked for, as no cap stands for `history`; the write ones would make every token unacceptable",
  },
  capsOmitted: {
    open: "the meaning of no `caps`, or of an empty list",
    values: ["all-of-parent", "none", "refused"],
    default: "all-of-parent",
    why: "silence grants everything",
  },
  capsLegacy: {
    open: "whether the caps `h` and `p` of an older page still exist",
    values: ["refused", "accepted"],
    default: "refused",
    why: "a client of the older page fails",
  },
  scopeOmitted: {
    open: "a token request without `scope` (documented as required and as having the default `api`)",
    values: ["refused", "api"],
    default: "refused",
    why: "who relies on the default fails",
  },
  ttlMax: {
    open: "the longest `ttl` in seconds (0: none)",
    values: [604800, 86400, 3600, 0],
    default: 604800,
    why: "the longest that Bitfinex's own applications are known to use; less would bar lifetimes that are known to work",
  },
  ttlMin: {
    open: "the shortest `ttl` in seconds; shorter ones are refused",
    values: [60, 1, 120],
    default: 60,
    why: "120, the documented default, would bar lifetimes that may well work",
  },
  ttlBeyondMax: {
    open: "what becomes of a longer `ttl`",
    values: ["capped", "refused"],
    default: "capped",
    why: "the token dies early and the answer doesn't say so",
  },
  paramsStatus: {
    open: "the HTTP status of bad parameters (10020)",
    values: [500, 400],
    default: 500,
    why: "by its status a refusal can't be told from a breakdown",
  },
  rateLimitStatus: {
    open: "the HTTP status of `ratelimit: error` (429 seen by most, 200 reported once)",
    values: [429, 200],
    default: 429,
    why: "what nearly all reports say; 200 is the worse one",
  },
  maintenanceAnswer: {
    open: "the form of the answer during maintenance",
    values: ["20060-as-200", "20060-as-500", "503-object"],
    default: "20060-as-200",
    why: "an error under a status of success",
  },
  accountNeeds: {
    open: "the scope that user info, login history and change log need",
    values: ["account:read", "nothing"],
    default: "account:read",
    why: "a key without it can't say whose it is",
  },
  permissionRows: {
    open: "whether `permissions` lists the four `eaas_` scopes (seen, not documented)",
    values: [14, 10],
    default: 14,
    why: "more than the documents name",
  },
  auditTexts: {
    open: "the change log's texts for events other than the creation of a key",
    values: ["none", "guessed"],
    default: "none",
    why: "the log stays silent about edits and revocations",
  },
  objectsAs: {
    open: "logins' EXTRA_INFO and the change log's USER_AGENT: documented as objects, seen as strings",
    values: ["string", "object"],
    default: "string",
    why: "what every recorded answer has, against the documents",
  },
  withdrawRow: {
    open: "console: whether the row Withdrawals has a Read toggle (the documents' example of a key has write alone)",
    values: ["write-only", "both"],
    default: "write-only",
    why: "who looks for a toggle in every row doesn't find one",
  },
  newKeyDefaults: {
    open: "console: what the form for a new key has ticked already (documented: that there is a default)",
    values: ["reads-and-orders", "reads", "none"],
    default: "reads-and-orders",
    why: "whoever only ticks what is wanted makes a key that trades",
  },
  rowlessScopes: {
    open: "console: what a key has of the scopes without a row (`settings`, `ui_withdraw`, `eaas_`…)",
    values: ["off", "read", "write"],
    default: "off",
    why: "what the documents' example of a key has; with more, no key made there would be what its maker chose",
  },
  keyIpFormats: {
    open: "what the field for IP addresses takes besides IPv4 addresses; the control API goes by it as well",
    values: ["addresses", "addresses-and-ranges", "ipv4"],
    default: "addresses",
    why: "who counts on ranges fails; without IPv6, a machine that has nothing else could have no key",
  },
  labelMax: {
    open: "console: the longest label of a key, in characters (0: none)",
    values: [32, 64, 0],
    default: 32,
    why: "a short limit: a label that says much doesn't fit",
  },
  labelTooLong: {
    open: "console: what becomes of a longer label",
    values: ["cut", "refused"],
    default: "cut",
    why: "the key has another label than was typed, and nothing points it out",
  },
  labelsUnique: {
    open: "console: whether two live keys of an account may have the same label",
    values: [false, true],
    default: false,
    why: "a label doesn't tell which key it is",
  },
  totpTwice: {
    open: "console: whether a one-time code is taken a second time while it lasts",
    values: [false, true],
    default: false,
    why: "after signing in, making a key takes the next code",
  },
  keysWithout2fa: {
    open: "console: whether an account without 2FA can make API keys",
    values: ["refused", "by-mail-alone"],
    default: "refused",
    why: "such an account can't begin",
  },
  confirmMinutes: {
    open: "console: how long the mailed link can be used, in minutes (0: until it has been)",
    values: [10, 60, 0],
    default: 10,
    why: "whoever comes late begins again",
  },
  editable: {
    open: "console: what of a key can be edited",
    values: ["all", "permissions-and-ips", "permissions"],
    default: "all",
    why: "everything of a key can be other than when it was made",
  },
  editTakes2fa: {
    open: "console: whether an edit takes a 2FA code",
    values: [true, false],
    default: true,
    why: "nothing is changed without the person's device",
  },
  revokeTakes2fa: {
    open: "console: whether a revocation takes a 2FA code",
    values: [true, false],
    default: true,
    why: "in an emergency, the person's device has to be at hand",
  },
} as const satisfies SwitchTable;

export type BitfinexSwitches = typeof switches;

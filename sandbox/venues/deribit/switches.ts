// What Deribit's documents leave open, or say in two ways, as switches. Apart, because this table is also the
// documentation of what the sandbox had to choose.

import type { SwitchTable } from "../../switches";

export const switches = {
  errorStatus: {
    open: "the HTTP status of an error (documented for too many connections alone)",
    values: [200, 400],
    default: 200,
    why: "a refusal under a status of success",
  },
  rateLimitStatus: {
    open: "the HTTP status of 10028",
    values: ["as-errors", 429],
    default: "as-errors",
    why: "the status doesn't tell that it is a matter of time",
  },
  testnet: {
    open: "which of the two environments the sandbox plays: `testnet` in every answer (both are documented)",
    values: [false, true],
    default: false,
    why: "as production has it",
  },
  unknownKey: {
    open: "the code for a client id that is unknown or removed: the texts of all three fit",
    values: [13004, 13009, 10000],
    default: 13004,
    why: "the code of a wrong secret, too; the others are as bad",
  },
  ipRefusal: {
    open: "the code for a caller whose address is not on the key's list",
    values: ["as-unknown-key", 13009, 11042],
    default: "as-unknown-key",
    why: "a barred caller can't tell a live key from a removed one (for a token: 13009)",
  },
  disabledRefusal: {
    open: "the code for a key that is disabled",
    values: ["as-unknown-key", 13009, 13021],
    default: "as-unknown-key",
    why: "a key that can be enabled again looks removed",
  },
  staleCode: {
    open: "the code for a timestamp outside the 60 s, and for a nonce that was used (both are “rejected”)",
    values: [13009, 10000, 13004],
    default: 13009,
    why: "a clock that is wrong looks like a secret that is wrong",
  },
  permissionCode: {
    open: "the code for a caller without the scope that a method needs: four texts fit",
    values: [13009, 13021, 11042, 13403],
    default: 13009,
    why: "the code of a dead token or a wrong signature",
  },
  missingParam: {
    open: "the code for a parameter that is missing: three texts fit",
    values: [-32602, -32000, 13010],
    default: -32602,
    why: "the code of a parameter that is wrong",
  },
  invalidParam: {
    open: "the code for a parameter that is wrong: four texts fit",
    values: [-32602, 11029, 13016, 11050],
    default: -32602,
    why: "the one with an example; the others are as bad",
  },
  unknownParams: {
    open: "what becomes of parameters that the method doesn't have",
    values: ["ignored", "refused"],
    default: "ignored",
    why: "who sends `ip_whitelist` to `create_api_key` believes in a list that isn't there",
  },
  queryArrays: {
    open: "whether an array can stand in a GET's query",
    values: ["refused", "json"],
    default: "refused",
    why: "a client that only asks by GET can't set an IP list",
  },
  unknownId: {
    open: "the code for a key id that the account doesn't have (13020 is documented for instruments)",
    values: [-32602, 13020, 13021],
    default: -32602,
    why: "that a key is gone looks like a parameter that is wrong",
  },
  idsReused: {
    open: "whether a removed key's id names another one some day (what they count isn't documented)",
    values: [true, false],
    default: true,
    why: "who removes a key that is gone, by its id, may remove somebody else's",
  },
  keyLimitCode: {
    open: "the code for a ninth key",
    values: [-32602, 11029, 13021],
    default: -32602,
    why: "a full account looks like a parameter that is wrong",
  },
  maxScopeTakes: {
    open: "how `max_scope` is sent: the schema has an array, older pages and the examples a text",
    values: ["either", "string", "array"],
    default: "either",
    why: "both are documented; with one alone, a client that follows the other page could do nothing",
  },
  bareScope: {
    open: "whether a key can have no scope at all; `words-only`: as words with `none`, but not as an empty text or array",
    values: ["words-only", "accepted", "refused"],
    default: "words-only",
    why: "`none` is documented, emptiness isn't; refused, no key could be given its IP list before it can do something",
  },
  custodyWrite: {
    open: "whether there is `custody:read_write` (documented is `custody:read`)",
    values: [false, true],
    default: false,
    why: "who counts on it fails",
  },
  scopeOrder: {
    open: "the order of the words in an answer's `max_scope` (not the one that was sent); `turned`: the first comes last",
    values: ["turned", "sorted"],
    default: "turned",
    why: "who compares texts sees a difference that isn't there",
  },
  noneShown: {
    open: "whether words with `none` come back in an answer's `max_scope`",
    values: [true, false],
    default: true,
    why: "who compares words sees a scope where there is none",
  },
  nameAlphabet: {
    open: "whether the documented alphabet of names holds (one example, `Public key 1`, breaks it)",
    values: ["documented", "any"],
    default: "documented",
    why: "other names are refused",
  },
  namesUnique: {
    open: "whether two keys of an account may have the same name",
    values: [false, true],
    default: false,
    why: "a name doesn't tell which key it is, and a repeated creation makes a second key",
  },
  editNeedsScope: {
    open: "whether `edit_api_key` can do without `max_scope` (the schema requires it, the text says “at least one parameter”)",
    values: [true, false],
    default: true,
    why: "who sends only what changes is refused",
  },
  editOmitted: {
    open: "what becomes of name, features and IP list when `edit_api_key` doesn't have them",
    values: ["cleared", "kept"],
    default: "cleared",
    why: "a key that is only renamed loses its IP list",
  },
  emptyIps: {
    open: "what an empty `ip_whitelist` does",
    values: ["from-anywhere", "kept", "refused"],
    default: "from-anywhere",
    why: "the key can be used from everywhere",
  },
  ipFormats: {
    open: "what may stand in `ip_whitelist`; ranges with a prefix length",
    values: ["ipv4", "ipv4-and-ipv6", "addresses-and-ranges"],
    default: "ipv4",
    why: "who counts on ranges or IPv6 fails",
  },
  mostIps: {
    open: "the most addresses of a key (0: no limit)",
    values: [10, 0],
    default: 10,
    why: "a longer list is refused",
  },
  ipEcho: {
    open: "how an IP list is given back; `rewritten`: sorted, each once, IPv6 in its shortest form",
    values: ["rewritten", "as-sent"],
    default: "rewritten",
    why: "who compares texts sees a difference that isn't there",
  },
  emptyMembers: {
    open: "whether `ip_whitelist` and `enabled_features` stand in an answer when they are empty (one example has them, one hasn't)",
    values: ["absent", "shown"],
    default: "absent",
    why: "who counts on them breaks",
  },
  listSecrets: {
    open: "whether `list_api_keys` has secrets (the page says no, schema and example say yes)",
    values: ["shown", "absent"],
    default: "shown",
    why: "every list is a secret; absent, an answer isn't as the schema has it",
  },
  listBeyondScope: {
    open: "what `list_api_keys` does about a key that has more than its caller (documented: its secret isn't shown, or 13403)",
    values: ["hidden", "13403"],
    default: "hidden",
    why: "an answer isn't as the schema has it; with 13403, one key of a person's would bar the whole list",
  },
  resetOfPublicKey: {
    open: "what `reset_api_key` does to a key with a public key",
    values: ["unchanged", "refused"],
    default: "unchanged",
    why: "it looks as if the key had been renewed",
  },
  tokensOutliveKey: {
    open: "whether a token lives on when its key is removed, disabled or reset",
    values: [true, false],
    default: true,
    why: "removing a key doesn't end what it has handed out",
  },
  tokenScopes: {
    open: "whether a token's scopes shrink with its key's",
    values: ["as-issued", "as-key"],
    default: "as-issued",
    why: "narrowing a key doesn't narrow what it has handed out",
  },
  tokenIps: {
    open: "whether the key's IP list bars a token's callers",
    values: ["free", "as-key"],
    default: "free",
    why: "a stolen token works from anywhere",
  },
  accessTokenSeconds: {
    open: "how long an access token lives, in seconds (31536000 is the example's)",
    values: [31_536_000, 900],
    default: 31_536_000,
    why: "a lost token lives for a year",
  },
  rsaPadding: {
    open: "the padding of an RSA signature (with SHA-256)",
    values: ["pkcs1", "pss"],
    default: "pkcs1",
    why: "the more usual one; the other is as bad",
  },
} as const satisfies SwitchTable;

export type DeribitSwitches = typeof switches;

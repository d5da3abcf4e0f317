// The names of the settings. Apart, so that the entry knows them before anything that reads settings is loaded.

/** What stands before each. */
export const NAMESPACE = "exchange-keys:";

/** Configuration keys, as the engine hands them on. */
export const KEYS = [
  "accounts",
  "journal",
  "renew",
  "ceremony",
  "ceremonyTimeout",
  "depositRecipient",
  "recovery",
  "approved",
  "testClock",
] as const;

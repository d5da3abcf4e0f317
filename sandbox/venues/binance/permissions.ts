// What a key may do, in the words of the calls that create and modify keys. Apart, since the state, the endpoints and
// the desk all speak of it, and only apiRestrictions has other names for it.

/** The flags of the v1 creation and of the call that modifies permissions. Source: binance.md 1.4.2, 1.4.4. */
export const MODIFIABLE = ["canTrade", "canMarginLoanRepay", "canFuturesTrade", "canUniversalTransfer", "canVanillaOptions"] as const;

/** The v2 creation has these besides, for Ed25519 keys alone. Source: the page of the v2 creation. */
export const FIX = ["canFixApiTrading", "canFixApiReading"] as const;

/** No call grants these; a person can, to a master's key. */
export const BY_PERSON = ["enableWithdrawals", "enableInternalTransfer", "enablePortfolioMarginTrading"] as const;

export const PERMISSIONS = [...MODIFIABLE, ...FIX, ...BY_PERSON] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** In the order of {@link PERMISSIONS}, each once. */
export function ordered(permissions: Iterable<Permission>): Permission[] {
  const set = new Set(permissions);
  return PERMISSIONS.filter((permission) => set.has(permission));
}

/** The five flags as an answer has them. */
export function flags(permissions: readonly Permission[], names: readonly Permission[] = MODIFIABLE): Record<string, boolean> {
  return Object.fromEntries(names.map((name) => [name, permissions.includes(name)]));
}

// Bybit's permission vocabulary: which permissions there are, which each endpoint takes, and which answers show. Apart,
// since the five tables of the documents differ and every endpoint reads one of them.

/** Type → permissions; a type that isn't there has none. */
export type Permissions = Record<string, string[]>;

type Table = Readonly<Record<string, readonly string[]>>;

/** What a sub-account's key can have. Source: bybit-exchange/docs, v5/user/create-subuid-apikey and modify-sub-apikey, 2026-07-24. */
export const SUB: Table = {
  ContractTrade: ["Order", "Position"],
  Spot: ["SpotTrade"],
  Wallet: ["AccountTransfer", "SubMemberTransferList"],
  Options: ["OptionsTrade"],
  Derivatives: ["DerivativesTrade"],
  Exchange: ["ExchangeHistory"],
  Earn: ["Earn"],
};

/** What `update-api` takes; `FaitPayOrder` is spelled so. Source: v5/user/modify-master-apikey, 2026-07-24. */
export const MASTER: Table = {
  ...SUB,
  Wallet: ["AccountTransfer", "SubMemberTransfer"],
  FiatP2P: ["FiatP2POrder", "Advertising"],
  FiatBitPay: ["FaitPayOrder"],
  FiatConvertBroker: ["FiatConvertBrokerOrder"],
  BitCard: ["BitCard"],
  ByXPost: ["ByXPost"],
  Affiliate: ["Affiliate"],
  BlockTrade: ["BlockTrade"],
};

/** What a person can give a master's key on the web page: withdrawals too, which no endpoint grants. */
export const MASTER_WEB: Table = { ...MASTER, Wallet: ["AccountTransfer", "SubMemberTransfer", "Withdraw"] };

/** "For Read_Write apikey, adding or deleting FiatP2P, FiatBitPay, and FiatConvertBroker is prohibited." Source: v5/user/modify-master-apikey */
export const FIXED = ["FiatP2P", "FiatBitPay", "FiatConvertBroker"] as const;

/** The types that each answer shows even when they are empty; from the documents' examples. */
export const SHOWN = {
  create: ["ContractTrade", "Spot", "Wallet", "Options", "CopyTrading", "BlockTrade", "Exchange", "NFT", "Earn"],
  update: ["ContractTrade", "Spot", "Wallet", "Options", "Derivatives", "CopyTrading", "BlockTrade", "Exchange", "NFT"],
  list: ["ContractTrade", "Spot", "Wallet", "Options", "Derivatives", "CopyTrading", "BlockTrade", "Exchange", "NFT", "Affiliate", "Earn"],
  query: [
    "ContractTrade",
    "Spot",
    "Wallet",
    "Options",
    "Derivatives",
    "CopyTrading",
    "BlockTrade",
    "Exchange",
    "NFT",
    "Affiliate",
    "Earn",
    "FiatP2P",
    "FiatConvertBroker",
    "FiatGlobalPay",
    "FiatBitPay",
    "BitCard",
    "ByXPost",
  ],
} as const;

/** The permissions as an answer shows them; the one to a creation never shows `Derivatives`. */
export function shown(permissions: Permissions, where: keyof typeof SHOWN): Permissions {
  const also = where === "create" ? [] : Object.keys(permissions);
  const types = [...new Set<string>([...SHOWN[where], ...also])];
  return Object.fromEntries(types.map((type) => [type, permissions[type] ?? []]));
}

export function has(permissions: Permissions, type: string, ...anyOf: readonly string[]): boolean {
  return anyOf.some((permission) => permissions[type]?.includes(permission));
}

/** Splits what was asked for into what the table has and what it doesn't (`Type:permission`). */
export function sift(wanted: Permissions, table: Table): { known: Permissions; unknown: string[] } {
  const known: Permissions = {};
  const unknown: string[] = [];
  for (const [type, permissions] of Object.entries(wanted)) {
    const there: readonly string[] = Object.hasOwn(table, type) ? (table[type] ?? []) : [];
    unknown.push(...permissions.filter((permission) => !there.includes(permission)).map((permission) => `${type}:${permission}`));
    if (Object.hasOwn(table, type)) known[type] = there.filter((permission) => permissions.includes(permission));
  }
  return { known, unknown };
}

/** Without the types that have nothing, so that equal permissions are equal values. */
export function tidy(permissions: Permissions): Permissions {
  const held = Object.entries(permissions).filter(([, list]) => list.length > 0);
  return Object.fromEntries(held.sort(([one], [other]) => (one < other ? -1 : 1)));
}

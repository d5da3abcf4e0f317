// Bitfinex's permission vocabulary: the scopes of keys, the caps of tokens, and how one becomes the other. Apart, since
// the mapping is in no document and rests on names alone.

/**
 * The scopes in the order of the answer of `auth/r/permissions`: ten documented, then four seen on real keys.
 * Source: docs.bitfinex.com/reference/key-permissions
 */
export const SCOPES = [
  "account",
  "history",
  "orders",
  "positions",
  "funding",
  "settings",
  "wallets",
  "withdraw",
  "ui_withdraw",
  "bfxpay",
  "eaas_agreement",
  "eaas_withdraw",
  "eaas_deposit",
  "eaas_brokerage",
] as const;

export type Scope = (typeof SCOPES)[number];

/** A scope that no document names, for the switch `capsExtraScopes`. */
export const UNKNOWN_SCOPE = "sandbox_unlisted";

/** Scope → [read, write]; a scope that isn't there is neither. */
export type Grants = Record<string, [read: boolean, write: boolean]>;

/** Documented caps of a token; the scope each stands for is inferred. Source: docs.bitfinex.com/reference/generate-token */
export const CAPS: Readonly<Record<string, Scope>> = {
  a: "account",
  o: "orders",
  f: "funding",
  s: "settings",
  w: "wallets",
  wd: "withdraw",
  bp: "bfxpay",
};

/** Caps of an older page of the same documentation. */
export const LEGACY_CAPS: Readonly<Record<string, Scope>> = { h: "history", p: "positions" };

export function allows(grants: Grants, need: `${Scope}:${"read" | "write"}`): boolean {
  const [scope = "", access] = need.split(":");
  const [read, write] = grants[scope] ?? [false, false];
  return access === "write" ? write : read;
}

/** What the caps stand for; `write` is one flag for all of them. */
export function grantsOfCaps(caps: readonly string[], write: boolean): Grants {
  const grants: Grants = {};
  for (const cap of caps) {
    const scope = CAPS[cap] ?? LEGACY_CAPS[cap];
    if (scope) grants[scope] = [true, write];
  }
  return grants;
}

/** What both have. */
export function common(one: Grants, other: Grants): Grants {
  const grants: Grants = {};
  for (const [scope, [read, write]] of Object.entries(one)) {
    const [otherRead, otherWrite] = other[scope] ?? [false, false];
    if ((read && otherRead) || (write && otherWrite)) grants[scope] = [read && otherRead, write && otherWrite];
  }
  return grants;
}

/** Adds what a token has beyond its caps, as the switch `capsExtraScopes` says. */
export function withExtra(grants: Grants, extra: string): Grants {
  const add = (scope: string, read: boolean, write: boolean): Grants => {
    const [hasRead, hasWrite] = grants[scope] ?? [false, false];
    return { ...grants, [scope]: [hasRead || read, hasWrite || write] };
  };
  switch (extra) {
    case "history-read":
      return add("history", true, false);
    case "history-write":
      return add("history", true, true);
    case "withdraw-write":
      return add("withdraw", false, true);
    case "unknown-write":
      return add(UNKNOWN_SCOPE, true, true);
    default:
      return grants;
  }
}

/** The rows of `auth/r/permissions`: `[SCOPE, READ 0|1, WRITE 0|1]`, every scope named. */
export function permissionRows(grants: Grants, count: number): [string, 0 | 1, 0 | 1][] {
  const listed: readonly string[] = SCOPES.slice(0, count);
  const unlisted = Object.keys(grants).filter((scope) => !(SCOPES as readonly string[]).includes(scope));
  return [...listed, ...unlisted].map((scope) => {
    const [read, write] = grants[scope] ?? [false, false];
    return [scope, read ? 1 : 0, write ? 1 : 0];
  });
}

// Binance's words on both sides: flags ↔ grants, grants → powers, what goes together. Pure.

import type { Asked, Extras, OwnKey, Permissions, Problem } from "../../core/capability";
import { mapOf, membersOf, refuse } from "../../core/given";
import type { Grants, Powers } from "../../core/model";
import { grantSet, withDelta, without } from "../../core/permission";
import { powersOf, type PowerRow } from "../../core/powers";

const CREATE = "developers.binance.com, legacy-docs, sub_account, Create Sub-account API Key V2";
const OWN = "developers.binance.com, wallet, Get API Key Permission";

/** The flags that can be changed. Source: the pages of the v2 creation and of Modify Sub-account API Key Permission, read 2026-11-22. */
export const FLAGS = ["canTrade", "canMarginLoanRepay", "canFuturesTrade", "canUniversalTransfer", "canVanillaOptions"] as const;
/** Given at birth alone, to keys with an Ed25519 public key. Source: the page of the v2 creation. */
export const FIX = ["canFixApiTrading", "canFixApiReading"] as const;
/** Always on, by no flag. Source: binance.com's name for it in `apiRestrictions`. */
export const READING = "enableReading";

const ALLOWED = `allowed are ${FLAGS.join(", ")}, each true or false; reading is always on`;

/** Judges permissions: flag → boolean. Those that are false are left out, so that saying so is no change. */
export function permissions(given: unknown): { readonly ok: Permissions } | { readonly problems: readonly Problem[] } {
  const entries = membersOf(given);
  if (entries === undefined) return refuse("permissions", `a map is needed, {} for a key that only reads; ${ALLOWED}`);
  const problems = entries.flatMap(([flag, on]) => wrong(flag, on));
  if (problems.length > 0) return { problems };
  return {
    ok: Object.fromEntries(FLAGS.filter((flag) => entries.some(([name, on]) => name === flag && on === true)).map((flag) => [flag, true])),
  };
}

function wrong(flag: string, on: unknown): readonly Problem[] {
  const property = `permissions.${flag}`;
  if ((FIX as readonly string[]).includes(flag)) {
    return [{ property, reason: `a key has ${flag} from its birth or never; name it in fixApi: ["${flag}"], beside an Ed25519 publicKey` }];
  }
  if (!(FLAGS as readonly string[]).includes(flag)) return [{ property, reason: `keys of sub-accounts have no "${flag}"; ${ALLOWED}` }];
  return typeof on === "boolean" ? [] : [{ property, reason: "say true or false" }];
}

const PEM = /^-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=\n]+)\n-----END PUBLIC KEY-----$/;
/** How the DER of each kind of key begins, in base64. Source: RFC 8410, section 4; RFC 3279, section 2.3.1, for 2048 and 4096 bits. */
const ED25519 = /^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$/;
const RSA = /^(MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A|MIICIjANBgkqhkiG9w0BAQEFAAOCAg8A)[A-Za-z0-9+/]+={0,2}$/;

/** A public key as it is sent: PEM, with line feeds and nothing around it. */
export function trimmed(pem: string): string {
  return pem.replaceAll("\r\n", "\n").trim();
}

/** The kind of a public key in PEM, or undefined where it is none that Binance documents: Ed25519, or RSA of 2048 or 4096 bits. */
export function keyType(pem: string): "ed25519" | "rsa" | undefined {
  const base64 = PEM.exec(trimmed(pem))?.[1]?.replaceAll("\n", "") ?? "";
  if (ED25519.test(base64)) return "ed25519";
  return RSA.test(base64) ? "rsa" : undefined;
}

/** FIX needs an Ed25519 public key (-9000 otherwise); what a public key's holder keeps can't be renewed here. */
export function rules({ publicKey, fixApi, rotation }: Readonly<Record<string, unknown>>): readonly Problem[] {
  const fix = Array.isArray(fixApi) && fixApi.length > 0;
  const none = publicKey === undefined || (typeof publicKey === "string" && keyType(publicKey) === "rsa");
  return [
    ...(fix && none
      ? [{ property: "fixApi", reason: "FIX is for keys with an Ed25519 public key; give one as publicKey, or leave fixApi out" }]
      : []),
    ...(publicKey !== undefined && rotation !== undefined
      ? [
          {
            property: "rotation",
            reason: "a new API key for the same publicKey renews nothing; leave rotation out, and give another publicKey when it is time",
          },
        ]
      : []),
  ];
}

/** `{ canTrade: true }` → `["canTrade", "enableReading"]`; FIX from `fixApi`. */
export function grantsOf(given: Permissions, { fixApi }: Extras): Grants {
  const flags = Object.entries(given).flatMap(([flag, on]) => (on === true ? [flag] : []));
  return grantSet([READING, ...flags, ...lifelong({ fixApi })]);
}

/** What a key has from its birth on, and no answer shows. */
export function lifelong({ fixApi }: Extras): Grants {
  return grantSet(Array.isArray(fixApi) ? fixApi.map(String) : []);
}

/** Permissions with flags that came or went. FIX doesn't change, and reading is no flag. */
export function withDrift(given: Permissions, added: Grants, removed: Grants, extras: Extras): Asked {
  const grants = withDelta(grantsOf(given, extras), added, removed);
  return { permissions: mapOf(without(grants, [READING, ...FIX])) };
}

/** The last three no call gives; a person may have given them to a master's key. */
export const POWER_ROWS: Readonly<Record<string, PowerRow>> = {
  [READING]: { powers: ["read"], source: OWN },
  canTrade: { powers: ["trade"], source: `${CREATE}: Spot and Margin trading` },
  canMarginLoanRepay: { powers: ["lend"], source: `${CREATE}: margin borrow and repay` },
  canFuturesTrade: { powers: ["trade"], source: `${CREATE}: futures` },
  canUniversalTransfer: { powers: ["transfer"], source: `${CREATE}: universal transfer` },
  canVanillaOptions: { powers: ["trade"], source: `${CREATE}: vanilla options` },
  canFixApiTrading: { powers: ["read", "trade"], source: `${CREATE}: FIX API trading` },
  canFixApiReading: { powers: ["read"], source: `${CREATE}: FIX API reading` },
  enableWithdrawals: { powers: ["withdraw"], source: `${OWN}: a master's key alone` },
  enableInternalTransfer: { powers: ["transfer"], source: `${OWN}: a master's key alone` },
  enablePortfolioMarginTrading: { powers: ["trade"], source: `${OWN}: a master's key alone` },
};

export function powers(grants: Grants): Powers {
  return powersOf(grants, POWER_ROWS);
}

/** The notes of Add and Delete IP Restriction: "Enable Spot & Margin Trading option for the api key which requests this endpoint". */
export function managing({ grants }: OwnKey): readonly string[] {
  return grants.includes("canTrade") ? [] : ['it needs "Enable Spot & Margin Trading", without which it can set no IP list'];
}

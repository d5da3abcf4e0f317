// The two token endpoints. Apart, because most of what Bitfinex's documents leave open is about them.

import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Call } from "./endpoints";
import { allows, CAPS, common, grantsOfCaps, LEGACY_CAPS, withExtra, type Grants } from "./scopes";
import { logChange, nextId, type Token } from "./state";

/** Parameters of `auth/w/token`. Source: docs.bitfinex.com/reference/generate-token; unknown members are let pass. */
const mintSchema = z.looseObject({
  scope: z.literal("api").optional(),
  ttl: z.int().min(1).default(120),
  caps: z.array(z.string()).default([]),
  writePermission: z.boolean().default(false),
  _cust_ip: z.string().optional(),
});

/** `POST auth/w/token`: mints a token; the answer is an array whose first element is the token. */
export function mint(call: Call): unknown {
  const { caller, state, clock, switches, refusals } = call;
  mustBeAllowedToMint(call);
  const parsed = mintSchema.safeParse(call.body);
  if (!parsed.success) throw refusals.params(String(parsed.error.issues[0]?.path[0] ?? "body"));
  const { scope, ttl, caps, writePermission } = parsed.data;
  if (scope === undefined && switches.get("scopeOmitted") === "refused") throw refusals.params("scope");

  const known = switches.get("capsLegacy") === "accepted" ? { ...CAPS, ...LEGACY_CAPS } : CAPS;
  if (!caps.every((cap) => Object.hasOwn(known, cap))) throw refusals.params("caps");
  if (caps.includes("wd") && !writePermission) throw refusals.params("caps");

  const now = clock.now();
  const token: Token = {
    id: nextId(state),
    accountId: caller.account.id,
    token: tokenText(caps, writePermission),
    parent: caller.credential.id,
    caps,
    write: writePermission,
    grants: withExtra(grantsFor(call, caps, writePermission), switches.get("capsExtraScopes")),
    custIp: parsed.data._cust_ip ?? null,
    createdAt: now,
    expiresAt: now + lifetime(call, ttl) * 1_000,
    revokedAt: null,
    nonce: "0",
  };
  state.tokens.push(token);
  if (switches.get("auditTexts") === "guessed") logChange(state, caller.account.id, now, "settings: token created");
  return [token.token];
}

/** `POST auth/w/token/del`: deletes a token; `[1]`. In Bitfinex's own client (bfx-api-node-rest), absent from its documents. */
export function deleteToken(call: Call): unknown {
  const { caller, state, clock, switches, refusals } = call;
  const parsed = z.looseObject({ token: z.string() }).safeParse(call.body);
  if (!parsed.success) throw refusals.params("token");
  const token = state.tokens.find((candidate) => candidate.token === parsed.data.token);
  if (!token || token.accountId !== caller.account.id) throw refusals.tokenInvalid();
  if (caller.kind === "token" && caller.credential.id !== token.id && !call.auth.alive(caller.credential)) throw refusals.tokenInvalid();
  if (!call.auth.alive(token)) {
    if (switches.get("tokenDelOfDead") === "[1]") return [1];
    throw refusals.tokenInvalid();
  }
  if (switches.get("tokenDelBy") === "own-token" && caller.credential.id !== token.id) {
    throw switches.get("tokenDelRefusal") === "permission" ? refusals.permission() : refusals.tokenInvalid();
  }
  token.revokedAt = clock.now();
  if (switches.get("auditTexts") === "guessed") logChange(state, caller.account.id, clock.now(), "settings: token deleted");
  return [1];
}

/** As Bitfinex's own mock servers show tokens: `pub:api:<uuid>[-caps:<cap>:<cap>…]-(read|write)`. */
function tokenText(caps: readonly string[], write: boolean): string {
  const named = caps.length > 0 ? `-caps:${caps.join(":")}` : "";
  return `sandbox-pub:api:${randomUUID()}${named}-${write ? "write" : "read"}`;
}

function mustBeAllowedToMint({ caller, switches, refusals }: Call): void {
  if (caller.kind === "token") {
    const may = switches.get("tokensMayMint");
    if (may === "none" || (may === "write" && !caller.credential.write)) throw refusals.permission();
    return;
  }
  const need = switches.get("mintNeeds");
  if (need !== "nothing" && !allows(caller.grants, need)) throw refusals.permission();
}

function grantsFor(call: Call, caps: readonly string[], write: boolean): Grants {
  const parent = call.caller.grants;
  if (caps.length === 0) {
    const meaning = call.switches.get("capsOmitted");
    if (meaning === "refused") throw call.refusals.params("caps");
    if (meaning === "none") return {};
    return common(Object.fromEntries(Object.keys(parent).map((scope) => [scope, [true, write]])), parent);
  }
  const asked = grantsOfCaps(caps, write);
  const beyond = call.switches.get("capsBeyondParent");
  if (beyond === "granted") return asked;
  const both = common(asked, parent);
  const less = Object.entries(asked).some(([scope, [, w]]) => both[scope] === undefined || both[scope][1] !== w);
  if (less && beyond === "refused") throw call.refusals.params("caps");
  return both;
}

function lifetime({ switches, refusals }: Call, ttl: number): number {
  if (ttl < switches.get("ttlMin")) throw refusals.params("ttl");
  const max = switches.get("ttlMax");
  if (max === 0 || ttl <= max) return ttl;
  if (switches.get("ttlBeyondMax") === "refused") throw refusals.params("ttl");
  return max;
}

// One-time codes of six digits, as an authenticator app shows them. Apart, since they go by the sandbox's clock and no
// other: when that clock is moved, the codes move with it.

import { Secret, TOTP } from "otpauth";

const STEP_MS = 30_000;

/** A new secret, in base32, as authenticator apps take it. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** The code at `now` (milliseconds since 1970), and when the next one begins. Throws a TypeError when the secret is no base32. */
export function totpCode(secret: string, now: number): { readonly code: string; readonly until: number } {
  const totp = new TOTP({ secret: Secret.fromBase32(secret.replaceAll(/\s/g, "")) });
  return { code: totp.generate({ timestamp: now }), until: (Math.floor(now / STEP_MS) + 1) * STEP_MS };
}

/** The 30 s step whose code this is: the present one, the one before or the one after; `undefined` when it is none of these. */
export function totpStep(secret: string, code: string, now: number): number | undefined {
  const token = code.replaceAll(/\s/g, "");
  if (!/^\d{6}$/.test(token)) return undefined;
  const delta = new TOTP({ secret: Secret.fromBase32(secret) }).validate({ token, timestamp: now, window: 1 });
  return delta === null ? undefined : Math.floor(now / STEP_MS) + delta;
}

/** Whether a step is near enough to `now` that its code could be offered once more. */
export function stillTaken(step: number, now: number): boolean {
  return Math.abs(step - Math.floor(now / STEP_MS)) <= 2;
}

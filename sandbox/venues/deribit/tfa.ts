// The second factor that some methods ask for, where the account is set so: a challenge as a result, then the same
// request with the code. Apart, because it comes before whatever the method does. Source: docs.deribit.com/articles/security-keys

import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../../clock";
import { stillTaken, totpStep } from "../../console/totp";
import type { Switches } from "../../switches";
import { Refusal } from "./errors";
import type { Parameters } from "./parameters";
import type { Account } from "./state";
import type { DeribitSwitches } from "./switches";

const CHALLENGE_MS = 60_000;

/** Ours: how many failures in a row are too many, and how long the wait then is, no document says. */
const MOST_FAILURES = 5;
const WAIT_MS = 60_000;

/** What is answered instead of the method's own result; `undefined` when the method may go on. */
export function secondFactor(
  account: Account,
  method: string,
  params: Parameters,
  clock: Clock,
  switches: Switches<DeribitSwitches>,
): unknown {
  if (account.tfa === "off") return undefined;
  if (account.tfa === "setup-required") throw new Refusal(13904);
  const now = clock.now();
  if (now < account.barredUntil) throw new Refusal(12998, { wait: Math.ceil((account.barredUntil - now) / 1_000) });
  const what = createHash("sha256").update(`${method}\n${params.withoutSecondFactor()}`).digest("hex");
  account.challenges = account.challenges.filter(({ at }) => at > now - CHALLENGE_MS);
  const [code, challenge] = [params.text("authorization_data"), params.text("challenge")];
  if (code === undefined && challenge === undefined) return demand(account, now, what, switches);

  const reason = wrong(account, now, what, code, challenge);
  // Whatever came of it, the challenge is spent: after an error a new one has to be asked for.
  account.challenges = account.challenges.filter((open) => open.challenge !== challenge);
  if (reason === undefined) {
    account.failures = 0;
    return undefined;
  }
  account.failures += 1;
  if (account.failures >= MOST_FAILURES) [account.failures, account.barredUntil] = [0, now + WAIT_MS];
  throw new Refusal(13668, { reason });
}

function demand(account: Account, now: number, what: string, switches: Switches<DeribitSwitches>): unknown {
  const challenge = randomBytes(32).toString("base64");
  account.challenges.push({ challenge, at: now, what });
  return {
    security_keys: [{ type: "tfa", name: "tfa" }],
    security_key_authorization_required: true,
    rp_id: switches.get("testnet") ? "test.deribit.com" : "www.deribit.com",
    challenge,
  };
}

function wrong(account: Account, now: number, what: string, code: string | undefined, challenge: string | undefined): string | undefined {
  if (code === undefined || code === "") return "tfa_code_is_required";
  // A challenge of other parameters counts as none, since the request is to be the same one.
  if (!account.challenges.some((open) => open.challenge === challenge && open.what === what)) return "challenge_timeout";
  const step = totpStep(account.totpSecret, code, now);
  if (step === undefined) return "tfa_code_not_matched";
  if (account.totpTaken.includes(step)) return "used_tfa_code";
  account.totpTaken = [...account.totpTaken.filter((taken) => stillTaken(taken, now)), step];
  return undefined;
}

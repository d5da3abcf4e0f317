// The rules of the pack, in the order in which they are told.

import { ipsWithin, noAnywhere } from "./rules/addresses";
import { holderAndPurpose, publicKeyOnly } from "./rules/person";
import { allowedAccounts, allowedEnvironments, allowedVenues } from "./rules/place";
import { acknowledge, noAdminister } from "./rules/powers";
import { keysPerAccount, noTwins } from "./rules/stack";
import { ageAtMost, lifetimeAtMost, rotationDeclared } from "./rules/time";
import { noWithdraw, tradeOrWithdraw, withdrawBound } from "./rules/withdraw";
import { keyRule, type Rule } from "./rule";

/** A key that this version can't read is judged by no other rule, so that this one tells of it. */
export const readable = keyRule(
  "readable",
  { description: "Each key is of a kind, and has inputs, that this version of the package knows; no other rule can judge one that isn't." },
  () => undefined,
);

export const RULES: readonly Rule[] = [
  readable,
  ...[noWithdraw, withdrawBound, tradeOrWithdraw, noAdminister],
  ...[noAnywhere, ipsWithin, lifetimeAtMost, rotationDeclared],
  ...[allowedAccounts, allowedVenues, allowedEnvironments, publicKeyOnly],
  ...[holderAndPurpose, acknowledge, keysPerAccount, ageAtMost, noTwins],
];

// Rules on which accounts, venues and environments a stack may have keys at.

import { z } from "zod";
import { fits, namePattern } from "../pattern";
import { keyRule } from "../rule";

const names = (what: string) => z.array(namePattern).optional().describe(`${what}; without it any`);

export const allowedAccounts = keyRule(
  "allowed-accounts",
  {
    description: "Keys are of the given accounts, by their aliases in the configuration.",
    configuration: z.object({ accounts: names("aliases") }),
  },
  ({ account }, report, { accounts }) => {
    if (allowed(account, accounts)) return;
    report(`it is of the account ${account}, and allowed ${list(accounts)}; make it elsewhere, or in another stack`);
  },
);

export const allowedVenues = keyRule(
  "allowed-venues",
  {
    description: "Keys are at the given venues.",
    configuration: z.object({ venues: names("venues") }),
  },
  ({ venue }, report, { venues }) => {
    if (!allowed(venue, venues)) report(`it is at ${venue}, and allowed ${list(venues)}; make it elsewhere, or in another stack`);
  },
);

export const allowedEnvironments = keyRule(
  "allowed-environments",
  {
    description: "Keys are in the given environments, by the stack's configuration.",
    configuration: z.object({ environments: names("environments") }),
  },
  (key, report, { environments }) => {
    if (environments === undefined) return;
    const { environment } = key;
    if (environment === undefined) {
      report(
        `the configuration doesn't show the environment of ${key.account}, so that nobody can say whether it is one of ${environments.join(", ")}`,
      );
    } else if (!allowed(environment, environments)) {
      report(`its account ${key.account} is in ${environment}, and allowed ${list(environments)}; make it elsewhere, or in another stack`);
    }
  },
);

function allowed(name: string, patterns: readonly string[] | undefined): boolean {
  return patterns === undefined || patterns.some((pattern) => fits(pattern, name));
}

function list(patterns: readonly string[] = []): string {
  return patterns.length === 0 ? "is none" : patterns.length === 1 ? `is ${patterns.join("")}` : `are ${patterns.join(", ")}`;
}

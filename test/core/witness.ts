// A pretended account's eyes, for keys that a person brings: what the venue answers is a script.

import type { AccountFacts, Observation } from "../../provider/core/driver";
import { KeyError, type ErrorCode } from "../../provider/core/errors";
import type { Witness } from "../../provider/core/examine";
import type { Grants } from "../../provider/core/model";

export const HERE = "203.0.113.10";
export const THERE = "198.51.100.7";
export const ACCOUNT = "123456";
export const NOW = Date.UTC(2030, 0, 2, 12);

export function said(code: ErrorCode): KeyError {
  return new KeyError(code, { venue: "bitfinex", operation: "look at the key", cause: `the venue said ${code}`, wayOut: "wait" });
}

export const alive = (grants: Grants): Observation => ({ alive: { grants } });
export const refusal: Observation = { absent: { kind: "refusal", error: said("credential-refused") } };
export const unreachable = (code: ErrorCode): Observation => ({ unreachable: said(code) });

/** Answers what it was told last; counts what it was asked. */
export class Eyes implements Witness {
  readonly venue = "bitfinex";
  readonly accountId = ACCOUNT;
  accountAnswered = true;
  vantage: string | undefined = HERE;
  observation: Observation = refusal;
  owner: AccountFacts | KeyError = { accountId: ACCOUNT, remarks: [] };
  readonly asked: string[] = [];

  constructor(observation: Observation = refusal) {
    this.observation = observation;
  }

  venueNow = () => NOW;
  inspect = (_: unknown, unit?: string) => {
    this.asked.push(`inspect ${unit ?? ""}`.trim());
    return Promise.resolve(this.observation);
  };
  whose = (_: unknown, unit?: string) => {
    this.asked.push(`whose ${unit ?? ""}`.trim());
    return this.owner instanceof KeyError ? Promise.reject(this.owner) : Promise.resolve(this.owner);
  };
}

// Why a key in the state doesn't answer: the likeliest cause of each refusal, and the way out. A table, so that all of it is in one place.

import type { ErrorCode, KeyError } from "../core/errors";

export const CAUSES = [
  "ended",
  "refused-unlisted",
  "refused-listed",
  "refused",
  "account-refused",
  "barred",
  "clock",
  "account-barred",
  "digest",
  "nonce",
  "permission",
  "rate-limit",
  "maintenance",
  "unreachable",
  "other",
] as const;

export interface Cause {
  readonly id: (typeof CAUSES)[number];
  /** Whether the venue's answer is a no, or says nothing of the key. */
  readonly says: "no" | "unknown";
  /** A sentence without its full stop. */
  readonly text: string;
  readonly wayOut: string;
}

/** What is known around a failed look. */
export interface Around {
  readonly title: string;
  readonly error: KeyError;
  /** The address that the venue sees; absent where nobody tells. */
  readonly address: string | undefined;
  /** Whether the declared list holds it; absent where the address isn't known. */
  readonly listed: boolean | undefined;
  /** The declared list; empty for anywhere. */
  readonly hosts: readonly string[];
  /** For a key that ends by itself: since when it has. */
  readonly endedAt: string | undefined;
  readonly label: string | undefined;
  readonly alias: string;
  /** Whether the account's own key answered meanwhile. */
  readonly account: "answers" | "refused" | "not tried";
}

export function causeOf(around: Around): Cause {
  const { error } = around;
  if (error.code === "credential-refused" || error.code === "absence-unproved") return refusal(around);
  const row = ROWS[error.code];
  if (row !== undefined) return row;
  return { id: "other", says: error.branch === "refused" ? "no" : "unknown", text: error.said.cause, wayOut: error.said.wayOut };
}

function refusal({ title, address, listed, hosts, endedAt, label, alias, account }: Around): Cause {
  if (endedAt !== undefined)
    return { id: "ended", says: "no", text: `it ended at ${endedAt}`, wayOut: "run pulumi up, which issues another" };
  if (listed === false) {
    return {
      id: "refused-unlisted",
      says: "no",
      text: `the venue refuses it at ${String(address)}, which the declared list doesn't hold: so it should`,
      wayOut: `test it on a host of its list (${hosts.join(", ")}), or run exchange-keys probe there`,
    };
  }
  if (account === "refused") {
    return {
      id: "account-refused",
      says: "unknown",
      text: `the own key of account "${alias}" is refused here as well, so this says nothing of the key itself`,
      wayOut: `look at the account's key first: whether it still exists, and whether its own IP list holds ${address ?? "this machine's address"}`,
    };
  }
  const named = label === undefined || label === "" ? title : `the key labelled "${label}"`;
  const lists =
    hosts.length === 0
      ? "it has an address list there, though none is declared"
      : `its list there lacks ${address ?? "this machine's address"}`;
  const tried = account === "answers" ? ", while the account's own key answers" : "";
  return {
    id: listed === true ? "refused-listed" : "refused",
    says: "no",
    text: `the venue refuses it${address === undefined ? "" : ` at ${address}`}${tried}: it was revoked, or ${lists}`,
    wayOut: `look for ${named} at the venue; is it gone, run pulumi refresh and pulumi up; is it there, correct its address list`,
  };
}

const nowhere = { id: "unreachable", says: "unknown", text: "the venue gave no usable answer" } as const;

const ROWS: Readonly<Partial<Record<ErrorCode, Cause>>> = {
  "signature-refused": {
    id: "digest",
    says: "no",
    text: "the venue knows the key, and the secret in the state isn't its",
    wayOut: "restore the state from a backup, or make another key by a change of reissue",
  },
  "address-refused": {
    id: "barred",
    says: "no",
    text: "the venue knows the key, and its IP list bars this machine's address",
    wayOut: "test it on a host of its list; is this one, correct the list at the venue, or run pulumi refresh and pulumi up",
  },
  "clock-refused": {
    id: "clock",
    says: "unknown",
    text: "the venue refuses the time of the request; that says nothing of the key",
    wayOut: "set this machine's clock, then test again",
  },
  "account-barred": {
    id: "account-barred",
    says: "no",
    text: "the venue doesn't let the account do this: it is locked, unverified, or of a barred region",
    wayOut: "look at the account at the venue",
  },
  "nonce-refused": {
    id: "nonce",
    says: "unknown",
    text: "the venue has seen a greater nonce from this key: it is alive, or was; its bot counts in a smaller unit",
    wayOut: 'declare nonceUnit: "us" for it, if its bot counts microseconds; then test again',
  },
  "permission-refused": {
    id: "permission",
    says: "no",
    text: "the key may not ask what it can do",
    wayOut: "compare its permissions at the venue with the declared ones; pulumi refresh shows which differ",
  },
  "rate-limited": {
    id: "rate-limit",
    says: "unknown",
    text: "the venue's rate limit is met; that says nothing of the key",
    wayOut: "try again in a minute; other programs on this address count too",
  },
  maintenance: {
    id: "maintenance",
    says: "unknown",
    text: "the venue is in maintenance; that says nothing of the key",
    wayOut: "try again later",
  },
  "not-ready": {
    id: "maintenance",
    says: "unknown",
    text: "the venue isn't ready; that says nothing of the key",
    wayOut: "try again later",
  },
  unreachable: {
    ...nowhere,
    text: "the venue can't be reached",
    wayOut: "look at this machine's network, its proxy, and the venue's own status",
  },
  timeout: { ...nowhere, text: "no answer came in time", wayOut: "try again; look at this machine's network and its proxy" },
  "broken-answer": { ...nowhere, wayOut: "try again; a proxy may answer in the venue's place" },
};

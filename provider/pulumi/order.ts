// From a resource and what is asked about it to a task of the ceremony: the same for a page within `up` and for one between review and `up`.

import type { Target, Wanted } from "../core/byhand";
import type { KindManifest } from "../core/capability";
import type { Witness } from "../core/examine";
import type { Credential, Reason } from "../core/model";
import type { Order } from "../ceremony/task";
import type { OpenAccount } from "./account";
import type { AccountSettings } from "./settings";

/** What an order is made of, wherever it comes from. */
export interface Asked {
  readonly does: Order["does"];
  readonly why: Reason | "edit" | "revoke" | "retired" | "lost";
  readonly title: string;
  readonly display: string;
  readonly alias: string;
  readonly kind: KindManifest;
  readonly kindName: string;
  readonly wanted: Omit<Wanted, "desired" | "label">;
  readonly declared?: Target | undefined;
  readonly recorded?: Order["recorded"];
  readonly credential?: Credential | undefined;
  readonly witness?: Witness | undefined;
  /** Absent where the configuration hasn't got it: a state from elsewhere. */
  readonly account?: Pick<AccountSettings, "environment" | "address"> | undefined;
  readonly blocked?: string | undefined;
}

const WHY: Readonly<Record<Asked["why"], string>> = {
  first: "it is new",
  due: "its rotation is due",
  lapsed: "the former one has lapsed",
  gone: "the former one was found gone, or its IP list was edited",
  reissue: "another one is asked for, and the former is to die",
  narrowed: "it is to do less",
  changed: "what is declared has changed",
  edit: "what is declared and what is there differ",
  revoke: "it is to go",
  retired: "its successor has taken over",
  lost: "it was found gone, or its IP list was edited: nobody is known to have revoked it",
};

/** The task's order. Throws where the kind has no page: nobody may ask for one. */
export function orderOf(asked: Asked): Order {
  const { kind, credential, account, declared, recorded, witness, blocked } = asked;
  if (kind.byHand === undefined) throw new Error(`${asked.title} isn't made by a person`);
  const link = account === undefined ? undefined : linkOf(kind, account);
  return {
    ...{ does: asked.does, title: asked.title, why: WHY[asked.why], venue: asked.display, account: asked.alias },
    ...{ page: kind.byHand, kind, kindName: asked.kindName, wanted: asked.wanted },
    declared: declared ?? { grants: [], allowedIps: "anywhere", options: {} },
    ...(link === undefined ? {} : { link }),
    ...(recorded === undefined ? {} : { recorded }),
    ...(credential?.kind === "api-key" ? { credential } : {}),
    ...(witness === undefined ? {} : { witness }),
    ...(blocked === undefined ? {} : { blocked }),
  };
}

function linkOf(kind: KindManifest, { environment, address }: Pick<AccountSettings, "environment" | "address">): string | undefined {
  return environment === "sandbox" && address !== undefined ? `http://${address}/console` : kind.byHand?.links[environment];
}

/** What one look at the account told. */
export type Seen = Pick<Witness, "accountId" | "vantage" | "accountAnswered">;

/** An account's eyes, once it was looked at itself. */
export function witnessOf(account: OpenAccount, kindName: string, seen: Seen, clock: () => number): Witness | undefined {
  const { inspect, whose } = account.driver(kindName, "read");
  if (inspect === undefined || whose === undefined) return undefined;
  return {
    ...{ ...seen, venue: account.venue, inspect, whose },
    venueNow: () => account.channel.venueNow() ?? clock(),
  };
}

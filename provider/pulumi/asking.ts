// A person is asked on a page that this run serves: from what acting seeks to a task of the ceremony.

import type { OpenAccount } from "./account";
import type { Ask, Whose } from "./hands";
import { orderOf, witnessOf, type Seen } from "./order";
import type { Subject } from "./subject";
import type { Waiting } from "./waiting";

/** Asks for what is sought, once somebody seeks it; only then the page is opened. */
export function asking(
  subject: Subject,
  whose: Whose,
  opened: OpenAccount,
  seen: Omit<Seen, "accountId">,
  clock: () => number,
  person: () => Waiting,
): Ask {
  const { kind, kindName, alias, account } = subject;
  const { venue, environment, accountId, identity, title } = whose;
  const witness = witnessOf(opened, kindName, { ...seen, accountId }, clock);
  return (deed, { declared, recorded, why, generation, fingerprint, mark }) => {
    const does = deed === "issued" ? "create" : deed === "revoked" ? "revoke" : "edit";
    const key = { ...(fingerprint === undefined ? {} : { fingerprint }), ...(mark === undefined ? {} : { mark }) };
    const wanted = { venue, environment, accountId, identity, generation, ...key };
    const named = { title, display: opened.venue, alias, kind, kindName, account };
    return person().ask(orderOf({ ...named, does, why, wanted, declared, recorded, credential: recorded?.credential, witness }));
  };
}

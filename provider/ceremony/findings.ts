// What was found of a key, in words for the person who can mend it: one sentence, and what helps.

import type { Examined } from "../core/examine";
import type { AllowedIps } from "../core/model";
import type { GridRow } from "../core/capability";
import type { Finding, TaskView } from "./session";
import type { Order } from "./task";

export const MAY_EXIST: Finding = {
  text: "A former ceremony showed this label, and what came of it isn't known: a key with it may exist.",
  wayOut:
    'Look under "My API Keys". If it is there and you have its secret, paste both here; if you haven\'t, revoke it, then make it anew.',
};

export const WENT_WRONG: Finding = {
  text: "A key with this label was made and sealed, but its deposit has ended, is gone, or is for another declaration.",
  wayOut: 'Revoke that key under "My API Keys" first, unless you still have its secret: its deposit can\'t be used again.',
};

export const SEALED_BEFORE: Finding = {
  text: "A former ceremony has sealed this key already; its deposit waits for `pulumi up`.",
  wayOut: "If `pulumi up` refuses it, revoke that key, delete the deposit's file, and run this again.",
};

export const DEAD: Finding = {
  text: "That key is dead. If you made one with the label that stands here, paste its key and secret; otherwise make it now.",
};

/** A statement that was pasted and says nothing of this key. */
export function notCounted(reasons: readonly string[]): readonly Finding[] {
  return reasons.map((reason) => ({ text: `A statement wasn't counted: ${reason}.` }));
}

export function sameTwice(missing: boolean): Finding {
  return missing
    ? { text: "Both are needed: the API key and the API secret.", wayOut: "Paste both, in one field or in two." }
    : { text: "Both fields hold the same text.", wayOut: "Copy the API secret once more; it stands below the key." };
}

export const NO_STATEMENT: Finding = {
  text: "This isn't a probe's statement.",
  wayOut: "Paste the line that `exchange-keys probe` printed.",
};

export const SAY_WHEN: Finding = {
  text: "The permissions are right. The address list and the label nobody can read back: say when they are set.",
};

export function inUse(holder: string): Finding {
  return { text: `This key is in use: ${holder} has it.`, wayOut: "Make another one for this resource, and paste that." };
}

/** Probes were let in from addresses that aren't on the list. */
export function letIn(addresses: readonly string[], does: TaskView["does"]): Finding {
  const then = does === "edit" ? "Then say that it is done." : "Then run the probe there once more, and paste what it prints.";
  return {
    text: `A probe was let in from ${addresses.join(", ")}, which isn't on its list: its IP list is missing or too wide.`,
    wayOut: `Edit the key: enter exactly the addresses that stand here. ${then}`,
  };
}

/** At an address that its list bars, or of a key that never answered, a refusal is no proof. */
export function cantTell(meant: string): Finding {
  return {
    text: `The venue refuses the key ${meant} here, which it would do as well if the key lived: from here nobody can tell.`,
    wayOut: 'Look under "My API Keys" that it is gone. Then look again here: that is taken as your word for it.',
  };
}

export function stillLives(meant: string): Finding {
  return { text: `The key ${meant} still answers.`, wayOut: 'Revoke it under "My API Keys", then look again.' };
}

/** What to run on a host of the list, for a key that this address can't use. */
export function barredBy({ declared, wanted, link }: Order): NonNullable<TaskView["probe"]> {
  const environment = wanted.environment === "production" ? "" : ` --environment ${wanted.environment}`;
  const address = wanted.environment === "sandbox" && link !== undefined ? ` --address ${new URL(link).host}` : "";
  const unit = declared.options.nonceUnit === undefined ? "" : ` --nonce-unit ${declared.options.nonceUnit}`;
  const command = `npx exchange-keys probe --venue ${wanted.venue}${environment}${address}${unit} --prompt`;
  return { command, hosts: hostsOf(declared.allowedIps) };
}

function hostsOf(allowedIps: AllowedIps): readonly string[] {
  return allowedIps === "anywhere"
    ? []
    : Object.entries(allowedIps).map(([address, purpose]) => (purpose === "" ? address : `${address} (${purpose})`));
}

/** Sentences for all that isn't right; empty for a key that is. */
export function findingsOf(found: Examined, order: Order): readonly Finding[] {
  switch (found.is) {
    case "right":
      return [];
    case "differs":
      return [...found.wider.map((grant) => toggle(grant, "off", order)), ...found.narrower.map((grant) => toggle(grant, "on", order))];
    case "unbound":
      return [
        {
          text: `The key works from ${found.vantage}, which isn't on its list: its IP list is missing or too wide.`,
          wayOut: "Edit the key: enter exactly the addresses that stand here. Then look again.",
        },
      ];
    case "barred":
      return [
        {
          text: `The venue refuses this key at ${found.vantage}, which its list is to exclude. It says the same of a key that was mistyped, swapped with its secret, or doesn't exist: nobody has seen it work yet.`,
          wayOut: "Run the probe on a host of its list, and paste what it prints here.",
        },
      ];
    case "stranger":
      return [stranger(found, order)];
    case "refused":
      return [refused(found.error.code, order)];
    case "unknown":
      return [{ text: capital(found.error.said.cause), wayOut: capital(found.error.said.wayOut) }];
  }
}

function toggle(grant: string, to: "on" | "off", { page }: Order): Finding {
  const at = grant.lastIndexOf(":");
  const [scope, direction] = [grant.slice(0, at), grant.slice(at + 1)];
  const row: GridRow | undefined = page.rows.find((each) => each.scope === scope);
  if (row !== undefined) return { text: `${row.title} (${scope}): turn ${direction === "write" ? "Write" : "Read"} ${to}.` };
  return {
    text: `The key can write "${scope}", for which the page has no row: nobody can turn it off.`,
    wayOut: `Throw this key away; or, if you take it so, declare accept: ["${scope}"].`,
  };
}

function stranger(found: Extract<Examined, { is: "stranger" }>, { wanted, account }: Order): Finding {
  const whose = found.masterId === wanted.accountId ? `its sub-account ${found.accountId}` : `account ${found.accountId}`;
  return {
    text: `This key belongs to ${whose}; it is declared for account ${wanted.accountId} (${account}).`,
    wayOut: "Revoke it where it was made, sign in to the right account, and make it there.",
  };
}

function refused(code: string, { declared, witness }: Order): Finding {
  if (code === "signature-refused") {
    return {
      text: "The venue knows the key, but the secret is wrong.",
      wayOut: "Copy the API secret again, all of it, and paste both once more.",
    };
  }
  const here = witness?.vantage;
  const list = declared.allowedIps === "anywhere" ? "it has an IP list, which it shouldn't" : `its IP list lacks ${here ?? "this address"}`;
  return {
    text: "The venue refuses the key. It says the same for a key that doesn't exist and for an address that isn't on its list.",
    wayOut: `Are key and secret swapped? Was the link in the e-mail opened, and the key created? Was the key copied whole? Else ${list}: edit it, then look again.`,
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// What a person's hand does with API keys: makes, edits and revokes them, and leaves its trace in the change log. Apart,
// since the web console and the control API both do it, and nothing else ever may.

import type { Clock } from "../../clock";
import type { Switches } from "../../switches";
import { addKey, logChange, type Hand, type Key, type State, type Wanted } from "./state";
import type { BitfinexSwitches } from "./switches";

export class Keys {
  constructor(
    private readonly state: State,
    private readonly clock: Clock,
    private readonly switches: Switches<BitfinexSwitches>,
  ) {}

  make(accountId: number, wanted: Wanted, by?: Hand): Key {
    return addKey(this.state, this.clock.now(), { accountId, ...wanted }, by);
  }

  /** Members that aren't named stay. */
  edit(key: Key, changes: Partial<Wanted>, by?: Hand): void {
    if (changes.label !== undefined) key.label = changes.label;
    if (changes.grants !== undefined) key.grants = changes.grants;
    if (changes.allowedIps !== undefined) key.allowedIps = changes.allowedIps;
    this.note(key, "settings: api key edited", by);
  }

  revoke(key: Key, by?: Hand): void {
    key.revokedAt ??= this.clock.now();
    this.note(key, "settings: api key revoked", by);
  }

  /** Only the text of a creation is documented. */
  private note(key: Key, text: string, by?: Hand): void {
    if (this.switches.get("auditTexts") === "guessed") logChange(this.state, key.accountId, this.clock.now(), text, by);
  }
}

// Passphrases on their way into the journal and out of it: sealed to a recipient, opened with its identity's file. Without a recipient they
// stand nowhere.

import { resolve } from "node:path";
import type { LostKey } from "../core/means";
import type { Secret } from "../core/secret";
import { decrypt, encrypt } from "../ceremony/age";
import { identitiesIn } from "../ceremony/identity";
import { NAMESPACE } from "./names";
import type { RecoverySettings } from "./settings";

const SETTING = `${NAMESPACE}recovery`;

export class Recovery {
  readonly #settings: RecoverySettings | undefined;
  readonly #cwd: string;
  #identities: Promise<Secret> | undefined;

  /** @param cwd where a relative path starts: the program's folder */
  constructor(settings: RecoverySettings | undefined, cwd: string) {
    this.#settings = settings;
    this.#cwd = cwd;
  }

  /** An age file in base64; undefined where nobody is named who could open it. */
  async seal(passphrase: Secret): Promise<string | undefined> {
    if (this.#settings === undefined) return undefined;
    return Buffer.from(await encrypt(passphrase.reveal(), [this.#settings.recipient])).toString("base64");
  }

  /** Throws KeyError `configuration` where the identity's file can't be read or isn't one. */
  async open(sealed: string): Promise<Pick<LostKey, "passphrase" | "unopened">> {
    const file = this.#settings?.identityFile;
    if (file === undefined) return { unopened: `${SETTING} names no identityFile` };
    this.#identities ??= identitiesIn(resolve(this.#cwd, file), `${SETTING}.identityFile`);
    const opened = await decrypt(new Uint8Array(Buffer.from(sealed, "base64")), await this.#identities);
    return "text" in opened ? { passphrase: opened.text } : { unopened: `its identityFile doesn't open it, since ${opened.why}` };
  }
}

// Which address the venue sees for each loopback address that a caller binds. Apart, because it alone decides where a
// request comes from: headers such as X-Forwarded-For never count.

import { isIP, isIPv4 } from "node:net";

/** Loopback source address → address as the venue sees it, where it isn't the default. */
export type AddressState = Record<string, string>;

/** 127.0.0.1 is 203.0.113.10, 127.0.0.2 is 203.0.113.11 and so on, wrapping inside the documentation range of RFC 5737. */
function byDefault(loopback: string): string {
  const last = Number(loopback.split(".")[3] ?? "1");
  return `203.0.113.${(last + 9) % 256}`;
}

export class Addresses {
  constructor(private readonly state: AddressState = {}) {}

  /** The address the venue sees for a socket's remote address. */
  seen(remote: string | undefined): string {
    const plain = (remote ?? "127.0.0.1").replace(/^::ffff:/, "");
    return this.state[plain] ?? byDefault(plain);
  }

  /** The mappings that differ from the default. */
  all(): AddressState {
    return { ...this.state };
  }

  /** Sets mappings; `null` returns one to the default. Throws a RangeError that names what is wrong. */
  patch(changes: Readonly<Record<string, string | null>>): void {
    for (const [from, to] of Object.entries(changes)) {
      if (!isIPv4(from) || !from.startsWith("127.")) throw new RangeError(`${from}: a source is an address of 127.0.0.0/8`);
      if (to !== null && isIP(to) === 0) throw new RangeError(`${from}: "${to}" is no IP address`);
    }
    for (const [from, to] of Object.entries(changes)) {
      if (to === null) delete this.state[from];
      else this.state[from] = to;
    }
  }
}

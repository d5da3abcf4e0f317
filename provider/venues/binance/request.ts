// Signed requests: the parameters, percent-encoded once and signed as they are sent. Apart, since time and signature stand among them.

import type { Call, DriverContext } from "../../core/driver";
import type { Credential } from "../../core/model";
import { hmac, signingKey } from "../../http/signing";

/** One question, with its parameters in their order. */
export interface Asking {
  readonly operation: string;
  /** Default: the managing one. */
  readonly credential?: Credential;
  readonly limit: string;
  readonly weight?: number;
  /** Default: GET. */
  readonly method?: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Milliseconds that a request stays valid. Source: binance-spot-api-docs, rest-api.md, "Timing security": the default, said. */
const WINDOW_MS = "5000";
const FORM = "application/x-www-form-urlencoded";

/**
 * Parameters of a POST go into the body, where a public key has to be, others into the query. HMAC-SHA256 in hex over all of them, and
 * `signature` after them. Source: rest-api.md, "SIGNED Endpoint security".
 */
export function signed(
  context: DriverContext,
  { operation, credential = context.credential, limit, weight = 1, method = "GET", path, values }: Asking,
): Omit<Call<never>, "parse"> {
  const { apiKey, apiSecret } = signingKey(credential);
  const inBody = method === "POST";
  return {
    ...{ operation, method, path, limit, weight, host: "api", carries: [credential] },
    intent: method === "GET" ? "read" : "write",
    headers: () => ({ "x-mbx-apikey": apiKey, ...(inBody ? { "content-type": FORM } : {}) }),
    attempt() {
      const timestamp = String(Math.floor(context.http.venueNow() ?? context.clock()));
      const payload = encoded({ ...values, recvWindow: WINDOW_MS, timestamp });
      const whole = `${payload}&signature=${hmac("sha256", apiSecret, payload, "hex")}`;
      return inBody ? { path, body: whole } : { path: `${path}?${whole}` };
    },
  };
}

/** Everything but letters, digits and `-_.~` as UTF-8 in percent signs. */
export function encoded(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/[!'()*]/g, percent)}`)
    .join("&");
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

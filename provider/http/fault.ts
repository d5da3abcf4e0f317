// What can go wrong on the way to a venue and back, as errors of ours. The client library's errors hold requests with their
// headers; nothing of them but a checked code comes past this file.

import { isNativeError } from "node:util/types";
import { KeyError } from "../core/errors";
import type { Asked } from "./answer";
import { ProxyFailure } from "./proxy";

/** One request without a usable answer. */
export interface Fault {
  readonly kind: "unreachable" | "timeout" | "broken-answer";
  readonly cause: string;
  readonly transient: boolean;
  /** False only where it is certain that no byte of the request left. */
  readonly sent: boolean;
}

const CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed",
  ENOTFOUND: "the host's name isn't known",
  EAI_AGAIN: "the name service didn't answer",
  ETIMEDOUT: "the connection wasn't answered",
  EHOSTUNREACH: "there is no route to the host",
  ENETUNREACH: "there is no route to the network",
  EADDRNOTAVAIL: "this machine doesn't have the source address",
  ERR_INVALID_CHAR: "a header has a character that none may have (a line end in a credential?)",
};

const TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_|CRL_|EPROTO$|INVALID_CA$|PATH_LENGTH_)/;

/** What an error of the client library means. `answering`: the answer had begun. */
export function faultOf(error: unknown, answering: boolean, sent: boolean): Fault {
  const proxy = causes(error).find((one) => one instanceof ProxyFailure);
  if (proxy !== undefined) return { kind: "unreachable", cause: proxy.message, transient: true, sent };
  const code =
    causes(error)
      .map(codeOf)
      .find((one) => one !== undefined) ?? "";
  if (/^(Z_|ERR__?ZLIB|ERR_BROTLI|ERR_ZSTD)/.test(code)) {
    return { kind: "broken-answer", cause: `the answer's compression is broken (${code})`, transient: true, sent };
  }
  if (/^HPE_/.test(code)) return { kind: "broken-answer", cause: `the answer is no HTTP (${code})`, transient: true, sent };
  if (answering) return { kind: "broken-answer", cause: "the answer was cut off", transient: true, sent };
  if (TLS.test(code)) return { kind: "unreachable", cause: `TLS failed (${code})`, transient: false, sent };
  const words = CONNECTION[code];
  const cause = words === undefined ? `the connection failed${code === "" ? "" : ` (${code})`}` : `${words} (${code})`;
  return { kind: "unreachable", cause, transient: code !== "ERR_INVALID_CHAR" && code !== "EADDRNOTAVAIL", sent };
}

const WAY_OUT: Readonly<Record<Fault["kind"], string>> = {
  unreachable: "check the network, the proxy and the venue's status, then run again",
  timeout: "check the network and the venue's status, then run again",
  "broken-answer": "try again later; if it stays so, something stands between here and the venue",
};

/** The error of a call whose request ended in a fault. */
export function faultError(fault: Fault, intent: "read" | "write", asked: Asked): KeyError {
  if (intent === "write" && fault.sent) return outcomeUnknown(fault.cause, asked);
  return new KeyError(fault.kind, { ...asked, cause: fault.cause, wayOut: WAY_OUT[fault.kind] }, { transient: fault.transient });
}

/**
 * The error of an answer that `parse` didn't like. Of a write only a refusal is believed, and only one whose code is known to be one: an
 * error that no table has, such as 10000 "unknown", may come after the effect.
 */
export function parseError(error: unknown, intent: "read" | "write", asked: Asked): KeyError {
  if (error instanceof KeyError) {
    const refused = error.branch === "refused" && error.code !== "venue-refused";
    const believed = intent === "read" || refused || error.code === "unknown-outcome";
    return believed ? error : outcomeUnknown(error.said.cause, asked);
  }
  const name = isNativeError(error) && /^\w{1,40}$/.test(error.name) ? error.name : "no error";
  const cause = `the answer couldn't be read (${name})`;
  if (intent === "write") return outcomeUnknown(cause, asked);
  return new KeyError("broken-answer", { ...asked, cause, wayOut: WAY_OUT["broken-answer"] });
}

/** A write was sent, and what came back doesn't say whether it had its effect. */
function outcomeUnknown(cause: string, asked: Asked): KeyError {
  return new KeyError("unknown-outcome", {
    ...asked,
    cause: `${cause}, after the request was sent: it may have had its effect`,
    wayOut: "see at the venue whether it did before it is sent again",
  });
}

/** An error with the errors below it. Got names its own codes over those of the cause. */
function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let one = error; isNativeError(one) && chain.length < 5; one = one.cause) chain.push(one);
  return chain.reverse();
}

function codeOf(error: Error): string | undefined {
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) && !code.startsWith("ERR_GOT_") ? code : undefined;
}

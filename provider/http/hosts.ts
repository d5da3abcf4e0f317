// Which hosts a channel may speak to, and which credentials may go there: rule 15 of transport and rule 11 of secrets, in one place.

import { isIPv4 } from "node:net";
import type { Credential } from "../core/model";
import { type Asked } from "./answer";
import { KeyError } from "../core/errors";

/** How every part of a sandbox's credential begins. */
export const SANDBOX_PREFIX = "sandbox-";

/** True for a literal loopback address with a port, as a sandbox has it: `http://127.0.0.1:41001`, `http://[::1]:41001`. */
export function isLoopbackAddress(host: string): boolean {
  const [, v4, v6, port] = /^https?:\/\/(?:([\d.]+)|\[([0-9a-f:]+)\]):(\d{1,5})$/i.exec(host) ?? [];
  const loopback = v4 === undefined ? v6 === "::1" : isIPv4(v4) && v4.startsWith("127.");
  return loopback && Number(port) >= 1 && Number(port) <= 65_535;
}

/**
 * Checks the hosts of an environment: loopback with a port for the sandbox, https and another machine for the rest.
 *
 * @throws KeyError `transport`
 */
export function checkHosts(hosts: Readonly<Record<string, string>>, sandbox: boolean, venue: string): void {
  for (const [name, host] of Object.entries(hosts)) {
    const cause = sandbox ? sandboxFault(host) : venueFault(host);
    if (cause !== undefined) {
      const wayOut = sandbox ? "give an address such as http://127.0.0.1:41001" : "use https and the venue's own host";
      throw new KeyError("transport", { venue, operation: `open host "${name}"`, cause, wayOut });
    }
  }
}

/**
 * Keeps sandbox credentials to loopback and all others away from it. Each part of a credential counts.
 *
 * @throws KeyError `transport`; nothing may be sent then.
 */
export function checkCredentials(carries: readonly Credential[], url: URL, asked: Asked): void {
  const local = isLoopbackAddress(`${url.protocol}//${url.hostname}:${url.port === "" ? defaultPort(url) : url.port}`);
  const marks = carries.flatMap(parts).map((part) => part.startsWith(SANDBOX_PREFIX));
  if (local && marks.includes(false)) {
    throw new KeyError("transport", {
      ...asked,
      cause: "a credential that isn't the sandbox's would go to loopback",
      wayOut: `give the account the sandbox's credentials, which begin with ${SANDBOX_PREFIX}, or another environment`,
    });
  }
  if (!local && marks.includes(true)) {
    throw new KeyError("transport", {
      ...asked,
      cause: "a sandbox's credential would leave this machine",
      wayOut: 'give the account the venue\'s credentials, or the environment "sandbox"',
    });
  }
}

function parts(credential: Credential): string[] {
  if (credential.kind === "token") return [credential.token.reveal()];
  if (credential.kind === "public-key") return [credential.apiKey];
  const { apiKey, apiSecret, passphrase } = credential;
  return [apiKey, apiSecret.reveal(), ...(passphrase === undefined ? [] : [passphrase.reveal()])];
}

function sandboxFault(host: string): string | undefined {
  return isLoopbackAddress(host) ? undefined : "a sandbox's host must be a literal loopback address with a port, without a path";
}

function venueFault(host: string): string | undefined {
  if (!URL.canParse(host)) return "the host is no address";
  const url = new URL(host);
  if (url.protocol !== "https:") return "only https is spoken to a venue";
  if (url.origin !== host) return "the host must be scheme and name alone, without path, credentials or a trailing slash";
  if (/^(127\.|\[::1\]$|0\.0\.0\.0$|\[::\]$)|(^|\.)localhost\.?$/.test(url.hostname)) return "loopback is the sandbox's alone";
  return undefined;
}

function defaultPort(url: URL): string {
  return url.protocol === "https:" ? "443" : "80";
}

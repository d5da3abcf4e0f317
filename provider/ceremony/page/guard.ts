// What each request has to show before anything is done for it, and what each answer says to the browser: the page is for one tab of one
// person's browser, and for no other page, frame, name or site.

import { type IncomingMessage } from "node:http";

/** No outside resource, nothing inline, no frame, no form that leads anywhere, and text is never taken for markup. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

export const headers: Readonly<Record<string, string>> = {
  "content-security-policy": policy,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "origin-agent-cluster": "?1",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-dns-prefetch-control": "off",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "permissions-policy":
    "camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), payment=(), " +
    "publickey-credentials-get=(), identity-credentials-get=(), clipboard-read=(), clipboard-write=(self)",
};

/** The status to refuse with, or undefined. `page`: the one path that a person navigates to. */
export function refusal(request: IncomingMessage, host: string, page: boolean): number | undefined {
  if (request.headers.host !== host || isRepeated(request, "host")) return 421; // a rebinding name, or another port
  const site = request.headers["sec-fetch-site"];
  if (page) return isNavigation(request) ? undefined : 403;
  if (site !== "same-origin") return 403;
  const origin = request.headers.origin;
  const wanted = `http://${host}`;
  if (origin !== undefined ? origin !== wanted : request.method !== "GET") return 403;
  return undefined;
}

/**
 * The page itself holds nothing but what everybody may know, and is asked for by navigation only: typed (`none`), reloaded
 * (`same-origin`), or from the redirect file, whose origin is a file's and so `cross-site`. Nothing can frame it or fetch it.
 */
function isNavigation({ headers: given }: IncomingMessage): boolean {
  const site = given["sec-fetch-site"];
  if (site === undefined || given["sec-fetch-mode"] !== "navigate" || given["sec-fetch-dest"] !== "document") return false;
  return site === "none" || site === "same-origin" || site === "cross-site";
}

function isRepeated(request: IncomingMessage, name: string): boolean {
  return request.rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length > 1;
}

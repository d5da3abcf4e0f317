// The page's own files. Its script is a project of its own (./client, for browsers), compiled to dist/ and served from there; loaded from
// the sources, as tests do it, this file looks for the same.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { style } from "./style";

export interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

const compiled = [join(__dirname, "client"), join(__dirname, "..", "..", "dist", "ceremony", "page", "client")];

/** By path. Read once, so that what is served can't change while a ceremony is under way. */
export function readAssets(): ReadonlyMap<string, Asset> {
  const folder = compiled.find((path) => existsSync(join(path, "main.js")));
  if (folder === undefined) throw new Error("the page's script isn't built: npm run build");
  const scripts = readdirSync(folder).filter((file) => file.endsWith(".js"));
  const assets = new Map<string, Asset>();
  for (const file of scripts)
    assets.set(`/client/${file}`, { type: "text/javascript; charset=utf-8", body: readFileSync(join(folder, file)) });
  assets.set("/style.css", { type: "text/css; charset=utf-8", body: Buffer.from(style) });
  assets.set("/icon.svg", { type: "image/svg+xml", body: Buffer.from(icon) });
  assets.set("/", { type: "text/html; charset=utf-8", body: Buffer.from(shell(scripts.sort())) });
  return assets;
}

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#0b57d0"/>' +
  '<path d="M8.5 8a2.5 2.5 0 1 1-1 2H3.5" transform="rotate(180 8 8.6)" fill="none" stroke="#fff" stroke-width="1.6"/></svg>\n';

/** No secret and nothing of the ceremony is in it: it is the same for everybody. */
function shell(scripts: readonly string[]): string {
  const ahead = scripts.map((file) => `<link rel="modulepreload" href="/client/${file}">`).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<meta name="google" content="notranslate">
<title>Exchange keys</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/style.css">
${ahead}
<script type="module" src="/client/main.js"></script>
</head>
<body>
<a class="skip" href="#task">Go to the task</a>
<div id="page"></div>
<div id="status" role="status" aria-live="polite" class="unseen"></div>
<noscript>This page needs its script: allow JavaScript for this address, or use the ceremony in the terminal.</noscript>
</body>
</html>
`;
}

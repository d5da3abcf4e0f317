// Which hosts a channel may speak to, and which credentials may go there.

import { KeyError } from "../../provider/core/errors";
import type { Credential } from "../../provider/core/model";
import { Secret } from "../../provider/core/secret";
import { checkCredentials, checkHosts } from "../../provider/http/hosts";

const asked = { venue: "acme", operation: "ask" };
const open = (host: string, sandbox: boolean) => () => checkHosts({ api: host }, sandbox, "acme");

test.each(["http://127.0.0.1:41001", "http://127.9.8.7:1", "http://127.0.0.1:80", "http://[::1]:65535", "https://127.0.0.1:443"])(
  "%s is a sandbox's",
  (host) => {
    expect(open(host, true)).not.toThrow();
    expect(open(host, false)).toThrow(KeyError);
  },
);

test.each(["https://api.acme.example", "https://api.acme.example:8443"])("%s is a venue's", (host) => {
  expect(open(host, false)).not.toThrow();
  expect(open(host, true)).toThrow(KeyError);
});

test.each([
  "http://127.0.0.1",
  "http://127.0.0.1:0",
  "http://127.0.0.1:65536",
  "http://127.0.0.1:41001/",
  "http://127.0.0.1:41001/path",
  "http://127.1:41001",
  "http://0x7f000001:41001",
  "http://2130706433:41001",
  "http://0177.0.0.1:41001",
  "http://127.0.0.256:41001",
  "http://localhost:41001",
  "http://user@127.0.0.1:41001",
  "http://127.0.0.1:41001@evil.example",
  "http://127.0.0.1.evil.example:41001",
  "http://[::ffff:127.0.0.1]:41001",
  "http://[::]:41001",
  "http://0.0.0.0:41001",
  "http://10.0.0.1:41001",
  "ftp://127.0.0.1:41001",
  "",
])("%s is no sandbox's", (host) => {
  expect(open(host, true)).toThrow(/^acme: open host "api": a sandbox's host must be a literal loopback/);
});

test.each([
  "http://api.acme.example",
  "https://api.acme.example/",
  "https://api.acme.example/v2",
  "https://user:password@api.acme.example",
  "https://localhost",
  "https://api.localhost",
  "https://127.0.0.1",
  "https://127.1",
  "https://[::1]",
  "https://0.0.0.0",
  "wss://api.acme.example",
  "api.acme.example",
])("%s is no venue's", (host) => {
  expect(open(host, false)).toThrow(expect.objectContaining({ code: "transport" }));
});

const key = (apiKey: string, apiSecret: string, passphrase?: string): Credential => ({
  kind: "api-key",
  apiKey,
  apiSecret: new Secret(apiSecret),
  ...(passphrase === undefined ? {} : { passphrase: new Secret(passphrase) }),
});
const token = (text: string): Credential => ({ kind: "token", token: new Secret(text) });

const SANDBOXES = [key("sandbox-k", "sandbox-s"), key("sandbox-k", "sandbox-s", "sandbox-p"), token("sandbox-t")];
const REAL = [key("k", "s"), key("k", "s", "p"), token("pub:api:t")];
const MIXED = [key("sandbox-k", "s"), key("k", "sandbox-s"), key("sandbox-k", "sandbox-s", "p"), key("k", "s", "sandbox-p")];

const goes =
  (to: string, ...carries: Credential[]) =>
  () =>
    checkCredentials(carries, new URL(to), asked);

test.each(["http://127.0.0.1:41001/v2/x", "http://[::1]:41001/", "http://127.0.0.1:80/", "https://127.0.0.1:443/"])(
  "to %s go sandbox credentials alone",
  (to) => {
    for (const one of SANDBOXES) expect(goes(to, one)).not.toThrow();
    for (const one of [...REAL, ...MIXED]) expect(goes(to, one)).toThrow(/isn't the sandbox's would go to loopback/);
    expect(goes(to, SANDBOXES[0]!, REAL[2]!)).toThrow(KeyError);
    expect(goes(to)).not.toThrow();
  },
);

test("to a venue go no sandbox credentials", () => {
  const to = "https://api.acme.example/v2/x";
  for (const one of REAL) expect(goes(to, one)).not.toThrow();
  for (const one of [...SANDBOXES, ...MIXED]) expect(goes(to, one)).toThrow(/sandbox's credential would leave this machine/);
  expect(goes(to, REAL[0]!, SANDBOXES[2]!)).toThrow(KeyError);
});

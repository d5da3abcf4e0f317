// Our own Node processes reach loopback only while tests run. Loaded by Jest (setupFiles) and, in child processes, by
// NODE_OPTIONS=--require=<this file>. Whatever else is asked for throws an error that names the address.

const { Module } = require("node:module");
const dgram = require("node:dgram");
const dns = require("node:dns");
const net = require("node:net");

const done = Symbol.for("exchange-keys.network-guard");
const names = new Set(["localhost", "localhost.localdomain", "ip6-localhost"]);

/** What stands where an address was asked for that isn't on this machine. */
class NetworkGuardError extends Error {
  constructor(how, address) {
    super(`network guard: ${how} to ${address} refused: tests reach loopback only`);
    this.name = "NetworkGuardError";
    this.code = "ENETWORKGUARD";
    this.address = address;
  }
}

function isLoopback(address) {
  const text = String(address)
    .toLowerCase()
    .replace(/^\[|\]$/g, "");
  if (names.has(text) || text.endsWith(".localhost")) return true;
  if (net.isIPv4(text)) return text.startsWith("127.");
  if (net.isIPv6(text)) return text === "::1" || text === "0:0:0:0:0:0:0:1" || /^::ffff:127\.\d+\.\d+\.\d+$/.test(text);
  return false;
}

function check(how, address) {
  if (address === undefined || address === null || address === "") return; // the default is this machine
  if (!isLoopback(address)) throw new NetworkGuardError(how, address);
}

/** Puts `before` in front of a method, with the same arguments and result. */
function guard(object, name, before) {
  const original = object[name];
  if (typeof original !== "function") return;
  const guarded = function (...args) {
    before.apply(this, args);
    return Reflect.apply(original, this, args);
  };
  Object.defineProperties(guarded, Object.getOwnPropertyDescriptors(original));
  object[name] = guarded;
}

/** The host of net's overloads: (options), (port, host), (path), or the list that net itself makes of them. */
function hostOf(first, second) {
  const given = Array.isArray(first) ? first[0] : first;
  if (given !== null && typeof given === "object") return given.path ? undefined : given.host;
  return typeof second === "string" ? second : undefined;
}

if (!net[done]) {
  net[done] = true;

  // Every TCP and TLS connection of Node, fetch's and http2's too, goes through this method.
  guard(net.Socket.prototype, "connect", (first, second) => check("connection", hostOf(first, second)));

  guard(dgram.Socket.prototype, "send", (...args) => {
    const rest = args.slice(1).filter((arg) => typeof arg === "string");
    check("datagram", rest[0]);
  });
  guard(dgram.Socket.prototype, "connect", (_port, address) => check("datagram", typeof address === "string" ? address : undefined));

  const isLookup = (name) => /^(lookup|lookupService|reverse|resolve\w*)$/.test(name);
  for (const holder of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
    for (const name of Object.getOwnPropertyNames(holder).filter(isLookup)) {
      guard(holder, name, (host) => check(`name look-up (${name})`, host));
    }
  }
  Module.syncBuiltinESMExports(); // import { connect } from "node:net" sees the same
}

module.exports = { NetworkGuardError, isLoopback };

// Starts a sandbox: one server a venue and the control API, all on 127.0.0.1. Apart from index.ts, which only says what
// is public.

import { z } from "zod";
import { Addresses } from "./addresses";
import { Clock } from "./clock";
import { serveControl, type ControlledVenue } from "./control/server";
import { newSecret, type Dialect } from "./dialect";
import { Faults } from "./faults";
import { Limiter, limitStateSchema } from "./limits";
import { RequestLog } from "./requests";
import { CONSOLE, serveVenue } from "./server";
import { StateError, Store } from "./store";
import { Switches, type SwitchTable } from "./switches";
import { dialects, type AccountOf, type LoginOf, type VenueName } from "./venues/registry";

export interface SandboxOptions<V extends VenueName = VenueName> {
  /** The venues to run; all without it. */
  readonly venues?: readonly V[] | undefined;
  /** Port of the control API; the venues have the next ones, in the order named. 0 (the default) takes any free ports. */
  readonly portBase?: number | undefined;
  /** A file that keeps accounts, keys, tokens, nonces, clock and settings; without it all is forgotten. */
  readonly state?: string | undefined;
}

export type SandboxVenue<V extends VenueName> = {
  readonly url: string;
  /** Credentials of the account that is there from the beginning. */
  readonly account: AccountOf<V>;
} & ([LoginOf<V>] extends [never] ? unknown : SandboxConsole<LoginOf<V>>);

/** A venue's web pages: where they are, and how to sign in to the account that is there from the beginning. */
export interface SandboxConsole<L> {
  readonly console: string;
  readonly login: L;
}

export interface Sandbox<V extends VenueName = VenueName> {
  readonly venues: { readonly [K in V]: SandboxVenue<K> };
  readonly control: { readonly url: string; readonly token: string };
  /** Stops all servers; requests under way are cut off. */
  close(): Promise<void>;
}

const maintenanceSchema = z.strictObject({ on: z.boolean() });
const switchState = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/**
 * Starts a sandbox in this process.
 *
 * @throws StateError when the state file can't be used; Error when a port is taken.
 * @example
 * const sandbox = await startSandbox();
 * const { url, account } = sandbox.venues.bitfinex;
 */
export async function startSandbox<V extends VenueName = VenueName>(options: SandboxOptions<V> = {}): Promise<Sandbox<V>> {
  const { portBase = 0 } = options;
  const names = options.venues ?? (Object.keys(dialects) as V[]);
  const store = Store.open(options.state);
  const clock = new Clock(store.bind("clock", z.strictObject({ offsetMs: z.number() }), () => ({ offsetMs: 0 })));
  const addresses = new Addresses(store.bind("addresses", z.record(z.string(), z.string()), () => ({})));
  const faults = new Faults();
  const log = new RequestLog();
  const token = newSecret();
  const open: { close(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    faults.clear();
    await Promise.all(open.map((server) => server.close()));
  };

  try {
    const controlled = new Map<string, ControlledVenue>(names.map((name) => [name, openVenue(dialects[name], store, clock)]));
    const control = await serveControl({ token, clock, addresses, faults, log, store, venues: controlled }, portBase);
    open.push(control);
    const venues: Record<string, unknown> = {};
    for (const [index, [name, { venue }]] of [...controlled].entries()) {
      const server = await serveVenue({ name, venue, clock, addresses, faults, log, store }, portBase === 0 ? 0 : portBase + 1 + index);
      open.push(server);
      const { console: pages } = venue;
      const web = pages && { console: server.url + CONSOLE, login: pages.login() };
      venues[name] = { url: server.url, ...web, account: venue.account() };
    }
    store.save();
    return { venues: venues as Sandbox<V>["venues"], control: { url: control.url, token }, close: stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

function openVenue(dialect: Dialect<SwitchTable, unknown, unknown>, store: Store, clock: Clock): ControlledVenue {
  const { name } = dialect;
  const maintenance = store.bind(`${name}.maintenance`, maintenanceSchema, () => ({ on: false }));
  const set = store.bind(`${name}.switches`, switchState, () => ({}));
  const switches = new Switches(dialect.switches, set);
  try {
    switches.patch(set);
  } catch (error) {
    throw new StateError(`state file: ${name}.switches.${(error as Error).message}`);
  }
  const limits = store.bind(`${name}.limits`, limitStateSchema, () => ({ enabled: true, all: null, endpoints: {} }));
  const limiter = new Limiter(clock, dialect.limits, limits);
  const venue = dialect.open({ clock, store, switches, limiter, inMaintenance: () => maintenance.on });
  return { venue, switches, limiter, maintenance };
}

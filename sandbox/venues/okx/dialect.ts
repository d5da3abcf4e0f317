// OKX's REST API, version 5, as its documents describe it: puts the parts together and takes each request through them in
// order. Written from those documents alone; what they leave open is in switches.ts.

import type { Answer, Dialect, Trace, VenueRequest } from "../../dialect";
import { Authenticator, type Caller } from "./auth";
import { openDesk } from "./desk";
import { endpoints, limits, paths, type Endpoint } from "./endpoints";
import { Refusal, Refusals, unknownPath } from "./errors";
import { Keys } from "./keys";
import { ofBody } from "./parameters";
import { initialState, stateSchema } from "./state";
import { switches, type OkxSwitches } from "./switches";

/** The master account's managing key, and one of its sub-accounts. */
export type OkxAccount = Readonly<Record<"apiKey" | "apiSecret" | "passphrase" | "subAccount", string>>;

export const okx: Dialect<OkxSwitches, OkxAccount> = {
  name: "okx",
  title: "OKX REST v5",
  switches,
  limits,
  open({ clock, store, switches: set, limiter, inMaintenance }) {
    const state = store.bind("okx", stateSchema, () => initialState(clock.now()));
    const refusals = new Refusals(set);
    const keys = new Keys(state, clock, set);
    const auth = new Authenticator(state, keys, clock, set);

    /** Whether this caller may ask this at all. */
    function admit({ key, account }: Caller, { needs, master }: Endpoint): void {
      if (master !== undefined && account.subAcct !== null) throw new Refusal(set.get("notMaster"));
      if (master !== undefined && key.demo && set.get("demoManagement") === "50038") throw new Refusal("50038");
      if (!key.permissions.includes(needs)) throw new Refusal(set.get("permissionCode"));
      const bound = master === "ips" || (master === "createNeedsIps" && set.get("createNeedsIps"));
      if (bound && key.allowedIps.length === 0) throw new Refusal("50035");
    }

    function answer(request: VenueRequest, trace: Trace): Answer {
      const name = `${request.method} ${request.path}`;
      const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
      if (!endpoint && !paths.has(request.path)) return unknownPath;
      if (inMaintenance()) throw new Refusal("50001");
      if (!endpoint) throw new Refusal("50115");
      keys.settle();
      const caller = auth.prove(request, trace);
      if (!limiter.take(name, `account ${caller.account.uid}`)) return refusals.rateLimit();
      admit(caller, endpoint);
      const parameters = request.method === "POST" ? ofBody(request.body) : Object.fromEntries(request.query);
      const data = endpoint.answer({ caller, parameters, state, keys, clock, switches: set });
      trace.accepted = true;
      return { status: 200, body: { code: "0", msg: "", data }, code: "0" };
    }

    return {
      account() {
        const [key] = state.keys;
        const sub = state.accounts.find(({ mainUid, subAcct }) => mainUid === key?.uid && subAcct !== null);
        if (!key || !sub?.subAcct) throw new Error("okx: the sandbox has no key or no sub-account");
        return { apiKey: key.apiKey, apiSecret: key.apiSecret, passphrase: key.passphrase, subAccount: sub.subAcct };
      },
      answer(request, trace) {
        try {
          return answer(request, trace);
        } catch (error) {
          if (error instanceof Refusal) return refusals.answer(error);
          throw error;
        }
      },
      fail: (failure) => refusals.failure(failure),
      desk: openDesk({ state, clock, switches: set, keys }),
    };
  },
};

// KuCoin's REST API as its documents describe it: puts the parts together and takes each request through them in order.
// Written from those documents alone; what they leave open is in switches.ts.

import type { Answer, Dialect, Trace, VenueRequest } from "../../dialect";
import { Authenticator, type Caller } from "./auth";
import { openDesk } from "./desk";
import { endpoints, limits, paths, type Endpoint } from "./endpoints";
import { maintenance, Refusal, Refusals, unknownPath, wrongMethod } from "./errors";
import { Keys } from "./keys";
import { parametersOf } from "./parameters";
import { initialState, stateSchema } from "./state";
import { switches, type KucoinSwitches } from "./switches";

/** The master account's managing key, and the name of one of its sub-accounts. */
export type KucoinAccount = Readonly<Record<"apiKey" | "apiSecret" | "passphrase" | "subAccount", string>>;

export const kucoin: Dialect<KucoinSwitches, KucoinAccount> = {
  name: "kucoin",
  title: "KuCoin REST",
  switches,
  limits,
  open({ clock, store, switches: set, limiter, inMaintenance }) {
    const state = store.bind("kucoin", stateSchema, () => initialState(clock.now()));
    const refusals = new Refusals(set);
    const keys = new Keys(state, clock, set);
    const auth = new Authenticator(keys, clock, set);

    function served(endpoint: Endpoint, caller: Caller, request: VenueRequest, trace: Trace): Answer {
      const { key, account } = caller;
      if (endpoint.master && account.subName !== null) throw new Refusal("400007");
      if (!key.permissions.includes(endpoint.needs)) throw new Refusal("400007");
      const data = endpoint.answer({ caller, parameters: parametersOf(request), state, keys, clock, switches: set });
      trace.accepted = true;
      return { status: 200, body: { code: "200000", data }, code: "200000" };
    }

    /** What is left of the pool, and in how many milliseconds it is whole again. Source: docs-new, rate-limit. */
    function quota(pool: Endpoint["pool"], subject: string): Record<string, string> {
      const { enabled, all, endpoints: pools } = limiter.all();
      const limit = all ?? pools[pool];
      if (!enabled || !limit) return {};
      const { used, freeInMs } = limiter.usage(pool, subject);
      return {
        "gw-ratelimit-limit": String(limit.requests),
        "gw-ratelimit-remaining": String(Math.max(0, limit.requests - used)),
        "gw-ratelimit-reset": String(freeInMs),
      };
    }

    function refusable(work: () => Answer): Answer {
      try {
        return work();
      } catch (error) {
        if (error instanceof Refusal) return refusals.answer(error);
        throw error;
      }
    }

    function answer(request: VenueRequest, trace: Trace): Answer {
      const name = `${request.method} ${request.path}`;
      const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
      if (!endpoint && !paths.has(request.path)) return unknownPath;
      if (inMaintenance()) return maintenance;
      if (!endpoint) return wrongMethod;
      const caller = auth.prove(request, trace);
      const subject = `account ${caller.account.uid}`;
      const within = limiter.take(endpoint.pool, subject, endpoint.weight);
      const headers = quota(endpoint.pool, subject);
      const given = refusable(() => {
        if (!within) throw new Refusal("429000");
        return served(endpoint, caller, request, trace);
      });
      return { ...given, headers };
    }

    return {
      account() {
        const [key] = state.keys;
        const sub = state.accounts.find(({ masterUid, subName }) => masterUid === key?.uid && subName !== null);
        if (!key || !sub?.subName) throw new Error("kucoin: the sandbox has no key or no sub-account");
        return { apiKey: key.apiKey, apiSecret: key.apiSecret, passphrase: key.passphrase, subAccount: sub.subName };
      },
      answer: (request, trace) => refusable(() => answer(request, trace)),
      fail: (failure) => refusals.failure(failure),
      desk: openDesk({ state, clock, switches: set, keys }),
    };
  },
};

// Bitfinex REST v2 as its documents describe it: puts the parts together and takes each request through them in order.
// Written from those documents alone; what they leave open is in switches.ts.

import type { Answer, Dialect, Trace, VenueRequest } from "../../dialect";
import { Authenticator } from "./auth";
import { openConsole, type Login } from "./console/console";
import { pagesSchema } from "./console/site";
import { openDesk } from "./desk";
import { endpoints, limits, publicLimits, type Endpoint } from "./endpoints";
import { answerOf, Refusal, Refusals } from "./errors";
import { Keys } from "./keys";
import { allows } from "./scopes";
import { initialState, stateSchema } from "./state";
import { switches, type BitfinexSwitches } from "./switches";
import { geoIp } from "./wire";

const PREFIX = "/v2/";

export const bitfinex: Dialect<BitfinexSwitches, { readonly apiKey: string; readonly apiSecret: string }, Login> = {
  name: "bitfinex",
  title: "Bitfinex REST v2",
  switches,
  limits,
  open({ clock, store, switches: set, limiter, inMaintenance }) {
    const state = store.bind("bitfinex", stateSchema, () => initialState(clock.now()));
    const refusals = new Refusals(set);
    const keys = new Keys(state, clock, set);
    const pages = store.bind("bitfinex.console", pagesSchema, () => ({ sessions: [], mails: [], links: [] }));
    const auth = new Authenticator(state, clock, set, refusals);

    function answerPublic(path: string, source: string, trace: Trace): Answer {
      if (!limiter.take(path, source)) throw refusals.rateLimit();
      trace.accepted = true;
      return { status: 200, body: path === "platform/status" ? [inMaintenance() ? 0 : 1] : geoIp(source) };
    }

    function answerPrivate(path: string, endpoint: Endpoint, request: VenueRequest, trace: Trace): Answer {
      if (inMaintenance()) return refusals.maintenance();
      const caller = auth.prove(request, trace, endpoint.evenDead && set.get("tokenDelOfDead") === "[1]");
      if (!limiter.take(path, `account ${caller.account.id}`)) throw refusals.rateLimit();
      const need = endpoint.needs === "accountNeeds" ? set.get("accountNeeds") : endpoint.needs;
      if (need !== "nothing" && !allows(caller.grants, need)) throw refusals.permission();
      const body = endpoint.answer({ caller, body: parse(request.body), state, clock, switches: set, refusals, auth });
      trace.accepted = true;
      return { status: 200, body };
    }

    /** No body and `{}` mean the same: the official clients for Python and Node send one or the other. */
    function parse(body: Buffer): unknown {
      if (body.length === 0) return {};
      try {
        return JSON.parse(body.toString("utf8"));
      } catch {
        throw refusals.params("body");
      }
    }

    return {
      account() {
        const key = state.keys[0];
        if (!key) throw new Error("bitfinex: the sandbox has no key");
        return { apiKey: key.apiKey, apiSecret: key.apiSecret };
      },
      answer(request, trace) {
        const path = request.path.startsWith(PREFIX) ? request.path.slice(PREFIX.length) : "";
        const endpoint = Object.hasOwn(endpoints, path) ? endpoints[path] : undefined;
        try {
          if (request.method === "GET" && Object.hasOwn(publicLimits, path)) return answerPublic(path, request.source, trace);
          if (request.method === "POST" && endpoint) return answerPrivate(path, endpoint, request, trace);
        } catch (error) {
          if (error instanceof Refusal) return answerOf(error);
          throw error;
        }
        // What an unknown path answers is not documented; the status is what matters here.
        return { status: 404, body: ["error", 10000, "path: unknown"], code: 10000 };
      },
      fail: (failure) => refusals.failure(failure),
      desk: openDesk({ state, clock, switches: set, auth, keys }),
      console: openConsole({ state, pages, clock, switches: set, keys }, inMaintenance),
    };
  },
};

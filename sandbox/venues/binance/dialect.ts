// Binance's /sapi for keys of sub-accounts, and a little of /api/v3, as the documents describe them: puts the parts together and
// takes each request through them in order. Written from those documents alone; what they leave open is in switches.ts.

import type { Answer, Dialect, Trace, VenueRequest } from "../../dialect";
import { Authenticator } from "./auth";
import { Bans } from "./bans";
import { openDesk } from "./desk";
import { API, endpoints, limits, publicEndpoints, SIGNED, type Endpoint } from "./endpoints";
import { answerOf, Refusal, Refusals } from "./errors";
import { Keys } from "./keys";
import { Params } from "./params";
import { initialState, stateSchema, SUB_ACCOUNTS } from "./state";
import { switches, type BinanceSwitches } from "./switches";

/** The first account's managing key, and the e-mail of a sub-account whose keys it manages. */
export type BinanceAccount = {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly subAccount: string;
};

export const binance: Dialect<BinanceSwitches, BinanceAccount> = {
  name: "binance",
  title: "Binance",
  switches,
  limits,
  open({ clock, store, switches: set, limiter, inMaintenance }) {
    const state = store.bind("binance", stateSchema, () => initialState(clock.now()));
    const refusals = new Refusals(set);
    const keys = new Keys(state, clock, set);
    const auth = new Authenticator(state, clock, set, refusals);
    const bans = new Bans(clock, limiter, set, refusals);

    function take(name: string, { weight }: Pick<Endpoint, "weight">, subject: string): void {
      if (limiter.take(name, subject, weight.is)) return;
      throw refusals.rateLimit(limiter.usage(name, subject).freeInMs);
    }

    /** The weight used so far, in the header that each family of endpoints has. */
    function used(name: string, of: Endpoint["weight"]["of"], subject: string): Record<string, string> {
      if (!limiter.all().enabled) return {};
      const header = of === "api" ? "x-mbx-used-weight-1m" : of === "ip" ? "x-sapi-used-ip-weight-1m" : "x-sapi-used-uid-weight-1m";
      return { [header]: String(limiter.usage(of === "api" ? API : name, subject).used) };
    }

    /** Every parameter that the endpoint has, where the switch says that others are refused. */
    function checkNames({ params }: Endpoint, sent: readonly string[]): void {
      if (params === "any" || set.get("unknownParameters") === "ignored") return;
      const known = new Set<string>([...params, ...SIGNED]);
      const read = sent.filter((name) => known.has(name)).length;
      if (read < sent.length) throw refusals.unread(read, sent.length);
    }

    function answerSigned(name: string, endpoint: Endpoint, request: VenueRequest, trace: Trace): Answer {
      const { of } = endpoint.weight;
      let subject = `address ${request.source}`;
      if (of === "api") bans.take(request.source, endpoint.weight.is);
      else if (of === "ip") take(name, endpoint, subject);
      const params = Params.of(request, refusals);
      const caller = auth.prove(request, params, trace);
      if (of === "uid") take(name, endpoint, (subject = `account ${caller.account.uid}`));
      checkNames(endpoint, params.names);
      const headers = used(name, of, subject);
      const body = endpoint.answer({ caller, params, state, keys, clock, switches: set, refusals });
      trace.accepted = true;
      return { status: 200, body, headers };
    }

    function answerPublic(name: string, source: string, trace: Trace): Answer {
      bans.take(source, 1);
      trace.accepted = true;
      return { status: 200, body: publicEndpoints[name]?.(clock), headers: used(name, "api", `address ${source}`) };
    }

    return {
      account() {
        const key = state.keys[0];
        if (!key?.secretKey) throw new Error("binance: the sandbox has no managing key");
        return { apiKey: key.apiKey, apiSecret: key.secretKey, subAccount: SUB_ACCOUNTS[0] };
      },
      answer(request, trace) {
        const name = `${request.method} ${request.path}`;
        keys.lapse();
        try {
          if (inMaintenance()) return refusals.maintenance();
          if (Object.hasOwn(publicEndpoints, name)) return answerPublic(name, request.source, trace);
          const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
          if (endpoint) return answerSigned(name, endpoint, request, trace);
        } catch (error) {
          if (error instanceof Refusal) return answerOf(error);
          throw error;
        }
        // What an unknown path answers is not documented; the status is what matters here.
        return { status: 404, contentType: "text/html", body: "<html><body>Not found</body></html>\n" };
      },
      fail: (failure) => refusals.failure(failure),
      desk: openDesk({ state, clock, switches: set, keys }),
    };
  },
};

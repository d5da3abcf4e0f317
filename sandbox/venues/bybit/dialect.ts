// Bybit v5 as its documents describe it: puts the parts together and takes each request through them in order. Written
// from those documents alone; what they leave open is in switches.ts.

import type { Answer, Dialect, Trace, VenueRequest } from "../../dialect";
import { Authenticator, type Caller } from "./auth";
import { openDesk } from "./desk";
import { BAN_MS, endpoints, limits, PER_ADDRESS, TIME, type Endpoint } from "./endpoints";
import { plain, Refusal, Refusals } from "./errors";
import { Keys, present } from "./keys";
import { has } from "./permissions";
import { initialState, stateSchema } from "./state";
import { switches, type BybitSwitches } from "./switches";

/** The managing key, and the handle (uid) of a sub-account of its master. */
export type BybitAccount = { readonly apiKey: string; readonly apiSecret: string; readonly subAccount: string };

export const bybit: Dialect<BybitSwitches, BybitAccount> = {
  name: "bybit",
  title: "Bybit v5",
  switches,
  limits,
  open({ clock, store, switches: set, limiter, inMaintenance }) {
    const state = store.bind("bybit", stateSchema, () => initialState(clock.now()));
    const refusals = new Refusals(set, clock);
    const keys = new Keys(state, clock, set);
    const auth = new Authenticator(keys, clock, set, refusals);

    /** Whether this address has come too often; with one limit for all endpoints, only that one counts. */
    function isShutOut(source: string): boolean {
      if (!limiter.all().enabled || limiter.all().all !== null) return false;
      if ((state.bans[source] ?? 0) > clock.now()) return true;
      delete state.bans[source];
      if (limiter.take(PER_ADDRESS, source)) return false;
      state.bans[source] = clock.now() + BAN_MS;
      return true;
    }

    function answerTime(trace: Trace): Answer {
      const now = clock.now();
      trace.accepted = true;
      return refusals.success({ timeSecond: String(Math.floor(now / 1_000)), timeNano: `${now}000000` });
    }

    function answerPrivate(endpoint: Endpoint, request: VenueRequest, trace: Trace): Answer {
      const caller = auth.prove(request, trace);
      if (!caller) return refusals.missingAuth();
      const params = paramsOf(request);
      const limit = endpoint.limitOf?.(params) ?? request.path;
      const within = limiter.take(limit, `uid ${caller.account.uid}`);
      const headers = standing(limit, caller);
      try {
        if (!within) throw refusals.rateLimit();
        mustBeAllowed(endpoint, caller);
        const result = endpoint.answer({ caller, params, state, keys, clock, switches: set, refusals });
        trace.accepted = true;
        return { ...refusals.success(result), headers };
      } catch (error) {
        if (error instanceof Refusal) return { ...refusals.answerOf(error), headers };
        throw error;
      }
    }

    /** Source: v5/rate-limit/rate-limit, the header example */
    function standing(limit: string, { account }: Caller): Record<string, string> {
      const { enabled, all, endpoints: each } = limiter.all();
      const most = (all ?? each[limit])?.requests;
      if (!enabled || most === undefined) return {};
      const { used, freeInMs } = limiter.usage(limit, `uid ${account.uid}`);
      return {
        "X-Bapi-Limit": String(most),
        "X-Bapi-Limit-Status": String(most - used),
        // The present time while something is left.
        "X-Bapi-Limit-Reset-Timestamp": String(clock.now() + (used < most ? 0 : freeInMs)),
      };
    }

    function mustBeAllowed(endpoint: Endpoint, { key, account }: Caller): void {
      const { permissions, readOnly } = present(key);
      const isMaster = account.masterUid === null;
      if (endpoint.by === "master" && !isMaster) throw refusals.permission();
      if (!endpoint.managing) return;
      const enough = isMaster ? ["AccountTransfer", "SubMemberTransfer", "Withdraw"] : ["AccountTransfer", "SubMemberTransferList"];
      if (!has(permissions, "Wallet", ...enough)) throw refusals.permission();
      if (readOnly && endpoint.method === "POST" && !set.get("readOnlyManages")) throw refusals.permission();
    }

    function paramsOf(request: VenueRequest): unknown {
      if (request.method === "GET") return Object.fromEntries(request.query);
      if (request.body.length === 0) return {};
      try {
        return JSON.parse(request.body.toString("utf8"));
      } catch {
        throw refusals.params("body");
      }
    }

    function answer(request: VenueRequest, trace: Trace): Answer {
      if (isShutOut(request.source)) return refusals.accessTooFrequent();
      if (inMaintenance()) return refusals.maintenance();
      const { method, path } = request;
      const endpoint = Object.hasOwn(endpoints, path) ? endpoints[path] : undefined;
      const known = path === TIME ? method === "GET" : endpoint?.method === method;
      if (!known) throw refusals.route();
      // Documented among the causes of 403: a GET whose body is an empty JSON object.
      if (method === "GET" && request.body.toString("utf8").replace(/\s/g, "") === "{}") return plain(403, "");
      return endpoint ? answerPrivate(endpoint, request, trace) : answerTime(trace);
    }

    return {
      account() {
        const key = state.keys[0];
        const sub = state.accounts.find((account) => account.masterUid !== null);
        if (!key || !sub) throw new Error("bybit: the sandbox has no key or no sub-account");
        return { apiKey: key.apiKey, apiSecret: key.apiSecret, subAccount: sub.uid };
      },
      answer(request, trace) {
        try {
          return answer(request, trace);
        } catch (error) {
          if (error instanceof Refusal) return refusals.answerOf(error);
          throw error;
        }
      },
      fail: (failure) => refusals.failure(failure),
      desk: openDesk({ state, clock, switches: set, keys }),
    };
  },
};

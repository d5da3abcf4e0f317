// Deribit's JSON-RPC over HTTP, version 2, as its documents describe it: puts the parts together and takes each request
// through them in order. Written from those documents alone; what they leave open is in switches.ts.

import type { Answer, Dialect, Trace, VenueRequest } from "../../dialect";
import { Authenticator } from "./auth";
import { openDesk } from "./desk";
import { COST, limits, methods, POOL, publicMethods } from "./endpoints";
import { Refusal, Refusals } from "./errors";
import { Keyring, newKey } from "./keyring";
import { askedOf, Parameters, type Asked } from "./parameters";
import { allows } from "./scopes";
import { initialState, stateSchema } from "./state";
import { switches, type DeribitSwitches } from "./switches";
import { secondFactor } from "./tfa";

const PREFIX = "/api/v2/";

/** Client id and secret of the main account's managing key, and the id of a sub-account. */
export type DeribitAccount = Readonly<Record<"apiKey" | "apiSecret" | "subAccount", string>>;

export const deribit: Dialect<DeribitSwitches, DeribitAccount> = {
  name: "deribit",
  title: "Deribit API v2",
  switches,
  limits,
  open({ clock, store, switches: set, limiter, inMaintenance }) {
    const now = clock.now();
    const state = store.bind("deribit", stateSchema, () => initialState(now, (fresh, { id }) => newKey(fresh, id, now, {}, null)));
    const refusals = new Refusals(set);
    const keyring = new Keyring(state, clock, set);
    const auth = new Authenticator(state, keyring, clock, set, refusals);
    const parts = { state, clock, switches: set, refusals };

    function pay(subject: string): void {
      if (!limiter.take(POOL, subject, COST)) throw refusals.rateLimit();
    }

    function answerPublic(method: string, asked: Asked, request: VenueRequest, trace: Trace): unknown {
      pay(`address ${request.source}`);
      const result = publicMethods[method]?.({ ...parts, params: new Parameters(asked, set, refusals), auth, request, trace });
      trace.accepted = true;
      return result;
    }

    function answerPrivate(method: string, asked: Asked, request: VenueRequest, trace: Trace): unknown {
      const { needs, params: known, tfa, matching, answer } = methods[method] as (typeof methods)[string];
      const caller = auth.prove(request, trace);
      if (!matching) pay(`account ${caller.account.id}`);
      if (!allows(caller.scope, needs)) throw refusals.permission();
      const params = new Parameters(asked, set, refusals);
      const demand = tfa ? secondFactor(caller.account, method, params, clock, set) : undefined;
      if (demand !== undefined) return demand;
      params.only([...known, ...(tfa ? ["authorization_data", "challenge"] : [])]);
      const result = answer({ ...parts, params, caller, keyring });
      trace.accepted = true;
      return result;
    }

    /** The envelope; times in microseconds. Nothing here takes as long as one that is documented. */
    function wrap(id: unknown, outcome: Readonly<Record<string, unknown>>, code: number | string, status = 200): Answer {
      const usIn = clock.now() * 1_000;
      const times = { usIn, usOut: usIn + 36, usDiff: 36, testnet: set.get("testnet") };
      return { status, body: { jsonrpc: "2.0", ...(id === undefined ? {} : { id }), ...outcome, ...times }, code };
    }

    function refuse(id: unknown, { code, message, data, status }: Refusal): Answer {
      const error = { code, message, ...(data ? { data } : {}) };
      return wrap(id, { error }, code, status ?? set.get("errorStatus"));
    }

    return {
      account() {
        const [key] = state.keys;
        const sub = state.accounts.find(({ mainId }) => mainId !== null && mainId === key?.accountId);
        if (!key || !sub) throw new Error("deribit: the sandbox has no key or no sub-account");
        return { apiKey: key.clientId, apiSecret: key.secret, subAccount: String(sub.id) };
      },
      answer(request, trace) {
        if (!request.path.startsWith(PREFIX)) return { status: 404, body: { error: "no such path" }, code: "404" };
        const method = request.path.slice(PREFIX.length);
        let id: unknown;
        try {
          if (inMaintenance()) throw new Refusal(11051);
          const isPublic = Object.hasOwn(publicMethods, method);
          if (!isPublic && !Object.hasOwn(methods, method)) throw new Refusal(-32601);
          const asked = askedOf(request, method);
          id = asked.id;
          return wrap(id, { result: (isPublic ? answerPublic : answerPrivate)(method, asked, request, trace) }, 0);
        } catch (error) {
          if (error instanceof Refusal) return refuse(id, error);
          throw error;
        }
      },
      fail: (failure) => refuse(undefined, refusals.failure(failure)),
      desk: openDesk({ state, clock, switches: set, auth, keyring }),
    };
  },
};

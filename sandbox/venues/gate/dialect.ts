// Gate's API v4 as its documents describe it: puts the parts together and takes each request through them in order. Written from
// those documents alone; what they leave open is in switches.ts.

import { randomBytes } from "node:crypto";
import type { Answer, Dialect, Trace, VenueRequest } from "../../dialect";
import { Authenticator, type Caller } from "./auth";
import { openDesk } from "./desk";
import { find, limits, type Endpoint, type Found } from "./endpoints";
import { Refusal, Refusals } from "./errors";
import { Keys } from "./keys";
import { parametersOf } from "./parameters";
import { checkAccess, type Area } from "./permissions";
import { initialState, stateSchema } from "./state";
import { switches, type GateSwitches } from "./switches";
import { seconds } from "./wire";

/** The main account's managing key, and the user id of one of its sub-accounts. */
export type GateAccount = Readonly<Record<"apiKey" | "apiSecret" | "subAccount", string>>;

export const gate: Dialect<GateSwitches, GateAccount> = {
  name: "gate",
  title: "Gate API v4",
  switches,
  limits,
  open({ clock, store, switches: set, limiter, inMaintenance }) {
    const state = store.bind("gate", stateSchema, () => initialState(clock.now()));
    const refusals = new Refusals(set);
    const keys = new Keys(state, clock, set);
    const auth = new Authenticator(keys, clock, set);

    function areaOf({ needs }: Endpoint): Area | undefined {
      const area = needs === "managingNeeds" || needs === "accountNeeds" ? set.get(needs) : needs;
      return area === "nothing" ? undefined : area;
    }

    function served({ endpoint, path }: Found, caller: Caller, request: VenueRequest, trace: Trace): Answer {
      const area = areaOf(endpoint);
      if (area) checkAccess(keys.inForce(caller.key).permissions, area, request.method, set);
      const parameters = endpoint.bare ? {} : parametersOf(request);
      const body = endpoint.answer({ caller, path, parameters, state, keys, clock, switches: set });
      trace.accepted = true;
      return { status: endpoint.status, body };
    }

    /** What is left, and since when or from when there is more. Source: docs/gateio, Rate Limit, 2025-11-30. */
    function quota(name: string, subject: string): Record<string, string> {
      const { enabled, all, endpoints } = limiter.all();
      const limit = all ?? endpoints[name];
      if (!enabled || !limit) return {};
      const { used, freeInMs } = limiter.usage(name, subject);
      const left = Math.max(0, limit.requests - used);
      const reset = clock.now() + (left > 0 ? 0 : freeInMs);
      return {
        "X-Gate-RateLimit-Requests-Remain": String(left),
        "X-Gate-RateLimit-Limit": String(limit.requests),
        "X-Gate-RateLimit-Reset-Timestamp": String(set.get("resetUnit") === "seconds" ? seconds(reset) : reset),
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
      const found = find(request.method, request.path);
      if (found === "absent") throw new Refusal("NOT_FOUND");
      if (inMaintenance()) throw new Refusal("TOO_BUSY");
      if (found === "method") throw new Refusal("METHOD_NOT_ALLOWED");
      const caller = auth.prove(request, trace);
      const perMarket = found.endpoint.perMarket && limiter.all().all === null;
      const subject = `user ${caller.account.userId}${perMarket ? ` ${marketOf(request)}` : ""}`;
      const within = limiter.take(found.name, subject);
      const headers = quota(found.name, subject);
      const given = refusable(() => {
        if (!within) throw new Refusal(429);
        return served(found, caller, request, trace);
      });
      return { ...given, headers };
    }

    return {
      account() {
        const [key] = state.keys;
        const sub = state.accounts.find(({ mainId }) => mainId !== null && mainId === key?.userId);
        if (!key || !sub) throw new Error("gate: the sandbox has no key or no sub-account");
        return { apiKey: key.apiKey, apiSecret: key.apiSecret, subAccount: String(sub.userId) };
      },
      answer: (request, trace) => traced(refusable(() => answer(request, trace))),
      fail: (failure) => traced(refusals.failure(failure)),
      desk: openDesk({ state, clock, keys }),
    };
  },
};

/** Every response has an id. Source: docs/gateio, Trace ID, 2025-11-30. */
function traced(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, "X-Gate-Trace-ID": randomBytes(16).toString("hex") } };
}

/** The market of an order that may be no order at all. */
function marketOf(request: VenueRequest): string {
  try {
    return String(parametersOf(request)["currency_pair"]);
  } catch {
    return "";
  }
}

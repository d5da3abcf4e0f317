// Every value of every switch of KuCoin, seen from outside. The last test says when one is forgotten.

import { ask } from "./caller";
import { KEYS, refusalOf, SELF } from "./kucoin-caller";
import { testSwitches, type SwitchCase } from "./switching";
import {
  absent,
  addresses,
  barredAndWrong,
  bed,
  beyond,
  echoed,
  EMPTY,
  endSilent,
  expired,
  formats,
  grantedOf,
  inBed,
  lagging,
  listEmpty,
  listSilent,
  masks,
  noIps,
  notThere,
  ownFields,
  PARAMETER,
  prolonged,
  queries,
  ranged,
  silent,
  spotAlone,
  statuses,
  table,
  twins,
  versions,
  wrongPassphrase,
} from "./kucoin-switch-looks";

inBed();

const cases: readonly SwitchCase[] = [
  ["errorStatus", 200, statuses, "200,200,200,200,200,200,200,200,200"],
  ["errorStatus", "by-kind", statuses, "401,401,401,401,401,403,403,400,415"],
  ["addressFirst", true, barredAndWrong, ["400006", "400006"]],
  ["addressFirst", false, barredAndWrong, ["400005", "400006"]],
  ["versionHeader", "400004", versions, ["400004", "400004", "400004", "400004"]],
  ["versionHeader", "ignored", versions, ["200000", "200000", "400004", "200000"]],
  ["signedQuery", "decoded", queries, ["200000", "400005"]],
  ["signedQuery", "either", queries, ["200000", "200000"]],
  ["notFoundCode", "400100", notThere, ["400100", "400100", "400100", "400100"]],
  ["notFoundCode", "404000", notThere, ["404000", "404000", "404000", "404000"]],
  ["absentListed", "empty", absent, [EMPTY, EMPTY]],
  ["absentListed", "refused", absent, [PARAMETER, PARAMETER]],
  ["keyPassphrase", "400004", wrongPassphrase, ["400004", "400004"]],
  ["keyPassphrase", "400100", wrongPassphrase, ["400100", "400100"]],
  ["permissionOmitted", "General", silent, ["200000", "General", "200000", "General"]],
  ["permissionOmitted", "kept", silent, ["200000", "General,Spot", "200000", "General,Spot"]],
  ["ipWhitelistOmitted", "removed", listSilent, ["200000", []]],
  ["ipWhitelistOmitted", "kept", listSilent, ["200000", ["203.0.113.10"]]],
  ["ipWhitelistEmpty", "removed", listEmpty, ["200000", []]],
  ["ipWhitelistEmpty", "kept", listEmpty, ["200000", ["203.0.113.10"]]],
  ["ipWhitelistEmpty", "400100", listEmpty, ["400100", ["203.0.113.10"]]],
  ["expireOmitted", "-1", endSilent, [true, true]],
  ["expireOmitted", "kept", endSilent, [false, false]],
  ["expireFrom", "update", prolonged, 40],
  ["expireFrom", "creation", prolonged, 30],
  ["createEcho", "without-spot", echoed, ["General,Futures", "General,Futures,Spot"]],
  ["createEcho", "as-granted", echoed, ["General,Futures,Spot", "General,Futures,Spot"]],
  ["beyondAccess", "dropped", beyond, "General,Futures"],
  ["beyondAccess", "400100", beyond, "400100"],
  ["beyondAccess", "granted", beyond, "General,Futures,Spot"],
  ["tradeWord", "400100", () => grantedOf({ permission: "General,Trade" }), "400100"],
  ["tradeWord", "Spot", () => grantedOf({ permission: "General,Trade" }), "General,Spot"],
  ["generalAdded", true, spotAlone, ["General,Spot", "200000", "200000"]],
  ["generalAdded", false, spotAlone, ["Spot", "400007", "200000"]],
  ["ipFormats", "ipv4", formats, [true, false, false, false, false]],
  ["ipFormats", "addresses", addresses, [[true, true, false, false, false], "200000", "400006"]],
  ["ipFormats", "ranges-too", ranged, [[true, true, true, true, false], "200000", "400006"]],
  ["ipMask", "masked", masks, ["203.**.10,198.**.7", "203.**.10,198.**.7", "2001:**:7,203.**.8/29"]],
  ["ipMask", "plain", masks, ["203.0.113.10,198.51.100.7", "203.0.113.10,198.51.100.7", "2001:db8::7,203.0.113.8/29"]],
  ["noIpsShown", "absent", noIps, [undefined, undefined]],
  ["noIpsShown", "empty", noIps, ["", ""]],
  ["remarkUnique", false, twins, ["200000", "200000", "200000"]],
  ["remarkUnique", true, twins, ["200000", "400100", "200000"]],
  ["expiredListed", "listed", expired, [1, "400003", "200000"]],
  ["expiredListed", "gone", expired, [0, "400003", "400100"]],
  [
    "selfFields",
    "documented",
    ownFields,
    [
      [undefined, undefined],
      [undefined, undefined],
    ],
  ],
  [
    "selfFields",
    "newer",
    ownFields,
    [
      ["its end", "global"],
      [null, "global"],
    ],
  ],
  ["listLagSeconds", 0, lagging, ["General", "General,Spot", undefined, undefined]],
  ["listLagSeconds", 2, lagging, [undefined, "General", "General,Spot", undefined]],
];

testSwitches(table, cases, { bed: () => bed });

test("statuses of 429, 404, 405 and 503 are documented, whatever the switch says", async () => {
  for (const errorStatus of [200, "by-kind"]) {
    await bed.switches({ errorStatus });
    await bed.fault(SELF, { kind: "429" });
    expect(refusalOf(await bed.get(SELF)).slice(0, 2)).toEqual([429, "429000"]);
    expect((await bed.get("/nowhere")).status).toBe(404);
    expect((await ask(bed.url, KEYS, { method: "PUT" })).status).toBe(405);
  }
});

// One look at one key, judged: the whole table of observation × address × account × expiry, against rule 4 written once more.

import { excludes, expired, judge, provedVantage, type Circumstances, type Verdict } from "../../provider/core/audit";
import type { Observation } from "../../provider/core/driver";
import { KeyError } from "../../provider/core/errors";
import type { AllowedIps } from "../../provider/core/model";

const HERE = "203.0.113.10";
const THERE = "198.51.100.7";
const NOW = Date.parse("2030-01-01T12:00:00Z");
const PROVED = "2030-01-01T00:00:00.000Z";

const error = (code: "credential-refused" | "unreachable" | "maintenance"): KeyError =>
  new KeyError(code, { venue: "acme", operation: "look", cause: "c", wayOut: "w" });

const OBSERVATIONS: Record<string, Observation> = {
  alive: { alive: { grants: ["w:read"] } },
  "not-found": { absent: { kind: "not-found", error: error("credential-refused") } },
  refusal: { absent: { kind: "refusal", error: error("credential-refused") } },
  unreachable: { unreachable: error("unreachable") },
};
/** Where this run is, as seen from the declared list, and whether the key has answered there. */
const PLACES: Record<string, { vantage: string | undefined; allowedIps: AllowedIps; proved: string | undefined }> = {
  "address unknown, never proved": { vantage: undefined, allowedIps: "anywhere", proved: undefined },
  "address unknown, proved somewhere": { vantage: undefined, allowedIps: { [HERE]: "" }, proved: HERE },
  "listed, never proved": { vantage: HERE, allowedIps: { [HERE]: "" }, proved: undefined },
  "listed, proved elsewhere": { vantage: HERE, allowedIps: "anywhere", proved: THERE },
  "listed, proved here": { vantage: HERE, allowedIps: { [HERE]: "" }, proved: HERE },
  "anywhere, proved here": { vantage: HERE, allowedIps: "anywhere", proved: HERE },
  "excluded, never proved": { vantage: HERE, allowedIps: { [THERE]: "" }, proved: undefined },
  "excluded, proved here before": { vantage: HERE, allowedIps: { [THERE]: "" }, proved: HERE },
};
const ENDS: Record<string, string | undefined> = {
  "no end": undefined,
  "end ahead": "2030-01-01T12:00:00.001Z",
  "end reached": "2030-01-01T12:00:00.000Z",
};

const rows = Object.keys(OBSERVATIONS).flatMap((seen) =>
  Object.keys(PLACES).flatMap((place) =>
    Object.keys(ENDS).flatMap((end) => [true, false].map((answered) => ({ seen, place, end, answered }))),
  ),
);

/** Rule 4, read from the plan and not from the code. */
function expected({ seen, place, end, answered }: (typeof rows)[number]): string {
  if (seen === "alive") return place.startsWith("excluded") ? "alive unbound" : "alive";
  if (end === "end reached") return "dead: expired";
  if (seen === "not-found") return "dead: not-found";
  if (seen === "unreachable") return "unknown: unreachable";
  if (place.startsWith("excluded")) return "barred";
  return place.endsWith(", proved here") && answered ? "dead: refused from a proved vantage" : "unknown: absence-unproved";
}

function short(verdict: Verdict): string {
  if (verdict.is === "alive") return verdict.unbound ? "alive unbound" : "alive";
  if (verdict.is === "dead") return `dead: ${verdict.because}`;
  return verdict.is === "unknown" ? `unknown: ${verdict.error.code}` : verdict.is;
}

function circumstances(row: Pick<(typeof rows)[number], "place" | "end" | "answered">): Circumstances {
  const { vantage, allowedIps, proved } = PLACES[row.place]!;
  const expiresAt = ENDS[row.end];
  const key = {
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(proved === undefined ? {} : { vantage: { address: proved, provedAt: PROVED } }),
  };
  return { operation: 'refresh token "t"', venue: "acme", key, allowedIps, vantage, venueNow: NOW, accountAnswered: row.answered };
}

test.each(rows)("$seen; $place; $end; account answered: $answered", (row) => {
  expect(short(judge(OBSERVATIONS[row.seen]!, circumstances(row)))).toBe(expected(row));
});

test("only from a proved vantage, with the account answering, does a refusal mean death", () => {
  const dead = rows.filter(
    (row) =>
      row.seen === "refusal" && row.end !== "end reached" && short(judge(OBSERVATIONS["refusal"]!, circumstances(row))).startsWith("dead"),
  );
  expect(new Set(dead.map(({ place, answered }) => `${place}, ${answered}`))).toEqual(
    new Set(["listed, proved here, true", "anywhere, proved here, true"]),
  );
});

test("a refused key that the venue said it had revoked is dead, wherever we are; one that answers isn't", () => {
  for (const place of Object.keys(PLACES)) {
    const at = circumstances({ place, end: "end ahead", answered: true });
    const revoked = { ...at, key: { ...at.key, revokedAt: PROVED } };
    expect(judge(OBSERVATIONS["refusal"]!, revoked)).toEqual({ is: "dead", because: "revoked, as the venue said" });
    expect(judge(OBSERVATIONS["alive"]!, revoked).is).toBe("alive");
    expect(judge(OBSERVATIONS["unreachable"]!, revoked).is).toBe("unknown");
  }
});

test("what isn't known says where the key last answered and how to get on", () => {
  const verdict = judge(OBSERVATIONS["refusal"]!, circumstances({ place: "listed, proved elsewhere", end: "end ahead", answered: true }));
  expect(verdict.is === "unknown" && verdict.error.message).toBe(
    'acme: refresh token "t": the venue refuses the key at 203.0.113.10, but the key last answered at 198.51.100.7: that is no proof that it is dead; ' +
      "run from 198.51.100.7, or wait for its end at 2030-01-01T12:00:00.001Z",
  );
});

test.each<[what: string, changes: Partial<Circumstances>, wayOut: string]>([
  [
    "an address that the venue doesn't tell",
    { vantage: undefined },
    "run from 198.51.100.7, and name that address in the account's `egress`",
  ],
  ["a key that was never seen to answer", { key: {} }, "run from an address that may use it"],
  ["an account that doesn't answer", { accountAnswered: false }, "try again when the account's own key answers"],
])("the way out of %s", (_, changes, wayOut) => {
  const at = circumstances({ place: "listed, proved elsewhere", end: "no end", answered: true });
  const verdict = judge(OBSERVATIONS["refusal"]!, { ...at, ...changes });
  expect(verdict.is === "unknown" && verdict.error).toMatchObject({ said: { wayOut } });
});

test.each([
  [{}, false],
  [{ expiresAt: "2030-01-01T12:00:00.000Z" }, true],
  [{ expiresAt: "2030-01-01T12:00:00.001Z" }, false],
])("expired: %j", (key, answer) => expect(expired(key, NOW)).toBe(answer));

test("an address that nobody knows is neither excluded nor proved", () => {
  expect(excludes({ [THERE]: "" }, undefined)).toBe(false);
  expect(provedVantage({ key: { vantage: { address: HERE, provedAt: PROVED } }, vantage: undefined })).toBe(false);
  expect(provedVantage({ key: {}, vantage: undefined })).toBe(false);
});

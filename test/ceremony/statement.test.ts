// Probes' statements: read strictly, kept as files, and weighed: what counts, what doesn't, and what shows a list that is too wide.

import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { Statement } from "../../provider/core/byhand";
import { KeyError } from "../../provider/core/errors";
import { parseStatement, standing, readStatements, statementText, weigh, writeStatement } from "../../provider/ceremony/statement";
import { failure, newFolder, NOW, removeFolders } from "./deposits";

afterEach(removeFolders);

const LISTED = "203.0.113.10";
const ELSEWHERE = "198.51.100.9";
const MINUTE = 60_000;
const about = { venue: "bitfinex", environment: "sandbox", fingerprint: "0123456789abcdef" } as const;
const wanted = { ...about, allowedIps: { [LISTED]: "gateway", "203.0.113.64/26": "" }, now: NOW };

/** So many minutes before NOW. */
function at(minutes: number): string {
  return new Date(NOW - minutes * MINUTE).toISOString();
}

function said(answer: "in" | "refused", address: string, minutes: number, changes: Partial<Statement> = {}): Statement {
  return { ...about, address, answer, at: at(minutes), ...(answer === "in" ? { grants: ["orders:read"] } : {}), ...changes };
}

test("a refusal between two answers from the list counts, and the text says it all", () => {
  const [first, refused, last] = [said("in", LISTED, 12), said("refused", ELSEWHERE, 7), said("in", "203.0.113.65", 2)];
  expect(weigh([last, refused, first], wanted)).toEqual({
    in: [first, last],
    refused: [refused],
    tooWide: [],
    barred: [],
    passedOver: [],
    grants: ["orders:read"],
    at: at(2),
    text: "probed 2030-01-02: in from 203.0.113.10, 203.0.113.65, refused from 198.51.100.9",
  });
});

test("within one second of the venue's clock: the same answer isn't on both sides, another one is", () => {
  const [refused, one, other] = [said("refused", ELSEWHERE, 7), said("in", LISTED, 7), said("in", "203.0.113.65", 7)];
  expect(weigh([one, refused], wanted).refused).toEqual([]);
  expect(weigh([one, refused, other], wanted).refused).toEqual([refused]);
  expect(weigh([one, refused, said("in", LISTED, 2)], wanted).refused).toEqual([refused]);
  const later = { ...one, at: at(7).replace(".000Z", ".003Z") }; // its way took longer
  expect(weigh([later, refused, other], wanted).refused).toEqual([refused]);
});

const unproved: Readonly<Record<string, readonly Statement[]>> = {
  "no answer before it": [said("in", LISTED, 2)],
  "no answer after it": [said("in", LISTED, 12)],
  "no answer at all": [],
  "answers more than 10 minutes apart": [
    said("in", LISTED, 12),
    said("in", LISTED, 2, { at: new Date(NOW - 2 * MINUTE + 1).toISOString() }),
  ],
  "one answer of the same moment": [said("in", LISTED, 7)],
  "an answer from elsewhere after it": [said("in", LISTED, 8), said("in", "192.0.2.1", 6)],
  "an answer of another key after it": [said("in", LISTED, 8), said("in", LISTED, 6, { fingerprint: "f".repeat(16) })],
  "an answer of another environment before it": [said("in", LISTED, 8, { environment: "production" }), said("in", LISTED, 6)],
};

test.each(Object.entries(unproved))("a refusal with %s proves nothing", (_name, others) => {
  const refused = said("refused", ELSEWHERE, 7);
  const evidence = weigh([refused, ...others], wanted);
  expect(evidence.refused).toEqual([]);
  expect(evidence.passedOver).toContain(
    `the refusal from ${ELSEWHERE} at ${at(7)} isn't between two answers from the list at most 10 minutes apart`,
  );
  expect(evidence.text ?? "").not.toContain("refused");
});

test("let in from an address that the declared list excludes: the venue's list is too wide, and no text says otherwise", () => {
  const evidence = weigh([said("in", LISTED, 3), said("in", ELSEWHERE, 2), said("in", ELSEWHERE, 1)], wanted);
  expect(evidence).toMatchObject({ tooWide: [ELSEWHERE], at: at(3) });
  expect(evidence.text).toBeUndefined();
  expect(weigh([said("in", ELSEWHERE, 1)], { ...wanted, allowedIps: "anywhere" })).toMatchObject({
    tooWide: [],
    in: [{ address: ELSEWHERE }],
  });
});

test("refused from an address of the list is told, and is no proof of the list", () => {
  const evidence = weigh([said("in", LISTED, 3), said("refused", "203.0.113.127", 2), said("in", LISTED, 1)], wanted);
  expect(evidence).toMatchObject({ barred: ["203.0.113.127"], refused: [] });
  expect(weigh([said("refused", LISTED, 2)], { ...wanted, allowedIps: "anywhere" }).barred).toEqual([LISTED]);
});

test("evidence lasts for 24 hours, and what is dated more than a minute ahead is none", () => {
  const day = 24 * 60;
  for (const minutes of [day, 0, -1]) expect(weigh([said("in", LISTED, minutes)], wanted).in).toHaveLength(1);
  for (const [minutes, why] of [
    [day + 1 / 60, "is older than 24 hours"],
    [-1 - 1 / 60, "which is still to come"],
  ] as const) {
    const evidence = weigh([said("in", LISTED, minutes)], wanted);
    expect(evidence).toEqual({ in: [], refused: [], tooWide: [], barred: [], passedOver: [expect.stringContaining(why)] });
  }
});

test("other keys' statements are passed over by name", () => {
  for (const changes of [{ venue: "okx" }, { environment: "production" }, { fingerprint: "f".repeat(16) }]) {
    const evidence = weigh([said("in", ELSEWHERE, 1, changes)], wanted);
    const { venue, environment, fingerprint } = { ...about, ...changes };
    expect(evidence.tooWide).toEqual([]);
    expect(evidence.passedOver).toEqual([
      `the one from ${ELSEWHERE} at ${at(1)} is of another key (${venue}, ${environment}, fingerprint ${fingerprint})`,
    ]);
  }
});

test("grants are the newest answer's that names them", () => {
  const { grants: _, ...silent } = said("in", LISTED, 1);
  const statements = [said("in", LISTED, 2, { grants: ["a"] }), said("in", LISTED, 3, { grants: ["b"] }), silent];
  expect(weigh(statements, wanted)).toMatchObject({ grants: ["a"], at: at(2) });
});

const any = fc.record({
  answer: fc.constantFrom("in", "refused"),
  address: fc.constantFrom(LISTED, ELSEWHERE, "192.0.2.7", "203.0.113.70"),
  minutes: fc.integer({ min: -3, max: 30 }),
  fingerprint: fc.constantFrom(about.fingerprint, about.fingerprint, "f".repeat(16)),
});

test("order never matters, and every statement is counted once or passed over", () => {
  fc.assert(
    fc.property(fc.array(any, { maxLength: 8 }), (drawn) => {
      const statements = drawn.map(({ answer, address, minutes, fingerprint }) => said(answer as "in", address, minutes, { fingerprint }));
      const evidence = weigh(statements, wanted);
      const turned = weigh([...statements].reverse(), wanted);
      expect(new Set(turned.refused)).toEqual(new Set(evidence.refused));
      expect(new Set(turned.tooWide)).toEqual(new Set(evidence.tooWide));
      expect(turned.at).toBe(evidence.at);
      const told = statements.filter(({ answer, address, fingerprint }) => {
        const listed = address === LISTED || address === "203.0.113.70";
        return (
          fingerprint === about.fingerprint &&
          (listed ? evidence.barred : evidence.tooWide).includes(address) &&
          (answer === "in") !== listed
        );
      });
      expect(evidence.in.length + evidence.refused.length + evidence.passedOver.length + told.length).toBeGreaterThanOrEqual(
        statements.length,
      );
      for (const refused of evidence.refused) {
        const away = (one: Statement): number => Math.floor(Date.parse(one.at) / 1_000) - Math.floor(Date.parse(refused.at) / 1_000);
        const apart = (one: Statement, other: Statement): number => Date.parse(other.at) - Date.parse(one.at);
        const others = (one: Statement): readonly Statement[] => evidence.in.filter((other) => other !== one && away(other) >= 0);
        const pairs = evidence.in.filter((one) => away(one) <= 0).flatMap((one) => others(one).map((other) => apart(one, other)));
        const nearest = Math.min(...pairs);
        expect(nearest).toBeLessThanOrEqual(10 * MINUTE);
      }
    }),
  );
});

test("standing: not from before the list was set, and not let in where it was refused later", () => {
  const early = said("in", LISTED, 9);
  const wide = said("in", ELSEWHERE, 7);
  const shut = said("refused", ELSEWHERE, 5);
  const barred = said("refused", LISTED, 3);
  const all = [early, wide, shut, barred];
  expect(standing([early, wide], wanted.allowedIps)).toEqual([early, wide]);
  expect(standing(all, wanted.allowedIps)).toEqual([early, shut, barred]);
  expect(standing([shut, said("in", ELSEWHERE, 4)], wanted.allowedIps)).toHaveLength(2);
  expect(standing([wide, { ...shut, fingerprint: "f".repeat(16) }], wanted.allowedIps)).toHaveLength(2);
  expect(standing(all, wanted.allowedIps, at(7))).toEqual([shut, barred]);
});

test("a statement is read as it was written, and nothing else is", () => {
  for (const statement of [said("in", LISTED, 1), said("refused", "2001:db8::1", 1)]) {
    expect(parseStatement(` ${statementText(statement)}\n`)).toEqual(statement);
  }
  const good = { version: 1, ...said("in", LISTED, 1) };
  const bad: readonly unknown[] = [
    {},
    [],
    null,
    "sandbox-secret",
    { ...good, version: 2 },
    { ...good, answer: "maybe" },
    { ...good, address: "203.0.113.0/24" },
    { ...good, address: "gateway" },
    { ...good, fingerprint: "sandbox-secret" },
    { ...good, at: "yesterday" },
    { ...good, "sandbox-secret": 1 },
    { ...good, answer: "refused" },
  ];
  for (const text of [...bad.map((value) => JSON.stringify(value)), "", "sandbox-secret", '{"version":1,"sandbox-secret"']) {
    let error: unknown;
    try {
      parseStatement(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(KeyError);
    expect((error as KeyError).message).toContain("isn't what a statement holds; run exchange-keys probe again");
    expect((error as KeyError).message).not.toContain("sandbox-secret");
  }
});

test("statements as files: their owner's alone, and a bad one hides no other", async () => {
  const folder = join(newFolder(), "deposits");
  expect(await readStatements(folder)).toEqual({ statements: [], unreadable: [] });
  const given = [said("in", LISTED, 3), said("refused", ELSEWHERE, 2), said("in", LISTED, 1)];
  for (const one of given) await writeStatement(folder, one);
  const files = readdirSync(folder);
  expect(files).toHaveLength(3);
  for (const file of files) {
    expect(file).toMatch(/^probe-0123456789abcdef-20300102T1[12]\d{7}Z-[0-9a-f]{8}\.json$/);
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  }
  expect(await writeStatement(join(folder, "named.json"), given[0]!)).toBe(join(folder, "named.json"));
  writeFileSync(join(folder, "probe-bad.json"), "sandbox-secret");
  writeFileSync(join(folder, "probe-large.json"), " ".repeat(70_000));
  mkdirSync(join(folder, "probe-folder.json"));
  symlinkSync("nowhere", join(folder, "probe-dangling.json"));
  const { statements, unreadable } = await readStatements(folder);
  expect(statements).toEqual(given);
  expect(unreadable.map(({ file, why }) => [file.slice(folder.length + 1), why])).toEqual([
    ["probe-bad.json", "the text isn't what a statement holds"],
    ["probe-dangling.json", "it can't be read (ENOENT)"],
    ["probe-folder.json", "it isn't a file"],
    ["probe-large.json", "it is larger than 64 kB"],
  ]);
});

test("a place that can't be read or written is an error that says why", async () => {
  const folder = newFolder();
  writeFileSync(join(folder, "file"), "");
  expect((await failure(readStatements(join(folder, "file")))).message).toContain("can't be read (ENOTDIR)");
  expect((await failure(writeStatement(join(folder, "file"), said("in", LISTED, 1)))).message).toMatch(
    /can't be written \((EEXIST|ENOTDIR)\)/,
  );
});

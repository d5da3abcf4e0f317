// Errors: the form of their messages, the catalogue behind their codes, and how one operation tells another's error.

import { inspect } from "node:util";
import { CATALOGUE, during, KeyError, type ErrorCode } from "../../provider/core/errors";
import { Secret } from "../../provider/core/secret";

const said = { venue: "okx", operation: 'set IP list of "hedge"', cause: "21 addresses, the venue allows 20", wayOut: "split the key" };
const codes = Object.keys(CATALOGUE) as ErrorCode[];

test("a message says venue, operation, cause and way out", () => {
  expect(new KeyError("input", said).message).toBe('okx: set IP list of "hedge": 21 addresses, the venue allows 20; split the key');
});

test("without a venue it begins with the package's name", () => {
  const { venue: _, ...rest } = said;
  expect(new KeyError("configuration", rest).message).toBe(
    'exchange-keys: set IP list of "hedge": 21 addresses, the venue allows 20; split the key',
  );
});

test.each(codes)("%s: the error has the code, and the branch of its row", (code) => {
  const error = new KeyError(code, said);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: "KeyError", code, branch: CATALOGUE[code].branch, said, transient: false });
  expect(error.retryAfterMs).toBeUndefined();
  expect(error.venueCode).toBeUndefined();
});

test.each(codes)("%s: the row is one that a page can print", (code) => {
  expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(["refused", "unknown", "invalid"]).toContain(CATALOGUE[code].branch);
  expect(CATALOGUE[code].meaning).toMatch(/^[A-Z][^\n|]*\.$/);
});

test("no two rows mean the same", () => {
  expect(new Set(codes.map((code) => CATALOGUE[code].meaning)).size).toBe(codes.length);
});

test("options are kept", () => {
  const error = new KeyError("rate-limited", said, { transient: true, retryAfterMs: 1500, venueCode: "11010" });
  expect(error).toMatchObject({ transient: true, retryAfterMs: 1500, venueCode: "11010" });
});

test("a secret in a message is masked", () => {
  const error = new KeyError("credential-refused", { ...said, cause: `the venue refuses ${new Secret("sandbox-5up3r")}` });
  expect(error.message).toContain("the venue refuses ***;");
  expect(inspect(error, { showHidden: true, depth: null })).not.toContain("5up3r");
});

describe("during", () => {
  const inner = new KeyError("rate-limited", said, { transient: true, retryAfterMs: 1500, venueCode: "11010" });

  test("puts the operation in front and keeps all else", () => {
    const outer = during('update API key "hedge"', inner);
    expect(outer.message).toBe('okx: update API key "hedge": set IP list of "hedge": 21 addresses, the venue allows 20; split the key');
    expect(outer).toMatchObject({ code: "rate-limited", branch: "refused", transient: true, retryAfterMs: 1500, venueCode: "11010" });
    expect(outer).not.toBe(inner);
  });

  test("may give another code, with its branch, and another way out", () => {
    const outer = during("revoke", inner, "not-revoked", "run it again");
    expect(outer).toMatchObject({ code: "not-revoked", branch: "unknown", transient: true, retryAfterMs: 1500, venueCode: "11010" });
    expect(outer.message).toMatch(/^okx: revoke: .*; run it again$/);
  });

  test("leaves the first error as it was", () => {
    during("revoke", inner, "not-revoked", "run it again");
    expect(inner).toMatchObject({ code: "rate-limited", said });
  });

  test("adds no option that wasn't there", () => {
    const outer = during("revoke", new KeyError("input", said));
    expect(outer).toMatchObject({ transient: false, retryAfterMs: undefined, venueCode: undefined });
  });

  test.each([[new TypeError("x is undefined")], ["text"], [undefined]])("throws on what isn't a KeyError: %p", (error) => {
    let thrown: unknown = "nothing";
    try {
      during("revoke", error);
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBe(error);
  });
});

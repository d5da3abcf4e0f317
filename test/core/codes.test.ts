// A key's look at itself: which refusals may be its absence, and what is a fault of the program.

import { observe } from "../../provider/core/codes";
import { KeyError, type ErrorCode } from "../../provider/core/errors";

const failing = (code: ErrorCode) => new KeyError(code, { venue: "acme", operation: "look", cause: "no", wayOut: "none" });

test("what is seen is alive", async () => {
  expect(await observe(["credential-refused"], () => Promise.resolve({ grants: ["read"] }))).toEqual({ alive: { grants: ["read"] } });
});

test.each<[ErrorCode, "absent" | "unreachable"]>([
  ["credential-refused", "absent"],
  ["address-refused", "absent"],
  ["signature-refused", "unreachable"],
  ["broken-answer", "unreachable"],
])("%s is %s", async (code, is) => {
  const error = failing(code);
  const seen = await observe(["credential-refused", "address-refused"], () => Promise.reject(error));
  expect(seen).toEqual(is === "absent" ? { absent: { kind: "refusal", error } } : { unreachable: error });
});

test("a fault of the program is no observation", async () => {
  const fault = new TypeError("nothing there");
  await expect(observe(["credential-refused"], () => Promise.reject(fault))).rejects.toBe(fault);
});

// Signatures against vectors that were computed elsewhere.

import { Secret } from "../../provider/core/secret";
import { digest, hmac } from "../../provider/http/signing";

const secret = new Secret("test_secret");

test.each([
  [
    "/api/v2/auth/r/permissions1700000000000000{}",
    "cb94fc37757c4bb9a745e42bd40033e792e10f25efcd77c84377869e85cce4b3d0b23e65f7a65635c334f1968ee3c7e4",
  ],
  [
    '/api/v2/auth/w/token1700000000000000{"scope":"api","ttl":120,"caps":["a"],"writePermission":false}',
    "1bf3b2efbfcfac0ec93680cea119d8329d11b58b5823a7e33d5efd7d030f2e6d022fd9f565b25fa2f990afa6d8af64e3",
  ],
])("Bitfinex's recipe: %s", (message, signature) => {
  expect(hmac("sha384", secret, message, "hex")).toBe(signature);
  expect(hmac("sha384", secret, Buffer.from(message), "base64")).toBe(Buffer.from(signature, "hex").toString("base64"));
});

// RFC 4231, test case 2.
test.each([
  ["sha256", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"],
  [
    "sha512",
    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
  ],
] as const)("RFC 4231 for %s", (algorithm, signature) => {
  expect(hmac(algorithm, new Secret("Jefe"), "what do ya want for nothing?", "hex")).toBe(signature);
});

test("a string is signed as UTF-8, a Buffer as it stands", () => {
  expect(hmac("sha256", secret, "ü", "hex")).toBe(hmac("sha256", secret, Buffer.from([0xc3, 0xbc]), "hex"));
  expect(hmac("sha256", secret, Buffer.from([0xfc]), "hex")).not.toBe(hmac("sha256", secret, "ü", "hex"));
});

test("a digest is lower-case hex: of nothing, as Gate's documents have it, and of UTF-8 bytes", () => {
  expect(digest("sha512", "")).toBe(
    "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
  );
  expect(digest("sha256", "abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

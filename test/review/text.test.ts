// A document gathered in pieces is the document, but for the texts of serialized providers; wherever it is cut.

import fc from "fast-check";
import { gathered } from "../../provider/preview/text";

const without = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (name, member: unknown) => (name === "__provider" && typeof member === "string" ? "" : member));

/** Pieces of so many bytes. */
function* cut(text: string, size: number): Iterable<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const tricky = fc.constantFrom(
  '"__provider": "x"',
  '\\"__provider\\": "',
  "__provider",
  '"__provider"',
  "\\",
  '\\\\"',
  "é\u2028😀",
  "}",
  "",
);
const members = fc.dictionary(
  fc.oneof(fc.constantFrom("__provider", "a"), tricky),
  fc.oneof(tricky, fc.string(), fc.integer(), fc.constant(null), fc.array(tricky)),
);
const documents = fc.array(fc.dictionary(fc.constantFrom("inputs", "outputs", "__provider"), fc.oneof(members, tricky)));

test("law: any document, cut anywhere", async () => {
  await fc.assert(
    fc.asyncProperty(documents, fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 4), async (document, size, indent) => {
      const text = await gathered(cut(JSON.stringify(document, undefined, indent), size));
      expect(JSON.parse(text)).toEqual(without(document));
    }),
    { numRuns: 500 },
  );
});

test("what is no JSON stays none", async () => {
  for (const text of ["", "{", '{"__provider": "cut', "<html>"]) expect(await gathered(cut(text, 3))).toBe(text);
});

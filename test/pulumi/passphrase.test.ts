// Passphrases that are drawn: by the venue's rule, within its length, never the same twice.

import fc from "fast-check";
import { drawPassphrase } from "../../provider/pulumi/mark";

const rules = fc.record({ length: fc.integer({ min: 16, max: 32 }), special: fc.constantFrom("", "!", "!_") });

test.each(["", "sandbox-"])("with %j before it", (prefix) => {
  fc.assert(
    fc.property(rules, (rule) => {
      const text = drawPassphrase(rule, prefix).reveal();
      expect(text).toHaveLength(rule.length);
      expect(text.startsWith(prefix)).toBe(true);
      const own = text.slice(prefix.length);
      for (const needed of [/[A-Z]/, /[a-z]/, /\d/, ...[...rule.special].map((character) => new RegExp(`^.+\\${character}`))]) {
        expect(own).toMatch(needed);
      }
      expect(drawPassphrase(rule, prefix).reveal()).not.toBe(text);
    }),
  );
});

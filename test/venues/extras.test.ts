// Inputs that only one kind of key has: whoever writes one wrongly is told what is wanted.

import { VENUES } from "../../provider/venues/registry";

const extras = Object.values(VENUES).flatMap((entry) => {
  const { id, kinds } = entry.manifest();
  return Object.entries(kinds).flatMap(([kind, { extras: own }]) =>
    Object.entries(own).map(([name, schema]) => ({ id, kind, name, schema })),
  );
});

test.each(extras)("$id $kind $name says what it takes, with an example", ({ schema }) => {
  expect(schema.description).toMatch(/^(give|say) .*("|true|\[)/);
});

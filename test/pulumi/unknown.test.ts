// Unknown values in a preview: at every input, by itself, nested and all together, for a new resource and for one that is there. They are
// stepped over and carried as they are, never judged, never read as empty, and never compared as equal.

import { UNKNOWN } from "../../provider/pulumi/unknown";
import type { ProviderProcess } from "./process";
import type { Properties } from "./program";
import { refusal, Stage } from "./stage";

let stage: Stage;
let provider: ProviderProcess;
let recorded: Properties;
beforeAll(async () => {
  stage = await Stage.open();
  provider = await stage.start();
  recorded = (await provider.check({ ...stage.inputs, holder: "desk", rotation: { every: "12h" } })).inputs;
});
afterAll(async () => {
  expect(await stage.requests()).toEqual([]);
  await stage.settle();
  await stage.close();
});

const canonical = {
  account: "main",
  permissions: { account: "read", wallets: "read" },
  powers: { read: "account:read wallets:read" },
  allowedIps: "anywhere",
  lifetime: "1d",
  rotation: { every: "12h", overlap: "1h" },
  alive: true,
};

/** Each input that a program can give, unknown as a whole or in part; and what else can't be known then. */
const cases: [what: string, given: Properties, follows: Properties][] = [
  ["account", { account: UNKNOWN }, {}],
  ["permissions", { permissions: UNKNOWN }, { powers: UNKNOWN }],
  ["one permission", { permissions: { account: UNKNOWN, wallets: "read" } }, { powers: UNKNOWN }],
  ["allowedIps", { allowedIps: UNKNOWN }, {}],
  ["one address of a list", { allowedIps: [UNKNOWN] }, {}],
  ["an address beside another", { allowedIps: ["203.0.113.10", UNKNOWN] }, {}],
  ["the purpose of an address", { allowedIps: { "203.0.113.10": UNKNOWN } }, {}],
  ["an address in a map", { allowedIps: { [UNKNOWN]: "gateway" } }, {}],
  ["lifetime", { lifetime: UNKNOWN }, { rotation: { every: "12h", overlap: UNKNOWN } }],
  ["rotation", { rotation: UNKNOWN }, {}],
  ["rotation.every", { rotation: { every: UNKNOWN } }, {}],
  ["rotation.overlap", { rotation: { every: "12h", overlap: UNKNOWN } }, {}],
  ["reissue", { reissue: UNKNOWN }, {}],
  ["strict", { strict: UNKNOWN }, {}],
  ["holder", { holder: UNKNOWN }, {}],
  ["purpose", { purpose: UNKNOWN }, {}],
  ["approval", { approval: UNKNOWN }, {}],
  ["acknowledge", { acknowledge: UNKNOWN }, {}],
];
const all = Object.assign({}, ...cases.map(([, given]) => given)) as Properties;
cases.push(["all of them", { ...all, permissions: UNKNOWN, allowedIps: UNKNOWN, rotation: UNKNOWN }, { powers: UNKNOWN }]);

async function previewed(given: Properties, olds: Properties): Promise<Properties> {
  const { inputs, failures } = await provider.check({ ...stage.inputs, rotation: { every: "12h" }, ...given }, olds);
  expect(failures).toEqual([]);
  return inputs;
}

test.each(cases)("%s: of a new resource", async (_, given, follows) => {
  const inputs = await previewed(given, {});
  expect(inputs).toMatchObject({ ...canonical, ...given, ...follows, generation: 1, reason: "first", keepUntil: {} });
});

test.each(cases)("%s: of one that is there", async (_, given, follows) => {
  const inputs = await previewed({ holder: "desk", ...given }, recorded);
  expect(inputs).toMatchObject({ ...canonical, ...given, ...follows });
  expect((await provider.diff("id", recorded, inputs)).changes).toBe(true);
});

test("what is known beside it is still judged", async () => {
  const { failures } = await provider.check({ ...stage.inputs, permissions: UNKNOWN, allowedIps: [], lifetime: "9d" });
  expect(failures.map(({ property }) => property)).toEqual(["allowedIps", "lifetime"]);
});

test("an unknown that turns out empty is refused", async () => {
  const preview = await provider.check({ ...stage.inputs, allowedIps: UNKNOWN, permissions: UNKNOWN });
  expect(preview.failures).toEqual([]);
  for (const nothing of [[], {}, "", null, undefined]) {
    const { failures } = await provider.check({ ...stage.inputs, allowedIps: nothing, permissions: nothing });
    expect(failures.map(({ property }) => property)).toEqual(["permissions", "allowedIps"]);
  }
});

test("an unknown that turns out as it was changes nothing", async () => {
  await previewed({ holder: "desk", permissions: UNKNOWN, lifetime: UNKNOWN }, recorded);
  expect(await previewed({ holder: "desk" }, recorded)).toEqual(recorded);
});

test("a sentinel that reaches create is refused before any request", async () => {
  const { message } = await refusal(provider.create({ ...recorded, allowedIps: { [UNKNOWN]: "" } }));
  expect(message).toBe(
    'bitfinex (sandbox): create token "report": an input isn\'t known yet, and nothing unknown is ever sent to a venue; ' +
      "run `pulumi up` again once it is known",
  );
});

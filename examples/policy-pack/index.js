// What keys may be, in every stack that runs with `--policy-pack`. In JavaScript, with its types checked by `tsc -p jsconfig.json`: nothing is compiled when it starts.

/** @type {typeof import("@pulumi/policy")} */
const { PolicyPack } = installed(() => require("@pulumi/policy"));
/** @type {typeof import("pulumi-exchange-keys/policy")} */
const { keyPolicies, keyRule } = installed(() => require("pulumi-exchange-keys/policy"));

// A rule of your own, on powers: at every venue alike.
const noLend = keyRule("no-lend", (key, report) => {
  if (key.powers.lend) report(`it can lend (${key.powers.lend}); leave that permission out`);
});

const production = { match: ["production"] };
const elsewhere = { match: ["*"], enforcementLevel: "advisory" };

const policies = keyPolicies(
  {
    // "payout" alone may withdraw, once its approval names a ticket of the treasury.
    "no-withdraw": { keys: ["payout"], approval: "^TREASURY-\\d+$" },
    "ips-within": { ipv4: 28, ipv6: 64 },
    "lifetime-at-most": { atMost: "30d" },
    // Told everywhere, and in production a failure.
    "rotation-declared": { atMost: "30d", stacks: [{ ...production, enforcementLevel: "mandatory" }] },
    "holder-and-purpose": { stacks: [{ ...production, enforcementLevel: "mandatory" }] },
    "allowed-environments": { stacks: [{ ...production, environments: ["production"] }] },
    "keys-per-account": { atMost: 20, stacks: [production, elsewhere] },
  },
  [noLend],
);

new PolicyPack("exchange-keys", { policies });

/** What `load` loads, or one clear sentence. @template T @param {() => T} load @returns {T} */
function installed(load) {
  try {
    return load();
  } catch (error) {
    const missing = /Cannot find module '([^']+)'/.exec(String(error))?.[1];
    if (missing === undefined) throw error;
    console.error(`The policy pack in ${__dirname} lacks ${missing}: run \`npm install\` there.`);
    return process.exit(1);
  }
}

// The stack's configuration, wrong in every way: `check` names the path of the mistake and the way out, and repeats no value.

import type { ProviderProcess } from "./process";
import type { Properties } from "./program";
import { refusal, Stage } from "./stage";

let stage: Stage;
let provider: ProviderProcess;
beforeAll(async () => {
  stage = await Stage.open();
  provider = await stage.start();
});
afterAll(async () => {
  expect(await stage.requests()).toEqual([]);
  await stage.settle();
  await stage.close();
});

let texts = 0;

/** Another text of the provider is another object in the process, which is configured anew. */
async function told(config: Readonly<Record<string, string>>): Promise<string[]> {
  await provider.configure(config);
  const { failures } = await provider.check({ ...stage.inputs, __provider: stage.inputs.__provider + " ".repeat(++texts) });
  return failures.map(({ property, reason }) => `${property}: ${reason}`);
}

const path = "exchange-keys:accounts";
const SEE = "see docs/configuration.md";
const wrong = (where: string, cause: string): string[] => [`account: bitfinex: ${where} ${cause}; ${SEE}`];

test("a right one is taken", async () => {
  expect(await told(stage.config())).toEqual([]);
});

test.each<[what: string, changes: Properties, where: string, cause: string]>([
  ["an unknown member", { colour: "red" }, "", "has members that don't exist: colour"],
  ["a misspelt secret", { apiSecrt: "secret-of-this-test" }, "", "has members that don't exist: apiSecrt"],
  ["a URL", { url: "http://127.0.0.1:1" }, "", "has members that don't exist: url"],
  ["no venue", { venue: undefined }, ".venue", "is missing or has the wrong type; string is expected"],
  ["an empty venue", { venue: "" }, ".venue", "is empty or too small"],
  ["no environment", { environment: undefined }, ".environment", "is missing or has the wrong type; string is expected"],
  ["a secret that is no text", { apiSecret: 7_531_902_468 }, ".apiSecret", "is missing or has the wrong type; string is expected"],
  ["an empty secret", { apiSecret: "" }, ".apiSecret", "is empty or too small"],
  ["no address", { address: undefined }, ".address", "is missing; a sandbox account names the sandbox's address, such as 127.0.0.1:41001"],
  [
    "a name as address",
    { address: "localhost:41001" },
    ".address",
    "isn't a literal loopback address with a port, such as 127.0.0.1:41001",
  ],
  [
    "an address elsewhere",
    { address: "203.0.113.1:443" },
    ".address",
    "isn't a literal loopback address with a port, such as 127.0.0.1:41001",
  ],
  [
    "an address with a path",
    { address: "127.0.0.1:1/x" },
    ".address",
    "isn't a literal loopback address with a port, such as 127.0.0.1:41001",
  ],
  ["a source address elsewhere", { sourceAddress: "10.0.0.1" }, ".sourceAddress", "isn't an address of 127.0.0.0/8"],
  [
    "an address in production",
    { environment: "production" },
    ".address",
    'belongs to environment "sandbox" alone; other environments have fixed hosts',
  ],
  ["egress that is no address", { egress: ["fra1"] }, ".egress.0", "isn't an IP address"],
  ["egress without any", { egress: [] }, ".egress", "an empty list names no address; leave it out"],
  [
    "a ceiling of other powers",
    { ceiling: { powers: ["all"] } },
    ".ceiling.powers.0",
    "is none of read, trade, lend, transfer, withdraw, administer, unknown",
  ],
  ["a ceiling within nothing", { ceiling: { within: [] } }, ".ceiling.within", "an empty list allows nothing; leave it out for no limit"],
  [
    "a ceiling with host bits",
    { ceiling: { within: ["203.0.113.10/24"] } },
    ".ceiling.within.0",
    "isn't a range such as 203.0.113.0/24, without host bits",
  ],
  ["a ceiling of half a key", { ceiling: { maxKeys: 1.5 } }, ".ceiling.maxKeys", "is missing or has the wrong type; int is expected"],
  ["a stranger in the ceiling", { ceiling: { maxKey: 1 } }, ".ceiling", "has members that don't exist: maxKey"],
  ["a stranger in the observer", { observer: { apiKeys: "secret-of-this-test" } }, ".observer", "has members that don't exist: apiKeys"],
  ["another unit of nonces", { nonceUnit: "s" }, ".nonceUnit", "is none of ms, us"],
  ["an account id of another kind", { accountId: true }, ".accountId", "has an unexpected form"],
])("%s", async (_, changes, where, cause) => {
  stage.secrets.add("secret-of-this-test").add("7531902468");
  const failures = await told(stage.config({ main: stage.account(changes) }));
  expect(failures).toEqual(wrong(`${path}.main${where}`, cause));
  for (const secret of ["secret-of-this-test", "7531902468", ...Object.values(stage.bed.account)])
    expect(failures[0]).not.toContain(secret);
});

test("accounts that aren't JSON", async () => {
  const text = `{"main": {"apiSecret": "${stage.bed.account.apiSecret}"`;
  const cause = "isn't JSON; set its members with `pulumi config set --path exchange-keys:accounts.<alias>.<member> <value>`";
  expect(await told({ [path]: text })).toEqual(wrong(path, cause));
});

test.each([
  ["a list", "[]", path, "record"],
  ["a text", '"main"', path, "record"],
  ["an account that is a text", '{"main":"x"}', `${path}.main`, "object"],
])("accounts that are %s", async (_, text, where, expected) => {
  expect(await told({ [path]: text })).toEqual(wrong(where, `is missing or has the wrong type; ${expected} is expected`));
});

test.each<[name: string, value: string, cause: string]>([
  [
    "account",
    "{}",
    "is not a setting; those are exchange-keys:accounts, exchange-keys:journal, exchange-keys:renew, exchange-keys:ceremony, exchange-keys:ceremonyTimeout, exchange-keys:depositRecipient, exchange-keys:recovery, exchange-keys:approved, exchange-keys:testClock",
  ],
  ["renew", "never", 'is neither "due" nor "none"'],
  ["journal", "", "is empty or not a text"],
  ["testClock", "http://example.com:80", "isn't the address of a sandbox's control, such as http://127.0.0.1:41000"],
  ["testClock", "https://127.0.0.1:41000", "isn't the address of a sandbox's control, such as http://127.0.0.1:41000"],
])("exchange-keys:%s = %j", async (name, value, cause) => {
  expect(await told(stage.config({ main: stage.account() }, { [name]: value }))).toEqual(wrong(`exchange-keys:${name}`, cause));
});

const RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
// Of nobody: made for this test.
const IDENTITY = "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ";
const RECOVERY = "exchange-keys:recovery";

test.each<[what: string, value: unknown, where: string, cause: string]>([
  ["no recipient", { identityFile: "id.txt" }, ".recipient", "is missing or has the wrong type; string is expected"],
  ["a stranger", { recipient: RECIPIENT, identity: "secret-of-this-test" }, "", "has members that don't exist: identity"],
  ["nothing but a text", RECIPIENT, "", "is missing or has the wrong type; object is expected"],
  [
    "a recipient with a letter too many",
    { recipient: `${RECIPIENT}q` },
    ".recipient",
    "isn't an age recipient; give the line that begins with age1, as age-keygen prints it",
  ],
  [
    "an identity as recipient",
    { recipient: IDENTITY },
    ".recipient",
    "holds an identity, which is secret: make a new pair, and give its recipient, age1…, alone",
  ],
  [
    "an identity as file",
    { recipient: RECIPIENT, identityFile: ` ${IDENTITY}` },
    ".identityFile",
    "holds an identity itself: make a new pair, since this one was shown, and give the path of its file",
  ],
  ["an empty path", { recipient: RECIPIENT, identityFile: "" }, ".identityFile", "is empty or too small"],
])("a recovery with %s", async (_, value, where, cause) => {
  stage.secrets.add("secret-of-this-test").add(IDENTITY);
  const failures = await told(stage.config({ main: stage.account() }, { recovery: JSON.stringify(value) }));
  expect(failures).toEqual(wrong(`${RECOVERY}${where}`, cause));
  for (const secret of ["secret-of-this-test", IDENTITY]) expect(failures[0]).not.toContain(secret);
});

test("a recovery that isn't JSON", async () => {
  const cause = "isn't JSON; set its members with `pulumi config set --path exchange-keys:recovery.<member> <value>`";
  expect(await told(stage.config({ main: stage.account() }, { recovery: RECIPIENT }))).toEqual(wrong(RECOVERY, cause));
});

test("a recovery is taken, and its file isn't looked at", async () => {
  const recovery = JSON.stringify({ recipient: ` ${RECIPIENT}\n`, identityFile: "no-such-file" });
  expect(await told(stage.config({ main: stage.account() }, { recovery }))).toEqual([]);
});

test("the test clock is refused beside an account that isn't a sandbox's", async () => {
  const real = { venue: "bitfinex", environment: "production", apiKeyEnv: "A", apiSecretEnv: "B" };
  const config = stage.config({ main: stage.account(), real }, { testClock: stage.bed.sandbox.control.url });
  const cause = "moves the clock of tests, but account real isn't a sandbox's";
  expect(await told(config)).toEqual(wrong("exchange-keys:testClock", cause));
});

test("an environment that the venue doesn't have", async () => {
  const config = stage.config({ main: { venue: "bitfinex", environment: "testnet", apiKeyEnv: "A", apiSecretEnv: "B" } });
  expect(await told(config)).toEqual(wrong(`${path}.main.environment`, "is none of production, sandbox"));
});

test("settings of other namespaces are nobody's business here", async () => {
  expect(await told({ ...stage.config(), "aws:region": "eu-central-1", "fleet:accounts": "none" })).toEqual([]);
});

test("a wrong configuration stops every other operation too, with the same words", async () => {
  const broken = await stage.start(stage.config({ main: stage.account({ colour: "red" }) }));
  const { inputs } = await (await stage.start()).check(stage.inputs);
  const message = `exchange-keys: read the configuration: ${path}.main has members that don't exist: colour; ${SEE}`;
  for (const asked of [
    broken.create(inputs),
    broken.read("id", inputs),
    broken.update("id", inputs, inputs),
    broken.delete("id", inputs),
  ]) {
    expect((await refusal(asked)).message).toBe(message);
  }
});

test("configure is synchronous: the first questions, asked at once, all see the configuration", async () => {
  const fresh = await stage.start();
  const answers = await Promise.all(Array.from({ length: 20 }, () => fresh.check(stage.inputs)));
  expect(answers.flatMap(({ failures }) => failures)).toEqual([]);
});

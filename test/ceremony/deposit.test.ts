// Deposits as files: who can read and open them, what they may hold, and that one bad file hides no other and tells no secret.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { KeyError } from "../../provider/core/errors";
import { Secret } from "../../provider/core/secret";
import { encrypt, newPair } from "../../provider/ceremony/age";
import { ageFiles, open, seal, type Deposit } from "../../provider/ceremony/deposit";
import { API_KEY, API_SECRET, deposit, failure, newFolder, removeFolders, time } from "./deposits";

afterEach(removeFolders);

const TO_ANOTHER = { why: "it is sealed to someone else" };
const ANOTHER_SHAPE = { why: "it holds something else than a deposit of this release" };

async function sealedJson(folder: string, name: string, value: unknown, recipient: string): Promise<void> {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  writeFileSync(join(folder, name), await encrypt(text, [recipient]));
}

/** As a deposit stands in its file. */
function written({ credential, ...rest }: Deposit): Record<string, unknown> {
  return { version: 1, ...rest, ...(credential && { apiKey: credential.apiKey, apiSecret: credential.apiSecret.reveal() }) };
}

test("what is sealed is opened whole, its secret wrapped", async () => {
  const folder = join(newFolder(), "a", "deposits");
  const { identity, recipient } = await newPair();
  const given = [deposit(), deposit({ deed: "edited" }), deposit({ deed: "relabelled" }), deposit({ deed: "revoked" })];
  const files: string[] = [];
  for (const one of given) files.push(await seal(folder, one, [recipient]));
  const { deposits, unreadable } = await open(folder, identity);
  expect(unreadable).toEqual([]);
  const byId = (one: { readonly id: string }, two: { readonly id: string }): number => (one.id < two.id ? -1 : 1);
  expect([...deposits].sort(byId)).toEqual(given.map((one, n) => ({ ...one, file: files[n] })));
  const issued = deposits.find(({ deed }) => deed === "issued")!;
  expect(issued.credential!.apiSecret.reveal()).toBe(API_SECRET);
  expect(JSON.stringify(deposits) + inspect(deposits, { depth: 9 })).not.toContain("secret\\");
});

test("its owner alone reads it, nothing is left beside it, and neither name nor content tells what it holds", async () => {
  const folder = join(newFolder(), "deposits");
  const { recipient } = await newPair();
  const identity = { ...deposit().identity, name: "../märker/.age desk" };
  const file = await seal(folder, deposit({ identity }), [recipient]);
  expect(file.startsWith(join(folder, "issued-"))).toBe(true);
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^issued-_m_rker_age_desk-[0-9a-f]{32}\.age$/)]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const content = readFileSync(file, "latin1");
  for (const part of [API_KEY, API_SECRET, "bitfinex", "maker", "123456"]) expect(content).not.toContain(part);
});

test("several recipients: each identity opens it, and of several identities the right one is found", async () => {
  const folder = newFolder();
  const [one, two, other] = [await newPair(), await newPair(), await newPair()];
  await seal(folder, deposit(), [one.recipient, two.recipient]);
  for (const identity of [one.identity, two.identity, new Secret(`${other.identity.reveal()}\n${two.identity.reveal()}`)]) {
    expect((await open(folder, identity)).deposits).toHaveLength(1);
  }
  expect((await open(folder, other.identity)).unreadable).toEqual([{ file: expect.any(String), ...TO_ANOTHER }]);
});

test("a bad file is told with its reason, and the good one beside it is opened", async () => {
  const folder = newFolder();
  const { identity, recipient } = await newPair();
  const good = await seal(folder, deposit(), [recipient]);
  const sealed = readFileSync(good);
  const damaged = Buffer.from(sealed);
  damaged[damaged.length - 1]! ^= 1;
  writeFileSync(join(folder, "damaged.age"), damaged);
  writeFileSync(join(folder, "cut.age"), sealed.subarray(0, 60));
  writeFileSync(join(folder, "empty.age"), "");
  writeFileSync(join(folder, "text.age"), "not sealed at all");
  writeFileSync(join(folder, "large.age"), Buffer.alloc(65_537));
  writeFileSync(join(folder, "passed-over.txt"), "no age file");
  mkdirSync(join(folder, "folder.age"));
  symlinkSync("/dev/zero", join(folder, "endless.age"));
  symlinkSync("nowhere", join(folder, "dangling.age"));
  execFileSync("mkfifo", [join(folder, "pipe.age")]);
  await sealedJson(folder, "json.age", { version: 1 }, recipient);
  await sealedJson(folder, "nojson.age", API_SECRET, recipient);
  const { deposits, unreadable } = await open(folder, identity);
  expect(deposits.map(({ file }) => file)).toEqual([good]);
  expect(Object.fromEntries(unreadable.map(({ file, why }) => [file.slice(folder.length + 1), why]))).toEqual({
    "damaged.age": "it is damaged: not what an age file holds",
    "cut.age": "it is damaged: not what an age file holds",
    "empty.age": "it isn't an age file",
    "text.age": "it isn't an age file",
    "large.age": "it is larger than 64 kB",
    "folder.age": "it isn't a file",
    "endless.age": "it isn't a file",
    "pipe.age": "it isn't a file",
    "dangling.age": "it can't be read (ENOENT)",
    "json.age": ANOTHER_SHAPE.why,
    "nojson.age": ANOTHER_SHAPE.why,
  });
});

const { credential: _, ...withoutCredential } = deposit();
const wrong: Readonly<Record<string, Deposit>> = {
  "more than 72 hours": deposit({ endsAt: new Date(Date.parse(time(71)) + 1).toISOString() }),
  "an end before its beginning": deposit({ endsAt: time(-2) }),
  "no credential of an issued key": withoutCredential,
  "a credential of another deed": { ...deposit(), deed: "edited" },
  "the fingerprint of another key": deposit({ fingerprint: "0".repeat(16) }),
  "an id of another form": deposit({ id: "../../x" }),
  "a generation that is none": deposit({ generation: 0 }),
  "an unknown member": { ...deposit(), surprise: API_SECRET } as Deposit,
  "no declared hash of an edit": deposit({ deed: "edited", desired: undefined as unknown as string }),
};

test.each(Object.entries(wrong))("%s: refused at sealing and at opening, without the secret", async (_name, bad) => {
  const folder = newFolder();
  const { identity, recipient } = await newPair();
  const error = await failure(seal(folder, bad, [recipient]));
  expect(error).toBeInstanceOf(KeyError);
  expect(inspect(error, { depth: 9 })).not.toContain("secret\\");
  expect(readdirSync(folder)).toEqual([]);
  await sealedJson(folder, "bad.age", written(bad), recipient);
  expect(await open(folder, identity)).toEqual({ deposits: [], unreadable: [{ file: join(folder, "bad.age"), ...ANOTHER_SHAPE }] });
});

test("an end 72 hours away to the millisecond counts; a revocation needs no declared hash", async () => {
  const folder = newFolder();
  const { identity, recipient } = await newPair();
  await seal(folder, deposit({ endsAt: time(71) }), [recipient]);
  const { desired: _desired, ...revoked } = deposit({ deed: "revoked" });
  await seal(folder, revoked, [recipient]);
  expect((await open(folder, identity)).deposits).toHaveLength(2);
});

test("a folder that isn't there is empty; one that can't be used is an error, and nothing is sealed to nobody", async () => {
  const folder = newFolder();
  const { identity, recipient } = await newPair();
  expect(await open(join(folder, "none"), identity)).toEqual({ deposits: [], unreadable: [] });
  expect(await ageFiles(join(folder, "none"))).toEqual([]);
  writeFileSync(join(folder, "file"), "");
  expect((await failure(open(join(folder, "file"), identity))).message).toContain("can't be read (ENOTDIR); make it readable");
  expect((await failure(seal(join(folder, "file"), deposit(), [recipient]))).message).toMatch(/can't be written \((EEXIST|ENOTDIR)\)/);
  expect((await failure(seal(folder, deposit(), []))).message).toContain("there is no recipient");
  expect((await failure(seal(folder, deposit(), ["age1nonsense"]))).message).toContain("there is no recipient");
});

// Recipients and identities: one pair a machine, readable by its owner alone, and no message that repeats what was given.

import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { KeyError } from "../../provider/core/errors";
import { decrypt, encrypt, newPair } from "../../provider/ceremony/age";
import { depositFolder } from "../../provider/ceremony/folder";
import { identityText, localIdentity, recipientOf } from "../../provider/ceremony/identity";
import { failure, newFolder, removeFolders } from "./deposits";

afterEach(removeFolders);

const journal = (): string => join(newFolder(), "exchange-keys", "journal");

test("the local pair is made once, beside the journal, for its owner alone", async () => {
  const folder = journal();
  const { recipient, file } = await localIdentity(folder);
  expect(file).toBe(join(dirname(folder), "deposit-identity.txt"));
  expect(recipient).toMatch(/^age1[0-9a-z]+$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  expect(readdirSync(dirname(file))).toEqual(["deposit-identity.txt"]);
  expect(await localIdentity(folder)).toEqual({ recipient, file });
  expect(await recipientOf(undefined, folder)).toBe(recipient);
  const opened = await decrypt(await encrypt("what is sealed", [recipient]), await identityText(undefined, folder));
  expect("text" in opened && opened.text.reveal()).toBe("what is sealed");
});

test("many that ask at once get one pair, in this process and in others", async () => {
  const folder = journal();
  const here = Array.from({ length: 8 }, () => localIdentity(folder));
  const program = `require("ts-node").register({ transpileOnly: true, compilerOptions: { module: "commonjs", moduleResolution: "node10", ignoreDeprecations: "6.0" } });
    require("./provider/ceremony/identity").localIdentity(${JSON.stringify(folder)}).then(({ recipient }) => process.stdout.write(recipient));`;
  const there = Array.from({ length: 3 }, () => promisify(execFile)(process.execPath, ["-e", program], { cwd: join(__dirname, "../..") }));
  const recipients = [
    ...(await Promise.all(here)).map(({ recipient }) => recipient),
    ...(await Promise.all(there)).map(({ stdout }) => stdout),
  ];
  expect(new Set(recipients).size).toBe(1);
  expect(readdirSync(dirname(folder))).toEqual(["deposit-identity.txt"]);
});

test.each(["640", "604", "620", "602"])("a local identity with the mode %s is refused, with the way out", async (mode) => {
  const folder = journal();
  const { file } = await localIdentity(folder);
  chmodSync(file, Number.parseInt(mode, 8));
  for (const error of [
    await failure(localIdentity(folder)),
    await failure(identityText("", folder)),
    await failure(recipientOf(undefined, folder)),
  ]) {
    expect(error).toBeInstanceOf(KeyError);
    expect(error.message).toContain("by others than its owner; if nobody else had access, run chmod 600");
  }
});

test("a local identity that isn't one is told, and neither printed nor replaced", async () => {
  const folder = journal();
  const { file } = await localIdentity(folder);
  const secret = readFileSync(file, "utf8").split("\n")[2]!;
  writeFileSync(file, secret.slice(0, -1));
  const error = await failure(localIdentity(folder));
  expect(error.message).toContain("holds no age identity; delete it");
  expect(error.message).not.toContain(secret.slice(0, 40));
  expect(readFileSync(file, "utf8")).toBe(secret.slice(0, -1));
});

test("where no pair can be made, the error says why", async () => {
  const folder = newFolder();
  writeFileSync(join(folder, "file"), "");
  const error = await failure(localIdentity(join(folder, "file", "journal")));
  expect(error.message).toMatch(/can't be used \(ENOTDIR\); make its folder writable/);
});

test("a configured recipient is taken, and makes no local pair", async () => {
  const folder = journal();
  const { recipient } = await newPair();
  expect(await recipientOf(` ${recipient}\n`, folder)).toBe(recipient);
  expect(existsSync(dirname(folder))).toBe(false);
});

test("what isn't a recipient is refused and not repeated", async () => {
  const { identity, recipient } = await newPair();
  const pasted = [
    "",
    "ssh-ed25519 AAAAC3",
    `${recipient}x`,
    recipient.slice(0, -1),
    "age1tag1qwerty",
    "sandbox-secret",
    `${recipient},${recipient}`,
  ];
  for (const text of pasted) {
    const error = await failure(recipientOf(text, journal()));
    expect(error.message).toContain("read exchange-keys:depositRecipient: it isn't an age recipient");
    if (text !== "") expect(error.message).not.toContain(text);
  }
  const error = await failure(recipientOf(identity.reveal(), journal()));
  expect(error.message).toContain("it holds an identity, which is secret; make a new pair");
  expect(error.message).not.toContain(identity.reveal().slice(0, 30));
});

test("an identity's file is read as age-keygen writes it, with comments and several identities", async () => {
  const folder = newFolder();
  const [one, two] = [await newPair(), await newPair()];
  const file = join(folder, "keys.txt");
  writeFileSync(
    file,
    `# created: 2030-01-01T00:00:00Z\n# public key: ${one.recipient}\r\n${one.identity.reveal()}\r\n\n${two.identity.reveal()}\n`,
  );
  const identities = await identityText(file, journal());
  expect(identities.reveal()).toBe(`${one.identity.reveal()}\n${two.identity.reveal()}`);
  expect(`${identities}`).toBe("***");
});

test("what is wrong with the variable is said without what stands in it", async () => {
  const folder = newFolder();
  const { identity, recipient } = await newPair();
  const written = (name: string, text: string | Buffer): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const cases: readonly (readonly [string, string])[] = [
    [identity.reveal(), "it holds an identity itself; make a new pair"],
    [` ${identity.reveal().toLowerCase()}`, "it holds an identity itself"],
    ["sandbox-secret-of-something-else", "it can't be read (ENOENT)"],
    [`sandbox-secret\0`, "it can't be read (ERR_INVALID_ARG_VALUE)"],
    [folder, "it isn't a file"],
    ["/dev/zero", "it isn't a file"],
    [written("recipient", recipient), "it holds no age identity"],
    [written("half", `${identity.reveal()}\nsandbox-secret`), "it holds no age identity"],
    [written("empty", "# nothing\n"), "it holds no age identity"],
    [written("large", Buffer.alloc(70_000)), "it is larger than 64 kB"],
  ];
  for (const [named, cause] of cases) {
    const error = await failure(identityText(named, journal()));
    expect(error).toBeInstanceOf(KeyError);
    expect(error.message).toContain(`read the file that EXCHANGE_KEYS_IDENTITY names: ${cause}`);
    expect(error.message).not.toContain(named);
    expect(error.message).not.toMatch(/sandbox-secret|SECRET-KEY/i);
  }
});

test("deposits lie beside Pulumi.yaml, found upward, or where the variable says", () => {
  const folder = newFolder();
  const program = join(folder, "infra", "src");
  mkdirSync(program, { recursive: true });
  expect(depositFolder(undefined, program)).toBe(join(program, ".exchange-keys", "deposits"));
  for (const [name, at] of [
    ["Pulumi.json", folder],
    ["Pulumi.yml", join(folder, "infra")],
    ["Pulumi.yaml", program],
  ] as const) {
    writeFileSync(join(at, name), "");
    expect(depositFolder(undefined, program)).toBe(join(at, ".exchange-keys", "deposits"));
    expect(depositFolder("", program)).toBe(join(at, ".exchange-keys", "deposits"));
    expect(depositFolder("left", program)).toBe(join(at, "left"));
  }
  expect(depositFolder("/var/deposits", program)).toBe("/var/deposits");
});

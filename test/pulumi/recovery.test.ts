// Keys that only their passphrase revokes, made in a run that nobody recorded: the real journal between the venue in memory and the next run.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { newPair } from "../../provider/ceremony/age";
import { apply } from "../../provider/core/apply";
import type { KeyError } from "../../provider/core/errors";
import type { Means } from "../../provider/core/means";
import { plan } from "../../provider/core/plan";
import type { Recorded } from "../../provider/core/record";
import type { Secret } from "../../provider/core/secret";
import { openJournal, type Entry } from "../../provider/journal/journal";
import { Books } from "../../provider/pulumi/books";
import { Leftovers } from "../../provider/pulumi/leftovers";
import { Recovery } from "../../provider/pulumi/recovery";
import type { RecoverySettings } from "../../provider/pulumi/settings";
import { Crash, declared, HERE, World } from "../core/venue";
import { entry, newFolder, removeFolders } from "../journal/entries";

afterEach(removeFolders);

const desired = declared(["w"], { [HERE]: "" });
const { mark: _, begunAt: __, generation: ___, ...claim } = entry(1);

/** A world of keys with passphrases, its journal's folder, and runs over both. */
class Place {
  readonly world = new World(false, true, { passphrase: { length: 20, special: "", revokes: true } });
  readonly journal = newFolder();
  readonly folder = dirname(this.journal);
  readonly told: string[] = [];

  means(recovery: RecoverySettings | undefined): Means {
    const journal = openJournal(this.journal);
    const clock = () => this.world.now;
    const leftovers = new Leftovers(journal, clock, (line) => void this.told.push(line), new Set());
    const books = new Books(journal, leftovers, new Recovery(recovery, this.folder), clock);
    return { ...this.world.means(), ledger: books.ledger(claim) };
  }

  up(recovery: RecoverySettings | undefined): Promise<Recorded> {
    return apply(plan(undefined, desired, []), undefined, desired, this.means(recovery));
  }

  /** A run that dies when the key has been made; then its answer can come to nobody any more. */
  async lose(recovery: RecoverySettings | undefined): Promise<void> {
    this.world.restart({ at: 1, kind: "crash after" });
    await expect(this.up(recovery)).rejects.toThrow(Crash);
    this.world.now += 61_000;
    this.world.restart();
  }

  identity(text: string): string {
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, "identity.txt"), text);
    return "identity.txt";
  }

  entries(): Promise<readonly Entry[]> {
    return openJournal(this.journal).entries(this.world.now);
  }

  /** All that any file here holds. */
  written(): string {
    const files = readdirSync(this.folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    return files.map((one) => readFileSync(join(one.parentPath, one.name), "latin1")).join("\n");
  }
}

function noPassphrase(text: string): void {
  for (const secret of ["sandbox-passphrase-1", "sandbox-passphrase-2"]) {
    for (const form of [secret, Buffer.from(secret).toString("base64").slice(0, -4), Buffer.from(secret).toString("hex")]) {
      expect(text).not.toContain(form);
    }
  }
}

const written = (identity: Secret): string => `# created: today\n# public key: none\n${identity.reveal()}\n`;

async function refused(run: Promise<unknown>): Promise<KeyError> {
  return run.then(
    () => {
      throw new Error("it wasn't refused");
    },
    (error: unknown) => error as KeyError,
  );
}

test("with the identity, the next run revokes the lost key before it makes another", async () => {
  const place = new Place();
  const { identity, recipient } = await newPair();
  await place.lose({ recipient });
  noPassphrase(place.written());
  const identityFile = place.identity(written(identity));
  const { current } = await place.up({ recipient, identityFile });
  expect(place.world.log.slice(0, 4)).toEqual(["list", "revoke by account", "list", "create"]);
  expect(place.world.living.map(({ token }) => token)).toEqual(["sandbox-token-2"]);
  expect((await place.entries()).map(({ mark, status }) => [mark, status])).toEqual([[current.mark, "issued"]]);
  noPassphrase(place.written());
  expect(place.told).toEqual([]);
});

test("what is sealed stays in the entry until that closes", async () => {
  const place = new Place();
  const { recipient } = await newPair();
  const { current } = await place.up({ recipient });
  const [issued] = await place.entries();
  expect(issued).toMatchObject({ status: "issued", sealedPassphrase: expect.any(String) as string });
  expect(Buffer.from(issued!.sealedPassphrase!, "base64").toString("latin1")).toMatch(/^age-encryption\.org\/v1\n-> X25519 /);
  await openJournal(place.journal).recorded(current.mark);
  expect(await place.entries()).toEqual([{ ...issued, status: "recorded" }]);
  await place.means({ recipient }).ledger.close(current.mark);
  expect(place.written()).toBe("");
});

test("without a recipient nothing is kept, and the error names the key that only the web can remove", async () => {
  const place = new Place();
  await place.lose(undefined);
  expect(place.written()).not.toContain("sealed");
  noPassphrase(place.written());
  const { label } = place.world.keys[0]!;
  for (const recovery of [undefined, { recipient: (await newPair()).recipient, identityFile: "no-such-file" }]) {
    const error = await refused(place.up(recovery));
    expect(error).toMatchObject({
      code: "not-revoked",
      message:
        `acme: create token "t": the key "${label}", whose secret was in a lost answer, lives, and the venue revokes it only with its passphrase, ` +
        "which nobody has any more; revoke the key of that label on the venue's web page, then run it again; " +
        "with a recipient in exchange-keys:recovery (docs/configuration.md) it can be done here the next time",
    });
    expect(place.world.keys).toHaveLength(1);
    expect(await place.entries()).toHaveLength(1);
  }
  // A person did it.
  place.world.keys[0]!.alive = false;
  await place.up(undefined);
  expect(await place.entries()).toHaveLength(1);
});

test.each<[what: string, why: string, file: (place: Place) => Promise<string | undefined>]>([
  ["no identity", "exchange-keys:recovery names no identityFile", () => Promise.resolve(undefined)],
  [
    "an identity that doesn't fit",
    "its identityFile doesn't open it, since it is sealed to someone else",
    async (place) => place.identity(written((await newPair()).identity)),
  ],
])("with %s, the error names the key and says why", async (_what, why, file) => {
  const place = new Place();
  const { recipient } = await newPair();
  await place.lose({ recipient });
  const identityFile = await file(place);
  const error = await refused(place.up({ recipient, identityFile }));
  expect(error).toMatchObject({ code: "not-revoked" });
  expect(error.message).toContain(`the key "${place.world.keys[0]!.label}", whose secret was in a lost answer, lives`);
  expect(error.message).toContain(`which the journal has sealed: ${why}; give exchange-keys:recovery the identityFile of its recipient`);
  noPassphrase(error.message + place.written());
  expect(place.world.living).toHaveLength(1);
  expect(await place.entries()).toMatchObject([{ status: "begun", sealedPassphrase: expect.any(String) as string }]);
});

test("an entry that was tampered with is told, and the key lives on", async () => {
  const place = new Place();
  const { identity, recipient } = await newPair();
  await place.lose({ recipient });
  const [lost] = await place.entries();
  await openJournal(place.journal).begin({ ...lost!, sealedPassphrase: Buffer.from("something").toString("base64") });
  const error = await refused(place.up({ recipient, identityFile: place.identity(written(identity)) }));
  expect(error.message).toContain("its identityFile doesn't open it, since it isn't an age file");
});

test.each<[what: string, text: string | undefined, cause: string]>([
  ["isn't there", undefined, "it can't be read (ENOENT)"],
  ["holds something else", "sandbox-not-an-identity", "it holds no age identity"],
  ["holds a damaged identity", "AGE-SECRET-KEY-1QQQQQQQQ", "it holds no age identity"],
])("an identity's file that %s is an error of configuration, which repeats nothing", async (_what, text, cause) => {
  const place = new Place();
  const { recipient } = await newPair();
  await place.lose({ recipient });
  const identityFile = text === undefined ? "no-such-file" : place.identity(text);
  const error = await refused(place.up({ recipient, identityFile }));
  expect(error.code).toBe("configuration");
  expect(error.message).toBe(
    `exchange-keys: read the file that exchange-keys:recovery.identityFile names: ${cause}; give the path of a file that age-keygen wrote`,
  );
  expect(place.world.log).toEqual([]);
});

test("a lost answer in a run that goes on needs no recovery: the passphrase is at hand", async () => {
  const place = new Place();
  place.world.restart({ at: 1, kind: "lost after its effect" });
  const error = await refused(place.up(undefined));
  expect(error.message).toContain("the key had been made and was revoked");
  expect([place.world.living, await place.entries()]).toEqual([[], []]);
});

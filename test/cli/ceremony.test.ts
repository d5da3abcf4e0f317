// `exchange-keys ceremony` as a person runs it: what comes in by pipe or file, what it says and prints, how it ends.

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { told } from "../../cli/ceremony/told";
import { programFolder } from "../../cli/project";
import type { Page } from "../../provider/ceremony/page/server";
import type { TaskView } from "../../provider/ceremony/session";
import type { Sitting } from "../../provider/pulumi/sitting";
import { exported, secret } from "../ceremony/documents";
import { createTask, doneChange, FakeSession } from "../ceremony/fake";
import { ask, tabAsk } from "../ceremony/raw";
import { Table } from "../ceremony/table";
import { MAIN, run, start, type Running } from "./command";
import { hasPty, Pty } from "./pty";

let table: Table;
beforeEach(async () => (table = await Table.open()));
afterEach(() => table.close());

const here = (stdin?: unknown) => ({
  ...{ cwd: table.folder, env: table.env },
  ...(stdin === undefined ? {} : { stdin: typeof stdin === "string" ? stdin : JSON.stringify(stdin) }),
});

test("nothing waits: it says so", async () => {
  expect(await run(["ceremony", "--from", "-"], here(table.preview([])))).toEqual({
    code: 0,
    out: "",
    err: "Nothing waits for a person.\n",
  });
});

test("CI without a terminal and without a desktop: one sentence that names the ways", async () => {
  const { code, out, err } = await run(["ceremony", "--from", "-"], here(table.preview([table.create("maker")])));
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(/^Ceremony: http:\/\/127\.0\.0\.1:\d+ .*\nexchange-keys: ceremony: nobody could come in: .*--terminal.*--no-open/);
  const terminal = await run(["ceremony", "--from", "-", "--terminal"], here(table.preview([table.create("maker")])));
  expect(terminal).toEqual({ code: 2, out: "", err: expect.stringMatching(/^exchange-keys: ceremony: --terminal needs a terminal/) });
});

test("--no-open: address, words and code; Ctrl-C says how to go on", async () => {
  const running = start(["ceremony", "--from", "-", "--no-open"], here(table.preview([table.create("maker")])));
  await running.said(
    /^Ceremony: http:\/\/127\.0\.0\.1:\d+ {3}The page shows these words: [a-z]+ [a-z]+ [a-z]+ [a-z]+\n.*: [0-9A-Z]{4}-[0-9A-Z]{4}\n$/,
  );
  running.child.kill("SIGINT");
  const { code, out, err } = await running.ended;
  expect({ code, out }).toEqual({ code: 130, out: "" });
  expect(err).toMatch(/\nexchange-keys: ceremony: 0 of 1 done; run the same command again to go on\n$/);
});

const pty = hasPty ? test : test.skip;
pty(`in a real terminal, while the preview comes by pipe${hasPty ? "" : " (no `script` of util-linux here)"}`, async () => {
  const key = await table.key({ orders: "read" });
  writeFileSync(join(table.folder, "preview.json"), JSON.stringify(table.preview([table.create("maker")])));
  const terminal = new Pty(`cat preview.json | ${process.execPath} ${MAIN} ceremony --from - --terminal; echo "ended $?"; stty -a`, here());
  try {
    await terminal.see(/q to quit: /);
    terminal.type("\r");
    await terminal.see(/Label: {2}(.+)\r\n[^]*> /);
    terminal.type(`\x1b[200~${key.apiKey}\n${key.apiSecret}\x1b[201~\r`);
    await terminal.see(/\/issued-maker-[0-9a-f]{32}\.age {2}until /);
    await terminal.see(/ended 0\r\n/);
    await terminal.see(/[^-]icanon/);
    await terminal.ended;
    expect(terminal.seen).not.toContain(key.apiSecret);
    expect(terminal.seen).not.toContain(key.apiKey);
    expect(terminal.seen).not.toContain("-echo ");
    expect((await table.sealed()).deposits).toHaveLength(1);
  } finally {
    terminal.end();
  }
});

pty(`in a terminal without a desktop: a code, and with Enter another one${hasPty ? "" : " (no `script` of util-linux here)"}`, async () => {
  writeFileSync(join(table.folder, "preview.json"), JSON.stringify(table.preview([table.create("maker")])));
  const terminal = new Pty(`${process.execPath} ${MAIN} ceremony --from preview.json`, here());
  try {
    const [, first] = await terminal.see(/type this code there: (\S+)\r\n/);
    terminal.type("\r");
    const [, second] = await terminal.see(/type this code there: (\S+)\r\n/);
    expect(second).not.toBe(first);
    terminal.type("\x03");
    await terminal.see(/0 of 1 done; run the same command again to go on/);
    expect(await terminal.ended).toBe(130);
  } finally {
    terminal.end();
  }
});

/** The tab of whoever types the code that the command printed. */
async function enter(running: Running) {
  const [, address = "", code] = await running.said(/^Ceremony: (\S+) [^]*: ([0-9A-Z]{4}-[0-9A-Z]{4})\n/m);
  const page = { address } as Page;
  const { tab } = (await ask(page, "/api/code", { body: { code } })).json as { tab: string };
  const call = async (path: string, body: object): Promise<readonly TaskView[]> =>
    (await tabAsk(page, tab, path, body)).json["tasks"] as readonly TaskView[];
  return { page, code, call, tasks: () => call("/api/tasks", { seen: 0 }) };
}

const NO_OPEN = ["ceremony", "--from", "-", "--no-open"];

test("by the page, to its end: the deposit on stdout, the next command on stderr; and again, when all is done", async () => {
  const document = table.preview([table.create("maker")]);
  const running = start(NO_OPEN, here(document));
  const { tasks, call } = await enter(running);
  const [{ id } = { id: "" }] = await tasks();
  const { apiKey, apiSecret } = await table.key({ orders: "read" });
  expect(await call("/api/submit", { id, apiKey, apiSecret })).toMatchObject([{ phase: "done" }]);
  const { code, out, err } = await running.ended;
  expect(code).toBe(0);
  expect(out).toMatch(/^\/.*\/\.exchange-keys\/deposits\/issued-maker-[0-9a-f]{32}\.age {2}until \d{4}-\S+Z\n$/);
  expect(err).toMatch(/\nNext: pulumi up\n$/);
  for (const part of [apiKey, apiSecret]) expect(out + err).not.toContain(part);
  const again = await run([...NO_OPEN, "--json"], here(document));
  expect(again).toMatchObject({ code: 0, err: "Next: pulumi up\n" });
  const { deposits, waiting, next } = JSON.parse(again.out) as { deposits: { file: string }[]; waiting: unknown[]; next: string };
  expect({ deposits, waiting, next }).toMatchObject({ deposits: [{ name: "maker", does: "create" }], waiting: [], next: "pulumi up" });
  expect(out).toContain(deposits[0]!.file);
});

test("killed between the person's click and the proof, then again: the same label, and the key is taken", async () => {
  const document = table.preview([table.create("maker")]);
  const first = start(NO_OPEN, here(document));
  const before = await enter(first);
  const [{ id } = { id: "" }] = await before.tasks();
  const [{ label } = { label: "" }] = await before.call("/api/begin", { id });
  const { apiKey, apiSecret } = await table.key({ orders: "read" }, { label });
  first.child.kill("SIGKILL");
  await first.ended;
  const second = start(NO_OPEN, here(document));
  const { tasks, call } = await enter(second);
  const [task] = await tasks();
  expect(task).toMatchObject({ label, mayExist: true, phase: "todo" });
  await call("/api/submit", { id: task!.id, apiKey, apiSecret });
  expect((await second.ended).code).toBe(0);
});

test("two at once on one stack: the second says who has it, and the first goes on", async () => {
  const document = table.preview([table.create("maker")]);
  const first = start(NO_OPEN, here(document));
  const { tasks } = await enter(first);
  const second = await run(NO_OPEN, here(document));
  expect(second).toMatchObject({ code: 2, out: "" });
  expect(second.err).toMatch(
    new RegExp(`^exchange-keys: begin a ceremony for acme/desk/production: process ${first.child.pid} has one open`),
  );
  expect(await tasks()).toHaveLength(1);
  first.child.kill("SIGTERM");
  expect((await first.ended).code).toBe(130);
});

test("the page is locked by a code used twice: exit 1, and how to begin again", async () => {
  const running = start(NO_OPEN, here(table.preview([table.create("maker")])));
  const { page, code } = await enter(running);
  await ask(page, "/api/code", { body: { code } });
  const ended = await running.ended;
  expect(ended.code).toBe(1);
  expect(ended.err).toMatch(
    /exchange-keys: ceremony: the page is locked: The code was used a second time\. .*run the same command again\n/,
  );
});

test("keys that no ceremony can be held for are named, with the reason, and are a 1 at the end", async () => {
  const hidden = table.create("maker", { allowedIps: "[secret]" });
  const one = await run(NO_OPEN, here(table.preview([hidden])));
  expect(one).toEqual({
    code: 1,
    out: "",
    err: expect.stringMatching(/^exchange-keys: ceremony: "maker": its allowedIps is a secret, .*\n$/),
  });
  const blocked = await run(NO_OPEN, { ...here(table.preview([table.create("maker")])), env: { ...table.env, BFX_KEY: "" } });
  expect(blocked).toMatchObject({ code: 1, out: "" });
  expect(blocked.err).toMatch(
    /^exchange-keys: ceremony: API key "maker": .*environment variable that is empty; .*\n.*1 couldn't be done here/,
  );
});

test("what can't be done is said at the beginning, and after a ceremony once more, a line each", () => {
  const findings = [{ text: "Its IP list is unknown\nuntil up.", wayOut: "Run pulumi up first." }];
  const fake = new FakeSession([createTask("unknown", { phase: "blocked", findings }), createTask("maker")]);
  let said = "";
  const write = jest.spyOn(process.stderr, "write").mockImplementation((text) => ((said += String(text)), true));
  try {
    const say = told({ session: fake, problems: [], folder: table.folder } as unknown as Sitting, "pulumi up");
    const reason = 'exchange-keys: ceremony: API key "unknown": Its IP list is unknown until up. Run pulumi up first.\n';
    say.problems();
    expect(said).toBe(reason);
    said = "";
    say.unfinished();
    expect(said).toBe(`${reason}exchange-keys: ceremony: 0 of 2 done; run the same command again to go on\n`);
    said = "";
    fake.change("maker", doneChange("maker"));
    say.next();
    expect(said).toBe(`${reason}exchange-keys: ceremony: 1 couldn't be done here, as said above\nNext: pulumi up\n`);
    said = "";
    const over = told({ session: fake, problems: [], folder: table.folder } as unknown as Sitting, "pulumi up");
    over.problems();
    over.next(); // without a ceremony between the two, once is enough
    expect(said.split(reason)).toHaveLength(2);
  } finally {
    write.mockRestore();
  }
});

test("a browser is opened by a file; neither its token nor a code is printed", async () => {
  const bin = join(table.folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "xdg-open"), `#!/bin/sh\ncat "$1" > ${table.folder}/opened\n`);
  chmodSync(join(bin, "xdg-open"), 0o755);
  const env = { ...table.env, CI: "", DISPLAY: ":99", PATH: `${bin}:${table.env["PATH"] ?? ""}` };
  const running = start(["ceremony", "--from", "-"], { ...here(table.preview([table.create("maker")])), env });
  const [, address = ""] = await running.said(/^Ceremony: (\S+) .*\n/);
  while (!existsSync(join(table.folder, "opened")) || readFileSync(join(table.folder, "opened")).length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const [, token] = /#([\w-]{43})"/.exec(readFileSync(join(table.folder, "opened"), "utf8"))!;
  const { tab } = (await ask({ address } as Page, "/api/link", { body: { token } })).json as { tab: string };
  expect(tab).toMatch(/./);
  running.child.kill("SIGINT");
  const { err } = await running.ended;
  expect(err).not.toContain(token);
  expect(err.split("\n")).toHaveLength(3);
});

test("--revoke: of an export, by the typed word or a look; then pulumi destroy", async () => {
  const key = await table.key({ orders: "read" });
  const provider = { urn: "urn:p", type: "pulumi:providers:pulumi-nodejs", inputs: table.config() };
  writeFileSync(join(table.folder, "shown.json"), JSON.stringify(exported(provider, table.recorded("maker", key, {}, secret))));
  const running = start([...NO_OPEN, "--revoke", "--state", "shown.json"], here(exported(provider, table.recorded("maker", key))));
  const { tasks, call } = await enter(running);
  const [{ id } = { id: "" }] = await tasks();
  expect(await call("/api/attest", { id })).toMatchObject([{ phase: "differs", canLook: true }]);
  await table.revoke(key.id);
  await call("/api/attest", { id });
  expect(await running.ended).toMatchObject({
    code: 0,
    out: expect.stringContaining("/revoked-maker-"),
    err: expect.stringMatching(/\nNext: pulumi destroy\n$/),
  });
});

test("--state without its secrets, or something else, is told: no key could be looked at", async () => {
  const made = table.recorded("maker", { apiKey: "sandbox-a", apiSecret: "sandbox-b" });
  writeFileSync(join(table.folder, "hidden.json"), JSON.stringify(exported(made)));
  const hidden = await run([...NO_OPEN, "--state", "hidden.json"], here(table.preview([])));
  expect(hidden).toMatchObject({ code: 2, err: expect.stringContaining("--state hides the credentials") });
  writeFileSync(join(table.folder, "hidden.json"), JSON.stringify(table.preview([])));
  const other = await run([...NO_OPEN, "--state", "hidden.json"], here(table.preview([])));
  expect(other).toMatchObject({ code: 2, err: expect.stringContaining("--state isn't a stack's export") });
});

test.each([
  [["--from", "-"], "", "nothing came"],
  [["--from", "-"], "{", "isn't one JSON document"],
  [["--from", "-"], '{"a":1}', "isn't what Pulumi prints"],
  [["--from", "-", "--revoke"], '{"steps":[]}', "--revoke takes a stack's export"],
  [["--from", "nowhere.json"], "", "nowhere.json can't be read (ENOENT)"],
  [["--from", "-", "--state", "-"], "{}", "can't both be standard input"],
  [["--from", "-", "--port", "70000"], "{}", "A number from 0 to 65535"],
  [[], "", "required option '--from <file>'"],
])("%j with %j is a mistake", async (args, stdin, words) => {
  const { code, out, err } = await run(["ceremony", ...args], here(stdin));
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(words);
});

test.each([
  ["main: program", "program"],
  ["main: program/ # the program", "program"],
  ['main: "program"', "program"],
  ["main: 'program/index.ts'\r", "program"],
  ["name: main: x", ""],
  ["config:\n  main: program", ""],
  ["main:", ""],
  ["main: nowhere", ""],
])("%j of Pulumi.yaml: relative files count from %j", (line, folder) => {
  writeFileSync(join(table.folder, "Pulumi.yaml"), `name: desk\n${line}\nruntime: nodejs\n`);
  writeFileSync(join(table.folder, "program", "index.ts"), "");
  mkdirSync(join(table.folder, "program", "deep"));
  expect(programFolder(join(table.folder, "program", "deep"))).toBe(join(table.folder, folder));
});

// `exchange-keys ceremony` as a person runs it: what comes in by pipe or file, what it says and prints, how it ends.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Table } from "../ceremony/table";
import { MAIN, run, start } from "./command";
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

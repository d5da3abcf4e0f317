// What the story prints: headings, commands, what they say, and what was seen. Apart, so that the story reads as a story.

import { stripVTControlCharacters as plain } from "node:util";

const colors = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
const paint = (code) => (text) => (colors ? `\u001b[${code}m${text}\u001b[0m` : text);
const bold = paint(1);
const dim = paint(2);
const green = paint(32);

/** For the CLI's `--color`: its output comes to us by a pipe, so that it can't see the terminal itself. */
export const color = colors ? "always" : "never";

let number = 0;

function print(line) {
  process.stdout.write(`${line}\n`);
}

/** A step: one line that says what is being shown. */
export function heading(text) {
  number += 1;
  print("");
  print(bold(`${String(number).padStart(2)}  ${text}`));
}

/** A remark below a heading. */
export function note(text) {
  for (const line of text.split("\n")) print(`    ${line}`);
}

/** A command as a person would type it. */
export function command(text) {
  print(dim(`    $ ${text}`));
}

/** Something that was checked, and found as told. */
export function seen(text) {
  print(`    ${green("✓")} ${text}`);
}

export function plainLine(text = "") {
  print(text);
}

/** Rows that only say that something begins; the row that says how it ended follows. */
const BEGINNING = /^ [ +~-] {2}\S+ \S+ (creating|updating|deleting|refreshing|running)( \(\d+s\))?( \[diff: .*\])?\s*$/;

/** A listener for a child's output that prints each line as it comes, without blank lines and rows that only say that something begins. */
export function lines(wanted = () => true) {
  let rest = "";
  return {
    take(piece) {
      const all = (rest + piece).split("\n");
      rest = all.pop() ?? "";
      for (const line of all) show(line, wanted);
    },
    end() {
      if (rest !== "") show(rest, wanted);
      rest = "";
    },
  };
}

function show(line, wanted) {
  const text = plain(line).trimEnd();
  if (text.trim() === "" || BEGINNING.test(text) || !wanted(text)) return;
  print(`    ${line.trimEnd()}`);
}

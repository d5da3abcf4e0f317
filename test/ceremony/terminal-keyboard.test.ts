// The keyboard over streams that say they are a terminal: what it does to the terminal, and that it gives it back.

import { PassThrough } from "node:stream";
import { Ended, Keyboard } from "../../cli/terminal/keyboard";

const ON = "\x1b[?2004h";
const OFF = "\x1b[?2004l";

function terminal() {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (mode: boolean) => raw.push(mode) });
  const output = Object.assign(new PassThrough(), { isTTY: true });
  return { raw, input, output, keyboard: new Keyboard(input, output), shown: () => String(output.read() ?? "") };
}

test("raw while it is held, with bracketed paste; both given back, once Ctrl-C came as well", async () => {
  const { raw, input, keyboard, shown } = terminal();
  expect({ raw: [...raw], shown: shown() }).toEqual({ raw: [true], shown: ON });
  const asked = keyboard.ask("> ", { show: 0 });
  input.write("half a secret\x03");
  await expect(asked).rejects.toMatchObject({ how: "interrupted" });
  keyboard.close();
  expect(raw).toEqual([true, false]);
  expect(shown()).toBe(`> \n${OFF}`);
});

test("a signal ends the question under way, and each that comes later", async () => {
  const { keyboard } = terminal();
  const asked = keyboard.ask("> ", { show: 4 });
  keyboard.interrupt();
  await expect(asked).rejects.toBeInstanceOf(Ended);
  await expect(keyboard.ask("> ", { show: 4 })).rejects.toMatchObject({ how: "interrupted" });
  keyboard.close();
});

test("no answer is taken from what was typed before Ctrl-C", async () => {
  const { input, keyboard } = terminal();
  input.write("done\r\x03");
  await new Promise((resolve) => setImmediate(resolve));
  await expect(keyboard.ask("> ", { show: 4 })).rejects.toMatchObject({ how: "interrupted" });
  keyboard.close();
});

test("the end of what there is to read", async () => {
  const { input, keyboard } = terminal();
  const asked = keyboard.ask("> ", { show: 4 });
  input.end();
  await expect(asked).rejects.toMatchObject({ how: "closed" });
  keyboard.close();
});

test.each([
  ["abc\x7f\x7fd\r", "ad", "abc\b \b\b \bd\n"],
  ["abcdefgh\r", "abcdefgh", "abcd\n"],
  ["abcdefgh\x15xy\r", "xy", "abcd\b \b\b \b\b \b\b \bxy\n"],
  ["a\x1b[Ab\x1b[3~\tc\r", "ab\tc", "ab\tc\n"],
  ["\x1b[200~one\ntwo\r\nthree\x1b[201~\r", "one\ntwo\n\nthree", "\n"],
])("%j is %j, and shows %j", async (typed, line, shows) => {
  const { input, keyboard, shown } = terminal();
  shown();
  const asked = keyboard.ask("", { show: 4 });
  input.write(typed);
  expect(await asked).toBe(line);
  expect(shown()).toBe(shows);
  keyboard.close();
});

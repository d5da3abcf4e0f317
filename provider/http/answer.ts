// Reads a venue's answers for drivers: JSON of a known shape, or an error that describes the answer without quoting it.
// Apart from the client: it needs no socket, and drivers may import it.

import { z } from "zod";
import type { Answer } from "../core/driver";
import { KeyError } from "../core/errors";

/** Who asked what, for messages. */
export interface Asked {
  readonly venue: string;
  readonly operation: string;
}

/**
 * Parses an answer's text as JSON and by a schema. Judge the HTTP status and the venue's error envelope with it too:
 * it looks at the text alone.
 *
 * @throws KeyError `broken-answer`, transient where another try may help (a 5xx, or text that was cut off). Its message has the
 * status, the content type and one fact, never the text.
 * @example json(answer, z.tuple([z.string()]), { venue: "bitfinex", operation: "mint token" })
 */
export function json<S extends z.ZodType>(answer: Answer, schema: S, asked: Asked): z.output<S> {
  const parsed = parse(answer.text);
  if ("fact" in parsed) throw broken(answer, asked, parsed.fact, parsed.cutOff);
  const judged = schema.safeParse(parsed.value);
  if (!judged.success) throw broken(answer, asked, misfit(judged.error.issues[0]), false);
  return judged.data;
}

/**
 * One member of an answer, by its schema: what an envelope holds.
 *
 * @throws KeyError as `json` does
 * @example member(answer, "result", listAnswer, { venue: "bybit", operation: "list keys" })
 */
export function member<S extends z.ZodType>(answer: Answer, name: string, schema: S, asked: Asked): z.output<S> {
  // The compiler can't see through a schema that is a parameter.
  return (json(answer, z.object({ [name]: schema }), asked) as Record<string, z.output<S>>)[name] as z.output<S>;
}

/**
 * What a Retry-After header asks for, in milliseconds: seconds or a date, which is compared to the venue's time.
 * Undefined where there is none, or none that can be read.
 *
 * @example retryAfterMs(answer) // 2000 for "Retry-After: 2"
 */
export function retryAfterMs(answer: Pick<Answer, "headers" | "at">): number | undefined {
  const header = answer.headers["retry-after"]?.trim();
  if (header === undefined || header === "") return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = httpDate(header);
  return date === undefined ? undefined : Math.max(0, date - answer.at);
}

/** Milliseconds of an HTTP date, `Sun, 06 Nov 1994 08:49:37 GMT`; undefined for anything else. */
export function httpDate(header: string | undefined): number | undefined {
  if (header === undefined || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(header)) return undefined;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : date;
}

type Parsed = { readonly value: unknown } | { readonly fact: string; readonly cutOff: boolean };

function parse(text: string): Parsed {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    // V8's message quotes the text: only the kind of mistake and the position are taken from it.
    const message = error instanceof SyntaxError ? error.message : "";
    if (text.trim() === "") return { fact: "an empty body", cutOff: true };
    if (/^\s*<(!doctype|html|head|body|\?xml)/i.test(text)) return { fact: "HTML", cutOff: false };
    if (/^Unexpected end|^Unterminated/.test(message) || cutInside(message, text)) {
      return { fact: `truncated JSON at byte ${Buffer.byteLength(text)}`, cutOff: true };
    }
    const position = /at position (\d+)/.exec(message)?.[1];
    return { fact: position === undefined ? "no JSON" : `no JSON from character ${position} on`, cutOff: false };
  }
}

/** A text that ends where V8 wanted more: `[1,` or `{"a"`. */
function cutInside(message: string, text: string): boolean {
  const position = /at position (\d+)/.exec(message)?.[1];
  return position !== undefined && Number(position) >= text.length;
}

/** Where the shape differs and how, without the value. Names that the answer itself may have chosen are left out when they are long. */
function misfit(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return "another shape than documented";
  const path = issue.path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${/^[A-Za-z_]\w{0,23}$/.test(String(part)) ? String(part) : "…"}`))
    .join("");
  const expected = "expected" in issue && typeof issue.expected === "string" ? `, expected ${issue.expected}` : "";
  return `another shape than documented at ${path === "" ? "the top" : path} (${issue.code}${expected})`;
}

function broken(answer: Answer, asked: Asked, fact: string, cutOff: boolean): KeyError {
  const type = /^[a-z]+\/[a-z0-9.+-]{1,40}/i.exec(answer.headers["content-type"] ?? "")?.[0] ?? "no content type";
  return new KeyError(
    "broken-answer",
    {
      ...asked,
      cause: `the venue answered with HTTP ${answer.status}, ${type}: ${fact}`,
      wayOut: "try again later; if it stays so, something stands between here and the venue, or the venue changed its API",
    },
    { transient: cutOff || answer.status >= 500 },
  );
}

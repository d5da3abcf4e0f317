// Calls to the command that serves this page. The tab's token is here and nowhere else: in memory, and sent as a header.

import type { TaskView } from "../../session.js";

export interface Snapshot {
  readonly version: number;
  readonly stack: string;
  readonly words: readonly string[];
  readonly next: string;
  readonly tasks: readonly TaskView[];
  readonly finished: boolean;
}

export interface Outside {
  readonly words: readonly string[];
  readonly reopen?: string;
  readonly code: "open" | "spent" | "ended";
  readonly taken: boolean;
  readonly locked?: string;
}

/** `gone`: nobody answers. `out`: this tab isn't in. `no`: refused, and nothing has changed. */
export type Answer<T> =
  | { readonly is: "ok"; readonly value: T }
  | { readonly is: "locked"; readonly reason: string }
  | { readonly is: "out" | "gone" }
  | { readonly is: "no"; readonly refused?: string };

let tab = "";

export const isIn = (): boolean => tab !== "";
export const keepTab = (token: string): void => void (tab = token);

/** Leaving the page: what a browser may keep of it must be good for nothing. */
export const forgetTab = (): void => void (tab = "");

export async function call<T>(path: string, body: object = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (tab !== "") headers["x-ceremony-tab"] = tab;
  let response: Response;
  let value: unknown;
  try {
    response = await fetch(`/api/${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    value = await response.json();
  } catch {
    return { is: "gone" };
  }
  if (response.ok) return { is: "ok", value: value as T };
  if (response.status === 423) return { is: "locked", reason: (value as { locked: string }).locked };
  if (response.status === 401) return { is: "out" };
  const { refused } = value as { refused?: string };
  return { is: "no", ...(refused !== undefined && { refused }) };
}

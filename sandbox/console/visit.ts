// One request of a browser: its session, its form, and whether it comes from where it says. Apart, because every page
// of every console begins here.

import type { Answer, ConsoleRequest } from "../dialect";
import { html, type Html } from "./html";
import { formToken, sameText, type Session, type Sessions } from "./sessions";

/** Name of the hidden field that proves a form to be ours. */
export const FORM_TOKEN = "form_token";

/** Thrown for a request that no page of ours would make; `message` is a sentence for the person. */
export class Rejected extends Error {
  override readonly name = "Rejected";
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export class Visit {
  readonly form: URLSearchParams;
  private current: Session | undefined;
  private readonly cookie: string;
  /** The session id that the browser sent. */
  private readonly given: string | undefined;

  constructor(
    readonly request: ConsoleRequest,
    private readonly sessions: Sessions,
    venue: string,
  ) {
    const name = request.headers.host ?? "";
    // A page elsewhere whose name leads to this machine must find nothing here.
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(name)) throw new Rejected(403, "This console answers at 127.0.0.1 and localhost alone.");
    // Browsers share cookies between the ports of a host; two sandboxes must not.
    this.cookie = `sandbox_${venue}_${request.port}`;
    this.form = request.method === "POST" ? formOf(request) : new URLSearchParams();
    this.given = cookieOf(request, this.cookie);
    this.current = sessions.find(this.given);
    if (request.method === "POST") this.check(request);
  }

  /** The form came from a page of this session: by the browser's word, and by the value hidden in the form. */
  private check({ headers, path }: ConsoleRequest): void {
    const foreign = headers.origin !== undefined && headers.origin !== this.origin;
    const site = headers["sec-fetch-site"];
    if (foreign || (site !== undefined && site !== "same-origin")) throw new Rejected(403, "This form was sent from another site.");
    const given = this.form.get(FORM_TOKEN) ?? "";
    if (!this.current || !sameText(given, formToken(this.current, path)))
      throw new Rejected(403, "This form isn't of this browser session, or the session has ended. Open the page again.");
  }

  get session(): Session | undefined {
    return this.current;
  }

  /** The session's account, once password and code were right. */
  get account(): string | null {
    return this.current?.stage === "in" ? this.current.account : null;
  }

  get origin(): string {
    return `http://${this.request.headers.host}`;
  }

  get userAgent(): string {
    return this.request.headers["user-agent"] ?? "";
  }

  signIn(stage: "code" | "in", account: string): void {
    this.current = this.sessions.renew(this.begun(), stage, account);
  }

  signOut(): void {
    this.sessions.close(this.begun());
    this.current = undefined;
  }

  /** The beginning of a form that posts to `action`, and what proves it to be ours. */
  hidden(action: string): Html {
    return html`<input type="hidden" name="${FORM_TOKEN}" value="${formToken(this.begun(), action)}" />`;
  }

  /** The session; one that is nobody's begins here when there is none. */
  begun(): Session {
    this.current ??= this.sessions.open();
    return this.current;
  }

  /** Adds the session's cookie to an answer, where the browser hasn't it already. */
  dressed(answer: Answer): Answer {
    if (this.current?.id === this.given) return answer;
    const value = this.current ? this.current.id : "; Max-Age=0";
    const cookie = `${this.cookie}=${value}; Path=/console; HttpOnly; SameSite=Strict`;
    return { ...answer, headers: { ...answer.headers, "set-cookie": cookie } };
  }
}

function formOf({ headers, body }: ConsoleRequest): URLSearchParams {
  if (headers["content-type"]?.split(";")[0]?.trim().toLowerCase() !== "application/x-www-form-urlencoded")
    throw new Rejected(415, "This page takes forms alone.");
  return new URLSearchParams(body.toString("utf8"));
}

function cookieOf({ headers }: ConsoleRequest, name: string): string | undefined {
  const pairs = (headers.cookie ?? "").split(";").map((pair) => pair.trim().split("="));
  return pairs.find(([key]) => key === name)?.[1];
}

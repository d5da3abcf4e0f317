// What a person does at the console, step by step, with a browser and an authenticator app. Each code is of a new step of
// the sandbox's clock, as a code is taken once.

import type { Bed, Credentials } from "./caller";
import { authenticator, Browser, linksOf, problemOf, textOf, type Filled, type Page } from "./browser";

export interface Login {
  readonly email: string;
  readonly password: string;
  readonly totpSecret: string;
}

export class Person {
  readonly browser: Browser;

  constructor(
    readonly bed: Bed,
    readonly login: Login = bed.sandbox.venues.bitfinex.login,
    from?: string,
  ) {
    this.browser = new Browser(bed.url, from);
  }

  /** The code of a step that hasn't been used. */
  async code(): Promise<string> {
    const { now } = await this.bed.control.post<{ now: string }>("/clock", { advance: "30s" });
    return authenticator(this.login.totpSecret, Date.parse(now));
  }

  /** Signs in; the page where it ends. */
  async signIn(): Promise<Page> {
    await this.browser.open("/console");
    const page = await this.browser.submit("/console/sign-in", { email: this.login.email, password: this.login.password });
    return page.at === "/console/sign-in/code" ? this.browser.submit("/console/sign-in/code", { code: await this.code() }) : page;
  }

  /** Fills in the form for a new key and sends it. */
  async generate(filled: Filled = {}): Promise<Page> {
    await this.browser.open("/console/api");
    return this.browser.submit("/console/api", filled);
  }

  /** The same with the 2FA code; the link that was mailed. */
  async ask(filled: Filled = {}): Promise<string> {
    const page = await this.generate(filled);
    if (page.at === "/console/api/code") await this.prove();
    const { page: last } = this.browser;
    if (last?.at !== "/console/api/sent") throw new Error(`no mail was sent: ${last?.at} ${last && problemOf(last)}`);
    return linksOf(await this.browser.open("/console/outbox"))[0]!;
  }

  /** Types the code where it is asked for. */
  async prove(): Promise<Page> {
    return this.browser.submit("/console/api/code", { code: await this.code() });
  }

  /** The whole way to a key. */
  async make(filled: Filled = {}): Promise<Credentials> {
    await this.browser.open(await this.ask(filled));
    const made = await this.browser.submit("/console/api/confirm");
    return { apiKey: textOf(made, "api-key")!, apiSecret: textOf(made, "api-secret")! };
  }

  /** The number under which a key stands in My API Keys. */
  async idOf(key: Credentials): Promise<string> {
    const { text } = await this.browser.open("/console/api/keys");
    const card = text.split("<article").find((part) => part.includes(key.apiKey));
    return /id="key-(\d+)"/.exec(card ?? "")![1]!;
  }
}

/** A new account and a person of it. */
export async function somebody(bed: Bed, account: Record<string, unknown> = { twoFactorModes: ["otp"] }): Promise<Person> {
  return new Person(bed, await bed.control.post<Login & { id: number }>("/venues/bitfinex/accounts", account));
}

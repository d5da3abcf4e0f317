// A person at a desk with a browser and a phone. Of what is to be done they know what the ceremony's page shows and nothing else: what
// they set at the venue's console is read from the page's own tables, and key and secret are carried from one tab to the other.

import type { Page as Tab } from "playwright-core";
import { complaints, newTab, paste, press, tabTo } from "../ceremony/visit";
import { type Browser, openChromium, own } from "../browser";
import { authenticator } from "../sandbox/browser";
import type { Venue } from "./venue";

/** What the page says is to stand at the venue. */
export interface Shown {
  readonly title: string;
  readonly label: string;
  /** The row's title on the venue's page → its toggles; a row lacks one that it hasn't got. */
  readonly grid: Readonly<Record<string, Readonly<{ Read?: boolean; Write?: boolean }>>>;
  /** The row's title → the API's name beside it. */
  readonly scopes: Readonly<Record<string, string>>;
  /** Empty where the page says that there is no restriction. */
  readonly addresses: readonly string[];
}

export interface Pair {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** What a person does otherwise than they were told: `{ "Orders": { Write: true } }`. */
export interface Slip {
  readonly grid?: Shown["grid"];
  readonly addresses?: readonly string[];
  readonly label?: string;
}

export class Operator {
  /** How the ceremony's page is worked. */
  hand: "mouse" | "keyboard" = "mouse";
  #lastStep = -1;
  #console: Tab | undefined;

  private constructor(
    readonly browser: Browser,
    readonly venue: Venue,
    readonly login: Login,
    /** Whether the venue takes a code a second time while it lasts, so that nobody has to wait. */
    private readonly codesTwice: boolean,
  ) {}

  static async open(venue: Venue, ...options: Parameters<typeof openChromium>): Promise<Operator> {
    const { totpTwice } = await venue.control.get<{ totpTwice: boolean }>("/venues/bitfinex/switches");
    return new Operator(await openChromium(...options), venue, venue.login, totpTwice);
  }

  /** Ends the browser. No page may have asked for anything beyond loopback. */
  async close(): Promise<void> {
    const { strayed } = this.browser;
    await this.browser.close();
    expect(strayed.filter((line) => !own.test(line))).toEqual([]);
  }

  /** By the file that the desktop's opener was given. */
  async follow(file: string): Promise<Tab> {
    const tab = await newTab(this.browser);
    await tab.goto(`file://${file}`, { waitUntil: "commit" });
    await tab.locator(".queue button").first().waitFor();
    return tab;
  }

  /** By the address and the code that the terminal shows. */
  async enter(address: string, code: string): Promise<Tab> {
    const tab = await newTab(this.browser);
    await tab.goto(address);
    await this.type(tab, code);
    await tab.locator(".queue button").first().waitFor();
    return tab;
  }

  async type(tab: Tab, code: string): Promise<void> {
    await tab.getByLabel("Code", { exact: true }).fill(code);
    await tab.getByRole("button", { name: "Open" }).click();
  }

  /** Turns to a task by its line in the queue. */
  async choose(tab: Tab, name: string): Promise<void> {
    const line = tab.locator(".queue button").filter({ has: tab.getByText(new RegExp(` ${name}$`)) });
    if (this.hand === "keyboard") await press(tab, new RegExp(` ${name} `));
    else await line.click();
    await tab.locator("h1", { hasText: `"${name}"` }).waitFor();
  }

  /** Presses the button that leads on: `Start: …`, or `Next: …` once a task is done. */
  async onward(tab: Tab, name: string): Promise<void> {
    await tab.getByRole("button", { name: new RegExp(`^(Start|Next): .*"${name}"$`) }).click();
    await tab.locator("h1", { hasText: `"${name}"` }).waitFor();
  }

  /** Reads the task that the page shows. */
  async read(tab: Tab): Promise<Shown> {
    return tab.evaluate(() => {
      const text = (element: Element | null | undefined): string => (element?.textContent ?? "").trim();
      const card = (heading: RegExp): Element | undefined =>
        [...document.querySelectorAll(".task .card")].find((each) => heading.test(text(each.querySelector("h2"))));
      const rows = [...document.querySelectorAll("table.grid tbody tr")].map((row) => {
        const [, read, write] = [...row.querySelectorAll("td")];
        const toggles = Object.entries({ Read: read, Write: write }).flatMap(([name, cell]) => {
          const face = text(cell?.querySelector(".switch"));
          return face === "" ? [] : [[name, face === "On"] as const];
        });
        return { title: text(row.querySelector("th")), scope: text(row.querySelector("code")), toggles: Object.fromEntries(toggles) };
      });
      const ips = card(/^IP list/);
      const stay = [...(ips?.querySelectorAll("ul.lines li") ?? [])].filter((line) => line.querySelector(".tag.remove") === null);
      const label = card(/^Label$/)?.querySelector(".copied code") ?? document.querySelector(".task dl.facts .copied code");
      return {
        title: text(document.querySelector(".task h1")),
        label: text(label),
        grid: Object.fromEntries(rows.map((row) => [row.title, row.toggles])),
        scopes: Object.fromEntries(rows.map((row) => [row.title, row.scope])),
        addresses: stay.map((line) => text(line.querySelector("code"))),
      };
    });
  }

  /** Opens the venue's page by the task's link, and signs in where that is asked for. */
  async venuePage(tab: Tab): Promise<Tab> {
    await this.#console?.close();
    const follow = (): Promise<void> =>
      this.hand === "keyboard" ? press(tab, /^Open /) : tab.getByRole("link", { name: /^Open / }).click();
    const [console] = await Promise.all([tab.context().waitForEvent("page"), follow()]);
    await console.waitForLoadState();
    await this.signIn(console);
    this.#console = console;
    return console;
  }

  /** Goes to the venue's page without being sent there. */
  async visit(): Promise<Tab> {
    await this.#console?.close();
    const console = await this.browser.context.newPage();
    await console.goto(`${this.venue.url}/console`);
    await this.signIn(console);
    this.#console = console;
    return console;
  }

  async signIn(console: Tab): Promise<void> {
    if ((await console.getByLabel("E-mail").count()) === 0) return;
    await console.getByLabel("E-mail").fill(this.login.email);
    await console.getByLabel("Password").fill(this.login.password);
    await console.getByRole("button", { name: "Sign in" }).click();
    await this.prove(console, "Continue");
    await console.getByRole("link", { name: "Create New Key" }).waitFor();
  }

  /** Sets every toggle of the form, those that are to be off too, the addresses and the label. */
  async fill(console: Tab, shown: Shown, slip: Slip = {}): Promise<void> {
    for (const [row, toggles] of Object.entries(shown.grid)) {
      for (const [name, on] of Object.entries({ ...toggles, ...slip.grid?.[row] })) {
        await console.getByLabel(`${row}: ${name}`, { exact: true }).setChecked(on);
      }
    }
    await console.getByLabel("IP access restrictions").fill((slip.addresses ?? shown.addresses).join("\n"));
    await console.getByLabel("Label (optional)").fill(slip.label ?? shown.label);
  }

  /** Makes the key of the task that the tab shows: the form, the 2FA code, the mailed link, and the one showing. */
  async make(tab: Tab, slip: Slip = {}): Promise<Pair> {
    const shown = await this.read(tab);
    const console = await this.venuePage(tab);
    await console.getByRole("link", { name: "Create New Key" }).click();
    await this.fill(console, shown, slip);
    await console.getByRole("button", { name: "Generate API Key" }).click();
    await this.prove(console, "Generate API Key");
    await console.getByRole("link", { name: "Open the outbox" }).click();
    await console.getByRole("link", { name: "Confirm the new API key" }).first().click();
    await console.getByRole("button", { name: "Create API Key" }).click();
    const text = async (id: string): Promise<string> => (await console.locator(id).innerText()).trim();
    return { apiKey: await text("#api-key"), apiSecret: await text("#api-secret") };
  }

  /** The same by the sandbox's control: a person who has done it often enough to be quick. */
  async makeQuickly(tab: Tab, slip: Slip = {}): Promise<Pair> {
    const { grid, scopes, label, addresses } = await this.read(tab);
    const permissions = Object.entries(grid).map(([title, toggles]) => {
      const { Read = false, Write = false } = { ...toggles, ...slip.grid?.[title] };
      return [scopes[title], Write ? (Read ? "read-write" : "write") : Read ? "read" : "none"];
    });
    const allowedIps = slip.addresses ?? addresses;
    return this.venue.key({ label: slip.label ?? label, permissions: Object.fromEntries(permissions), allowedIps });
  }

  /** Pastes both into the page at once, and has them looked at. */
  async bring(tab: Tab, { apiKey, apiSecret }: Pair): Promise<void> {
    await tab.bringToFront();
    if (this.hand === "keyboard") await tabTo(tab, "API key");
    else await tab.getByLabel("API key", { exact: true }).focus();
    await paste(tab, `API key: ${apiKey}\nAPI key secret: ${apiSecret}\n`);
    await tab.getByRole("button", { name: "Verify" }).press("Enter"); // it has the focus by now
  }

  /** The whole of a new key, until the page says that it is as declared. */
  async create(tab: Tab): Promise<Pair> {
    const pair = await this.make(tab);
    await this.bring(tab, pair);
    await this.verified(tab);
    return pair;
  }

  verified(tab: Tab): Promise<void> {
    return tab.getByRole("heading", { name: /^✓ (Verified|Changed|Revoked)/ }).waitFor();
  }

  /** Finds a key by its label under My API Keys, and opens what the button says; without a tab, on one's own account. */
  async find(tab: Tab | undefined, label: string, what: "Edit" | "Revoke"): Promise<Tab> {
    const console = tab === undefined ? await this.visit() : await this.venuePage(tab);
    await console.getByRole("link", { name: "My API Keys" }).click();
    await console.getByRole("link", { name: `${what} ${label}`, exact: true }).click();
    return console;
  }

  /** Edits the key of the task that the tab shows: `label` is under what it stands there now. */
  async edit(tab: Tab, label?: string, slip: Slip = {}): Promise<void> {
    const shown = await this.read(tab);
    const console = await this.find(tab, label ?? shown.label, "Edit");
    await this.fill(console, shown, slip);
    await this.save(console);
  }

  async save(console: Tab): Promise<void> {
    await console.getByRole("button", { name: "Save changes" }).click();
    await this.prove(console, "Save changes");
    await console.getByText("The key has been changed.").waitFor();
  }

  async revoke(tab: Tab): Promise<void> {
    const { label } = await this.read(tab);
    const console = await this.find(tab, label, "Revoke");
    await console.getByRole("button", { name: "Revoke" }).click();
    await this.prove(console, "Revoke");
    await console.getByText("The key has been revoked.").waitFor();
  }

  /** What the browser's tabs complained of by themselves: a refused resource, an error of a script. */
  complaints(tab: Tab): readonly string[] {
    return complaints.get(tab) ?? [];
  }

  /** Types the phone's code. A code is taken once: where this step's was, the person waits for the next, which the sandbox's clock has at once. */
  async prove(console: Tab, button: string): Promise<void> {
    await console.getByLabel("2FA code").fill(await this.#code());
    await console.getByRole("button", { name: button }).click();
  }

  async #code(): Promise<string> {
    let now = await this.venue.now();
    if (Math.floor(now / STEP_MS) <= this.#lastStep && !this.codesTwice) {
      await this.venue.advance("30s");
      now = await this.venue.now();
    }
    this.#lastStep = Math.floor(now / STEP_MS);
    return authenticator(this.login.totpSecret, now);
  }
}

export interface Login {
  readonly email: string;
  readonly password: string;
  readonly totpSecret: string;
}

const STEP_MS = 30_000;

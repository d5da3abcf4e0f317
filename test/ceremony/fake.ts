// A session in memory, for the page alone: each action runs a script that the test gives, and remembers what it was called with.

import type { AddressLine, Row, Session, TaskView } from "../../provider/ceremony/session";

type Change = Partial<TaskView>;
/** What an action makes of a task; absent: nothing. */
export interface Script {
  begin?(task: TaskView): Change | Promise<Change>;
  submit?(task: TaskView, apiKey: string, apiSecret: string): Change | Promise<Change>;
  again?(task: TaskView): Change | Promise<Change>;
  evidence?(task: TaskView, statement: string): Change | Promise<Change>;
  attest?(task: TaskView): Change | Promise<Change>;
  discard?(task: TaskView): Change | Promise<Change>;
}

export const rows: readonly Row[] = [
  { scope: "account", title: "Account Info", toggles: ["read"], want: "none" },
  { scope: "history", title: "Account History", toggles: ["read"], want: "read" },
  { scope: "orders", title: "Orders", toggles: ["read", "write"], want: "read-write" },
  { scope: "positions", title: "Margin Trading", toggles: ["read", "write"], want: "none" },
  { scope: "funding", title: "Margin Funding", toggles: ["read", "write"], want: "none" },
  { scope: "wallets", title: "Wallets", toggles: ["read", "write"], want: "read" },
  { scope: "withdraw", title: "Withdrawals", toggles: ["read", "write"], want: "none" },
];

const ips: readonly AddressLine[] = [
  { address: "203.0.113.10", purpose: "fra1 gateway" },
  { address: "203.0.113.11", purpose: "ams1 gateway" },
];

export function createTask(id: string, change: Change = {}): TaskView {
  return {
    id,
    does: "create",
    name: id,
    title: `API key "${id}"`,
    why: "it is new",
    phase: "todo",
    venue: "bitfinex (sandbox)",
    account: "bitfinex-main",
    accountId: "1234567",
    link: "http://127.0.0.1:9/api",
    steps: [
      "Sign in, and open the tab Create New Key.",
      "Set every row's toggles as they stand below; a default is already set there, so look at each row.",
      "Under IP Access restrictions, enter the addresses below.",
      "Enter the label, and press Generate API Key.",
      "Enter the 2FA code, or press your security key.",
      "Open the e-mail that comes, and paste its link into this same browser; there press Create API Key.",
      "Key and secret are shown once: copy both and bring them back here before you close that page.",
    ],
    rows,
    allowedIps: ips,
    label: `${id} xk-7f3k2m9qpw4c`,
    mayExist: false,
    canLook: false,
    findings: [],
    ...change,
  };
}

export const doneChange = (id: string): Change => ({
  phase: "done",
  fingerprint: "0123456789abcdef",
  findings: [],
  deposit: { file: `.exchange-keys/deposits/${id}.age`, endsAt: "2026-11-25T12:00:00.000Z" },
});

export const editRows: readonly Row[] = rows.map((row) => ({ ...row, is: row.scope === "orders" ? ("read" as const) : row.want }));

/** One task in each phase, and each kind: what pictures and the accessibility check go through. */
export const everyPhase = (): readonly TaskView[] => [
  createTask("maker"),
  createTask("left", { mayExist: true }),
  createTask("typo", {
    canLook: true,
    pasted: "sandbox-Ab3…",
    findings: [{ text: "The venue doesn't know this secret for this key.", wayOut: "Paste both again, or make a new key." }],
  }),
  createTask("wide", {
    phase: "differs",
    canLook: true,
    pasted: "sandbox-Ab3…",
    rows: rows.map((row) => ({ ...row, is: row.scope === "orders" ? "read" : row.scope === "withdraw" ? "write" : row.want })),
    findings: [{ text: "Withdrawals can be written to, which is more than declared." }],
  }),
  createTask("barred", {
    phase: "barred",
    canLook: true,
    pasted: "sandbox-Ab3…",
    fingerprint: "0123456789abcdef",
    findings: [
      {
        text: "The venue refuses this key at 198.51.100.9, which its list is to exclude. It says the same of a key that was mistyped or doesn't exist.",
        wayOut: "Run the probe on a host of its list, and paste what it prints here.",
      },
    ],
    probe: {
      command: "exchange-keys probe --prompt --venue bitfinex --out maker.json",
      hosts: ["203.0.113.10 (fra1 gateway)", "203.0.113.11"],
    },
  }),
  createTask("stranger", {
    phase: "discarding",
    pasted: "sandbox-Ab3…",
    fingerprint: "0123456789abcdef",
    canLook: true,
    findings: [{ text: "This key belongs to account 7654321, not to 1234567." }],
  }),
  createTask("looking", { phase: "checking" }),
  createTask("ready", doneChange("ready")),
  createTask("unknown", {
    phase: "blocked",
    findings: [{ text: "Its IP list is unknown until up.", wayOut: "Run pulumi up for what it depends on first." }],
  }),
  createTask("wider", {
    does: "edit",
    why: "its permissions are to change",
    fingerprint: "0123456789abcdef",
    canLook: true,
    rows: editRows,
    allowedIps: [{ ...ips[0]! }, { ...ips[1]!, change: "add" }, { address: "198.51.100.9", purpose: "", change: "remove" }],
    labelFrom: "wider xk-3c8p5t2n6r1d",
    steps: ["Open My API Keys, find the label, and press Edit.", "Change what is marked below, save, and enter the 2FA code."],
  }),
  createTask("former", {
    does: "revoke",
    why: "its rotation is over",
    fingerprint: "0123456789abcdef",
    steps: ["Open My API Keys, find the label, and press Revoke.", "Enter the 2FA code."],
  }),
  createTask("open", { allowedIps: "anywhere" }),
];

export class FakeSession implements Session {
  readonly stack = "acme/desk/production";
  readonly calls: (readonly string[])[] = [];
  #tasks: TaskView[];
  #listeners = new Set<() => void>();

  constructor(
    tasks: readonly TaskView[],
    private readonly script: Script = {},
  ) {
    this.#tasks = [...tasks];
  }

  tasks = (): readonly TaskView[] => this.#tasks;
  begin = (id: string): Promise<TaskView> => this.#do("begin", id, (task) => this.script.begin?.(task));
  submit = (id: string, apiKey: string, apiSecret: string): Promise<TaskView> =>
    this.#do("submit", id, (task) => this.script.submit?.(task, apiKey, apiSecret), apiKey, apiSecret);
  again = (id: string): Promise<TaskView> => this.#do("again", id, (task) => this.script.again?.(task));
  evidence = (id: string, statement: string): Promise<TaskView> =>
    this.#do("evidence", id, (task) => this.script.evidence?.(task, statement), statement);
  attest = (id: string): Promise<TaskView> => this.#do("attest", id, (task) => this.script.attest?.(task));
  discard = (id: string): Promise<TaskView> => this.#do("discard", id, (task) => this.script.discard?.(task));

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What happens by itself: the machine looks, another command has done it. */
  change(id: string, change: Change): TaskView {
    const at = this.#tasks.findIndex((task) => task.id === id);
    if (at < 0) throw new Error(`no task ${id}`);
    const task: TaskView = { ...this.#tasks[at]!, ...change };
    this.#tasks[at] = task;
    for (const listener of [...this.#listeners]) listener();
    return task;
  }

  /** It waits no more: another run of `up` went on without it. */
  remove(id: string): void {
    this.#tasks = this.#tasks.filter((task) => task.id !== id);
    for (const listener of [...this.#listeners]) listener();
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  async #do(name: string, id: string, run: (task: TaskView) => Change | Promise<Change> | undefined, ...more: string[]): Promise<TaskView> {
    const task = this.#tasks.find((one) => one.id === id);
    if (!task) throw new Error(`no task ${id} for ${more.join(" ")}`); // a page that repeats this would tell the secret
    this.calls.push([name, id, ...more]);
    const change = await run(task);
    return change ? this.change(id, change) : task;
  }
}

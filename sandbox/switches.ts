// Switches: what a venue's documents leave open, each with a name, its values and a default. Apart, because every venue
// has a table of them and the control API, the tests and docs/sandbox.md all read the same table.

export type SwitchValue = string | number | boolean;

/** One open question of a venue's documents. */
export interface SwitchRow {
  /** What isn't documented, in one sentence. */
  readonly open: string;
  /** The answers that the sandbox can give. */
  readonly values: readonly [SwitchValue, ...SwitchValue[]];
  readonly default: SwitchValue;
  /** Why this is the default: the worst for a client, or why the worst would make the kind unusable. */
  readonly why: string;
}

export type SwitchTable = Readonly<Record<string, SwitchRow>>;

/** The values that differ from the default. */
export type SwitchState = Record<string, SwitchValue>;

export class Switches<T extends SwitchTable = SwitchTable> {
  constructor(
    readonly table: T,
    private readonly state: SwitchState = {},
  ) {}

  get<K extends keyof T & string>(name: K): T[K]["values"][number] {
    return this.state[name] ?? (this.table[name] as SwitchRow).default;
  }

  /** Every switch with its present value. */
  all(): Record<string, SwitchValue> {
    return Object.fromEntries(Object.keys(this.table).map((name) => [name, this.get(name)]));
  }

  /** Sets some switches, all or none; `null` returns one to its default. Throws a RangeError that names what is wrong. */
  patch(changes: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(changes)) {
      const row = this.table[name];
      if (!row) throw new RangeError(`${name}: no such switch; there are ${Object.keys(this.table).join(", ")}`);
      if (value !== null && !row.values.includes(value as SwitchValue)) {
        throw new RangeError(`${name}: ${JSON.stringify(value)} is none of ${row.values.map((v) => JSON.stringify(v)).join(", ")}`);
      }
    }
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) delete this.state[name];
      else this.state[name] = value as SwitchValue;
    }
  }
}

/** The table as Markdown, the way docs/sandbox.md has it. */
export function switchesAsMarkdown(table: SwitchTable): string {
  const code = (value: SwitchValue): string => `\`${JSON.stringify(value)}\``;
  const rows = Object.entries(table).map(([name, row]) => {
    const values = row.values.map((value) => (value === row.default ? `**${code(value)}**` : code(value))).join(", ");
    return `| \`${name}\` | ${row.open} | ${values} | ${row.why} |`;
  });
  return ["| switch | not documented | values (default in bold) | why this default |", "|---|---|---|---|", ...rows].join("\n");
}

// Figures as text: medians, and tables that read the same on a terminal and in docs/performance.md.

/** The middle of several figures; of an even number the lower of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
}

/** `1.23 (1.10–1.50)`: the median, and the least and the greatest where there are several. */
export function spread(figures: readonly number[], digits = 2): string {
  const text = (figure: number) => figure.toFixed(digits);
  if (figures.length === 1) return text(figures[0]!);
  return `${text(median(figures))} (${text(Math.min(...figures))}–${text(Math.max(...figures))})`;
}

/** What a mark says of a figure. */
export function within(figure: number, allowed: number): string {
  return figure <= allowed ? "yes" : "NO";
}

/** A Markdown table, its columns aligned. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column]!)].map(({ length }) => length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

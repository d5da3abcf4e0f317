// `1 key`, `2 keys`: how reports count.

export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

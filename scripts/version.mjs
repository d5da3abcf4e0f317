// Version numbers, as far as the set-up needs them.

/** Whether "1.9.0" is lower than "1.10.0": number by number; a missing number counts as 0. */
export function isLower(version, than) {
  const [a, b] = [version, than].map((text) => text.split(".").map(Number));
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

// Property paths as the engine reads them (ParsePropertyPath, sdk/go/common/resource/properties_path.go, CLI 3.259): which input one leads to.

/**
 * The first name or index of a path: `permissions` of `permissions.Spot[0]` and of `["permissions"].Spot`; undefined where the engine
 * can't read the path, so that nobody knows what is meant.
 */
export function rootOf(path: string): string | number | undefined {
  const elements = elementsOf(path);
  return elements?.[0];
}

/** Names stand bare up to the next `.` or `[`, or quoted in brackets, where `\\"` is a quote; indices and `*` in brackets. */
function elementsOf(path: string): readonly (string | number)[] | undefined {
  if (path.startsWith(".")) return undefined;
  const found: (string | number)[] = [];
  for (let rest = path; rest !== "";) {
    const [whole, quoted, index, name] = ELEMENT.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    if (quoted !== undefined) found.push(quoted.replaceAll('\\"', '"'));
    else if (index !== undefined) found.push(index === "*" ? index : Number(index));
    else if (name !== undefined) found.push(name);
    rest = rest.slice(whole.length);
  }
  return found.length === 0 ? undefined : found;
}

const ELEMENT = /^(?:\.?\["((?:\\"|[^"])*)"\]|\.?\[(\*|[+-]?\d+)\]|\.?([^.[]+))/;

// The one function that prints from the provider process: a ceremony's address, an unknown outcome and its end, the path of a used deposit. Nothing else.

const said = new Set<string>();

/** Prints one line, once a process. It shows under the stack's row of `pulumi up`, and again under Diagnostics. */
export function say(line: string): void {
  if (said.has(line)) return;
  said.add(line);
  console.log(line);
}

// How a command ends: the exit codes, and the error that carries one with its sentence. Apart, so that no command
// chooses numbers of its own.

export const Exit = {
  yes: 0,
  /** It differs, or fails a rule. */
  no: 1,
  /** The command line or the configuration is wrong. */
  usage: 2,
  /** A venue or backend can't be reached, or an outcome isn't known. */
  unknown: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof Exit)[keyof typeof Exit];

/** Ends a command with a sentence on stderr. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  constructor(
    readonly exitCode: ExitCode,
    message: string,
  ) {
    super(message);
  }
}

/** Of an error of the provider's: wrong from the start, or not known. It is told by its name, so that no command loads the provider for it. */
export function exitOf(error: unknown): ExitCode {
  const { name, branch } = error as { readonly name?: unknown; readonly branch?: unknown };
  return name === "KeyError" && branch === "invalid" ? Exit.usage : Exit.unknown;
}

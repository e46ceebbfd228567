/** Exit codes of the command line; documented in docs/cli.md. */
export const exitCode = {
  ok: 0,
  failure: 1,
  usage: 2,
  unreachable: 3,
  partial: 4,
  /** As jq has them, of `fairway jq` only. */
  jqCompile: 3,
  jqNoOutput: 4,
  jqFailed: 5,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** A failure that is told to the user in one sentence (and a hint), never with a stack. */
export class CliError extends Error {
  readonly exit: ExitCode;
  /** Machine-readable, snake_case; `error` of the `--json` document. */
  readonly code: string;
  /** What to do about it. */
  readonly hint: string | null;

  constructor(exit: ExitCode, code: string, message: string, hint: string | null = null) {
    super(message);
    this.name = "CliError";
    this.exit = exit;
    this.code = code;
    this.hint = hint;
  }
}

export function usageError(message: string, hint: string | null = null): CliError {
  return new CliError(exitCode.usage, "usage", message, hint);
}

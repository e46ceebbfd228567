import type { Meter } from "./meter.ts";
import type { Json } from "./value.ts";

/** A program that is not jq: where, and what was expected. */
export class JqCompileError extends Error {
  override readonly name = "JqCompileError";
  readonly code = "jq_compile";
  /** 1-based; the column counts code points. */
  readonly line: number;
  readonly column: number;
  /** The offending line with a caret line below it. */
  readonly excerpt: string;

  constructor(message: string, line: number, column: number, excerpt: string) {
    super(message);
    this.line = line;
    this.column = column;
    this.excerpt = excerpt;
  }
}

/** Where the engine is V8, this says how much of the stack an error takes down; elsewhere it means nothing. */
const ErrorClass = Error as ErrorConstructor & { stackTraceLimit?: number | undefined };

/**
 * An error raised while a program runs. `value` is what `catch` sees (jq's `error(value)`); `message` is its text.
 * `jq_limit` marks a program that used up its steps, output or depth: `try` and `?` do not catch it.
 */
export class JqError extends Error {
  override readonly name = "JqError";
  readonly code: "jq_error" | "jq_limit";
  readonly value: Json;
  /** What `run` had given before the error. */
  outputs: Json[] = [];

  constructor(message: string, value: Json = message, code: "jq_error" | "jq_limit" = "jq_error") {
    // Programs raise and catch errors in loops; a stack trace, which would show our closures only, is 6 of 10 µs.
    const limit = ErrorClass.stackTraceLimit;
    ErrorClass.stackTraceLimit = 0;
    super(message);
    ErrorClass.stackTraceLimit = limit;
    this.value = value;
    this.code = code;
  }
}

/** Raising an error and catching it takes about as long as this many steps. */
const CATCH_STEPS = 12;

/** What `catch` sees of something that was thrown. Passes on what no program may catch: limits, and faults of our own. */
export function caught(error: unknown, meter: Meter): Json {
  if (!(error instanceof JqError) || error.code === "jq_limit") throw error;
  meter.spend(CATCH_STEPS);
  return error.value;
}

/** The error of a limit: `what` is "steps", "output" or "depth". */
export const limitError = (what: string, limit: number): JqError =>
  new JqError(`The program was stopped: it needs more than ${limit} ${what}`, null, "jq_limit");

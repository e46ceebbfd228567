import { type CompileOptions, compileProgram, type Program, type RunOptions } from "./compile/program.ts";
import { JqError } from "./errors.ts";
import { parseMapping } from "./syntax/parse.ts";
import type { Json } from "./value.ts";

/** Why an expression gave nothing. */
export interface Problem {
  /** `jq_error`: an error of the expression, `jq_limit`: stopped by a limit, `jq_empty`: it ended without an output. */
  readonly code: "jq_error" | "jq_limit" | "jq_empty";
  readonly message: string;
}

export interface Explained {
  readonly value: Json;
  /** Set when the value is `null` for a reason other than that the expression gave `null`. */
  readonly problem: Problem | null;
}

/** An expression of a mapping (spec workflows 1.1.6): it gives one value, and never an error. */
export interface Mapping {
  readonly source: string;
  /** The first output; `null` when there is none, or an error. */
  evaluate(input: unknown, options?: RunOptions): Json;
  /** The same, and why it is `null`. */
  explain(input: unknown, options?: RunOptions): Explained;
}

/** What a program raises may be as long as its output may be; a reason need not. */
const MAX_MESSAGE = 10_000;
const EMPTY: Problem = { code: "jq_empty", message: "The expression has no output" };

class CompiledMapping implements Mapping {
  private readonly program: Program;

  constructor(program: Program) {
    this.program = program;
  }

  get source(): string {
    return this.program.source;
  }

  evaluate(input: unknown, options?: RunOptions): Json {
    try {
      return this.program.first(input, options) ?? null;
    } catch (error) {
      if (error instanceof JqError) return null;
      throw error;
    }
  }

  explain(input: unknown, options?: RunOptions): Explained {
    try {
      const value = this.program.first(input, options);
      return value === undefined ? { value: null, problem: EMPTY } : { value, problem: null };
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
      return { value: null, problem: { code: error.code, message: error.message.slice(0, MAX_MESSAGE) } };
    }
  }
}

/**
 * Compiles an expression of a mapping: jq, with strings in single quotes too. Throws a `JqCompileError` where it is
 * neither. `env` is empty unless given.
 */
export const compileMapping = (text: string, options?: CompileOptions): Mapping =>
  new CompiledMapping(compileProgram(text, { ...options, parse: parseMapping }));

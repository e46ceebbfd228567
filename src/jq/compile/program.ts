import type { Node } from "../ast.ts";
import { JqError } from "../errors.ts";
import type { Meter } from "../meter.ts";
import { compileError } from "../syntax/compile-error.ts";
import type { ReadModule } from "../modules/find.ts";
import { link } from "../modules/link.ts";
import { parseMain } from "../syntax/parse-module.ts";
import type { Json, JsonObject } from "../value.ts";
import { check } from "./check.ts";
import { CompiledProgram } from "./compiled.ts";
import { Unit } from "./unit.ts";

export interface CompileOptions {
  /** Elementary steps of one run; 1,000,000 unless given. */
  readonly maxSteps?: number;
  /** Bytes (roughly) of all outputs of one run, and of any value on the way; 10,000,000 unless given. */
  readonly maxOutput?: number;
  /** Calls that wait for each other; 10,000 unless given. */
  readonly maxDepth?: number;
  /** Variables (`$name`) that the program may use, and their values unless a run has others. */
  readonly args?: Record<string, Json>;
  /** What `env` and `$ENV` hold; empty unless given. */
  readonly env?: Record<string, string>;
  /** The clock of `now`, in seconds since 1970; without one, `now` is an error. */
  readonly now?: () => number;
  /** IANA zone of `localtime` and its like; "UTC" unless given. */
  readonly timeZone?: string;
  /** What `import` and `include` read from; without it they are errors. */
  readonly modules?: ReadModule;
}

/** What one run has instead of what was given to `compile`. */
export interface RunOptions {
  /** Seconds since 1970. */
  readonly now?: number;
  readonly args?: Record<string, Json>;
  /** Limits that several runs share, instead of those of the program. */
  readonly meter?: Meter;
}

/** A compiled program. It does not change, and runs of it do not disturb each other. */
export interface Program {
  readonly source: string;
  /** All outputs. A `JqError` has those before it in `outputs`. */
  run(input: unknown, options?: RunOptions): Json[];
  /** The first output, `undefined` if there is none; what comes after it is not computed. */
  first(input: unknown, options?: RunOptions): Json | undefined;
  /** The outputs one by one, each computed when it is asked for. */
  iterate(input: unknown, options?: RunOptions): IterableIterator<Json>;
}

export interface InternalOptions extends CompileOptions {
  /** Only for tests: code without direct functions. */
  readonly machineOnly?: boolean;
  /** How the text is read, for programs that are not jq to the letter. */
  readonly parse?: (text: string) => Node;
}

/** What is no number is no limit that could be passed. */
const limitOf = (given: number | undefined, usual: number): number =>
  given === undefined || Number.isNaN(given) ? usual : given;

/** Compiles a program; a `JqCompileError` says where it is none. */
export function compileProgram(source: string, options: InternalOptions = {}): Program {
  if (typeof source !== "string") throw compileError("", 0, `A program is a text, not ${typeof source}`);
  const args = (options.args ?? {}) as JsonObject;
  const unit = new Unit(source, new Set(Object.keys(args)), options.machineOnly ?? false);
  try {
    const main = options.parse === undefined ? parseMain(source) : null;
    const node = main?.body ?? (options.parse as (text: string) => Node)(source);
    const scope = main === null ? null : link(main, unit, options.modules);
    check(node, unit, scope);
    const circumstances = {
      env: Object.freeze({ ...options.env }),
      timeZone: options.timeZone ?? "UTC",
      args,
      clock: options.now,
      cache: new Map<string, unknown>(),
      modules: options.modules,
    };
    return new CompiledProgram(source, { node, scope }, unit, circumstances, {
      maxSteps: limitOf(options.maxSteps, 1_000_000),
      maxOutput: limitOf(options.maxOutput, 10_000_000),
      maxDepth: limitOf(options.maxDepth, 10_000),
    });
  } catch (error) {
    if (error instanceof RangeError) throw unit.error(0, "The program is nested too deeply");
    if (error instanceof JqError) throw unit.error(0, "The program is too large");
    throw error;
  }
}

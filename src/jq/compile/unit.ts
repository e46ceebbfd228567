import { compileError } from "../syntax/compile-error.ts";
import type { JqCompileError } from "../errors.ts";
import type { BindingOf, Environment } from "./environment.ts";

/** Nodes that may come from functions compiled into their callers, in one program; after that, functions are called. */
const INLINE_BUDGET = 20_000;

/** What the compiler keeps for one program. */
export class Unit {
  readonly source: string;
  /** Names of the variables that come from outside. */
  readonly globals: ReadonlySet<string>;
  /** Only for tests: everything runs on the machine. */
  readonly machineOnly: boolean;
  budget = INLINE_BUDGET;
  /** Functions made so far. */
  made = 0;
  /** Nodes around the one that is being judged. */
  nesting = 0;
  /** Builtins written in jq that are called, not compiled into their callers. */
  readonly builtins = new Map<string, BindingOf<"function">>();
  /** The environment without any names. */
  root: Environment | null = null;

  constructor(source: string, globals: ReadonlySet<string>, machineOnly: boolean) {
    this.source = source;
    this.globals = globals;
    this.machineOnly = machineOnly;
  }

  /** An error at a place of the program. */
  error(at: number, message: string): JqCompileError {
    return compileError(this.source, at, message);
  }
}

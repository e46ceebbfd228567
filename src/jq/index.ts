/** jq 1.8, compiled to closures, with limits on all that a program may use. It imports nothing from outside. */
import { type CompileOptions, compileProgram, type Program } from "./compile/program.ts";

export type { CompileOptions, Program, RunOptions } from "./compile/program.ts";
export { JqCompileError, JqError } from "./errors.ts";
export { compileMapping, type Explained, type Mapping, type Problem } from "./mapping.ts";
export type { ReadModule } from "./modules/find.ts";
export { Meter } from "./meter.ts";
export { compileTemplate, type Rendered, type Template, type TemplateProblem } from "./template.ts";
export type { Json, JsonObject } from "./value.ts";

/** Compiles a jq program. Throws a `JqCompileError` with the place of what is wrong. */
export const compile = (program: string, options?: CompileOptions): Program =>
  compileProgram(program, options);

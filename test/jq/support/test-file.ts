import { compile, JqCompileError, JqError } from "../../../src/jq/index.ts";
import type { Json } from "../../../src/jq/value.ts";
import { modules } from "./modules.ts";
import { readJson } from "./read-json.ts";
import { same, show } from "./same.ts";

/** One group of a file in the format of jq's own test suite. */
export interface FileCase {
  /** 1-based line of the program. */
  readonly line: number;
  readonly program: string;
  /** JSON text; "" when the program must not compile. */
  readonly input: string;
  readonly outputs: readonly string[];
  /** `%%FAIL`: it must not compile. jq's message is not compared: it is its parser generator's, ours is for people. */
  readonly fails: boolean;
}

const isBlank = (line: string): boolean => /^[ \t]*(?:#|$)/u.test(line);

/**
 * Groups are separated by blank lines or comments: program, input, any number of outputs; or `%%FAIL`, a program that must not
 * compile, and the message.
 */
export function parseTestFile(text: string): FileCase[] {
  const cases: FileCase[] = [];
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    if (isBlank(lines[i]!)) continue;
    const fails = /^%%FAIL(?: IGNORE MSG)?$/u.test(lines[i]!);
    if (fails) i++;
    const line = i + 1;
    const program = lines[i] ?? "";
    const rest: string[] = [];
    while (++i < lines.length && !isBlank(lines[i]!)) rest.push(lines[i]!);
    const [input = "", ...outputs] = fails ? [] : rest;
    cases.push({ line, program, input, outputs, fails });
  }
  return cases;
}

/** The environment that such files expect, and room enough. */
const OPTIONS = { env: { PAGER: "less" }, maxSteps: 100_000_000, maxOutput: 200_000_000, modules };

/** Null when the case holds, else what went wrong, in one line. */
export function runFileCase(given: FileCase): string | null {
  let program;
  try {
    program = compile(given.program, OPTIONS);
  } catch (error) {
    if (!(error instanceof JqCompileError)) return `compile threw ${String(error)}`;
    return given.fails ? null : `does not compile: ${error.message}`;
  }
  if (given.fails) return "compiles, but must not";

  const expected = given.outputs.map(readJson);
  let outputs: Json[];
  let raised = "";
  try {
    outputs = program.run(readJson(given.input));
  } catch (error) {
    if (!(error instanceof JqError)) return `run threw ${String(error)}`;
    // As jq's runner has it: an error after the last expected output is an end like any other.
    outputs = error.outputs;
    raised = `, then the error ${show(error.message)}`;
    if (error.code === "jq_limit") return `stopped: ${error.message}`;
  }
  if (outputs.length !== expected.length || outputs.some((value, i) => !same(value, expected[i]!)))
    return `gave ${show(outputs)}${raised}, not ${show(expected)}`;
  return null;
}

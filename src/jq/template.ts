/** Values with `{{ expression }}` in their texts and keys (spec workflows 1.1.6): payloads of actions and automations. */
import { measure } from "./compile/measure.ts";
import type { CompileOptions, RunOptions } from "./compile/program.ts";
import { JqCompileError, JqError } from "./errors.ts";
import { compileMapping, type Problem } from "./mapping.ts";
import { Meter } from "./meter.ts";
import type { Runtime } from "./runtime.ts";
import { compileError } from "./syntax/compile-error.ts";
import { findTemplates, type Span } from "./syntax/find-templates.ts";
import { type Json, type JsonObject, writeKey } from "./value.ts";
import { showForError, toText } from "./values/print.ts";

export interface TemplateProblem extends Problem {
  /** Keys and indices of the template that lead to the text with the expression. */
  readonly path: readonly (string | number)[];
  readonly expression: string;
}

export interface Rendered {
  readonly value: Json;
  /** The expressions that gave `null` because of an error, a limit, or for want of an output. */
  readonly problems: readonly TemplateProblem[];
}

export interface Template {
  /**
   * The value with all expressions replaced by what they give for `input`. An expression that fails gives `null`.
   * @throws JqError when a key is no string, what is spread is no object, or the whole is larger than `maxOutput`
   */
  render(input: unknown, options?: RunOptions): Json;
  /** The same, with the expressions that failed. */
  explain(input: unknown, options?: RunOptions): Rendered;
}

type Path = readonly (string | number)[];

/** What a rendering needs: its input, and its limits, which all expressions share. */
interface Rendering {
  readonly input: unknown;
  readonly options: RunOptions & { readonly meter: Meter };
  readonly runtime: Runtime;
  readonly problems: TemplateProblem[];
  /** What is left of `maxOutput` for the whole. */
  left: number;
}

type Part = (rendering: Rendering) => Json;

const SPREAD = /^\s*\{\{\s*spreadValue\(\s*\)\s*\}\}\s*$/;
const SPREAD_CALL = /^\s*spreadValue\(\s*\)\s*$/;
/** Levels of arrays and objects that a template may have. */
const MAX_NESTING = 1_000;

/**
 * Compiles a template: any JSON value. A text that is one template gives what its expression gives, of any type; else
 * what expressions give is put into the text (what is no string, as JSON). Objects lose the keys whose template gives
 * `null` or the empty text; what stands under `{{ spreadValue() }}` is merged into its object.
 * Throws a JqCompileError where braces do not match or an expression is no jq; its message names the path.
 */
export function compileTemplate(template: unknown, options: CompileOptions = {}): Template {
  const part = compileValue(template, [], options);
  const { maxSteps = 1_000_000, maxOutput = 10_000_000, maxDepth = 10_000 } = options;

  function explain(input: unknown, runOptions: RunOptions = {}): Rendered {
    const meter = runOptions.meter ?? new Meter(maxSteps, maxOutput, maxDepth);
    const rendering: Rendering = {
      input,
      options: { ...runOptions, meter },
      runtime: { meter, env: {}, now: undefined, timeZone: "UTC", cache: new Map() },
      problems: [],
      left: meter.maxOutput,
    };
    return { value: part(rendering), problems: rendering.problems };
  }
  return { explain, render: (input, runOptions) => explain(input, runOptions).value };
}

const constant =
  (value: Json): Part =>
  () =>
    value;

function compileValue(template: unknown, path: Path, options: CompileOptions): Part {
  if (path.length > MAX_NESTING)
    throw new JqCompileError(`The template is nested more than ${MAX_NESTING} levels deep`, 1, 1, "\n^");
  if (typeof template === "string") return compileText(template, path, options);
  if (Array.isArray(template)) {
    const items = template.map((item, i) => compileValue(item, [...path, i], options));
    return (rendering) => items.map((item) => item(rendering));
  }
  if (typeof template === "object" && template !== null)
    return compileObject(template as Record<string, unknown>, path, options);
  return constant((template ?? null) as Json);
}

type Entry = (rendering: Rendering, into: JsonObject) => void;

function compileObject(template: Record<string, unknown>, path: Path, options: CompileOptions): Part {
  const keys = Object.keys(template).filter((key) => template[key] !== undefined);
  const entries = keys.map((key): Entry => {
    const here = [...path, key];
    const value = compileValue(template[key], here, options);
    if (SPREAD.test(key)) return (rendering, into) => spread(value(rendering), into, here);
    const name = compileText(key, here, options);
    if (!key.includes("{{")) return (rendering, into) => writeKey(into, key, value(rendering));
    return (rendering, into) => {
      const text = name(rendering);
      if (text === null || text === "") return;
      if (typeof text !== "string")
        throw new JqError(
          `${showPath(here)}the key ${showForError(key)} became ${showForError(text)}; keys are strings, null or empty`,
        );
      writeKey(into, text, value(rendering));
    };
  });
  return (rendering) => {
    const object: JsonObject = {};
    for (const entry of entries) entry(rendering, object);
    return object;
  };
}

/** `null` has nothing to be spread. */
function spread(value: Json, into: JsonObject, path: Path): void {
  if (value === null) return;
  if (typeof value !== "object" || Array.isArray(value))
    throw new JqError(`${showPath(path)}spreadValue() needs an object, this is ${showForError(value)}`);
  for (const key of Object.keys(value)) writeKey(into, key, value[key] ?? null);
}

function compileText(text: string, path: Path, options: CompileOptions): Part {
  if (!text.includes("{{") && !text.includes("}}")) return constant(text);
  const spans = atPath(path, () => findTemplates(text));
  const [first] = spans;
  if (first === undefined) return constant(text);
  const expressions = spans.map((span) => compileExpression(text, span, path, options));
  const [only] = expressions;
  if (only !== undefined && text.trim() === text.slice(first.start - 2, first.end + 2)) return only;

  const between = [...spans.entries()].map(([i, { end }]) =>
    text.slice(end + 2, (spans[i + 1]?.start ?? text.length + 2) - 2),
  );
  const before = text.slice(0, first.start - 2);
  return (rendering) => {
    let result = before;
    for (const [i, expression] of expressions.entries()) {
      result += toText(expression(rendering), rendering.runtime) + (between[i] ?? "");
      rendering.options.meter.chars(result.length);
    }
    return result;
  };
}

function compileExpression(text: string, { start, end }: Span, path: Path, options: CompileOptions): Part {
  const source = text.slice(start, end);
  if (SPREAD_CALL.test(source))
    atPath(path, () => {
      throw compileError(text, start, "Found `spreadValue()` where it is not the whole key of an object");
    });
  const mapping = atPath(path, () => {
    try {
      return compileMapping(source, options);
    } catch (error) {
      if (!(error instanceof JqCompileError)) throw error;
      throw compileError(text, start + offsetOf(source, error), error.message);
    }
  });
  return (rendering) => {
    const { value, problem } = mapping.explain(rendering.input, rendering.options);
    if (problem !== null) {
      // What an expression raises counts as what it gives.
      rendering.left -= problem.message.length;
      rendering.problems.push({ ...problem, path, expression: source.trim() });
    }
    rendering.left -= measure(value, rendering.left, rendering.options.meter);
    return value;
  };
}

/** Runs `compile`; errors name the path. */
function atPath<T>(path: Path, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof JqCompileError) || path.length === 0) throw error;
    throw new JqCompileError(`${showPath(path)}${error.message}`, error.line, error.column, error.excerpt);
  }
}

/** Offset in `text` of the place of an error. */
function offsetOf(text: string, { line, column }: JqCompileError): number {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  return (
    before +
    Array.from(lines[line - 1] ?? "")
      .slice(0, column - 1)
      .join("").length
  );
}

/** `payload.items[0].name: `; empty for the value itself. */
function showPath(path: Path): string {
  const text = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
  return text === "" ? "" : `${text.replace(/^\./, "").slice(0, 200)}: `;
}

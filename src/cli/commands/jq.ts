/** `fairway jq`: runs jq programs, mapping expressions and templates on files, with the engine of the server. */
import { compile, compileMapping, compileTemplate, JqCompileError, JqError } from "../../jq/index.ts";
import type { CompileOptions, Json } from "../../jq/index.ts";
import { CliError, exitCode, type ExitCode, usageError } from "../cli-error.ts";
import { InputError, readValues } from "../../jq/values/read-values.ts";
import { type JsonStyle, writeJson } from "../jq/write-json.ts";
import { plain } from "../style.ts";

export interface JqOptions {
  readonly rawOutput?: boolean;
  readonly joinOutput?: boolean;
  readonly compactOutput?: boolean;
  readonly tab?: boolean;
  readonly indent?: string;
  readonly sortKeys?: boolean;
  readonly nullInput?: boolean;
  readonly slurp?: boolean;
  readonly rawInput?: boolean;
  readonly exitStatus?: boolean;
  readonly fromFile?: string;
  readonly arg?: Readonly<Record<string, Json>>;
  readonly mapping?: boolean;
  readonly template?: boolean;
  readonly maxSteps?: string;
  /** Folders of modules. */
  readonly libraryPath?: readonly string[];
}

export interface JqContext {
  readonly json: boolean;
  /** The text of a file; of standard input for `null`. */
  readonly read: (file: string | null) => Promise<string>;
  /** The text of a file below a folder; `undefined`: there is none. */
  readonly module: (folder: string, path: string) => string | undefined;
  readonly write: (text: string) => void;
  /** Writes one line to standard error. */
  readonly warn: (line: string) => void;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** A few seconds of work for one input; it can then be interrupted. The server allows a hundredth. */
const MAX_STEPS = 100_000_000;
const MAX_OUTPUT = 1_000_000_000;
const MAX_INDENT = 7;
const CHUNK = 65_536;

/** An output, and why it (or a part of it) is `null`. */
interface Outcome {
  readonly value: Json;
  readonly problems: readonly string[];
}

type Runner = (input: Json) => Iterable<Outcome>;

/**
 * Runs PROGRAM on every input. Answers as jq does: 0, 5 when some input ended in an error; with --exit-status 1 when
 * the last output was false or null, 4 when there was none.
 * @throws CliError 2 (usage, files, input that is not JSON), 3 (the program is no jq)
 */
export async function jqCommand(
  args: readonly string[],
  options: JqOptions,
  context: JqContext,
): Promise<ExitCode> {
  const { source, files } = await programAndFiles(args, options, context);
  const style = outputStyle(options);
  const run = compileRunner(source, options, context);
  const outputs = new Outputs(options, style, context);
  let failed = false;

  for await (const input of inputs(files, options, context)) {
    context.signal.throwIfAborted();
    try {
      for (const { value, problems } of run(input)) {
        for (const problem of problems) context.warn(`fairway: ${plain(problem)}`);
        outputs.add(value);
      }
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
      if (context.json) throw new CliError(exitCode.jqFailed, error.code, error.message);
      failed = true;
      outputs.flush();
      context.warn(`fairway: jq: error: ${plain(error.message)}`);
    }
    // Lets signals in between two inputs.
    await new Promise((resolve) => setImmediate(resolve));
  }
  outputs.end();
  if (failed) return exitCode.jqFailed;
  if (options.exitStatus !== true) return exitCode.ok;
  if (outputs.last === undefined) return exitCode.jqNoOutput;
  return outputs.last === null || outputs.last === false ? exitCode.failure : exitCode.ok;
}

async function programAndFiles(
  args: readonly string[],
  options: JqOptions,
  context: JqContext,
): Promise<{ readonly source: string; readonly files: readonly string[] }> {
  if (options.fromFile !== undefined) return { source: await context.read(options.fromFile), files: args };
  const [source, ...files] = args;
  if (source === undefined)
    throw usageError("a program is missing", "fairway jq '.name' file.json; . is the input itself");
  return { source, files };
}

function outputStyle(options: JqOptions): JsonStyle {
  const width = options.indent === undefined ? 2 : Number(options.indent);
  if (!Number.isInteger(width) || width < 0 || width > MAX_INDENT)
    throw usageError(`--indent takes a number from 0 to ${MAX_INDENT}`);
  const indent = options.compactOutput === true ? "" : options.tab === true ? "\t" : " ".repeat(width);
  return { indent, sortKeys: options.sortKeys === true };
}

function compileRunner(source: string, options: JqOptions, context: JqContext): Runner {
  if (options.mapping === true && options.template === true)
    throw usageError("--mapping and --template exclude each other");
  const maxSteps = options.maxSteps === undefined ? MAX_STEPS : Number(options.maxSteps);
  if (!Number.isSafeInteger(maxSteps) || maxSteps < 1) throw usageError("--max-steps takes a number above 0");
  const named = options.arg ?? {};
  const compileOptions: CompileOptions = {
    maxSteps,
    maxOutput: MAX_OUTPUT,
    args: { ...named, ARGS: { positional: [], named } },
    now: () => Date.now() / 1_000,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  try {
    if (options.mapping === true) {
      const mapping = compileMapping(source, compileOptions);
      return (input) => {
        const { value, problem } = mapping.explain(input);
        return [{ value, problems: problem === null ? [] : [`null, because: ${problem.message}`] }];
      };
    }
    if (options.template === true) {
      const template = compileTemplate(jsonOrText(source), compileOptions);
      return (input) => {
        const { value, problems } = template.explain(input);
        const told = problems.map(
          ({ expression, message }) => `{{ ${expression} }} is null, because: ${message}`,
        );
        return [{ value, problems: told }];
      };
    }
    const program = compile(source, {
      ...compileOptions,
      env: context.env,
      ...(options.libraryPath === undefined
        ? {}
        : { modules: (path) => firstIn(options.libraryPath ?? [], path, context) }),
    });
    return function* (input): Generator<Outcome> {
      for (const value of program.iterate(input)) yield { value, problems: [] };
    };
  } catch (error) {
    if (!(error instanceof JqCompileError)) throw error;
    const excerpt = error.excerpt.replaceAll(/^/gm, "    ");
    throw new CliError(
      exitCode.jqCompile,
      error.code,
      `${error.message} (line ${error.line}, column ${error.column})\n${excerpt}`,
    );
  }
}

function firstIn(folders: readonly string[], path: string, context: JqContext): string | undefined {
  for (const folder of folders) {
    const text = context.module(folder, path);
    if (text !== undefined) return text;
  }
  return undefined;
}

function jsonOrText(source: string): unknown {
  try {
    return JSON.parse(source) as unknown;
  } catch {
    return source;
  }
}

/** The inputs that jq's options make of the files. */
async function* inputs(
  files: readonly string[],
  options: JqOptions,
  context: JqContext,
): AsyncGenerator<Json, void, undefined> {
  if (options.nullInput === true) {
    yield null;
    return;
  }
  const slurped: Json[] = [];
  const texts: string[] = [];
  for (const file of files.length === 0 ? [null] : files) {
    const text = await context.read(file);
    if (options.rawInput === true) {
      if (options.slurp === true) texts.push(text);
      else if (text !== "") yield* text.replace(/\r?\n$/, "").split(/\r?\n/);
      continue;
    }
    try {
      for (const value of readValues(text))
        if (options.slurp === true) slurped.push(value);
        else yield value;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new CliError(
        exitCode.usage,
        "invalid_json",
        `${file === null ? "" : `${file}: `}${error.message}`,
      );
    }
  }
  if (options.slurp === true) yield options.rawInput === true ? texts.join("") : slurped;
}

/** Writes outputs in larger pieces; with --json collects them for one document. */
class Outputs {
  last: Json | undefined;
  private pending = "";
  private readonly all: string[] = [];
  private readonly options: JqOptions;
  private readonly style: JsonStyle;
  private readonly context: JqContext;

  constructor(options: JqOptions, style: JsonStyle, context: JqContext) {
    this.options = options;
    this.style = style;
    this.context = context;
  }

  add(value: Json): void {
    this.last = value;
    if (this.context.json) {
      this.all.push(writeJson(value, { ...this.style, indent: "" }));
      return;
    }
    const raw = this.options.rawOutput === true || this.options.joinOutput === true;
    this.pending += raw && typeof value === "string" ? value : writeJson(value, this.style);
    if (this.options.joinOutput !== true) this.pending += "\n";
    if (this.pending.length > CHUNK) this.flush();
  }

  flush(): void {
    if (this.pending !== "") this.context.write(this.pending);
    this.pending = "";
  }

  end(): void {
    if (this.context.json) this.context.write(`{"ok":true,"outputs":[${this.all.join(",")}]}\n`);
    this.flush();
  }
}

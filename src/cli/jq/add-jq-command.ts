import type { Command } from "commander";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text as readStream } from "node:stream/consumers";
import type { Json } from "../../jq/index.ts";
import { CliError, exitCode, usageError } from "../cli-error.ts";
import { jqCommand, type JqContext, type JqOptions } from "../commands/jq.ts";
import { unfold } from "./fold-arguments.ts";

type Named = Readonly<Record<string, Json>>;

const addText = (argument: string, named: Named = {}): Named => {
  const [name, value] = unfold(argument);
  return { ...named, [name]: value };
};

const addFolder = (folder: string, folders?: readonly string[]): readonly string[] => [
  ...(folders ?? []),
  folder,
];

function addJson(argument: string, named: Named = {}): Named {
  const [name, value] = unfold(argument);
  try {
    return { ...named, [name]: JSON.parse(value) as Json };
  } catch {
    throw usageError(`--argjson ${name}: "${value}" is not JSON`);
  }
}

/** Declares `fairway jq`. */
export function addJqCommand(program: Command, signal: AbortSignal): void {
  program
    .command("jq")
    .description(
      "run a jq program on JSON, with the engine that the server runs mappings with; exit codes as jq: 0, 1 and 4 (with -e), 2 usage or input, 3 no program, 5 error of the program",
    )
    .argument("[program]", "the program (with --from-file: the first file)")
    .argument("[file...]", "JSON values, one or many per file; none: standard input")
    .option("-r, --raw-output", "strings without quotes")
    .option("-j, --join-output", "the same, and no line breaks between outputs")
    .option("-c, --compact-output", "each output on one line")
    .option("--tab", "indent by a tab")
    .option("--indent <n>", "spaces per level (0 to 7, default 2)")
    .option("-S, --sort-keys", "keys of objects in order")
    .option("-n, --null-input", "read nothing; the input is null")
    .option("-s, --slurp", "all inputs as one array")
    .option("-R, --raw-input", "each line is an input, as a string")
    .option("-e, --exit-status", "exit code 1 when the last output is false or null, 4 when there is none")
    .option("-f, --from-file <file>", "read the program from a file")
    .option(
      "-L, --library-path <folder>",
      "where `import` and `include` find modules (repeatable)",
      addFolder,
    )
    .option("--arg <name value>", "$name is the string value (repeatable)", addText)
    .option("--argjson <name json>", "$name is the JSON value (repeatable)", addJson)
    .option("--mapping", "PROGRAM is an expression of a mapping: one value, null where it fails, and why")
    .option("--template", "PROGRAM is a text or JSON with {{ expressions }}")
    .option("--max-steps <n>", "steps per input before it is stopped (default 100,000,000)")
    .action(async (first: string | undefined, rest: string[], _options: unknown, command: Command) => {
      const options: JqOptions & { argjson?: Named; json?: boolean } = command.optsWithGlobals();
      const args = first === undefined ? rest : [first, ...rest];
      const arg = { ...options.arg, ...options.argjson };
      process.exitCode = await jqCommand(
        args,
        { ...options, arg },
        processContext(options.json === true, signal),
      );
    });
}

/** The files, streams and environment of this process. */
function processContext(json: boolean, signal: AbortSignal): JqContext {
  // `fairway jq … | head` closes the pipe early, which is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCode.ok);
    throw error;
  });
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return {
    json,
    signal,
    env,
    read: (file) => (file === null ? readStream(process.stdin) : readText(file)),
    module: readModule,
    write: (text) => process.stdout.write(text),
    warn: (line) => process.stderr.write(`${line}\n`),
  };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw unreadable(error);
  }
}

function readModule(folder: string, path: string): string | undefined {
  try {
    return readFileSync(join(folder, path), "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
    throw unreadable(error);
  }
}

const unreadable = (error: unknown): CliError =>
  new CliError(exitCode.usage, "unreadable", error instanceof Error ? error.message : String(error));

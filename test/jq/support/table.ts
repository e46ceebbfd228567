import type { Json } from "../../../src/jq/value.ts";
import { readJsonAt } from "./read-json.ts";

/** One input of a program, what it gives, and the value of the error that ends it. */
export interface Run {
  readonly input: Json;
  readonly outputs: readonly Json[];
  readonly error?: Json;
}
export interface Row {
  readonly program: string;
  readonly runs: readonly Run[];
  /** The message, without its place, when the program must not compile. */
  readonly refused?: string;
}
export interface Table {
  readonly title: string;
  readonly rows: readonly Row[];
}

function readRun(line: string): Run {
  const first = readJsonAt(line, 0);
  if (!line.startsWith("=>", first.end)) throw new SyntaxError(`no => in ${line}`);
  const outputs: Json[] = [];
  for (let at = first.end + 2; at < line.length;) {
    if (line[at] === " ") at++;
    else if (line[at] === "!") return { input: first.value, outputs, error: readJsonAt(line, at + 1).value };
    else {
      const { value, end } = readJsonAt(line, at);
      outputs.push(value);
      at = end;
    }
  }
  return { input: first.value, outputs };
}

/**
 * A table of cases as text. A program stands at the start of its line; `⏎` in it is a line break. The lines below it, indented, are
 * its runs, `input => output output …`, an error that nobody caught as `!value` at the end; or `refused: message`.
 */
export function table(title: string, text: string): Table {
  const rows: { program: string; runs: Run[]; refused?: string }[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    if (!line.startsWith("  ")) rows.push({ program: line.replaceAll("⏎", "\n"), runs: [] });
    else if (line.startsWith("  refused: ")) rows.at(-1)!.refused = line.slice("  refused: ".length);
    else rows.at(-1)!.runs.push(readRun(line.trim()));
  }
  return { title, rows };
}

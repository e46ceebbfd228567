import { JqCompileError } from "../errors.ts";

/** Most characters of a line that an excerpt shows; longer lines are cut around the place. */
const WIDTH = 100;

/** A compile error at offset `at` (UTF-16) of the program `text`: line and column from 1, the line with a caret below. */
export function compileError(text: string, at: number, message: string): JqCompileError {
  const place = Math.min(at, text.length);
  const start = text.lastIndexOf("\n", place - 1) + 1;
  const newline = text.indexOf("\n", place);
  const end = newline < 0 ? text.length : newline;
  const before = Array.from(text.slice(start, place));
  const after = Array.from(text.slice(place, end));

  const skipped = before.length > WIDTH / 2 && before.length + after.length > WIDTH;
  const lead = skipped ? ["…", ...before.slice(-WIDTH / 2)] : before;
  const room = WIDTH - lead.length;
  const rest = after.length > room ? [...after.slice(0, room), "…"] : after;
  const shown = [...lead, ...rest]
    .join("")
    .replaceAll(/\p{Cc}/gu, " ")
    .trimEnd();
  return new JqCompileError(
    message,
    countLines(text, start),
    before.length + 1,
    `${shown}\n${" ".repeat(lead.length)}^`,
  );
}

function countLines(text: string, before: number): number {
  let lines = 1;
  for (let i = text.indexOf("\n"); i >= 0 && i < before; i = text.indexOf("\n", i + 1)) lines++;
  return lines;
}

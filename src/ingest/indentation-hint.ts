/** Finds the line whose indentation fits no line before it: what YAML parsers report one line off, or as something else. */

export const PLACEHOLDER_HINT =
  "`...` stands for what a guide leaves out: remove the line, or put in what belongs there";

interface Level {
  /** Of the key, from 1. */
  readonly column: number;
  readonly key: string;
  /** A value on the same line: nothing may be nested below it. */
  readonly closed: boolean;
}

/** Nothing in it can be matched in two ways: a line may be as long as a whole mapping. */
const KEY = /^(?:(?:"[^"]*"|'[^']*')\s*|[^\s"'#{}[\],:&*!|>%@`-][^:#]*|-?[A-Za-z_$][^:#]*):(?:\s([^]*))?$/;

export function indentationHint(text: string): { text: string; line: number; column: number } | null {
  const levels: Level[] = [];
  /** Lines of a block scalar (`>-`, `|`) are indented deeper than this. */
  let scalarBelow: number | null = null;
  for (const [index, row] of text.split("\n").entries()) {
    const body = row.trimStart();
    if (body === "" || body.startsWith("#")) continue;
    let column = row.length - body.length + 1;
    if (scalarBelow !== null && column > scalarBelow) continue;
    scalarBelow = null;
    let content = body;
    let isItem = false;
    for (let dash = /^-\s+/.exec(content); dash !== null; dash = /^-\s+/.exec(content)) {
      // A new entry of a list: what was open in the last entry is over, the list's own key may stand in this column.
      while (levels.length > 0 && (levels.at(-1)?.column ?? 0) > column) levels.pop();
      content = content.slice(dash[0].length);
      column += dash[0].length;
      isItem = true;
    }
    const match = KEY.exec(content);
    if (match === null) continue;
    const key = content.slice(0, content.indexOf(":")).trim();
    const value = (match[1] ?? "").replace(/(^|\s)#[^]*$/, "").trim();
    if (!isItem) {
      const found = misplaced(levels, column, key);
      if (found !== null) return { text: found, line: index + 1, column };
    }
    while (levels.length > 0 && (levels.at(-1)?.column ?? 0) >= column) levels.pop();
    levels.push({ column, key, closed: value !== "" && !/^[&!]\S*$/.test(value) });
    if (/^[|>][-+0-9]*$/.test(value)) scalarBelow = column;
  }
  return null;
}

function misplaced(levels: readonly Level[], column: number, key: string): string | null {
  const last = levels.at(-1);
  if (last === undefined) return null;
  if (column > last.column)
    return last.closed
      ? `\`${key}\` begins in column ${column}, deeper than \`${last.key}\`, which has a value already; keys of one entry begin in the same column: put \`${key}\` in column ${last.column}`
      : null;
  if (levels.some((level) => level.column === column)) return null;
  const columns = [...new Set(levels.map((level) => level.column))].sort((a, b) => a - b);
  return `\`${key}\` begins in column ${column}, but the keys before it in ${columns.join(", ")}; keys of one entry begin in the same column`;
}

/** What a calculation's jq text may read, found without compiling it: too much rather than too little. */

/** `.properties.x`, `.properties."x"`, `.properties.'x'`, `.properties["x"]`; group 1 to 4 is the name. */
const ACCESS =
  /\.properties\??\s*(?:\.\s*([A-Za-z_][A-Za-z0-9_]*)|\.\s*"([^"\\]*)"|\.\s*'([^'\\]*)'|\.?\s*\[\s*["']([^"'\\]*)["']\s*\])/g;
/**
 * What reads the whole document, or all properties: the word itself, a lone dot, a quoted key of the document (which may
 * be that word), `..`, a format without a text.
 */
const WHOLE =
  /\bproperties\b|\.\.|\.(?![A-Za-z_"'0-9])|(?<![A-Za-z0-9_"'?)\]}])\.["']|@[a-z0-9]+\b(?!\s*["'])/;
/** Words that are no fields, variables or keys. */
const WORDS = /(?<![.$@A-Za-z0-9_"'])[A-Za-z_][A-Za-z0-9_]*(?!\s*:)(?![A-Za-z0-9_])/g;
/** Words that, with the whole document as input, fail or give what does not depend on its values. */
const HARMLESS = new Set(
  `if then elif else end and or not as def reduce foreach try catch null true false empty error now range length type
  floor ceil round fabs abs sqrt pow log log2 log10 exp exp2 exp10 infinite nan isnan isinfinite isnormal tonumber
  mktime gmtime strftime strptime fromdate fromdateiso8601 todate todateiso8601 date dateadd datesub
  split test match capture sub gsub scan splits ascii_downcase ascii_upcase startswith endswith explode implode
  utf8bytelength`.split(/\s+/),
);

/** @param readable the own properties that a calculation can see */
export function programReads(program: string, readable: readonly string[]): string[] {
  const named = new Set<string>();
  const rest = withoutTexts(
    program.replaceAll(ACCESS, (_, plain, double, single, bracket) => {
      named.add(String(plain ?? double ?? single ?? bracket));
      return " 0";
    }),
  );
  const isWhole = WHOLE.test(rest) || [...rest.matchAll(WORDS)].some(([word]) => !HARMLESS.has(word));
  return isWhole ? [...readable] : readable.filter((id) => named.has(id));
}

/** The program with texts emptied, but for what is interpolated in them. */
function withoutTexts(program: string): string {
  let result = "";
  /** What ends the text, or `)` of an interpolation, innermost last. */
  const open: string[] = [];
  let depth = 0;
  const depths: number[] = [];
  for (let i = 0; i < program.length; i++) {
    const char = program[i] ?? "";
    const end = open.at(-1);
    if (end === '"' || end === "'") {
      if (char === "\\" && program[i + 1] === "(") {
        open.push(")");
        depths.push(depth);
        result += " (";
        i++;
      } else if (char === "\\") i++;
      else if (char === end) {
        open.pop();
        result += char;
      }
      continue;
    }
    if (char === '"' || char === "'") open.push(char);
    if (char === "(") depth++;
    if (char === ")" && end === ")" && depth === depths.at(-1)) {
      open.pop();
      depths.pop();
    } else if (char === ")") depth--;
    result += char;
  }
  return result;
}

/** Texts may mention `now` without reading the clock; then the value is computed more often than it must be. */
export function readsClock(program: string): boolean {
  return /\bnow\b/.test(program);
}

/** Levels are computed before the programs that mention them; the others see none. */
export function readsScorecards(program: string): boolean {
  return /\bscorecards\b/.test(program);
}

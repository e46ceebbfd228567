/** What a calculation's jq text may read, found without compiling it: too much rather than too little. */

/** `.properties.x`, `.properties."x"`, `.properties.'x'`, `.properties["x"]`; group 1 to 4 is the name. */
const ACCESS =
  /\.properties\??\s*(?:\.\s*([A-Za-z_][A-Za-z0-9_]*)|\.\s*"([^"\\]*)"|\.\s*'([^'\\]*)'|\.?\s*\[\s*["']([^"'\\]*)["']\s*\])/g;
/** What reads the whole document, or all properties: the word itself, a lone dot, `..`. */
const WHOLE = /\bproperties\b|\.\.|\.(?![A-Za-z_"'0-9])|@(?:json|text)\b(?!\s*["'])/;
/** Functions that look at the whole input without naming it. */
const ON_INPUT =
  /\b(?:to_entries|with_entries|keys|keys_unsorted|map_values|paths|getpath|path|leaf_paths|toarray|tojson|tostring|tostream|walk|values|any|all|add|input|debug|del|delpaths|setpath|has|min|max|flatten|ascii|pick|first|last|limit|recurse|env|objects|scalars|iterables|select|map)\b/;

/** @param readable the own properties that a calculation can see */
export function programReads(program: string, readable: readonly string[]): string[] {
  const named = new Set<string>();
  const rest = program.replaceAll(ACCESS, (_, plain, double, single, bracket) => {
    named.add(String(plain ?? double ?? single ?? bracket));
    return " § ";
  });
  return WHOLE.test(rest) || ON_INPUT.test(rest) ? [...readable] : readable.filter((id) => named.has(id));
}

/** Texts may mention `now` without reading the clock; then the value is computed more often than it must be. */
export function readsClock(program: string): boolean {
  return /\bnow\b/.test(program);
}

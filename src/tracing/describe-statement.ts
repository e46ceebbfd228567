/** What a trace says of a statement: its verb, its first table, and its text without anything that could be a value. */

export interface StatementDescription {
  /** As the name of a span: `select entity`. */
  readonly summary: string;
  readonly operation: string;
  readonly table: string | null;
  /** Parameters stand as `$1`; constants of the text as `?`. */
  readonly masked: string;
}

/** Texts that differ: those of searches are composed, and long. */
const MAX_KNOWN = 500;
const MAX_KNOWN_LENGTH = 4000;
const MAX_TEXT = 2000;
/**
 * Names in quotes, which stay; comments; strings, with escapes or without, also those that nobody closes; what stands between
 * dollar signs; numbers that are no part of a name or parameter.
 */
const CONSTANTS = new RegExp(
  [
    /"(?:[^"]|"")*"/,
    /--[^\n]*/,
    /\bE'(?:[^'\\]|''|\\.)*(?:'|$)/,
    /(?:\b[BXN]|\bU&)?'(?:[^']|'')*(?:'|$)/,
    /\$((?:[a-z_]\w*)?)\$[\s\S]*?(?:\$\1\$|$)/,
    /(?<![\w$."])\d+(?:\.\d+)?\b/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gi",
);
/** Not `for update`, `for no key update`, `do update`. */
const WRITES = /(?<!\b(?:for|key|do)\s)\b(insert\s+into|update|delete\s+from)\s+"?([a-z_]\w*)/i;
const READS = /\b(?:from|join|table)\s+"?([a-z_]\w*)/i;
/** What stands behind `from` in expressions and functions. */
const NO_TABLES = new Set([
  "lateral",
  "unnest",
  "jsonb_to_recordset",
  "json_to_recordset",
  "generate_series",
  "now",
]);

const known = new Map<string, StatementDescription>();

export function describeStatement(text: string): StatementDescription {
  const before = known.get(text);
  if (before !== undefined) return before;
  const description = describe(text);
  if (text.length > MAX_KNOWN_LENGTH) return description;
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(text, description);
  return description;
}

function describe(text: string): StatementDescription {
  const masked = text.replaceAll(CONSTANTS, mask).replaceAll(/\s+/g, " ").trim().slice(0, MAX_TEXT);
  const [first = "statement"] = /^\w+/.exec(masked) ?? [];
  const verb = first.toLowerCase();
  const write = /^(with|insert|update|delete)$/.test(verb) ? WRITES.exec(masked) : null;
  const operation = write === null ? (verb === "with" ? "select" : verb) : (write[1]?.split(" ")[0] ?? verb);
  const table = write?.[2] ?? tableRead(masked);
  return { summary: table === null ? operation : `${operation} ${table}`, operation, table, masked };
}

const mask = (constant: string): string =>
  constant.startsWith('"') ? constant : constant.startsWith("--") ? " " : "?";

function tableRead(masked: string): string | null {
  for (const [, name = ""] of masked.matchAll(new RegExp(READS, "gi")))
    if (!NO_TABLES.has(name.toLowerCase())) return name;
  return null;
}

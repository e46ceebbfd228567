/** Which tables a statement names, and whether each is bound to one organisation. Understands levels of queries, not all of SQL. */

export interface TableReference {
  readonly table: string;
  /** A condition, a column of an insert or a join says whose rows they are. */
  readonly isBound: boolean;
}

/** What a template has where its parts are put in. */
export const HOLE = "⟨⟩";
/** Stands for a table whose name is put in. */
export const ANY_TABLE = "any_table";

const TOKENS =
  /'(?:[^']|'')*'|"[^"]*"|⟨⟩|--[^\n]*|[a-z_$][\w$]*|\d+(?:\.\d+)?|::|<>|<=|>=|!=|->>|->|@>|[^\s]/gi;
const BEGINS_QUERY = /^(select|insert|update|delete|with|values)$/;
/** Words behind a table that are no alias. */
const NO_ALIAS =
  /^(on|where|set|using|join|left|right|inner|cross|full|natural|lateral|group|order|limit|offset|for|union|select|values|default|returning|from|having|window|except|intersect|as|with|tablesample|and|or|⟨⟩)$/;

/** A token, or what stands between parentheses. */
type Part = string | readonly Part[];

interface Level {
  readonly parts: readonly Part[];
  readonly references: Reference[];
}

interface Reference {
  readonly table: string;
  readonly alias: string;
  readonly isInsert: boolean;
  /** Of an insert: the columns it names. */
  readonly columns: readonly string[];
}

/** @param tables names of those that have an organisation */
export function tableReferences(text: string, tables: ReadonlySet<string>): readonly TableReference[] {
  const tokens = [...text.matchAll(TOKENS)]
    .map(([token]) => token)
    .filter((token) => !token.startsWith("--"));
  const top = nest(tokens);
  const found: TableReference[] = [];
  visit(top, new Set(commonTables(tokens)), tables, found);
  return found;
}

function nest(tokens: readonly string[]): readonly Part[] {
  const stack: Part[][] = [[]];
  for (const token of tokens) {
    if (token === "(") stack.push([]);
    else if (token === ")" && stack.length > 1) {
      const closed = stack.pop() ?? [];
      stack.at(-1)?.push(closed);
    } else stack.at(-1)?.push(token.startsWith("'") ? "'" : token.toLowerCase());
  }
  // Fragments may leave some open.
  while (stack.length > 1) {
    const closed = stack.pop() ?? [];
    stack.at(-1)?.push(closed);
  }
  return stack[0] ?? [];
}

/** Names of `with` queries: no tables. */
function commonTables(tokens: readonly string[]): string[] {
  const lower = tokens.map((token) => token.toLowerCase());
  return lower.filter(
    (token, i) =>
      /^[a-z_]\w*$/.test(token) &&
      /^(with|recursive|,|\))$/.test(lower[i - 1] ?? "") &&
      (lower[i + 1] === "as" || lower[i + 1] === "(") &&
      hasAs(lower, i + 1),
  );
}

/** `name as (`, `name as materialized (`, `name (a, b) as (`. */
function hasAs(lower: readonly string[], from: number): boolean {
  let i = from;
  if (lower[i] === "(") while (i < lower.length && lower[i] !== ")") i++;
  if (lower[i] === ")") i++;
  if (lower[i] !== "as") return false;
  return /^(\(|materialized|not)$/.test(lower[i + 1] ?? "");
}

const isQuery = (parts: readonly Part[]): boolean => {
  const [first] = parts;
  return typeof first === "string" ? BEGINS_QUERY.test(first) : first !== undefined && isQuery(first);
};

function visit(
  parts: readonly Part[],
  common: ReadonlySet<string>,
  tables: ReadonlySet<string>,
  found: TableReference[],
): void {
  // Branches of a union have conditions of their own.
  for (const branch of branchesOf(parts)) {
    const level: Level = { parts: branch, references: [] };
    collect(branch, common, level);
    const own = level.references.filter(({ table }) => tables.has(table) || table === ANY_TABLE);
    for (const one of own) found.push({ table: one.table, isBound: isBound(one, own, branch) });
    for (const part of branch) descend(part, common, tables, found);
  }
}

function branchesOf(parts: readonly Part[]): readonly (readonly Part[])[] {
  const branches: Part[][] = [[]];
  for (const part of parts)
    if (part === "union" || part === "except" || part === "intersect") branches.push([]);
    else branches.at(-1)?.push(part);
  return branches;
}

function descend(
  part: Part,
  common: ReadonlySet<string>,
  tables: ReadonlySet<string>,
  found: TableReference[],
): void {
  if (typeof part === "string") return;
  if (isQuery(part)) visit(part, common, tables, found);
  else for (const inner of part) descend(inner, common, tables, found);
}

/** The tables that this level itself names, also within parentheses that are no query (`from (a join b on …)`). */
function collect(parts: readonly Part[], common: ReadonlySet<string>, level: Level): void {
  let inFrom = false;
  parts.forEach((part, i) => {
    if (typeof part !== "string") return;
    const before = parts[i - 1];
    // `is distinct from` compares.
    if (/^(from|join|using)$/.test(part) && before !== "distinct") inFrom = true;
    else if (/^(where|group|order|set|returning|limit|on|select|having|values|for)$/.test(part))
      inFrom = false;
    const next = parts[i + 1];
    const isPlace =
      ((part === "from" && before !== "distinct") ||
        part === "join" ||
        part === "into" ||
        (part === "using" && typeof next === "string") ||
        (part === "update" && typeof before !== "string") ||
        (part === "update" && !/^(do|for|key)$/.test(typeof before === "string" ? before : "")) ||
        (part === "," && inFrom)) &&
      typeof next === "string";
    if (!isPlace || typeof next !== "string") return;
    const table = next.replaceAll('"', "");
    // What stands with parentheses is a function.
    const behind = parts[i + 2];
    if (common.has(table) || (typeof behind !== "string" && behind !== undefined && part !== "into")) return;
    const named = behind === "as" ? parts[i + 3] : behind;
    const alias =
      typeof named === "string" && /^[a-z_]\w*$/.test(named) && !NO_ALIAS.test(named) ? named : table;
    const columns = part === "into" ? firstList(parts, i + 2) : [];
    level.references.push({ table, alias, isInsert: part === "into", columns });
  });
}

function firstList(parts: readonly Part[], from: number): readonly string[] {
  for (const part of parts.slice(from, from + 3)) if (typeof part !== "string") return flatten(part);
  return [];
}

function isBound(one: Reference, all: readonly Reference[], parts: readonly Part[]): boolean {
  if (one.isInsert) return one.columns.includes("org");
  const flat = flatten(parts);
  return flat.some((token, i) => {
    if (token !== "org") return false;
    const qualifier = flat[i - 1] === "." ? flat[i - 2] : null;
    if (qualifier === null && all.length > 1 && !isUsing(flat, i)) return false;
    if (qualifier !== null && qualifier !== one.alias) return false;
    return isCompared(flat, i, qualifier === null ? i - 1 : i - 3);
  });
}

/** `org = …`, `… = org`, `(org, …) = (…)`, `using (org, …)`. */
function isCompared(flat: readonly string[], at: number, before: number): boolean {
  // `= any(…)` names several.
  if ((flat[at + 1] === "=" && flat[at + 2] !== "any") || flat[before] === "=") return true;
  if (isUsing(flat, at)) return true;
  // First of a row.
  return (
    flat[before] === "(" && flat[at + 1] === "," && /^(=|in|>|<)$/.test(flat[closing(flat, at) + 1] ?? "")
  );
}

function closing(flat: readonly string[], from: number): number {
  let depth = 1;
  let i = from;
  while (i < flat.length && depth > 0) {
    i++;
    if (flat[i] === "(") depth++;
    if (flat[i] === ")") depth--;
  }
  return i;
}

function isUsing(flat: readonly string[], at: number): boolean {
  let i = at - 1;
  while (i >= 0 && flat[i] !== "(") i--;
  return flat[i - 1] === "using";
}

/** Without the queries within. */
function flatten(parts: readonly Part[]): string[] {
  return parts.flatMap((part) =>
    typeof part === "string" ? [part] : isQuery(part) ? ["(", ")"] : ["(", ...flatten(part), ")"],
  );
}

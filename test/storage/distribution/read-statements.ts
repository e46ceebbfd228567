/** Every piece of SQL of the sources, as it is written: templates of `sql`, texts of `prepared`, chains of the query builder. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync } from "vite";
import { ANY_TABLE, HOLE } from "./table-references.ts";

export interface WrittenStatement {
  readonly path: string;
  readonly line: number;
  readonly text: string;
  readonly kind: "text" | "builder";
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

const BUILDERS = /^(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)$/;

export function readStatements(root: string, folders: readonly string[]): readonly WrittenStatement[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .sort()
      .flatMap((name) => {
        const path = `${folder}/${name.replaceAll("\\", "/")}`;
        return statementsOf(path, readFileSync(join(root, path), "utf8"), (specifier) =>
          readFileSync(join(root, posix.join(posix.dirname(path), specifier)), "utf8"),
        );
      }),
  );
}

/** @param read the source of what is imported by a relative path */
export function statementsOf(
  path: string,
  source: string,
  read: (specifier: string) => string = () => "",
): readonly WrittenStatement[] {
  const { program } = parseSync(path, source);
  const root = program as unknown as Node;
  const declared = new Map([...imported(root, read), ...declarations(root)]);
  const found: WrittenStatement[] = [];
  const add = (node: Node, text: string, kind: WrittenStatement["kind"]): void => {
    const line = source.slice(0, node.start).split("\n").length;
    found.push({ path, line, text, kind });
  };
  const visit = (node: Node, chain: Node | null): void => {
    let next: Node | null = null;
    if (isTemplate(node)) add(node, textOf(node["quasi"], declared, MAX_DEPTH), "text");
    else if (node.type === "CallExpression") {
      const callee = node["callee"] as Node;
      const property = callee.type === "MemberExpression" ? nameOf(callee["property"]) : null;
      // `a.selectFrom(…).where(…).execute()` is a call of a member of a call …: the outermost one has all of it.
      next = property === null ? null : (chain ?? node);
      if (property !== null && BUILDERS.test(property))
        add(node, source.slice(node.start, (chain ?? node).end), "builder");
      if (nameOf(callee) === "prepared") {
        const second = (node["arguments"] as Node[])[1];
        if (second !== undefined) add(node, constantOf(second, declared, MAX_DEPTH), "text");
      }
    } else if (node.type === "MemberExpression") next = chain;
    for (const [key, child] of children(node))
      visit(child, key === "callee" || key === "object" ? next : null);
  };
  visit(root, null);
  return found;
}

/** How far parts are put in that are named elsewhere in the file. */
const MAX_DEPTH = 4;
type Declared = ReadonlyMap<string, readonly Node[]>;

function* children(node: Node): Generator<[string, Node]> {
  for (const [key, value] of Object.entries(node))
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
      if (isNode(child)) yield [key, child];
}

/** `sql.table(…)`: one of several tables. */
function isTableName(node: Node): boolean {
  const callee = node["callee"];
  return isNode(callee) && nameOf(callee["object"]) === "sql" && nameOf(callee["property"]) === "table";
}

const isTemplate = (node: Node): boolean =>
  node.type === "TaggedTemplateExpression" && nameOf(node["tag"]) === "sql";

/** Values and functions of the file by name, of whatever scope. */
function declarations(root: Node): Declared {
  const found = new Map<string, Node[]>();
  const visit = (node: Node): void => {
    const name = nameOf(node["id"]);
    const value = node.type === "VariableDeclarator" ? node["init"] : node["body"];
    const isDeclaration = node.type === "VariableDeclarator" || node.type === "FunctionDeclaration";
    if (isDeclaration && name !== null && isNode(value)) found.set(name, [...(found.get(name) ?? []), value]);
    for (const [, child] of children(node)) visit(child);
  };
  visit(root);
  return found;
}

/** What the file imports of others of its folder: their conditions are put in as its own are. */
function imported(root: Node, read: (specifier: string) => string): Declared {
  const found = new Map<string, readonly Node[]>();
  for (const node of root["body"] as Node[]) {
    const specifier = node.type === "ImportDeclaration" ? (node["source"] as Node)["value"] : null;
    if (typeof specifier !== "string" || !specifier.startsWith("./")) continue;
    const theirs = declarations(parseSync(specifier, read(specifier)).program as unknown as Node);
    for (const one of node["specifiers"] as Node[]) {
      const name = nameOf(one["local"]) ?? "";
      const values = theirs.get(name);
      if (values !== undefined) found.set(name, values);
    }
  }
  return found;
}

const nameOf = (node: unknown): string | null =>
  isNode(node) && node.type === "Identifier" ? (node["name"] as string) : null;

function textOf(quasi: unknown, declared: Declared, depth: number): string {
  const { quasis, expressions } = quasi as { quasis: { value: { cooked: string } }[]; expressions: Node[] };
  return quasis
    .map(({ value }, i) => {
      const hole = expressions[i];
      if (hole === undefined) return value.cooked;
      if (isTableName(hole)) return `${value.cooked} ${ANY_TABLE}`;
      return `${value.cooked} ${HOLE} ${partOf(hole, declared, depth)}`;
    })
    .join(" ");
}

/** What a hole is filled with, as far as the file tells: templates and texts that its expression names. */
function partOf(hole: Node, declared: Declared, depth: number): string {
  if (depth === 0) return "";
  const texts: string[] = [];
  const visit = (node: Node): void => {
    const constant = node.type === "Literal" ? node["value"] : null;
    if (isTemplate(node)) texts.push(textOf(node["quasi"], declared, depth - 1));
    else if (node.type === "TemplateLiteral") texts.push(textOf(node, declared, depth - 1));
    else if (typeof constant === "string" && /\borg\b/.test(constant)) texts.push(constant);
    else {
      for (const value of declared.get(nameOf(node) ?? "") ?? [])
        texts.push(partOf(value, declared, depth - 1));
      for (const [key, child] of children(node)) if (key !== "property" && key !== "key") visit(child);
    }
  };
  visit(hole);
  // What they name is looked at where they stand: here they only tell whose rows those of the statement are.
  return texts
    .filter((one) => one.trim() !== "")
    .map((one) => `(${one.replaceAll(/\b(from|join|into|update|using)\b/gi, "$1_")})`)
    .join(" and ");
}

function constantOf(node: Node, declared: Declared, depth: number): string {
  if (node.type === "TemplateLiteral") return textOf(node, declared, depth);
  return typeof node["value"] === "string" ? node["value"] : HOLE;
}

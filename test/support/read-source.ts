/** What a source file reaches for: modules, packages and globals, found by parsing, not by searching text. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "vite";

export interface Import {
  readonly specifier: string;
  /** Erased at run time: `import type`, `export type`, `import("…")` in a type. */
  readonly typeOnly: boolean;
}

export interface SourceFile {
  /** From the project's root, with forward slashes: `src/storage/db.ts`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** Names used and not declared in the file, `Date.now` style members included: `process`, `process.env`. */
  readonly globals: ReadonlySet<string>;
  /** Method calls as `object.method`, the last two names: `db.selectFrom`. */
  readonly calls: ReadonlySet<string>;
  /** Calls that depend on the clock or the machine's time zone: `new Date()`, `.getHours()`. */
  readonly ambientTime: readonly string[];
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

const nameOf = (node: unknown): string | null =>
  isNode(node) && node.type === "Identifier" ? (node["name"] as string) : null;

const textOf = (node: unknown): string | null =>
  isNode(node) && node.type === "Literal" && typeof node["value"] === "string" ? node["value"] : null;

/** Local getters and formatters of Date: their answer depends on the zone of the machine. */
const LOCAL_TIME =
  /^(get|set)(FullYear|Month|Date|Day|Hours|Minutes|Seconds|TimezoneOffset)$|^toLocale(Date|Time)?String$/;

export function parseSource(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const imports: Import[] = [];
  const used = new Set<string>();
  const declared = new Set<string>();
  const ambientTime: string[] = [];
  const calls = new Set<string>();
  const add = (specifier: string | null, typeOnly: boolean): void => {
    if (specifier !== null) imports.push({ specifier, typeOnly });
  };

  const onNode = (node: Node): void => {
    switch (node.type) {
      case "ImportDeclaration":
      case "ExportNamedDeclaration":
      case "ExportAllDeclaration": {
        const specifiers = (node["specifiers"] ?? []) as Node[];
        const kind = (n: Node): unknown => n["importKind"] ?? n["exportKind"];
        const allTypes = specifiers.length > 0 && specifiers.every((s) => kind(s) === "type");
        add(textOf(node["source"]), kind(node) === "type" || allTypes);
        for (const s of specifiers) {
          const local = nameOf(s["local"]);
          if (local !== null) declared.add(local);
        }
        break;
      }
      case "ImportExpression":
        // A specifier that is computed cannot be checked, so it counts as a violation under this name.
        add(textOf(node["source"]) ?? "<computed>", false);
        break;
      case "TSImportType":
        add(textOf(node["source"]) ?? textOf((node["argument"] as Node | undefined)?.["literal"]), true);
        break;
      case "NewExpression": {
        const args = node["arguments"] as Node[];
        const callee = nameOf(node["callee"]);
        if (callee === "Date" && args.length === 0) ambientTime.push("new Date()");
        // `new URL("./x.ts", import.meta.url)`: how workers and scripts of our own are referred to.
        const target = textOf(args[0]);
        if (callee === "URL" && args[1]?.type === "MemberExpression" && /\.tsx?$/.test(target ?? ""))
          add(target, false);
        break;
      }
      case "CallExpression":
        if (nameOf(node["callee"]) === "Date") ambientTime.push("Date()");
        if (nameOf(node["callee"]) === "require") add("<require>", false);
        calls.add(calleeName(node["callee"] as Node));
        break;
      case "VariableDeclarator": {
        // `const { env } = process` reaches for process.env.
        const object = nameOf(node["init"]);
        const pattern = node["id"] as Node;
        if (object !== null && pattern.type === "ObjectPattern")
          for (const p of pattern["properties"] as Node[]) used.add(`${object}.${nameOf(p["key"]) ?? "*"}`);
        break;
      }
      case "MemberExpression": {
        const object = nameOf(node["object"]);
        const property = node["computed"] === true ? textOf(node["property"]) : nameOf(node["property"]);
        if (object !== null && property !== null) used.add(`${object}.${property}`);
        if (property !== null && LOCAL_TIME.test(property)) ambientTime.push(`.${property}()`);
        break;
      }
    }
  };

  /** Names that are keys, labels or types are not uses of a global. */
  const visit = (node: Node, isReference: boolean): void => {
    onNode(node);
    if (node.type === "Identifier" && isReference) used.add(node["name"] as string);
    for (const [key, value] of Object.entries(node)) {
      const children = Array.isArray(value) ? value : [value];
      for (const child of children)
        if (isNode(child)) {
          const declares = isDeclaration(node, key);
          if (declares) namesIn(child).forEach((name) => declared.add(name));
          visit(child, !declares && !isKey(node, key));
        }
    }
  };
  visit(program as unknown as Node, false);

  const globals = new Set([...used].filter((name) => !declared.has(name.split(".")[0] ?? "")));
  return { path, lines: text.split("\n").length - 1, imports, globals, calls, ambientTime };
}

function calleeName(callee: Node): string {
  if (callee.type !== "MemberExpression") return nameOf(callee) ?? "";
  const object = callee["object"] as Node;
  const owner = nameOf(object) ?? nameOf(object["property"]) ?? "it";
  return `${owner}.${nameOf(callee["property"]) ?? ""}`;
}

function isKey(parent: Node, key: string): boolean {
  if (
    parent.type.startsWith("TS") &&
    !["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression"].includes(parent.type)
  )
    return true;
  const isPlainKey = (key === "property" || key === "key") && parent["computed"] !== true;
  return isPlainKey && parent["shorthand"] !== true;
}

function isDeclaration(parent: Node, key: string): boolean {
  switch (parent.type) {
    case "VariableDeclarator":
    case "ClassDeclaration":
    case "TSTypeAliasDeclaration":
    case "TSInterfaceDeclaration":
      return key === "id";
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return key === "id" || key === "params";
    case "CatchClause":
      return key === "param";
    default:
      return false;
  }
}

/** The names that a binding pattern declares. */
function namesIn(pattern: Node): string[] {
  const name = nameOf(pattern);
  if (name !== null) return [name];
  switch (pattern.type) {
    case "ObjectPattern":
      return (pattern["properties"] as Node[]).flatMap((p) =>
        namesIn((p.type === "RestElement" ? p["argument"] : p["value"]) as Node),
      );
    case "ArrayPattern":
      return (pattern["elements"] as (Node | null)[]).flatMap((e) => (e === null ? [] : namesIn(e)));
    case "AssignmentPattern":
      return namesIn(pattern["left"] as Node);
    case "RestElement":
      return namesIn(pattern["argument"] as Node);
    default:
      return [];
  }
}

/** All TypeScript files below `folder`, in order. */
export function readSources(root: string, folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((path) => /\.tsx?$/.test(path))
    .sort()
    .map((path) => parseSource(path, readFileSync(join(root, path), "utf8")));
}

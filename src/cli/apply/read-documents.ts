/** Files and folders → what they declare: JSON, YAML (several documents in one file) and NDJSON. */
import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join, relative } from "node:path";
import {
  type Document,
  isAlias,
  isCollection,
  isNode,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
} from "yaml";
import { CliError, exitCode } from "../cli-error.ts";
import { type Declared, isObject, type Origin, place } from "./document.ts";

const EXTENSIONS = new Set([".json", ".yaml", ".yml", ".ndjson"]);
/** Folders that never hold declarations. */
const SKIPPED = new Set(["node_modules", ".git"]);
/** Aliases in YAML may not blow a small file up into a huge document. */
const MAX_ALIASES = 100;
/** What a word processor makes of quotes. */
const TYPOGRAPHIC = /[\u201c\u201d\u2018\u2019]/;
/** Kinds that Fairway will know; telling them apart from a slip is worth a sentence. */
const LATER = new Set(["pages", "actions", "integrations", "webhooks", "automations", "teams", "users"]);

const invalid = (message: string, hint: string | null = null): CliError =>
  new CliError(exitCode.failure, "invalid_document", message, hint);

/** Everything that `paths` declare, folders deeply and in the order of their names. @throws CliError naming file and line */
export async function readDocuments(paths: readonly string[]): Promise<Declared[]> {
  const documents: Declared[] = [];
  for (const path of paths)
    for (const file of await filesOf(path)) documents.push(...parseDocuments(await readText(file), file));
  refuseDuplicates(documents);
  return documents;
}

async function filesOf(path: string): Promise<string[]> {
  let info;
  try {
    info = await stat(path);
  } catch {
    throw invalid(`${path} does not exist, or cannot be read`);
  }
  if (!info.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && EXTENSIONS.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !relative(path, file)
          .split(/[\\/]/)
          .some((part) => SKIPPED.has(part)),
    )
    .sort();
  if (files.length === 0) throw invalid(`${path} holds no .json, .yaml, .yml or .ndjson file`);
  return files;
}

async function readText(file: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
  } catch (error) {
    if (error instanceof TypeError) throw invalid(`${file} is not UTF-8 text`);
    throw invalid(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}

/** What one file declares. @throws CliError */
export function parseDocuments(text: string, file: string): Declared[] {
  return extname(file).toLowerCase() === ".ndjson" ? parseLines(text, file) : parseYaml(text, file);
}

function parseLines(text: string, file: string): Declared[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const origin = { file, line: index + 1 };
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      throw invalid(`${place(origin)}: not JSON: ${(error as Error).message}`);
    }
    return recognise(value, origin);
  });
}

/** JSON is YAML, and this parser tells line and column for both. */
function parseYaml(text: string, file: string): Declared[] {
  const lines = new LineCounter();
  let documents;
  try {
    // The parser takes minutes for lone carriage returns, which end a line as well.
    documents = parseAllDocuments(text.replaceAll(/\r\n?/g, "\n"), { lineCounter: lines, uniqueKeys: true });
  } catch (error) {
    if (error instanceof RangeError) throw invalid(`${file} nests too deeply`);
    throw error;
  }
  const lineOf = (node: unknown, fallback: number): number =>
    isNode(node) && node.range ? lines.linePos(node.range[0]).line : fallback;
  // "empty" stands for a file without any document.
  return [...documents].flatMap((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) {
      const at = problem.linePos?.[0];
      const quotes = TYPOGRAPHIC.exec(text.split("\n")[(at?.line ?? 1) - 1] ?? "");
      throw invalid(
        `${file}:${at?.line ?? 1}:${at?.col ?? 1}: ${problem.message.split("\n")[0] ?? "not YAML"}`,
        quotes === null ? null : `the line holds typographic quotes (${quotes[0]}); use plain ones`,
      );
    }
    const root = document.contents;
    const key = collectionKey(document);
    if (key !== null)
      throw invalid(`${file}:${lineOf(key, 1)}: a list or a map stands for a key: keys are text`);
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: MAX_ALIASES });
    } catch (error) {
      throw invalid(`${file}: ${(error as Error).message}`);
    }
    if (value === null || value === undefined) return [];
    const line = lineOf(root, 1);
    if (Array.isArray(value) && isSeq(root))
      return value.flatMap((item: unknown, index) =>
        recognise(item, { file, line: lineOf(root.items[index], line) }),
      );
    return recognise(value, { file, line });
  });
}

/** A blueprint has `schema`, an entity `blueprint`, a scorecard `blueprint` and `rules`; lists of these hold several. */
function recognise(value: unknown, origin: Origin): Declared[] {
  const quoted = isObject(value) ? Object.keys(value).find((key) => TYPOGRAPHIC.test(key)) : value;
  if (typeof quoted === "string" && TYPOGRAPHIC.test(quoted))
    throw invalid(`${place(origin)}: ${quoted.slice(0, 40)} holds typographic quotes; use plain ones`);
  if (!isObject(value))
    throw invalid(`${place(origin)}: expected an object that declares a blueprint, an entity or a scorecard`);
  if (LISTS.some((key) => Array.isArray(value[key]))) return bundle(value, origin);
  const later = Object.keys(value).find((key) => LATER.has(key) && Array.isArray(value[key]));
  if (later !== undefined)
    throw invalid(`${place(origin)}: ${later} cannot be applied yet; ${LISTS.join(", ")} can`);
  const { identifier } = value;
  if (typeof identifier !== "string" || identifier === "")
    throw invalid(`${place(origin)}: identifier must be a text that is not empty`);
  if (isObject(value["schema"])) return [{ kind: "blueprint", identifier, body: value, origin }];
  const { blueprint, ...body } = value;
  if (typeof blueprint === "string" && blueprint !== "" && Array.isArray(body["rules"]))
    return [{ kind: "scorecard", blueprint, identifier, body, origin }];
  if (typeof blueprint === "string" && blueprint !== "")
    return [{ kind: "entity", blueprint, identifier, body, origin }];
  throw invalid(
    `${place(origin)}: "${identifier}" is neither a blueprint (it has no schema) nor an entity (it has no blueprint)`,
  );
}

const LISTS = ["blueprints", "scorecards", "entities"];

function bundle(value: Record<string, unknown>, origin: Origin): Declared[] {
  const unknown = Object.keys(value).find((key) => !LISTS.includes(key));
  if (unknown !== undefined)
    throw invalid(`${place(origin)}: "${unknown}" cannot be applied yet; ${LISTS.join(", ")} can`);
  return LISTS.flatMap((key) => {
    const items = value[key] ?? [];
    if (!Array.isArray(items)) throw invalid(`${place(origin)}: ${key} must be a list`);
    return items.flatMap((item: unknown) => recognise(item, origin));
  });
}

function refuseDuplicates(documents: readonly Declared[]): void {
  const seen = new Map<string, Origin>();
  for (const document of documents) {
    const key =
      document.kind === "blueprint"
        ? document.identifier
        : `${document.kind}\0${document.blueprint}\0${document.identifier}`;
    const first = seen.get(key);
    if (first !== undefined)
      throw invalid(
        `${place(document.origin)}: the ${document.kind} "${document.identifier}" is declared at ${place(first)} already`,
      );
    seen.set(key, document.origin);
  }
}

/** A key that is a list or a map. The parser makes text of it for an object: half a minute for 400 times `? `. */
function collectionKey(document: Document): unknown {
  let found: unknown = null;
  visit(document, {
    Pair(_key, { key }) {
      if (!isCollection(isAlias(key) ? key.resolve(document) : key)) return undefined;
      found = key;
      return visit.BREAK;
    },
  });
  return found;
}

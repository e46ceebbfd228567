/** Places in a JSON text by its syntax tree, also while it is no JSON yet. */
import { syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import type { Path } from "./json-shape.ts";

type SyntaxNode = ReturnType<ReturnType<typeof syntaxTree>["resolveInner"]>;

export interface Place {
  /** Of the object for a key, of the value for a value. */
  readonly path: Path;
  readonly kind: "key" | "value";
  /** Where what is typed begins, without its quote. */
  readonly from: number;
  readonly to: number;
  /** Between quotes. */
  readonly isQuoted: boolean;
}

const VALUES = new Set(["Object", "Array", "String", "Number", "True", "False", "Null"]);

const textOf = (state: EditorState, { from, to }: SyntaxNode): string => state.sliceDoc(from, to);

function unquoted(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : text;
  } catch {
    return text.replace(/^"|"$/g, "");
  }
}

function children(node: SyntaxNode): SyntaxNode[] {
  const list: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) list.push(child);
  return list;
}

const valueIn = (node: SyntaxNode): SyntaxNode | null =>
  children(node).find(({ name }) => VALUES.has(name)) ?? null;

const keyOf = (state: EditorState, property: SyntaxNode): string => {
  const name = property.getChild("PropertyName");
  return name === null ? "" : unquoted(textOf(state, name));
};

/** The steps from the document to a node. */
function pathTo(state: EditorState, node: SyntaxNode): Path {
  const path: (string | number)[] = [];
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    if (at.name === "Property") path.unshift(keyOf(state, at));
    else if (at.parent?.name === "Array" && VALUES.has(at.name)) {
      const { from } = at;
      path.unshift(children(at.parent).filter((one) => VALUES.has(one.name) && one.from < from).length);
    }
  }
  return path;
}

/** Whether a key or a value is typed at a position, and of what. null: neither. */
export function placeAt(state: EditorState, position: number): Place | null {
  const node = syntaxTree(state).resolveInner(position, -1);
  if (node.name === "PropertyName" && node.parent?.parent)
    return {
      ...{ path: pathTo(state, node.parent.parent), kind: "key", from: node.from + 1, isQuoted: true },
      to: closing(state, node),
    };
  if (node.name === "String")
    return {
      ...{ path: pathTo(state, node), kind: "value", from: node.from + 1, isQuoted: true },
      to: closing(state, node),
    };
  const before = state.sliceDoc(0, position);
  const typed = /[A-Za-z_]*$/.exec(before)?.[0] ?? "";
  const from = position - typed.length;
  const last = before.slice(0, from).trimEnd().at(-1);
  const place = { from, to: position, isQuoted: false };
  const around = enclosing(node);
  if (last === ":") {
    const property = propertyBefore(node, from);
    return property === null ? null : { ...place, kind: "value", path: pathTo(state, property) };
  }
  if (around === null) return null;
  const path = pathTo(state, around);
  if (around.name === "Object" && (last === "{" || last === ",")) return { ...place, kind: "key", path };
  if (around.name === "Array" && (last === "[" || last === ",")) {
    const at = children(around).filter((one) => VALUES.has(one.name) && one.from < from).length;
    return { ...place, kind: "value", path: [...path, at] };
  }
  return null;
}

/** Without the quote at the end, where there is one. */
const closing = (state: EditorState, { from, to }: SyntaxNode): number =>
  to > from + 1 && state.sliceDoc(to - 1, to) === '"' ? to - 1 : to;

function enclosing(node: SyntaxNode): SyntaxNode | null {
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent)
    if (at.name === "Object" || at.name === "Array") return at;
  return null;
}

/** The property whose value is missing before a position. */
function propertyBefore(node: SyntaxNode, position: number): SyntaxNode | null {
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) if (at.name === "Property") return at;
  const around = enclosing(node);
  if (around === null) return null;
  return children(around).findLast(({ name, from }) => name === "Property" && from < position) ?? null;
}

/** Where the value at a path stands, or its key; null: nowhere. */
export function rangeOf(state: EditorState, path: Path, isKey: boolean): { from: number; to: number } | null {
  let node = valueIn(syntaxTree(state).topNode);
  let property: SyntaxNode | null = null;
  for (const step of path) {
    if (node === null) return null;
    property = null;
    if (typeof step === "number") node = children(node).filter(({ name }) => VALUES.has(name))[step] ?? null;
    else {
      property = node.getChildren("Property").find((one) => keyOf(state, one) === step) ?? null;
      node = property === null ? null : valueIn(property);
    }
  }
  const found = isKey && property !== null ? property.getChild("PropertyName") : node;
  return found === null ? null : { from: found.from, to: found.to };
}

/** What the text says so far: what is not finished is left out. */
export function documentIn(state: EditorState): unknown {
  const node = valueIn(syntaxTree(state).topNode);
  return node === null ? undefined : read(state, node);
}

function read(state: EditorState, node: SyntaxNode): unknown {
  switch (node.name) {
    case "Object": {
      const entries = node.getChildren("Property").flatMap((property): [string, unknown][] => {
        const value = valueIn(property);
        return value === null ? [] : [[keyOf(state, property), read(state, value)]];
      });
      return Object.fromEntries(entries);
    }
    case "Array":
      return children(node)
        .filter(({ name }) => VALUES.has(name))
        .map((item) => read(state, item));
    case "String":
      return unquoted(textOf(state, node));
    case "Number":
      return Number(textOf(state, node));
    case "True":
      return true;
    case "False":
      return false;
    default:
      return null;
  }
}

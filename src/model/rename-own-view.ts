/**
 * Views of tables that people keep for themselves follow renames too. They are kept as the portal writes them: under
 * `view:` and the blueprint, as the texts of its address. Pure.
 */
import { isObject, type JsonObject } from "./json.ts";
import { type Documents, type Rename, renameInSearch } from "./rename.ts";

/** Names of settings that are views begin so. */
export const VIEW_PREFIX = "view:";

interface Setting {
  readonly name: string;
  readonly value: JsonObject;
}

/** @param documents as they are before the rename */
export function renamedOwnView({ name, value }: Setting, rename: Rename, documents: Documents): Setting {
  if (!name.startsWith(VIEW_PREFIX)) return { name, value };
  const on = name.slice(VIEW_PREFIX.length);
  const isOwn = rename.kind !== "blueprint" && rename.blueprint === on;
  const named = (id: string): string => (isOwn && id === rename.from ? rename.to : id);
  const each = (change: (part: string) => string) => (text: string) => text.split(",").map(change).join(",");
  const pair = (part: string): string => {
    const at = part.lastIndexOf(":");
    return at < 1 ? part : `${named(part.slice(0, at))}${part.slice(at)}`;
  };
  const changes: Readonly<Record<string, (text: string) => string>> = {
    cols: each(named),
    g: each(named),
    s: each((part) => (part.startsWith("-") ? `-${named(part.slice(1))}` : named(part))),
    w: each(pair),
    t: each(pair),
    f: (text) => filterAfter(text, on, rename, documents),
  };
  return {
    name: rename.kind === "blueprint" && on === rename.from ? `${VIEW_PREFIX}${rename.to}` : name,
    value: Object.fromEntries(
      Object.entries(value).map(([key, text]) => {
        const change = Object.hasOwn(changes, key) ? changes[key] : undefined;
        return [key, typeof text === "string" && change ? change(text) : text];
      }),
    ),
  };
}

/** What is no filter stays as it is: the table says so when it reads it. */
function filterAfter(text: string, on: string, rename: Rename, documents: Documents): string {
  try {
    const query: unknown = JSON.parse(text);
    return isObject(query) ? JSON.stringify(renameInSearch(query, on, rename, documents)) : text;
  } catch {
    return text;
  }
}

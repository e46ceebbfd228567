/** Order and nesting of pages and folders in the sidebar. Pure. */
import { AppError, invalid } from "./error.ts";
import type { JsonObject } from "./json.ts";
import { isFolder, textIn } from "./page-document.ts";

/** Port's limit. */
const MAX_LEVELS = 3;

export interface SidebarEntry {
  readonly identifier: string;
  readonly document: JsonObject;
}

/**
 * Everything in the order it is shown, children after their folder. In a folder what names no `after` comes first, in
 * the order given (by age); what names one follows it, of several the youngest first. An `after` or `parent` that leads
 * nowhere counts as none.
 */
export function sidebarOrder<T extends SidebarEntry>(entries: readonly T[]): T[] {
  const folders = new Set(entries.filter(({ document }) => isFolder(document)).map((e) => e.identifier));
  const children = new Map<string | null, T[]>();
  for (const entry of entries) {
    const parent = textIn(entry.document, "parent");
    const at = parent !== null && folders.has(parent) && parent !== entry.identifier ? parent : null;
    children.set(at, [...(children.get(at) ?? []), entry]);
  }
  const result: T[] = [];
  const seen = new Set<T>();
  const place = (parent: string | null): void => {
    for (const entry of siblings(children.get(parent) ?? [])) {
      if (seen.has(entry)) continue;
      seen.add(entry);
      result.push(entry);
      if (folders.has(entry.identifier)) place(entry.identifier);
    }
  };
  place(null);
  // Folders in a ring are refused when written; whatever came to be is shown all the same.
  return [...result, ...entries.filter((entry) => !seen.has(entry))];
}

function siblings<T extends SidebarEntry>(entries: readonly T[]): T[] {
  const here = new Set(entries.map(({ identifier }) => identifier));
  const followers = new Map<string | null, T[]>();
  for (const entry of entries) {
    const after = textIn(entry.document, "after");
    const at = after !== null && after !== entry.identifier && here.has(after) ? after : null;
    followers.set(
      at,
      at === null ? [...(followers.get(at) ?? []), entry] : [entry, ...(followers.get(at) ?? [])],
    );
  }
  const result: T[] = [];
  const seen = new Set<T>();
  const follow = (at: string | null): void => {
    for (const entry of followers.get(at) ?? []) {
      if (seen.has(entry)) continue;
      seen.add(entry);
      result.push(entry);
      follow(entry.identifier);
    }
  };
  follow(null);
  return [...result, ...entries.filter((entry) => !seen.has(entry))];
}

/**
 * Whether the document can stand where it says.
 * @param others everything else in the sidebar
 * @throws AppError not_found for a `parent` or `after` that does not exist; invalid_request
 */
export function checkPlaceIn(
  others: readonly SidebarEntry[],
  identifier: string,
  document: JsonObject,
  field: string,
): void {
  const byId = new Map(others.map((entry) => [entry.identifier, entry.document]));
  const parent = textIn(document, "parent");
  const after = textIn(document, "after");
  if (after !== null && !byId.has(after))
    throw new AppError("not_found", `${field}.after: nothing in the sidebar is called "${after}"`);
  if (parent === null) return;
  const folder = byId.get(parent);
  if (folder === undefined || !isFolder(folder))
    throw new AppError("not_found", `${field}.parent: Folder with identifier "${parent}" was not found`);
  const above = ancestors(byId, parent);
  if (above.includes(identifier))
    throw invalid(`${field}.parent "${parent}": a folder cannot stand in itself`);
  const levels = above.length + (isFolder(document) ? 1 + depthBelow(others, identifier) : 0);
  if (levels > MAX_LEVELS)
    throw invalid(`${field}.parent "${parent}": folders are nested at most ${MAX_LEVELS} levels deep`);
}

/** The folder and those that it stands in. */
function ancestors(byId: ReadonlyMap<string, JsonObject>, from: string): string[] {
  const result: string[] = [];
  for (let at: string | null = from; at !== null && !result.includes(at);) {
    result.push(at);
    const document = byId.get(at);
    at = document === undefined ? null : textIn(document, "parent");
  }
  return result;
}

/** Levels of folders below it. */
function depthBelow(entries: readonly SidebarEntry[], folder: string, seen = new Set<string>()): number {
  if (seen.has(folder)) return 0;
  seen.add(folder);
  const inside = entries.filter(
    ({ document }) => isFolder(document) && textIn(document, "parent") === folder,
  );
  return Math.max(0, ...inside.map(({ identifier }) => 1 + depthBelow(entries, identifier, seen)));
}

/** The entry as clients read the sidebar. */
export function renderSidebarItem({ identifier, document }: SidebarEntry): JsonObject {
  const { title, icon, type, blueprint, parent, after, locked, showInSidebar } = document;
  const isGroup = isFolder(document);
  const known = { icon, blueprint, parent, after, locked, showInSidebar };
  return {
    identifier,
    title: typeof title === "string" ? title : identifier,
    sidebar: "catalog",
    sidebarType: isGroup ? "folder" : "page",
    ...(isGroup ? {} : { type }),
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined && value !== null)),
  };
}

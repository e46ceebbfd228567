import type { Json, JsonObject } from "../value.ts";

/**
 * Gives the text of a file of the caller's library, by its path (`a.jq`, `lib/b.json`; never `..` or a leading `/`);
 * `undefined`: there is none. Programs can only read what it gives.
 */
export type ReadModule = (path: string) => string | undefined;

/** A file of the library. */
export interface Found {
  readonly path: string;
  readonly text: string;
}

/** Why a module cannot be had. */
export class ModuleError extends Error {
  override readonly name = "ModuleError";
}

/**
 * The file of the module `name`, where jq looks for it: in each folder of `search`, `name.jq`, then `name/jq/main.jq`, then
 * `name/name.jq`. Folders are relative to `folder`, that of the file that imports it.
 */
export function findModule(
  read: ReadModule,
  name: string,
  search: readonly string[],
  suffix: ".jq" | ".json",
): Found | null {
  checkName(name);
  const last = name.slice(name.lastIndexOf("/") + 1);
  for (const folder of search)
    for (const end of [suffix, `/jq/main${suffix}`, `/${last}${suffix}`]) {
      const path = joined(folder, name + end);
      const text = path === null ? undefined : read(path);
      if (path !== null && text !== undefined) return { path, text };
    }
  return null;
}

function checkName(name: string): void {
  if (name.includes("\\")) throw new ModuleError(`Modules are named by paths with /, not \\ (${name})`);
  const parts = name.split("/");
  for (const [i, part] of parts.entries()) {
    if (part === "..") throw new ModuleError(`Paths of modules may not lead to the folder above (${name})`);
    if (i > 0 && part === parts[i - 1])
      throw new ModuleError(`A path of a module may not have the same name twice in a row (${name})`);
  }
}

/** The folders that the file in `folder` looks for a module in; without `search`, at the top of the library. */
export function searchOf(meta: JsonObject, folder: string): string[] {
  const search: Json | undefined = Object.hasOwn(meta, "search") ? meta["search"] : undefined;
  if (search === undefined) return [""];
  const folders = (Array.isArray(search) ? search : [search]).filter((item) => typeof item === "string");
  return folders.map((item) => {
    if (/^[/~$]/u.test(item))
      throw new ModuleError(`Folders of modules are relative to the file that imports them (${item})`);
    return `${folder}/${item}`;
  });
}

/** `folder/path` without `.`, `..` and empty parts; null: it would leave the library. */
function joined(folder: string, path: string): string | null {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split("/"))
    if (part === "..") {
      if (parts.pop() === undefined) return null;
    } else if (part !== "" && part !== ".") parts.push(part);
  return parts.join("/");
}

/** The folder of a file. */
export const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf("/"), 0));

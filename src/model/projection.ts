/** `include` and `exclude` of reads and searches (data-model.md §4.7, §5.1). */
import type { EntityJson } from "./entity.ts";

export interface Projection {
  /** Paths into the entity: `identifier`, `properties.x`, `relations.y`, `properties`. null: everything. */
  readonly include: readonly string[] | null;
  readonly exclude: readonly string[];
}

const MAPS = ["properties", "relations", "scorecards"];

/** Repeated or comma-joined query parameters. */
export function parsePaths(value: unknown): string[] | null {
  const list: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const paths = list
    .flatMap((item) => (typeof item === "string" ? item.split(",") : []))
    .map((path) => path.trim())
    .filter((path) => path !== "");
  return paths.length === 0 ? null : paths;
}

/** The blueprint route names properties and relations directly and metas with `$`. */
export function toPath(name: string, isRelation: (id: string) => boolean): string {
  if (name.startsWith("$")) return name.slice(1);
  if (name.includes(".") || MAPS.includes(name)) return name;
  return isRelation(name) ? `relations.${name}` : `properties.${name}`;
}

export function project(entity: EntityJson, { include, exclude }: Projection): Record<string, unknown> {
  if (include === null && exclude.length === 0) return { ...entity };
  const wanted = (path: string, parent?: string): boolean => {
    const names = parent === undefined ? [path] : [path, parent];
    return (
      (include === null || names.some((name) => include.includes(name))) &&
      !names.some((name) => exclude.includes(name))
    );
  };
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entity) as [string, unknown][]) {
    if (!MAPS.includes(key)) {
      if (wanted(key)) result[key] = value;
      continue;
    }
    const members = Object.entries(value as Record<string, unknown>).filter(([id]) =>
      wanted(`${key}.${id}`, key),
    );
    const asked = include === null || include.includes(key) || members.length > 0;
    if (asked && !exclude.includes(key)) result[key] = Object.fromEntries(members);
  }
  return result;
}

import type { BlueprintDoc, Column } from "./blueprint.ts";

/** So many columns fit a screen beside title, owner and the last update. */
const TELLING = 6;
/** Nobody reads them in a cell. */
const LONG_FORMATS = ["markdown", "yaml", "proto"];

/**
 * Columns of a table that nobody has arranged: the title, who owns it, the six that say most of how an entity stands and what
 * it belongs to, in the blueprint's order, and the last update. All others come on demand.
 * @param known the column that says the same in every row
 */
export function defaultColumns(
  columns: readonly Column[],
  blueprint: BlueprintDoc,
  known?: string,
): string[] {
  const required = blueprint.schema?.required;
  const telling = columns
    .filter(({ id }) => id !== known)
    .map((column) => ({ column, rank: rankOf(column, blueprint) }))
    .filter((one): one is { column: Column; rank: number } => one.rank !== null)
    .map(({ column, rank }) => ({
      id: column.id,
      rank: Array.isArray(required) && required.includes(column.id) ? rank - REQUIRED : rank,
    }))
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, TELLING)
    .map(({ id }) => id);
  const shown = columns.filter(({ id }) => telling.includes(id)).map(({ id }) => id);
  const owner = columns.some(({ id }) => id === "$team") ? ["$team"] : [];
  return ["$title", ...owner, ...shown, "$updatedAt"];
}

/** What each entity must have says more than what some have. */
const REQUIRED = 2;

/** Lower says more; null: it is shown anyway, or nobody would read it in a table. */
function rankOf(
  { id, kind, source, options, score, isTimer }: Column,
  blueprint: BlueprintDoc,
): number | null {
  if (source === null) return null;
  if (score !== null) return score.rule === null ? 2 : null;
  if (LONG_FORMATS.includes(blueprint.schema?.properties?.[id]?.format ?? "")) return null;
  if (options.length > 0 && kind !== "list") return 0;
  switch (kind) {
    case "object":
      return null;
    case "relation":
      return blueprint.relations?.[id]?.many === true ? 6 : 1;
    case "number":
      return source === "property" ? 4 : 3;
    case "boolean":
      return 4;
    case "time":
      return isTimer ? 3 : 4;
    case "list":
      return 7;
    case "url":
      return 6;
    default:
      return 5;
  }
}

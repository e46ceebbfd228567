import type { BlueprintDoc, Column } from "./blueprint.ts";

/** What people may write: derived values and those of the system are not. */
export function isWritable(column: Column, blueprint: BlueprintDoc): boolean {
  if (column.id === "$title") return true;
  if (column.id === "$team") return blueprint.ownership?.type === "Direct";
  return column.source === "property" || column.source === "relation";
}

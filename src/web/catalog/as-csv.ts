import { csv, type Cell } from "../lib/csv.ts";
import { type Column, type EntityDoc, valueIn } from "./blueprint.ts";

/** Raw values, so that they can be read back: lists and objects as JSON; an identifier column is always there. */
export function asCsv(entities: readonly EntityDoc[], columns: readonly Column[]): string {
  const some = columns.filter(({ id }) => id !== "$title" && id !== "$identifier");
  const cell = (value: unknown): Cell =>
    typeof value === "object" && value !== null ? JSON.stringify(value) : (value as Cell);
  return csv(
    ["$identifier", "$title", ...some.map(({ id }) => id)],
    entities.map((entity) => [
      entity.identifier,
      entity.title,
      ...some.map((column) => cell(valueIn(entity, column))),
    ]),
  );
}

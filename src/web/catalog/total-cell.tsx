import { useQuery } from "@tanstack/react-query";
import type { CatalogView, Rule, TotalKind } from "../lib/catalog-search.ts";
import { count, number } from "../lib/format.ts";
import type { Column } from "./blueprint.ts";
import { totalQuery } from "./total-query.ts";
import { unitText } from "./unit.ts";

export const TOTAL_LABELS: Readonly<Record<TotalKind, string>> = {
  filled: "with a value",
  empty: "without a value",
  distinct: "different values",
  sum: "sum",
  average: "average",
  min: "smallest",
  max: "largest",
  median: "median",
};

const OF_NUMBERS: readonly TotalKind[] = ["sum", "average", "min", "max", "median"];

/** What can stand below a column. */
export function totalsFor({ kind, source, score }: Column): readonly TotalKind[] {
  if (score !== null || kind === "title") return [];
  const ofNumbers = source !== null && kind === "number" ? OF_NUMBERS : [];
  const ofValues: readonly TotalKind[] =
    kind === "object" ? ["filled", "empty"] : ["filled", "empty", "distinct"];
  return [...ofNumbers, ...ofValues];
}

/** A total of everything that matches, not only of the rows on screen. */
export function TotalCell({
  blueprint,
  view,
  column,
  kind,
  more,
}: {
  blueprint: string;
  view: CatalogView;
  column: Column;
  kind: TotalKind;
  more: readonly Rule[];
}) {
  const total = useQuery(totalQuery(blueprint, view, column, kind, more));
  const value = total.data;
  return (
    <span title={`Of all that match: ${TOTAL_LABELS[kind]}`}>
      <span className="muted">{TOTAL_LABELS[kind]} </span>
      <strong className="nums">
        {total.error
          ? "failed"
          : value === undefined
            ? "…"
            : value === null
              ? "–"
              : OF_NUMBERS.includes(kind)
                ? (unitText(column.id, value) ?? number(value))
                : count(value)}
      </strong>
    </span>
  );
}

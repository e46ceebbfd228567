import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { postJson } from "../api/client.ts";
import { type CatalogView, queryOf, type Rule, type TotalKind } from "../lib/catalog-search.ts";
import type { Column } from "./blueprint.ts";
import { type CountedValues, ofBlueprint } from "./queries.ts";

/** A number below a column, over everything that matches, loaded or not. */
export const totalQuery = (
  blueprint: string,
  view: Pick<CatalogView, "text" | "filter">,
  column: Column,
  kind: TotalKind,
  more: readonly Rule[],
) => {
  const isEmpty = (operator: string): Rule =>
    column.source === "relation"
      ? ({ relation: column.id, operator } as unknown as Rule)
      : { property: column.id, operator };
  const rules = [
    ofBlueprint(blueprint),
    ...more,
    ...(kind === "filled" ? [isEmpty("isNotEmpty")] : kind === "empty" ? [isEmpty("isEmpty")] : []),
  ];
  const query = queryOf(view, rules);
  const body =
    kind === "filled" || kind === "empty"
      ? { func: "count", query }
      : kind === "distinct"
        ? {
            func: "countValues",
            query,
            ...(column.source === "relation" ? { relation: column.id } : { property: column.id }),
          }
        : { func: kind, property: column.id, query };
  return queryOptions({
    queryKey: ["entities", blueprint, "total", body],
    queryFn: ({ signal }) =>
      postJson<{ result: number | null | CountedValues }>("/v1/entities/aggregate", body, signal),
    select: ({ result }) =>
      typeof result === "object" && result !== null
        ? result.values.filter(({ value }) => value !== null).length + result.other.values
        : result,
    placeholderData: keepPreviousData,
  });
};

/** How many entities an initiative would be about. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { postJson } from "../api/client.ts";
import { ofBlueprint } from "../catalog/queries.ts";

/** @param query undefined or null: all that the scorecard is about */
export const scopeCountQuery = (blueprint: string, scorecard: string, query: unknown) => {
  const rules = [
    ofBlueprint(blueprint),
    { scorecard, operator: "isNotEmpty" },
    ...(query === undefined || query === null ? [] : [query]),
  ];
  const body = { func: "count", query: { combinator: "and", rules } };
  return queryOptions({
    queryKey: ["entities", blueprint, "scope", body],
    queryFn: ({ signal }) => postJson<{ result: number }>("/v1/entities/aggregate", body, signal),
    select: ({ result }) => result,
    enabled: blueprint !== "" && scorecard !== "",
    placeholderData: keepPreviousData,
  });
};

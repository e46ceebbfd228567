import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson, type Params } from "../api/client.ts";
import { doraParams } from "../api/queries.ts";
import type { MetricsAnswer } from "../api/types.ts";
import { otherDays, type CompareQuery, type Days } from "../lib/compare-search.ts";
import { addDays, startOfDay } from "../lib/time-zone.ts";

/** Both sides in one answer, with a test of every difference. @param own the days of the first side */
export const compareQuery = (query: CompareQuery, own: Days) => {
  const { measured, other } = query;
  const { timezone } = measured;
  const { from, to } = otherDays(query, own);
  const instants = [from, addDays(to, 1)].map((day) => startOfDay(day, timezone).toISOString());
  const params: Params = {
    ...doraParams({ ...measured, range: own }),
    compare: instants.join("/"),
    compareBlueprint: other?.blueprint,
    compareEntity: other?.entity,
  };
  return queryOptions({
    queryKey: ["dora", "compare", params],
    queryFn: ({ signal }) => getJson<MetricsAnswer>("/v1/dora/metrics", params, signal),
    placeholderData: keepPreviousData,
  });
};

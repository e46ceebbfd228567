import { queryOptions } from "@tanstack/react-query";
import { getJson, type Params } from "../api/client.ts";
import { doraParams } from "../api/queries.ts";
import type { MetricName, NoValue, Scope, WindowInfo } from "../api/types.ts";
import type { DoraQuery } from "../lib/dora-search.ts";

/** What another profile says to the same question. */
export interface OtherProfile {
  readonly profile: string;
  readonly value: number | null;
  readonly unit: string | null;
  /** The value in the unit of ours. */
  readonly comparable: number | null;
  readonly n: number;
  readonly formula: string;
  readonly differences: readonly string[];
}

export interface Explanation {
  readonly scope: Scope;
  readonly window: WindowInfo;
  readonly environments: readonly string[];
  readonly definition: {
    readonly profile: string;
    readonly version: number;
    readonly settingsHash: string;
    readonly words: string;
  };
  readonly value: number | null;
  readonly noValue?: NoValue;
  readonly rows: {
    readonly in: number;
    readonly out: readonly { readonly reason: string; readonly count: number; readonly meaning: string }[];
  };
  readonly profiles: readonly OtherProfile[];
}

export const explainQuery = (query: DoraQuery, metric: MetricName) => {
  const params: Params = { metric, ...doraParams(query) };
  return queryOptions({
    queryKey: ["dora", "explain", params],
    queryFn: ({ signal }) => getJson<Explanation>("/v1/dora/explain", params, signal),
  });
};

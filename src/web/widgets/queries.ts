/** Questions of widgets. Their keys begin with `entities`, so that a hint of a change asks them again. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { postJson } from "../api/client.ts";
import type { CountedValues } from "../catalog/queries.ts";

export interface Chart {
  readonly minDate: number;
  readonly maxDate: number;
  readonly data: readonly (Readonly<Record<string, number>> & { readonly date: number })[];
  readonly series: readonly { readonly key: string; readonly value: string | null; readonly other?: true }[];
  readonly partial: readonly number[];
}

const asked = <T>(path: string, body: object) =>
  queryOptions({
    queryKey: ["entities", "widget", path, body],
    queryFn: ({ signal }) => postJson<{ result: T }>(path, body, signal),
    select: (answer) => answer.result,
    placeholderData: keepPreviousData,
  });

interface NumberAnswer {
  readonly result: number | null;
  /** Of an average by a period. */
  readonly averagedOver?: { readonly from: string; readonly to: string };
}

export const numberQuery = (body: object) =>
  queryOptions({
    queryKey: ["entities", "widget", "number", body],
    queryFn: ({ signal }) => postJson<NumberAnswer>("/v1/entities/aggregate", body, signal),
    placeholderData: keepPreviousData,
  });
export const valuesQuery = (body: object) => asked<CountedValues>("/v1/entities/aggregate", body);
export const overTimeQuery = (body: object) => asked<Chart>("/v1/entities/aggregate-over-time", body);
export const historyQuery = (body: object) => asked<Chart>("/v1/entities/properties-history", body);

import { queryOptions } from "@tanstack/react-query";
import { getJson, sendJson } from "../api/client.ts";

export interface SourceName {
  readonly name: string;
  readonly blueprint: string;
  readonly identifier: string;
}

interface NamesTable {
  readonly names: readonly SourceName[];
  /** Said by entities that have no service. */
  readonly unmatched: readonly { readonly name: string; readonly entities: number }[];
}

/** @param base address of the data source */
export const namesQuery = (base: string) =>
  queryOptions({
    queryKey: ["sources", "names", base],
    queryFn: ({ signal }) => getJson<NamesTable>(`${base}/names`, {}, signal),
  });

export const saveNames = (base: string, names: readonly SourceName[]) =>
  sendJson<NamesTable>("PUT", `${base}/names`, { names });

/** What the reader may change of an entity. */
import { queryOptions } from "@tanstack/react-query";
import { getJson } from "../api/client.ts";
import { entityPath } from "../catalog/queries.ts";

export interface Rights {
  readonly unregister: boolean;
  readonly properties: readonly string[];
  readonly relations: readonly string[];
}

export const rightsQuery = (blueprint: string, identifier: string) =>
  queryOptions({
    queryKey: ["entities", blueprint, "rights", identifier],
    queryFn: ({ signal }) =>
      getJson<{ rights: Rights }>(`${entityPath(blueprint, identifier)}/rights`, {}, signal),
    select: (answer) => answer.rights,
    staleTime: 60_000,
  });

/** Something of it, at least. */
export const mayEdit = ({ properties, relations }: Rights): boolean =>
  properties.some((id) => id !== "$identifier") || relations.length > 0;

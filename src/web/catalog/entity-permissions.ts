/** What the reader may do with the entities of a blueprint, by what was granted on it as a whole. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../api/client.ts";
import { useRole } from "../api/use-role.ts";

const permissionsQuery = queryOptions({
  queryKey: ["me", "permissions"],
  queryFn: ({ signal }) => getJson<{ permissions: readonly string[] }>("/v1/auth/permissions", {}, signal),
  select: (answer): ReadonlySet<string> => new Set(answer.permissions),
  staleTime: 60_000,
  retry: false,
});

interface EntityPermissions {
  readonly mayCreate: boolean;
  readonly mayUpdate: boolean;
  readonly mayDelete: boolean;
}

/**
 * Nothing is offered before it is known. Whoever may change single properties only does so by the form of an entity, which
 * asks for the rights on that one.
 */
export function useEntityPermissions(blueprint: string): EntityPermissions {
  const { looksAfter } = useRole();
  const isFree = looksAfter(blueprint);
  const granted = useQuery({ ...permissionsQuery, enabled: !isFree }).data;
  const may = (operation: string): boolean =>
    isFree || granted?.has(`${operation}:entities:${blueprint}`) === true;
  return { mayCreate: may("register"), mayUpdate: may("update"), mayDelete: may("unregister") };
}

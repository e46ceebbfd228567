import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * Makes what is under a key stale and fetches what is looked at. What is being fetched is let finish, or hints that keep
 * coming would never let a slow answer arrive; it may have begun before the change, and is fetched once more after it.
 */
export function refetcher(client: QueryClient): (queryKey: QueryKey) => void {
  const again = new Set<Query>();
  const refetch = (queryKey: QueryKey, exact: boolean): void =>
    void client.invalidateQueries({ queryKey, exact }, { cancelRefetch: false });
  const afterwards = async (query: Query): Promise<void> => {
    again.add(query);
    await query.promise?.catch(() => undefined);
    again.delete(query);
    refetch(query.queryKey, true);
  };
  return (queryKey) => {
    for (const query of client
      .getQueryCache()
      .findAll({ queryKey, type: "active", fetchStatus: "fetching" })) {
      if (!again.has(query)) void afterwards(query);
    }
    refetch(queryKey, false);
  };
}

import { postJson } from "../api/client.ts";
import { queryOf, type CatalogView } from "../lib/catalog-search.ts";
import type { EntityDoc } from "./blueprint.ts";

/** Every entity of what a view shows, page by page. @param onProgress how many there are so far */
export async function readEveryEntity(
  blueprint: string,
  view: CatalogView,
  onProgress: (count: number) => void,
  signal: AbortSignal,
): Promise<EntityDoc[]> {
  const entities: EntityDoc[] = [];
  let from: string | undefined;
  do {
    const page: { entities: EntityDoc[]; next?: string } = await postJson(
      `/v1/blueprints/${encodeURIComponent(blueprint)}/entities/search`,
      {
        query: queryOf(view),
        limit: 1000,
        ...(view.sort.length > 0 ? { sort: view.sort } : {}),
        ...(from === undefined ? {} : { from }),
      },
      signal,
    );
    entities.push(...page.entities);
    onProgress(entities.length);
    from = page.next;
  } while (from !== undefined);
  return entities;
}

import { postJson } from "../api/client.ts";
import { type CatalogView, queryOf, type Rule } from "../lib/catalog-search.ts";
import type { EntityDoc } from "./blueprint.ts";

/** Every entity of what a view shows, page by page. @param onProgress how many there are so far */
export async function readEveryEntity(
  blueprint: string,
  view: CatalogView,
  onProgress: (count: number) => void,
  signal: AbortSignal,
  more: readonly Rule[] = [],
): Promise<EntityDoc[]> {
  const entities: EntityDoc[] = [];
  let from: string | undefined;
  do {
    const page: { entities: EntityDoc[]; next?: string } = await postJson(
      `/v1/blueprints/${encodeURIComponent(blueprint)}/entities/search`,
      {
        query: queryOf(view, more),
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

/** Identifiers of what a view shows. @throws Error when there are more than `limit` */
export async function readIdentifiers(
  blueprint: string,
  view: CatalogView,
  more: readonly Rule[],
  limit: number,
  signal: AbortSignal,
): Promise<string[]> {
  const identifiers: string[] = [];
  let from: string | undefined;
  do {
    const page: { entities: EntityDoc[]; next?: string } = await postJson(
      `/v1/blueprints/${encodeURIComponent(blueprint)}/entities/search`,
      {
        ...{ query: queryOf(view, more), include: ["$identifier"], limit: 1000 },
        ...(from === undefined ? {} : { from }),
      },
      signal,
    );
    identifiers.push(...page.entities.map(({ identifier }) => identifier));
    if (identifiers.length > limit) throw new Error(`More than ${limit} match: narrow them by a filter.`);
    from = page.next;
  } while (from !== undefined);
  return identifiers;
}

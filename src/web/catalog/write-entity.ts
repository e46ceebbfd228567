/** Changes of entities from a table: shown at once, put right by the answer. */
import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { postJson, sendJson } from "../api/client.ts";
import type { Column, EntityDoc } from "./blueprint.ts";
import { entityPath } from "./queries.ts";

interface Page {
  readonly entities: EntityDoc[];
  readonly next?: string;
}
type Pages = InfiniteData<Page>;

export interface CellChange {
  readonly entity: EntityDoc;
  readonly column: Column;
  /** undefined takes the value away. */
  readonly value: unknown;
}

/** Body of the PATCH that puts a value into a column. */
function changeOf({ id, source }: Column, value: unknown): Record<string, unknown> {
  const sent = value === undefined ? null : value;
  if (id === "$title") return { title: sent };
  if (id === "$team") return { team: sent ?? [] };
  return source === "relation" ? { relations: { [id]: sent } } : { properties: { [id]: sent } };
}

/** The entity as it will be. */
export function withChange(entity: EntityDoc, column: Column, value: unknown): EntityDoc {
  const { properties, relations, ...rest } = changeOf(column, value);
  return {
    ...entity,
    ...rest,
    properties: { ...entity.properties, ...(properties as object | undefined) },
    relations: { ...entity.relations, ...(relations as object | undefined) },
  };
}

/** One cell. Tables show the new value while the server decides; a refusal puts the old one back. */
export function useCellChange(blueprint: string) {
  const client = useQueryClient();
  const lists = { queryKey: ["entities", blueprint, "pages"] };
  const show = (identifier: string, change: (entity: EntityDoc) => EntityDoc) =>
    client.setQueriesData<Pages>(lists, (data) =>
      data === undefined
        ? data
        : {
            ...data,
            pages: data.pages.map((page) => ({
              ...page,
              entities: page.entities.map((entity) =>
                entity.identifier === identifier ? change(entity) : entity,
              ),
            })),
          },
    );
  return useMutation({
    mutationFn: ({ entity, column, value }: CellChange) =>
      sendJson<{ entity: EntityDoc }>(
        "PATCH",
        entityPath(blueprint, entity.identifier),
        changeOf(column, value),
      ),
    onMutate: async ({ entity, column, value }) => {
      await client.cancelQueries(lists);
      show(entity.identifier, (shown) => withChange(shown, column, value));
    },
    onSuccess: ({ entity }) => show(entity.identifier, (shown) => ({ ...shown, ...entity })),
    onError: (_error, { entity }) => show(entity.identifier, () => entity),
    onSettled: () => client.invalidateQueries({ queryKey: ["entities", blueprint] }),
  });
}

/** What the API takes at once. */
const AT_ONCE = 500;

export interface BulkOutcome {
  readonly done: number;
  readonly refused: readonly { readonly identifier: string; readonly message: string }[];
}

const portions = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, i) =>
    all.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
  );

/** The same value for many; each succeeds or fails by itself. */
export async function changeMany(
  blueprint: string,
  identifiers: readonly string[],
  column: Column,
  value: unknown,
): Promise<BulkOutcome> {
  const refused: { identifier: string; message: string }[] = [];
  for (const some of portions(identifiers)) {
    const { errors = [] } = await postJson<{ errors?: { identifier: string; message: string }[] }>(
      `${entityPath(blueprint)}/bulk?upsert=true&merge=true`,
      { entities: some.map((identifier) => ({ identifier, ...changeOf(column, value) })) },
    );
    refused.push(...errors);
  }
  return { done: identifiers.length - refused.length, refused };
}

/** All of a portion, or none of it when something stands against one. */
export async function deleteMany(blueprint: string, identifiers: readonly string[]): Promise<void> {
  for (const entities of portions(identifiers))
    await postJson(`/v1/blueprints/${encodeURIComponent(blueprint)}/bulk/entities/delete`, { entities });
}

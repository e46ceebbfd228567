/** What entities are called: asked for together, however many places of a page ask for one each. */
import { queryOptions } from "@tanstack/react-query";
import { postJson } from "../api/client.ts";
import type { EntityDoc } from "./blueprint.ts";
import { entityPath } from "./queries.ts";

/** Those that are asked for within this time go in one request. */
const GATHER_MS = 20;
const MOST = 200;

interface Batch {
  readonly identifiers: Set<string>;
  readonly titles: Promise<ReadonlyMap<string, string>>;
}

/** Those that are still gathered, by blueprint. */
const gathered = new Map<string, Batch>();

/** The title of an entity; null: it has none, is gone, or may not be seen. */
export const entityTitleQuery = (blueprint: string, identifier: string) =>
  queryOptions({
    queryKey: ["entities", blueprint, "title", identifier],
    queryFn: () => findTitle(blueprint, identifier),
    staleTime: 30_000,
    retry: false,
  });

async function findTitle(blueprint: string, identifier: string): Promise<string | null> {
  const open = gathered.get(blueprint);
  const batch = open && open.identifiers.size < MOST ? open : begin(blueprint);
  batch.identifiers.add(identifier);
  return (await batch.titles).get(identifier) ?? null;
}

function begin(blueprint: string): Batch {
  const identifiers = new Set<string>();
  const batch: Batch = {
    identifiers,
    titles: new Promise((resolve) => setTimeout(resolve, GATHER_MS)).then(() => {
      if (gathered.get(blueprint) === batch) gathered.delete(blueprint);
      return askTitles(blueprint, [...identifiers]);
    }),
  };
  gathered.set(blueprint, batch);
  return batch;
}

async function askTitles(
  blueprint: string,
  identifiers: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { entities } = await postJson<{ entities: EntityDoc[] }>(`${entityPath(blueprint)}/search`, {
    query: {
      combinator: "and",
      rules: [{ property: "$identifier", operator: "in", value: identifiers }],
    },
    include: ["$identifier", "$title"],
    limit: MOST,
  });
  return new Map(entities.flatMap(({ identifier, title }) => (title ? [[identifier, title] as const] : [])));
}

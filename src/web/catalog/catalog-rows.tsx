import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback } from "react";
import { isFinished } from "../lib/catalog-search.ts";
import { count } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { SlowNote } from "../parts/slow-note.tsx";
import { type BlueprintDoc, type Column, titleOf } from "./blueprint.ts";
import { EntityTable, type TableFeatures } from "./entity-table.tsx";
import { entityPagesQuery } from "./queries.ts";
import type { CatalogState } from "./use-catalog-view.ts";

/** The rows without groups, page by page. */
export function CatalogRows({
  blueprint,
  state,
  columns,
  total,
  features,
  noMatch,
  onCreate,
}: {
  blueprint: BlueprintDoc;
  state: CatalogState;
  columns: readonly Column[];
  total: number | null;
  features: TableFeatures;
  /** In place of the rows, where the view leaves none. */
  noMatch: ReactNode;
  /** null: the reader may make none. */
  onCreate: (() => void) | null;
}) {
  const { view, more, change } = state;
  const { rules, more: groups = [] } = view.filter;
  const isNarrowed = rules.some(isFinished) || groups.length + more.length > 0 || view.text.trim() !== "";
  const pages = useInfiniteQuery(entityPagesQuery(blueprint.identifier, view, more));
  const { fetchNextPage } = pages;
  const onMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  if (pages.error && !pages.data)
    return <ErrorPanel what="load the entities" error={pages.error} onRetry={() => void pages.refetch()} />;
  if (!pages.data)
    return (
      <div aria-busy>
        <SlowNote what="the entities" />
        <Bone height={420} />
      </div>
    );
  const found = pages.data.pages.flatMap(({ entities }) => entities);
  if (found.length === 0 && !pages.isPlaceholderData)
    return isNarrowed ? (
      noMatch
    ) : (
      <Empty title={`No entities of “${titleOf(blueprint)}” yet`}>
        <p>They come from data sources, from the API, or by hand.</p>
        {onCreate === null ? null : (
          <Button size="xs" variant="default" onClick={onCreate}>
            Create the first
          </Button>
        )}
      </Empty>
    );
  return (
    <>
      <EntityTable
        label={`${titleOf(blueprint)}: ${total === null ? "" : count(total)} entities`}
        blueprint={blueprint.identifier}
        columns={columns}
        rows={found}
        total={total}
        sort={view.sort}
        onSort={(sort) => change({ sort })}
        more={pages.hasNextPage && !pages.isFetchingNextPage}
        onMore={onMore}
        busy={pages.isFetching && pages.isPlaceholderData}
        features={features}
      />
      {pages.error ? (
        <ErrorPanel what="load more entities" error={pages.error} onRetry={() => void fetchNextPage()} />
      ) : null}
    </>
  );
}

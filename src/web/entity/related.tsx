import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import {
  type BlueprintDoc,
  columnsOf,
  type EntityDoc,
  type RelationDoc,
  titleOf,
} from "../catalog/blueprint.ts";
import { defaultColumns } from "../catalog/default-columns.ts";
import { EntityTable } from "../catalog/entity-table.tsx";
import { allBlueprintsQuery, entityCountQuery, entityPagesQuery } from "../catalog/queries.ts";
import { NO_FILTER, type Rule } from "../lib/catalog-search.ts";
import { count } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { LinkedEntities } from "./linked-entities.tsx";

/** Both directions: what the entity relates to, and what relates to it, relation by relation. */
export function Related({ blueprint, entity }: { blueprint: BlueprintDoc; entity: EntityDoc }) {
  const all = useQuery(allBlueprintsQuery);
  if (all.error && !all.data)
    return <ErrorPanel what="load the data model" error={all.error} onRetry={() => void all.refetch()} />;
  if (!all.data) return <Bone height={240} />;
  const outward = Object.entries(blueprint.relations ?? {});
  const inward = all.data.flatMap((other) =>
    Object.entries(other.relations ?? {})
      .filter(([, { target }]) => target === blueprint.identifier)
      .map(([id, relation]) => ({ other, id, relation })),
  );
  if (outward.length === 0 && inward.length === 0)
    return (
      <Empty title="Nothing can relate to it: neither this blueprint nor another has a relation here." />
    );
  return (
    <div className="stack">
      {outward.length > 0 ? <h2>Upstream: what it depends on</h2> : null}
      {outward.map(([id, relation]) => (
        <LinkedEntities
          key={id}
          id={id}
          relation={relation}
          of={titleOf(
            all.data.find(({ identifier }) => identifier === relation.target) ?? {
              identifier: relation.target,
            },
          )}
          value={entity.relations?.[id]}
        />
      ))}
      {inward.length > 0 ? <h2>Downstream: what depends on it</h2> : null}
      {inward.map(({ other, id, relation }) => (
        <Referrers
          key={`${other.identifier}.${id}`}
          other={other}
          id={id}
          relation={relation}
          identifier={entity.identifier}
        />
      ))}
    </div>
  );
}

const VIEW = { text: "", filter: NO_FILTER, sort: [{ property: "$updatedAt", direction: "desc" as const }] };

/** Entities of another blueprint that relate to this one, latest first. */
function Referrers({
  other,
  id,
  relation,
  identifier,
}: {
  other: BlueprintDoc;
  id: string;
  relation: RelationDoc;
  identifier: string;
}) {
  const rule = { relation: id, operator: "contains", value: identifier } as unknown as Rule;
  const pages = useInfiniteQuery(entityPagesQuery(other.identifier, VIEW, [rule]));
  const total = useQuery(entityCountQuery(other.identifier, VIEW, [rule]));
  const { fetchNextPage } = pages;
  const onMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const heading = `${titleOf(other)} · ${relation.title || id}`;
  const columns = columnsOf(other);
  const shown = defaultColumns(columns, other, id);
  const rows = pages.data?.pages.flatMap(({ entities }) => entities) ?? [];
  return (
    <section className="stack" aria-label={heading}>
      <h3>
        {heading}{" "}
        <span className="muted nums" style={{ fontWeight: 400 }}>
          {total.data === undefined ? "" : count(total.data)}
        </span>
      </h3>
      {pages.error && !pages.data ? (
        <ErrorPanel what="load what relates to it" error={pages.error} onRetry={() => void pages.refetch()} />
      ) : pages.data === undefined ? (
        <Bone height={120} />
      ) : rows.length === 0 ? (
        <p className="muted">None.</p>
      ) : (
        <EntityTable
          label={heading}
          blueprint={other.identifier}
          columns={columns.filter((column) => column.id === "$title" || shown.includes(column.id))}
          rows={rows}
          total={total.data ?? null}
          sort={[]}
          onSort={null}
          more={pages.hasNextPage && !pages.isFetchingNextPage}
          onMore={onMore}
          busy={pages.isFetching}
          height={380}
        />
      )}
    </section>
  );
}

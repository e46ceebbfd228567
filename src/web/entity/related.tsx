import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { doraModelQuery } from "../api/queries.ts";
import type { DoraModel } from "../api/types.ts";
import {
  type BlueprintDoc,
  type Column,
  columnsOf,
  type EntityDoc,
  titleOf,
  valueIn,
} from "../catalog/blueprint.ts";
import { defaultColumns } from "../catalog/default-columns.ts";
import { EntityTable } from "../catalog/entity-table.tsx";
import { allBlueprintsQuery, entityPagesQuery } from "../catalog/queries.ts";
import { NO_FILTER, type SortKey } from "../lib/catalog-search.ts";
import { count } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { LinkedEntities } from "./linked-entities.tsx";
import { type Referring, referringCountQuery, referringTo, ruleOf } from "./referring.ts";

/** Both directions: what the entity relates to, and what relates to it, relation by relation. */
export function Related({ blueprint, entity }: { blueprint: BlueprintDoc; entity: EntityDoc }) {
  const all = useQuery(allBlueprintsQuery);
  if (all.error && !all.data)
    return <ErrorPanel what="load the data model" error={all.error} onRetry={() => void all.refetch()} />;
  if (!all.data) return <Bone height={240} />;
  const outward = Object.entries(blueprint.relations ?? {});
  const inward = referringTo(blueprint.identifier, entity.identifier, all.data);
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
      {inward.length > 1 ? (
        <nav className="row" aria-label="What depends on it">
          {inward.map((one) => (
            <a key={placeOf(one)} href={`#${placeOf(one)}`}>
              {one.heading} <Total {...one} />
            </a>
          ))}
        </nav>
      ) : null}
      {inward.map((one) => (
        <Referrers key={placeOf(one)} {...one} />
      ))}
    </div>
  );
}

const placeOf = ({ other, id }: Referring): string => `${other.identifier}.${id}`;
const VIEW = { text: "", filter: NO_FILTER };

function Total(of: Referring) {
  const total = useQuery(referringCountQuery(of)).data;
  return <span className="muted nums">{total === undefined ? "" : count(total)}</span>;
}

/** Entities of another blueprint that relate to this one, what happened last first. */
function Referrers(of: Referring) {
  const { other, id, heading } = of;
  const rule = ruleOf(of);
  const columns = columnsOf(other);
  const { data: model, isPending: isWaiting } = useQuery(doraModelQuery);
  const time = timeOf(other.identifier, columns, model?.roles);
  const [chosen, setChosen] = useState<readonly SortKey[] | null>(null);
  const sort = chosen ?? [{ property: time, direction: "desc" as const }];
  const pages = useInfiniteQuery({
    ...entityPagesQuery(other.identifier, { ...VIEW, sort }, [rule]),
    enabled: !isWaiting,
  });
  const total = useQuery(referringCountQuery(of)).data;
  const { fetchNextPage } = pages;
  const onMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const rows = pages.data?.pages.flatMap(({ entities }) => entities) ?? [];
  const shown = new Set(["$title", time, ...defaultColumns(columns, other, id)]);
  return (
    <section className="stack" aria-label={heading} id={placeOf(of)}>
      <div className="row between">
        <h3>
          {heading} <Total {...of} />
        </h3>
        {rows.length > 0 ? (
          <Link
            to="/c/$blueprint"
            params={{ blueprint: other.identifier }}
            search={{ f: JSON.stringify({ combinator: "and", rules: [rule] }) }}
          >
            Open as table
          </Link>
        ) : null}
      </div>
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
          columns={columns.filter(
            (column) =>
              shown.has(column.id) && (column.id === time || rows.some((row) => hasValue(row, column))),
          )}
          rows={rows}
          total={total ?? null}
          sort={sort}
          onSort={setChosen}
          more={pages.hasNextPage && !pages.isFetchingNextPage}
          onMore={onMore}
          busy={pages.isFetching}
          height={380}
        />
      )}
    </section>
  );
}

const hasValue = (row: EntityDoc, column: Column): boolean => {
  const value = valueIn(row, column);
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== "";
};

/** When the thing itself happened: an import writes all of its entities within a minute. */
function timeOf(
  blueprint: string,
  columns: readonly Column[],
  roles: DoraModel["roles"] | undefined,
): string {
  const fields = Object.values(roles ?? {})
    .flat()
    .find((source) => source.blueprint === blueprint)?.fields;
  const path = fields?.finished ?? fields?.merged ?? fields?.started;
  const id = path?.startsWith("properties.") ? path.slice("properties.".length) : null;
  const times = columns.filter(({ kind, source }) => kind === "time" && source === "property");
  return (times.find((one) => one.id === id) ?? times[0])?.id ?? "$createdAt";
}

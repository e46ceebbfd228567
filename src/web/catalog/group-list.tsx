import { IconChevronRight } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useState } from "react";
import type { CatalogView, Rule, SortKey } from "../lib/catalog-search.ts";
import { count, percent, plural } from "../lib/format.ts";
import { EntityName } from "../parts/entity-ref.tsx";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { type Column, showValue } from "./blueprint.ts";
import css from "./catalog.module.css";
import { EntityTable, type TableFeatures } from "./entity-table.tsx";
import { isEmpty, ruleOf } from "./group-rule.ts";
import { entityCountQuery, entityPagesQuery, groupsQuery } from "./queries.ts";
import { Value } from "./value.tsx";

interface Props {
  blueprint: string;
  view: CatalogView;
  /** The first makes the groups, the others the groups in these. */
  by: readonly Column[];
  columns: readonly Column[];
  /** What must hold besides the view. */
  rules: readonly Rule[];
  onSort: (sort: SortKey[]) => void;
  /** In place of the groups, where there are none. */
  noMatch: ReactNode;
  features?: TableFeatures;
}

/** The values of a column with how many entities have each; one opens to its entities, or to further groups; the first is open. */
export function GroupList(props: Props) {
  const { blueprint, view, by, rules, noMatch } = props;
  const [column] = by as readonly [Column, ...Column[]];
  const groups = useQuery(groupsQuery(blueprint, view, column, rules));
  const all = useQuery(entityCountQuery(blueprint, view, rules));
  if (groups.error && !groups.data)
    return (
      <ErrorPanel what="group the entities" error={groups.error} onRetry={() => void groups.refetch()} />
    );
  if (!groups.data) return <Bone height={rules.length === 0 ? 320 : 76} />;
  const { values, other } = groups.data;
  if (values.length === 0) return noMatch;
  const total = values.reduce((sum, group) => sum + group.count, other.count);
  // An entity with several values is in several groups: their shares are of nothing.
  const isPartition = total === all.data;
  return (
    <div>
      <div className={css["groups"]} role="group" aria-label={`By ${column.title}`}>
        {values.map((group, at) => (
          <Group
            key={JSON.stringify(group.value)}
            {...props}
            column={column}
            value={group.value}
            size={group.count}
            withoutData={group.withoutData ?? 0}
            share={isPartition ? group.count / total : null}
            isFirst={at === 0}
          />
        ))}
      </div>
      {other.values > 0 ? (
        <p className="muted small">
          {plural(other.values, "further value")} with {plural(other.count, "entity", "entities")} are not
          listed: narrow the list with a filter.
        </p>
      ) : null}
    </div>
  );
}

function Group({
  value,
  size,
  withoutData,
  share,
  isFirst,
  column,
  ...rest
}: Props & {
  column: Column;
  value: unknown;
  size: number;
  withoutData: number;
  /** Of all that are grouped, from 0 to 1. */
  share: number | null;
  isFirst: boolean;
}) {
  const [open, setOpen] = useState(isFirst);
  const { by, rules } = rest;
  const inner = by.slice(1);
  const more = [...rules, ruleOf(column, value)];
  return (
    <div>
      <button type="button" className={css["fold"]} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={15} aria-hidden />
        {isEmpty(value) ? (
          <span className="muted">No {column.title}</span>
        ) : column.target !== null ? (
          typeof value === "string" ? (
            <EntityName blueprint={column.target} identifier={value} />
          ) : (
            showValue(value)
          )
        ) : (
          <Value column={{ ...column, kind: "any" }} value={value} />
        )}
        <span className="sr">: </span>
        <span className="muted nums">
          {count(size)}
          {share === null ? null : ` · ${percent(share)}`}
          {withoutData === 0 ? null : `, ${count(withoutData)} without data`}
        </span>
      </button>
      {open && inner.length > 0 ? (
        <div className={css["inner"]}>
          <GroupList {...rest} by={inner} rules={more} />
        </div>
      ) : null}
      {open && inner.length === 0 ? (
        <GroupRows
          {...rest}
          rules={more}
          size={size}
          label={`${column.title}: ${isEmpty(value) ? "none" : showValue(value)}`}
        />
      ) : null}
    </div>
  );
}

function GroupRows({
  blueprint,
  view,
  columns,
  onSort,
  rules,
  size,
  label,
  features,
}: Props & { size: number; label: string }) {
  const pages = useInfiniteQuery(entityPagesQuery(blueprint, view, rules));
  const { fetchNextPage } = pages;
  const onMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  if (pages.error && !pages.data)
    return <ErrorPanel what="load the entities" error={pages.error} onRetry={() => void pages.refetch()} />;
  if (!pages.data) return <Bone height={Math.min(size, 10) * 37} />;
  return (
    <EntityTable
      label={label}
      blueprint={blueprint}
      columns={columns}
      rows={pages.data.pages.flatMap(({ entities }) => entities)}
      total={size}
      sort={view.sort}
      onSort={onSort}
      more={pages.hasNextPage && !pages.isFetchingNextPage}
      onMore={onMore}
      busy={pages.isFetching}
      height={420}
      {...(features && { features })}
    />
  );
}

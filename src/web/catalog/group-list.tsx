import { IconChevronRight } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import type { CatalogView, Rule, SortKey } from "../lib/catalog-search.ts";
import { count, plural } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { type Column, showValue } from "./blueprint.ts";
import css from "./catalog.module.css";
import { EntityTable } from "./entity-table.tsx";
import { entityPagesQuery, groupsQuery } from "./queries.ts";
import { Value } from "./value.tsx";

interface Props {
  blueprint: string;
  view: CatalogView;
  by: Column;
  columns: readonly Column[];
  onSort: (sort: SortKey[]) => void;
}

/** The values of a column with how many entities have each; one opens to its entities. */
export function GroupList({ blueprint, view, by, columns, onSort }: Props) {
  const groups = useQuery(groupsQuery(blueprint, view, by.id, by.source === "relation"));
  if (groups.error && !groups.data)
    return (
      <ErrorPanel what="group the entities" error={groups.error} onRetry={() => void groups.refetch()} />
    );
  if (!groups.data) return <Bone height={320} />;
  const { values, other } = groups.data;
  if (values.length === 0) return <Empty title="Nothing matches." />;
  return (
    <div className="stack">
      <div className={css["groups"]}>
        {values.map((group) => (
          <Group
            key={JSON.stringify(group.value)}
            blueprint={blueprint}
            view={view}
            by={by}
            columns={columns}
            onSort={onSort}
            value={group.value}
            size={group.count}
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

const isEmpty = (value: unknown) => value === null || value === undefined;

/** What the entities of a group have in common. */
function ruleOf(by: Column, value: unknown): Rule {
  if (by.source === "relation")
    return isEmpty(value)
      ? ({ relation: by.id, operator: "isEmpty" } as unknown as Rule)
      : ({ relation: by.id, operator: "contains", value } as unknown as Rule);
  if (isEmpty(value)) return { property: by.id, operator: "isEmpty" };
  return { property: by.id, operator: by.kind === "list" || by.kind === "team" ? "contains" : "=", value };
}

function Group({ value, size, by, ...rest }: Props & { value: unknown; size: number }) {
  const [open, setOpen] = useState(false);
  return (
    <div>
      <button type="button" className={css["fold"]} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={15} aria-hidden />
        {isEmpty(value) ? (
          <span className="muted">No {by.title}</span>
        ) : by.source === "relation" ? (
          showValue(value)
        ) : (
          <Value column={{ ...by, kind: "any" }} value={value} />
        )}
        <span className="sr">: </span>
        <span className="muted nums">{count(size)}</span>
      </button>
      {open ? (
        <GroupRows
          {...rest}
          rule={ruleOf(by, value)}
          size={size}
          label={`${by.title}: ${isEmpty(value) ? "none" : showValue(value)}`}
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
  rule,
  size,
  label,
}: Omit<Props, "by"> & { rule: Rule; size: number; label: string }) {
  const pages = useInfiniteQuery(entityPagesQuery(blueprint, view, [rule]));
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
    />
  );
}

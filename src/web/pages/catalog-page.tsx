import { Button, Select, TextInput } from "@mantine/core";
import { IconPlus, IconSearch, IconX } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { pagesQuery } from "../api/queries.ts";
import { type BlueprintDoc, columnsOf, defaultColumns, isSystem, titleOf } from "../catalog/blueprint.ts";
import css from "../catalog/catalog.module.css";
import { ColumnsMenu } from "../catalog/columns-menu.tsx";
import { EntityTable } from "../catalog/entity-table.tsx";
import { ExportMenu } from "../catalog/export-menu.tsx";
import { FilterMenu } from "../catalog/filter-menu.tsx";
import { GroupList } from "../catalog/group-list.tsx";
import { conditionText, ruleText } from "../catalog/operators.ts";
import {
  allBlueprintsQuery,
  blueprintQuery,
  entityCountQuery,
  entityPagesQuery,
} from "../catalog/queries.ts";
import { type CatalogAddress, useCatalogView } from "../catalog/use-catalog-view.ts";
import { isFinished } from "../lib/catalog-search.ts";
import { count, plural } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SlowNote } from "../parts/slow-note.tsx";

/** Forms are most of the code; they come when one is opened. */
const EntityDrawer = lazy(() =>
  import("../entity/entity-drawer.tsx").then((module) => ({ default: module.EntityDrawer })),
);

/** The entities of one blueprint as a table. */
export function CatalogPage() {
  const address = useCatalogView();
  const blueprint = useQuery(blueprintQuery(address.blueprint));
  if (blueprint.data) return <Table key={address.blueprint} blueprint={blueprint.data} address={address} />;
  return (
    <div className="stack" aria-busy={!blueprint.error}>
      <PageHead title={address.blueprint} />
      {blueprint.error ? (
        <ErrorPanel
          what={`open “${address.blueprint}”`}
          error={blueprint.error}
          onRetry={() => void blueprint.refetch()}
        />
      ) : (
        <>
          <SlowNote what="the catalog" />
          <Bone height={30} />
          <Bone height={420} />
        </>
      )}
    </div>
  );
}

function Table({ blueprint, address }: { blueprint: BlueprintDoc; address: CatalogAddress }) {
  const { view, problems, change, reset } = address;
  const [creating, setCreating] = useState(false);
  const total = useQuery(entityCountQuery(blueprint.identifier, view));
  const { data: pages } = useQuery(pagesQuery);
  const title =
    pages?.find((page) => page.type === "blueprint-entities" && page.blueprint === blueprint.identifier)
      ?.title ?? titleOf(blueprint);
  const { data: all } = useQuery(allBlueprintsQuery);
  const columns = columnsOf(blueprint, all);
  const shownIds = view.columns ?? defaultColumns(columns, blueprint);
  const shown = ["$title", ...shownIds.filter((id) => id !== "$title")].flatMap((id) => {
    const column = columns.find((other) => other.id === id);
    return column ? [column] : [];
  });
  const by = columns.find(({ id }) => id === view.group) ?? null;
  const rules = view.filter.rules.filter(isFinished);
  const more = view.filter.more ?? [];
  const isNarrowed = rules.length + more.length > 0 || view.text.trim() !== "";

  return (
    <div className="stack">
      <PageHead
        title={title}
        actions={
          isSystem(blueprint.identifier) ? undefined : (
            <Button
              size="xs"
              leftSection={<IconPlus size={15} aria-hidden />}
              onClick={() => setCreating(true)}
            >
              {titleOf(blueprint)}
            </Button>
          )
        }
      >
        {blueprint.description}
      </PageHead>
      {problems.length > 0 ? <Notice>Left out of this address: {problems.join("; ")}.</Notice> : null}
      <div className={css["toolbar"]}>
        <Find
          key={view.text === "" ? "empty" : "some"}
          text={view.text}
          onChange={(text) => change({ text }, true)}
        />
        <FilterMenu columns={columns} filter={view.filter} onChange={(filter) => change({ filter }, true)} />
        <Select
          className={css["group"] ?? ""}
          size="xs"
          aria-label="Group by"
          placeholder="Group by"
          clearable
          searchable
          value={view.group}
          data={columns.filter(isGroupable).map(({ id, title }) => ({ value: id, label: title }))}
          onChange={(group) => change({ group })}
        />
        <div className={css["end"]}>
          <span className="muted small nums" role="status">
            {total.data === undefined ? "…" : plural(total.data, "entity", "entities")}
          </span>
          <ColumnsMenu
            columns={columns}
            shown={shownIds}
            onChange={(ids) => change({ columns: ids }, true)}
            isArranged={view.columns !== null}
            onReset={() => change({ columns: null })}
          />
          <ExportMenu
            blueprint={blueprint.identifier}
            view={view}
            columns={shown}
            total={total.data ?? null}
          />
        </div>
      </div>
      {rules.length + more.length > 0 ? (
        <ul className={css["chips"]} aria-label="Filters in effect">
          {rules.map((rule) => (
            <li key={JSON.stringify(rule)} className={css["chip"]}>
              {ruleText(rule, columns)}
              <button
                type="button"
                className={css["sort"]}
                aria-label={`Remove filter ${ruleText(rule, columns)}`}
                onClick={() =>
                  change({
                    filter: { ...view.filter, rules: view.filter.rules.filter((other) => other !== rule) },
                  })
                }
              >
                <IconX size={14} aria-hidden />
              </button>
            </li>
          ))}
          {more.map((condition) => (
            <li key={JSON.stringify(condition)} className={css["chip"]}>
              {conditionText(condition, columns)}
              <button
                type="button"
                className={css["sort"]}
                aria-label={`Remove filter ${conditionText(condition, columns)}`}
                onClick={() =>
                  change({ filter: { ...view.filter, more: more.filter((other) => other !== condition) } })
                }
              >
                <IconX size={14} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      {by === null ? (
        <Rows
          blueprint={blueprint}
          address={address}
          columns={shown}
          total={total.data ?? null}
          isNarrowed={isNarrowed}
          onReset={reset}
          onCreate={() => setCreating(true)}
        />
      ) : (
        <GroupList
          blueprint={blueprint.identifier}
          view={view}
          by={by}
          columns={shown}
          onSort={(sort) => change({ sort })}
        />
      )}
      {creating ? (
        <Suspense>
          <EntityDrawer blueprint={blueprint} entity={null} onClose={() => setCreating(false)} />
        </Suspense>
      ) : null}
    </div>
  );
}

function isGroupable({ id, kind, source }: { id: string; kind: string; source: string | null }): boolean {
  if (id === "$team") return true;
  if (source === "relation") return true;
  return source === "property" && kind !== "object" && kind !== "time";
}

/** Looks for a text while it is typed, a moment after the last key. */
function Find({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => onChange(typed), 250);
    return () => clearTimeout(timer);
    // `onChange` is another function each time; what is typed decides.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [typed, text]);
  return (
    <TextInput
      className={css["find"] ?? ""}
      size="xs"
      type="search"
      aria-label="Search by title or identifier"
      placeholder="Search by title or identifier"
      leftSection={<IconSearch size={15} aria-hidden />}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}

function Rows({
  blueprint,
  address,
  columns,
  total,
  isNarrowed,
  onReset,
  onCreate,
}: {
  blueprint: BlueprintDoc;
  address: CatalogAddress;
  columns: Parameters<typeof EntityTable>[0]["columns"];
  total: number | null;
  isNarrowed: boolean;
  onReset: () => void;
  onCreate: () => void;
}) {
  const { view, change } = address;
  const pages = useInfiniteQuery(entityPagesQuery(blueprint.identifier, view));
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
  const rows = pages.data.pages.flatMap(({ entities }) => entities);
  if (rows.length === 0 && !pages.isPlaceholderData)
    return isNarrowed ? (
      <Empty title="Nothing matches.">
        <Button size="xs" variant="default" onClick={onReset}>
          Clear search and filters
        </Button>
      </Empty>
    ) : (
      <Empty title={`No entities of “${titleOf(blueprint)}” yet`}>
        <p>They come from data sources, from the API, or by hand.</p>
        {isSystem(blueprint.identifier) ? null : (
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
        rows={rows}
        total={total}
        sort={view.sort}
        onSort={(sort) => change({ sort })}
        more={pages.hasNextPage && !pages.isFetchingNextPage}
        onMore={onMore}
        busy={pages.isFetching && pages.isPlaceholderData}
      />
      {pages.error ? (
        <ErrorPanel what="load more entities" error={pages.error} onRetry={() => void fetchNextPage()} />
      ) : null}
    </>
  );
}

import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { pagesQuery } from "../api/queries.ts";
import { isFinished } from "../lib/catalog-search.ts";
import { AddButton } from "../parts/add-button.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import type { ScorecardDoc } from "../scorecards/types.ts";
import { type BlueprintDoc, columnsOf, type EntityDoc, isSystem, titleOf } from "./blueprint.ts";
import { defaultColumns } from "./default-columns.ts";
import { CatalogRows } from "./catalog-rows.tsx";
import { CatalogToolbar } from "./catalog-toolbar.tsx";
import { useEntityPermissions } from "./entity-permissions.ts";
import type { Editing } from "./cell-editor.tsx";
import { FilterChips, GroupChips } from "./filter-chips.tsx";
import { GroupList } from "./group-list.tsx";
import { NoMatch } from "./no-match.tsx";
import { allBlueprintsQuery, entityCountQuery } from "./queries.ts";
import type { OpenRow } from "./row-menu.tsx";
import { scoreColumns } from "./score-columns.ts";
import { tableFeatures } from "./table-features.tsx";
import { type CatalogAddress, useCatalogView } from "./use-catalog-view.ts";
import { useCellChange } from "./write-entity.ts";

/** Forms are most of the code; they come when one is opened. */
const BulkBar = lazy(() => import("./bulk-bar.tsx").then((module) => ({ default: module.BulkBar })));
const CellEditor = lazy(() => import("./cell-editor.tsx").then((module) => ({ default: module.CellEditor })));
const RowMenu = lazy(() => import("./row-menu.tsx").then((module) => ({ default: module.RowMenu })));
const DeleteEntity = lazy(() =>
  import("../entity/delete-entity.tsx").then((module) => ({ default: module.DeleteEntity })),
);
const EntityDrawer = lazy(() =>
  import("../entity/entity-drawer.tsx").then((module) => ({ default: module.EntityDrawer })),
);

interface Props {
  blueprint: BlueprintDoc;
  scorecards: readonly ScorecardDoc[];
  address: CatalogAddress;
}

/** The table with everything around it: what is looked for, arranged, chosen, edited and kept. */
export function CatalogTable({ blueprint, scorecards, address }: Props) {
  const { data: all } = useQuery(allBlueprintsQuery);
  const every = [...columnsOf(blueprint, all), ...scoreColumns(scorecards)];
  const state = useCatalogView(address, every);
  const { view, more, excluded, problems, change } = state;
  const columns = every.filter(({ id }) => id === "$title" || !excluded.includes(id));
  const [form, setForm] = useState<{ entity: EntityDoc | null } | null>(null);
  const [row, setRow] = useState<OpenRow | null>(null);
  const [deleting, setDeleting] = useState<EntityDoc | null>(null);
  const [editing, setEditing] = useState<Editing | null>(null);
  const cell = useCellChange(blueprint.identifier);
  const total = useQuery(entityCountQuery(blueprint.identifier, view, more));
  const { data: pages } = useQuery(pagesQuery);
  const usual = defaultColumns(columns, blueprint);
  const filtered = view.filter.rules.filter(isFinished).map(({ property }) => property);
  // What rows are there for is seen, and so is a total that the address asks for.
  const shownIds = view.columns ?? [
    ...new Set([...filtered.filter((id) => !usual.includes(id)), ...usual, ...Object.keys(view.totals)]),
  ];
  const shown = ["$title", ...shownIds.filter((id) => id !== "$title")].flatMap(
    (id) => columns.find((column) => column.id === id) ?? [],
  );
  const by = view.groups.flatMap((id) => columns.find((column) => column.id === id) ?? []);
  const { mayCreate, mayUpdate, mayDelete } = useEntityPermissions(blueprint.identifier);
  const features = tableFeatures({
    ...{ blueprint, state, shown, mayUpdate, mayDelete },
    onRowMenu: (entity, anchor) => setRow({ entity, anchor }),
    onEdit: (entity, column, anchor) => setEditing({ entity, column, anchor }),
  });
  const create = mayCreate && !isSystem(blueprint.identifier) ? () => setForm({ entity: null }) : null;
  const noMatch = <NoMatch blueprint={blueprint} columns={columns} state={state} />;

  return (
    <div className="stack">
      <PageHead
        title={titleFor(address, blueprint, pages)}
        actions={
          create === null ? undefined : <AddButton onClick={create}>New {titleOf(blueprint)}</AddButton>
        }
      >
        {blueprint.description}
      </PageHead>
      {problems.length > 0 ? (
        <Notice>Part of this link could not be read and is left out: {problems.join(" and ")}.</Notice>
      ) : null}
      <CatalogToolbar
        blueprint={blueprint}
        columns={columns}
        shown={shown}
        shownIds={shownIds}
        state={state}
        page={address.page ?? null}
        total={total.data ?? null}
      />
      <FilterChips columns={columns} filter={view.filter} onChange={(filter) => change({ filter })} />
      <GroupChips columns={columns} groups={view.groups} onChange={(groups) => change({ groups })} />
      {cell.error ? (
        <ErrorPanel
          what={`change ${cell.variables?.column.title ?? "the value"} of ${cell.variables?.entity.identifier ?? "it"}; it is as it was`}
          error={cell.error}
        />
      ) : null}
      {state.chosen.size > 0 && (mayUpdate || mayDelete) ? (
        <Suspense>
          <BulkBar
            blueprint={blueprint}
            columns={columns}
            view={view}
            more={more}
            total={total.data ?? null}
            chosen={state.chosen}
            onChoose={state.choose}
            mayUpdate={mayUpdate}
            mayDelete={mayDelete}
          />
        </Suspense>
      ) : null}
      {by.length === 0 ? (
        <CatalogRows
          blueprint={blueprint}
          state={state}
          columns={shown}
          total={total.data ?? null}
          features={features}
          noMatch={noMatch}
          onCreate={create}
        />
      ) : (
        <GroupList
          blueprint={blueprint.identifier}
          view={view}
          by={by}
          columns={shown}
          rules={more}
          noMatch={noMatch}
          onSort={(sort) => change({ sort })}
          features={features}
        />
      )}
      {form ? (
        <Suspense>
          <EntityDrawer blueprint={blueprint} entity={form.entity} onClose={() => setForm(null)} />
        </Suspense>
      ) : null}
      <Suspense>
        {row ? (
          <RowMenu
            key={row.entity.identifier}
            blueprint={blueprint.identifier}
            row={row}
            onEdit={() => setForm({ entity: row.entity })}
            onDelete={() => setDeleting(row.entity)}
            onClose={() => setRow(null)}
          />
        ) : null}
        {deleting ? (
          <DeleteEntity
            blueprint={blueprint.identifier}
            entity={deleting}
            onClose={() => setDeleting(null)}
          />
        ) : null}
        {editing ? (
          <CellEditor
            key={`${editing.entity.identifier} ${editing.column.id}`}
            blueprint={blueprint}
            editing={editing}
            onSave={(value) => cell.mutate({ entity: editing.entity, column: editing.column, value })}
            onClose={() => setEditing(null)}
          />
        ) : null}
      </Suspense>
    </div>
  );
}

/** A page that somebody made has a title of its own; otherwise that of the blueprint's page. */
function titleFor(
  { page, search }: CatalogAddress,
  blueprint: BlueprintDoc,
  pages: readonly { type: string; blueprint?: string | null; title?: string | null }[] | undefined,
): string {
  if (search.v !== undefined && page?.page.title) return page.page.title;
  const own = pages?.find(
    (one) => one.type === "blueprint-entities" && one.blueprint === blueprint.identifier,
  );
  return page?.page.title ?? own?.title ?? titleOf(blueprint);
}

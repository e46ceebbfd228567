import { Select } from "@mantine/core";
import { plural } from "../lib/format.ts";
import { SearchField } from "../parts/search-field.tsx";
import type { BlueprintDoc, Column } from "./blueprint.ts";
import css from "./catalog.module.css";
import { ColumnsMenu } from "./columns-menu.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { FilterMenu } from "./filter-menu.tsx";
import { isGroupable } from "./table-features.tsx";
import type { CatalogState } from "./use-catalog-view.ts";
import type { CatalogPageInfo } from "./view-queries.ts";
import { ViewsMenu } from "./views-menu.tsx";

/** Deeper groups are hardly read. */
const MAX_GROUPS = 4;

/** Looking for, filtering, grouping, columns, views and export. */
export function CatalogToolbar({
  blueprint,
  columns,
  shown,
  shownIds,
  state,
  page,
  total,
}: {
  blueprint: BlueprintDoc;
  columns: readonly Column[];
  shown: readonly Column[];
  shownIds: readonly string[];
  state: CatalogState;
  page: CatalogPageInfo | null;
  total: number | null;
}) {
  const { view, base, more, change } = state;
  return (
    <div className={css["toolbar"]}>
      <SearchField
        label="Search by title or identifier"
        placeholder="Search by title or identifier"
        className={css["find"] ?? ""}
        value={view.text}
        onChange={(text) => change({ text }, true)}
      />
      <FilterMenu columns={columns} filter={view.filter} onChange={(filter) => change({ filter }, true)} />
      <Select
        className={css["group"] ?? ""}
        size="xs"
        aria-label="Group by"
        placeholder={view.groups.length === 0 ? "Group by" : "Then by"}
        searchable
        disabled={view.groups.length >= MAX_GROUPS}
        value={null}
        data={columns
          .filter((column) => isGroupable(column) && !view.groups.includes(column.id))
          .map(({ id, title }) => ({ value: id, label: title }))}
        onChange={(group) => {
          if (group !== null) change({ groups: [...view.groups, group] });
        }}
      />
      <div className={css["end"]}>
        <span className="muted small nums" role="status">
          {total === null ? "…" : plural(total, "entity", "entities")}
        </span>
        <ColumnsMenu
          columns={columns}
          shown={shownIds}
          onChange={(ids) => change({ columns: ids }, true)}
          isArranged={view.columns !== null}
          onReset={() => change({ columns: null })}
        />
        <ViewsMenu blueprint={blueprint.identifier} view={view} base={base} page={page} />
        <ExportMenu
          blueprint={blueprint.identifier}
          columns={shown}
          selected={state.chosen}
          {...{ view, total, more }}
        />
      </div>
    </div>
  );
}

import { Select, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { plural } from "../lib/format.ts";
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
        <ExportMenu blueprint={blueprint.identifier} view={view} columns={shown} total={total} more={more} />
      </div>
    </div>
  );
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

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import {
  type BlueprintDoc,
  type Column,
  columnsOf,
  type EntityDoc,
  valueIn,
} from "../../catalog/blueprint.ts";
import { EntityTable } from "../../catalog/entity-table.tsx";
import { blueprintQuery, entityPagesQuery } from "../../catalog/queries.ts";
import { NO_FILTER, type Rule, type SortKey } from "../../lib/catalog-search.ts";
import { plural } from "../../lib/format.ts";
import { numberQuery } from "../queries.ts";
import { queryFor, rowsLink, type Scope, scopeOf, textOf } from "../scope.ts";
import type { WidgetDoc, WidgetProps } from "../widget-kind.ts";
import { filteredAway, NoData, WidgetEmpty, WidgetState } from "../widget-state.tsx";
import css from "../widgets.module.css";

/** Entities as rows; the link below it opens the same rows as a page of their own. */
export function EntitiesTable({ widget, context }: WidgetProps) {
  const scope = scopeOf(widget, context);
  const blueprint = useQuery({ ...blueprintQuery(scope?.blueprint ?? ""), enabled: scope !== null });
  if (scope === null) return <WidgetEmpty title="Not set up yet">Choose a blueprint.</WidgetEmpty>;
  return (
    <WidgetState query={blueprint}>
      {(found) => <Rows widget={widget} scope={scope} blueprint={found} />}
    </WidgetState>
  );
}

function Rows({ widget, scope, blueprint }: { widget: WidgetDoc; scope: Scope; blueprint: BlueprintDoc }) {
  const settings = settingsOf(widget, scope.blueprint);
  const [sort, setSort] = useState<readonly SortKey[] | null>(null);
  const order = sort ?? settings.sort;
  // Rules of any shape pass through the question as they are.
  const more = scope.rules as readonly Rule[];
  const pages = useInfiniteQuery(
    entityPagesQuery(scope.blueprint, { text: "", filter: NO_FILTER, sort: order }, more),
  );
  const total = useQuery(numberQuery({ func: "count", query: queryFor(scope) }));
  const { fetchNextPage } = pages;
  const onMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const rows = pages.data?.pages.flatMap(({ entities }) => entities) ?? [];
  return (
    <WidgetState query={pages}>
      {() =>
        rows.length === 0 && !pages.isPlaceholderData ? (
          <NoData widget={widget} title="No entities" why={filteredAway(scope)} />
        ) : (
          <div className={css["rows"]}>
            <EntityTable
              label={`${textOf(widget, "title") ?? blueprint.title ?? blueprint.identifier}, table`}
              blueprint={scope.blueprint}
              columns={columnsFor(blueprint, widget, settings, rows)}
              rows={rows}
              total={total.data?.result ?? null}
              sort={order}
              onSort={setSort}
              more={pages.hasNextPage && !pages.isFetchingNextPage}
              onMore={onMore}
              busy={pages.isFetching && pages.isPlaceholderData}
              height={10_000}
            />
            <p className={css["foot"]}>
              <span className="muted nums">
                {typeof total.data?.result === "number"
                  ? plural(total.data.result, "entity", "entities")
                  : ""}
              </span>
              <Link {...rowsLink(scope)}>Open as a page</Link>
            </p>
          </div>
        )
      }
    </WidgetState>
  );
}

interface Settings {
  readonly order: readonly string[];
  readonly shown: readonly string[] | null;
  readonly hidden: readonly string[];
  readonly sort: readonly SortKey[];
}

type Part = Readonly<Record<string, unknown>>;
const part = (value: unknown): Part => (typeof value === "object" && value !== null ? (value as Part) : {});
const names = (value: unknown): string[] =>
  Array.isArray(value)
    ? value
        .filter((one): one is string => typeof one === "string")
        .map((one) => one.replace(/^properties\./, ""))
    : [];

function settingsOf(widget: WidgetDoc, blueprint: string): Settings {
  const config = part(part(widget["blueprintConfig"])[blueprint]);
  const properties = part(config["propertiesSettings"]);
  const sortBy = part(config["sortSettings"])["sortBy"];
  return {
    order: names(properties["order"]),
    shown: Array.isArray(properties["shown"]) ? names(properties["shown"]) : null,
    hidden: [...names(properties["hidden"]), ...names(widget["excludedFields"])],
    sort: (Array.isArray(sortBy) ? sortBy.map(part) : []).flatMap(({ property, order }): SortKey[] =>
      typeof property === "string" ? [{ property, direction: order === "desc" ? "desc" : "asc" }] : [],
    ),
  };
}

/** As many as fit beside each other in a widget. */
const FEW = 7;

/** As the widget says; otherwise those that have values in what is loaded before those that have none. */
function columnsFor(
  blueprint: BlueprintDoc,
  widget: WidgetDoc,
  settings: Settings,
  rows: readonly EntityDoc[],
): Column[] {
  const all = columnsOf(blueprint);
  const excluded = new Set(names(widget["excludedFields"]));
  const isFilled = (column: Column) =>
    rows.some((row) => {
      const value = valueIn(row, column);
      return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
    });
  const usual = all.filter(
    ({ id, kind }) => kind !== "object" && !META.has(id) && !settings.hidden.includes(id),
  );
  const filled = usual.filter(isFilled);
  const some = [...filled, ...usual.filter((column) => !filled.includes(column))].slice(0, FEW);
  const wanted = settings.shown ?? [...some.map(({ id }) => id), "$updatedAt"];
  const ids = ["$title", ...settings.order.filter((id) => wanted.includes(id)), ...wanted];
  return [...new Set(ids)]
    .filter((id) => id === "$title" || !excluded.has(id))
    .flatMap((id) => all.find((column) => column.id === id) ?? []);
}

const META = new Set(["$title", "$identifier", "$createdAt", "$updatedAt"]);

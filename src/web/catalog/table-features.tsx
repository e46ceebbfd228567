import type { BlueprintDoc, Column, EntityDoc } from "./blueprint.ts";
import { EditButton, RowChoice, RowMenuButton } from "./cell-tools.tsx";
import type { TableFeatures } from "./entity-table.tsx";
import { type HeadAction, HeadTools } from "./head-tools.tsx";
import { TOTAL_LABELS, TotalCell, totalsFor } from "./total-cell.tsx";
import type { CatalogState } from "./use-catalog-view.ts";
import { isWritable } from "./writable.ts";

interface Input {
  readonly blueprint: BlueprintDoc;
  readonly state: CatalogState;
  /** In their order, the title first. */
  readonly shown: readonly Column[];
  readonly mayUpdate: boolean;
  readonly mayDelete: boolean;
  readonly onRowMenu: (entity: EntityDoc, anchor: HTMLElement) => void;
  readonly onEdit: TableFeatures["onEdit"];
}

export const isGroupable = ({ id, kind, source }: Column): boolean => {
  if (id === "$team") return true;
  if (source === "relation" || source === "scorecard") return true;
  return source === "property" && kind !== "object" && kind !== "time";
};

/** Arranging, choosing and editing, kept in the view. */
export function tableFeatures(input: Input): TableFeatures {
  const { blueprint, state, shown, mayUpdate, mayDelete, onRowMenu, onEdit } = input;
  const { view, change, chosen, choose, more } = state;
  const ids = shown.map(({ id }) => id);
  const place = (id: string, at: number) => {
    const next = ids.filter((other) => other !== id);
    next.splice(Math.max(1, at), 0, id);
    change({ columns: next }, true);
  };
  const headActions = (column: Column): HeadAction[] => {
    const { id } = column;
    const isTitle = id === "$title";
    const isGroup = view.groups.includes(id);
    const total = view.totals[id];
    const without = Object.fromEntries(Object.entries(view.totals).filter(([other]) => other !== id));
    return [
      ...(column.sortable
        ? (["asc", "desc"] as const).map((direction) => ({
            label: direction === "asc" ? "Sort ascending" : "Sort descending",
            isOn: view.sort.some((key) => key.property === id && key.direction === direction),
            onChoose: () => change({ sort: [{ property: id, direction }] }),
          }))
        : []),
      ...(isGroupable(column)
        ? [
            {
              label: isGroup ? "Do not group by it" : "Group by it",
              onChoose: () =>
                change({
                  groups: isGroup ? view.groups.filter((one) => one !== id) : [...view.groups, id],
                }),
            },
          ]
        : []),
      ...(isTitle
        ? []
        : [
            { label: "Move left", onChoose: () => place(id, ids.indexOf(id) - 1) },
            { label: "Move right", onChoose: () => place(id, ids.indexOf(id) + 1) },
            {
              label: "Hide",
              onChoose: () => change({ columns: ids.filter((other) => other !== id) }, true),
            },
          ]),
      ...totalsFor(column).map((kind) => ({
        label: `Below it: ${TOTAL_LABELS[kind]}`,
        isOn: total === kind,
        onChoose: () => change({ totals: total === kind ? without : { ...view.totals, [id]: kind } }, true),
      })),
    ];
  };
  const onSelect = (identifiers: readonly string[], isOn: boolean) =>
    choose(
      isOn
        ? [...new Set([...chosen, ...identifiers])]
        : [...chosen].filter((one) => !identifiers.includes(one)),
    );
  return {
    widths: view.widths,
    onMove: (id, before) => {
      if (id !== before && ids.includes(id)) place(id, ids.filter((other) => other !== id).indexOf(before));
    },
    headTools: (column, width, onSizing) => (
      <HeadTools
        column={column}
        width={width}
        actions={headActions(column)}
        onSizing={onSizing}
        onWidth={(next) => change({ widths: { ...view.widths, [column.id]: next } }, true)}
      />
    ),
    footer: shown.some(({ id }) => view.totals[id] !== undefined)
      ? (column) => {
          const kind = view.totals[column.id];
          if (kind === undefined) return column.id === "$title" ? "Totals" : null;
          return (
            <TotalCell blueprint={blueprint.identifier} view={view} column={column} kind={kind} more={more} />
          );
        }
      : null,
    selected: chosen,
    onSelect,
    // What is selected is changed or deleted, or saved on the way.
    canSelect: mayUpdate || mayDelete,
    titleTools: (entity) => ({
      before: !(mayUpdate || mayDelete) ? null : (
        <RowChoice
          entity={entity}
          isChosen={chosen.has(entity.identifier)}
          onChoose={(isOn) => onSelect([entity.identifier], isOn)}
        />
      ),
      after: <RowMenuButton entity={entity} onOpen={(anchor) => onRowMenu(entity, anchor)} />,
    }),
    cellTools: (entity, column) => (
      <EditButton entity={entity} column={column} onEdit={(cell) => onEdit(entity, column, cell)} />
    ),
    canEdit: (column) => mayUpdate && column.id !== "$title" && isWritable(column, blueprint),
    onEdit,
  };
}

import type { BlueprintDoc, Column } from "./blueprint.ts";
import type { TableFeatures } from "./entity-table.tsx";
import { TOTAL_LABELS, TotalCell, totalsFor } from "./total-cell.tsx";
import type { CatalogState } from "./use-catalog-view.ts";
import { isWritable } from "./value-field.tsx";

interface Input {
  readonly blueprint: BlueprintDoc;
  readonly state: CatalogState;
  /** In their order, the title first. */
  readonly shown: readonly Column[];
  readonly onRowMenu: TableFeatures["onRowMenu"];
  readonly onEdit: TableFeatures["onEdit"];
}

export const isGroupable = ({ id, kind, source }: Column): boolean => {
  if (id === "$team") return true;
  if (source === "relation" || source === "scorecard") return true;
  return source === "property" && kind !== "object" && kind !== "time";
};

/** Arranging, choosing and editing, kept in the view. */
export function tableFeatures({ blueprint, state, shown, onRowMenu, onEdit }: Input): TableFeatures {
  const { view, change, chosen, choose, more } = state;
  const ids = shown.map(({ id }) => id);
  const place = (id: string, at: number) => {
    const next = ids.filter((other) => other !== id);
    next.splice(Math.max(1, at), 0, id);
    change({ columns: next }, true);
  };
  return {
    widths: view.widths,
    onWidth: (id, width) => change({ widths: { ...view.widths, [id]: width } }, true),
    onMove: (id, before) => {
      if (id !== before && ids.includes(id)) place(id, ids.filter((other) => other !== id).indexOf(before));
    },
    headActions: (column) => {
      const { id } = column;
      const isTitle = id === "$title";
      const isGroup = view.groups.includes(id);
      const total = view.totals[id];
      const without = Object.fromEntries(Object.entries(view.totals).filter(([other]) => other !== id));
      return [
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
    },
    footer: shown.some(({ id }) => view.totals[id] !== undefined)
      ? (column) => {
          const kind = view.totals[column.id];
          if (kind === undefined) return column.id === "$title" ? "Of all that match" : null;
          return (
            <TotalCell blueprint={blueprint.identifier} view={view} column={column} kind={kind} more={more} />
          );
        }
      : null,
    selected: chosen,
    onSelect: (identifier, isOn) =>
      choose(isOn ? [...chosen, identifier] : [...chosen].filter((one) => one !== identifier)),
    onRowMenu,
    canEdit: (column) => column.id !== "$title" && isWritable(column, blueprint),
    onEdit,
  };
}

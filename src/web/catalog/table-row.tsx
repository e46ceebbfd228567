import { memo } from "react";
import type { Column, EntityDoc } from "./blueprint.ts";
import type { TableFeatures } from "./entity-table.tsx";
import { TableCell } from "./table-cell.tsx";

interface Props {
  blueprint: string;
  columns: readonly Column[];
  entity: EntityDoc;
  /** Among the rows that are loaded. */
  index: number;
  features: TableFeatures | undefined;
  /** Of its cells the one that takes part in the order of Tab; -1: none does. */
  stop: number;
}

/** One entity. While the table scrolls, only rows that come into sight are drawn: all of them take longer than a frame. */
export const TableRow = memo(function TableRow({ blueprint, columns, entity, index, features, stop }: Props) {
  return (
    <tr aria-rowindex={index + 2} aria-selected={features?.selected.has(entity.identifier)}>
      {columns.map((column, at) => (
        <TableCell
          key={column.id}
          blueprint={blueprint}
          column={column}
          entity={entity}
          features={features}
          place={`${index}:${at}`}
          isStop={at === stop}
        />
      ))}
    </tr>
  );
});

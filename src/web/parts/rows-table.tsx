import { Button } from "@mantine/core";
import { type ReactNode, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { count, plural } from "../lib/format.ts";

export interface RowsColumn<Row> {
  readonly title: string;
  readonly renderCell: (row: Row) => ReactNode;
  /** Of its cells. */
  readonly className?: string | undefined;
  /** Stands at the right; as the second one, on a phone, beside the name. */
  readonly isNumber?: boolean;
}

interface Props<Row> {
  label: string;
  rows: readonly Row[];
  /** How many there are, where `rows` may be the first of them only. */
  total?: number;
  /** So many are shown until the others are asked for. */
  few?: number;
  keyOf: (row: Row) => string;
  /** The first one names the row. */
  columns: readonly RowsColumn<Row>[];
  /** Of what scrolls. */
  className?: string | undefined;
}

/** A plain table, which on a phone becomes a list of blocks. */
export function RowsTable<Row>(props: Props<Row>) {
  const { label, rows, total = rows.length, few = rows.length, keyOf, columns, className } = props;
  const [isAll, setIsAll] = useState(false);
  const region = useRef<HTMLDivElement>(null);
  // The button goes, and the focus with it: it is at the first row that came.
  const showAll = () => {
    flushSync(() => setIsAll(true));
    const row = region.current?.querySelectorAll("tbody > tr")[few];
    (row?.querySelector<HTMLElement>("a, button") ?? region.current)?.focus();
  };
  const shown = isAll ? rows : rows.slice(0, few);
  const more = rows.length - shown.length;
  return (
    <>
      <div ref={region} className={className ?? "scroll-x"} tabIndex={0} role="region" aria-label={label}>
        <table className="data stacked">
          <thead>
            <tr>
              {columns.map(({ title, isNumber }) => (
                <th key={title} scope="col" className={isNumber ? "num" : undefined}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={keyOf(row)}>
                {columns.map(({ title, renderCell, className: of, isNumber }, at) => (
                  <td
                    key={title}
                    className={isNumber ? "num" : of}
                    {...(at === 0 ? {} : { "data-label": title })}
                  >
                    {at === 0 || isNumber ? renderCell(row) : <div>{renderCell(row)}</div>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more > 0 ? (
        <div>
          <Button size="compact-xs" variant="subtle" onClick={showAll}>
            Show {plural(more, "more", "more")}
          </Button>
        </div>
      ) : total > rows.length ? (
        <p className="muted small">
          The first {count(rows.length)} of {count(total)}.
        </p>
      ) : null}
    </>
  );
}

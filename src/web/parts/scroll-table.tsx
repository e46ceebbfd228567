import { type KeyboardEvent, type ReactNode, useEffect } from "react";
import { Bone } from "./bone.tsx";
import css from "./scroll-table.module.css";
import type { RowWindow } from "./use-row-window.ts";

interface Props {
  label: string;
  window: RowWindow;
  /** Each with a key of its own, in pixels. */
  columns: readonly { readonly id: string; readonly width: number }[];
  /** Cells of the head. */
  head: ReactNode;
  rowHeight: number;
  /** Of rows that are loaded. */
  count: number;
  /** A row with a key of its own and `aria-rowindex` `index + 2`. */
  renderRow: (index: number) => ReactNode;
  /** The last row of the table, which stays in sight; null: there is none. */
  foot?: ReactNode;
  more: boolean;
  onMore: () => void;
  /** So many rows before the end of what is loaded the next page is asked for. */
  ahead: number;
  /** Of all rows, loaded or not; -1 while that is not known. */
  total: number;
  /** Answers are on their way while older ones stay. */
  busy: boolean;
  /** Its cells take the focus. */
  grid?: { readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void } | undefined;
  className: string | undefined;
  /** At most so high, in pixels; without it as high as its class says. */
  height?: number | undefined;
}

/** Many rows below a head that stays; only those on screen are drawn, and the next page comes while scrolling. */
export function ScrollTable(props: Props) {
  const { label, window, columns, head, rowHeight, count, renderRow, foot, more, onMore, ahead } = props;
  const { total, busy, grid, className, height } = props;
  const { scroll, first, end, before, after } = window;
  useEffect(() => {
    if (more && end >= count - ahead) onMore();
  }, [more, end, count, ahead, onMore]);
  const style = { "--row": `${rowHeight}px`, ...(height === undefined ? {} : { maxHeight: height }) };
  const rows = Array.from({ length: end - first }, (_, at) => first + at);
  return (
    <div
      ref={scroll}
      className={`${css["scroll"]} ${className ?? ""}`}
      style={style}
      tabIndex={0}
      role="region"
      aria-label={label}
      aria-busy={busy}
    >
      <table
        role={grid ? "grid" : undefined}
        aria-label={grid ? label : undefined}
        aria-rowcount={total === -1 ? -1 : total + 1}
        data-arranged={grid ? true : undefined}
      >
        <colgroup>
          {columns.map(({ id, width }) => (
            <col key={id} style={{ width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>{head}</tr>
        </thead>
        <tbody onKeyDown={grid?.onKeyDown}>
          {before > 0 ? <Gap height={before} /> : null}
          {rows.map((index) => renderRow(index))}
          {after > 0 ? <Gap height={after} /> : null}
          {more ? (
            <tr>
              <td colSpan={columns.length}>
                <Bone height={16} />
              </td>
            </tr>
          ) : null}
        </tbody>
        {foot ? (
          <tfoot>
            <tr>{foot}</tr>
          </tfoot>
        ) : null}
      </table>
    </div>
  );
}

/** Room of rows that are not drawn. */
function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden className={css["gap"]}>
      <td style={{ height }} />
    </tr>
  );
}

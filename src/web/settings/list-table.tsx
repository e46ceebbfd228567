import type { ReactNode } from "react";
import { ActionsMenu, type MenuAction } from "../parts/actions-menu.tsx";
import css from "./settings.module.css";

export interface ListColumn<Row, Around = null> {
  readonly title: string;
  /** @param around what all cells need besides their row */
  readonly cell: (row: Row, around: Around) => ReactNode;
}

interface Props<Row, Around> {
  label: string;
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** The first says what the row is. */
  columns: readonly ListColumn<Row, Around>[];
  around: Around;
  /** What can be done with a row, and what else stands there; null: the reader can do nothing with any. */
  actions: { readonly nameOf: (row: Row) => string; readonly of: (row: Row) => readonly MenuAction[] } | null;
  /** In place of the menu. */
  renderInstead?: (row: Row) => ReactNode;
}

/** A short list: a row each, with a menu at its end; blocks one below the other on phones. */
export function ListTable<Row, Around>(props: Props<Row, Around>) {
  const { label, rows, keyOf, columns, around, actions, renderInstead } = props;
  const [first, ...others] = columns;
  const hasEnd = actions !== null || renderInstead !== undefined;
  return (
    <div className="card scroll-x" tabIndex={0} role="region" aria-label={label}>
      <table className="data stacked">
        <thead>
          <tr>
            {columns.map(({ title }) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
            {hasEnd ? (
              <th scope="col" className={css["actions"]}>
                <span className="sr">Actions</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              <td>{first?.cell(row, around)}</td>
              {others.map(({ title, cell }) => (
                <td key={title} data-label={title}>
                  <span>{cell(row, around)}</span>
                </td>
              ))}
              {hasEnd ? (
                <td data-label="Actions">
                  <span>
                    {actions === null ? (
                      renderInstead?.(row)
                    ) : (
                      <ActionsMenu label={actions.nameOf(row)} actions={actions.of(row)} />
                    )}
                  </span>
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

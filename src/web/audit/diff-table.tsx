import css from "./audit.module.css";
import type { Difference } from "./differences.ts";

/** What changed, leaf by leaf: before and after beside each other. */
export function DiffTable({ rows }: { rows: readonly Difference[] }) {
  if (rows.length === 0) return null;
  return (
    <table className={css["diff"]}>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ path, before, after }) => (
          <tr key={path}>
            <th scope="row">{path}</th>
            <td data-label="Before">
              {before === "" ? <None /> : <del className={css["before"]}>{before}</del>}
            </td>
            <td data-label="After">
              {after === "" ? <None /> : <ins className={css["after"]}>{after}</ins>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function None() {
  return (
    <span className="muted">
      <span aria-hidden>–</span>
      <span className="sr">nothing</span>
    </span>
  );
}

import { count } from "../lib/format.ts";
import type { Legend } from "./colours.ts";
import css from "./graph.module.css";

const SHOWN = 16;

/** What the colours mean, and how many nodes have each. */
export function GraphLegend({ title, entries }: { title: string; entries: Legend["entries"] }) {
  const shown = entries.slice(0, SHOWN);
  return (
    <div className={css["legend"]}>
      <span className="muted" id="legend">
        {title}
      </span>
      <ul aria-labelledby="legend">
        {shown.map(({ value, colour, count: nodes }) => (
          <li key={value}>
            <span className={css["swatch"]} style={{ background: colour }} aria-hidden />
            {value} <span className="muted nums">{count(nodes)}</span>
          </li>
        ))}
        {entries.length > SHOWN ? <li className="muted">and {entries.length - SHOWN} more</li> : null}
      </ul>
    </div>
  );
}

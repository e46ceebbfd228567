import { count } from "../lib/format.ts";
import css from "./initiatives.module.css";

/** How many are there, of how many; a dash while nobody has counted. */
export function ProgressBar({
  total,
  done,
}: {
  total: number | null | undefined;
  done: number | null | undefined;
}) {
  if (typeof total !== "number" || typeof done !== "number") return <span className="muted">–</span>;
  return (
    <span className="row">
      <span className={css["meter"]} aria-hidden style={{ flex: "1 1 90px" }}>
        <span style={{ width: `${total === 0 ? 0 : (done / total) * 100}%` }} />
      </span>
      <span className="nums small">
        {count(done)} of {count(total)}
      </span>
    </span>
  );
}

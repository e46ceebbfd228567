import { count } from "../lib/format.ts";
import { Meter } from "../parts/meter.tsx";

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
      <span aria-hidden style={{ flex: "1 1 90px" }}>
        <Meter value={total === 0 ? 0 : done / total} label="Progress" tone="good" />
      </span>
      <span className="nums small">
        {count(done)} of {count(total)}
      </span>
    </span>
  );
}

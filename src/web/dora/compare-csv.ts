import { METRICS, type MetricsAnswer } from "../api/types.ts";
import { csv } from "../lib/csv.ts";
import type { Side } from "./compare-table.tsx";

/** One metric a line, in the units of the API. */
export function compareCsv(
  answer: MetricsAnswer,
  other: NonNullable<MetricsAnswer["comparedWith"]>,
  [first, second]: readonly [Side, Side],
): string {
  return csv(
    ["metric", "unit", first.name, second.name, "difference", "significant", "p"],
    METRICS.map((metric) => {
      const { value, unit, trend } = answer.metrics[metric];
      const against = other.metrics[metric].value;
      const difference = value === null || against === null ? null : value - against;
      return [metric, unit, value, against, difference, trend?.significant, trend?.p];
    }),
  );
}

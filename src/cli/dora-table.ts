import type { MetricLine } from "./dora-answer.ts";
import { METRICS } from "./dora-answer.ts";
import { formatInterval, formatRatio, formatValue } from "./format-number.ts";
import { sparkline } from "./sparkline.ts";
import { pad } from "./style.ts";
import type { Style } from "./style.ts";

const COLUMNS = [20, 11, 7, 9, 7, 15] as const;
const GAP = "  ";
/** Columns taken by the table before the sparkline. */
const TABLE_WIDTH = COLUMNS.reduce((sum, width) => sum + width, 0) + GAP.length * COLUMNS.length;
const MIN_SPARK = 13;

function change(line: MetricLine): { readonly text: string; readonly direction: -1 | 0 | 1 } {
  if (line.value === null || line.previous === null) return { text: "–", direction: 0 };
  const delta = line.value - line.previous;
  if (delta === 0) return { text: "=", direction: 0 };
  const arrow = delta > 0 ? "↑" : "↓";
  const direction = delta > 0 ? 1 : -1;
  // Rates change in percentage points; a change from nothing has no percentage.
  if (line.unit === "ratio")
    return { text: `${arrow} ${formatRatio(Math.abs(delta)).replace(" %", "")} pp`, direction };
  if (line.previous === 0) return { text: `${arrow} new`, direction };
  const share = Math.abs(delta / line.previous);
  return {
    text: share > 9.99 ? `${arrow} ×${Math.round(share + 1)}` : `${arrow} ${formatRatio(share)}`,
    direction,
  };
}

function row(cells: readonly string[]): string[] {
  return cells.map((cell, index) => pad(cell, COLUMNS[index] ?? 0, index === 4 ? "left" : "right"));
}

/** The metrics as lines of at most `width` columns (80 or more); sparklines go below their metric when it is narrow. */
export function doraTable(lines: readonly MetricLine[], width: number, style: Style): string[] {
  const beside = width - TABLE_WIDTH >= MIN_SPARK;
  const output = [style.dim(row(["Metric", "Value", "Band", "Change", "n", "95 %"]).join(GAP).trimEnd())];
  for (const line of lines) {
    const moved = change(line);
    const cells = row([
      line.title,
      formatValue(line.value, line.unit),
      line.tier ?? "–",
      moved.text,
      line.n === null ? "–" : `${line.n.toLocaleString("en-US")}${line.few ? "*" : " "}`,
      formatInterval(line.interval, line.unit, line.value),
    ]);
    const lowerIsBetter = METRICS.find(({ name }) => name === line.name)?.lowerIsBetter === true;
    const better = moved.direction === (lowerIsBetter ? -1 : 1);
    const painted = cells.map((cell, index) => {
      if (index === 1) return style.bold(cell);
      if (index === 2) return style.tier(cell, line.tier);
      if (index !== 3 || moved.direction === 0 || line.significant !== true) return cell;
      return better ? style.good(cell) : style.bad(cell);
    });
    const spark = sparkline(line.points, beside ? width - TABLE_WIDTH : width - 4);
    if (beside) output.push(`${painted.join(GAP)}${GAP}${spark}`.trimEnd());
    else {
      output.push(painted.join(GAP).trimEnd());
      if (spark.trim() !== "") output.push(`  ${style.dim(spark)}`);
    }
  }
  const notes: string[] = [];
  const benchmarks = [
    ...new Set(lines.flatMap((line) => (line.tier === null ? [] : (line.benchmark ?? [])))),
  ];
  if (benchmarks.length > 0) notes.push(`Band: ${benchmarks.join(", ")}.`);
  if (lines.some((line) => line.previous !== null)) notes.push("Change: against the previous window.");
  if (lines.some((line) => line.few)) notes.push(`* fewer than 10, too few for a band${fewText(lines)}.`);
  const thin = lines
    .filter((line) => line.thin && line.value !== null)
    .map(({ title }) => title.toLowerCase());
  if (thin.length > 0) notes.push(`Too little known for a band: ${thin.join(", ")}.`);
  if (lines.some((line) => line.points.at(-1)?.partial === true))
    notes.push("·: the last bucket is not complete.");
  if (notes.length > 0) output.push("", ...wrap(notes, width).map((text) => style.dim(text)));
  return output;
}

/** `: rework rate 8, recovery time 3 of 10 needed`, of those that have a value. */
function fewText(lines: readonly MetricLine[]): string {
  const short = lines.flatMap(({ few, value, title, n }) =>
    few && value !== null && n !== null ? [`${title.toLowerCase()} ${n}`] : [],
  );
  return short.length === 0 ? "" : `: ${short.join(", ")} of 10 needed`;
}

function wrap(sentences: readonly string[], width: number): string[] {
  const result: string[] = [];
  for (const sentence of sentences) {
    const last = result.at(-1);
    if (last !== undefined && last.length + 1 + sentence.length <= width)
      result[result.length - 1] = `${last} ${sentence}`;
    else result.push(sentence);
  }
  return result;
}

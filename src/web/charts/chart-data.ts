/** From the API's buckets to what a chart draws: plain numbers in one axis unit, and the words for each point. */
import type { Grain, MetricName, SeriesPoint } from "../api/types.ts";
import {
  axisUnitOf,
  count,
  date,
  dayMonth,
  decimal,
  metricValue,
  monthYear,
  plural,
  windowText,
} from "../lib/format.ts";
import type { CardMetric } from "../lib/metric-info.ts";

export interface ChartPoint {
  readonly id: string;
  /** In the axis unit; null draws nothing. */
  readonly y: number | null;
  readonly partial: boolean;
  /** Under the axis. */
  readonly tick: string;
  /** `28 Sep – 4 Oct 2026`. */
  readonly period: string;
  /** `1 d 22 h`, `No data`. */
  readonly value: string;
  /** `12 changes`; for frequency the rate. */
  readonly sample: string;
  /** So few rows that one more would move it far. */
  readonly isFew: boolean;
  /** What it is compared with: `92 deployments`. */
  readonly before: string | null;
}

export interface ChartData {
  readonly kind: "bars" | "line";
  readonly points: readonly ChartPoint[];
  /** What each point is compared with, in the axis unit. */
  readonly previous: readonly (number | null)[];
  /** What that is called. */
  readonly versus: string;
  readonly axisUnit: string;
  readonly formatTick: (value: number) => string;
}

const SAMPLE: Record<Exclude<CardMetric, "deploymentFrequency">, readonly [one: string, many: string]> = {
  changeLeadTime: ["change", "changes"],
  changeFailureRate: ["deployment", "deployments"],
  failedDeploymentRecoveryTime: ["recovery", "recoveries"],
  reworkRate: ["deployment", "deployments"],
};

/** From so many rows on a point is told as one among others. */
const ENOUGH = 5;

const firstWhole = (series: readonly SeriesPoint[]): number =>
  Math.max(
    0,
    series.findIndex(({ partial }) => !partial),
  );

/** Frequency is drawn as deployments per bucket, rates in percent, durations in the unit of the largest. */
export function chartData(
  metric: CardMetric,
  series: readonly SeriesPoint[],
  previous: readonly SeriesPoint[],
  timezone: string,
  grain: Grain,
  versus = "previous window",
): ChartData {
  const unit = axisUnit(metric, series, grain);
  // Whole beside whole: one of the two may begin with the rest of a bucket. A cut bucket would look like a slump.
  const shift = firstWhole(previous) - firstWhole(series);
  const compared = series.map((point, index) => {
    const other = previous[index + shift];
    return other === undefined || other.partial || point.partial || other.value === null ? null : other;
  });
  const y = (point: SeriesPoint) =>
    point.value === null ? null : metric === "deploymentFrequency" ? point.n : point.value / unit.size;
  return {
    kind: metric === "deploymentFrequency" ? "bars" : "line",
    points: series.map((point, index) => ({
      id: point.id,
      y: y(point),
      partial: point.partial,
      tick: tickLabel(point, timezone, grain),
      period: periodText(point, timezone, grain),
      value: valueText(metric, point),
      sample: sampleText(metric, point),
      isFew: metric !== "deploymentFrequency" && point.value !== null && point.n < ENOUGH,
      before: compared[index] ? valueText(metric, compared[index]) : null,
    })),
    previous: compared.map((point) => (point === null ? null : y(point))),
    versus,
    axisUnit: unit.name,
    formatTick: (value) => (unit.name === "%" ? `${decimal(value)} %` : decimal(value)),
  };
}

function axisUnit(
  metric: MetricName,
  series: readonly SeriesPoint[],
  grain: Grain,
): { size: number; name: string } {
  if (metric === "deploymentFrequency") return { size: 1, name: `deployments per ${grain}` };
  if (metric === "changeFailureRate" || metric === "reworkRate") return { size: 0.01, name: "%" };
  const largest = Math.max(0, ...series.map(({ value }) => value ?? 0));
  const { seconds: size, name } = axisUnitOf(largest);
  return { size, name };
}

function valueText(metric: CardMetric, point: SeriesPoint): string {
  if (point.value === null) return "No data";
  return metric === "deploymentFrequency" ? plural(point.n, "deployment") : metricValue(metric, point.value);
}

/** What the value rests on; the count of deployments is the value itself, so their rate stands here. */
function sampleText(metric: CardMetric, point: SeriesPoint): string {
  if (metric !== "deploymentFrequency") return plural(point.n, ...SAMPLE[metric]);
  return point.value === null ? "" : metricValue(metric, point.value);
}

function tickLabel({ from }: SeriesPoint, timezone: string, grain: Grain): string {
  if (grain !== "month") return dayMonth(from, timezone);
  const text = monthYear(from, timezone);
  return text.startsWith("Jan") ? text : text.slice(0, -5);
}

/** What a bucket is called in full. */
export function periodText({ from, to, id }: SeriesPoint, timezone: string, grain: Grain): string {
  if (grain === "day") return date(from, timezone);
  if (grain === "month") return monthYear(from, timezone);
  const week = /W(\d+)$/.exec(id)?.[1];
  const days = windowText(from, to, timezone);
  return week ? `${days} (week ${Number(week)})` : days;
}

/** One sentence for those who do not see the chart, and a caption for those who do. */
export function summary({ points }: ChartData, metric: CardMetric): string {
  const known = points.filter((point): point is ChartPoint & { y: number } => point.y !== null);
  const whole = known.filter(({ partial }) => !partial);
  const telling = whole.filter(({ isFew }) => !isFew);
  const filled = telling.length > 0 ? telling : whole.length > 0 ? whole : known;
  const first = filled[0];
  if (!first) return "No data in any period of this window.";
  let low = first;
  let high = first;
  for (const point of filled) {
    if (point.y < low.y) low = point;
    if (point.y > high.y) high = point;
  }
  // Unfinished periods, and those of few rows, are drawn, but no measure of the others.
  const of = filled === telling && telling.length < whole.length ? ` of ${ENOUGH} rows or more` : "";
  const kind = `${whole.length < known.length ? "finished period" : "period"}${of}`;
  if (filled.length === 1) return `${high.value} in the only ${kind} with data (${high.tick}).`;
  if (low.y === high.y) return `${high.value} in every ${kind} with data.`;
  const none = points.length - known.length;
  const gaps = none === 0 ? "" : ` No data in ${count(none)} of ${count(points.length)} periods.`;
  const lowest = metric === "deploymentFrequency" ? "fewest" : "lowest";
  const highest = metric === "deploymentFrequency" ? "most" : "highest";
  return `From ${low.value} (${lowest}, ${low.tick}) to ${high.value} (${highest}, ${high.tick}).${gaps}`;
}

/** `3.2 d`, `45 min`: the largest unit with at least one whole, two significant parts at most. */
export function formatDuration(seconds: number): string {
  const sign = seconds < 0 ? "-" : "";
  const span = Math.abs(seconds);
  const units: readonly [string, number][] = [
    ["y", 365.25 * 86_400],
    ["d", 86_400],
    ["h", 3600],
    ["min", 60],
  ];
  for (const [unit, size] of units) if (span >= size) return `${sign}${significant(span / size)} ${unit}`;
  return `${sign}${significant(span)} s`;
}

function significant(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return value >= 10
    ? trimZero(value.toFixed(1))
    : trimZero(value.toFixed(value >= 1 || value === 0 ? 1 : 2));
}

function trimZero(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

export function formatRatio(ratio: number): string {
  const percent = ratio * 100;
  return `${trimZero(percent.toFixed(percent !== 0 && Math.abs(percent) < 10 ? 1 : 0))} %`;
}

/** Frequencies are told per the shortest span in which there is at least one. */
const SPANS: readonly { readonly name: string; readonly days: number }[] = [
  { name: "day", days: 1 },
  { name: "week", days: 7 },
  { name: "month", days: 30.4375 },
  { name: "year", days: 365.25 },
];

function spanOf(perDay: number): { readonly name: string; readonly days: number } {
  const day = { name: "day", days: 1 };
  return perDay === 0 ? day : (SPANS.find(({ days }) => perDay * days >= 1) ?? SPANS.at(-1) ?? day);
}

/** A frequency in the unit in which it is at least one. */
export function formatPerDay(perDay: number): string {
  const { name, days } = spanOf(perDay);
  return `${significant(perDay * days)} / ${name}`;
}

export type Unit = "per_day" | "seconds" | "ratio";

export function formatValue(value: number | null, unit: Unit): string {
  if (value === null) return "–";
  if (unit === "per_day") return formatPerDay(value);
  return unit === "seconds" ? formatDuration(value) : formatRatio(value);
}

/** Both ends of an interval; frequencies in the unit of `value`, the number that the interval belongs to. */
export function formatInterval(
  interval: readonly [number, number] | null,
  unit: Unit,
  value: number | null = null,
): string {
  if (interval === null) return "–";
  if (unit === "per_day") {
    // One unit for all three: `0–1.2 / month`, not `0 / day–1.2 / month`.
    const { name, days } = spanOf(value === null || value === 0 ? interval[1] : value);
    return `${significant(interval[0] * days)}–${significant(interval[1] * days)} / ${name}`;
  }
  const low = formatValue(interval[0], unit);
  const high = formatValue(interval[1], unit);
  const suffix = /( \D+)$/.exec(high)?.[1];
  const shared = suffix !== undefined && low.endsWith(suffix) ? low.slice(0, -suffix.length) : low;
  return `${shared}–${high}`;
}

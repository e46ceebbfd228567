const BARS = "▁▂▃▄▅▆▇█";

export interface SparkPoint {
  readonly value: number | null;
  readonly partial: boolean;
}

/**
 * One character per point, scaled from zero to the largest value; a space where there is nothing to measure, `·`
 * after a last bucket that is not complete. A series that does not fit shows its end, after `…`.
 */
export function sparkline(points: readonly SparkPoint[], width: number): string {
  const open = points.at(-1)?.partial === true;
  const room = Math.max(2, open ? width - 1 : width);
  const cut = points.length > room;
  const shown = cut ? points.slice(1 - room) : points;
  const max = Math.max(0, ...shown.map((point) => point.value ?? 0));
  const bars = shown.map(({ value }) => {
    if (value === null) return " ";
    const level = max === 0 ? 0 : Math.round((Math.max(0, value) / max) * (BARS.length - 1));
    return BARS[level] ?? " ";
  });
  return `${cut ? "…" : ""}${bars.join("")}${open ? "·" : ""}`;
}

/** Limits in words, by server and pages alike: `1 month`, `36 hours`. */

/** As the API's months have it: 365.25 / 12 days. */
const DAYS_PER_MONTH = 30.4375;
const UNITS = [
  ["month", DAYS_PER_MONTH * 86_400],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

const plural = (times: number, unit: string): string => `${times} ${unit}${times === 1 ? "" : "s"}`;

/** In the largest unit of which it is a whole number of times; null where it is none of seconds. */
export function spanWords(seconds: number): string | null {
  if (seconds <= 0) return null;
  for (const [unit, size] of UNITS) {
    const times = Math.round(seconds / size);
    // Limits are stored with two decimals of an hour at most.
    if (times > 0 && Math.abs(seconds - times * size) < 0.5) return plural(times, unit);
  }
  return null;
}

/** `1 deployment a day`, `2 deployments a week`: in the shortest span in which it is at least one. */
export function paceWords(perWeek: number, one: string): string {
  const [times, span] =
    perWeek >= 7
      ? [perWeek / 7, "day"]
      : perWeek >= 1
        ? [perWeek, "week"]
        : [(perWeek / 7) * DAYS_PER_MONTH, "month"];
  return `${plural(Math.round(times * 100) / 100, one)} a ${span}`;
}

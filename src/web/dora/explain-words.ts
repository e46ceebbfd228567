/** How the numbers of other profiles are put beside ours. */
import type { MetricName } from "../api/types.ts";
import { decimal, isSame, metricDelta, metricValue } from "../lib/format.ts";
import type { OtherProfile } from "./explain-query.ts";

const TITLES: Readonly<Record<string, string>> = {
  port: "Port's formula",
  devlake: "DevLake's formula",
};

export function profileTitle(profile: string): string {
  return TITLES[profile] ?? profile;
}

const UNITS: Readonly<Record<string, string>> = {
  per_month: "per month",
  days_per_week: "days with a deployment per week",
  hours: "h",
  minutes: "min",
  percent: "%",
};

/** Its value in the unit of ours, with its own behind it where that is another. */
export function profileValue(metric: MetricName, { value, unit, comparable }: OtherProfile): string {
  if (value === null || comparable === null) return "No number";
  const said = UNITS[unit ?? ""];
  const text = metricValue(metric, comparable);
  return said === undefined ? text : `${text} (it says ${decimal(value)} ${said})`;
}

/** How far it is from ours; null where one of the two is missing. */
export function apart(metric: MetricName, ours: number | null, { comparable }: OtherProfile): string | null {
  if (ours === null || comparable === null) return null;
  const delta = comparable - ours;
  if (isSame(metric, delta, ours)) return "the same as ours";
  return `${metricDelta(metric, delta, ours)} ${delta > 0 ? "more" : "less"} than ours`;
}

/** Lines over buckets of time, and what their points are called. */
import { unitText } from "../catalog/unit.ts";
import { date, dateTime, decimal, monthYear } from "../lib/format.ts";
import type { Question } from "./lines.ts";

export interface DrawnLine {
  readonly key: string;
  readonly title: string;
  /** Whose numbers they are, for its name may tell their unit; null where entities are counted. */
  readonly property: string | null;
  /** One for each date; null draws nothing. */
  readonly values: readonly (number | null)[];
  readonly question: Question;
  /** Beside the time, what the entities behind its points have in common. */
  readonly rules: readonly object[];
}

export interface TimeAxis {
  readonly dates: readonly number[];
  /** Dates of buckets that are not over, or cut. */
  readonly partial: ReadonlySet<number>;
  readonly interval: string;
  readonly timeZone: string;
}

export const valueAt = ({ values, property }: DrawnLine, at: number): string => {
  const value = values[at];
  if (value === null || value === undefined) return "no data";
  return (property === null ? null : unitText(property, value)) ?? decimal(value);
};

/** What the bucket is called in full. */
export function periodOf({ dates, interval, timeZone, partial }: TimeAxis, at: number): string {
  const start = dates[at];
  if (start === undefined) return "";
  const from = new Date(start).toISOString();
  const text = {
    hour: dateTime(from, timeZone),
    isoWeek: `Week of ${date(from, timeZone)}`,
    month: monthYear(from, timeZone),
    quarter: `Quarter from ${monthYear(from, timeZone)}`,
  }[interval];
  return `${text ?? date(from, timeZone)}${partial.has(start) ? " (not a whole one)" : ""}`;
}

/** Lines over buckets of time, and what their points are called. */
import { unitOf, unitText } from "../catalog/unit.ts";
import { date, dateTime, decimal, monthYear } from "../lib/format.ts";
import type { Look } from "./colours.ts";
import type { Question } from "./lines.ts";
import type { Chart } from "./queries.ts";

export interface DrawnLine {
  readonly key: string;
  readonly title: string;
  readonly look: Look;
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

/** What the numbers of the axis are in, where that is one for all lines. */
export function sharedUnit(lines: readonly Pick<DrawnLine, "property">[]): string | null {
  const [unit = null, ...others] = new Set(lines.map(({ property }) => property && unitOf(property)));
  return others.length === 0 ? unit : null;
}

/**
 * A line for each series of the answer.
 * @param what it counts, in a word. @param zero draws 0 where a bucket has no value
 * @returns with the value that each is of; null: of none
 */
export function bareLines(
  chart: Chart,
  question: Question | undefined,
  what: string,
  zero: boolean,
): (Omit<DrawnLine, "look"> & { readonly name: string | null })[] {
  if (question === undefined) return [];
  return chart.series.map(({ key, value, other }) => ({
    key: `${JSON.stringify(question.body)} ${key}`,
    name: other ? null : value,
    title: question.title ?? (other ? "Other" : (value ?? (question.breakdown === null ? what : "None"))),
    property: question.properties.find((name) => name === value) ?? null,
    values: chart.data.map((point) => point[key] ?? (zero ? 0 : null)),
    question,
    rules:
      question.breakdown === null || other
        ? []
        : [
            value === null
              ? { property: question.breakdown, operator: "isEmpty" }
              : { property: question.breakdown, operator: "=", value },
          ],
  }));
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

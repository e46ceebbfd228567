/** What an aggregation works out, in words: `median of dora_merge_hours`, `count a week, by createdAt`. */

const INTERVALS: Readonly<Record<string, string>> = {
  hour: "an hour",
  day: "a day",
  week: "a week",
  month: "a month",
};

interface Calculation {
  readonly calculationBy?: unknown;
  readonly func?: unknown;
  readonly property?: unknown;
  readonly averageOf?: unknown;
  readonly measureTimeBy?: unknown;
}

/**
 * @param definition an aggregation property as its document has it
 * @param nameOf of a property of what is aggregated
 */
export function aggregationText(
  definition: Readonly<Record<string, unknown>>,
  nameOf: (id: string) => string = (id) => id,
): string {
  const spec = (definition["calculationSpec"] ?? {}) as Calculation;
  const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
  const func = text(spec.func) ?? "?";
  const interval = INTERVALS[text(spec.averageOf) ?? ""];
  const isCounted = spec.calculationBy === "entities";
  const what = isCounted
    ? func === "average"
      ? "count on average"
      : func
    : `${func} of ${nameOf(text(spec.property) ?? "?")}`;
  const by = text(spec.measureTimeBy);
  return [interval === undefined ? what : `${what} ${interval}`, by === null ? null : `by ${nameOf(by)}`]
    .filter((one) => one !== null)
    .join(", ");
}

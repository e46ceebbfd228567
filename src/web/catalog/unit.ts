/** Units of numbers, where the name of the property tells one: `dora_merge_hours`, `leadTimeHours`, `failure_percent`. */
import { spanWords } from "../../model/span-words.ts";
import { duration, number } from "../lib/format.ts";

const SECONDS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const;
type TimeUnit = keyof typeof SECONDS;
type Unit = TimeUnit | "percent";

const LAST_WORD =
  /(?:^|[_-])(seconds|minutes|hours|days|percent|percentage)$|[a-z0-9](Seconds|Minutes|Hours|Days|Percent|Percentage)$/;

/** Null where the name tells none. */
export function unitOf(id: string): Unit | null {
  const [, plain, inCamel] = LAST_WORD.exec(id) ?? [];
  const word = (plain ?? inCamel)?.toLowerCase();
  return word === undefined ? null : word.startsWith("percent") ? "percent" : (word as TimeUnit);
}

const withUnit = (id: string, value: number, words: (seconds: number) => string): string | null => {
  const unit = unitOf(id);
  if (unit === null) return null;
  return unit === "percent" ? `${number(value)}\u00a0%` : words(value * SECONDS[unit]);
};

/** `18 h 7 min`, `33.3 %`; null where the name tells no unit. */
export const unitText = (id: string, value: number): string | null => withUnit(id, value, duration);

/** Of a limit: `1 month`, `90 minutes`. */
export const limitText = (id: string, value: number): string | null =>
  withUnit(id, value, (seconds) => spanWords(seconds) ?? duration(seconds));

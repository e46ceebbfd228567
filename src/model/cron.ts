/** Cron expressions of five fields: minute, hour, day of the month, month, day of the week. */

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words: readonly string[];
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const FIELDS: readonly Field[] = [
  { name: "minute", min: 0, max: 59, words: [] },
  { name: "hour", min: 0, max: 23, words: [] },
  { name: "day of the month", min: 1, max: 31, words: [] },
  { name: "month", min: 1, max: 12, words: MONTHS },
  { name: "day of the week", min: 0, max: 7, words: DAYS },
];
const PART = /^(?:\*|([0-9A-Za-z]+)(?:-([0-9A-Za-z]+))?)(?:\/([0-9]{1,3}))?$/;

/** What is wrong with it; null: nothing. */
export function cronFlaw(text: string): string | null {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length)
    return `has ${parts.length} fields, and must have five: minute, hour, day, month, day of the week`;
  for (const [i, field] of FIELDS.entries())
    for (const part of (parts[i] ?? "").split(",")) {
      const [, from, to, step] = PART.exec(part) ?? [null];
      const [first, last] = [numberOf(from, field), numberOf(to, field)];
      const isBad =
        !PART.test(part) ||
        (from !== undefined && first === null) ||
        (to !== undefined && (last === null || (first ?? 0) > last)) ||
        (step !== undefined && Number(step) < 1);
      if (isBad)
        return `says ${JSON.stringify(part)} for the ${field.name}, which is ${field.min} to ${field.max}`;
    }
  return null;
}

function numberOf(text: string | undefined | null, { min, max, words }: Field): number | null {
  if (text === undefined || text === null) return null;
  const word = words.indexOf(text.toUpperCase());
  const value = word >= 0 ? word + min : /^[0-9]{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : null;
}

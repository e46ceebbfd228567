/** The numbers once more, from nothing but the CSV that the reader downloads; shares no code with the server. */

export interface CsvRow {
  readonly [column: string]: string;
}

/** RFC 4180, with a byte-order mark. */
export function parseCsv(text: string): CsvRow[] {
  const records: string[][] = [[]];
  let cell = "";
  let quoted = false;
  // By code unit: everything that separates is ASCII.
  for (let index = text.startsWith("\uFEFF") ? 1 : 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[index + 1] === '"') {
        cell += char;
        index++;
      } else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "," || char === "\n") {
      records.at(-1)?.push(cell);
      cell = "";
      if (char === "\n") records.push([]);
    } else if (char !== "\r") cell += char;
  }
  const [header = [], ...rows] = records.filter((record) => record.length > 0);
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ""])));
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)];
  const high = sorted[Math.ceil(middle)];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** Median of durations of which some are still open (Kaplan–Meier). */
function medianOfOpen(rows: readonly CsvRow[]): number | null {
  const spans = rows.map((row) => ({ seconds: Number(row["value"]), open: row["open"] === "true" }));
  if (!spans.some(({ open }) => open)) return median(spans.map(({ seconds }) => seconds));
  const ends = [...new Set(spans.filter(({ open }) => !open).map(({ seconds }) => seconds))];
  let left = 1;
  for (const end of ends.sort((a, b) => a - b)) {
    const atRisk = spans.filter(({ seconds }) => seconds >= end).length;
    left *= 1 - spans.filter(({ seconds, open }) => !open && seconds === end).length / atRisk;
    if (left <= 0.5 + 1e-9) return end;
  }
  return null;
}

/** The headline of a metric from its counted rows. @param days of the window or bucket */
export function refold(metric: string, counted: readonly CsvRow[], days: number): number | null {
  const sum = counted.reduce((total, row) => total + Number(row["value"]), 0);
  switch (metric) {
    case "deploymentFrequency":
      return sum / days;
    case "changeLeadTime":
      return median(counted.map((row) => Number(row["value"])));
    case "failedDeploymentRecoveryTime":
      return medianOfOpen(counted);
    case "changeFailureRate":
    case "reworkRate":
      return counted.length === 0 ? null : sum / counted.length;
    case "meanTimeToRecovery":
      return counted.length === 0 ? null : sum / counted.length;
    default:
      throw new Error(`no formula for ${metric}`);
  }
}

const SIZES: Readonly<Record<string, number>> = {
  "%": 0.01,
  s: 1,
  min: 60,
  h: 3600,
  d: 86_400,
  "per day": 1,
  "per week": 1 / 7,
  "per month": 1 / 30,
};

/** What stands where there is no number. */
const NO_NUMBER = /^(–|No data|None failed|Not known yet|≥ .+ so far)$/;

/** `2.4 per week`, `3 h 12 min`, `8.3 %` in the API's unit; null where there is no number. Fails on anything else. */
export function readShown(text: string): number | null {
  if (NO_NUMBER.test(text)) return null;
  const parts = [...text.matchAll(/([\d.,]+)\s*([^\d.,]+)/g)].map(([, figure = "", unit = ""]) => {
    const size = SIZES[unit.trim()];
    if (size === undefined) throw new Error(`“${text}” is no number with a unit`);
    return Number(figure.replaceAll(",", "")) * size;
  });
  if (parts.length === 0) throw new Error(`“${text}” is no number with a unit`);
  return parts.reduce((sum, part) => sum + part, 0);
}

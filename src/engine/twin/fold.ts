/** Numbers over the rows of an aggregation (data-model.md §6.3, decisions 5, 7 and 8). */
import { PERIODS, type Period } from "../../model/query-aggregate.ts";

/** One row that takes part. */
export interface FoldRow {
  /** Of the property; null: none. */
  readonly value: unknown;
  /** By `measureTimeBy`, milliseconds; null: none. */
  readonly at: number | null;
}

export interface FoldSpec {
  readonly calculationBy: unknown;
  readonly func: unknown;
  readonly averageOf?: unknown;
}

const SHARES: Readonly<Record<string, number>> = { median: 0.5, p75: 0.75, p90: 0.9, p95: 0.95 };

export function fold(rows: readonly FoldRow[], spec: FoldSpec, now: number): number | null {
  if (spec.calculationBy === "entities")
    return spec.func === "count" ? rows.length : averageOf(rows, rows.length, spec.averageOf ?? "day", now);
  if (spec.func === "countDistinct")
    return new Set(rows.filter(({ value }) => value !== null).map(({ value }) => canonical(value))).size;
  const present = rows.filter((row): row is FoldRow & { value: number } => typeof row.value === "number");
  const numbers = present.map(({ value }) => value);
  if (spec.func === "sum") return exactSum(numbers);
  if (numbers.length === 0) return null;
  switch (spec.func) {
    case "min":
      return numbers.reduce((a, b) => Math.min(a, b));
    case "max":
      return numbers.reduce((a, b) => Math.max(a, b));
    case "average":
      return (spec.averageOf ?? "total") === "total"
        ? exactSum(numbers) / numbers.length
        : averageOf(present, exactSum(numbers), spec.averageOf, now);
    default:
      return percentile(numbers, SHARES[String(spec.func)] ?? Number.NaN);
  }
}

/** Amount per period from the earliest row to now; a period that has begun is a whole one. */
function averageOf(rows: readonly FoldRow[], amount: number, period: unknown, now: number): number | null {
  if (rows.length === 0) return null;
  if (period === "total") return amount;
  const times = rows.flatMap(({ at }) => at ?? []);
  if (times.length === 0) return null;
  const since = times.reduce((a, b) => Math.min(a, b));
  return amount / Math.max(1, Math.ceil((now - since) / PERIODS[period as Period]));
}

/** Between the two values next to it, by how far it lies between them. */
function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** The sum of the decimals that the numbers are written as, rounded once: no order of the rows changes it. */
export function exactSum(numbers: readonly number[]): number {
  const parts = numbers.map(decimalOf);
  const scale = parts.reduce((most, part) => Math.max(most, part.scale), 0);
  const sum = parts.reduce((all, part) => all + part.digits * 10n ** BigInt(scale - part.scale), 0n);
  return Number(`${sum}e-${scale}`);
}

/** digits ÷ 10^scale */
function decimalOf(value: number): { readonly digits: bigint; readonly scale: number } {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(`${sign}${whole}${fraction}`);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

/** One text for equal JSON values. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
  return `{${entries.sort().join()}}`;
}

/** What was measured, held against its budget, as a table. */

export interface Result {
  readonly name: string;
  readonly unit: "KiB" | "MB" | "ms" | "%" | "×" | "" | "nodes";
  readonly values: readonly number[];
  readonly budget: number;
  /** What is held against the budget. */
  readonly by: "median" | "p75" | "most" | "last";
  /** What not even one may be over. */
  readonly limit?: number;
}

/** Rounds of everything that is repeated. */
export const RUNS = Number(process.env["BENCH_WEB_RUNS"] ?? 9);
export const say = (text: string): void => void process.stdout.write(`${text}\n`);

export function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
export const median = (values: readonly number[]): number => at(values, 0.5);

const SHARES = { median: 0.5, p75: 0.75, most: 1 } as const;
const judged = ({ values, by }: Result): number =>
  by === "last" ? (values.at(-1) ?? 0) : at(values, SHARES[by]);

const isKept = (result: Result): boolean =>
  judged(result) <= result.budget && at(result.values, 1) <= (result.limit ?? Infinity);

/** Prints the table. @returns whether every budget is kept */
export function print(results: readonly Result[]): boolean {
  const head = ["", "least", "median", "most", "judged", "budget", ""];
  const rows = results.map((result) => {
    const { name, unit, values, budget, by, limit } = result;
    const number = (one: number): string =>
      `${one.toFixed(one < 10 && one !== 0 ? 1 + Number(one < 1) : 0)} ${unit}`;
    return [
      name,
      ...[0, 0.5, 1].map((share) => number(at(values, share))),
      `${by} ${number(judged(result))}`,
      `${number(budget)}${limit === undefined ? "" : `, none > ${number(limit)}`}`,
      isKept(result) ? "ok" : "OVER",
    ];
  });
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => (row[i] ?? "").length)));
  for (const row of [head, ...rows])
    say(
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join("  ")
        .trimEnd(),
    );
  return results.every(isKept);
}

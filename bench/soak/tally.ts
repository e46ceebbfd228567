/** Counts what was answered, by kind: how long it took, and what failed. */
import { quantile } from "../support/statistics.ts";

export interface Budget {
  /** Of all, so many are to be within. */
  readonly share: number;
  readonly ms: number;
}

export interface Tally {
  /** @param failure null: none */
  count(kind: string, ms: number, failure: string | null): void;
  /** A line about what came since the last one. */
  minute(): string;
  /** Times so far do not count; failures do. */
  forget(): void;
  /** Prints each kind beside its budget. @returns whether nothing failed and all are within */
  report(budgets: Readonly<Record<string, Budget>>): boolean;
}

export function createTally(): Tally {
  const times = new Map<string, number[]>();
  const failures = new Map<string, number>();
  let recent = new Map<string, number[]>();
  let [since, failed, total] = [performance.now(), 0, 0];
  const part = (kind: string): string => {
    const some = recent.get(kind) ?? [];
    const rate = (some.length * 1000) / (performance.now() - since);
    const [p50, p99] = [quantile(some, 0.5), quantile(some, 0.99)];
    return `${rate.toFixed(1).padStart(8)} ${p50.toFixed(1).padStart(6)} ${p99.toFixed(0).padStart(5)}`;
  };
  const add = (to: Map<string, number[]>, kind: string, ms: number): void => {
    const known = to.get(kind);
    if (known === undefined) to.set(kind, [ms]);
    else known.push(ms);
  };
  return {
    count: (kind, ms, failure) => {
      total += 1;
      if (failure !== null) {
        failed += 1;
        const key = `${kind}: ${failure}`;
        failures.set(key, (failures.get(key) ?? 0) + 1);
        return;
      }
      add(times, kind, ms);
      add(recent, kind, ms);
    },
    minute: () => {
      const line = `${part("event")}  ${part("dashboard")}  ${String(failed).padStart(6)}`;
      [since, recent] = [performance.now(), new Map()];
      return line;
    },
    forget: () => times.clear(),
    report: (budgets) => {
      let isWithin = failed === 0;
      for (const [kind, budget] of Object.entries(budgets)) {
        const some = times.get(kind) ?? [];
        const [p50, p95, p99, most] = [0.5, 0.95, 0.99, 1].map((share) => quantile(some, share));
        const isOver = !(quantile(some, budget.share) <= budget.ms);
        isWithin &&= !isOver;
        console.log(
          `${kind.padEnd(10)} ${some.length} counted: p50 ${p50?.toFixed(1)}, p95 ${p95?.toFixed(1)}, p99 ${p99?.toFixed(1)}, ` +
            `most ${most?.toFixed(0)} ms; budget of p${100 * budget.share} ${budget.ms} ms${isOver ? ": EXCEEDED" : ""}`,
        );
      }
      console.log(`failed: ${failed} of ${total} ${JSON.stringify(Object.fromEntries(failures))}`);
      return isWithin;
    },
  };
}

/** What a question is compared with, beside its own numbers. */
import { APART, type Apart, type Comparison, type ComparisonPlan } from "../../dora/compare.ts";
import type { MetricName, Metrics } from "../../dora/results.ts";
import type { Ctx } from "../../storage/context.ts";
import { shareIncidents } from "../../storage/dora-shared-incidents.ts";
import { byMetric, type Question } from "./question.ts";
import { type Asker, testInThread } from "./test-in-thread.ts";

/** Whether no row is on both sides: only then can a test tell a difference from chance. */
export async function areApart({ db, org }: Ctx, question: Question, compared: Question): Promise<Apart> {
  const [one, other] = [question.window, compared.window];
  if (one.to <= other.from || other.to <= one.from) return APART;
  const [left, right] = [question.scope.services, compared.scope.services];
  if (left === null || right === null) return { rows: false, incidents: false };
  const within = new Set(right);
  if (left.some((service) => within.has(service))) return { rows: false, incidents: false };
  // One incident may be of services of both.
  const [from, to] = [Math.max(one.from, other.from), Math.min(one.to, other.to)];
  return { rows: true, incidents: !(await shareIncidents(db, org, left, right, { from, to })) };
}

/** Comparisons with their tests done, all of them together. @throws AppError rate_limited */
export async function finished(
  plans: readonly (ComparisonPlan | null)[],
  asker: Asker,
): Promise<(Record<MetricName, Comparison> | null)[]> {
  const ps = await testInThread(
    plans.flatMap((plan) => plan?.samples ?? []),
    asker,
  );
  let from = 0;
  return plans.map((plan) => {
    if (plan === null) return null;
    const own = ps.slice(from, from + plan.samples.length);
    from += plan.samples.length;
    return plan.finish(own);
  });
}

export function withComparison(
  metrics: Metrics,
  comparison: Record<MetricName, Comparison> | null,
): Readonly<Record<MetricName, object>> {
  if (comparison === null) return metrics;
  return byMetric((name) => ({ ...metrics[name], ...comparison[name] }));
}

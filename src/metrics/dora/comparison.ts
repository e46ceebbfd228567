/** What a question is compared with, beside its own numbers. */
import type { Comparison, ComparisonPlan } from "../../dora/compare.ts";
import type { MetricName, Metrics } from "../../dora/results.ts";
import { byMetric, type Question } from "./question.ts";
import { testInThread } from "./test-in-thread.ts";

/** Whether no row is on both sides: only then can a test tell a difference from chance. */
export function areApart(question: Question, compared: Question): boolean {
  const [one, other] = [question.window, compared.window];
  if (one.to <= other.from || other.to <= one.from) return true;
  const [left, right] = [question.scope.services, compared.scope.services];
  return left !== null && right !== null && !left.some((service) => right.includes(service));
}

/** Comparisons with their tests done, all of them together. */
export async function finished(
  plans: readonly (ComparisonPlan | null)[],
): Promise<(Record<MetricName, Comparison> | null)[]> {
  const ps = await testInThread(plans.flatMap((plan) => plan?.samples ?? []));
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

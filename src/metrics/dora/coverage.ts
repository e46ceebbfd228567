/** What is known of a scope at all, and which metrics rest on too little of it. */
import { type Coverage, coveredBy } from "../../dora/coverage.ts";
import type { MetricName } from "../../dora/results.ts";
import type { Role } from "../../model/dora-roles.ts";
import type { Ctx } from "../../storage/context.ts";
import { readCoverage } from "../../storage/dora-derived.ts";
import { byMetric, type Question } from "./question.ts";
import { sourceStatistics } from "./role-entities.ts";
import { pendingWork } from "./status.ts";

/** Over the whole history: deployments of the scope, what is still pending, and what each source gives. */
export async function readKnown(
  ctx: Ctx,
  question: Question,
): Promise<{ deployments: number; pending: number; sources: object[] }> {
  const [totals, pending] = await Promise.all([
    readCoverage(ctx.db, ctx.org, question.scope.services),
    pendingWork(ctx),
  ]);
  const sources = await Promise.all(
    Object.entries(question.settings.roles).flatMap(([role, list]) =>
      list.map(async (source) => ({
        ...{ role, blueprint: source.blueprint },
        ...(await sourceStatistics(ctx, role as Role, source)),
      })),
    ),
  );
  return {
    deployments: totals.deployments,
    pending: pending.inbox + pending.derivations + pending.changes,
    sources,
  };
}

/** Adds to each metric the share that it rests on, and whether that reaches the floor; null where there is nothing. */
export function withCoverage(
  metrics: Readonly<Record<MetricName, object>>,
  coverage: Coverage,
  floor: number,
): Readonly<Record<MetricName, object>> {
  const shares = coveredBy(coverage);
  return byMetric((name) => {
    const share = shares[name];
    return { ...metrics[name], coverage: share, covered: share === null ? null : share >= floor };
  });
}

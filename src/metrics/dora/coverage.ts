/** What is known of a scope at all, and which metrics rest on too little of it. */
import { type Coverage, coveredBy } from "../../dora/coverage.ts";
import { type Known, noValueOf } from "../../dora/no-value.ts";
import type { MetricName, Metrics } from "../../dora/results.ts";
import type { Role } from "../../model/dora-roles.ts";
import type { Ctx } from "../../storage/context.ts";
import { readKnownSoFar } from "../../storage/dora-pending.ts";
import { COMMITS_QUEUE, DERIVE_QUEUE } from "../../storage/queues.ts";
import { FEED_READER } from "./follow-changes.ts";
import { byMetric, type Question } from "./question.ts";
import { type SourceStatistics, statisticsOfSources } from "./role-entities.ts";
import { LAG_CAP } from "./status.ts";

/** Over the whole history: deployments of the scope, what is still pending, and what each source gives. */
export async function readKnown(
  ctx: Ctx,
  question: Question,
): Promise<{ deployments: number; pending: number; sources: SourceStatistics[] }> {
  const [{ deployments, jobs, changes }, sources] = await Promise.all([
    readKnownSoFar(ctx.db, ctx.org, question.scope.services, {
      ...{ queues: [COMMITS_QUEUE, DERIVE_QUEUE], reader: FEED_READER, cap: LAG_CAP },
    }),
    statisticsOfSources(
      ctx,
      Object.entries(question.settings.roles).flatMap(([role, list]) =>
        list.map((source) => ({ role: role as Role, source })),
      ),
    ),
  ]);
  return { deployments, pending: jobs + changes, sources };
}

/** Whether an incident ever came from anywhere, whatever it is linked to. */
export async function hasIncidents(ctx: Ctx, { settings }: Question): Promise<boolean> {
  const asked = settings.roles.incident.map((source) => ({ role: "incident" as const, source }));
  return areIncidents(await statisticsOfSources(ctx, asked));
}

export const areIncidents = (sources: readonly SourceStatistics[]): boolean =>
  sources.some(({ role, rows }) => role === "incident" && rows > 0);

/** Null where there is nothing to know. */
export const isCovered = (share: number | null, floor: number): boolean | null =>
  share === null ? null : share >= floor;

/**
 * Adds to each metric as it is shown the share that it rests on, and whether that reaches the floor (null where there is nothing); where it
 * has no value, why.
 */
export function withCoverage(
  metrics: Metrics,
  shown: Readonly<Record<MetricName, object>>,
  coverage: Coverage,
  floor: number,
  known: Known,
): Readonly<Record<MetricName, object>> {
  const shares = coveredBy(coverage);
  return byMetric((name) => {
    const share = shares[name];
    const noValue = noValueOf(name, metrics, known);
    return {
      ...shown[name],
      ...{ coverage: share, covered: isCovered(share, floor) },
      ...(noValue !== null && { noValue }),
    };
  });
}

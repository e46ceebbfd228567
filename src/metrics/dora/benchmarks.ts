/** `GET /v1/dora/benchmarks`: the data of DORA's reports, and the numbers of a scope on the scale of the newest. */
import { BENCHMARK_YEARS, reportOf } from "../../dora/benchmarks.ts";
import { INDUSTRY_EDITIONS, onScale, type ScaledMetric } from "../../dora/industry.ts";
import type { Metrics } from "../../dora/results.ts";
import { invalid } from "../../model/error.ts";
import type { Sight } from "../../model/sight.ts";
import type { Ctx } from "../../storage/context.ts";
import { doraMetrics } from "./query.ts";
import type { QuestionInput } from "./question.ts";

const SCALED: readonly ScaledMetric[] = [
  ...(["changeLeadTime", "deploymentFrequency", "changeFailureRate"] as const),
  ...(["failedDeploymentRecoveryTime", "reworkRate"] as const),
];

/** @throws AppError as the metrics do; invalid_request for a blueprint without an entity */
export async function doraBenchmarks(ctx: Ctx, input: QuestionInput, sight: Sight | null): Promise<object> {
  if (input.blueprint !== undefined && input.entity === undefined)
    throw invalid(`blueprint (value ${JSON.stringify(input.blueprint)}) needs an entity here`);
  const isAsked = input.entity !== undefined || input.last !== undefined || input.from !== undefined;
  return {
    reports: BENCHMARK_YEARS.map((year) => ({ year, ...reportOf(year) })),
    industry: INDUSTRY_EDITIONS,
    own: isAsked ? await onTheScale(ctx, input, sight) : null,
  };
}

async function onTheScale(ctx: Ctx, input: QuestionInput, sight: Sight | null): Promise<object> {
  const answer = (await doraMetrics(ctx, { ...input, profile: "fairway" }, sight)) as {
    readonly metrics: Metrics;
    readonly scope: object;
    readonly window: object;
    readonly definition: object;
  };
  const { scope, window, definition } = answer;
  const scale = Object.fromEntries(
    SCALED.map((metric) => {
      const { value } = answer.metrics[metric];
      return [metric, value === null ? null : onScale(metric, value)];
    }),
  );
  return { scope, window, definition, scale };
}

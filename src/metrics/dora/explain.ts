/** `GET /v1/dora/explain`: what a number means, which rows are in it and which are not, and what other profiles say. */
import { definitionOf, EXCLUSIONS } from "../../dora/definitions.ts";
import type { ExclusionReason } from "../../dora/derived.ts";
import { leftOutOf } from "../../dora/coverage.ts";
import { noValueOf } from "../../dora/no-value.ts";
import type { MetricName } from "../../dora/results.ts";
import { rowsIn } from "../../dora/summary.ts";
import { AppError } from "../../model/error.ts";
import type { Sight } from "../../model/sight.ts";
import type { Ctx } from "../../storage/context.ts";
import { hasIncidents } from "./coverage.ts";
import { readDevlake } from "./devlake.ts";
import { ownWindow } from "./own-metrics.ts";
import { portBeside } from "./port.ts";
import { iso } from "./present.ts";
import { ownProfile, parseMetric, parseQuestion, type Question, type QuestionInput } from "./question.ts";
import { readMergedCounts } from "./read-input.ts";

export interface ExplainInput extends QuestionInput {
  readonly metric: string;
}

/** What another profile says to the same question. */
interface OtherProfile {
  readonly profile: "port" | "devlake";
  readonly value: number | null;
  readonly unit: string | null;
  /** The value in the unit of ours; null where there is none. */
  readonly comparable: number | null;
  readonly n: number;
  readonly formula: string;
  readonly differences: readonly string[];
}

/** @throws AppError not_found (scope), forbidden, invalid_request (any parameter) */
export async function doraExplain(ctx: Ctx, input: ExplainInput, sight: Sight | null): Promise<object> {
  const metric = parseMetric(input.metric);
  const question = ownProfile(await parseQuestion(ctx, input, sight));
  const { scope, window, settings } = question;
  if (scope.blueprint !== null && scope.entity === null)
    throw new AppError(
      "invalid_request",
      "entity must name one of the blueprint: each has a number of its own",
    );
  const [{ folded, metrics }, merged, knowsIncidents, devlake, port] = await Promise.all([
    ownWindow(ctx, question),
    readMergedCounts(ctx, question),
    // No other metric asks.
    metric === "meanTimeToRecovery" && hasIncidents(ctx, question),
    devlakeSays(ctx, question, metric),
    portSays(ctx, question, metric),
  ]);
  const number = metrics[metric];
  const noValue = noValueOf(metric, metrics, {
    ...{ counts: folded.counts, notDeployed: merged.notDeployed, environments: question.environments },
    ...{ hasSource: metrics.deploymentFrequency.value !== null, hasIncidents: knowsIncidents },
  });
  const out = new Map(Object.entries(leftOutOf(metric, folded.counts)) as [ExclusionReason, number][]);
  if (metric === "changeLeadTime" && merged.notDeployed > 0) out.set("not_deployed", merged.notDeployed);
  return {
    metric,
    scope: { blueprint: scope.blueprint, entity: scope.entity, title: scope.title },
    window: { ...window, from: iso(window.from), to: iso(window.to) },
    environments: question.environments,
    definition: { ...question.definition, words: definitionOf(metric, settings) },
    value: number.value,
    unit: number.unit,
    few: number.few,
    ...(noValue !== null && { noValue }),
    rows: {
      in: rowsIn(metric, folded.summary),
      out: [...out]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([reason, count]) => ({ reason, count, meaning: EXCLUSIONS[reason] })),
    },
    profiles: [port, devlake],
  };
}

/** Factors into our units: per day, seconds, ratio. */
const INTO_OURS: Readonly<Record<string, number>> = {
  per_month: 1 / 30,
  days_per_week: 1 / 7,
  hours: 3600,
  minutes: 60,
  percent: 0.01,
  ratio: 1,
};

const comparable = (value: number | null, unit: string | null): number | null =>
  value === null || unit === null ? null : value * (INTO_OURS[unit] ?? 1);

async function devlakeSays(ctx: Ctx, question: Question, metric: MetricName): Promise<OtherProfile> {
  const said = await orReason(async () => (await readDevlake(ctx, question))[metric]);
  if (typeof said === "string") return silent("devlake", said);
  const { value, unit, n, formula, differences } = said;
  return { profile: "devlake", value, unit, comparable: comparable(value, unit), n, formula, differences };
}

async function portSays(ctx: Ctx, question: Question, metric: MetricName): Promise<OtherProfile> {
  const said = await orReason(() => portBeside(ctx, question, metric));
  if (typeof said === "string") return silent("port", said);
  const { value, unit, n, formula, differences } = said;
  return { profile: "port", value, unit, comparable: comparable(value, unit), n, formula, differences };
}

const silent = (profile: OtherProfile["profile"], reason: string): OtherProfile => ({
  ...{ profile, value: null, unit: null, comparable: null, n: 0, formula: "none" },
  differences: [reason],
});

/** A profile that does not answer this question says why instead. */
async function orReason<T>(ask: () => Promise<T>): Promise<T | string> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_request") return error.message;
    throw error;
  }
}

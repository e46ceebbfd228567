/** `GET /v1/dora/metrics`: the numbers of a scope and window, with series, comparison and coverage. */
import { planBetween, sideOf } from "../../dora/compare.ts";
import { coverageFrom } from "../../dora/coverage.ts";
import type { FoldedWindow } from "../../dora/fold-rows.ts";
import { seriesOf } from "../../dora/metrics.ts";
import type { Sight } from "../../model/sight.ts";
import type { Ctx } from "../../storage/context.ts";
import { areApart, finished, withComparison } from "./comparison.ts";
import { areIncidents, readKnown, withCoverage } from "./coverage.ts";
import { devlakeAnswer } from "./devlake.ts";
import { entityRows } from "./entity-rows.ts";
import { foldedWithMerged } from "./own-metrics.ts";
import { portAnswer } from "./port.ts";
import { header, presentScope, presentSeries, windowView } from "./present-metrics.ts";
import { parseQuestion, type QuestionInput } from "./question.ts";
import { hasSource } from "./read-input.ts";

/** Of those who do not go before the answer. */
const STAYING = new AbortController().signal;

/**
 * @param signal aborted when who asked has gone
 * @throws AppError not_found (scope), forbidden, invalid_request (any parameter), rate_limited (comparisons wait)
 */
export async function doraMetrics(
  ctx: Ctx,
  input: QuestionInput,
  sight: Sight | null,
  signal: AbortSignal = STAYING,
): Promise<object> {
  const question = await parseQuestion(ctx, input, sight);
  if (question.definition.profile === "port") return portAnswer(ctx, question);
  if (question.definition.profile === "devlake") return devlakeAnswer(ctx, question);
  const { blueprint, entity } = question.scope;
  if (blueprint !== null && entity === null) return entityRows(ctx, question, blueprint, sight, signal);
  const { compared } = question;
  const [{ windows, merged }, known, isOtherKnown] = await Promise.all([
    foldedWithMerged(ctx, compared === null ? [question] : [question, compared]),
    readKnown(ctx, question),
    compared === null || compared.scope === question.scope ? null : hasSource(ctx, compared),
  ]);
  const [current, other] = windows;
  if (current === undefined) throw new Error("a window was not folded");
  const asked = { window: question.window, hasSource: known.deployments > 0, now: question.now };
  const coverage = coverageFrom(current.counts, merged);
  const { thresholds } = question;
  const own = sideOf(current.summary, asked, thresholds);
  const otherAsked = compared && {
    ...{ window: compared.window, hasSource: isOtherKnown ?? asked.hasSource, now: compared.now },
  };
  const before =
    otherAsked === null || other === undefined
      ? null
      : {
          ...{ folded: other, asked: otherAsked, side: sideOf(other.summary, otherAsked, thresholds) },
        };
  const plan =
    before === null || compared === null
      ? null
      : planBetween(own, before.side, await areApart(ctx, question, compared));
  const [comparison = null] = await finished([plan], { org: ctx.org, signal });
  const { coverageFloor } = question.settings;
  const seriesIn = ({ buckets, bucketSummaries }: FoldedWindow, of: typeof asked): object =>
    presentSeries(seriesOf(buckets, bucketSummaries, of));
  return {
    ...header(question),
    metrics: withCoverage(own.metrics, withComparison(own.metrics, comparison), coverage, coverageFloor, {
      ...{ counts: current.counts, notDeployed: merged.notDeployed, environments: question.environments },
      hasSource: asked.hasSource,
      hasIncidents: areIncidents(known.sources),
    }),
    series: seriesIn(current, asked),
    ...(before !== null &&
      compared !== null && {
        previousWindow: windowView(compared.window),
        previousSeries: seriesIn(before.folded, before.asked),
        comparedWith: {
          scope: presentScope(compared.scope),
          window: windowView(compared.window),
          metrics: before.side.metrics,
        },
      }),
    coverage: { ...coverage, floor: coverageFloor, pending: known.pending, sources: known.sources },
  };
}

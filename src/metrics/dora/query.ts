/** `GET /v1/dora/metrics`: the numbers of a scope and window, with series, comparison and coverage. */
import {
  type Comparison,
  type ComparisonPlan,
  planBetween,
  planComparison,
  sideOf,
} from "../../dora/compare.ts";
import { coverageFrom, coverageOf, type MergedElsewhere } from "../../dora/coverage.ts";
import { type FoldedWindow, foldRows } from "../../dora/fold-rows.ts";
import { computeMetrics, computeSeries, metricsOf, seriesOf } from "../../dora/metrics.ts";
import type { MetricName, Metrics, SeriesPoint } from "../../dora/results.ts";
import { AppError } from "../../model/error.ts";
import type { Sight } from "../../model/sight.ts";
import type { Ctx } from "../../storage/context.ts";
import { servicesWithDeployments } from "../../storage/dora-derived.ts";
import { blueprintIdentifiers } from "../../storage/dora-settings.ts";
import { servicesBelow } from "../../storage/dora-ownership.ts";
import { countMergedBelow } from "../../storage/dora-unshipped.ts";
import { rowsWhileOwned, type Span } from "../../dora/ownership.ts";
import { readKnown, withCoverage } from "./coverage.ts";
import { devlakeAnswer } from "./devlake.ts";
import { foldOrganisation, type FoldedWindows } from "./organisation.ts";
import { portAnswer } from "./port.ts";
import { iso } from "./present.ts";
import { byMetric, METRICS, parseQuestion, type Question, type QuestionInput } from "./question.ts";
import { type Scope, spanOf } from "./scope.ts";
import { type DerivedRows, inputFor, readMergedCounts, readNumbers, scopeOf } from "./read-input.ts";
import { testInThread } from "./test-in-thread.ts";
import { pendingWork } from "./status.ts";
import { entitiesInSight } from "./within-sight.ts";

/** @throws AppError not_found (scope), forbidden, invalid_request (any parameter) */
export async function doraMetrics(ctx: Ctx, input: QuestionInput, sight: Sight | null): Promise<object> {
  const question = await parseQuestion(ctx, input, sight);
  if (question.definition.profile === "port") return portAnswer(ctx, question);
  if (question.definition.profile === "devlake") return devlakeAnswer(ctx, question);
  const { blueprint, entity } = question.scope;
  if (blueprint !== null && entity === null) return everyEntity(ctx, question, blueprint, sight);
  const [windows, known, merged] = await Promise.all([
    foldedWindows(ctx, question),
    readKnown(ctx, question),
    readMergedCounts(ctx, question),
  ]);
  const hasSource = known.deployments > 0;
  const { current, previous } = windows;
  const asked = { window: question.window, hasSource };
  const coverage = coverageFrom(current.counts, merged);
  const before =
    previous === null || question.previous === null
      ? null
      : { folded: previous, asked: { window: question.previous, hasSource } };
  const plan =
    before === null
      ? null
      : planBetween(sideOf(current.summary, asked), sideOf(before.folded.summary, before.asked));
  const [comparison = null] = await finished([plan]);
  const metrics = metricsOf(current.summary, asked, question.thresholds);
  const seriesIn = ({ buckets, bucketSummaries }: FoldedWindow, of: typeof asked): object =>
    presentSeries(seriesOf(buckets, bucketSummaries, of));
  return {
    ...header(question, question.scope),
    metrics: withCoverage(withComparison(metrics, comparison), coverage, question.settings.coverageFloor),
    series: seriesIn(current, asked),
    ...(before !== null && {
      previousWindow: windowView(before.asked.window),
      previousSeries: seriesIn(before.folded, before.asked),
    }),
    coverage: {
      ...coverage,
      floor: question.settings.coverageFloor,
      pending: known.pending,
      sources: known.sources,
    },
  };
}

/** From what is held of whole organisations, else from rows; both give the same. */
async function foldedWindows(ctx: Ctx, question: Question): Promise<FoldedWindows> {
  const held = await foldOrganisation(ctx, question);
  if (held !== null) return held;
  const rows = await readNumbers(ctx, question);
  const fold = (window: Question["window"]): FoldedWindow => foldRows(inputFor(question, window, rows, true));
  return {
    current: fold(question.window),
    previous: question.previous === null ? null : fold(question.previous),
  };
}

const NONE_ELSEWHERE: MergedElsewhere = { notDeployed: 0, leftOut: 0, shippedLater: 0 };

/** One row per entity of the blueprint, each over the union of the rows of the services below it. */
async function everyEntity(
  ctx: Ctx,
  question: Question,
  blueprint: string,
  sight: Sight | null,
): Promise<object> {
  const [entities, pairs, rows, pending] = await Promise.all([
    entitiesInSight(ctx, sight, blueprint),
    servicesBelow(
      ctx.db,
      ctx.org,
      question.settings.service.blueprint,
      blueprint,
      null,
      question.window.timezone,
    ),
    readNumbers(ctx, question),
    pendingWork(ctx),
  ]);
  if (entities.length === 0 && !(await blueprintIdentifiers(ctx.db, ctx.org)).includes(blueprint))
    throw new AppError("not_found", `blueprint with identifier "${blueprint}" was not found`);
  const below = new Map<string, Map<string, Span[]>>();
  const counted = question.scope.services === null ? null : new Set(question.scope.services);
  const asked = pairs.filter(({ service }) => counted?.has(service) !== false);
  const { from, to } = question.window;
  const merged = await countMergedBelow(ctx.db, ctx.org, scopeOf(question, from, to), asked);
  for (const { root, ...pair } of asked) {
    const { service } = pair;
    const services = below.get(root) ?? new Map<string, Span[]>();
    below.set(root, services);
    const spans = services.get(service) ?? [];
    services.set(service, spans);
    spans.push(spanOf(pair));
  }
  const byService = groupByService(rows);
  const withSource = new Set(await servicesWithDeployments(ctx.db, ctx.org));
  const floor = question.settings.coverageFloor;
  const found = entities.map(({ identifier, title }) => {
    const owned = below.get(identifier) ?? new Map<string, Span[]>();
    const services = [...owned.keys()];
    const own = rowsWhileOwned(owned, (service) => byService.get(service));
    const hasSource = services.some((service) => withSource.has(service));
    const current = inputFor(question, question.window, own, hasSource);
    const metrics = computeMetrics(current, question.thresholds);
    const { deploymentFrequency } = computeSeries(current);
    const coverage = coverageOf(current, merged.get(identifier) ?? NONE_ELSEWHERE);
    const plan =
      question.previous === null
        ? null
        : planComparison(current, inputFor(question, question.previous, own, hasSource));
    const rest = {
      series: { deploymentFrequency: deploymentFrequency.map(presentPoint) },
      lastDeploymentAt: iso(latest(own.deployments.map((d) => d.finishedAt))),
      coverage: { ...coverage, floor },
    };
    const scope = { blueprint, entity: identifier, title: title ?? identifier };
    return { scope, metrics, plan, coverage, rest };
  });
  const comparisons = await finished(found.map(({ plan }) => plan));
  return {
    window: windowView(question.window),
    definition: question.definition,
    asOf: iso(question.now),
    environments: question.environments,
    pending,
    rows: found.map(({ scope, metrics, coverage, rest }, index) => ({
      scope,
      metrics: withCoverage(withComparison(metrics, comparisons[index] ?? null), coverage, floor),
      ...rest,
    })),
  };
}

/** Comparisons with their tests done, all of them together. */
async function finished(
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

interface MutableRows {
  deployments: DerivedRows["deployments"][number][];
  shipments: DerivedRows["shipments"][number][];
  incidents: DerivedRows["incidents"][number][];
}

function groupByService(rows: DerivedRows): Map<string, MutableRows> {
  const groups = new Map<string, MutableRows>();
  const group = (service: string): MutableRows => {
    let found = groups.get(service);
    if (found === undefined) groups.set(service, (found = { deployments: [], shipments: [], incidents: [] }));
    return found;
  };
  for (const d of rows.deployments) group(d.service).deployments.push(d);
  for (const s of rows.shipments) group(s.service).shipments.push(s);
  for (const i of rows.incidents) group(i.service).incidents.push(i);
  return groups;
}

const latest = (instants: readonly number[]): number | null =>
  instants.reduce<number | null>((max, at) => (max === null || at > max ? at : max), null);

function header(question: Question, scope: Scope): object {
  return {
    scope: { blueprint: scope.blueprint, entity: scope.entity, title: scope.title },
    window: windowView(question.window),
    definition: question.definition,
    asOf: iso(question.now),
    environments: question.environments,
  };
}

function windowView({ from, to, ...rest }: Question["window"]): object {
  return { from: iso(from), to: iso(to), ...rest };
}

function withComparison(
  metrics: Metrics,
  comparison: Record<MetricName, Comparison> | null,
): Readonly<Record<MetricName, object>> {
  if (comparison === null) return metrics;
  return byMetric((name) => ({ ...metrics[name], ...comparison[name] }));
}

function presentSeries(series: Record<MetricName, SeriesPoint[]>): object {
  return Object.fromEntries(METRICS.map((name) => [name, series[name].map(presentPoint)]));
}

function presentPoint(point: SeriesPoint): object {
  return { ...point, from: iso(point.from), to: iso(point.to) };
}

/** `GET /v1/dora/metrics?blueprint=…`: a row for each entity of a blueprint, over the rows of the services below it. */
import { bucketsOf } from "../../dora/calendar.ts";
import { type ComparisonPlan, planBetween, sideOf } from "../../dora/compare.ts";
import {
  type Coverage,
  coveredBy,
  coverageFrom,
  type MergedElsewhere,
  type WindowCounts,
} from "../../dora/coverage.ts";
import { frequencySeries, metricOf } from "../../dora/metrics.ts";
import type { Known } from "../../dora/no-value.ts";
import type { Span } from "../../dora/ownership.ts";
import type { Bucket, MetricName, Metrics } from "../../dora/results.ts";
import { AppError } from "../../model/error.ts";
import type { Sight } from "../../model/sight.ts";
import type { Ctx } from "../../storage/context.ts";
import { servicesWithDeployments } from "../../storage/dora-derived.ts";
import { type SpanBelow, servicesBelow } from "../../storage/dora-ownership.ts";
import { blueprintIdentifiers } from "../../storage/dora-settings.ts";
import { countMergedBelow } from "../../storage/dora-unshipped.ts";
import { areApart, finished, withComparison } from "./comparison.ts";
import { hasIncidents, isCovered, withCoverage } from "./coverage.ts";
import { foldEntities, type Owned } from "./fold-entities.ts";
import { pauses } from "./pauses.ts";
import { windowView } from "./present-metrics.ts";
import { iso } from "./present.ts";
import type { Question } from "./question.ts";
import { scopeOf } from "./read-input.ts";
import { spanOf } from "./scope.ts";
import { pendingWork } from "./status.ts";
import { entitiesInSight } from "./within-sight.ts";

const NONE_ELSEWHERE: MergedElsewhere = { notDeployed: 0, leftOut: 0, shippedLater: 0 };

type WithCovered<M> = M & { readonly covered?: boolean | null };

interface AskedEntities {
  readonly entities: readonly { readonly identifier: string; readonly title: string | null }[];
  /** The services below them that are counted. */
  readonly pairs: readonly SpanBelow[];
  /** Of the entities, in their order. */
  readonly owned: readonly Owned[];
}

/** @throws AppError not_found: no such blueprint */
async function askedEntities(
  ctx: Ctx,
  question: Question,
  blueprint: string,
  sight: Sight | null,
): Promise<AskedEntities> {
  const { window, settings, scope } = question;
  const { db, org } = ctx;
  const [entities, below] = await Promise.all([
    entitiesInSight(ctx, sight, blueprint),
    servicesBelow(db, org, settings.service.blueprint, blueprint, null, window.timezone),
  ]);
  if (entities.length === 0 && !(await blueprintIdentifiers(db, org)).includes(blueprint))
    throw new AppError("not_found", `blueprint with identifier "${blueprint}" was not found`);
  const counted = scope.services === null ? null : new Set(scope.services);
  const pairs = below.filter(({ service }) => counted?.has(service) !== false);
  const spans = ownedBy(pairs);
  return { entities, pairs, owned: entities.map(({ identifier }) => spans.get(identifier) ?? new Map()) };
}

/**
 * One metric of each entity, without comparison and series: for alerts, which look at it whenever numbers change.
 * @param isTierAsked whether enough is known for a tier is `covered`, then: for lead times a question of its own
 * @throws AppError not_found: no such blueprint
 */
export async function metricOfEach<N extends MetricName>(
  ctx: Ctx,
  question: Question,
  blueprint: string,
  metric: N,
  isTierAsked: boolean,
): Promise<readonly { readonly scope: object; readonly metrics: Record<N, WithCovered<Metrics[N]>> }[]> {
  const { window, thresholds, settings } = question;
  const { db, org } = ctx;
  const [{ entities, pairs, owned }, withSource] = await Promise.all([
    askedEntities(ctx, question, blueprint, null),
    servicesWithDeployments(db, org),
  ]);
  const known = new Set(withSource);
  const floor = settings.coverageFloor;
  const shareOf = (counts: WindowCounts, elsewhere = NONE_ELSEWHERE): number | null =>
    coveredBy(coverageFrom(counts, elsewhere))[metric];
  const [merged, folded] = await Promise.all([
    isTierAsked && metric === "changeLeadTime"
      ? countMergedBelow(db, org, scopeOf(question, window.from, window.to), pairs)
      : null,
    foldEntities(ctx, question, owned),
  ]);
  return folded.map(({ summary, counts }, index) => {
    const hasSource = [...(owned[index]?.keys() ?? [])].some((service) => known.has(service));
    const value = metricOf(metric, summary, { window, hasSource }, thresholds);
    const found = isTierAsked
      ? {
          ...value,
          covered: isCovered(shareOf(counts, merged?.get(entities[index]?.identifier ?? "")), floor),
        }
      : value;
    return {
      scope: scopeView(blueprint, entities[index]),
      metrics: { [metric]: found } as Record<N, WithCovered<Metrics[N]>>,
    };
  });
}

/** @param signal aborted when who asked has gone. @throws AppError not_found: no such blueprint; rate_limited */
export async function entityRows(
  ctx: Ctx,
  question: Question,
  blueprint: string,
  sight: Sight | null,
  signal: AbortSignal,
): Promise<object> {
  const { window, compared, settings } = question;
  const { db, org } = ctx;
  const [{ entities, pairs, owned }, pending, withSource] = await Promise.all([
    askedEntities(ctx, question, blueprint, sight),
    pendingWork(ctx),
    servicesWithDeployments(db, org),
  ]);
  const [merged, folded, before] = await Promise.all([
    countMergedBelow(db, org, scopeOf(question, window.from, window.to), pairs),
    foldEntities(ctx, question, owned),
    compared === null ? null : foldEntities(ctx, compared, owned),
  ]);
  const known = new Set(withSource);
  // Rows with incidents answer it: sources are counted only where nobody has any.
  const knowsIncidents =
    folded.some(({ counts }) => counts.incidents > 0) || (await hasIncidents(ctx, question));
  const buckets = bucketsOf(window, question.now);
  const shown = buckets.map(presentBucket);
  const pause = pauses();
  const rows: { readonly row: object; readonly metrics: Metrics }[] = [];
  const plans: (ComparisonPlan | null)[] = [];
  const apart = compared === null ? null : await areApart(ctx, question, compared);
  const reasons: { readonly coverage: Coverage; readonly known: Known }[] = [];
  for (const [index, { identifier }] of entities.entries()) {
    const own = folded[index];
    if (own === undefined) throw new Error(`${identifier} was not folded`);
    const services = [...(owned[index]?.keys() ?? [])];
    const hasSource = services.some((service) => known.has(service));
    const { now } = question;
    const side = sideOf(own.summary, { window, hasSource, now }, question.thresholds);
    const other = before?.[index];
    plans.push(
      compared === null || apart === null || other === undefined
        ? null
        : planBetween(side, sideOf(other.summary, { window: compared.window, hasSource, now }), apart),
    );
    const elsewhere = merged.get(identifier) ?? NONE_ELSEWHERE;
    const coverage = coverageFrom(own.counts, elsewhere);
    reasons.push({
      coverage,
      known: {
        ...{ counts: own.counts, notDeployed: elsewhere.notDeployed, hasSource },
        hasIncidents: knowsIncidents,
        environments: question.environments,
      },
    });
    const points = frequencySeries(buckets, own.frequency, { window, hasSource });
    rows.push({
      metrics: side.metrics,
      row: {
        series: {
          deploymentFrequency: points.map(({ value, n }, at) => ({ ...shown[at], value, n })),
        },
        lastDeploymentAt: iso(own.lastDeployment),
        coverage: { ...coverage, floor: settings.coverageFloor },
      },
    });
    await pause();
  }
  const comparisons = await finished(plans, { org, signal });
  return {
    window: windowView(window),
    ...(compared !== null && { previousWindow: windowView(compared.window) }),
    definition: question.definition,
    asOf: iso(question.now),
    environments: question.environments,
    pending,
    rows: rows.map(({ metrics, row }, index) => {
      const { coverage, known } = reasons[index] as (typeof reasons)[number];
      const shown = withComparison(metrics, comparisons[index] ?? null);
      return {
        scope: scopeView(blueprint, entities[index]),
        metrics: withCoverage(metrics, shown, coverage, settings.coverageFloor, known),
        ...row,
      };
    }),
  };
}

const scopeView = (
  blueprint: string,
  entity: { readonly identifier: string; readonly title: string | null } | undefined,
): object => ({
  ...{ blueprint, entity: entity?.identifier, title: entity?.title ?? entity?.identifier },
});

/** Once for all rows: of 200 services, a year by weeks is 20,000 instants. */
const presentBucket = ({ from, to, ...rest }: Bucket): object => ({ ...rest, from: iso(from), to: iso(to) });

function ownedBy(pairs: readonly SpanBelow[]): Map<string, Map<string, Span[]>> {
  const below = new Map<string, Map<string, Span[]>>();
  for (const { root, ...pair } of pairs) {
    const services = below.get(root) ?? new Map<string, Span[]>();
    below.set(root, services);
    const spans = services.get(pair.service) ?? [];
    services.set(pair.service, spans);
    spans.push(spanOf(pair));
  }
  return below;
}

/** `GET /v1/dora/metrics?blueprint=…`: a row for each entity of a blueprint. */
import { planComparison } from "../../dora/compare.ts";
import { coverageOf, type MergedElsewhere } from "../../dora/coverage.ts";
import { computeMetrics, computeSeries } from "../../dora/metrics.ts";
import { rowsWhileOwned, type Span } from "../../dora/ownership.ts";
import { AppError } from "../../model/error.ts";
import type { Sight } from "../../model/sight.ts";
import type { Ctx } from "../../storage/context.ts";
import { servicesWithDeployments } from "../../storage/dora-derived.ts";
import { servicesBelow } from "../../storage/dora-ownership.ts";
import { blueprintIdentifiers } from "../../storage/dora-settings.ts";
import { countMergedBelow } from "../../storage/dora-unshipped.ts";
import { areApart, finished, withComparison } from "./comparison.ts";
import { withCoverage } from "./coverage.ts";
import { presentPoint, windowView } from "./present-metrics.ts";
import { iso } from "./present.ts";
import type { Question } from "./question.ts";
import { type DerivedRows, inputFor, readNumbers, scopeOf } from "./read-input.ts";
import { spanOf } from "./scope.ts";
import { pendingWork } from "./status.ts";
import { entitiesInSight } from "./within-sight.ts";

const NONE_ELSEWHERE: MergedElsewhere = { notDeployed: 0, leftOut: 0, shippedLater: 0 };

/** One row per entity of the blueprint, each over the union of the rows of the services below it. */
export async function entityRows(
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
  const { compared } = question;
  const comparedRows = compared === null ? null : groupByService(await readNumbers(ctx, compared));
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
    const before = rowsWhileOwned(owned, (service) => comparedRows?.get(service));
    const plan =
      compared === null
        ? null
        : planComparison(
            current,
            inputFor(compared, compared.window, before, hasSource),
            areApart(question, compared),
          );
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
    ...(compared !== null && { previousWindow: windowView(compared.window) }),
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

/** Reads the derived rows that a question is about, in the shape that src/dora folds. */
import { asOf } from "../../dora/as-of.ts";
import type { DerivedDeployment, DerivedIncident, Shipment, UnshippedChange } from "../../dora/derived.ts";
import type { MetricsInput } from "../../dora/observations.ts";
import type { Window } from "../../dora/results.ts";
import type { Ctx } from "../../storage/context.ts";
import {
  readCountedShipments,
  readDeployments,
  readLeftOutShipments,
  readShipmentNumbers,
  servicesWithDeployments,
  type ShipmentNumbers,
} from "../../storage/dora-derived.ts";
import { readIncidents } from "../../storage/dora-incidents.ts";
import type { DerivedScope } from "../../storage/dora-scope.ts";
import {
  countShippedLater,
  countUnshipped,
  type MergedCounts,
  readNotDeployed,
} from "../../storage/dora-unshipped.ts";
import type { UnshippedCounts } from "../../dora/columns/unshipped.ts";
import type { Question } from "./question.ts";

/** Everything derived between two instants. */
export interface DerivedRows {
  readonly deployments: readonly DerivedDeployment[];
  readonly shipments: readonly Shipment[];
  readonly incidents: readonly DerivedIncident[];
  /** Only for evidence of changes. */
  readonly unshipped?: readonly UnshippedChange[];
}

/** Half-open. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export function scopeOf(question: Question, from: number, to: number): DerivedScope {
  return {
    services: question.scope.services,
    owned: question.scope.owned,
    environments: question.environments,
    from: new Date(from),
    to: new Date(to),
  };
}

/** For headlines, series and trends: shipments carry their numbers only. */
export async function readNumbers(ctx: Ctx, question: Question): Promise<DerivedRows> {
  const { from, to } = question.window;
  const scope = scopeOf(question, from, to);
  const [deployments, shipments, incidents] = await Promise.all([
    readDeployments(ctx.db, ctx.org, scope),
    readShipmentNumbers(ctx.db, ctx.org, scope),
    readIncidents(ctx.db, ctx.org, scope),
  ]);
  return {
    deployments: deployments as DerivedDeployment[],
    shipments: shipments.map(numbersOnly),
    incidents: incidents as DerivedIncident[],
  };
}

/** For evidence of incidents: the whole rows of one window. */
export async function readIncidentRows(ctx: Ctx, question: Question, window: Span): Promise<DerivedRows> {
  const scope = scopeOf(question, window.from, window.to);
  const incidents = (await readIncidents(ctx.db, ctx.org, scope)) as DerivedIncident[];
  return { deployments: [], shipments: [], incidents };
}

/** For evidence of deployments: the whole rows of one window. */
export async function readDeploymentRows(ctx: Ctx, question: Question, window: Span): Promise<DerivedRows> {
  const scope = scopeOf(question, window.from, window.to);
  const deployments = (await readDeployments(ctx.db, ctx.org, scope)) as DerivedDeployment[];
  return { deployments, shipments: [], incidents: [] };
}

/**
 * For evidence of changes, of which a window can have tens of thousands: a page of those that count, and all of which
 * something is left out.
 */
export async function readChangeRows(
  ctx: Ctx,
  question: Question,
  window: Span,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ counted: DerivedRows; total: number; leftOut: DerivedRows }> {
  const scope = scopeOf(question, window.from, window.to);
  const counted = await readCountedShipments(ctx.db, ctx.org, scope, page);
  const deployments = (await readDeployments(ctx.db, ctx.org, scope)) as DerivedDeployment[];
  const leftOut = (await readLeftOutShipments(ctx.db, ctx.org, scope)) as Shipment[];
  const unshipped = (await readNotDeployed(ctx.db, ctx.org, scope)) as UnshippedChange[];
  return {
    counted: { deployments: [], shipments: counted.rows as Shipment[], incidents: [] },
    total: counted.total,
    leftOut: { deployments, shipments: leftOut, incidents: [], unshipped },
  };
}

/** What became of the changes that were merged in the window. @param unshipped what is known of it already */
export async function readMergedCounts(
  ctx: Ctx,
  question: Question,
  unshipped: Promise<UnshippedCounts | null> = Promise.resolve(null),
): Promise<MergedCounts> {
  const { from, to } = question.window;
  const scope = scopeOf(question, from, to);
  const [counts, shippedLater] = await Promise.all([
    unshipped.then((known) => known ?? countUnshipped(ctx.db, ctx.org, scope)),
    countShippedLater(ctx.db, ctx.org, scope),
  ]);
  return { ...counts, shippedLater };
}

/** Whether any service of the scope has a deployment at all. */
export async function hasSource(ctx: Ctx, { scope }: Question): Promise<boolean> {
  const services = await servicesWithDeployments(ctx.db, ctx.org);
  return services.some((service) => scope.services?.includes(service) !== false);
}

export function inputFor(
  question: Question,
  window: Window,
  rows: DerivedRows,
  hasSource: boolean,
): MetricsInput {
  const known = question.isAsOf ? asOf(rows, question.now) : rows;
  return { ...known, window, environments: question.environments, hasSource, now: question.now };
}

/** What is not a number is not read: nothing that folds looks at it. */
function numbersOnly(row: ShipmentNumbers): Shipment {
  return {
    service: row.service,
    environment: row.environment,
    deployment: row.deployment,
    change: row.change,
    deployedAt: row.deployed_at,
    leadSeconds: row.lead_seconds,
    stages: {
      coding: row.coding_seconds,
      pickup: row.pickup_seconds,
      review: row.review_seconds,
      deploy: row.deploy_seconds,
    },
    regions:
      row.regions === null
        ? null
        : {
            of: row.regions,
            reached: 0,
            everywhereAt: null,
            everywhereSeconds: row.everywhere_seconds,
          },
    excluded: row.excluded === null ? null : { reason: row.excluded as "no_start", detail: "" },
    kind: "commit",
    entity: null,
    repository: null,
    number: null,
    sha: null,
    commitCount: 0,
    title: "",
    author: null,
    url: null,
    method: "git graph",
    matchedBy: "",
    firstCommitAt: null,
    openedAt: null,
    firstReviewAt: null,
    mergedAt: row.merged_at,
    stageNotes: row.skewed ? ["a stage ends before it begins"] : [],
  };
}

/** Reads the derived rows that a question is about, in the shape that src/dora folds. */
import type { DerivedDeployment, Shipment } from "../../dora/derived.ts";
import type { MetricsInput } from "../../dora/observations.ts";
import type { Window } from "../../dora/results.ts";
import type { Ctx } from "../../storage/context.ts";
import {
  type DerivedScope,
  readDeployments,
  readShipmentNumbers,
  readShipments,
  type ShipmentNumbers,
} from "../../storage/dora-derived.ts";
import type { Question } from "./question.ts";

/** Everything derived between two instants; windows inside it select from it. */
export interface DerivedRows {
  readonly deployments: readonly DerivedDeployment[];
  readonly shipments: readonly Shipment[];
}

function scopeOf(question: Question, from: number, to: number): DerivedScope {
  return {
    services: question.scope.services,
    environments: question.environments,
    from: new Date(from),
    to: new Date(to),
  };
}

/** For headlines, series and trends: shipments carry their numbers only. */
export async function readNumbers(ctx: Ctx, question: Question): Promise<DerivedRows> {
  const { from, to } = question.window;
  const scope = scopeOf(question, question.previous?.from ?? from, to);
  const [deployments, shipments] = await Promise.all([
    readDeployments(ctx.db, ctx.org, scope),
    readShipmentNumbers(ctx.db, ctx.org, scope),
  ]);
  return { deployments: deployments as DerivedDeployment[], shipments: shipments.map(numbersOnly) };
}

/** For evidence: the whole rows of one window. */
export async function readRows(
  ctx: Ctx,
  question: Question,
  kind: "deployments" | "shipments",
): Promise<DerivedRows> {
  const scope = scopeOf(question, question.window.from, question.window.to);
  const deployments = (await readDeployments(ctx.db, ctx.org, scope)) as DerivedDeployment[];
  if (kind === "deployments") return { deployments, shipments: [] };
  return { deployments, shipments: (await readShipments(ctx.db, ctx.org, scope)) as Shipment[] };
}

export function inputFor(
  question: Question,
  window: Window,
  rows: DerivedRows,
  hasSource: boolean,
): MetricsInput {
  return { ...rows, window, environments: question.environments, hasSource, now: question.now };
}

/** What is not a number is not read: nothing that folds looks at it. */
function numbersOnly(row: ShipmentNumbers): Shipment {
  return {
    service: row.service,
    environment: row.environment,
    deployment: row.deployment,
    change: row.change,
    deployedAt: row.deployed_at.getTime(),
    leadSeconds: row.lead_seconds,
    stages: {
      coding: row.coding_seconds,
      pickup: row.pickup_seconds,
      review: row.review_seconds,
      deploy: row.deploy_seconds,
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
    mergedAt: null,
    stageNotes: [],
  };
}

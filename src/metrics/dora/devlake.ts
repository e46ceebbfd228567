/** The profile `devlake` over a scope: `GET /v1/dora/metrics` and `/evidence` with `profile=devlake`. */
import { type DevlakeMetrics, devlakeMetrics } from "../../dora/devlake-profile.ts";
import type { DerivedDeployment, DerivedIncident } from "../../dora/derived.ts";
import { computeMetrics } from "../../dora/metrics.ts";
import type { MetricName } from "../../dora/results.ts";
import { AppError } from "../../model/error.ts";
import type { Ctx } from "../../storage/context.ts";
import { readDeployments } from "../../storage/dora-derived.ts";
import { readMergedRequests, readParents } from "../../storage/dora-devlake.ts";
import { readIncidents } from "../../storage/dora-incidents.ts";
import type { EvidenceView } from "./evidence.ts";
import { iso, isoAll } from "./present.ts";
import { byMetric, type Question } from "./question.ts";
import { hasSource, inputFor, readNumbers, scopeOf } from "./read-input.ts";

/** A walk over so many takes about a second; its graph is made for each question. */
const MAX_COMMITS = 100_000;
const BEGINNING = Date.parse("0001-01-01T00:00:00Z");
const END = Date.parse("9999-12-31T00:00:00Z");

/** @throws AppError invalid_request where the scope has too long a history for one question */
export async function readDevlake(ctx: Ctx, question: Question): Promise<DevlakeMetrics> {
  const { db, org } = ctx;
  const { scope, window } = question;
  // Its links know no window: everything that was told takes part.
  const always = scopeOf(question, BEGINNING, END);
  // Before everything else is read: a scope that is refused has much of it.
  const commits = await readParents(db, org, scope.services, MAX_COMMITS + 1);
  if (commits.length > MAX_COMMITS)
    throw new AppError(
      "invalid_request",
      `profile (value "devlake") walks the whole history of its services, of at most ${MAX_COMMITS} commits: name fewer with entity`,
    );
  const [deployments, changes, incidents, isKnown] = await Promise.all([
    readDeployments(db, org, always) as Promise<DerivedDeployment[]>,
    readMergedRequests(db, org, always),
    readIncidents(db, org, always) as Promise<DerivedIncident[]>,
    hasSource(ctx, question),
  ]);
  return devlakeMetrics({
    deployments: deployments.filter(({ status }) => status === "success"),
    changes,
    incidents: incidents.filter(({ excluded }) => excluded === null),
    commits,
    window,
    hasSource: isKnown,
  });
}

/** Its numbers, ours beside each of them, and why they differ. */
export async function devlakeAnswer(ctx: Ctx, question: Question): Promise<object> {
  const { scope, window } = question;
  if (scope.blueprint !== null && scope.entity === null)
    throw new AppError(
      "invalid_request",
      'profile (value "devlake") is about one scope: name it with entity, or leave out blueprint',
    );
  if (question.compared !== null)
    throw new AppError("invalid_request", "compare and compareEntity cannot be given with profile devlake");
  const [theirs, rows] = await Promise.all([readDevlake(ctx, question), readNumbers(ctx, question)]);
  const isKnown = theirs.deploymentFrequency.value !== null;
  const ours = computeMetrics(inputFor(question, window, rows, isKnown));
  return {
    scope: { blueprint: scope.blueprint, entity: scope.entity, title: scope.title },
    window: { ...window, from: iso(window.from), to: iso(window.to) },
    definition: question.definition,
    environments: question.environments,
    metrics: byMetric((name) => {
      const { rows: _, ...metric } = theirs[name];
      return { ...metric, fairway: { value: ours[name].value, unit: ours[name].unit } };
    }),
  };
}

/** Its rows, newest first, in the shape of our own; nothing is listed as left out. */
export async function devlakeRows(
  ctx: Ctx,
  question: Question,
  metric: MetricName,
): Promise<readonly EvidenceView[]> {
  const { rows } = (await readDevlake(ctx, question))[metric];
  return rows
    .toSorted((left, right) => right.at - left.at || (left.subject.id < right.subject.id ? -1 : 1))
    .map(({ subject, value, unit, why, at, timestamps, deployment }) => ({
      entity: {
        blueprint: subject.blueprint,
        identifier: subject.id,
        title: subject.title,
        url: subject.url,
      },
      service: subject.service,
      ...{ value, unit, why, at: iso(at) },
      timestamps: isoAll(timestamps),
      links: deployment === null ? {} : { deployment },
    }));
}

/** The profile `devlake` over a scope: `GET /v1/dora/metrics` and `/evidence` with `profile=devlake`. */
import { setImmediate as breathe } from "node:timers/promises";
import type { DevlakeDeployment, DevlakeIncident, DevlakeMetrics } from "../../dora/devlake-profile.ts";
import type { DerivedDeployment, DerivedIncident } from "../../dora/derived.ts";
import type { MetricName } from "../../dora/results.ts";
import { AppError } from "../../model/error.ts";
import type { Ctx } from "../../storage/context.ts";
import { readDeployments } from "../../storage/dora-derived.ts";
import {
  countParents,
  type ParentsRow,
  readMergedRequests,
  readParents,
} from "../../storage/dora-devlake.ts";
import { readIncidents } from "../../storage/dora-incidents.ts";
import type { ToDevlake } from "./devlake-thread.ts";
import type { EvidenceView } from "./evidence.ts";
import { iso, isoAll } from "./present.ts";
import { byMetric, type Question } from "./question.ts";
import { ownMetrics } from "./own-metrics.ts";
import { hasSource, scopeOf } from "./read-input.ts";
import { ThreadCalls } from "./thread-calls.ts";

/** A walk over so many takes about a second; its graph is made for each question. */
const MAX_COMMITS = 100_000;
/** Handed over at once: 10 ms. */
const PAGE = 5000;
const BEGINNING = Date.parse("0001-01-01T00:00:00Z");
const END = Date.parse("9999-12-31T00:00:00Z");

const calls = new ThreadCalls<ToDevlake, DevlakeMetrics>(new URL("./devlake-thread.ts", import.meta.url));

/** @throws AppError invalid_request where the scope has too long a history for one question */
export async function readDevlake(ctx: Ctx, question: Question): Promise<DevlakeMetrics> {
  const { db, org } = ctx;
  const { scope, window } = question;
  // Its links know no window: everything that was told takes part.
  const always = scopeOf(question, BEGINNING, END);
  const commits = await countParents(db, org, scope.services, MAX_COMMITS + 1);
  if (commits > MAX_COMMITS)
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
  const input = {
    deployments: deployments.filter(({ status }) => status === "success").map(deploymentOf),
    changes,
    incidents: incidents.filter(({ excluded }) => excluded === null).map(incidentOf),
    ...{ window, hasSource: isKnown },
  };
  const pages: (readonly ParentsRow[])[] = [];
  for await (const page of readParents(db, org, scope.services, PAGE)) pages.push(page);
  const metrics = await calls.call(messages(pages, input));
  if (metrics === undefined) throw new Error("the thread of the profile devlake stopped");
  return metrics;
}

async function* messages(
  pages: readonly (readonly ParentsRow[])[],
  input: Extract<ToDevlake, { kind: "fold" }>["input"],
): AsyncGenerator<ToDevlake> {
  for (const commits of pages) {
    yield { kind: "commits", commits };
    await breathe();
  }
  yield { kind: "fold", input };
}

const subjectOf = ({ blueprint, id, service, title, url }: DerivedDeployment | DerivedIncident) => ({
  ...{ blueprint, id, service, title, url },
});

const deploymentOf = (one: DerivedDeployment): DevlakeDeployment => {
  const { environment, startedAt, finishedAt, sha } = one;
  return { ...subjectOf(one), environment, startedAt, finishedAt, sha };
};

const incidentOf = (one: DerivedIncident): DevlakeIncident => {
  const { startedAt, endedAt } = one;
  return { ...subjectOf(one), startedAt, endedAt };
};

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
  const [theirs, ours] = await Promise.all([readDevlake(ctx, question), ownMetrics(ctx, question)]);
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

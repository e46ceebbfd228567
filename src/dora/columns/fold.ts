/** Headlines, series and coverage of a whole organisation, put together from parts; equal to folding all of its rows. */
import { bucketsOf, calendarOf } from "../calendar.ts";
import type { WindowCounts } from "../coverage.ts";
import type { ExclusionReason, FailureCause, Stage } from "../derived.ts";
import type { Instant } from "../facts.ts";
import type { FoldedWindow } from "../fold-rows.ts";
import type { Window } from "../results.ts";
import type { Durations, Values } from "../sorted.ts";
import { type BucketSummary, reachOf, type Summary } from "../summary.ts";
import { REASONS } from "./layout.ts";
import type { OrganisationColumns } from "./organisation.ts";
import type { Part, Run } from "./part.ts";
import { notAbove, Runs } from "./runs.ts";

/** Folds what `foldWindow` will put together, a bucket a step: all of it at once can take a second. */
export function* partsFor(columns: OrganisationColumns, window: Window, now: Instant): Generator<void> {
  for (const { from, to } of bucketsOf(window, now)) {
    piecesOf(columns, window, from, to);
    yield;
  }
}

/** Buckets that the window cuts are those of no other question. */
const piecesOf = (columns: OrganisationColumns, window: Window, from: Instant, to: Instant): Part[] =>
  from === window.from || to === window.to ? columns.pieces(from, to) : [columns.part(from, to)];

export function foldWindow(columns: OrganisationColumns, window: Window, now: Instant): FoldedWindow {
  const buckets = bucketsOf(window, now);
  const pieces = buckets.map(({ from, to }) => piecesOf(columns, window, from, to));
  const parts = pieces.flat();
  const bucketSummaries = pieces.map((own) => bucketSummary(own, now));
  // Buckets begin with a day: none of its days lies in two.
  const daysWithDeployment = pieces.reduce((days, own) => days + daysOf(own, window.timezone), 0);
  const stage = (name: keyof Stage): Values => valuesOfRuns(parts.map(({ stages }) => stages[name]));
  const cause = (name: FailureCause): number => total(parts, ({ causes }) => causes[name]);
  const summary: Summary = {
    ...bucketSummary(parts, now),
    daysWithDeployment,
    gaps: gapsOf(parts, window.from),
    stages: {
      coding: stage("coding"),
      pickup: stage("pickup"),
      review: stage("review"),
      deploy: stage("deploy"),
    },
    allRegions:
      total(parts, ({ inRegions }) => inRegions) === 0
        ? null
        : reachOf(columns.reaches(window.from, window.to), now),
    causes: {
      status: cause("status"),
      incident: cause("incident"),
      rollback: cause("rollback"),
      hotfix: cause("hotfix"),
    },
  };
  return { summary, buckets, bucketSummaries, counts: countsOf(parts, window) };
}

/** Of parts that are kept: 365 days of a time zone take 7 ms. */
const knownDays = new WeakMap<Part, Map<string, number>>();

function daysOf(parts: readonly Part[], timezone: string): number {
  const [only] = parts;
  if (only === undefined) return 0;
  const isOne = parts.length === 1;
  const known = isOne ? knownDays.get(only)?.get(timezone) : undefined;
  if (known !== undefined) return known;
  const days = calendarOf(timezone).distinctDays(parts.flatMap(({ successes }) => [...successes]));
  if (isOne) knownDays.set(only, new Map([...(knownDays.get(only) ?? []), [timezone, days]]));
  return days;
}

const total = (parts: readonly Part[], of: (part: Part) => number): number =>
  parts.reduce((sum, part) => sum + of(part), 0);

const valuesOfRuns = (runs: readonly Run[]): Values => ({
  sorted: new Runs(runs.map(({ values }) => values)),
  sumMs: runs.reduce((sum, run) => sum + run.sum, 0),
});

function bucketSummary(parts: readonly Part[], now: Instant): BucketSummary {
  const durations = (closed: readonly Run[], since: readonly number[]): Durations => ({
    closed: valuesOfRuns(closed),
    open: since.map((at) => (Math.max(now, at) - at) / 1000),
  });
  return {
    count: total(parts, ({ successes }) => successes.length),
    lead: valuesOfRuns(parts.map(({ lead }) => lead)),
    total: total(parts, (part) => part.total),
    failed: total(parts, ({ failed }) => failed),
    rework: total(parts, ({ rework }) => rework),
    recovery: durations(
      parts.map(({ recovered }) => recovered),
      parts.flatMap(({ unrecovered }) => unrecovered),
    ),
    incidents: durations(
      parts.map(({ ended }) => ended),
      parts.flatMap(({ unended }) => unended),
    ),
  };
}

/** A gap belongs to the deployment at its end, and counts where its beginning lies in the window, too. */
function gapsOf(parts: readonly Part[], from: Instant): Runs {
  const without = parts.flatMap(({ previous, gapsByPrevious }) => [
    ...gapsByPrevious.subarray(0, notAbove(previous, from - 1)),
  ]);
  return new Runs(
    parts.map(({ gaps }) => gaps),
    Float64Array.from(without).sort(),
  );
}

function countsOf(parts: readonly Part[], { from, to }: Window): WindowCounts {
  const excluded: Partial<Record<ExclusionReason, number>> = {};
  REASONS.forEach((reason, index) => {
    const count = total(parts, (part) => part.excluded[index + 1] as number);
    if (count > 0) excluded[reason] = count;
  });
  return {
    attributed: total(parts, ({ merged }) => notAbove(merged, to - 1) - notAbove(merged, from - 1)),
    deployments: total(parts, ({ deployments }) => deployments),
    countedDeployments: total(parts, (part) => part.total),
    incidents: total(parts, ({ incidents }) => incidents),
    linkedIncidents: total(parts, ({ linked }) => linked),
    notCausedIncidents: total(parts, ({ judgedUncaused }) => judgedUncaused),
    excluded,
    clockSkew: total(parts, ({ skewed }) => skewed),
    duplicates: {
      deployments: total(parts, ({ twins }) => twins.filter((at) => at >= from).length),
      incidents: total(parts, ({ incidentTwins }) => incidentTwins),
    },
  };
}

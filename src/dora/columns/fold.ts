/** Headlines, series and coverage of a whole organisation, put together from parts; equal to folding all of its rows. */
import { bucketsOf, calendarOf } from "../calendar.ts";
import type { LeftOut, WindowCounts } from "../coverage.ts";
import type { ExclusionReason, FailureCause, Stage } from "../derived.ts";
import type { Instant } from "../facts.ts";
import type { FoldedWindow } from "../fold-rows.ts";
import type { Bucket, Window } from "../results.ts";
import type { Durations, Values } from "../sorted.ts";
import type { BucketSummary, Summary } from "../summary.ts";
import { percentilesOfDurations } from "../survival.ts";
import { type Cell, type Choice, emptyCell, type Run } from "./cell.ts";
import { REASONS } from "./layout.ts";
import type { OrganisationColumns, Selection } from "./organisation.ts";
import type { Part } from "./part.ts";
import { gapsBetween } from "./part-deployments.ts";
import { notAbove, Runs } from "./runs.ts";

/** Which rows of the organisation a window is folded from. */
export interface FoldOptions {
  /** Null: all of them. */
  readonly selection?: Selection | null;
  /** What ended later was open then. */
  readonly until?: Instant;
}

export function foldWindow(
  columns: OrganisationColumns,
  window: Window,
  now: Instant,
  options: FoldOptions = {},
): FoldedWindow {
  const steps = foldInSteps(columns, window, now, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** A bucket a step: all of it at once can take a second. */
export function* foldInSteps(
  columns: OrganisationColumns,
  window: Window,
  now: Instant,
  { selection = null, until = Infinity }: FoldOptions,
): Generator<void, FoldedWindow> {
  const isAsked = selection === null ? null : columns.isAsked(selection);
  const some = selection === null ? {} : { services: columns.numbersOf(selection) };
  const buckets = bucketsOf(window, now);
  const pieces: (readonly Part[])[] = [];
  for (const { from, to } of buckets) {
    // Buckets that the window cuts are those of no other question.
    const isCut = from === window.from || to === window.to;
    if (isAsked !== null) pieces.push([columns.partOf({ from, to, isAsked, until, ...some })]);
    else pieces.push(isCut ? columns.pieces(from, to, until) : [columns.part(from, to, until)]);
    yield;
  }
  const parts = pieces.flat();
  const isBounded = selection !== null && [...selection.values()].some((spans) => spans !== null);
  const { from, to } = window;
  return {
    summary: {
      ...summaryOf(parts, now),
      // Buckets begin with a day: none of its days lies in two.
      daysWithDeployment: pieces.reduce((days, own) => days + daysOf(own, window.timezone), 0),
      gaps: isBounded
        ? new Runs([columns.gaps({ from, to, isAsked, until, ...some })])
        : gapsOf(parts, window.from),
    },
    buckets,
    bucketSummaries: pieces.map((own) => bucketSummary(own, now)),
    counts: countsOf(parts, window),
  };
}

function summaryOf(parts: readonly Part[], now: Instant): Omit<Summary, "daysWithDeployment" | "gaps"> {
  const stage = (name: keyof Stage): Values => valuesOfRuns(parts.map(({ stages }) => stages[name]));
  const cause = (name: FailureCause): number => total(parts, ({ causes }) => causes[name]);
  return {
    ...bucketSummary(parts, now),
    stages: {
      coding: stage("coding"),
      pickup: stage("pickup"),
      review: stage("review"),
      deploy: stage("deploy"),
    },
    allRegions: regionsOf(parts, now),
    causes: {
      status: cause("status"),
      incident: cause("incident"),
      rollback: cause("rollback"),
      hotfix: cause("hotfix"),
    },
  };
}

/** Changes that are not everywhere yet are censored at `now`. */
function regionsOf(parts: readonly Part[], now: Instant): Summary["allRegions"] {
  if (total(parts, ({ inRegions }) => inRegions) === 0) return null;
  const open: number[] = [];
  for (const { unreached } of parts)
    for (let index = 0; index < unreached.length; index += 2) {
      const lead = (unreached[index + 1] as number) / 1000;
      open.push(Math.max(lead, (now - (unreached[index] as number)) / 1000 + lead));
    }
  const closed = valuesOfRuns(parts.map(({ reached }) => reached));
  return { ...percentilesOfDurations({ closed, open }), open: open.length };
}

/** What an entity is made of: the cells of its services, and when these were its own. */
export interface OwnCells {
  readonly cells: readonly Cell[];
  readonly isAsked: Choice["isAsked"];
}

export interface FoldedEntity {
  readonly summary: Summary;
  readonly counts: WindowCounts;
  /** Of the buckets, in their order: successful deployments. */
  readonly frequency: readonly number[];
  readonly lastDeployment: number | null;
}

/** One of many entities: the whole window, some services a step, and a series of deployments. */
export function* foldEntity(
  columns: OrganisationColumns,
  { cells, isAsked }: OwnCells,
  asked: { readonly window: Window; readonly buckets: readonly Bucket[]; readonly now: Instant },
  until = Infinity,
  rowsAStep = ROWS_A_STEP,
): Generator<void, FoldedEntity> {
  const { window, buckets, now } = asked;
  const choice = { from: window.from, to: window.to, isAsked, until };
  const parts: Part[] = [];
  for (const some of fewRows(cells, rowsAStep)) {
    parts.push(columns.partOf(choice, some));
    yield;
  }
  // An incident of several services counts once: those of all of them are looked at together.
  parts.push(columns.partOf(choice, cells.map(onlyIncidents)));
  yield;
  const last = Math.max(
    ...parts.map(({ lastDeployment }) => lastDeployment).filter((at) => !Number.isNaN(at)),
  );
  return {
    summary: {
      ...summaryOf(parts, now),
      daysWithDeployment: daysOf(parts, window.timezone),
      gaps: isAsked === null ? gapsOf(parts, window.from) : new Runs([gapsBetween(cells, choice)]),
    },
    counts: countsOf(parts, window),
    frequency: buckets.map(({ from, to }) =>
      total(parts, ({ successes }) => notAbove(successes, to - 1) - notAbove(successes, from - 1)),
    ),
    lastDeployment: last === -Infinity ? null : last,
  };
}

/** Folding so many changes takes 5 ms. */
const ROWS_A_STEP = 5000;
const NO_ROWS = emptyCell();

/** The cells in groups of so many changes, without their incidents. */
function* fewRows(cells: readonly Cell[], rowsAStep: number): Generator<readonly Cell[]> {
  let group: Cell[] = [];
  let rows = 0;
  for (const cell of cells) {
    group.push({ ...cell, incidents: NO_ROWS.incidents });
    rows += cell.changes.rows;
    if (rows < rowsAStep) continue;
    yield group;
    group = [];
    rows = 0;
  }
  if (group.length > 0) yield group;
}

const onlyIncidents = ({ day, stamp, incidents }: Cell): Cell => ({ ...NO_ROWS, day, stamp, incidents });

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

function repeatedIn(again: readonly number[], from: number, to: number): number {
  let count = 0;
  for (let index = 0; index < again.length; index += 2) {
    const merged = again[index + 1] as number;
    if ((again[index] as number) >= from && merged >= from && merged < to) count++;
  }
  return count;
}

function countsOf(parts: readonly Part[], { from, to }: Window): WindowCounts {
  const leftOut = (of: LeftOut): Partial<Record<ExclusionReason, number>> => {
    const counts: Partial<Record<ExclusionReason, number>> = {};
    REASONS.forEach((reason, index) => {
      const count = total(parts, (part) => part.excluded[of][index + 1] as number);
      if (count > 0) counts[reason] = count;
    });
    return counts;
  };
  return {
    // One that went to several environments counts once.
    attributed: total(
      parts,
      ({ merged, again }) =>
        notAbove(merged, to - 1) - notAbove(merged, from - 1) - repeatedIn(again, from, to),
    ),
    deployments: total(parts, ({ deployments }) => deployments),
    countedDeployments: total(parts, (part) => part.total),
    incidents: total(parts, ({ incidents }) => incidents),
    linkedIncidents: total(parts, ({ linked }) => linked),
    notCausedIncidents: total(parts, ({ judgedUncaused }) => judgedUncaused),
    leftOut: {
      changes: leftOut("changes"),
      deployments: leftOut("deployments"),
      unlinked: leftOut("unlinked"),
      incidents: leftOut("incidents"),
    },
    clockSkew: total(parts, ({ skewed }) => skewed),
    duplicates: {
      deployments: total(parts, ({ twins }) => twins.filter((at) => at >= from).length),
      incidents: total(parts, ({ incidentTwins }) => incidentTwins),
    },
  };
}

/** Everything that is folded from the rows of one span of time: ascending values and counts. */
import type { LeftOut } from "../coverage.ts";
import type { FailureCause, Stage } from "../derived.ts";
import type { Cell, Choice, Counts, Run } from "./cell.ts";
import { REASONS } from "./layout.ts";
import { changesIn } from "./part-changes.ts";
import { deploymentsIn } from "./part-deployments.ts";
import { incidentsIn } from "./part-incidents.ts";

export interface Part {
  readonly lead: Run;
  readonly stages: Readonly<Record<keyof Stage, Run>>;
  /** When they were merged, of all changes shipped. */
  readonly merged: Float64Array;
  /** Of changes that another environment got before: when that was, and when they were merged; one after the other. */
  readonly again: readonly number[];
  /** Changes that count, of environments with several regions. */
  readonly inRegions: number;
  /** The lead times to the last region, of those that reached it; those of the headline where there are no regions. */
  readonly reached: Run;
  /** Of those that did not, when they reached the first one and after how long: one after the other. */
  readonly unreached: readonly number[];
  /** When successful deployments finished. */
  readonly successes: Float64Array;
  readonly gaps: Float64Array;
  /** The same deployments in the order of the one before each. */
  readonly previous: Float64Array;
  readonly gapsByPrevious: Float64Array;
  readonly total: number;
  readonly failed: number;
  readonly rework: number;
  readonly causes: Readonly<Record<FailureCause, number>>;
  readonly recovered: Run;
  /** When those finished that are not recovered from. */
  readonly unrecovered: readonly number[];
  readonly ended: Run;
  /** When those began that have not ended. */
  readonly unended: readonly number[];
  readonly deployments: number;
  /** When the last of them finished; NaN without any. */
  readonly lastDeployment: number;
  /** When the first of each pair finished that is probably one. */
  readonly twins: readonly number[];
  readonly incidents: number;
  readonly linked: number;
  readonly judgedUncaused: number;
  readonly incidentTwins: number;
  readonly skewed: number;
  /** The latest instant that anything is told to have ended at. */
  readonly lastEnd: number;
  /** By the code of the reason. */
  readonly excluded: Readonly<Record<LeftOut, readonly number[]>>;
}

/** @param nameOf of a service's number: an incident of several counts as that of the first name */
export function partOf(cells: readonly Cell[], choice: Choice, nameOf: (service: number) => string): Part {
  const counts = (): Counts => Array.from({ length: REASONS.length + 1 }, () => 0);
  const excluded = { changes: counts(), deployments: counts(), unlinked: counts(), incidents: counts() };
  const changes = changesIn(cells, choice, excluded);
  const deployments = deploymentsIn(cells, choice, excluded);
  const incidents = incidentsIn(cells, choice, excluded, nameOf);
  return {
    ...{ ...changes, ...deployments, ...incidents, excluded },
    skewed: changes.skewed + incidents.skewed,
    lastEnd: Math.max(deployments.lastEnd, incidents.lastEnd),
  };
}

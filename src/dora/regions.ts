/** Where an environment has several regions: when a change had reached each of them. */
import { attribute } from "./attribution.ts";
import { at } from "./commit-graph.ts";
import type { RegionReach } from "./derived.ts";
import type { Baseline, Instant } from "./facts.ts";
import type { History } from "./history.ts";
import { findRollbacks } from "./rollbacks.ts";
import { sequenceOf, type Step } from "./sequence.ts";

type Reach = Omit<RegionReach, "everywhereSeconds">;

interface Region {
  readonly steps: readonly Step[];
  /** Step of the region that first had the change, also in its left-out history; -1 = none. */
  readonly changeStep: Int32Array;
  /** When something was first deployed there; Infinity where nothing was. */
  readonly since: Instant;
}

/**
 * Each region is attributed by itself, over the deployments that name it and those that name none. A region counts for a
 * change if it was deployed to before the change reached its first region: one that opens later holds nothing back.
 * @returns null for every change where fewer than two regions are named
 */
export function regionReach(
  history: History,
  steps: readonly Step[],
  baseline: Baseline,
): (change: number, first: Step) => Reach | null {
  const names = new Set(steps.flatMap(({ deployment }) => deployment.region ?? []));
  if (names.size < 2) return () => null;
  const regions = [...names].sort().map((name) => regionOf(name, history, steps, baseline));
  return (change, { deployment }) => {
    const counting = regions.filter(
      ({ since, changeStep, steps: own }) =>
        since < deployment.finishedAt ||
        own[at(changeStep, change)]?.deployment.finishedAt === deployment.finishedAt,
    );
    let everywhereAt: Instant = deployment.finishedAt;
    let reached = 0;
    for (const { steps: own, changeStep } of counting) {
      const step = own[at(changeStep, change)];
      if (step === undefined) continue;
      reached++;
      everywhereAt = Math.max(everywhereAt, step.deployment.finishedAt);
    }
    const of = Math.max(1, counting.length);
    reached = Math.max(1, reached);
    return { of, reached, everywhereAt: reached === of ? everywhereAt : null };
  };
}

function regionOf(name: string, history: History, steps: readonly Step[], baseline: Baseline): Region {
  const deployments = steps
    .map(({ deployment }) => deployment)
    .filter(({ region }) => (region ?? name) === name);
  const own = sequenceOf(deployments, history.graph, history.ancestry);
  const { changeStep } = attribute(history, own, findRollbacks(own, history.ancestry), baseline);
  const first = own.find(({ succeeded }) => succeeded);
  return { steps: own, changeStep, since: first?.deployment.finishedAt ?? Infinity };
}

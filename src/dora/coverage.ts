/** How much of what happened in a window is in its numbers, and what is wrong with the rest (dora.md section 5). */
import { TWICE_MS } from "./columns/layout.ts";
import type { DerivedDeployment, DerivedIncident, ExclusionReason } from "./derived.ts";
import { type Exclusion, incidentsIn, type MetricsInput, observe } from "./observations.ts";
import type { MetricName, Window } from "./results.ts";

/** What became of changes merged in the window that it did not ship itself. */
export interface MergedElsewhere {
  readonly notDeployed: number;
  readonly leftOut: number;
  readonly shippedLater: number;
}

export interface Coverage {
  /** Changes merged in the window. */
  readonly mergedChanges: number;
  /** Of these, shipped by now. */
  readonly attributedChanges: number;
  readonly deployments: number;
  readonly countedDeployments: number;
  readonly incidents: number;
  /** Linked to a deployment that is known. */
  readonly linkedIncidents: number;
  /** A user said that no deployment caused them. */
  readonly notCausedIncidents: number;
  /** Rows of the window that no number counts, by reason. */
  readonly excluded: Readonly<Partial<Record<ExclusionReason, number>>>;
  /** Rows in which something ends before it begins. */
  readonly clockSkew: number;
  /** Rows that seem to tell of one thing twice, each after the first. */
  readonly duplicates: { readonly deployments: number; readonly incidents: number };
  /** Shares of 1; null where there is nothing. */
  readonly shares: {
    readonly changes: number | null;
    readonly deployments: number | null;
    readonly incidents: number | null;
  };
}

/**
 * Whose rows are left out: of changes, with what deployments say of their contents; of deployments; of incidents, from the
 * failure rate and from the time to recovery.
 */
export type LeftOut = "changes" | "deployments" | "unlinked" | "incidents";

type Reasons = Readonly<Partial<Record<ExclusionReason, number>>>;

/** What is counted of a window's rows; reasons without those of `MergedElsewhere`. */
export interface WindowCounts {
  readonly attributed: number;
  readonly deployments: number;
  readonly countedDeployments: number;
  readonly incidents: number;
  readonly linkedIncidents: number;
  readonly notCausedIncidents: number;
  readonly leftOut: Readonly<Record<LeftOut, Reasons>>;
  readonly clockSkew: number;
  readonly duplicates: Coverage["duplicates"];
}

export const coverageOf = (input: MetricsInput, elsewhere: MergedElsewhere): Coverage =>
  coverageFrom(countsOf(input), elsewhere);

export function coverageFrom(counts: WindowCounts, elsewhere: MergedElsewhere): Coverage {
  const { attributed, leftOut, ...rest } = counts;
  const { changes, deployments, unlinked, incidents } = leftOut;
  // Incidents of a status that takes no part are left out of both.
  const { status: _, ...others } = incidents;
  const excluded = sumOf([changes, deployments, unlinked, others]);
  const attributedChanges = attributed + elsewhere.shippedLater;
  const mergedChanges = attributedChanges + elsewhere.notDeployed + elsewhere.leftOut;
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  const { notDeployed } = elsewhere;
  return {
    mergedChanges,
    attributedChanges,
    ...rest,
    excluded: notDeployed === 0 ? excluded : { ...excluded, not_deployed: notDeployed },
    shares: {
      changes: share(attributedChanges, mergedChanges),
      deployments: share(rest.countedDeployments, rest.deployments),
      incidents: share(rest.linkedIncidents + rest.notCausedIncidents, rest.incidents),
    },
  };
}

/** What a metric leaves out, by reason. */
export function leftOutOf(metric: MetricName, { leftOut }: WindowCounts): Reasons {
  const { changes, deployments, unlinked, incidents } = leftOut;
  switch (metric) {
    case "changeLeadTime":
      return sumOf([changes, deployments]);
    case "changeFailureRate":
      return sumOf([deployments, unlinked]);
    case "meanTimeToRecovery":
      return incidents;
    default:
      return deployments;
  }
}

function sumOf(all: readonly Reasons[]): Reasons {
  const sum: Partial<Record<ExclusionReason, number>> = {};
  for (const one of all)
    for (const [reason, count] of Object.entries(one) as [ExclusionReason, number][])
      sum[reason] = (sum[reason] ?? 0) + count;
  return sum;
}

export function countsOf(input: MetricsInput): WindowCounts {
  const { window, environments } = input;
  const seen = {
    changes: observe("changeLeadTime", { ...input, unshipped: [] }).excluded,
    deployments: observe("deploymentFrequency", input).excluded,
    failures: observe("changeFailureRate", input).excluded,
    recoveries: observe("meanTimeToRecovery", input).excluded,
  };
  const deployments = input.deployments.filter(
    (one) => environments.includes(one.environment) && isWithin(window, one.finishedAt),
  );
  const all = incidentsIn(input);
  const incidents = all.filter(({ excluded }) => excluded?.reason !== "status");
  return {
    attributed: attributedIn(input),
    deployments: deployments.length,
    countedDeployments: deployments.filter(({ excluded }) => excluded === null).length,
    incidents: incidents.length,
    linkedIncidents: incidents.filter(({ link }) => link.service !== null).length,
    notCausedIncidents: incidents.filter(({ link }) => link.deployment === null && link.method === "user")
      .length,
    leftOut: leftOutIn(seen),
    clockSkew: skewedIn(seen),
    duplicates: { deployments: repeatedDeployments(deployments), incidents: repeatedIncidents(all) },
  };
}

/** Which share each metric rests on; of two the lower. */
export function coveredBy({ shares }: Coverage): Record<MetricName, number | null> {
  const lower = (...some: readonly (number | null)[]): number | null => {
    const known = some.filter((one) => one !== null);
    return known.length === 0 ? null : Math.min(...known);
  };
  const { changes, deployments, incidents } = shares;
  return {
    deploymentFrequency: deployments,
    changeLeadTime: changes,
    changeFailureRate: lower(deployments, incidents),
    failedDeploymentRecoveryTime: lower(deployments, incidents),
    // Incidents count for it whatever they are linked to: nothing is missing where there are any.
    meanTimeToRecovery: incidents === null ? null : 1,
    reworkRate: deployments,
  };
}

const isWithin = ({ from, to }: Window, at: number): boolean => at >= from && at < to;

/** Merged and shipped in the window; one that went to several environments counts once. */
function attributedIn({ shipments, environments, window }: MetricsInput): number {
  const own = shipments.filter(
    ({ environment, mergedAt, deployedAt }) =>
      mergedAt !== null &&
      isWithin(window, mergedAt) &&
      environments.includes(environment) &&
      isWithin(window, deployedAt),
  );
  // In one environment each change ships once: 100,000 keys need not be made.
  if (environments.length === 1) return own.length;
  return new Set(own.map(({ service, change }) => `${service}\u0000${change}`)).size;
}

type Seen = Readonly<Record<"changes" | "deployments" | "failures" | "recoveries", readonly Exclusion[]>>;

function leftOutIn({ changes, deployments, failures, recoveries }: Seen): WindowCounts["leftOut"] {
  const own = byReason(deployments);
  return {
    // Of deployments, changes list what these say of their contents, and those that are left out themselves.
    changes: less(byReason(changes), own),
    deployments: own,
    unlinked: byReason(failures.filter(({ row }) => row.kind === "incident")),
    incidents: byReason(recoveries),
  };
}

function byReason(exclusions: readonly Exclusion[]): Reasons {
  const counts: Partial<Record<ExclusionReason, number>> = {};
  for (const { reason, count } of exclusions) if (count > 0) counts[reason] = (counts[reason] ?? 0) + count;
  return counts;
}

function less(all: Reasons, some: Reasons): Reasons {
  const left = Object.entries(all) as [ExclusionReason, number][];
  return Object.fromEntries(
    left.flatMap(([reason, count]) => {
      const rest = count - (some[reason] ?? 0);
      return rest > 0 ? [[reason, rest]] : [];
    }),
  );
}

function skewedIn({ changes, recoveries }: Pick<Seen, "changes" | "recoveries">): number {
  const rows = new Set<unknown>();
  for (const { reason, row } of [...changes, ...recoveries])
    if (reason === "negative_span" || reason === "negative_stage")
      rows.add(row.kind === "change" ? row.shipment : row.kind === "incident" ? row.incident : row);
  return rows.size;
}

function repeatedDeployments(deployments: readonly DerivedDeployment[]): number {
  const told = deployments.filter(({ sha, status }) => sha !== null && status === "success");
  return repeated(
    told,
    ({ service, environment, region, sha }) => JSON.stringify([service, environment, region, sha]),
    ({ finishedAt }) => finishedAt,
    TWICE_MS,
  );
}

/** The same beginning, services and title under another identifier. */
function repeatedIncidents(incidents: readonly DerivedIncident[]): number {
  const titled = incidents.filter(({ title }) => title !== null);
  return repeated(
    titled,
    ({ title, services }) => JSON.stringify([title, services]),
    ({ startedAt }) => startedAt,
    0,
  );
}

function repeated<T>(
  rows: readonly T[],
  keyOf: (row: T) => string,
  timeOf: (row: T) => number,
  withinMs: number,
): number {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const times = groups.get(key);
    if (times === undefined) groups.set(key, [timeOf(row)]);
    else times.push(timeOf(row));
  }
  let count = 0;
  for (const times of groups.values()) {
    times.sort((left, right) => left - right);
    for (let index = 1; index < times.length; index++)
      if ((times[index] as number) - (times[index - 1] as number) <= withinMs) count++;
  }
  return count;
}

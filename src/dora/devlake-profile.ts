/**
 * The profile `devlake`: the rules of DevLake's DORA dashboards over the facts of a scope, which is its project. Pull
 * requests, deployments and incidents as catalog and derivation know them; the rules of links and lead times are those
 * that `npm run compat:devlake` holds to DevLake's own tables cell by cell (test/dora/devlake-profile.test.ts).
 */
import { ancestryOf } from "./ancestry.ts";
import { calendarOf } from "./calendar.ts";
import { buildGraph, UNKNOWN } from "./commit-graph.ts";
import { minutesUp } from "./devlake/tables.ts";
import type { CommitFact, Instant } from "./facts.ts";
import type { MetricName, Window } from "./results.ts";

interface Subject {
  readonly blueprint: string | null;
  readonly id: string;
  readonly service: string;
  readonly title: string | null;
  readonly url: string | null;
}

/** A successful deployment to one of the environments asked for. */
export interface DevlakeDeployment extends Subject {
  readonly environment: string;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant;
  readonly sha: string | null;
}

/** A merged pull request. */
export interface DevlakeChange extends Subject {
  readonly mergeSha: string | null;
  readonly firstCommitAt: Instant | null;
  readonly openedAt: Instant | null;
  readonly mergedAt: Instant;
}

export interface DevlakeIncident extends Subject {
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
}

export interface DevlakeInput {
  readonly deployments: readonly DevlakeDeployment[];
  readonly changes: readonly DevlakeChange[];
  readonly incidents: readonly DevlakeIncident[];
  readonly commits: readonly Pick<CommitFact, "repository" | "sha" | "parents">[];
  readonly window: Window;
  readonly hasSource: boolean;
}

export interface DevlakeRow {
  readonly subject: Subject;
  readonly value: number;
  readonly unit: "deployment" | "minutes" | "ratio";
  readonly at: Instant;
  readonly why: string;
  readonly timestamps: Readonly<Record<string, Instant>>;
  /** Identifier of the deployment that it is about. */
  readonly deployment: string | null;
}

export interface DevlakeMetric {
  readonly value: number | null;
  readonly unit: "days_per_week" | "minutes" | "ratio" | null;
  readonly n: number;
  readonly formula: string;
  readonly rows: readonly DevlakeRow[];
  /** Where it departs from ours, in sentences with its numbers. */
  readonly differences: readonly string[];
}

export type DevlakeMetrics = Readonly<Record<MetricName, DevlakeMetric>>;

/** @throws RangeError for a time zone that does not exist */
export function devlakeMetrics(input: DevlakeInput): DevlakeMetrics {
  const deployments = distinct(input.deployments).sort(byFinish);
  const changes = distinct(input.changes);
  const incidents = distinct(input.incidents);
  const links = linked(incidents, deployments);
  return {
    deploymentFrequency: frequency(deployments, input),
    changeLeadTime: leadTime(changes, deployments, input),
    changeFailureRate: failureRate(deployments, links, input.window),
    failedDeploymentRecoveryTime: recovery(links, input.window),
    meanTimeToRecovery: restore(incidents, input.window),
    reworkRate: {
      ...{ value: null, unit: null, n: 0, formula: "none", rows: [] },
      differences: ["these dashboards have no such metric"],
    },
  };
}

const isWithin = ({ from, to }: Window, at: Instant): boolean => at >= from && at < to;
const inText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
const byFinish = (left: DevlakeDeployment, right: DevlakeDeployment): number =>
  left.finishedAt - right.finishedAt || inText(left.id, right.id);

/** Each once, whichever services name it; of copies the first by service. */
function distinct<S extends Subject>(rows: readonly S[]): S[] {
  const found = new Map<string, S>();
  for (const row of rows) {
    const key = JSON.stringify([row.blueprint, row.id]);
    const other = found.get(key);
    if (other === undefined || row.service < other.service) found.set(key, row);
  }
  return [...found.values()];
}

/** The greatest value with a percent rank of a half at most: of an even number the lower of the two in the middle. */
export function lowerMedian(values: readonly number[]): number | null {
  const sorted = values.toSorted((left, right) => left - right);
  let answer: number | null = null;
  let less = 0;
  sorted.forEach((value, index) => {
    if (index > 0 && value > (sorted[index - 1] as number)) less = index;
    if (less <= (sorted.length - 1) / 2) answer = value;
  });
  return answer;
}

const DAY = 86_400_000;
/** The calendar of that dashboard ends there. */
const MAX_DAYS = 400;

function frequency(deployments: readonly DevlakeDeployment[], input: DevlakeInput): DevlakeMetric {
  const { window } = input;
  const { wallClock } = calendarOf(window.timezone);
  const dayOf = (at: Instant): number => Math.floor(wallClock(at) / DAY);
  const weekOf = (day: number): number => Math.floor((day + 3) / 7);
  const days = new Set(deployments.map(({ finishedAt }) => dayOf(finishedAt)));
  const weeks = new Map<number, number>();
  const calendar = new Set<number>();
  for (let back = 0; back < MAX_DAYS && window.to - back * DAY > window.from; back++) {
    const day = dayOf(window.to - back * DAY);
    if (calendar.has(day)) continue;
    calendar.add(day);
    weeks.set(weekOf(day), (weeks.get(weekOf(day)) ?? 0) + (days.has(day) ? 1 : 0));
  }
  const rows = deployments
    .filter(({ finishedAt }) => calendar.has(dayOf(finishedAt)))
    .map((one) => rowOf(one, 1, "deployment", one.finishedAt, "a deployment of its day", one.id));
  const used = new Set(rows.map(({ at }) => dayOf(at))).size;
  return {
    value: input.hasSource ? lowerMedian([...weeks.values()]) : null,
    unit: "days_per_week",
    n: rows.length,
    formula: "median over the calendar weeks of the window of the days with a successful deployment",
    rows,
    differences: [
      `days, not deployments: ${rows.length} deployments fall on ${used} days`,
      `median of ${weeks.size} calendar weeks, the cut ones at both ends too, instead of a count ÷ days`,
      "of an even number of weeks the lower one; at most the last 400 days",
    ],
  };
}

function leadTime(
  changes: readonly DevlakeChange[],
  deployments: readonly DevlakeDeployment[],
  input: DevlakeInput,
): DevlakeMetric {
  const { window } = input;
  const { carried, first } = carriedCommits(deployments, input);
  let unknown = 0;
  let fromMerge = 0;
  const rows = changes.flatMap((change): DevlakeRow[] => {
    const deployment = change.mergeSha === null ? undefined : carried.get(change.mergeSha);
    if (deployment === undefined) {
      if (isWithin(window, change.mergedAt)) unknown++;
      return [];
    }
    if (!isWithin(window, deployment.finishedAt)) return [];
    const coding = minutesUp(change.firstCommitAt, change.openedAt);
    const review = minutesUp(change.openedAt, change.mergedAt);
    const deploy = minutesUp(change.mergedAt, deployment.finishedAt);
    if (coding === null) fromMerge++;
    const value = (coding ?? 0) + (review ?? 0) + (deploy ?? 0);
    const why = `coding ${coding ?? "none"} + opened to merged ${review ?? "none"} + deploy ${deploy ?? "none"} minutes`;
    const timestamps = { ...timesOf(change), deployed: deployment.finishedAt };
    return [
      {
        ...rowOf(change, value, "minutes", deployment.finishedAt, why, deployment.id),
        timestamps,
      },
    ];
  });
  return {
    value: lowerMedian(rows.map(({ value }) => value)),
    unit: "minutes",
    n: rows.length,
    formula:
      "median of coding + opened to merged + deploy, each in minutes rounded up, of deployed pull requests",
    rows,
    differences: [
      "pull requests only: commits that belong to none do not count",
      `a pull request counts by its merge commit: ${unknown} merged in the window are in no deployment that way`,
      `the first deployment of a service ships nothing: ${first} such here`,
      `minutes rounded up and added; what is negative or unknown counts as 0 (coding of ${fromMerge})`,
      "the lower median of an even number",
    ],
  };
}

/** The earliest-started deployment that carries each commit; the first of a service and environment carries none. */
function carriedCommits(
  deployments: readonly DevlakeDeployment[],
  { commits }: DevlakeInput,
): { readonly carried: ReadonlyMap<string, DevlakeDeployment>; readonly first: number } {
  const facts = commits.map((commit): CommitFact => ({
    ...commit,
    ...{ authoredAt: 0, committedAt: 0, author: "", patchId: null, message: "", paths: null },
  }));
  const graph = buildGraph(facts);
  const ancestry = ancestryOf(graph);
  const previous = new Map<DevlakeDeployment, DevlakeDeployment>();
  const latest = new Map<string, DevlakeDeployment>();
  for (const deployment of deployments) {
    const key = JSON.stringify([deployment.service, deployment.environment]);
    const before = latest.get(key);
    if (before !== undefined) previous.set(deployment, before);
    latest.set(key, deployment);
  }
  const startOf = ({ startedAt, finishedAt }: DevlakeDeployment): Instant => startedAt ?? finishedAt;
  const started = [...previous.keys()].sort(
    (left, right) => startOf(left) - startOf(right) || inText(left.id, right.id),
  );
  const carried = new Map<string, DevlakeDeployment>();
  for (const deployment of started) {
    const head = graph.indexOf.get(deployment.sha ?? "");
    if (head === undefined) continue;
    const base = graph.indexOf.get(previous.get(deployment)?.sha ?? "");
    for (const commit of ancestry.between(head, base ?? UNKNOWN)) {
      const { sha } = graph.commits[commit] as CommitFact;
      if (!carried.has(sha)) carried.set(sha, deployment);
    }
  }
  return { carried, first: latest.size };
}

interface Link {
  readonly incident: DevlakeIncident;
  readonly deployment: DevlakeDeployment;
}

/** Each incident with the latest deployment anywhere in the scope that finished before it began. */
function linked(incidents: readonly DevlakeIncident[], deployments: readonly DevlakeDeployment[]): Link[] {
  return incidents.flatMap((incident): Link[] => {
    let low = 0;
    let high = deployments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((deployments[middle] as DevlakeDeployment).finishedAt < incident.startedAt) low = middle + 1;
      else high = middle;
    }
    const deployment = deployments[low - 1];
    return deployment === undefined ? [] : [{ incident, deployment }];
  });
}

function failureRate(
  deployments: readonly DevlakeDeployment[],
  links: readonly Link[],
  window: Window,
): DevlakeMetric {
  const blamed = new Map<DevlakeDeployment, DevlakeIncident[]>();
  for (const { incident, deployment } of links)
    blamed.set(deployment, [...(blamed.get(deployment) ?? []), incident]);
  const rows = deployments
    .filter(({ finishedAt }) => isWithin(window, finishedAt))
    .map((one) => {
      const incidents = blamed.get(one) ?? [];
      const why =
        incidents.length === 0
          ? "no incident before the next deployment of the scope"
          : `the latest deployment before incident ${incidents.map(({ id }) => id).join(", ")}`;
      return rowOf(one, incidents.length > 0 ? 1 : 0, "ratio", one.finishedAt, why, one.id);
    });
  const failed = rows.filter(({ value }) => value === 1).length;
  const elsewhere = links.filter(
    ({ incident, deployment }) =>
      incident.service !== deployment.service && isWithin(window, deployment.finishedAt),
  ).length;
  return {
    value: rows.length === 0 ? null : failed / rows.length,
    unit: "ratio",
    n: rows.length,
    formula: "successful production deployments that an incident is linked to ÷ all of them",
    rows,
    differences: [
      `an incident blames the latest deployment of the whole scope, however long ago: ${elsewhere} incidents here blame another service's`,
      "failed deployments, rollbacks and hotfixes do not count, neither as failed nor as deployments",
    ],
  };
}

function recovery(links: readonly Link[], window: Window): DevlakeMetric {
  const rows = links.flatMap(({ incident, deployment }): DevlakeRow[] => {
    const { endedAt } = incident;
    if (endedAt === null || !isWithin(window, endedAt) || !isWithin(window, deployment.finishedAt)) return [];
    const value = Math.trunc((endedAt - deployment.finishedAt) / 60_000);
    const why = `from the end of deployment ${deployment.id} to the end of the incident`;
    return [rowOf(incident, value, "minutes", endedAt, why, deployment.id)];
  });
  return {
    value: lowerMedian(rows.map(({ value }) => value)),
    unit: "minutes",
    n: rows.length,
    formula: "median of incident resolved − the linked deployment finished, both in the window",
    rows,
    differences: [
      "over incidents, not over failed deployments; only those resolved in the window, open ones are left out",
      "whole minutes, cut; the lower median of an even number",
      "deployments that failed without an incident have no recovery",
    ],
  };
}

function restore(incidents: readonly DevlakeIncident[], window: Window): DevlakeMetric {
  const rows = incidents.flatMap((incident): DevlakeRow[] => {
    const { startedAt, endedAt } = incident;
    if (endedAt === null || !isWithin(window, endedAt)) return [];
    const value = Math.trunc((endedAt - startedAt) / 60_000);
    return [rowOf(incident, value, "minutes", endedAt, "from its start to its end", null)];
  });
  return {
    value: lowerMedian(rows.map(({ value }) => value)),
    unit: "minutes",
    n: rows.length,
    formula: "median of resolved − created of incidents resolved in the window",
    rows,
    differences: [
      "a median where the name says mean",
      "incidents that ended in the window, not those that began in it; open ones are left out",
      "whole minutes, cut; the lower median of an even number",
    ],
  };
}

const rowOf = (
  subject: DevlakeDeployment | DevlakeChange | DevlakeIncident,
  value: number,
  unit: DevlakeRow["unit"],
  at: Instant,
  why: string,
  deployment: string | null,
): DevlakeRow => ({ subject, value, unit, at, why, deployment, timestamps: timesOf(subject) });

function timesOf(
  subject: DevlakeDeployment | DevlakeChange | DevlakeIncident,
): Readonly<Record<string, Instant>> {
  const times: Record<string, Instant | null> =
    "mergedAt" in subject
      ? { firstCommit: subject.firstCommitAt, opened: subject.openedAt, merged: subject.mergedAt }
      : "endedAt" in subject
        ? { started: subject.startedAt, resolved: subject.endedAt }
        : { started: subject.startedAt, finished: subject.finishedAt };
  return Object.fromEntries(Object.entries(times).filter(([, at]) => at !== null)) as Record<string, Instant>;
}

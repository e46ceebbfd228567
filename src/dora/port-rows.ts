/** The rows that the formulas of the profile `port` take, and those that they leave out. */
import type { ExclusionReason } from "./derived.ts";
import type { ChangeFact, DeploymentFact, IncidentFact, Instant } from "./facts.ts";
import { knownTimes } from "./known-times.ts";

export interface PortFacts {
  readonly deployments: readonly DeploymentFact[];
  readonly changes: readonly ChangeFact[];
  readonly incidents: readonly IncidentFact[];
}

type Fact = DeploymentFact | ChangeFact | IncidentFact;

interface PortSubject {
  readonly subject: Pick<Fact, "blueprint" | "id" | "title" | "url">;
  readonly at: Instant;
  readonly timestamps: Readonly<Record<string, Instant>>;
}

interface PortRow extends PortSubject {
  /** 1 for what is counted. */
  readonly value: number;
  readonly unit: "deployment" | "incident" | "hours" | "minutes";
  readonly why: string;
  /** Of a deployment; null for everything else. */
  readonly environment: string | null;
}

export interface PortExclusion extends PortSubject {
  readonly reason: ExclusionReason;
  readonly detail: string;
}

/** Newest first. */
interface Rows {
  readonly counted: readonly PortRow[];
  readonly excluded: readonly PortExclusion[];
}

export type PortRows = Readonly<
  Record<"deploymentFrequency" | "changeLeadTime" | "changeFailureRate" | "meanTimeToRecovery", Rows>
>;

/** As it was known at an instant: incidents that ended later were open then. */
export function portFactsAsOf(facts: PortFacts, instant: Instant): PortFacts {
  const incidents = facts.incidents.map((one): IncidentFact =>
    one.resolvedAt === null || one.resolvedAt <= instant
      ? one
      : { ...one, resolvedAt: null, status: one.status === "ignored" ? "ignored" : "open" },
  );
  return { ...facts, incidents };
}

/** Of each entity one row, however often it is told. */
export function portRows(facts: PortFacts, to: Instant): PortRows {
  const deployments = distinct(facts.deployments).filter(({ finishedAt }) => finishedAt < to);
  const incidents = distinct(facts.incidents).filter(({ startedAt }) => startedAt < to);
  const successes = deployments.filter(({ status }) => status === "success");
  const failures = deployments.filter(({ status }) => status !== "success").map(leftOutDeployment);
  const perMonth = successes.map((one) => deploymentRow(one, "a successful deployment"));
  const divisors = successes.map((one) => deploymentRow(one, "a successful deployment, to divide by"));
  return {
    deploymentFrequency: inOrder({ counted: perMonth, excluded: failures }),
    changeLeadTime: inOrder(leadTimes(distinct(facts.changes), to)),
    changeFailureRate: inOrder({
      counted: [...incidents.map(incidentRow), ...divisors],
      excluded: failures,
    }),
    meanTimeToRecovery: inOrder(recoveries(incidents)),
  };
}

/** Sums of fractions depend on their order: whatever came first, they are the same. */
const inOrder = ({ counted, excluded }: Rows): Rows => ({
  counted: counted.toSorted(newestFirst),
  excluded: excluded.toSorted(newestFirst),
});

function newestFirst(left: PortSubject, right: PortSubject): number {
  const [one, other] = [left.subject, right.subject];
  return right.at - left.at || byText(one.blueprint, other.blueprint) || byText(one.id, other.id);
}

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

const subjectOf = ({ blueprint, id, title, url }: Fact): PortSubject["subject"] => ({
  ...{ blueprint, id, title, url },
});

function ofDeployment(one: DeploymentFact): PortSubject {
  const { startedAt, finishedAt } = one;
  const timestamps = knownTimes({ started: startedAt, finished: finishedAt });
  return { subject: subjectOf(one), at: finishedAt, timestamps };
}

const deploymentRow = (one: DeploymentFact, why: string): PortRow => ({
  ...{ ...ofDeployment(one), value: 1, unit: "deployment", why, environment: one.environment },
});

const leftOutDeployment = (one: DeploymentFact): PortExclusion => ({
  ...{ ...ofDeployment(one), reason: "status", detail: `its status is ${one.status}, not success` },
});

/** What is not merged yet has no lead time, and is none that is missing. */
function leadTimes(changes: readonly ChangeFact[], to: Instant): Rows {
  const counted: PortRow[] = [];
  const excluded: PortExclusion[] = [];
  for (const one of changes) {
    const { openedAt, mergedAt } = one;
    if (mergedAt === null || mergedAt >= to) continue;
    const told = {
      ...{ subject: subjectOf(one), at: mergedAt },
      timestamps: knownTimes({ opened: openedAt, merged: mergedAt }),
    };
    if (openedAt === null)
      excluded.push({ ...told, reason: "no_start", detail: "it is not known when it was opened" });
    else
      counted.push({
        ...{ ...told, value: (mergedAt - openedAt) / 3_600_000, unit: "hours", environment: null },
        why: "from opened to merged",
      });
  }
  return { counted, excluded };
}

function ofIncident(one: IncidentFact): PortSubject {
  const { startedAt, resolvedAt } = one;
  const timestamps = knownTimes({ started: startedAt, resolved: resolvedAt });
  return { subject: subjectOf(one), at: startedAt, timestamps };
}

const incidentRow = (one: IncidentFact): PortRow => ({
  ...{ ...ofIncident(one), value: 1, unit: "incident", environment: null },
  why: "an incident, whatever caused it",
});

function recoveries(incidents: readonly IncidentFact[]): Rows {
  const counted: PortRow[] = [];
  const excluded: PortExclusion[] = [];
  for (const one of incidents) {
    const { startedAt, resolvedAt, status } = one;
    const told = ofIncident(one);
    if (status !== "resolved" && status !== "unknown")
      excluded.push({ ...told, reason: "status", detail: `its status is ${status}, not resolved` });
    else if (resolvedAt === null)
      excluded.push({ ...told, reason: "no_end", detail: "it is not known when it was resolved" });
    else
      counted.push({
        ...{ ...told, value: (resolvedAt - startedAt) / 60_000, unit: "minutes", environment: null },
        why: "from its start to its end",
      });
  }
  return { counted, excluded };
}

function distinct<F extends { readonly blueprint: string; readonly id: string }>(facts: readonly F[]): F[] {
  const found = new Map<string, F>();
  for (const fact of facts) {
    const key = JSON.stringify([fact.blueprint, fact.id]);
    const other = found.get(key);
    if (other === undefined || JSON.stringify(fact) < JSON.stringify(other)) found.set(key, fact);
  }
  return [...found.values()];
}

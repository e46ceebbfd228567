/** The rows behind a number, dressed for reading. Folding `rows` again gives the headline exactly. */
import type {
  DerivedDeployment,
  DerivedIncident,
  ExclusionReason,
  FailureCause,
  IncidentLink,
  RegionReach,
  Shipment,
  Stage,
  UnshippedChange,
} from "./derived.ts";
import type { Instant } from "./facts.ts";
import { knownTimes } from "./known-times.ts";
import { type MetricsInput, type Observation, observe } from "./observations.ts";
import type { MetricName } from "./results.ts";

export interface EvidenceEntity {
  /** Null for a change known from git alone: no catalog entity stands for it. */
  readonly blueprint: string | null;
  readonly identifier: string;
  readonly title: string | null;
  readonly url: string | null;
}

export interface EvidenceLinks {
  readonly deployment?: string;
  readonly sha?: string;
  readonly repository?: string;
}

export interface EvidenceRow {
  readonly entity: EvidenceEntity;
  readonly service: string;
  /** Seconds for durations, 0 or 1 for rates (the whole denominator), 1 for frequency. */
  readonly value: number;
  readonly unit: "seconds" | "ratio" | "deployment";
  readonly why: string;
  /** Still open at `now`: the true duration is at least `value`. */
  readonly open?: true;
  /** When the row counts: the finish of its deployment, the start of the incident. */
  readonly at: Instant;
  readonly timestamps: Readonly<Record<string, Instant>>;
  readonly links: EvidenceLinks;
  /** Only for changeLeadTime. */
  readonly stages?: Stage;
  /** Only for changeLeadTime, where the environment has several regions. */
  readonly regions?: RegionReach;
  /** Only for changeFailureRate. */
  readonly causes?: readonly FailureCause[];
  /** Only for meanTimeToRecovery: the deployment that is blamed for the incident. */
  readonly link?: IncidentLink;
}

export interface EvidenceExclusion {
  readonly entity: EvidenceEntity;
  readonly service: string;
  readonly reason: ExclusionReason;
  readonly detail: string;
  /** How many things it stands for. */
  readonly count: number;
  readonly at: Instant;
  readonly timestamps: Readonly<Record<string, Instant>>;
}

export interface Evidence {
  readonly rows: readonly EvidenceRow[];
  readonly excluded: readonly EvidenceExclusion[];
}

/** Newest first; `span` narrows to one bucket of the window (half-open). */
export function evidence(
  metric: MetricName,
  input: MetricsInput,
  span: { readonly from: Instant; readonly to: Instant } = input.window,
): Evidence {
  const { counted, excluded } = observe(metric, input);
  const isInside = ({ at }: { readonly at: Instant }): boolean => at >= span.from && at < span.to;
  return {
    rows: counted
      .filter(isInside)
      .sort(newestFirst)
      .map((observation) => rowOf(metric, observation)),
    excluded: excluded
      .filter(isInside)
      .sort(newestFirst)
      .map(({ row, at, reason, detail, count }) => ({ ...described(row), reason, detail, count, at })),
  };
}

interface Sortable {
  readonly at: Instant;
  readonly row: Observation["row"];
  readonly reason?: string;
}

/** Rows of one instant by what they are about: the order in which the database pages them. */
function newestFirst(left: Sortable, right: Sortable): number {
  const [one, other] = [subjectOf(left.row), subjectOf(right.row)];
  return (
    right.at - left.at ||
    byText(one.service, other.service) ||
    byText(one.key, other.key) ||
    byText(left.reason ?? "", right.reason ?? "")
  );
}

function subjectOf(row: Observation["row"]): { readonly service: string; readonly key: string } {
  switch (row.kind) {
    case "change":
      return { service: row.shipment.service, key: row.shipment.change };
    case "unshipped":
      return { service: row.change.service, key: row.change.change };
    case "incident":
      return { service: row.incident.service, key: row.incident.id };
    default:
      return { service: row.deployment.service, key: row.deployment.id };
  }
}

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function rowOf(metric: MetricName, { value, at, open, row }: Observation): EvidenceRow {
  const { entity, service, timestamps } = described(row);
  const base = { entity, service, value, at, timestamps, ...(open && { open: true as const }) };
  if (row.kind === "change") {
    const { shipment } = row;
    return {
      ...base,
      unit: "seconds",
      why: `${shipment.method}: ${shipment.matchedBy}`,
      stages: shipment.stages,
      ...(shipment.regions !== null && { regions: shipment.regions }),
      links: {
        deployment: shipment.deployment,
        ...(shipment.sha !== null && { sha: shipment.sha }),
        ...(shipment.repository !== null && { repository: shipment.repository }),
      },
    };
  }
  if (row.kind === "incident") {
    const { link } = row.incident;
    const why = open ? "not resolved yet" : "from its start to its end";
    const links = link.deployment === null ? {} : { deployment: link.deployment };
    return { ...base, unit: "seconds", why, links, link };
  }
  // What is not deployed is counted by no metric.
  if (row.kind === "unshipped") return { ...base, unit: "seconds", why: "not deployed", links: {} };
  const { deployment } = row;
  return {
    ...base,
    unit: UNITS[metric],
    why: whyOf(metric, deployment),
    links: { deployment: deployment.id, ...(deployment.sha !== null && { sha: deployment.sha }) },
    ...(metric === "changeFailureRate" && {
      causes: [...new Set(deployment.causes.map(({ cause }) => cause))],
    }),
  };
}

const UNITS: Readonly<Record<MetricName, EvidenceRow["unit"]>> = {
  deploymentFrequency: "deployment",
  changeLeadTime: "seconds",
  changeFailureRate: "ratio",
  failedDeploymentRecoveryTime: "seconds",
  meanTimeToRecovery: "seconds",
  reworkRate: "ratio",
};

function whyOf(metric: MetricName, deployment: DerivedDeployment): string {
  const join = (details: readonly { readonly detail: string }[], none: string): string =>
    details.length === 0 ? none : details.map(({ detail }) => detail).join("; ");
  switch (metric) {
    case "changeFailureRate":
      return join(deployment.causes, "no failure found");
    case "reworkRate":
      return join(deployment.rework, "repairs nothing");
    case "failedDeploymentRecoveryTime":
      return deployment.restoredBy === null
        ? `not restored yet; ${join(deployment.causes, "")}`
        : `restored by ${RESTORED[deployment.restoredHow ?? "repair"]} ${deployment.restoredBy}; ${join(deployment.causes, "")}`;
    default:
      return "successful deployment";
  }
}

const RESTORED = {
  incident: "the end of incident",
  repair: "the repair",
  "next success": "the next success",
} as const;

type Described = Pick<EvidenceRow, "entity" | "service" | "timestamps">;

function described(row: Observation["row"]): Described {
  switch (row.kind) {
    case "change":
      return describedChange(row.shipment, row.shipment.deployedAt);
    case "unshipped":
      return describedChange(row.change, null);
    case "incident":
      return describedIncident(row.incident);
    default:
      return describedDeployment(row.deployment);
  }
}

function describedIncident(incident: DerivedIncident): Described {
  const { blueprint, id, title, url, service } = incident;
  return {
    entity: { blueprint, identifier: id, title, url },
    service,
    timestamps: knownTimes({
      started: incident.startedAt,
      detected: incident.detectedAt,
      resolved: incident.endedAt,
    }),
  };
}

function describedChange(shipment: Shipment | UnshippedChange, deployed: Instant | null): Described {
  const { entity, change, title, url, service } = shipment;
  return {
    entity: { blueprint: entity?.blueprint ?? null, identifier: entity?.identifier ?? change, title, url },
    service,
    timestamps: knownTimes({
      firstCommit: shipment.firstCommitAt,
      opened: shipment.openedAt,
      firstReview: shipment.firstReviewAt,
      merged: shipment.mergedAt,
      deployed,
    }),
  };
}

function describedDeployment(deployment: DerivedDeployment): Described {
  const { blueprint, id, title, url, service } = deployment;
  return {
    entity: { blueprint, identifier: id, title, url },
    service,
    timestamps: knownTimes({
      started: deployment.startedAt,
      finished: deployment.finishedAt,
      restored: deployment.restoredAt,
    }),
  };
}

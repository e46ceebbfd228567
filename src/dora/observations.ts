/**
 * The rows a metric is made of. The only place that chooses rows: headlines, series, trends and evidence are all folds
 * over what `observe` returns.
 */
import type {
  DerivedDeployment,
  DerivedIncident,
  ExclusionReason,
  Shipment,
  UnshippedChange,
} from "./derived.ts";
import type { Instant } from "./facts.ts";
import type { MetricName, Window } from "./results.ts";

/** Rows may come from many services; each row (service x deployment, service x change) is given once. */
export interface MetricsInput {
  readonly deployments: readonly DerivedDeployment[];
  readonly shipments: readonly Shipment[];
  /** May hold an incident once for each of its services; it counts once. */
  readonly incidents: readonly DerivedIncident[];
  /** Merged changes that some environment has not got; only evidence of changes looks at them. */
  readonly unshipped?: readonly UnshippedChange[];
  readonly window: Window;
  /** Exact matches; several where several environments are production. */
  readonly environments: readonly string[];
  /** Whether any source of deployments exists in the scope; without one, frequency is null instead of 0. */
  readonly hasSource: boolean;
  readonly now: Instant;
}

/** One counted row. Durations in seconds; rates 0 or 1; frequency 1. */
export interface Observation {
  readonly value: number;
  /** When it counts: the finish of its deployment, the start of the incident. */
  readonly at: Instant;
  readonly open: boolean;
  readonly row:
    | { readonly kind: "deployment"; readonly deployment: DerivedDeployment }
    | { readonly kind: "change"; readonly shipment: Shipment }
    | { readonly kind: "unshipped"; readonly change: UnshippedChange }
    | { readonly kind: "incident"; readonly incident: DerivedIncident };
}

/** One row in the window that does not count, with the reason. */
export interface Exclusion {
  readonly at: Instant;
  readonly reason: ExclusionReason;
  readonly detail: string;
  /** How many things it stands for: history left out is listed once per deployment. */
  readonly count: number;
  readonly row: Observation["row"];
}

export interface Observations {
  readonly counted: readonly Observation[];
  readonly excluded: readonly Exclusion[];
}

export function observe(metric: MetricName, input: MetricsInput): Observations {
  switch (metric) {
    case "meanTimeToRecovery":
      return observeIncidents(input);
    case "changeLeadTime":
      return observeChanges(input);
    case "changeFailureRate": {
      const { counted, excluded } = observeDeployments(metric, input);
      return { counted, excluded: [...excluded, ...unlinkedIncidents(input)] };
    }
    default:
      return observeDeployments(metric, input);
  }
}

/** Incidents that began in the window, each once. They have no environment: all are there whatever is asked for. */
export function incidentsIn({ incidents, window }: MetricsInput): DerivedIncident[] {
  const found = new Map<string, DerivedIncident>();
  for (const incident of incidents) {
    if (!isWithin(window, incident.startedAt)) continue;
    const key = JSON.stringify([incident.blueprint, incident.id]);
    const other = found.get(key);
    if (other === undefined || incident.service < other.service) found.set(key, incident);
  }
  return [...found.values()];
}

function observeIncidents(input: MetricsInput): Observations {
  const counted: Observation[] = [];
  const excluded: Exclusion[] = [];
  for (const incident of incidentsIn(input)) {
    const { startedAt: at, endedAt } = incident;
    const row = { kind: "incident", incident } as const;
    if (incident.excluded !== null) excluded.push({ at, ...incident.excluded, count: 1, row });
    else {
      const end = endedAt ?? Math.max(input.now, at);
      counted.push({ value: (end - at) / 1000, at, open: endedAt === null, row });
    }
  }
  return { counted, excluded };
}

/** Incidents that no deployment is blamed for: the failure rate knows nothing of them. */
function unlinkedIncidents(input: MetricsInput): Exclusion[] {
  return incidentsIn(input).flatMap((incident): Exclusion[] => {
    const { link, startedAt: at } = incident;
    const row = { kind: "incident", incident } as const;
    if (incident.excluded?.reason === "status") return [{ at, ...incident.excluded, count: 1, row }];
    if (link.deployment === null) {
      const reason = link.method === "user" ? "not_caused" : "not_linked";
      return [{ at, reason, detail: link.reason, count: 1, row }];
    }
    if (link.service !== null) return [];
    return [
      { at, reason: "not_linked", detail: `deployment ${link.deployment} is not known`, count: 1, row },
    ];
  });
}

const isWithin = ({ from, to }: Window, at: Instant): boolean => at >= from && at < to;

type DeploymentMetric = Exclude<MetricName, "changeLeadTime" | "meanTimeToRecovery">;

function observeDeployments(metric: DeploymentMetric, input: MetricsInput): Observations {
  const counted: Observation[] = [];
  const excluded: Exclusion[] = [];
  for (const deployment of input.deployments) {
    const at = deployment.finishedAt;
    if (!input.environments.includes(deployment.environment) || !isWithin(input.window, at)) continue;
    const row = { kind: "deployment", deployment } as const;
    if (deployment.excluded !== null) {
      excluded.push({ at, ...deployment.excluded, count: 1, row });
      continue;
    }
    const value = valueOf(metric, deployment, input.now);
    if (value === null) continue;
    const open = metric === "failedDeploymentRecoveryTime" && deployment.restoredAt === null;
    counted.push({ value, at, open, row });
  }
  return { counted, excluded };
}

/** Null where the deployment is not among those the metric is about. */
function valueOf(metric: DeploymentMetric, deployment: DerivedDeployment, now: Instant): number | null {
  switch (metric) {
    case "deploymentFrequency":
      return deployment.status === "success" ? 1 : null;
    case "changeFailureRate":
      return deployment.failed ? 1 : 0;
    case "reworkRate":
      return deployment.rework.length > 0 ? 1 : 0;
    default: {
      if (!deployment.failed) return null;
      const end = deployment.restoredAt ?? Math.max(now, deployment.finishedAt);
      return (end - deployment.finishedAt) / 1000;
    }
  }
}

function observeChanges(input: MetricsInput): Observations {
  const counted: Observation[] = [];
  const excluded: Exclusion[] = [];
  for (const shipment of input.shipments) {
    const at = shipment.deployedAt;
    if (!input.environments.includes(shipment.environment) || !isWithin(input.window, at)) continue;
    const row = { kind: "change", shipment } as const;
    if (shipment.excluded !== null) excluded.push({ at, ...shipment.excluded, count: 1, row });
    else if (shipment.leadSeconds !== null)
      counted.push({ value: shipment.leadSeconds, at, open: false, row });
    for (const detail of shipment.stageNotes)
      excluded.push({ at, reason: "negative_stage", detail, count: 1, row });
  }
  for (const change of input.unshipped ?? []) {
    const at = change.mergedAt;
    const isKnown = (name: string): boolean => input.environments.includes(name);
    if (!isWithin(input.window, at) || [...change.shippedIn, ...change.leftOutIn].some(isKnown)) continue;
    const detail = "merged, and shipped by no deployment yet";
    excluded.push({ at, reason: "not_deployed", detail, count: 1, row: { kind: "unshipped", change } });
  }
  for (const deployment of input.deployments) {
    const at = deployment.finishedAt;
    if (!input.environments.includes(deployment.environment) || !isWithin(input.window, at)) continue;
    const row = { kind: "deployment", deployment } as const;
    for (const note of deployment.notes) excluded.push({ at, ...note, row });
    if (deployment.excluded !== null) excluded.push({ at, ...deployment.excluded, count: 1, row });
  }
  return { counted, excluded };
}

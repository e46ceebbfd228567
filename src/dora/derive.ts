/** Facts of one service → its deployments with causes and its shipped changes with lead times. */
import { type Attribution, attribute } from "./attribution.ts";
import { instant } from "./change-facts.ts";
import type { DerivedDeployment, ServiceDerivation, Shipment, UnshippedChange } from "./derived.ts";
import { type IncidentFindings, judge, type Outcome } from "./failure.ts";
import type { DeploymentFact, DerivationSettings, ServiceFacts } from "./facts.ts";
import { awaitedShas, withFullShas } from "./full-shas.ts";
import { type History, readHistory } from "./history.ts";
import { distinctIncidents, incidentRows, linkIncidents } from "./incident-links.ts";
import { incidentFindings } from "./incident-rework.ts";
import type { Contents } from "./load.ts";
import { regionReach } from "./regions.ts";
import { findRepairs, type Repair } from "./repairs.ts";
import { findRollbacks, type Rollback } from "./rollbacks.ts";
import { sequenceOf, type Step } from "./sequence.ts";
import { shipmentOf, unshippedOf } from "./shipments.ts";
import { whereIsChange } from "./unshipped.ts";

/**
 * Derives all environments of one service. The answer depends only on the set of facts: not on their order, nor on
 * copies. Deployments without a finite finish time cannot be placed and are dropped.
 */
export function derive(facts: ServiceFacts, settings: DerivationSettings): ServiceDerivation {
  const deployments = withFullShas(distinctDeployments(facts.deployments), facts.commits);
  const history = readHistory({ ...facts, deployments });
  const environments = new Map<string, DeploymentFact[]>();
  const unknownShas = new Set<string>();
  for (const deployment of deployments) {
    const list = environments.get(deployment.environment);
    if (list === undefined) environments.set(deployment.environment, [deployment]);
    else list.push(deployment);
    if (deployment.status === "success")
      for (const sha of awaitedShas(deployment, (one) => history.graph.indexOf.has(one)))
        unknownShas.add(sha);
  }
  const derived: DerivedDeployment[] = [];
  const shipments: Shipment[] = [];
  const names = [...environments.keys()].sort();
  const tracks = names.map((environment) =>
    trackOf(environments.get(environment) as DeploymentFact[], history, settings),
  );
  const linked = linkIncidents(
    distinctIncidents(facts.incidents ?? []),
    facts.service,
    tracks.map(({ steps }) => steps.map(({ deployment }) => deployment)),
    facts.otherDeployments ?? [],
    settings,
  );
  const findings = incidentFindings(linked, tracks, facts.service, history, settings);
  tracks.forEach((track, index) =>
    deriveTrack(facts.service, track, findings[index] ?? [], history, settings, derived, shipments),
  );
  return {
    deployments: derived,
    shipments,
    incidents: incidentRows(linked, facts),
    unshipped: unshippedChanges(facts.service, names, tracks, history, settings),
    unknownShas: [...unknownShas].sort(),
    mergedChanges: history.merged.length,
  };
}

function unshippedChanges(
  service: string,
  names: readonly string[],
  tracks: readonly Track[],
  history: History,
  settings: DerivationSettings,
): UnshippedChange[] {
  const contents = tracks.map(({ attribution }, index) => ({
    environment: names[index] as string,
    attribution,
  }));
  const shipped = tracks.map(
    ({ attribution }) =>
      new Set(attribution.contents.flatMap((one) => one.shipped.map(({ change }) => change))),
  );
  return history.merged.flatMap((change) => {
    const where = whereIsChange(change, contents, shipped, settings.productionEnvironments);
    const row = where && unshippedOf(service, change, where, history, settings);
    return row === null ? [] : [row];
  });
}

/** Each deployment once; of copies that differ, one wins by content. */
function distinctDeployments(facts: readonly DeploymentFact[]): DeploymentFact[] {
  const byId = new Map<string, DeploymentFact>();
  for (const fact of facts) {
    if (!Number.isFinite(fact.finishedAt)) continue;
    const key = JSON.stringify([fact.blueprint, fact.id]);
    const other = byId.get(key);
    if (other === undefined || JSON.stringify(fact) < JSON.stringify(other))
      byId.set(key, { ...fact, startedAt: instant(fact.startedAt) });
  }
  return [...byId].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, fact]) => fact);
}

/** The deployments of one environment, what they shipped and what they repaired. */
export interface Track {
  /** All of them, also those that take no part. */
  readonly deployments: readonly DeploymentFact[];
  readonly steps: readonly Step[];
  readonly rollbacks: readonly (Rollback | null)[];
  readonly attribution: Attribution;
  readonly repairs: readonly Repair[];
}

function trackOf(
  deployments: readonly DeploymentFact[],
  history: History,
  settings: DerivationSettings,
): Track {
  const steps = sequenceOf(deployments, history.graph, history.ancestry);
  const rollbacks = findRollbacks(steps, history.ancestry);
  const attribution = attribute(history, steps, rollbacks, settings.baseline);
  const repairs = findRepairs(history, steps, rollbacks, attribution, settings.hotfixPatterns);
  return { deployments, steps, rollbacks, attribution, repairs };
}

function deriveTrack(
  service: string,
  { deployments, steps, rollbacks, attribution, repairs }: Track,
  incidents: readonly IncidentFindings[],
  history: History,
  settings: DerivationSettings,
  derived: DerivedDeployment[],
  shipments: Shipment[],
): void {
  const outcomes = judge(steps, repairs, incidents, settings);
  const reach = regionReach(history, steps, settings.baseline);
  steps.forEach((step, index) => {
    const contents = attribution.contents[index] as Contents;
    const rows = contents.shipped.map((shipped) =>
      shipmentOf(service, step, shipped, reach(shipped.change, step), history, settings),
    );
    rows.sort((left, right) => (left.change < right.change ? -1 : 1));
    for (const row of rows) shipments.push(row);
    derived.push(
      deploymentOf(service, step, steps[step.live], rollbacks[index] ?? null, outcomes[index] as Outcome, {
        changeCount: rows.filter(({ excluded }) => excluded === null).length,
        notes: contents.notes,
      }),
    );
  });
  for (const deployment of deployments)
    if (deployment.status !== "success" && deployment.status !== "failure")
      derived.push(leftOutDeployment(service, deployment));
}

const identification = (service: string, deployment: DeploymentFact) => ({
  blueprint: deployment.blueprint,
  id: deployment.id,
  service,
  environment: deployment.environment,
  title: deployment.title,
  url: deployment.url,
  status: deployment.status,
  startedAt: deployment.startedAt,
  finishedAt: deployment.finishedAt,
  sha: deployment.sha,
  ref: deployment.ref,
  region: deployment.region ?? null,
});

const deploymentOf = (
  service: string,
  step: Step,
  live: Step | undefined,
  rollback: Rollback | null,
  outcome: Outcome,
  rest: Pick<DerivedDeployment, "changeCount" | "notes">,
): DerivedDeployment => ({
  ...identification(service, step.deployment),
  previous: live?.deployment.id ?? null,
  isRollback: rollback !== null,
  failed: outcome.causes.length > 0,
  ...outcome,
  ...rest,
  excluded: null,
});

const leftOutDeployment = (service: string, deployment: DeploymentFact): DerivedDeployment => ({
  ...identification(service, deployment),
  previous: null,
  isRollback: false,
  failed: false,
  causes: [],
  restoredAt: null,
  restoredBy: null,
  restoredHow: null,
  rework: [],
  changeCount: 0,
  excluded: { reason: "status", detail: `status is ${deployment.status}, neither success nor failure` },
  notes: [],
});

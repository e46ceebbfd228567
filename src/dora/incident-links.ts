/** Incident → deployment (dora.md section 3): a user's verdict beats the data, the data beat the rule of the window. */
import type { DerivedIncident, IncidentLink, LinkCandidate } from "./derived.ts";
import type {
  DeploymentFact,
  DerivationSettings,
  IncidentFact,
  Instant,
  OtherDeployment,
  ServiceFacts,
} from "./facts.ts";
import { compareDeployments } from "./sequence.ts";

/** A deployment in its place among those of its service x environment. */
interface Placed extends OtherDeployment {
  /** Its rank there; null for deployments of other services, whose commits are not at hand. */
  readonly rank: number | null;
}

export interface LinkedIncident {
  readonly incident: IncidentFact;
  readonly link: IncidentLink;
  readonly candidates: readonly Placed[];
}

const CANDIDATES_SHOWN = 5;

/** Each deployment of each service once; of copies that differ, one wins by content. */
function distinctOthers(others: readonly OtherDeployment[]): OtherDeployment[] {
  const found = new Map<string, OtherDeployment>();
  for (const one of others) {
    if (!Number.isFinite(one.deployment.finishedAt)) continue;
    const key = JSON.stringify([one.service, one.deployment.blueprint, one.deployment.id]);
    const other = found.get(key);
    if (other === undefined || JSON.stringify(one) < JSON.stringify(other)) found.set(key, one);
  }
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, one]) => one);
}

/** Each incident once, in the order of its identifier, whatever the order of arrival. */
export function distinctIncidents(facts: readonly IncidentFact[]): IncidentFact[] {
  const byId = new Map<string, IncidentFact>();
  for (const fact of facts) {
    if (!Number.isFinite(fact.startedAt)) continue;
    const key = JSON.stringify([fact.blueprint, fact.id]);
    const other = byId.get(key);
    if (other === undefined || JSON.stringify(fact) < JSON.stringify(other)) byId.set(key, fact);
  }
  return [...byId].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, fact]) => fact);
}

/** @param sequences the service's own deployments, each environment in the order in which they count */
export function linkIncidents(
  incidents: readonly IncidentFact[],
  service: string,
  sequences: readonly (readonly DeploymentFact[])[],
  others: readonly OtherDeployment[],
  settings: DerivationSettings,
): LinkedIncident[] {
  const own = sequences.flatMap((sequence) =>
    sequence.map((deployment, rank): Placed => ({ service, deployment, rank })),
  );
  const all = [...own, ...distinctOthers(others).map((other): Placed => ({ ...other, rank: null }))];
  const byId = new Map<string, Placed[]>();
  for (const placed of all) {
    const { id } = placed.deployment;
    byId.set(id, [...(byId.get(id) ?? []), placed]);
  }
  const byService = new Map<string, Placed[]>();
  for (const placed of all) {
    const { deployment } = placed;
    if (deployment.status !== "success") continue;
    if (!settings.productionEnvironments.includes(deployment.environment)) continue;
    const list = byService.get(placed.service);
    if (list === undefined) byService.set(placed.service, [placed]);
    else list.push(placed);
  }
  const windowOf = latestInWindow(byService, settings.failureWindowHours * 3_600_000);
  return incidents.map((incident) => {
    const candidates = incident.status === "ignored" ? [] : windowOf(incident);
    return { incident, candidates, link: linkOf(incident, candidates, byId, settings) };
  });
}

function linkOf(
  incident: IncidentFact,
  candidates: readonly Placed[],
  byId: ReadonlyMap<string, readonly Placed[]>,
  settings: DerivationSettings,
): IncidentLink {
  const none = (reason: string): IncidentLink => ({
    deployment: null,
    service: null,
    environment: null,
    method: "none",
    confidence: null,
    reason,
  });
  const { verdict } = incident;
  if (verdict !== null) {
    const said = `${verdict.by}: ${verdict.reason}`;
    const base = { method: "user", confidence: "certain" } as const;
    if (verdict.deployment === null) return { ...none(`not caused by a deployment (${said})`), ...base };
    return { ...named(verdict.deployment, byId), ...base, reason: said };
  }
  if (incident.status === "ignored") return none("its status says that it was none");
  if (incident.causedBy.length > 0) {
    // Of several the one that finished last; those that are not known come after all.
    const known = incident.causedBy.flatMap((id) => byId.get(id) ?? []).sort(latestFirst);
    const id = known[0]?.deployment.id ?? [...incident.causedBy].sort()[0] ?? null;
    const reason =
      incident.causedBy.length === 1
        ? "the incident names it as its cause"
        : `the incident names ${incident.causedBy.length} causes; this is the latest`;
    return { ...named(id, byId), method: "data", confidence: "stated", reason };
  }
  if (incident.services.length === 0) return none("the incident names no service");
  const [best] = candidates;
  const hours = settings.failureWindowHours;
  if (best === undefined)
    return none(`no successful production deployment finished in the ${hours} h before it began`);
  const minutes = Math.round((incident.startedAt - best.deployment.finishedAt) / 60_000);
  const among = candidates.length === 1 ? "the only one" : `the latest of ${candidates.length}`;
  return {
    deployment: best.deployment.id,
    service: best.service,
    environment: best.deployment.environment,
    method: "window",
    confidence: candidates.length === 1 ? "likely" : "possible",
    reason: `finished ${minutes} min before it began, ${among} in the ${hours} h before`,
  };
}

function named(
  id: string | null,
  byId: ReadonlyMap<string, readonly Placed[]>,
): Pick<IncidentLink, "deployment" | "service" | "environment"> {
  const [placed] = [...(byId.get(id ?? "") ?? [])].sort(latestFirst);
  return {
    deployment: id,
    service: placed?.service ?? null,
    environment: placed?.deployment.environment ?? null,
  };
}

/**
 * Candidates of an incident, latest first: finished in [start - window, start). An incident of one service sees ties of
 * one instant in the order of its sequence; one of several services by start and identifier, as each of them must
 * come to the same answer without the other's commits.
 */
function latestInWindow(
  byService: ReadonlyMap<string, readonly Placed[]>,
  windowMs: number,
): (incident: IncidentFact) => Placed[] {
  const sorted = new Map<string, readonly Placed[]>();
  for (const [service, list] of byService)
    sorted.set(
      service,
      list.toSorted((a, b) => a.deployment.finishedAt - b.deployment.finishedAt),
    );
  return ({ services, startedAt }) => {
    const found: Placed[] = [];
    for (const service of new Set(services)) {
      const list = sorted.get(service) ?? [];
      let index = firstAtOrAfter(list, startedAt - windowMs);
      for (; index < list.length; index++) {
        const placed = list[index] as Placed;
        if (placed.deployment.finishedAt >= startedAt) break;
        found.push(placed);
      }
    }
    return services.length === 1 ? byRank(found) : found.sort(latestFirst);
  };
}

function firstAtOrAfter(list: readonly Placed[], at: Instant): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as Placed).deployment.finishedAt < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Within one environment the sequence decides; the environments are then merged by time. */
function byRank(found: readonly Placed[]): Placed[] {
  const lists = new Map<string, Placed[]>();
  for (const placed of found) {
    const { environment } = placed.deployment;
    const list = lists.get(environment);
    if (list === undefined) lists.set(environment, [placed]);
    else list.push(placed);
  }
  for (const list of lists.values()) list.sort((a, b) => (b.rank ?? 0) - (a.rank ?? 0));
  const merged: Placed[] = [];
  for (;;) {
    const heads = [...lists.values()].flatMap((list) => list.slice(0, 1)).sort(latestFirst);
    const [next] = heads;
    if (next === undefined) return merged;
    lists.get(next.deployment.environment)?.shift();
    merged.push(next);
  }
}

function latestFirst(left: Placed, right: Placed): number {
  return (
    compareDeployments(right.deployment, left.deployment) ||
    (left.deployment.environment < right.deployment.environment ? -1 : 1)
  );
}

/** The rows of those that name the service; `""` stands for those that name none. */
export function incidentRows(
  linked: readonly LinkedIncident[],
  { service }: Pick<ServiceFacts, "service">,
): DerivedIncident[] {
  return linked
    .filter(({ incident: { services } }) =>
      services.length === 0 ? service === "" : services.includes(service),
    )
    .map(({ incident, link, candidates }) => {
      const { causedBy: _, verdict: __, resolvedAt: ___, ...rest } = incident;
      return {
        ...rest,
        service,
        services: [...new Set(incident.services)].sort(),
        ...endOf(incident),
        link,
        candidates: candidates.slice(0, CANDIDATES_SHOWN).map((candidate): LinkCandidate => ({
          deployment: candidate.deployment.id,
          service: candidate.service,
          environment: candidate.deployment.environment,
          finishedAt: candidate.deployment.finishedAt,
        })),
        candidateCount: candidates.length,
      };
    });
}

/** When it ended, and why its duration takes no part where it does not. Opened again means open. */
export function endOf(incident: IncidentFact): Pick<DerivedIncident, "endedAt" | "excluded"> {
  const { status, startedAt, resolvedAt } = incident;
  if (status === "ignored")
    return {
      endedAt: resolvedAt,
      excluded: { reason: "status", detail: "its status says that it was none" },
    };
  if (status === "open") return { endedAt: null, excluded: null };
  if (resolvedAt === null) {
    if (status !== "resolved") return { endedAt: null, excluded: null };
    return { endedAt: null, excluded: { reason: "no_end", detail: "resolved, but not known when" } };
  }
  if (resolvedAt >= startedAt) return { endedAt: resolvedAt, excluded: null };
  const detail = `resolved ${(startedAt - resolvedAt) / 1000} s before it began`;
  return { endedAt: null, excluded: { reason: "negative_span", detail } };
}

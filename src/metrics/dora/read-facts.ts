/** Reads the facts of one service from the catalog: its deployments, changes and incidents by their roles. */
import type {
  ChangeFact,
  DeploymentFact,
  IncidentFact,
  IncidentVerdict,
  OtherDeployment,
} from "../../dora/facts.ts";
import type { RoleSource } from "../../model/dora-roles.ts";
import type { Ctx } from "../../storage/context.ts";
import { readRoleEntities, type RoleEntityRow } from "../../storage/dora-facts.ts";
import {
  incidentKey,
  readEntitiesById,
  readEntitiesNaming,
  readRelatedWithin,
  readVerdicts,
} from "../../storage/dora-incidents.ts";
import { changeFact, deploymentFact, incidentFact } from "./map-facts.ts";
import { pauses } from "./pauses.ts";
import { onlyPlaying } from "./role-entities.ts";
import { fieldLink, serviceLink, servicesOf, timeProperty } from "./roles.ts";
import type { DoraSettings } from "./settings.ts";

export interface CatalogFacts {
  readonly deployments: readonly DeploymentFact[];
  readonly changes: readonly ChangeFact[];
  readonly incidents: readonly IncidentFact[];
  readonly otherDeployments: readonly OtherDeployment[];
}

/** Around the failure window, as times are compared as text whatever their zone. */
const DAY_MS = 86_400_000;

/** To be awaited between two entities: expressions of a source with many take long. */
type Pause = () => Promise<void>;

/** @param after called whenever others had their turn; what it throws ends the reading */
export async function readCatalogFacts(
  ctx: Ctx,
  settings: DoraSettings,
  service: string,
  after?: () => void,
): Promise<CatalogFacts> {
  const pause = pauses(after);
  const target = { blueprint: settings.service.blueprint, service };
  const { roles } = settings;
  const deployments = await readFacts(ctx, roles.deployment, { ...target, pause }, deploymentFact);
  const changes = await readFacts(ctx, roles.change, { ...target, pause }, changeFact);
  const incidents = await readIncidentFacts(ctx, settings, { service, deployments, pause });
  const otherDeployments = await readOtherDeployments(ctx, settings, {
    ...{ service, pause },
    ...{ own: deployments, incidents },
  });
  return { deployments, changes, incidents, otherDeployments };
}

async function readFacts<F extends ChangeFact | DeploymentFact>(
  ctx: Ctx,
  sources: readonly RoleSource[],
  asked: { readonly blueprint: string; readonly service: string; readonly pause: Pause },
  map: (row: RoleEntityRow, source: RoleSource) => F | null,
): Promise<F[]> {
  const { blueprint, service, pause } = asked;
  const facts: F[] = [];
  for (const source of sources) {
    const link = serviceLink(source);
    if (link === null) continue;
    const rows = await readRoleEntities(ctx.db, ctx.org, blueprint, source.blueprint, link, service);
    for (const row of await onlyPlaying(ctx, source, rows)) {
      const fact = map(row, source);
      if (fact !== null) facts.push(fact);
      await pause();
    }
  }
  return facts;
}

interface IncidentRow {
  readonly row: RoleEntityRow;
  readonly source: RoleSource;
}

/** Those that name the service, and those that a deployment of it is said to have caused. */
async function readIncidentFacts(
  ctx: Ctx,
  settings: DoraSettings,
  asked: {
    readonly service: string;
    readonly deployments: readonly DeploymentFact[];
    readonly pause: Pause;
  },
): Promise<IncidentFact[]> {
  const { service, deployments, pause } = asked;
  const { db, org } = ctx;
  const sources = settings.roles.incident;
  if (sources.length === 0) return [];
  const ids = deployments.map(({ id }) => id);
  const found = new Map<string, IncidentRow>();
  const add = async (source: RoleSource, rows: readonly RoleEntityRow[]): Promise<void> => {
    for (const row of await onlyPlaying(ctx, source, rows))
      found.set(incidentKey({ blueprint: row.blueprint, id: row.identifier }), { row, source });
  };
  for (const source of sources) {
    const link = serviceLink(source);
    if (link !== null)
      await add(
        source,
        await readRoleEntities(db, org, settings.service.blueprint, source.blueprint, link, service),
      );
    else if (service === "") await add(source, await readAll(ctx, source.blueprint));
    const cause = fieldLink(source.fields["causedBy"]);
    if (cause !== null) await add(source, await readEntitiesNaming(db, org, source.blueprint, cause, ids));
  }
  const known = [...found.values()].map(({ row }) => ({ blueprint: row.blueprint, id: row.identifier }));
  const verdicts = await readVerdicts(db, org, { incidents: known, deployments: ids });
  const blamed = verdicts.filter(
    ({ blueprint, incident }) => !found.has(incidentKey({ blueprint, id: incident })),
  );
  for (const source of sources) {
    const wanted = blamed.filter(({ blueprint }) => blueprint === source.blueprint);
    const names = wanted.map(({ incident }) => incident);
    await add(source, await readEntitiesById(db, org, [source.blueprint], names));
  }
  const byIncident = new Map(
    verdicts.map(({ blueprint, incident, deployment, reason, decided_by: by }): [string, IncidentVerdict] => [
      incidentKey({ blueprint, id: incident }),
      { deployment, reason, by },
    ]),
  );
  const facts: IncidentFact[] = [];
  for (const [key, { row, source }] of found) {
    const fact = incidentFact(row, source, byIncident.get(key) ?? null);
    if (fact !== null) facts.push(fact);
    await pause();
  }
  return facts;
}

/** All entities of a source that names no services. */
const readAll = async (ctx: Ctx, blueprint: string): Promise<RoleEntityRow[]> =>
  readRoleEntities(ctx.db, ctx.org, "", blueprint, { property: "" }, "");

/** What the incidents may be linked to beyond the service: deployments of their other services, and those named. */
async function readOtherDeployments(
  ctx: Ctx,
  settings: DoraSettings,
  asked: {
    readonly service: string;
    readonly own: readonly DeploymentFact[];
    readonly incidents: readonly IncidentFact[];
    readonly pause: Pause;
  },
): Promise<OtherDeployment[]> {
  const { service, own, incidents, pause } = asked;
  const { db, org } = ctx;
  const shared = incidents.filter(({ services }) => services.length > 1 && services.includes(service));
  const others = [...new Set(shared.flatMap(({ services }) => services))].filter((name) => name !== service);
  const ownIds = new Set(own.map(({ id }) => id));
  const named = incidents.flatMap(({ causedBy, verdict }) => [...causedBy, verdict?.deployment ?? ""]);
  const unknown = [...new Set(named)].filter((id) => id !== "" && !ownIds.has(id));
  const margin = settings.failureWindowHours * 3_600_000 + DAY_MS;
  const spans = shared.map(({ startedAt }) => ({
    from: new Date(startedAt - margin).toISOString(),
    to: new Date(startedAt + DAY_MS).toISOString(),
  }));
  const found = new Map<string, OtherDeployment>();
  const add = async (
    source: RoleSource,
    rows: readonly RoleEntityRow[],
    wanted: (name: string) => boolean,
  ): Promise<void> => {
    for (const row of await onlyPlaying(ctx, source, rows)) {
      await pause();
      const deployment = deploymentFact(row, source);
      if (deployment === null) continue;
      for (const name of servicesOf(row, source))
        if (name !== service && wanted(name))
          found.set(JSON.stringify([name, deployment.blueprint, deployment.id]), {
            service: name,
            deployment,
          });
    }
  };
  for (const source of settings.roles.deployment) {
    const link = serviceLink(source);
    if (others.length > 0 && link !== null && "relation" in link)
      await add(
        source,
        await readRelatedWithin(
          db,
          org,
          settings.service.blueprint,
          source.blueprint,
          link.relation,
          others,
          timeProperty("deployment", source),
          spans,
        ),
        (name) => others.includes(name),
      );
    await add(source, await readEntitiesById(db, org, [source.blueprint], unknown), () => true);
  }
  return [...found.values()];
}

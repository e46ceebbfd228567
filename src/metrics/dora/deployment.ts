import type { DerivedDeployment, DerivedIncident, Shipment } from "../../dora/derived.ts";
import { notFound } from "../../model/error.ts";
import type { Sight } from "../../model/sight.ts";
import type { Ctx } from "../../storage/context.ts";
import { nextDeployment, readDeployment, readShipmentsOfDeployment } from "../../storage/dora-derived.ts";
import { readIncidentsOfDeployment } from "../../storage/dora-incidents.ts";
import { presentDeployment, presentIncident, presentShipment } from "./present.ts";
import { loadSettings } from "./settings.ts";
import { incidentsInSight, requireSources, servicesInSight } from "./within-sight.ts";

/** A deployment with its changes and neighbours. @throws AppError not_found, forbidden */
export async function deploymentDetail(ctx: Ctx, id: string, sight: Sight | null): Promise<object> {
  const settings = await loadSettings(ctx);
  requireSources(settings, sight);
  if (id.includes("\u0000")) throw notFound("deployment", id);
  const rows = (await readDeployment(ctx.db, ctx.org, id)) as DerivedDeployment[];
  const services = rows.map((row) => row.service);
  const seen = await servicesInSight(ctx, sight, settings.service.blueprint, services);
  const deployment = rows.find((row) => seen?.includes(row.service) !== false);
  if (deployment === undefined) throw notFound("deployment", id);
  const all = (await readShipmentsOfDeployment(ctx.db, ctx.org, id)) as Shipment[];
  const next = await nextDeployment(ctx.db, ctx.org, {
    service: deployment.service,
    environment: deployment.environment,
    finishedAt: new Date(deployment.finishedAt),
    id,
  });
  const linked = (await readIncidentsOfDeployment(ctx.db, ctx.org, id)) as DerivedIncident[];
  const incidents = await incidentsInSight(ctx, sight, settings, linked);
  const changes = all
    .filter((s) => s.service === deployment.service && s.environment === deployment.environment)
    .sort((a, b) => (a.mergedAt ?? 0) - (b.mergedAt ?? 0) || (a.change < b.change ? -1 : 1));
  return {
    deployment: presentDeployment(deployment),
    changes: changes.map(presentShipment),
    incidents: incidents
      .filter((one, index) => incidents.findIndex((other) => isSame(one, other)) === index)
      .map(presentIncident),
    previous: deployment.previous,
    next,
  };
}

const isSame = (one: DerivedIncident, other: DerivedIncident): boolean =>
  one.blueprint === other.blueprint && one.id === other.id;

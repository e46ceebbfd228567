import type { DerivedDeployment, Shipment } from "../../dora/derived.ts";
import { notFound } from "../../model/error.ts";
import type { Ctx } from "../../storage/context.ts";
import { nextDeployment, readDeployment, readShipmentsOfDeployment } from "../../storage/dora-derived.ts";
import { presentDeployment, presentShipment } from "./present.ts";

/** A deployment with its changes and neighbours. @throws AppError not_found */
export async function deploymentDetail(ctx: Ctx, id: string): Promise<object> {
  if (id.includes("\u0000")) throw notFound("deployment", id);
  const [deployment] = (await readDeployment(ctx.db, ctx.org, id)) as DerivedDeployment[];
  if (deployment === undefined) throw notFound("deployment", id);
  const all = (await readShipmentsOfDeployment(ctx.db, ctx.org, id)) as Shipment[];
  const next = await nextDeployment(ctx.db, ctx.org, {
    service: deployment.service,
    environment: deployment.environment,
    finishedAt: new Date(deployment.finishedAt),
    id,
  });
  const changes = all
    .filter((s) => s.service === deployment.service && s.environment === deployment.environment)
    .sort((a, b) => (a.mergedAt ?? 0) - (b.mergedAt ?? 0) || (a.change < b.change ? -1 : 1));
  return {
    deployment: presentDeployment(deployment),
    changes: changes.map(presentShipment),
    previous: deployment.previous,
    next,
  };
}

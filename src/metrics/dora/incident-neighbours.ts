/** Which services have to do with each other through incidents: what marks one for derivation marks the others. */
import type { Ctx } from "../../storage/context.ts";
import {
  readEntitiesById,
  readEntitiesNaming,
  readVerdicts,
  servicesNamedTogether,
} from "../../storage/dora-incidents.ts";
import { fieldLink, serviceLink, servicesOf } from "./roles.ts";
import type { DoraSettings } from "./settings.ts";

/** Services that share an incident with one of these. */
export async function servicesBeside(
  ctx: Ctx,
  { roles, service }: DoraSettings,
  services: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const source of roles.incident) {
    const link = serviceLink(source);
    if (link === null || !("relation" in link)) continue;
    const { blueprint } = source;
    found.push(
      ...(await servicesNamedTogether(
        ctx.db,
        ctx.org,
        service.blueprint,
        blueprint,
        link.relation,
        services,
      )),
    );
  }
  return found;
}

/** Services of the incidents whose data or verdict blame one of the deployments. */
export async function servicesOfIncidentsNaming(
  ctx: Ctx,
  { roles }: DoraSettings,
  deployments: readonly string[],
): Promise<string[]> {
  if (deployments.length === 0) return [];
  const { db, org } = ctx;
  const verdicts = await readVerdicts(db, org, { incidents: [], deployments });
  const found: string[] = [];
  for (const source of roles.incident) {
    const cause = fieldLink(source.fields["causedBy"]);
    const judged = verdicts.filter(({ blueprint }) => blueprint === source.blueprint);
    const names = judged.map(({ incident }) => incident);
    const rows = [
      ...(cause === null ? [] : await readEntitiesNaming(db, org, source.blueprint, cause, deployments)),
      ...(await readEntitiesById(db, org, [source.blueprint], names)),
    ];
    for (const row of rows) found.push(...servicesOf(row, source));
  }
  return found;
}

/** Services of the deployments that incidents name as their cause, or that a verdict about these incidents blames. */
export async function servicesOfCauses(
  ctx: Ctx,
  { roles }: DoraSettings,
  deployments: readonly string[],
  incidents: readonly { readonly blueprint: string; readonly id: string }[],
): Promise<string[]> {
  if (deployments.length === 0 && incidents.length === 0) return [];
  const { db, org } = ctx;
  const verdicts = await readVerdicts(db, org, { incidents, deployments: [] });
  const blamed = verdicts.flatMap(({ deployment }) => (deployment === null ? [] : [deployment]));
  const found: string[] = [];
  for (const source of roles.deployment)
    for (const row of await readEntitiesById(db, org, [source.blueprint], [...deployments, ...blamed]))
      found.push(...servicesOf(row, source));
  return found;
}

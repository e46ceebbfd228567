/**
 * What somebody may not read must not show in the numbers (data-model.md §8.5). Facts about deployments and changes
 * are not kept apart by who may read them, so one who may not read all of these gets no numbers; of services those that
 * may be read count.
 */
import type { DerivedIncident } from "../../dora/derived.ts";
import { AppError } from "../../model/error.ts";
import type { Sight } from "../../model/sight.ts";
import type { Ctx } from "../../storage/context.ts";
import { servicesOfRepository } from "../../storage/dora-derived.ts";
import { allServices, listEntities } from "../../storage/dora-facts.ts";
import { type DoraSettings, loadSettings } from "./settings.ts";

/** @throws AppError forbidden, naming the blueprint */
export function requireSources({ roles }: Pick<DoraSettings, "roles">, sight: Sight | null): void {
  if (sight === null) return;
  const hidden = Object.values(roles)
    .flat()
    .find(({ blueprint }) => !sight.isWhole(blueprint));
  if (hidden !== undefined)
    throw new AppError(
      "forbidden",
      `the metrics are made of all entities of blueprint "${hidden.blueprint}", of which you may not read every one`,
    );
}

/** @throws AppError forbidden, whether the entity exists or not */
export async function requireScope(sight: Sight | null, blueprint: string, entity: string): Promise<void> {
  if (sight === null || (await sight.among(blueprint, [entity])).has(entity)) return;
  throw new AppError("forbidden", `entity "${entity}" of blueprint "${blueprint}" may not be read by you`);
}

/** Of these services (null: all there are) those that count; null: all. The service "" stands for rows that name none. */
export async function servicesInSight(
  ctx: Ctx,
  sight: Sight | null,
  serviceBlueprint: string,
  services: readonly string[] | null,
): Promise<readonly string[] | null> {
  if (sight === null || sight.isWhole(serviceBlueprint)) return services;
  const all = services ?? (await allServices(ctx.db, ctx.org, serviceBlueprint));
  const seen = await sight.among(
    serviceBlueprint,
    all.filter((service) => service !== ""),
  );
  return all.filter((service) => service === "" || seen.has(service));
}

/** The entities of a blueprint, in order, that may be seen. */
export async function entitiesInSight(
  ctx: Ctx,
  sight: Sight | null,
  blueprint: string,
): Promise<{ identifier: string; title: string | null }[]> {
  const all = await listEntities(ctx.db, ctx.org, blueprint);
  if (sight === null || sight.isWhole(blueprint)) return all;
  const seen = await sight.among(
    blueprint,
    all.map((entity) => entity.identifier),
  );
  return all.filter((entity) => seen.has(entity.identifier));
}

/** Commits are seen by those who see a service of their repository. */
export async function isRepositoryInSight(
  ctx: Ctx,
  sight: Sight | null,
  { service }: Pick<DoraSettings, "service">,
  repository: string,
): Promise<boolean> {
  if (sight === null || sight.isWhole(service.blueprint)) return true;
  const services = await servicesOfRepository(ctx.db, ctx.org, repository);
  return (await sight.among(service.blueprint, services)).size > 0;
}

/** Of these imports those all of whose services may be seen. */
export async function importsInSight<T extends { readonly services: readonly string[] }>(
  ctx: Ctx,
  sight: Sight | null,
  runs: readonly T[],
): Promise<T[]> {
  if (sight === null) return [...runs];
  const { service } = await loadSettings(ctx);
  const seen = await sight.among(
    service.blueprint,
    runs.flatMap((run) => run.services),
  );
  return runs.filter((run) => run.services.every((name) => seen.has(name)));
}

/** Incidents of services that may be seen; what they say of other services is left out. */
export async function incidentsInSight(
  ctx: Ctx,
  sight: Sight | null,
  { service }: Pick<DoraSettings, "service">,
  incidents: readonly DerivedIncident[],
): Promise<readonly DerivedIncident[]> {
  const named = incidents.flatMap(({ services, link, candidates }) => [
    ...services,
    ...(link.service === null ? [] : [link.service]),
    ...candidates.map((one) => one.service),
  ]);
  const seen = await servicesInSight(ctx, sight, service.blueprint, [...new Set(named), ""]);
  if (seen === null || sight === null || sight.isWhole(service.blueprint)) return incidents;
  const isSeen = (name: string): boolean => seen.includes(name);
  return incidents
    .filter((incident) => isSeen(incident.service))
    .map((incident) => {
      const { link } = incident;
      const hidden = link.deployment !== null && (link.service === null || !isSeen(link.service));
      const candidates = incident.candidates.filter((one) => isSeen(one.service));
      return {
        ...incident,
        services: incident.services.filter(isSeen),
        candidates,
        candidateCount: candidates.length,
        ...(hidden && {
          link: {
            ...link,
            ...{ deployment: null, service: null, environment: null },
            reason: "the deployment it is linked to may not be read by you",
          },
        }),
      };
    });
}

/** Fields and queries of roles over mirrors and calculations, and inherited owners: what changes without a row in the change feed. */
import { planOf } from "../../model/blueprint.ts";
import type { RoleSettings, RoleSource } from "../../model/dora-roles.ts";
import { propertiesAsked } from "../../model/role-query.ts";
import type { Ctx } from "../../storage/context.ts";
import { recordOwners } from "../../storage/dora-ownership.ts";
import { readEntitiesById } from "../../storage/dora-incidents.ts";
import { setWatched, takeTouched } from "../../storage/dora-touched.ts";
import { readBlueprints } from "../../storage/search-catalog.ts";
import { type EntityLike, servicesOf } from "./roles.ts";

const BATCH = 1000;

/** Whose derived values are read; to be called when settings or definitions changed. */
export async function watchDerived(ctx: Ctx, { roles, service }: RoleSettings): Promise<void> {
  const sources = Object.values(roles).flat();
  const names = [service.blueprint, ...sources.map(({ blueprint }) => blueprint)];
  const documents = await readBlueprints(ctx.db, ctx.org, [...new Set(names)]);
  const plans = new Map(
    documents.map(({ document }) => planOf(document)).map((plan) => [plan.identifier, plan]),
  );
  const isDerivedProperty = (blueprint: string, property: string): boolean =>
    plans.get(blueprint)?.derived.has(property) === true;
  const isDerived = (blueprint: string, path: string): boolean =>
    path.startsWith("properties.") && isDerivedProperty(blueprint, path.slice("properties.".length));
  // An expression may read anything.
  const reads = ({ blueprint, fields, query = {} }: RoleSource): boolean =>
    Object.values(fields).some((field) => typeof field !== "string" || isDerived(blueprint, field)) ||
    propertiesAsked(query).some((property) => isDerivedProperty(blueprint, property));
  const watched = sources.filter(reads).map(({ blueprint }) => blueprint);
  const isServiceRead =
    plans.get(service.blueprint)?.ownership === "inherited" ||
    [service.repository, service.paths].some((path) => isDerived(service.blueprint, path));
  await setWatched(ctx.db, ctx.org, isServiceRead ? [...watched, service.blueprint] : watched);
}

/** Services of what changed, before and after; owners of services that changed are kept. */
export async function followDerived(
  tx: Ctx,
  { roles, service }: RoleSettings,
): Promise<{ readonly services: readonly string[]; readonly isMore: boolean }> {
  const touched = await takeTouched(tx.db, tx.org, BATCH);
  if (touched.length === 0) return { services: [], isMore: false };
  const services: string[] = [];
  for (const blueprint of new Set(touched.map((one) => one.blueprint))) {
    const before = new Map(
      touched.filter((one) => one.blueprint === blueprint).map((one) => [one.identifier, one]),
    );
    const rows = await readEntitiesById(tx.db, tx.org, [blueprint], [...before.keys()]);
    const sources = Object.values(roles)
      .flat()
      .filter((source) => source.blueprint === blueprint);
    for (const row of rows) {
      const derived = before.get(row.identifier)?.derived ?? {};
      const states: EntityLike[] = [
        { ...row, createdAt: row.created_at.toISOString() },
        { ...row, createdAt: row.created_at.toISOString(), properties: { ...row.properties, ...derived } },
      ];
      for (const source of sources) for (const state of states) services.push(...servicesOf(state, source));
    }
    if (blueprint !== service.blueprint) continue;
    services.push(...before.keys());
    const owners = rows.flatMap((row) => {
      const was = before.get(row.identifier);
      const [old, now] = [[...(was?.team ?? [])].sort(), [...row.team].sort()];
      if (was === undefined || old.join("\u0000") === now.join("\u0000")) return [];
      return [{ service: row.identifier, at: was.at, before: old, after: now }];
    });
    await recordOwners(tx.db, tx.org, owners);
  }
  return { services: [...new Set(services)], isMore: touched.length === BATCH };
}

/** Identifiers, relations and teams given as search queries (data-model.md §4.3, decisions 2 and 3). */
import type { BlueprintPlan, RelationPlan } from "../model/blueprint.ts";
import { type EntityWrite, isByQuery, type PlainWrite } from "../model/entity-write.ts";
import { AppError, invalid } from "../model/error.ts";
import type { QueryGroup } from "../model/query.ts";
import type { Ctx } from "../storage/context.ts";
import { getDefinition } from "./definitions.ts";
import { findMany } from "./search-many.ts";

/** At most so many entities come out of a relation query (data-model.md §2.7). */
const MAX_MATCHES = 100;
const LISTED = 20;

/** @throws AppError: no or several entities for an identifier, none for a required relation */
export async function resolveWrite(
  ctx: Ctx,
  plan: BlueprintPlan,
  write: EntityWrite,
  generateIdentifier: () => string,
): Promise<PlainWrite> {
  const { identifier, team, ...rest } = write;
  const warnings = [...write.warnings];
  const resolvedTeam = isByQuery(team) ? await findTeams(ctx, team.query, warnings) : team;
  const relations = new Map<string, readonly string[]>();
  for (const [id, value] of write.relations) {
    const relation = plan.relations.get(id);
    if (relation === undefined) continue;
    relations.set(id, isByQuery(value) ? await findTargets(ctx, relation, value.query, warnings) : value);
  }
  return {
    ...rest,
    identifier: isByQuery(identifier)
      ? await findOne(ctx, plan, identifier.query)
      : (identifier ?? generateIdentifier()),
    ...(resolvedTeam === undefined ? {} : { team: resolvedTeam }),
    relations,
    warnings,
  };
}

/** Identifiers of the matching entities, oldest first. */
async function find(ctx: Ctx, plan: BlueprintPlan, query: QueryGroup, limit: number): Promise<string[]> {
  const [found = []] = await findMany(ctx, [{ blueprint: plan.identifier, query, limit }]);
  return found;
}

async function findOne(ctx: Ctx, plan: BlueprintPlan, query: QueryGroup): Promise<string> {
  const found = await find(ctx, plan, query, LISTED + 1);
  const [first, ...others] = found;
  if (first === undefined)
    throw new AppError(
      "not_found",
      `identifier: the entity of blueprint "${plan.identifier}" that the query asks for was not found`,
    );
  if (others.length > 0)
    throw invalid(`identifier: the query must match one entity, but matches ${listed(found)}`);
  return first;
}

async function findTargets(
  ctx: Ctx,
  relation: RelationPlan,
  query: QueryGroup,
  warnings: string[],
): Promise<readonly string[]> {
  const field = `relations.${relation.identifier}`;
  const { plan } = await getDefinition(ctx, relation.target);
  const found = await find(ctx, plan, query, MAX_MATCHES + 1);
  const [first, ...others] = found;
  if (first === undefined) {
    if (relation.required)
      throw new AppError(
        "not_found",
        `${field} is required; the entity of blueprint "${relation.target}" that the query asks for was not found`,
      );
    warnings.push(`${field}: the query matches no entity of blueprint "${relation.target}"`);
    return [];
  }
  if (relation.many) {
    if (found.length > MAX_MATCHES)
      warnings.push(
        `${field}: the query matches more than ${MAX_MATCHES} entities; the oldest ${MAX_MATCHES} are taken`,
      );
    return found.slice(0, MAX_MATCHES);
  }
  if (others.length > 0)
    warnings.push(
      `${field}: the query matches several entities; "${first}", the oldest, is taken, not ${listed(others)}`,
    );
  return [first];
}

async function findTeams(ctx: Ctx, query: QueryGroup, warnings: string[]): Promise<readonly string[]> {
  const found = await getDefinition(ctx, "_team")
    .then(({ plan }) => find(ctx, plan, query, MAX_MATCHES))
    .catch((error: unknown) => {
      if (error instanceof AppError && error.code === "not_found") return [];
      throw error;
    });
  if (found.length === 0) warnings.push("team: the query matches no team");
  return found;
}

function listed(identifiers: readonly string[]): string {
  const shown = identifiers.slice(0, LISTED).map((id) => `"${id}"`);
  return shown.join(", ") + (identifiers.length > LISTED ? " and more" : "");
}

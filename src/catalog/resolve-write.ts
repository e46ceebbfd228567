/** Identifiers, relations and teams given as search queries (data-model.md §4.3, decisions 2 and 3). */
import type { BlueprintPlan, RelationPlan } from "../model/blueprint.ts";
import { type EntityWrite, isByQuery, type PlainWrite } from "../model/entity-write.ts";
import { AppError, invalid } from "../model/error.ts";
import { TEAM_BLUEPRINT } from "../model/query-graph.ts";
import type { Ctx } from "../storage/context.ts";
import { findMany, type Lookup } from "./search-many.ts";
import { walks } from "./search-plan.ts";

/** At most so many entities come out of a relation query (data-model.md §2.7). */
const MAX_MATCHES = 100;
const LISTED = 20;

/** A write with what it asks for, and what becomes of it once that is answered. */
interface Resolution {
  readonly lookups: readonly Lookup[];
  /** @param found identifiers for each look-up, oldest first. @throws AppError */
  readonly settle: (found: readonly (readonly string[])[]) => PlainWrite;
}

/**
 * All look-ups in few statements.
 * @returns for each write what it becomes, or why not: no or several entities for an identifier, none for a required
 * relation
 */
export async function resolveWrites(
  ctx: Ctx,
  plan: BlueprintPlan,
  writes: readonly EntityWrite[],
  generateIdentifier: () => string,
): Promise<(PlainWrite | AppError)[]> {
  const resolutions = writes.map((write) => resolutionOf(plan, write, generateIdentifier));
  let found: readonly (readonly string[])[];
  try {
    found = await findMany(
      ctx,
      resolutions.flatMap((resolution) => resolution.lookups),
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const [only] = writes;
    if (only === undefined || writes.length === 1) return [error];
    // One of the queries is at fault: each for itself.
    const alone: (PlainWrite | AppError)[] = [];
    for (const write of writes) alone.push(...(await resolveWrites(ctx, plan, [write], generateIdentifier)));
    return alone;
  }
  let at = 0;
  return resolutions.map(({ lookups, settle }) => {
    try {
      return settle(found.slice(at, (at += lookups.length)));
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
  });
}

/**
 * True when nothing that other items of the batch write can change what this one's queries find: then it need not wait
 * for them.
 */
export function standsAlone(
  plan: BlueprintPlan,
  write: EntityWrite,
  { createMissing }: { readonly createMissing: boolean },
): boolean {
  return (
    !createMissing &&
    resolutionOf(plan, write, () => "").lookups.every(
      ({ blueprint, query }) => blueprint !== plan.identifier && !walks(query),
    )
  );
}

function resolutionOf(plan: BlueprintPlan, write: EntityWrite, generateIdentifier: () => string): Resolution {
  const { identifier, team, ...rest } = write;
  const lookups: Lookup[] = [];
  /** @returns the place of the answer */
  const ask = (lookup: Lookup): number => lookups.push(lookup) - 1;
  const teamAt = isByQuery(team)
    ? ask({ blueprint: TEAM_BLUEPRINT, query: team.query, limit: MAX_MATCHES })
    : null;
  const asked = new Map<string, number>();
  for (const [id, value] of write.relations) {
    const relation = plan.relations.get(id);
    if (relation !== undefined && isByQuery(value))
      asked.set(id, ask({ blueprint: relation.target, query: value.query, limit: MAX_MATCHES + 1 }));
  }
  const identifierAt = isByQuery(identifier)
    ? ask({ blueprint: plan.identifier, query: identifier.query, limit: LISTED + 1 })
    : null;
  return {
    lookups,
    settle: (found) => {
      const warnings = [...write.warnings];
      const answer = (at: number): readonly string[] => found[at] ?? [];
      const resolvedTeam = teamAt === null ? team : teamsOf(answer(teamAt), warnings);
      const relations = new Map<string, readonly string[]>();
      for (const [id, value] of write.relations) {
        const relation = plan.relations.get(id);
        const at = asked.get(id);
        if (relation === undefined) continue;
        if (at !== undefined) relations.set(id, targetsOf(relation, answer(at), warnings));
        else if (!isByQuery(value)) relations.set(id, value);
      }
      return {
        ...rest,
        identifier:
          identifierAt !== null
            ? theOne(plan, answer(identifierAt))
            : typeof identifier === "string"
              ? identifier
              : generateIdentifier(),
        ...(resolvedTeam === undefined || isByQuery(resolvedTeam) ? {} : { team: resolvedTeam }),
        relations,
        warnings,
      };
    },
  };
}

function theOne(plan: BlueprintPlan, found: readonly string[]): string {
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

function targetsOf(relation: RelationPlan, found: readonly string[], warnings: string[]): readonly string[] {
  const field = `relations.${relation.identifier}`;
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

function teamsOf(found: readonly string[], warnings: string[]): readonly string[] {
  if (found.length === 0) warnings.push("team: the query matches no team");
  return found;
}

function listed(identifiers: readonly string[]): string {
  const shown = identifiers.slice(0, LISTED).map((id) => `"${id}"`);
  return shown.join(", ") + (identifiers.length > LISTED ? " and more" : "");
}

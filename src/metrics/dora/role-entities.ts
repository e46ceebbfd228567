/** Which of a source's entities play its role, and what a source contributes. */
import { type BlueprintPlan, planOf } from "../../model/blueprint.ts";
import type { Role, RoleSource } from "../../model/dora-roles.ts";
import { AppError } from "../../model/error.ts";
import { parseRoleQuery, propertiesAsked } from "../../model/role-query.ts";
import { readBlueprint } from "../../storage/blueprints.ts";
import type { Ctx } from "../../storage/context.ts";
import { roleStatistics, type RoleEntityRow } from "../../storage/dora-facts.ts";
import { matchingIdentifiers, type RoleCondition } from "../../storage/dora-matching.ts";
import { blueprintIdentifiers } from "../../storage/dora-settings.ts";
import { followedCounts } from "../../storage/followed-counts.ts";
import { readBlueprints } from "../../storage/search-catalog.ts";
import { timeProperty } from "./roles.ts";

/** Those of the rows that the query of the source lets through; all without one. */
export async function onlyPlaying(
  ctx: Ctx,
  source: RoleSource,
  rows: readonly RoleEntityRow[],
): Promise<readonly RoleEntityRow[]> {
  if (source.query === undefined || rows.length === 0) return rows;
  try {
    const condition = await conditionOf(ctx, source);
    if (condition === null) return [];
    const identifiers = rows.map(({ identifier }) => identifier);
    const matching = await matchingIdentifiers(ctx.db, ctx.org, condition, identifiers);
    return rows.filter(({ identifier }) => matching.has(identifier));
  } catch (error) {
    // The blueprint changed under the query: the settings show the problem, derivation must go on.
    if (!(error instanceof AppError)) throw error;
    ctx.log.warn({ err: error, blueprint: source.blueprint }, "the query of a DORA role fits no more");
    return [];
  }
}

export interface AskedSource {
  readonly role: Role;
  readonly source: RoleSource;
}

export interface SourceStatistics {
  readonly role: Role;
  readonly blueprint: string;
  readonly rows: number;
  readonly lastEventAt: unknown;
  readonly excluded: number;
  /** Counted a while ago, as its time is derived. */
  readonly isHeld?: true;
  readonly problem?: string;
}

/**
 * Role, blueprint, rows and latest event of each source, in their order; `problem` says why its query lets nothing through.
 * Those without a query are counted together.
 */
export async function statisticsOfSources(
  ctx: Ctx,
  asked: readonly AskedSource[],
): Promise<SourceStatistics[]> {
  const { db, org } = ctx;
  const whole = asked.filter(({ source }) => source.query === undefined);
  const counts = await followedCounts(
    db,
    org,
    whole.map(({ role, source }) => ({ blueprint: source.blueprint, time: timeProperty(role, source) })),
    { now: ctx.now().getTime() },
  );
  const countOf = new Map(whole.map((one, index) => [one, counts[index]]));
  return Promise.all(
    asked.map(async (one) => {
      const { role, source } = one;
      const { blueprint } = source;
      const time = timeProperty(role, source);
      // A change that is not merged yet has no time, and is as it should be.
      const needsTime = role !== "change" && time !== null;
      const count = countOf.get(one);
      if (count === undefined)
        return { role, blueprint, ...(await statisticsByQuery(ctx, source, time, needsTime)) };
      const excluded = needsTime ? count.rows - count.timed : 0;
      return {
        role,
        blueprint,
        rows: count.rows,
        lastEventAt: count.last,
        excluded,
        ...(count.isHeld && { isHeld: true }),
      };
    }),
  );
}

async function statisticsByQuery(
  ctx: Ctx,
  source: RoleSource,
  time: string | null,
  needsTime: boolean,
): Promise<Omit<SourceStatistics, "role" | "blueprint">> {
  try {
    const condition = await conditionOf(ctx, source);
    if (condition === null) return { rows: 0, lastEventAt: null, excluded: 0 };
    return await roleStatistics(ctx.db, ctx.org, source.blueprint, time, needsTime, condition);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { rows: 0, lastEventAt: null, excluded: 0, problem: error.message };
  }
}

/** Null when the blueprint is gone. @throws AppError where the query no longer fits it */
async function conditionOf(ctx: Ctx, { blueprint, query }: RoleSource): Promise<RoleCondition | null> {
  const stored = await readBlueprint(ctx.db, ctx.org, blueprint);
  if (stored === null) return null;
  const plan = planOf(stored.document);
  return {
    plan,
    query: parseRoleQuery(query, `roles.query of ${blueprint}`, plan),
    blueprints: await blueprintsFor(ctx, plan, propertiesAsked(query ?? {})),
  };
}

/** What a mirror is follows from the blueprints that it leads through; they are read only where one is asked for. */
async function blueprintsFor(
  { db, org }: Ctx,
  plan: BlueprintPlan,
  asked: readonly string[],
): Promise<ReadonlyMap<string, BlueprintPlan>> {
  if (!asked.some((property) => plan.derived.get(property) === "mirror"))
    return new Map([[plan.identifier, plan]]);
  const documents = await readBlueprints(db, org, await blueprintIdentifiers(db, org));
  return new Map(documents.map(({ document }) => planOf(document)).map((one) => [one.identifier, one]));
}

/** How far an initiative has come: entities that it is about, and those that are there. */
import { planOf } from "../../model/blueprint.ts";
import { goalRules, type Initiative } from "../../model/initiative.ts";
import type { JsonObject } from "../../model/json.ts";
import type { ScorecardPlan } from "../../model/scorecard.ts";
import { aggregateEntities } from "../../catalog/aggregate-entities.ts";
import { searchInBlueprint } from "../../catalog/search-entities.ts";
import { readBlueprint } from "../../storage/blueprints.ts";
import type { Ctx } from "../../storage/context.ts";

export interface Counted {
  readonly total: number;
  readonly done: number;
}

/** The scorecard that it is about; null: it is gone. */
export async function scorecardOf(
  ctx: Ctx,
  { blueprint, scorecard }: Pick<Initiative, "blueprint" | "scorecard">,
): Promise<ScorecardPlan | null> {
  const found = await readBlueprint(ctx.db, ctx.org, blueprint);
  if (found === null) return null;
  return planOf(found.document).scorecards.find(({ identifier }) => identifier === scorecard) ?? null;
}

/** Of what whoever asks may read. @throws AppError `search_timeout` */
export async function countInitiative(
  ctx: Ctx,
  initiative: Initiative,
  scorecard: ScorecardPlan,
): Promise<Counted> {
  const { scope, done } = goalRules(initiative, scorecard.levels);
  const of = { property: "$blueprint", operator: "=", value: initiative.blueprint };
  const count = async (rules: readonly JsonObject[]): Promise<number> => {
    const query = { combinator: "and", rules: [of, ...rules] };
    return Number(await aggregateEntities(ctx, { func: "count", query }));
  };
  const total = await count(scope);
  return { total, done: total === 0 ? 0 : await count([...scope, done]) };
}

export interface OpenEntity {
  readonly identifier: string;
  readonly title: string;
  readonly team: readonly string[];
}

/** The first that are not there yet, oldest first. */
export async function openEntities(
  ctx: Ctx,
  initiative: Initiative,
  scorecard: ScorecardPlan,
  limit: number,
): Promise<OpenEntity[]> {
  const { entities } = await searchInBlueprint(ctx, initiative.blueprint, {
    ...{ query: openQuery(initiative, scorecard), limit, from: null },
    ...{ include: ["$identifier", "$title", "$team"], exclude: [] },
  });
  return entities.map(({ identifier, title, team }) => ({
    identifier: String(identifier),
    title: typeof title === "string" && title !== "" ? title : String(identifier),
    team: teamsIn(team),
  }));
}

const PAGE = 1000;

/** That own what is not there yet. @param limit of a page */
export async function openTeams(
  ctx: Ctx,
  initiative: Initiative,
  scorecard: ScorecardPlan,
  limit = PAGE,
): Promise<ReadonlySet<string>> {
  const teams = new Set<string>();
  let from: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof searchInBlueprint>> = await searchInBlueprint(
      ctx,
      initiative.blueprint,
      {
        ...{ query: openQuery(initiative, scorecard), limit, from },
        ...{ include: ["$team"], exclude: [] },
      },
    );
    for (const { team } of page.entities) for (const one of teamsIn(team)) teams.add(one);
    from = page.next;
  } while (from !== null);
  return teams;
}

const teamsIn = (team: unknown): string[] => (Array.isArray(team) ? (team as string[]) : []);

/** A search for those that are not there yet. */
export function openQuery(initiative: Initiative, scorecard: ScorecardPlan): JsonObject {
  const { scope, open } = goalRules(initiative, scorecard.levels);
  return { combinator: "and", rules: [...scope, open] };
}

/** What an alert watches must be there, and be of a kind that can be watched: otherwise it would be silent for ever. */
import type { AlertSource } from "../../model/alert.ts";
import { type BlueprintPlan, planOf } from "../../model/blueprint.ts";
import { derivedType } from "../../model/derive-types.ts";
import { invalid, notFound } from "../../model/error.ts";
import { allBlueprints } from "../../catalog/search-catalog.ts";
import { readBlueprint } from "../../storage/blueprints.ts";
import type { Ctx } from "../../storage/context.ts";
import { lastHeard } from "../../storage/last-heard.ts";

const AT = "alert.source";

/** @throws AppError not_found, invalid_request */
export async function checkWatched(ctx: Ctx, source: AlertSource): Promise<void> {
  if (source.type === "dataSource") {
    if ((await lastHeard(ctx.db, ctx.org, source.dataSource)) === null)
      throw notFound("Data source", source.dataSource);
    return;
  }
  const blueprint = source.type === "metric" ? source.per : source.blueprint;
  if (blueprint === null) return;
  const found = await readBlueprint(ctx.db, ctx.org, blueprint);
  if (found === null) throw notFound("Blueprint", blueprint);
  const plan = planOf(found.document);
  if (source.type === "property") await checkNumber(ctx, plan, source.property);
  if (source.type === "timer") checkTimer(plan, source.property);
  if (
    source.type === "scorecard" &&
    !plan.scorecards.some(({ identifier }) => identifier === source.scorecard)
  )
    throw invalid(`${AT}.scorecard "${source.scorecard}" is no scorecard of blueprint "${blueprint}"`);
}

async function checkNumber(ctx: Ctx, plan: BlueprintPlan, property: string): Promise<void> {
  const { identifier } = plan;
  const isDerived = plan.derived.has(property);
  const type = isDerived
    ? derivedType(await allBlueprints(ctx), plan, property)
    : plan.properties.get(property)?.type;
  if (type === undefined || type === null)
    throw invalid(`${AT}.property "${property}" is no property of blueprint "${identifier}"`);
  if (type !== "number")
    throw invalid(
      `${AT}.property "${property}" of blueprint "${identifier}" is of type ${type}; only numbers can be watched`,
    );
}

function checkTimer(plan: BlueprintPlan, property: string): void {
  if (plan.properties.get(property)?.format !== "timer")
    throw invalid(
      `${AT}.property "${property}" is no property of blueprint "${plan.identifier}" with format timer`,
    );
}

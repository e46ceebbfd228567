/** What the change feed says of a change of an entity. */
import type { BlueprintPlan } from "./blueprint.ts";
import { type Entity, type EntityJson, renderEntity } from "./entity.ts";
import { sameJson } from "./json.ts";
import { type ScoresJson, storedScores } from "./scores.ts";

/** Of blueprints with more rules, a change tells of the scorecards that it changes: two documents of 10,000 rules have 1 MB. */
const MAX_RULES = 500;

/** @param before null: the entity is new */
export function renderChange(
  plan: BlueprintPlan,
  before: Entity | null,
  after: Entity,
): { readonly before: EntityJson | null; readonly after: EntityJson } {
  const was = before === null ? null : renderEntity(plan, before);
  const is = renderEntity(plan, after);
  const rules = plan.scorecards.reduce((sum, one) => sum + one.rules.length, 0);
  if (rules <= MAX_RULES || was === null) return { before: was, after: is };
  const differs = (id: string): boolean => !sameJson(was.scorecards?.[id], is.scorecards?.[id]);
  const some = (scores: ScoresJson = {}): ScoresJson =>
    Object.fromEntries(Object.entries(scores).filter(([id]) => differs(id)));
  return {
    before: { ...was, scorecards: some(was.scorecards) },
    after: { ...is, scorecards: some(is.scorecards) },
  };
}

/** True when a scorecard says something else of the entity now. What a new scorecard says first is no news of the entity. */
export function hasOtherScore(before: Entity["derived"], after: Entity["derived"]): boolean {
  const now = storedScores(after);
  return Object.entries(storedScores(before)).some(([id, old]) => {
    const score = now[id];
    return score !== undefined && score.h === old.h && (score.l !== old.l || score.r !== old.r);
  });
}

/** Levels and statuses of rules as SQL, where they are stored beside the derived values of an entity. */
import { sql } from "kysely";
import { SCORES } from "../model/scorecard.ts";
import type { SearchScope } from "./search-compilation.ts";
import type { Sql } from "./search-values.ts";

/** null: the level. Otherwise the place of a rule in results of this shape. */
export type ScorePlace = readonly [shape: string, place: number] | null;

/** Blueprints that have the scorecard (and the rule), by where the value stands there (JSON of a `ScorePlace`). */
export function scoreKinds(
  scorecard: string,
  rule: string | null,
  { within, blueprints }: Pick<SearchScope, "within" | "blueprints">,
): Map<string, string[]> {
  const kinds = new Map<string, string[]>();
  for (const blueprint of within) {
    const plan = blueprints.get(blueprint)?.scorecards.find(({ identifier }) => identifier === scorecard);
    if (plan === undefined) continue;
    const place = plan.rules.findIndex(({ identifier }) => identifier === rule);
    if (rule !== null && place < 0) continue;
    const kind: ScorePlace = rule === null ? null : [plan.shape, place];
    const key = JSON.stringify(kind);
    kinds.set(key, [...(kinds.get(key) ?? []), blueprint]);
  }
  return kinds;
}

/** Title of the level, or SUCCESS or FAILURE; null where the scorecard is not about the entity. */
export function scoreText(scorecard: string, place: ScorePlace): Sql {
  const at = (key: string): Sql => sql`(e.derived #>> array[${SCORES}, ${scorecard}, ${key}]::text[])`;
  if (place === null) return at("l");
  const [shape, index] = place;
  return sql`(case when ${at("h")} = ${shape} then
    case substr(${at("r")}, ${index + 1}::int, 1) when '1' then 'SUCCESS' when '0' then 'FAILURE' end end)`;
}

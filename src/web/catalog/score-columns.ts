import { isUnjudged } from "../scorecards/level-parts.ts";
import type { ScorecardDoc } from "../scorecards/types.ts";
import { type Column, column } from "./blueprint.ts";

const SCORE = { source: "scorecard", sortable: false } as const;

/** A column for each scorecard with its level, and for each of its rules with whether it is fulfilled. */
export function scoreColumns(scorecards: readonly ScorecardDoc[]): Column[] {
  return scorecards.flatMap((scorecard) => {
    const { identifier, title, levels, rules } = scorecard;
    return [
      column(`#${identifier}`, title || identifier, "text", {
        ...SCORE,
        options: levels.map((level) => level.title),
        colors: Object.fromEntries(levels.map((level) => [level.title, level.color])),
        score: {
          ...{ scorecard: identifier, rule: null },
          isUnjudged: (entity) => isUnjudged(scorecard, entity),
        },
      }),
      ...rules.map((rule) =>
        column(`#${identifier}.${rule.identifier}`, `${title || identifier}: ${rule.title}`, "text", {
          ...SCORE,
          options: ["SUCCESS", "FAILURE"],
          colors: { SUCCESS: "green", FAILURE: "red" },
          description: rule.description ?? null,
          score: { scorecard: identifier, rule: rule.identifier },
        }),
      ),
    ];
  });
}

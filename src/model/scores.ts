/** Levels of an entity: how they are stored beside its derived values, and how they look to clients. */
import type { BlueprintPlan } from "./blueprint.ts";
import { isObject } from "./json.ts";
import { SCORES, type ScorecardPlan } from "./scorecard.ts";

/** Of one scorecard. Short, for there is one for every entity. */
export interface StoredScore {
  /** Title of the level. */
  readonly l: string;
  /** 1 or 0 for each rule, in their order. */
  readonly r: string;
  /** `shape` of the scorecard that it was computed by. */
  readonly h: string;
}

export type RuleStatus = "SUCCESS" | "FAILURE";

export interface ScoreJson {
  readonly level: string;
  readonly levelsCount: number;
  readonly rules: readonly {
    readonly identifier: string;
    readonly status: RuleStatus;
    readonly level: string;
  }[];
}

export type ScoresJson = Readonly<Record<string, ScoreJson>>;

/** @param passed whether each rule holds, in their order */
export function scoreOf({ levels, rules, shape }: ScorecardPlan, passed: readonly boolean[]): StoredScore {
  let r = "";
  let lowestFailed = levels.length;
  for (const [i, { level }] of rules.entries()) {
    const holds = passed[i] === true;
    r += holds ? "1" : "0";
    if (!holds && level < lowestFailed) lowestFailed = level;
  }
  // A level that no rule asks for is reached with one above it, and never by itself.
  let reached = 0;
  for (const { level } of rules) if (level < lowestFailed && level > reached) reached = level;
  return { l: levels[reached] ?? "", r, h: shape };
}

/** What is stored of the entity, by scorecard. */
export function storedScores(
  derived: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, StoredScore>> {
  const stored = derived === undefined ? undefined : derived[SCORES];
  return isObject(stored) ? (stored as unknown as Readonly<Record<string, StoredScore>>) : {};
}

/** Scorecards whose entities are being looked at anew are left out until that is done. */
export function renderScores(
  { scorecards }: BlueprintPlan,
  derived: Readonly<Record<string, unknown>> | undefined,
): ScoresJson {
  const stored = storedScores(derived);
  const result: Record<string, ScoreJson> = {};
  for (const { identifier, levels, rules, shape } of scorecards) {
    const score = Object.hasOwn(stored, identifier) ? stored[identifier] : undefined;
    if (score?.h !== shape) continue;
    result[identifier] = {
      level: score.l,
      levelsCount: levels.length,
      rules: rules.map((rule, i) => ({
        identifier: rule.identifier,
        status: score.r[i] === "1" ? "SUCCESS" : "FAILURE",
        level: levels[rule.level] ?? "",
      })),
    };
  }
  return result;
}

/**
 * Events of `_rule_result`: its entities are made where they are read, so that the change feed has no rows of them. What became of
 * the results of an entity is in the row of that entity.
 */
import type { AutomationEvent, ChangeLike } from "./automation-event.ts";
import type { BlueprintPlan } from "./blueprint.ts";
import { isObject, type JsonObject } from "./json.ts";
import { RESULTS, type ResultRule, type ResultTarget, resultTarget } from "./rule-results.ts";

/** The rules of a blueprint, to be found by names. */
export interface WatchedRules {
  readonly target: ResultTarget;
  /** By scorecard and identifier. */
  readonly rules: ReadonlyMap<string, ReadonlyMap<string, ResultRule>>;
}

const watched = new WeakMap<BlueprintPlan, WatchedRules | null>();

/** null: it has none. Of 10,000 rules made once for each definition. */
export function watchedRules(plan: BlueprintPlan): WatchedRules | null {
  const known = watched.get(plan);
  if (known !== undefined) return known;
  const target = resultTarget(plan);
  const rules = new Map<string, Map<string, ResultRule>>();
  for (const one of target?.rules ?? []) {
    const some = rules.get(one.scorecard) ?? new Map<string, ResultRule>();
    rules.set(one.scorecard, some.set(one.rule, one));
  }
  const made = target === null ? null : { target, rules };
  watched.set(plan, made);
  return made;
}

/**
 * Of each rule whose result is another now.
 * @param event the one of the row itself
 */
export function* resultEvents(
  { kind, action, before, after, at }: ChangeLike,
  { trigger }: AutomationEvent,
  { target, rules }: WatchedRules,
): Generator<AutomationEvent> {
  if (kind !== "entity" || action !== "UPDATE" || !isObject(before) || !isObject(after)) return;
  const [was, is] = [scoresIn(before), scoresIn(after)];
  for (const [scorecard, known] of rules)
    for (const [identifier, old, now] of turned(resultsIn(was[scorecard]), resultsIn(is[scorecard]))) {
      const rule = known.get(identifier);
      if (rule === undefined) continue;
      const show = (state: JsonObject, status: unknown): JsonObject =>
        resultOf(target, rule, state, status, at);
      const result = show(after, now);
      yield {
        ...{ action: "UPDATE", resourceType: "entity", trigger },
        context: { blueprintIdentifier: RESULTS, entityIdentifier: result["identifier"] },
        diff: { before: show(before, old), after: result },
      };
    }
}

const scoresIn = ({ scorecards }: JsonObject): JsonObject => (isObject(scorecards) ? scorecards : {});
const resultsIn = (score: unknown): readonly unknown[] =>
  isObject(score) && Array.isArray(score["rules"]) ? score["rules"] : [];

/** Rules that were asked before and after, with both results: mostly they stand in the same place. */
function* turned(was: readonly unknown[], is: readonly unknown[]): Generator<[string, unknown, unknown]> {
  let elsewhere: Map<unknown, unknown> | null = null;
  for (let i = 0; was.length > 0 && i < is.length; i++) {
    const [old, now] = [was[i], is[i]];
    if (!isObject(now) || typeof now["identifier"] !== "string") continue;
    const { identifier, status } = now;
    if (isObject(old) && old["identifier"] === identifier) {
      if (old["status"] !== status) yield [identifier, old["status"], status];
      continue;
    }
    elsewhere ??= new Map(was.filter(isObject).map((one) => [one["identifier"], one["status"]]));
    if (elsewhere.has(identifier) && elsewhere.get(identifier) !== status)
      yield [identifier, elsewhere.get(identifier), status];
  }
}

function resultOf(
  { blueprint, relation }: ResultTarget,
  rule: ResultRule,
  entity: JsonObject,
  status: unknown,
  at: Date,
): JsonObject {
  const identifier = String(entity["identifier"]);
  return {
    identifier: `${rule.row}:${identifier}`,
    ...{ title: rule.title, icon: null, blueprint: RESULTS, team: entity["team"] ?? [] },
    properties: {
      result: status === "SUCCESS" ? "Passed" : "Not passed",
      entity: identifier,
      entity_link: resultPath(blueprint, identifier),
      result_last_change: at.toISOString(),
      ...{ scorecard: rule.scorecard_title, blueprint, level: rule.level },
    },
    relations: { rule: rule.row, [relation]: identifier },
    createdAt: entity["createdAt"],
    updatedAt: at.toISOString(),
  };
}

/** The page of what was asked. */
export function resultPath(blueprint: string, entity: string): string {
  return `/c/${encodeURIComponent(blueprint)}/${encodeURIComponent(entity)}`;
}

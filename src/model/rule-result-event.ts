/**
 * Events of `_rule_result`: its entities are made where they are read, so that the change feed has no rows of them. What became of
 * the results of an entity is in the row of that entity.
 */
import { type AutomationEvent, type ChangeLike, eventOf } from "./automation-event.ts";
import { isObject, type JsonObject } from "./json.ts";
import { RESULTS, type ResultRule, type ResultTarget } from "./rule-results.ts";

/** Of each rule whose result is another now. @param target the rules of the row's blueprint */
export function resultEvents(
  orgId: string,
  row: ChangeLike,
  target: ResultTarget | undefined,
): AutomationEvent[] {
  if (target === undefined || row.kind !== "entity" || row.action !== "UPDATE") return [];
  const { before, after, at } = row;
  const event = eventOf(orgId, row);
  if (event === null || !isObject(before) || !isObject(after)) return [];
  const [was, is] = [statusesIn(before), statusesIn(after)];
  return target.rules.flatMap((rule): AutomationEvent[] => {
    const key = keyOf(rule.scorecard, rule.rule);
    const [old, now] = [was.get(key), is.get(key)];
    if (old === undefined || now === undefined || old === now) return [];
    const show = (state: JsonObject, status: unknown): JsonObject =>
      resultOf(target, rule, state, status, at);
    const result = show(after, now);
    return [
      {
        ...{ action: "UPDATE", resourceType: "entity", trigger: event.trigger },
        context: { blueprintIdentifier: RESULTS, entityIdentifier: result["identifier"] },
        diff: { before: show(before, old), after: result },
      },
    ];
  });
}

const keyOf = (scorecard: string, rule: unknown): string => JSON.stringify([scorecard, rule]);

function statusesIn({ scorecards }: JsonObject): ReadonlyMap<string, unknown> {
  const statuses = new Map<string, unknown>();
  for (const [scorecard, score] of Object.entries(isObject(scorecards) ? scorecards : {}))
    for (const rule of isObject(score) && Array.isArray(score["rules"])
      ? score["rules"].filter(isObject)
      : [])
      statuses.set(keyOf(scorecard, rule["identifier"]), rule["status"]);
  return statuses;
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

/** Dynamic policies (workflows.md §3.7): searches, then expressions over what they found. */
import { searchEverywhere } from "../catalog/search-entities.ts";
import { blueprintOf } from "../model/action.ts";
import type { Action } from "../model/action.ts";
import { AppError } from "../model/error.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { SYSTEM_ACTOR } from "../model/actor.ts";
import type { Ctx } from "../storage/context.ts";
import { compileMapping, compileTemplate, JqCompileError, JqError } from "../jq/index.ts";
import { formMeter, userOf } from "./inputs/form-context.ts";

export interface PolicyCase {
  readonly action: Action;
  /** As templates see them; null before they are known. */
  readonly inputs: JsonObject | null;
  readonly entity: JsonObject | null;
}

/** Of each query. */
const MAX_ENTITIES = 1000;

/** Whether one of the conditions is true. What fails is not. */
export async function isAllowedBy(ctx: Ctx, policy: JsonObject, about: PolicyCase): Promise<boolean> {
  const values = await evaluatePolicy(ctx, policy, about);
  return values.includes(true);
}

/** The e-mails that the conditions give, each once. What fails gives none. */
export async function approversBy(ctx: Ctx, policy: JsonObject, about: PolicyCase): Promise<string[]> {
  const values = await evaluatePolicy(ctx, policy, about);
  const emails = values.flat().filter((one): one is string => typeof one === "string" && one !== "");
  return [...new Set(emails)];
}

async function evaluatePolicy(ctx: Ctx, policy: JsonObject, about: PolicyCase): Promise<unknown[]> {
  const context = await contextOfPolicy(ctx, policy, about);
  const { conditions } = policy;
  const options = { now: ctx.now().getTime() / 1000, meter: formMeter() };
  return (Array.isArray(conditions) ? conditions : []).map((condition) => {
    try {
      return compileMapping(String(condition)).evaluate(context, options);
    } catch (error) {
      if (!(error instanceof JqCompileError)) throw error;
      return null;
    }
  });
}

async function contextOfPolicy(
  ctx: Ctx,
  policy: JsonObject,
  { action, inputs, entity }: PolicyCase,
): Promise<JsonObject> {
  const user = userOf(ctx.actor);
  const base = {
    inputs: inputs ?? {},
    user,
    entity,
    trigger: { at: ctx.now().toISOString(), user },
    action: { identifier: action.identifier, title: action.document["title"] ?? null },
    blueprint: blueprintOf(action),
  };
  const queries = isObject(policy["queries"]) ? policy["queries"] : {};
  const results: Record<string, JsonObject> = {};
  for (const [name, query] of Object.entries(queries))
    results[name] = { entities: await find(ctx, query, base) };
  return { ...base, results };
}

/** A policy sees what the organisation has, whoever asks. A query that fails finds nothing. */
async function find(ctx: Ctx, query: unknown, context: JsonObject): Promise<readonly unknown[]> {
  try {
    const rendered = compileTemplate(query).render(context);
    const { pages } = await searchEverywhere({ ...ctx, actor: SYSTEM_ACTOR }, rendered, {
      shape: { include: null, exclude: [] },
      ...{ attachTitles: false, excludeDerived: false, allowPartial: false },
    });
    const found: unknown[] = [];
    for await (const page of pages) {
      found.push(...page);
      if (found.length >= MAX_ENTITIES) break;
    }
    return found.slice(0, MAX_ENTITIES);
  } catch (error) {
    const isExpected =
      error instanceof AppError || error instanceof JqCompileError || error instanceof JqError;
    if (!isExpected) throw error;
    ctx.log.warn({ err: error }, "a query of a policy failed");
    return [];
  }
}

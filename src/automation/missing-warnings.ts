/**
 * What an action names that is not there: it is told, not refused, for definitions come in any order (Terraform makes an
 * automation beside the property that it waits for).
 */
import { invocationOf, triggerOf } from "../model/action.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { existingActions } from "../storage/actions.ts";
import { readBlueprint } from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";

const MAX_WARNINGS = 20;
/** `.diff.after.properties.status`, as conditions and templates of automations name what they look at. */
const LOOKS_AT = /\.diff\.(?:before|after)\.properties\.([A-Za-z_][A-Za-z0-9_]*)/g;

/** @param ctx in the transaction that writes the action */
export async function missingWarnings(ctx: Ctx, document: JsonObject): Promise<string[]> {
  const trigger = triggerOf({ document });
  const event = isObject(trigger["event"]) ? trigger["event"] : {};
  const warnings = [
    ...(await ofEvent(ctx, event)),
    ...(await ofExpressions(ctx, event, [trigger["condition"], document["invocationMethod"]])),
    ...(await ofMapping(ctx, invocationOf({ document }))),
  ];
  return warnings.slice(0, MAX_WARNINGS);
}

async function ofEvent(ctx: Ctx, event: JsonObject): Promise<string[]> {
  const { actionIdentifier: action, blueprintIdentifier: blueprint, propertyIdentifier: name } = event;
  if (typeof action === "string" && !(await existingActions(ctx.db, ctx.org, [action])).has(action))
    return [`trigger.event.actionIdentifier: there is no action "${action}" yet; nothing will start this`];
  if (typeof name !== "string" || typeof blueprint !== "string") return [];
  const property = (await propertiesOf(ctx, blueprint))?.get(name);
  const where = `trigger.event.propertyIdentifier: "${blueprint}"`;
  if (property === undefined) return [`${where} has no property "${name}" yet; nothing will start this`];
  return property["format"] === "timer"
    ? []
    : [`${where}: property "${name}" is no timer (format: timer); nothing will start this`];
}

async function ofExpressions(
  ctx: Ctx,
  { blueprintIdentifier: blueprint }: JsonObject,
  where: readonly unknown[],
): Promise<string[]> {
  if (typeof blueprint !== "string") return [];
  const named = [...JSON.stringify(where).matchAll(LOOKS_AT)].map(([, name = ""]) => name);
  if (named.length === 0) return [];
  const known = await propertiesOf(ctx, blueprint);
  return [...new Set(named)]
    .filter((name) => known !== null && !known.has(name))
    .map((name) => `.properties.${name}: "${blueprint}" has no property "${name}"; it is null there`);
}

/** Keys that an upsert would drop (decision 1). */
async function ofMapping(
  ctx: Ctx,
  { type, blueprintIdentifier: blueprint, mapping }: JsonObject,
): Promise<string[]> {
  if (type !== "UPSERT_ENTITY" || typeof blueprint !== "string" || blueprint.includes("{{")) return [];
  const at = "invocationMethod.mapping.properties";
  const properties = isObject(mapping) && isObject(mapping["properties"]) ? mapping["properties"] : {};
  const known = await propertiesOf(ctx, blueprint);
  if (known === null)
    return [`invocationMethod.blueprintIdentifier: there is no blueprint "${blueprint}" yet; runs will fail`];
  return Object.keys(properties)
    .filter((name) => !name.includes("{{") && !known.has(name))
    .map(
      (name) => `${at}.${name}: "${blueprint}" has no property "${name}"; what is written there is dropped`,
    );
}

/** Of every kind, by name; null: there is no such blueprint. */
async function propertiesOf(ctx: Ctx, blueprint: string): Promise<ReadonlyMap<string, JsonObject> | null> {
  const found = await readBlueprint(ctx.db, ctx.org, blueprint);
  if (found === null) return null;
  const { schema, mirrorProperties, calculationProperties, aggregationProperties } = found.document;
  const kinds = [
    isObject(schema) ? schema["properties"] : {},
    ...[mirrorProperties, calculationProperties, aggregationProperties],
  ];
  return new Map(
    kinds.flatMap((kind) =>
      isObject(kind)
        ? Object.entries(kind).map(([name, one]) => [name, isObject(one) ? one : {}] as const)
        : [],
    ),
  );
}

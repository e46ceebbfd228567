/** The form of an action as it is for certain values: what is visible, asked for, offered (workflows.md §3.2.2). */
import { getEntity } from "../../catalog/read-entities.ts";
import { isGiven, isJqQuery } from "../../model/action-fields.ts";
import { AppError, invalid } from "../../model/error.ts";
import { isObject, type JsonObject, sameJson, show } from "../../model/json.ts";
import type { Ctx } from "../../storage/context.ts";
import { compileTemplate, JqCompileError, JqError } from "../../jq/index.ts";
import {
  evaluate,
  type FormContext,
  formMeter,
  seenByForm,
  settled,
  settledConstant,
  userOf,
} from "./form-context.ts";

export interface InputState {
  /** The input with its expressions settled. */
  readonly input: JsonObject;
  readonly visible: boolean;
  readonly disabled: boolean;
  readonly required: boolean;
  /** As it would be sent: what was sent, or what the form itself puts there; undefined: nothing. */
  readonly value: unknown;
  /** As expressions and templates see it: entities whole. */
  readonly seen: unknown;
  /** Sent although the form does not let it be changed. */
  readonly isForced: boolean;
  /** An expression that failed and without which the value cannot be judged. */
  readonly problem: string | null;
}

export interface FormState {
  readonly inputs: ReadonlyMap<string, InputState>;
  readonly context: FormContext;
}

const MAX_ENTITIES = 100;
const SETTLED = ["enum", "pattern", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum"];

/**
 * @param userInputs of the action
 * @throws AppError invalid_request for a key that the form does not have, or an entity that is not there
 */
export async function formState(
  ctx: Ctx,
  userInputs: JsonObject,
  sent: JsonObject,
  entity: JsonObject | null,
): Promise<FormState> {
  const properties = objectOr(userInputs["properties"]);
  const unknown = Object.keys(sent).find((key) => !Object.hasOwn(properties, key));
  if (unknown !== undefined)
    throw invalid(
      `properties: the form has no input ${show(unknown)}; it has ${Object.keys(properties).join(", ") || "none"}`,
    );
  const form: Record<string, unknown> = {};
  const context: FormContext = { form, entity, user: userOf(ctx.actor), meter: formMeter() };
  // What was sent is there from the start, so that the order of inputs does not matter for it.
  for (const [key, value] of Object.entries(sent))
    if (isGiven(value)) form[key] = await seenOf(ctx, key, objectOr(properties[key]), value, context);
  const filled: Record<string, { value: unknown; isForced: boolean }> = {};
  for (const key of inOrder(properties)) {
    const own = fill(ctx, objectOr(properties[key]), sent[key], context);
    filled[key] = own;
    if (own.value === undefined) delete form[key];
    else if (!sameJson(own.value, sent[key]))
      form[key] = await seenOf(ctx, key, objectOr(properties[key]), own.value, context);
  }
  const asked = requiredOf(ctx, userInputs, context);
  const inputs = new Map<string, InputState>();
  for (const [key, input] of Object.entries(properties)) {
    const own = filled[key] ?? { value: undefined, isForced: false };
    inputs.set(key, { ...stateOf(ctx, key, objectOr(input), context, asked), ...own, seen: form[key] });
  }
  hideInSteps(ctx, userInputs, context, inputs);
  return { inputs, context };
}

const objectOr = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** What depends on others comes after them; circles in the order of the form. */
function inOrder(properties: JsonObject): string[] {
  const order = new Set<string>();
  const visit = (key: string, above: ReadonlySet<string>): void => {
    if (order.has(key) || above.has(key)) return;
    const { dependsOn } = objectOr(properties[key]);
    if (Array.isArray(dependsOn))
      for (const other of dependsOn)
        if (typeof other === "string" && Object.hasOwn(properties, other))
          visit(other, new Set([...above, key]));
    order.add(key);
  };
  for (const key of Object.keys(properties)) visit(key, new Set());
  return [...order];
}

/** What the input holds: a computed `value` always, else what was sent, else its default. */
function fill(
  ctx: Ctx,
  input: JsonObject,
  sent: unknown,
  context: FormContext,
): { value: unknown; isForced: boolean } {
  const now = ctx.now();
  const given = (value: unknown): unknown => (isGiven(value) ? value : undefined);
  if (isGiven(input["value"])) {
    const value = given(settled(input["value"], context, now));
    return { value, isForced: isGiven(sent) && !sameJson(sent, value) };
  }
  const usual = given(settled(input["default"], context, now));
  if (!isGiven(sent)) return { value: usual, isForced: false };
  const isFixed = !isVisible(input, context, now) || isDisabled(input, context, now);
  return { value: sent, isForced: isFixed && !sameJson(sent, usual) };
}

/** An expression that fails hides nothing and locks nothing. */
const isVisible = (input: JsonObject, context: FormContext, now: Date): boolean =>
  settled(input["visible"], context, now, true) !== false;

const isDisabled = (input: JsonObject, context: FormContext, now: Date): boolean =>
  settled(input["disabled"], context, now, false) === true;

function requiredOf(ctx: Ctx, { required }: JsonObject, context: FormContext): ReadonlySet<string> {
  const list = settled(required, context, ctx.now());
  return new Set(Array.isArray(list) ? list.filter((key): key is string => typeof key === "string") : []);
}

function stateOf(
  ctx: Ctx,
  key: string,
  input: JsonObject,
  context: FormContext,
  asked: ReadonlySet<string>,
): Omit<InputState, "value" | "seen" | "isForced"> {
  const now = ctx.now();
  const problems: string[] = [];
  const settle = (rules: JsonObject): JsonObject => {
    const expressions = SETTLED.flatMap((name): [string, unknown][] => {
      const rule = rules[name];
      if (!isJqQuery(rule)) return [];
      const { value, problem } = evaluate(rule, context, now);
      if (problem !== null) problems.push(`${name} of input "${key}" could not be worked out: ${problem}`);
      return [[name, value]];
    });
    return { ...rules, ...Object.fromEntries(expressions) };
  };
  const own = settle(input);
  const items = isObject(own["items"]) ? settle(own["items"]) : undefined;
  return {
    input: {
      ...own,
      ...(items === undefined ? {} : { items: withDataset(items, context, now) }),
      ...(own["dataset"] === undefined ? {} : { dataset: settledDataset(own["dataset"], context, now) }),
      ...(own["blueprint"] === undefined ? {} : { blueprint: blueprintOfInput(own, context) }),
    },
    visible: isVisible(input, context, now),
    disabled: isDisabled(input, context, now),
    required: asked.has(key) || settled(input["required"], context, now, false) === true,
    problem: problems[0] ?? null,
  };
}

const withDataset = (rules: JsonObject, context: FormContext, now: Date): JsonObject =>
  rules["dataset"] === undefined
    ? rules
    : { ...rules, dataset: settledDataset(rules["dataset"], context, now) };

/** The rules with their expressions settled: a query of a search. */
function settledDataset(value: unknown, context: FormContext, now: Date): unknown {
  if (!isObject(value)) return value;
  const { rules } = value;
  if (Array.isArray(rules))
    return { ...value, rules: rules.map((rule) => settledDataset(rule, context, now)) };
  return "value" in value ? { ...value, value: settledConstant(value["value"], context, now) } : value;
}

/** What stands in a step that is not visible is not visible. */
function hideInSteps(
  ctx: Ctx,
  { steps }: JsonObject,
  context: FormContext,
  inputs: Map<string, InputState>,
): void {
  if (!Array.isArray(steps)) return;
  for (const step of steps) {
    if (!isObject(step) || isVisible(step, context, ctx.now()) || !Array.isArray(step["order"])) continue;
    for (const key of step["order"]) {
      const state = inputs.get(String(key));
      if (state !== undefined) inputs.set(String(key), { ...state, visible: false });
    }
  }
}

/** The blueprint of an entity input, which may be a template of other inputs. */
function blueprintOfInput(input: JsonObject, context: FormContext): string | null {
  const { blueprint } = input;
  if (typeof blueprint !== "string") return null;
  if (!blueprint.includes("{{")) return blueprint;
  try {
    const value = compileTemplate(blueprint).render(seenByForm(context), { meter: context.meter });
    return typeof value === "string" && value !== "" ? value : null;
  } catch (error) {
    if (error instanceof JqCompileError || error instanceof JqError) return null;
    throw error;
  }
}

/** Entities are read whole, with the permissions of whoever runs the action. */
async function seenOf(
  ctx: Ctx,
  key: string,
  input: JsonObject,
  value: unknown,
  context: FormContext,
): Promise<unknown> {
  const items = objectOr(input["items"]);
  const isMany = Array.isArray(value);
  const rules = isMany ? items : input;
  if (rules["format"] !== "entity") return value;
  const blueprint = blueprintOfInput(rules, context);
  if (blueprint === null)
    throw invalid(`properties.${key}: of which blueprint its entities are depends on inputs that are empty`);
  const named = isMany ? value : [value];
  if (named.length > MAX_ENTITIES)
    throw invalid(`properties.${key} names ${named.length} entities; at most ${MAX_ENTITIES} are allowed`);
  const found: JsonObject[] = [];
  for (const one of named) found.push(await readNamed(ctx, key, blueprint, one));
  return isMany ? found : found[0];
}

async function readNamed(ctx: Ctx, key: string, blueprint: string, one: unknown): Promise<JsonObject> {
  // Forms of older clients send entities whole.
  const identifier = isObject(one) ? one["identifier"] : one;
  if (typeof identifier !== "string")
    throw invalid(`properties.${key} must name an entity of "${blueprint}", not ${show(one)}`);
  try {
    return { ...(await getEntity(ctx, blueprint, identifier)) };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "internal_error") throw error;
    throw invalid(`properties.${key} ${show(identifier)}: ${error.message}`);
  }
}

/** Values of calculation properties: jq over the entity document (data-model.md §6.2). */
import { compileMapping, JqCompileError, type Mapping, Meter } from "../jq/index.ts";
import type { BlueprintPlan } from "../model/blueprint.ts";
import { stepsOfCalculation } from "../model/calculation-steps.ts";
import type { CalculationDefinition } from "../model/derive-nodes.ts";
import { type Entity, renderEntity } from "../model/entity.ts";
import { AppError } from "../model/error.ts";
import { checkJson, type JsonObject } from "../model/json.ts";

export interface Calculated {
  /** Those that are not null. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Why others are null, where something is wrong. */
  readonly errors: Readonly<Record<string, string>>;
}

const MINUTE_MS = 60_000;
/** Stored with each entity that has the error. */
const MAX_MESSAGE = 300;
const MAX_PROGRAMS = 2000;
/** As mappings have them. */
const MAX_OUTPUT = 10_000_000;
const MAX_DEPTH = 10_000;
const programs = new Map<string, Mapping | string>();

/** When a value that reads the clock changes next. */
export function nextClock(now: Date): Date {
  return new Date(clockOf(now) + MINUTE_MS);
}

/** `now` in calculations moves by whole minutes: a value is one for all that read it within the minute. */
function clockOf(now: Date): number {
  return Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS;
}

/** @param entity with the values of its mirrors and aggregations */
export function calculate(
  plan: BlueprintPlan,
  entity: Entity,
  calculations: readonly CalculationDefinition[],
  now: Date,
): Calculated {
  const values: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  if (calculations.length === 0) return { values, errors };
  const document = documentOf(plan, entity);
  const steps = stepsOfCalculation(plan);
  for (const { id, program, type, isCyclic } of calculations) {
    if (isCyclic) continue;
    const result = evaluate(program, document, { type, now, steps });
    if (result.error !== null) errors[id] = result.error.slice(0, MAX_MESSAGE);
    else if (result.value !== null) values[id] = result.value;
  }
  return { values, errors };
}

/** The entity as calculations see it: without calculations, and with levels once these are known. */
function documentOf(plan: BlueprintPlan, entity: Entity): JsonObject {
  const rendered = renderEntity(plan, entity);
  const visible = Object.entries(rendered.properties).filter(
    ([id]) => plan.derived.get(id) !== "calculation",
  );
  return { ...rendered, properties: Object.fromEntries(visible), scorecards: rendered.scorecards ?? {} };
}

function evaluate(
  text: string,
  document: JsonObject,
  { type, now, steps }: { readonly type: string | null; readonly now: Date; readonly steps: number },
): { readonly value: unknown; readonly error: string | null } {
  const failed = (error: string) => ({ value: null, error });
  const program = programOf(text);
  if (typeof program === "string") return failed(program);
  const { value, problem } = program.explain(document, {
    now: clockOf(now) / 1000,
    meter: new Meter(steps, MAX_OUTPUT, MAX_DEPTH),
  });
  if (problem !== null) return failed(problem.message);
  // Values of jq may hold numbers and texts in forms of its own.
  const given = JSON.parse(JSON.stringify(value)) as unknown;
  if (given === null) return { value: null, error: null };
  const kind = Array.isArray(given) ? "array" : typeof given;
  if (kind !== type) return failed(`the result is of type ${kind}, not ${String(type)}`);
  try {
    checkJson(given, "the result");
  } catch (error) {
    if (error instanceof AppError) return failed(error.message);
    throw error;
  }
  return { value: given, error: null };
}

function programOf(text: string): Mapping | string {
  const known = programs.get(text);
  if (known !== undefined) return known;
  if (programs.size >= MAX_PROGRAMS) programs.clear();
  const program = compiled(text);
  programs.set(text, program);
  return program;
}

function compiled(text: string): Mapping | string {
  try {
    return compileMapping(text);
  } catch (error) {
    if (error instanceof JqCompileError) return error.message;
    throw error;
  }
}

/** A mapping made ready: source entities in, bodies of entity writes out (data-model.md §3.10). */
import { compileMapping, JqCompileError, type Mapping, Meter } from "../jq/index.ts";
import { type AppError, invalid } from "../model/error.ts";
import { isObject, show } from "../model/json.ts";
import { type EntityMapping, parseEntityMapping } from "../model/migration.ts";

/** Of all expressions of one entity together: a tenth of a second of the event loop, far more than mappings need. */
const MAX_STEPS = 1_000_000;
const MAX_OUTPUT = 4_000_000;
const MAX_DEPTH = 10_000;
/** Elements that `itemsToParse` may give for one entity. */
const MAX_ITEMS = 500;

export interface MappedItem {
  readonly blueprint: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface MappedEntity {
  /** Empty when the filter leaves the entity out. */
  readonly items: readonly MappedItem[];
  /** Expressions that gave nothing because of an error. */
  readonly warnings: readonly string[];
}

export interface EntityMapper {
  /** @throws AppError `invalid_request`: the entity cannot be mapped */
  map(entity: unknown, now: Date): MappedEntity;
}

/** @throws AppError `invalid_request` naming the expression that is no jq */
export function createMapper(mapping: unknown): EntityMapper {
  const plan = parseEntityMapping(mapping, "mapping");
  const compiled = compileAll(plan);
  return {
    map: (entity, now) => {
      const warnings: string[] = [];
      const meter = new Meter(MAX_STEPS, MAX_OUTPUT, MAX_DEPTH);
      const evaluate = (expression: Compiled, input: unknown): unknown => {
        const { value, problem } = expression.program.explain(input, { meter, now: now.getTime() / 1000 });
        if (problem?.code === "jq_limit") throw invalid(`${expression.field}: ${problem.message}`);
        if (problem?.code === "jq_error") warnings.push(`${expression.field}: ${problem.message}`);
        return value;
      };
      const inputs = itemsOf(compiled, entity, evaluate);
      const items = inputs
        .filter((input) => compiled.filter === null || evaluate(compiled.filter, input) === true)
        .map((input) => itemOf(compiled, input, evaluate));
      return { items, warnings };
    },
  };
}

interface Compiled {
  readonly field: string;
  readonly program: Mapping;
}

interface CompiledMapping {
  readonly blueprint: Compiled;
  readonly filter: Compiled | null;
  readonly itemsToParse: Compiled | null;
  readonly identifier: Compiled;
  readonly optional: readonly (readonly ["title" | "icon" | "team", Compiled])[];
  readonly properties: readonly (readonly [string, Compiled])[];
  readonly relations: readonly (readonly [string, Compiled])[];
}

type Evaluate = (expression: Compiled, input: unknown) => unknown;

function compileAll(plan: EntityMapping): CompiledMapping {
  const compile = (field: string, text: string): Compiled => {
    try {
      return { field, program: compileMapping(text) };
    } catch (error) {
      if (!(error instanceof JqCompileError)) throw error;
      throw invalid(`mapping.${field} ${show(text)} is not jq: ${error.message}`);
    }
  };
  const optional = (field: string, text: string | null): Compiled | null =>
    text === null ? null : compile(field, text);
  const each = (key: "properties" | "relations"): [string, Compiled][] =>
    [...plan[key]].map(([id, text]) => [id, compile(`entity.${key}.${id}`, text)]);
  return {
    blueprint: compile("blueprint", plan.blueprint),
    filter: optional("filter", plan.filter),
    itemsToParse: optional("itemsToParse", plan.itemsToParse),
    identifier: compile("entity.identifier", plan.identifier),
    optional: (["title", "icon", "team"] as const).flatMap((key) => {
      const program = optional(`entity.${key}`, plan[key]);
      return program === null ? [] : [[key, program] as const];
    }),
    properties: each("properties"),
    relations: each("relations"),
  };
}

/** The entity itself, or one input for each element, as `.item`. */
function itemsOf(compiled: CompiledMapping, entity: unknown, evaluate: Evaluate): unknown[] {
  if (compiled.itemsToParse === null) return [entity];
  const list = evaluate(compiled.itemsToParse, entity);
  if (list === null) return [];
  if (!Array.isArray(list)) throw invalid(`itemsToParse gave ${show(list)}, which is not a list`);
  if (list.length > MAX_ITEMS)
    throw invalid(`itemsToParse gave ${list.length} elements; at most ${MAX_ITEMS} are allowed`);
  return list.map((item: unknown) => ({ ...(isObject(entity) ? entity : {}), item }));
}

function itemOf(compiled: CompiledMapping, input: unknown, evaluate: Evaluate): MappedItem {
  const blueprint = evaluate(compiled.blueprint, input);
  if (typeof blueprint !== "string" || blueprint === "")
    throw invalid(`blueprint gave ${show(blueprint)}, which names no blueprint`);
  const identifier = evaluate(compiled.identifier, input);
  if (
    identifier === null ||
    identifier === "" ||
    typeof identifier === "boolean" ||
    Array.isArray(identifier)
  )
    throw invalid(`entity.identifier gave ${show(identifier)}, which is no identifier`);
  const values = (list: CompiledMapping["properties"]): Record<string, unknown> =>
    Object.fromEntries(list.map(([id, expression]) => [id, evaluate(expression, input)]));
  return {
    blueprint,
    body: {
      identifier: typeof identifier === "number" ? String(identifier) : identifier,
      ...values(compiled.optional),
      properties: values(compiled.properties),
      relations: values(compiled.relations),
    },
  };
}

/** What failed for this reason may succeed when something else was written. */
export function isMissing(error: AppError): boolean {
  return error.code === "not_found";
}

/**
 * Derived values from scratch, one entity and one property at a time, asked for when something needs them
 * (data-model.md §6). It reads definitions and entities, and no table of derived values.
 */
import { compileMapping, JqCompileError, type Mapping, Meter } from "../../jq/index.ts";
import { type BlueprintPlan, definitions } from "../../model/blueprint.ts";
import { stepsOfCalculation } from "../../model/calculation-steps.ts";
import type { DerivationPlan } from "../../model/derive-nodes.ts";
import { parseDerivations } from "../../model/derive-plan.ts";
import { type Entity, keyOf, own, renderEntity } from "../../model/entity.ts";
import { AppError } from "../../model/error.ts";
import { parseInstant } from "../../model/instant.ts";
import { checkJson, type JsonObject } from "../../model/json.ts";
import { metaValue } from "../../model/meta-value.ts";
import { PROPERTY_TYPES, type PropertyType } from "../../model/property.ts";
import { isMetaProperty, type QueryGroup } from "../../model/query-nodes.ts";
import { parseQuery } from "../../model/query.ts";
import { TEAM_BLUEPRINT } from "../../model/query-graph.ts";
import { SCORES } from "../../model/scorecard.ts";
import { renderScores } from "../../model/scores.ts";
import { type Source, TEAM_STEP, TwinCatalog } from "./catalog.ts";
import { fold, type FoldSpec } from "./fold.ts";
import { matches, type Values } from "./query.ts";
import { twinScores } from "./score.ts";
import { relatedRows, type WrittenPath, writtenPath } from "./related-rows.ts";

export interface Derived {
  readonly value: unknown;
  /** What is wrong with it or its definition; null: nothing. */
  readonly error: string | null;
}

/** `now` moves by whole minutes, so that a value that reads it does not change with every look. */
const MINUTE_MS = 60_000;

const failed = (error: string): Derived => ({ value: null, error });

interface Aggregation {
  readonly target: string;
  readonly query: QueryGroup | null;
  readonly spec: JsonObject;
  readonly written: WrittenPath | null;
}

export class Evaluation implements Values {
  private readonly catalog: TwinCatalog;
  private readonly definitions: DerivationPlan["definitions"];
  private readonly known = new Map<string, Derived>();
  private readonly atWork = new Set<string>();
  private readonly programs = new Map<string, Mapping | string>();
  private readonly aggregations = new Map<string, Aggregation>();
  private readonly matching = new Map<string, ReadonlySet<Entity>>();

  constructor(source: Source) {
    this.catalog = new TwinCatalog(source);
    this.definitions = parseDerivations(this.catalog.blueprints).definitions;
  }

  get blueprints(): ReadonlyMap<string, BlueprintPlan> {
    return this.catalog.blueprints;
  }

  entitiesOf(blueprint: string): readonly Entity[] {
    return this.catalog.of(blueprint);
  }

  /** What is derived of the entities of a blueprint: properties, and `$team` where owners are inherited. */
  derivedOf(blueprint: string): string[] {
    const plan = this.catalog.blueprints.get(blueprint);
    return [
      ...(plan?.derived.keys() ?? []),
      ...(plan?.ownership === "inherited" ? [TEAM_STEP] : []),
      ...(plan === undefined || plan.scorecards.length === 0 ? [] : [SCORES]),
    ];
  }

  /** Of a property of the blueprint, stored or derived, or `$team`. */
  derived(given: Entity, property: string): Derived {
    // With its owners.
    const entity = this.catalog.find(given.blueprint, given.identifier) ?? given;
    if (property === TEAM_STEP) return { value: [...entity.team], error: null };
    const key = nameOf(entity, property);
    const found = this.known.get(key);
    if (found !== undefined) return found;
    if (this.atWork.has(key)) throw new DependsOnItself(key);
    this.atWork.add(key);
    let result: Derived;
    try {
      result = this.compute(entity, property);
    } catch (error) {
      if (!(error instanceof DependsOnItself) || error.key !== key) throw error;
      result = failed("the definition depends on itself");
    } finally {
      this.atWork.delete(key);
    }
    this.known.set(key, result);
    return result;
  }

  private compute(entity: Entity, property: string): Derived {
    const plan = this.catalog.blueprints.get(entity.blueprint);
    if (this.definitions.get(entity.blueprint)?.get(property)?.isCyclic === true)
      return failed("the definition depends on itself");
    if (property === SCORES)
      return { value: plan === undefined ? null : twinScores(this.catalog, this, plan, entity), error: null };
    switch (plan?.derived.get(property)) {
      case "mirror":
        return this.mirror(entity, String(definitionOf(plan, "mirrorProperties", property)["path"]));
      case "calculation":
        return this.calculate(plan, entity, property);
      case "aggregation":
        return this.aggregate(entity, property, definitionOf(plan, "aggregationProperties", property));
      default:
        return { value: own(entity.properties, property) ?? null, error: null };
    }
  }

  valueOf(entity: Entity, property: string): unknown {
    if (isMetaProperty(property)) return metaValue(entity, property);
    if (property === SCORES) return this.derived(entity, SCORES).value;
    const plan = this.catalog.blueprints.get(entity.blueprint);
    if (plan === undefined || !(plan.properties.has(property) || plan.derived.has(property))) return null;
    return this.derived(entity, property).value;
  }

  /** Single relations: the value. A many relation or `$team` on the way: a list, one value for each way, without nulls. */
  private mirror(entity: Entity, path: string): Derived {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    const way = this.wayOf(entity.blueprint, steps);
    if (way === null) return failed(`"${steps.join(".")}": there is no such path of relations`);
    let places = [entity];
    for (const step of steps) places = places.flatMap((place) => this.catalog.ahead(place, step));
    const values = places.map((place) => this.valueOf(place, last));
    if (!way.many) return { value: values[0] ?? null, error: null };
    return { value: values.flatMap((value) => value ?? []), error: null };
  }

  /** Where the steps lead to; null when a blueprint on the way does not have the relation. */
  private wayOf(
    blueprint: string,
    steps: readonly string[],
  ): { readonly end: string; readonly many: boolean } | null {
    let end = blueprint;
    let many = false;
    for (const step of steps) {
      const relation = this.catalog.blueprints.get(end)?.relations.get(step);
      if (step !== TEAM_STEP && relation === undefined) return null;
      end = relation?.target ?? TEAM_BLUEPRINT;
      many ||= relation?.many ?? true;
    }
    return { end, many };
  }

  private calculate(plan: BlueprintPlan, entity: Entity, id: string): Derived {
    const definition = definitionOf(plan, "calculationProperties", id);
    const program = this.programOf(String(definition["calculation"]));
    if (typeof program === "string") return failed(program);
    const { value, problem } = program.explain(this.documentOf(plan, entity, id), {
      now: Math.floor(this.catalog.now.getTime() / MINUTE_MS) * (MINUTE_MS / 1000),
      meter: new Meter(stepsOfCalculation(plan), 10_000_000, 10_000),
    });
    if (problem !== null) return failed(problem.message);
    const given: unknown = JSON.parse(JSON.stringify(value));
    const type = Array.isArray(given) ? "array" : typeof given;
    if (given !== null && type !== definition["type"])
      return failed(`the result is of type ${type}, not ${String(definition["type"])}`);
    try {
      checkJson(given, "the result");
    } catch (error) {
      if (error instanceof AppError) return failed(error.message);
      throw error;
    }
    return { value: given, error: null };
  }

  private programOf(text: string): Mapping | string {
    const found = this.programs.get(text);
    if (found !== undefined) return found;
    let program: Mapping | string;
    try {
      program = compileMapping(text);
    } catch (error) {
      if (!(error instanceof JqCompileError)) throw error;
      program = error.message;
    }
    this.programs.set(text, program);
    return program;
  }

  /**
   * The entity as calculations see it: without other calculations. A property that the program does not read may depend
   * on the calculation itself, and is left null then.
   */
  private documentOf(plan: BlueprintPlan, entity: Entity, calculation: string): JsonObject {
    const definition = this.definitions.get(plan.identifier)?.get(calculation);
    const reads = definition?.kind === "calculation" ? definition.reads : [];
    const valueOf = (id: string): unknown => {
      try {
        return this.derived(entity, id).value;
      } catch (error) {
        if (error instanceof DependsOnItself && !reads.includes(id)) return null;
        throw error;
      }
    };
    const rendered = renderEntity(plan, entity);
    const properties: Record<string, unknown> = {};
    for (const [id, value] of Object.entries(rendered.properties)) {
      const kind = plan.derived.get(id);
      if (kind === undefined) properties[id] = value;
      else if (kind !== "calculation") properties[id] = valueOf(id);
    }
    const seesScores = definition?.kind === "calculation" && definition.readsScores;
    const scores = seesScores ? this.derived(entity, SCORES).value : null;
    return { ...rendered, properties, scorecards: renderScores(plan, { [SCORES]: scores }) };
  }

  private aggregate(root: Entity, id: string, definition: JsonObject): Derived {
    const { target, spec, written } = this.aggregationOf(root.blueprint, id, definition);
    const matching = this.matchingOf(root.blueprint, id, definition);
    const rows = [...relatedRows(this.catalog, root, target, written)].filter((row) => matching.has(row));
    const time = typeof spec["measureTimeBy"] === "string" ? spec["measureTimeBy"] : "$createdAt";
    const value = fold(
      rows.map((row) => ({
        value: typeof spec["property"] === "string" ? this.valueOf(row, spec["property"]) : null,
        at: instantOf(this.valueOf(row, time)),
      })),
      spec as unknown as FoldSpec,
      this.catalog.now.getTime(),
    );
    const error = this.catalog.blueprints.has(target) ? null : `blueprint "${target}" was not found`;
    return { value, error };
  }

  private aggregationOf(blueprint: string, id: string, definition: JsonObject): Aggregation {
    const key = `${blueprint}\n${id}`;
    let found = this.aggregations.get(key);
    if (found === undefined) {
      const { query } = definition;
      found = {
        target: String(definition["target"]),
        query: query === undefined || query === null ? null : parseQuery(query, "query"),
        spec: definition["calculationSpec"] as JsonObject,
        written: writtenPath(definition),
      };
      this.aggregations.set(key, found);
    }
    return found;
  }

  /** Entities of the target that the query lets through. */
  private matchingOf(blueprint: string, id: string, definition: JsonObject): ReadonlySet<Entity> {
    const key = `${blueprint}\n${id}`;
    let found = this.matching.get(key);
    if (found === undefined) {
      const { target, query } = this.aggregationOf(blueprint, id, definition);
      const rows = this.catalog.of(target);
      found = new Set(query === null ? rows : rows.filter((row) => matches(this.catalog, this, row, query)));
      this.matching.set(key, found);
    }
    return found;
  }

  typeOf(blueprint: string, property: string): PropertyType | null {
    const plan = this.catalog.blueprints.get(blueprint);
    const stored = plan?.properties.get(property)?.type;
    if (plan === undefined || stored !== undefined) return stored ?? null;
    switch (plan.derived.get(property)) {
      case "aggregation":
        return "number";
      case "calculation":
        return knownType(definitionOf(plan, "calculationProperties", property)["type"]);
      case "mirror":
        return this.typeOfMirror(blueprint, String(definitionOf(plan, "mirrorProperties", property)["path"]));
      default:
        return null;
    }
  }

  /** Of its source, or a list of it. A source that is not there has no type of its own: nothing but null. */
  private typeOfMirror(blueprint: string, path: string): PropertyType {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    const way = this.wayOf(blueprint, steps);
    if (way === null) return "object";
    if (way.many || last === TEAM_STEP) return "array";
    if (isMetaProperty(last)) return "string";
    return this.typeOf(way.end, last) ?? "object";
  }
}

function nameOf(entity: Entity, property: string): string {
  return `${keyOf(entity.blueprint, entity.identifier)}\n${property}`;
}

/** A value was asked for on the way to itself; everything that began meanwhile is given up. */
class DependsOnItself extends Error {
  readonly key: string;

  constructor(key: string) {
    super("a derived value depends on itself");
    this.key = key;
  }
}

function knownType(value: unknown): PropertyType {
  return PROPERTY_TYPES.find((type) => type === value) ?? "object";
}

function definitionOf(plan: BlueprintPlan, map: string, id: string): JsonObject {
  return definitions(plan.document, map).find(([name]) => name === id)?.[1] ?? {};
}

function instantOf(value: unknown): number | null {
  return typeof value === "string" ? parseInstant(value) : null;
}

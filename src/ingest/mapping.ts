/** Payloads in, entity writes and deletions out. Pure: nothing is read or written, and the clock is given. */
import { type Json, Meter } from "../jq/index.ts";
import { isObject, type JsonObject, show } from "../model/json.ts";
import type { EntityPlan, Expression, MappingPlan, ResourcePlan } from "./mapping-plan.ts";
import type { Place } from "./read-document.ts";
import { type Version, versionOf } from "./version.ts";

export { compileIntegrationMapping, compileWebhookMapping, type MappingPlan } from "./mapping-plan.ts";

/** Of all expressions for one payload together: less than half a second of the event loop. */
const MAX_STEPS = 4_000_000;
const MAX_OUTPUT = 8_000_000;
const MAX_DEPTH = 10_000;
const MAX_REASON = 500;
const MAX_ERRORS = 100;

export interface MappedEntity {
  /** Index of the mapping (resource) that made it. */
  readonly resource: number;
  readonly blueprint: string;
  readonly body: JsonObject;
  /** How new the state is, where the mapping says. */
  readonly version?: Version;
}

export interface MappedDelete {
  readonly resource: number;
  readonly blueprint: string;
  readonly identifier: string;
  readonly deleteDependents: boolean;
  readonly version?: Version;
}

export interface MappingError {
  readonly resource: number;
  /** Below the mapping, e.g. `identifier`, `properties.status`, `selector.query`. */
  readonly key: string;
  readonly reason: string;
  /** Of the expression, when the mapping was given as text. */
  readonly position: Place;
  /** False: the key is null, the entity is written all the same. */
  readonly lost: boolean;
}

export interface Mapped {
  /** In the order of the mappings. */
  readonly entities: readonly MappedEntity[];
  readonly deletes: readonly MappedDelete[];
  readonly errors: readonly MappingError[];
  /** How often a filter left something out. */
  readonly filtered: number;
}

export interface MapOptions {
  readonly now: Date;
  /**
   * `upsert` (usual): what the filter leaves out is left alone. `live`: an object that no longer passes the filter is
   * deleted (workflows.md §1.2.3). `delete`: the object is gone at its source, so all that it maps to goes.
   */
  readonly mode?: "upsert" | "live" | "delete";
}

/** @param kind null for webhooks, which have no kinds */
export function mapPayload(
  plan: MappingPlan,
  kind: string | null,
  payload: unknown,
  options: MapOptions,
): Mapped {
  const run = new Run(plan, options);
  for (const resource of plan.resources) if (resource.kind === kind) run.resource(resource, payload);
  return run.result();
}

/** A limit was passed: nothing more comes of this payload. */
class Exhausted extends Error {}

class Run {
  readonly #plan: MappingPlan;
  readonly #mode: "upsert" | "live" | "delete";
  readonly #meter = new Meter(MAX_STEPS, MAX_OUTPUT, MAX_DEPTH);
  readonly #now: number;
  readonly #entities: MappedEntity[] = [];
  readonly #deletes: MappedDelete[] = [];
  readonly #errors: MappingError[] = [];
  #hasLost = false;
  #filtered = 0;
  #resource = 0;
  #version: Version | undefined;

  constructor(plan: MappingPlan, options: MapOptions) {
    this.#plan = plan;
    this.#mode = options.mode ?? "upsert";
    this.#now = options.now.getTime() / 1000;
  }

  resource(resource: ResourcePlan, payload: unknown): void {
    this.#resource = resource.index;
    try {
      for (const input of this.#inputs(resource, payload)) this.#input(resource, input);
    } catch (error) {
      if (!(error instanceof Exhausted)) throw error;
    }
  }

  result(): Mapped {
    const entities = this.#plan.joins ? joined(this.#entities) : this.#entities;
    // Another block that takes the object in keeps it from being deleted.
    const kept = new Set(
      entities.map(({ blueprint, body }) => `${blueprint}\n${String(body["identifier"])}`),
    );
    const deletes =
      this.#mode === "upsert"
        ? this.#deletes
        : this.#deletes.filter(({ blueprint, identifier }) => !kept.has(`${blueprint}\n${identifier}`));
    return { entities, deletes, errors: this.#errors, filtered: this.#filtered };
  }

  #error(expression: Expression, reason: string, lost: boolean): void {
    // That something was lost is told in any case: what it had made before is kept then.
    if (this.#errors.length >= MAX_ERRORS && (this.#hasLost || !lost)) return;
    this.#hasLost ||= lost;
    const { key, line, column } = expression;
    const cut = reason.length > MAX_REASON ? `${reason.slice(0, MAX_REASON)}…` : reason;
    this.#errors.push({ resource: this.#resource, key, reason: cut, position: { line, column }, lost });
  }

  /** @param lost whether an error takes the entity along; null: errors are not told */
  #evaluate(expression: Expression, input: unknown, lost: boolean | null): Json {
    if (expression.kind === "text") return expression.value;
    if (expression.kind === "list") return expression.items.map((item) => this.#evaluate(item, input, lost));
    if (expression.kind === "object")
      return Object.fromEntries(
        expression.entries.map(([key, item]) => [key, this.#evaluate(item, input, lost)]),
      );
    const { value, problem } = expression.program.explain(input, { meter: this.#meter, now: this.#now });
    if (problem?.code === "jq_limit") {
      this.#error(expression, problem.message, true);
      throw new Exhausted();
    }
    if (problem?.code === "jq_error" && lost !== null) this.#error(expression, problem.message, lost);
    return value;
  }

  /** The payload itself, or one input for each element of `itemsToParse`. */
  #inputs(resource: ResourcePlan, payload: unknown): unknown[] {
    if (resource.items === null) return [payload];
    const list = this.#evaluate(resource.items, payload, true);
    if (list === null) return [];
    if (!Array.isArray(list)) {
      this.#error(resource.items, `gave ${show(list)}, which is no list`, true);
      return [];
    }
    if (list.length > this.#plan.maxItems)
      this.#error(
        resource.items,
        `gave ${list.length} elements; the first ${this.#plan.maxItems} are handled`,
        true,
      );
    const around = isObject(payload) ? without(payload, resource.dropped ?? []) : {};
    return list.slice(0, this.#plan.maxItems).map((item: Json) => ({ ...around, [resource.itemName]: item }));
  }

  #input(resource: ResourcePlan, input: unknown): void {
    const isIn = resource.filter === null || this.#evaluate(resource.filter, input, true) === true;
    if (!isIn) this.#filtered += 1;
    if (!isIn && this.#mode === "upsert") return;
    this.#version = resource.version === null ? undefined : this.#versionOf(resource.version, input);
    for (const entity of resource.entities) {
      if (isIn && this.#mode !== "delete") this.#take(entity, input);
      else this.#remove(entity, input);
    }
  }

  #dated(): { readonly version?: Version } {
    return this.#version === undefined ? {} : { version: this.#version };
  }

  #versionOf(expression: Expression, input: unknown): Version | undefined {
    const value = this.#evaluate(expression, input, false);
    const version = versionOf(value);
    if (version === undefined)
      this.#error(expression, `gave ${show(value)}, which is neither a time nor a number`, false);
    return version ?? undefined;
  }

  /** What the object would have become. An object that never passed has no entity, so nothing is told of it. */
  #remove(entity: EntityPlan, input: unknown): void {
    const blueprint = this.#evaluate(entity.blueprint, input, null);
    const identifier = identifierOf(this.#evaluate(entity.identifier, input, null));
    if (typeof blueprint !== "string" || typeof identifier !== "string") return;
    const deleteDependents = this.#plan.deleteDependentEntities;
    this.#deletes.push({ resource: this.#resource, blueprint, identifier, deleteDependents });
  }

  #take(entity: EntityPlan, input: unknown): void {
    const errors = this.#errors.length;
    const blueprint = this.#evaluate(entity.blueprint, input, true);
    const named = this.#evaluate(entity.identifier, input, true);
    const identifier = identifierOf(named);
    if (typeof blueprint !== "string" || blueprint === "" || identifier === null) {
      // An error of the expression itself has been told.
      if (this.#errors.length > errors) return;
      if (identifier === null)
        this.#error(entity.identifier, `gave ${show(named)}, which is no identifier`, true);
      else this.#error(entity.blueprint, `gave ${show(blueprint)}, which names no blueprint`, true);
      return;
    }
    const resource = this.#resource;
    if (entity.operation === "delete") {
      const { deleteDependents } = entity;
      if (typeof identifier === "string")
        this.#deletes.push({ resource, blueprint, identifier, deleteDependents, ...this.#dated() });
      return;
    }
    const values = (list: EntityPlan["properties"]): JsonObject =>
      Object.fromEntries(list.map(([id, expression]) => [id, this.#evaluate(expression, input, false)]));
    this.#entities.push({
      ...{ resource, blueprint, ...this.#dated() },
      body: {
        identifier,
        ...values(entity.fields),
        ...(entity.properties.length > 0 && { properties: values(entity.properties) }),
        ...(entity.relations.length > 0 && { relations: values(entity.relations) }),
      },
    });
  }
}

/** Numbers are texts, as clients take them; an object is a search. null: none. */
function identifierOf(value: Json): string | JsonObject | null {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return value === "" ? null : value;
  return isObject(value) ? value : null;
}

function without(object: JsonObject, path: readonly string[]): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined || !Object.hasOwn(object, key)) return object;
  const inner = object[key];
  const { [key]: _, ...others } = object;
  return rest.length > 0 && isObject(inner) ? { ...others, [key]: without(inner, rest) } : others;
}

/** An entity that several blocks produce is one, with what each of them says of it; later blocks win. */
function joined(entities: readonly MappedEntity[]): MappedEntity[] {
  if (entities.length < 2) return [...entities];
  const found = new Map<string, MappedEntity>();
  for (const [index, entity] of entities.entries()) {
    const { identifier } = entity.body;
    const key = typeof identifier === "string" ? `${entity.blueprint}\n${identifier}` : `#${index}`;
    const before = found.get(key);
    found.set(key, before === undefined ? entity : { ...before, body: join(before.body, entity.body) });
  }
  return [...found.values()];
}

function join(a: JsonObject, b: JsonObject): JsonObject {
  const both = (key: string): JsonObject =>
    isObject(a[key]) || isObject(b[key])
      ? { [key]: { ...(a[key] as JsonObject | undefined), ...(b[key] as JsonObject | undefined) } }
      : {};
  return { ...a, ...b, ...both("properties"), ...both("relations") };
}

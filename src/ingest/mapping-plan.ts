/** Mapping documents made ready: every expression compiled, every slip told with its place (workflows.md §1.1.3, §1.2.3). */
import { compileMapping, JqCompileError, type Mapping } from "../jq/index.ts";
import { isObject, kindOf, show, type JsonObject } from "../model/json.ts";
import {
  described,
  type MappingText,
  type Place,
  type Problem,
  readMappingDocument,
  refusal,
} from "./read-document.ts";
import { PLACEHOLDER_HINT } from "./indentation-hint.ts";

/** Expressions as they nest in properties and search queries. */
export type Expression = Place & {
  /** Below the mapping, e.g. `properties.status`, `selector.query`. */
  readonly key: string;
} & (
    | { readonly kind: "jq"; readonly program: Mapping }
    | { readonly kind: "text"; readonly value: string }
    | { readonly kind: "object"; readonly entries: readonly (readonly [string, Expression])[] }
    | { readonly kind: "list"; readonly items: readonly Expression[] }
  );

export interface EntityPlan {
  readonly operation: "upsert" | "delete";
  readonly deleteDependents: boolean;
  readonly blueprint: Expression;
  readonly identifier: Expression;
  readonly fields: readonly (readonly ["title" | "icon" | "team", Expression])[];
  readonly properties: readonly (readonly [string, Expression])[];
  readonly relations: readonly (readonly [string, Expression])[];
}

export interface ResourcePlan {
  /** Its place in the document. */
  readonly index: number;
  /** null: every payload. */
  readonly kind: string | null;
  /** As written, for what is specific to the kind (`states`, `since`, …). */
  readonly selector: JsonObject;
  readonly filter: Expression | null;
  readonly items: Expression | null;
  /** How new the state is that a payload tells of; null: the mapping does not say. */
  readonly version: Expression | null;
  /** What an element is called: `item` unless `itemsToParseName` says otherwise. */
  readonly itemName: string;
  /** Keys that lead to the list, which is left out of the surrounding object; null: nothing is left out. */
  readonly dropped: readonly string[] | null;
  readonly entities: readonly EntityPlan[];
}

export interface MappingPlan {
  readonly resources: readonly ResourcePlan[];
  readonly createMissingRelatedEntities: boolean;
  readonly deleteDependentEntities: boolean;
  /** true: what is not mapped stays; false: it is reset. */
  readonly enableMergeEntity: boolean;
  /** Reconciliation is left out when it would delete more than this share of what there is. */
  readonly entityDeletionThreshold: number;
  /** Elements that `itemsToParse` may give for one payload. */
  readonly maxItems: number;
  /** Entities of one payload that are equal in blueprint and identifier are one. */
  readonly joins: boolean;
}

const MAX_EXPRESSION = 20_000;
const MAX_RESOURCES = 500;
const MAX_MEMBERS = 1000;
const MAX_NESTING = 32;
const WEBHOOK_ITEMS = 500;
const INTEGRATION_ITEMS = 50_000;

type Path = readonly (string | number)[];
const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`),
    "",
  );

/** Collects what is wrong instead of stopping at the first. */
class Reader {
  readonly problems: Problem[] = [];
  readonly #text: MappingText;

  constructor(text: MappingText) {
    this.#text = text;
  }

  fault(path: Path, message: string, hint: string | null = null): void {
    this.problems.push({ path: pathText(path), ...this.#text.placeOf(path), message, hint });
  }

  object(value: unknown, path: Path): JsonObject | null {
    if (isObject(value)) {
      for (const key of Object.keys(value))
        if (/^\.{3}/.test(key)) this.fault([...path, key], "is no key", PLACEHOLDER_HINT);
      return value;
    }
    this.fault(path, `must be an object, but ${described(value)}`);
    return null;
  }

  expression(value: unknown, path: Path, key: string, depth = 0): Expression | null {
    const place = this.#text.placeOf(path);
    if (depth > MAX_NESTING) {
      this.fault(path, `nests more than ${MAX_NESTING} levels deep`);
      return null;
    }
    if (Array.isArray(value))
      return {
        ...{ kind: "list", key, ...place },
        items: value.flatMap(
          (item, i) => this.expression(item, [...path, i], `${key}[${i}]`, depth + 1) ?? [],
        ),
      };
    if (isObject(value)) {
      const entries = Object.entries(this.object(value, path) ?? {}).flatMap(([name, item]) => {
        const found = this.expression(item, [...path, name], `${key}.${name}`, depth + 1);
        return found === null ? [] : [[name, found] as const];
      });
      return { kind: "object", key, ...place, entries };
    }
    // Numbers, booleans and null mean themselves, in jq too.
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (value === undefined) {
      this.fault(path, "is missing");
      return null;
    }
    if (text.trim() === "") {
      this.fault(path, "is empty; a jq expression is expected");
      return null;
    }
    if (text.length > MAX_EXPRESSION) {
      this.fault(path, `has ${text.length} characters; at most ${MAX_EXPRESSION} are allowed`);
      return null;
    }
    try {
      return { kind: "jq", key, ...place, program: compileMapping(text) };
    } catch (error) {
      if (!(error instanceof JqCompileError)) throw error;
      const where =
        error.line === 1 ? `column ${error.column}` : `line ${error.line}, column ${error.column}`;
      this.fault(
        path,
        `${show(text)} is not jq: ${error.message} (${where} of the expression)`,
        jqHint(text),
      );
      return null;
    }
  }

  members(value: unknown, path: Path, name: "properties" | "relations"): (readonly [string, Expression])[] {
    if (value === undefined || value === null) return [];
    const object = this.object(value, path);
    if (object === null) return [];
    const entries = Object.entries(object);
    if (entries.length > MAX_MEMBERS)
      this.fault(path, `has ${entries.length} members; at most ${MAX_MEMBERS} are allowed`);
    return entries.slice(0, MAX_MEMBERS).flatMap(([id, item]) => {
      if (/^\.{3}/.test(id)) return [];
      const found = this.expression(item, [...path, id], `${name}.${id}`);
      return found === null ? [] : [[id, found] as const];
    });
  }

  text(value: unknown, path: Path, key: string): Expression | null {
    if (typeof value === "string" && value !== "")
      return { kind: "text", key, value, ...this.#text.placeOf(path) };
    this.fault(path, `must be a text, but ${described(value)}`);
    return null;
  }

  flag(value: unknown, path: Path, usual: boolean): boolean {
    if (value === undefined || value === null) return usual;
    if (typeof value === "boolean") return value;
    this.fault(path, `must be true or false, but ${described(value)}`);
    return usual;
  }

  done<T>(result: T): T {
    if (this.problems.length > 0)
      throw refusal(this.problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)));
    return result;
  }
}

function jqHint(text: string): string | null {
  if (/^[\w -]+$/.test(text.trim()) || /^\$(title|identifier|icon|team)$/.test(text.trim()))
    return `for the fixed text write '"${text.trim()}"'`;
  if (/[\u2018\u2019\u201c\u201d]/.test(text)) return "it holds typographic quotes; use plain ones";
  return null;
}

/**
 * The mapping of an integration: `{resources: […], …flags}`, or the list of resources alone, as guides print it.
 * @param source YAML or JSON text, or the parsed document
 * @throws AppError `invalid_request` with all problems in `details`
 */
export function compileIntegrationMapping(source: unknown): MappingPlan {
  const document = readMappingDocument(source);
  const reader = new Reader(document);
  const isList = Array.isArray(document.value);
  const root = isList ? { resources: document.value } : reader.object(document.value, []);
  const at = (key: string): Path => (isList && key === "resources" ? [] : [key]);
  const list = root?.["resources"];
  if (root !== null && !Array.isArray(list))
    reader.fault(at("resources"), `must be a list, but ${described(list)}`);
  const resources = Array.isArray(list) ? list : [];
  if (resources.length > MAX_RESOURCES)
    reader.fault(at("resources"), `has ${resources.length} entries; at most ${MAX_RESOURCES} are allowed`);
  const threshold = root?.["entityDeletionThreshold"] ?? 0.9;
  if (typeof threshold !== "number" || !(threshold >= 0 && threshold <= 1))
    reader.fault(["entityDeletionThreshold"], `must be a number from 0 to 1, not ${show(threshold)}`);
  const flag = (key: string): boolean => reader.flag(root?.[key], [key], true);
  return reader.done({
    resources: resources
      .slice(0, MAX_RESOURCES)
      .flatMap((item, index) => resourceOf(reader, item, [...at("resources"), index], index) ?? []),
    createMissingRelatedEntities: flag("createMissingRelatedEntities"),
    deleteDependentEntities: flag("deleteDependentEntities"),
    enableMergeEntity: flag("enableMergeEntity"),
    entityDeletionThreshold: Number(threshold),
    maxItems: INTEGRATION_ITEMS,
    joins: true,
  });
}

function resourceOf(reader: Reader, value: unknown, path: Path, index: number): ResourcePlan | null {
  const resource = reader.object(value, path);
  if (resource === null) return null;
  const { kind } = resource;
  if (typeof kind !== "string" || kind === "")
    reader.fault([...path, "kind"], `must be a text, but ${described(kind)}`);
  const selector = reader.object(resource["selector"], [...path, "selector"]);
  const filter =
    selector === null
      ? null
      : reader.expression(selector["query"], [...path, "selector", "query"], "selector.query");
  const portPath = [...path, "port"];
  const port = reader.object(resource["port"], portPath);
  if (port === null) return null;
  const entityPath = [...portPath, "entity"];
  const entity = reader.object(port["entity"], entityPath);
  const mappings = entity?.["mappings"];
  const mappingsPath = [...entityPath, "mappings"];
  const all = Array.isArray(mappings) ? mappings : entity === null ? [] : [mappings];
  const items = optional(reader, port["itemsToParse"], [...portPath, "itemsToParse"], "itemsToParse");
  const named = port["itemsToParseName"] ?? "item";
  const itemName = typeof named === "string" && /^[A-Za-z_]\w*$/.test(named) ? named : "";
  if (itemName === "")
    reader.fault(
      [...portPath, "itemsToParseName"],
      `must be a name of letters and digits, not ${show(named)}`,
    );
  const drops = reader.flag(
    port["itemsToParseTopLevelTransform"],
    [...portPath, "itemsToParseTopLevelTransform"],
    true,
  );
  return {
    ...{ index, kind: String(kind), selector: selector ?? {}, filter, items, itemName, version: null },
    dropped: drops ? plainPath(port["itemsToParse"]) : null,
    entities: all.flatMap((item, i) => {
      const own = Array.isArray(mappings) ? [...mappingsPath, i] : mappingsPath;
      const mapping = reader.object(item, own);
      if (mapping === null) return [];
      return (
        entityOf(reader, mapping, own, {
          blueprint: reader.expression(mapping["blueprint"], [...own, "blueprint"], "blueprint"),
          operation: "upsert",
          deleteDependents: false,
        }) ?? []
      );
    }),
  };
}

const plainPath = (text: unknown): string[] | null =>
  typeof text === "string" && /^(\.[A-Za-z_]\w*)+$/.test(text.trim())
    ? text.trim().slice(1).split(".")
    : null;

const optional = (reader: Reader, value: unknown, path: Path, key: string): Expression | null =>
  value === undefined || value === null ? null : reader.expression(value, path, key);

function entityOf(
  reader: Reader,
  mapping: JsonObject,
  path: Path,
  rest: Pick<EntityPlan, "operation" | "deleteDependents"> & { blueprint: Expression | null },
): EntityPlan | null {
  const identifier = reader.expression(mapping["identifier"], [...path, "identifier"], "identifier");
  const fields = (["title", "icon", "team"] as const).flatMap((key) => {
    const found = optional(reader, mapping[key], [...path, key], key);
    return found === null ? [] : [[key, found] as const];
  });
  const properties = reader.members(mapping["properties"], [...path, "properties"], "properties");
  const relations = reader.members(mapping["relations"], [...path, "relations"], "relations");
  const { blueprint } = rest;
  if (identifier === null || blueprint === null) return null;
  return { ...rest, blueprint, identifier, fields, properties, relations };
}

const OPERATIONS = 'must be "create", "delete", {type: "create"} or {type: "delete", deleteDependents}';

/** The mappings of a webhook data source: the list, or `{mappings: […]}`. @throws AppError as above */
export function compileWebhookMapping(source: unknown): MappingPlan {
  const document = readMappingDocument(source);
  const reader = new Reader(document);
  const { value } = document;
  const wrapped = isObject(value) && Array.isArray(value["mappings"]);
  const list: unknown = wrapped ? value["mappings"] : value;
  const base: Path = wrapped ? ["mappings"] : [];
  if (!Array.isArray(list)) reader.fault(base, `must be a list of mappings, but ${described(list)}`);
  const mappings: readonly unknown[] = Array.isArray(list) ? list : [];
  if (mappings.length > MAX_RESOURCES)
    reader.fault(base, `has ${mappings.length} entries; at most ${MAX_RESOURCES} are allowed`);
  return reader.done({
    resources: mappings.slice(0, MAX_RESOURCES).flatMap((item, index): ResourcePlan[] => {
      const path = [...base, index];
      const mapping = reader.object(item, path);
      if (mapping === null) return [];
      const { isDelete, deleteDependents } = operationOf(reader, mapping["operation"], [
        ...path,
        "operation",
      ]);
      const entity = entityMembers(reader, mapping["entity"], [...path, "entity"], isDelete);
      const plan =
        entity === null
          ? null
          : entityOf(reader, entity, [...path, "entity"], {
              blueprint: reader.text(mapping["blueprint"], [...path, "blueprint"], "blueprint"),
              operation: isDelete ? "delete" : "upsert",
              deleteDependents,
            });
      return [
        {
          ...{ index, kind: null, selector: {}, itemName: "item", dropped: null },
          filter: optional(reader, mapping["filter"], [...path, "filter"], "filter"),
          items: optional(reader, mapping["itemsToParse"], [...path, "itemsToParse"], "itemsToParse"),
          version: optional(reader, mapping["version"], [...path, "version"], "version"),
          entities: plan === null ? [] : [plan],
        },
      ];
    }),
    ...{ createMissingRelatedEntities: true, deleteDependentEntities: true, enableMergeEntity: true },
    ...{ entityDeletionThreshold: 1, maxItems: WEBHOOK_ITEMS, joins: false },
  });
}

/** The plain form of "delete" takes dependents along; the object form says whether. */
function operationOf(
  reader: Reader,
  value: unknown,
  path: Path,
): { isDelete: boolean; deleteDependents: boolean } {
  const type = isObject(value) ? value["type"] : (value ?? "create");
  if (type !== "create" && type !== "delete") reader.fault(path, `${OPERATIONS}, not ${show(value)}`);
  if (!isObject(value)) return { isDelete: type === "delete", deleteDependents: true };
  const deleteDependents = reader.flag(value["deleteDependents"], [...path, "deleteDependents"], false);
  return { isDelete: type === "delete", deleteDependents };
}

const ENTITY_KEYS = new Set(["identifier", "title", "icon", "team", "properties", "relations"]);

function entityMembers(reader: Reader, value: unknown, path: Path, isDelete: boolean): JsonObject | null {
  const entity = reader.object(value, path);
  if (entity === null) return null;
  for (const key of Object.keys(entity))
    if (!ENTITY_KEYS.has(key) && !/^\.{3}/.test(key))
      reader.fault([...path, key], `is no key of an entity: ${[...ENTITY_KEYS].join(", ")}`);
  if (isDelete && typeof entity["identifier"] !== "string" && entity["identifier"] !== undefined)
    reader.fault([...path, "identifier"], `must be a jq text to delete, not ${kindOf(entity["identifier"])}`);
  return entity;
}

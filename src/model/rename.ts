/** Renames inside the data model, and the references that follow them (decision 13). Pure; documents in, documents out. */
import { definitions } from "./blueprint.ts";
import { isObject, type JsonObject } from "./json.ts";

export type Rename =
  | { readonly kind: "blueprint"; readonly from: string; readonly to: string }
  /** `property`: whatever has a name among the properties, so mirrors too. */
  | {
      readonly kind: "property" | "relation";
      readonly blueprint: string;
      readonly from: string;
      readonly to: string;
    };

/** Documents of all blueprints by identifier, as they are before the rename. */
export type Documents = ReadonlyMap<string, JsonObject>;

/** The documents that the rename changes, by the identifier that they had. */
export function renameInBlueprints(documents: Documents, rename: Rename): Map<string, JsonObject> {
  const changed = new Map<string, JsonObject>();
  for (const [identifier, document] of documents) {
    const after = renameInBlueprint(document, rename, documents);
    if (JSON.stringify(after) !== JSON.stringify(document)) changed.set(identifier, after);
  }
  return changed;
}

/**
 * One document after the rename.
 * @param documents where its relations lead; the document itself counts as it is given
 */
export function renameInBlueprint(document: JsonObject, rename: Rename, documents: Documents): JsonObject {
  const identifier = String(document["identifier"]);
  const walk = new Walk(rename, new Map([...documents, [identifier, document]]));
  const isOwner = rename.kind !== "blueprint" && rename.blueprint === identifier;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(document)) result[key] = isObject(value) ? { ...value } : value;
  result["identifier"] = walk.blueprint(identifier);
  if (isObject(document["schema"]))
    result["schema"] = schemaAfter(document["schema"], rename, isOwner && rename.kind === "property", walk);
  const each = (
    key: string,
    ownerKind: "property" | "relation",
    change: (definition: JsonObject) => JsonObject,
  ): void => {
    if (!isObject(document[key])) return;
    const renamesKeys = isOwner && rename.kind === ownerKind;
    result[key] = Object.fromEntries(
      definitions(document, key).map(([id, definition]) => [
        renamesKeys && id === rename.from ? rename.to : id,
        change(definition),
      ]),
    );
  };
  each("relations", "relation", (relation) => withText(relation, "target", (text) => walk.blueprint(text)));
  each("mirrorProperties", "property", (mirror) =>
    withText(mirror, "path", (path) => walk.dotted(path, identifier, true)),
  );
  each("calculationProperties", "property", (calculation) => calculation);
  each("aggregationProperties", "property", (aggregation) => aggregationAfter(aggregation, identifier, walk));
  const scorecards = document["scorecards"];
  if (Array.isArray(scorecards))
    result["scorecards"] = scorecards.map((one: unknown) =>
      isObject(one) ? scorecardAfter(one, identifier, walk) : one,
    );
  for (const key of ["ownership", "teamInheritance"])
    if (isObject(document[key]))
      result[key] = withText(document[key], "path", (path) => walk.dotted(path, identifier, false));
  return result;
}

function schemaAfter(schema: JsonObject, rename: Rename, renamesKeys: boolean, walk: Walk): JsonObject {
  const name = (id: string): string => (renamesKeys && id === rename.from ? rename.to : id);
  const { required } = schema;
  return {
    ...schema,
    properties: Object.fromEntries(
      definitions(schema, "properties").map(([id, definition]) => [
        name(id),
        propertyAfter(definition, walk),
      ]),
    ),
    ...(Array.isArray(required)
      ? { required: required.map((id: unknown) => (typeof id === "string" ? name(id) : id)) }
      : {}),
  };
}

/** `blueprint` names the blueprint of entity formats; the value of a property of format `blueprints` is one too. */
function propertyAfter(definition: JsonObject, walk: Walk): JsonObject {
  const { items, default: value } = definition;
  const after = withText(definition, "blueprint", (text) => walk.blueprint(text));
  return {
    ...after,
    ...(isObject(items) ? { items: withText(items, "blueprint", (text) => walk.blueprint(text)) } : {}),
    ...(namesBlueprints(definition) && value !== undefined ? { default: walk.blueprints(value) } : {}),
  };
}

/** Whether the values of the property are identifiers of blueprints. */
export function namesBlueprints(definition: JsonObject): boolean {
  const { format, items } = definition;
  return format === "blueprints" || (isObject(items) && items["format"] === "blueprints");
}

function aggregationAfter(aggregation: JsonObject, identifier: string, walk: Walk): JsonObject {
  const { target, calculationSpec, query, pathFilter } = aggregation;
  const on = typeof target === "string" ? target : "";
  const property = (text: string): string => walk.property(text, on);
  return {
    ...withText(aggregation, "target", (text) => walk.blueprint(text)),
    ...(isObject(calculationSpec)
      ? {
          calculationSpec: withText(
            withText(calculationSpec, "property", property),
            "measureTimeBy",
            property,
          ),
        }
      : {}),
    ...(isObject(query) ? { query: renameInQuery(query, on, walk) } : {}),
    ...(Array.isArray(pathFilter)
      ? { pathFilter: pathFilter.map((filter: unknown) => walk.path(filter, identifier)) }
      : {}),
  };
}

function scorecardAfter(scorecard: JsonObject, identifier: string, walk: Walk): JsonObject {
  const { filter, rules } = scorecard;
  const ruleAfter = (rule: unknown): unknown =>
    isObject(rule) && isObject(rule["query"])
      ? { ...rule, query: renameInQuery(rule["query"], identifier, walk) }
      : rule;
  return {
    ...scorecard,
    ...(isObject(filter) ? { filter: renameInQuery(filter, identifier, walk) } : {}),
    ...(Array.isArray(rules) ? { rules: rules.map(ruleAfter) } : {}),
  };
}

/** A search query after the rename. @param on the blueprint whose entities are searched, as it was called before */
export function renameInSearch(
  query: JsonObject,
  on: string,
  rename: Rename,
  documents: Documents,
): JsonObject {
  return renameInQuery(query, on, new Walk(rename, documents));
}

/** Search queries (data-model.md §5.2). @param on empty: any blueprint */
function renameInQuery(query: JsonObject, on: string, walk: Walk): JsonObject {
  for (const list of ["rules", "conditions"]) {
    const rules = query[list];
    if (Array.isArray(rules))
      return {
        ...query,
        [list]: rules.map((rule: unknown) => (isObject(rule) ? renameInQuery(rule, on, walk) : rule)),
      };
  }
  const { property, value, operator } = query;
  const result: Record<string, unknown> = { ...query };
  if (typeof property === "string") {
    const named = walk.property(property, on);
    // matchAny takes the name of a relation too.
    result["property"] = operator === "matchAny" && named === property ? walk.relation(property, on) : named;
  } else if (isObject(property))
    result["property"] = Object.hasOwn(property, "context")
      ? walk.context(property)
      : walk.path(property, on);
  if (typeof query["relation"] === "string") result["relation"] = walk.relation(query["relation"], on);
  if (typeof query["blueprint"] === "string") result["blueprint"] = walk.blueprint(query["blueprint"]);
  if (isObject(value)) result["value"] = walk.context(value);
  else if (property === "$blueprint") result["value"] = walk.blueprints(value);
  return result;
}

/** Follows names through the data model and gives them as they are after the rename. */
class Walk {
  readonly #rename: Rename;
  readonly #documents: Documents;

  constructor(rename: Rename, documents: Documents) {
    this.#rename = rename;
    this.#documents = documents;
  }

  blueprint(identifier: string): string {
    const { kind, from, to } = this.#rename;
    return kind === "blueprint" && identifier === from ? to : identifier;
  }

  /** A value, or a list of values, that may be an identifier of a blueprint. */
  blueprints(value: unknown): unknown {
    if (typeof value === "string") return this.blueprint(value);
    return Array.isArray(value) ? value.map((item: unknown) => this.blueprints(item)) : value;
  }

  property(name: string, on: string): string {
    return this.#member("property", name, on);
  }

  relation(name: string, on: string): string {
    return this.#member("relation", name, on);
  }

  #member(kind: "property" | "relation", name: string, on: string): string {
    const rename = this.#rename;
    return rename.kind === kind && rename.blueprint === on && rename.from === name ? rename.to : name;
  }

  /** `relation.relation.property`, or relations only. */
  dotted(path: string, start: string, endsInProperty: boolean): string {
    const steps = path.split(".");
    const relations = endsInProperty ? steps.slice(0, -1) : steps;
    const { names, end } = this.#follow(relations, start);
    const last = endsInProperty ? steps.at(-1) : undefined;
    return [...names, ...(last === undefined ? [] : [end === null ? last : this.property(last, end)])].join(
      ".",
    );
  }

  /** `{path: [relation, …], fromBlueprint?}`. */
  path(filter: unknown, start: string): unknown {
    if (!isObject(filter)) return filter;
    const { path, fromBlueprint } = filter;
    const from = typeof fromBlueprint === "string" ? fromBlueprint : start;
    const steps: unknown[] = Array.isArray(path) ? path : [path];
    const { names } = this.#follow(steps.map(nameOf), from);
    const after = steps.map((step, i) =>
      isObject(step) ? { ...step, relation: names[i] } : typeof step === "string" ? names[i] : step,
    );
    return {
      ...withText(filter, "fromBlueprint", (text) => this.blueprint(text)),
      ...(path === undefined ? {} : { path: Array.isArray(path) ? after : after[0] }),
    };
  }

  /** A value of the person who asks: their `_user` entity, or the `_team` entities of their teams. */
  context(reference: JsonObject): JsonObject {
    const on = reference["context"] === "user" ? "_user" : "_team";
    return withText(reference, "property", (name) => this.property(name, on));
  }

  /** @returns `end`: the blueprint that the relations lead to, null when they lead nowhere that is known */
  #follow(relations: readonly string[], start: string): { names: string[]; end: string | null } {
    const names: string[] = [];
    let at: string | null = start;
    for (const relation of relations) {
      names.push(at === null ? relation : this.relation(relation, at));
      at = at === null ? null : this.#target(at, relation);
    }
    return { names, end: at };
  }

  #target(blueprint: string, relation: string): string | null {
    if (relation === "$team") return "_team";
    const document = this.#documents.get(blueprint);
    const found = document && definitions(document, "relations").find(([id]) => id === relation);
    const target = found?.[1]["target"];
    return typeof target === "string" ? target : null;
  }
}

function nameOf(step: unknown): string {
  const name = isObject(step) ? step["relation"] : step;
  return typeof name === "string" ? name : "";
}

function withText(object: JsonObject, key: string, change: (text: string) => string): JsonObject {
  const value = object[key];
  return typeof value === "string" ? { ...object, [key]: change(value) } : object;
}

/** The calculations whose jq text has the old name in it; such texts are never edited. */
export function calculationsThatMention(documents: Documents, rename: Rename): string[] {
  const name = rename.from.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  const mention = new RegExp(`(?<![A-Za-z0-9_@=\\\\-])${name}(?![A-Za-z0-9_@=\\\\-])`);
  return [...documents].flatMap(([identifier, document]) =>
    // Names of properties and relations mean something in the calculations of their own blueprint only.
    rename.kind !== "blueprint" && rename.blueprint !== identifier
      ? []
      : definitions(document, "calculationProperties")
          .filter(([, { calculation }]) => typeof calculation === "string" && mention.test(calculation))
          .map(([id]) => `${identifier}.calculationProperties.${id}`),
  );
}

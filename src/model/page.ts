/** Pages: how they are rendered, and what follows a rename (workflows.md §6, data-model.md §3.11). */
import { isObject, type JsonObject } from "./json.ts";
import type { PagePermissions } from "./page-permission.ts";
import { type Documents, type Rename, renameInSearch } from "./rename.ts";

/** Page identifiers are the identifiers of blueprints in the plural, by Port's rule: an s, unless there is one. */
export function catalogPageIdentifier(blueprint: string): string {
  return blueprint.endsWith("s") ? blueprint : `${blueprint}s`;
}

/** English plural of a title; one that does not end in a small Latin letter stays. */
function plural(title: string): string {
  if (title.endsWith("s")) return title;
  if (/[^aeiou]y$/u.test(title)) return `${title.slice(0, -1)}ies`;
  if (/(x|z|ch|sh)$/.test(title)) return `${title}es`;
  return /[a-z]$/.test(title) ? `${title}s` : title;
}

/** What is stored of the page that lists the entities of a blueprint: everything but its identifier. */
export function catalogPage(blueprint: string, title: string, icon: string | null): JsonObject {
  return {
    title: plural(title),
    icon,
    description: null,
    type: "blueprint-entities",
    blueprint,
    section: "software_catalog",
    showInSidebar: true,
    locked: false,
    requiredQueryParams: [],
    widgets: [
      {
        id: "entities",
        type: "table-entities-explorer",
        blueprint,
        dataset: { combinator: "and", rules: [] },
      },
    ],
  };
}

export interface Page {
  readonly identifier: string;
  readonly document: JsonObject;
  /** null: the defaults. */
  readonly permissions: PagePermissions | null;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/** The page as the API returns it. @param compact without widgets */
export function renderPage(page: Page, compact: boolean): JsonObject {
  const { widgets, ...rest } = page.document;
  return {
    identifier: page.identifier,
    ...rest,
    ...(compact ? {} : { widgets }),
    createdAt: page.createdAt.toISOString(),
    createdBy: page.createdBy,
    updatedAt: page.updatedAt.toISOString(),
    updatedBy: page.updatedBy,
  };
}

/**
 * The document after a rename: what names the blueprint or one of its members follows, in widgets and filters at any
 * depth. Texts with templates are left alone.
 */
export function renamedPage(document: JsonObject, rename: Rename, documents: Documents): JsonObject {
  return renamedPart(
    document,
    rename,
    documents,
    typeof document["blueprint"] === "string" ? document["blueprint"] : "",
  );
}

/** Keys of widgets whose texts, or lists of them, are names of properties; some with a prefix. */
const PROPERTY_KEYS: ReadonlySet<string> = new Set([
  "property",
  "properties",
  "measureTimeBy",
  "breakdownProperty",
  "propertyIdentifier",
  "excludedFields",
  "hiddenQuery",
  "order",
  "shown",
  "hidden",
  "groupBy",
]);
const BLUEPRINT_KEYS: ReadonlySet<string> = new Set(["blueprint", "blueprintIdentifier"]);

function renamedPart(value: JsonObject, rename: Rename, documents: Documents, above: string): JsonObject {
  const named = value["blueprint"] ?? value["blueprintIdentifier"];
  const on = typeof named === "string" ? named : above;
  if (Array.isArray(value["rules"])) {
    const query = renameInSearch(value, on, rename, documents);
    return rename.kind === "blueprint" && query["blueprint"] === rename.from
      ? { ...query, blueprint: rename.to }
      : query;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (BLUEPRINT_KEYS.has(key) && rename.kind === "blueprint" && item === rename.from)
        return [key, rename.to];
      if (key === "hiddenBlueprints" && Array.isArray(item) && rename.kind === "blueprint")
        return [key, item.map((one: unknown) => (one === rename.from ? rename.to : one))];
      if (PROPERTY_KEYS.has(key)) return [key, renamedNames(item, rename, on)];
      if (key === "blueprintConfig" && isObject(item)) return [key, renamedConfig(item, rename, documents)];
      if (Array.isArray(item))
        return [
          key,
          item.map((one: unknown) => (isObject(one) ? renamedPart(one, rename, documents, on) : one)),
        ];
      return [key, isObject(item) ? renamedPart(item, rename, documents, on) : item];
    }),
  );
}

/** Settings of a table, by blueprint. */
function renamedConfig(config: JsonObject, rename: Rename, documents: Documents): JsonObject {
  return Object.fromEntries(
    Object.entries(config).map(([blueprint, settings]) => [
      rename.kind === "blueprint" && blueprint === rename.from ? rename.to : blueprint,
      isObject(settings) ? renamedPart(settings, rename, documents, blueprint) : settings,
    ]),
  );
}

/** `mttr`, `property#mttr`, `properties.mttr`, `relation#service`. */
function renamedNames(value: unknown, rename: Rename, on: string): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => renamedNames(one, rename, on));
  if (typeof value !== "string" || rename.kind === "blueprint" || rename.blueprint !== on) return value;
  const [, prefix = "", name] = /^((?:[a-z-]+#|properties\.|relations\.)?)(.*)$/s.exec(value) ?? [];
  if (name !== rename.from) return value;
  const isRelation = prefix === "relation#" || prefix === "relations.";
  const isSame = prefix === "" || isRelation === (rename.kind === "relation");
  return isSame ? `${prefix}${rename.to}` : value;
}

/** Pages of the catalog (workflows.md §6). So far: the page that comes with a blueprint (data-model.md §3.11). */
import type { JsonObject } from "./json.ts";
import type { PagePermissions } from "./page-permission.ts";

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

/** The document with references to a renamed blueprint rewritten. */
export function renamedPage(document: JsonObject, from: string, to: string): JsonObject {
  const rewrite = (value: JsonObject): JsonObject => ({
    ...value,
    ...(value["blueprint"] === from ? { blueprint: to } : {}),
  });
  const { widgets } = document;
  return {
    ...rewrite(document),
    ...(Array.isArray(widgets) ? { widgets: (widgets as JsonObject[]).map(rewrite) } : {}),
  };
}

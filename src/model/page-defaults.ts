/** Pages that are there before anybody stores them: the home page, and the page of each blueprint's entities. */
import type { JsonObject } from "./json.ts";

export const HOME = "$home";
const ENTITY_SUFFIX = "Entity";

/** `service` → `serviceEntity`, as in Port. */
export function entityPageIdentifier(blueprint: string): string {
  return `${blueprint}${ENTITY_SUFFIX}`;
}

/** The blueprint whose entities' page would be called so; null: of none. */
export function blueprintOfEntityPage(identifier: string): string | null {
  return identifier.endsWith(ENTITY_SUFFIX) && identifier.length > ENTITY_SUFFIX.length
    ? identifier.slice(0, -ENTITY_SUFFIX.length)
    : null;
}

export function homePage(): JsonObject {
  return {
    title: "Home",
    icon: "Home",
    type: "home",
    showInSidebar: true,
    widgets: [{ id: "home", type: "dashboard-widget", layout: [], widgets: [] }],
  };
}

/** Tabs of the page of an entity. `{{…}}` are filled when one is opened. */
export function entityPage(blueprint: string, title: string, icon: string | null): JsonObject {
  const here = { entity: "{{url.identifier}}", blueprint: "{{blueprint}}" };
  return {
    title,
    icon,
    type: "entity",
    blueprint,
    showInSidebar: false,
    widgets: [
      {
        id: "tabs",
        type: "grouper",
        displayMode: "tabs",
        activeGroupUrlParam: "activeTab",
        groupsOrder: ["Overview", "Related Entities", "Audit Log"],
        groups: [
          { title: "Overview", widgets: [{ id: "details", type: "entity-info", title: "Details", ...here }] },
          {
            title: "Related Entities",
            widgets: [{ id: "related", type: "table-entities-explorer-by-direction" }],
          },
          { title: "Audit Log", widgets: [{ id: "audit", type: "table-audit-log", query: here }] },
        ],
      },
    ],
  };
}

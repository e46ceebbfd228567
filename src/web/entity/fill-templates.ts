/** `{{…}}` in widgets of an entity's page, filled with the entity that is looked at (workflows.md §6.2). */
import type { Me } from "../api/types.ts";
import type { EntityDoc } from "../catalog/blueprint.ts";
import type { WidgetDoc } from "../widgets/widget-kind.ts";

export interface Here {
  readonly blueprint: string;
  readonly entity: EntityDoc;
  readonly user: Me["user"] | null;
}

const TEMPLATE = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** The widget as it is drawn for this entity. */
export function fillTemplates(widget: WidgetDoc, here: Here): WidgetDoc {
  const filled = fill(widget, here, null) as WidgetDoc;
  const { identifier } = here.entity;
  switch (widget.type) {
    case "entity-info":
    case "entity-details":
      return { blueprint: here.blueprint, entity: identifier, ...filled };
    case "markdown":
      return { blueprintIdentifier: here.blueprint, entityIdentifier: identifier, ...filled };
    case "iframe-widget":
      return { ...filled, url: withEntity(filled["url"], here) };
    default:
      return filled;
  }
}

function fill(value: unknown, here: Here, key: string | null): unknown {
  if (typeof value === "string") return fillText(value, here, key === "url");
  if (Array.isArray(value)) return value.map((item: unknown) => fill(item, here, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, fill(part, here, name)]));
}

/** In an address, what does not begin it is escaped: a value must not turn it into another. */
function fillText(text: string, here: Here, isAddress: boolean): string {
  return text.replace(TEMPLATE, (whole: string, path: string, at: number) => {
    const value = valueAt(path, here);
    if (value === undefined) return whole;
    return isAddress && at > 0 ? encodeURIComponent(value) : value;
  });
}

function valueAt(path: string, { blueprint, entity, user }: Here): string | undefined {
  if (path === "blueprint") return blueprint;
  if (path === "url.identifier") return entity.identifier;
  const [root, ...steps] = path.replace(/^\./, "").split(".");
  const from: unknown =
    root === "entity" ? { ...entity, blueprint } : root === "user" ? (user ?? {}) : undefined;
  if (from === undefined) return undefined;
  const value = steps.reduce<unknown>(
    (at, step) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string, unknown>)[step]
        : undefined,
    from,
  );
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** An embedded page is told which entity it stands on. */
export function withEntity(url: unknown, { blueprint, entity }: Pick<Here, "blueprint" | "entity">): unknown {
  if (typeof url !== "string" || !/^https?:\/\//i.test(url)) return url;
  const [page = "", hash] = url.split("#", 2);
  const asked = new URLSearchParams({ entity: entity.identifier, blueprint });
  return `${page}${page.includes("?") ? "&" : "?"}${asked}${hash === undefined ? "" : `#${hash}`}`;
}

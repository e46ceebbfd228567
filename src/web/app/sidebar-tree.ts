/** The sidebar's items as a tree, and what a search leaves of it. */
import type { SidebarItem } from "./sidebar-query.ts";

export interface Branch {
  readonly item: SidebarItem;
  readonly children: readonly Branch[];
}

/** Items come in their order, what is in a folder after it. Pages of the system's own blueprints are left out. */
export function treeOf(items: readonly SidebarItem[]): Branch[] {
  const shown = items.filter(
    ({ showInSidebar, blueprint }) => showInSidebar !== false && !blueprint?.startsWith("_"),
  );
  const folders = new Set(
    shown.filter(({ sidebarType }) => sidebarType === "folder").map((item) => item.identifier),
  );
  const under = (parent: string | null): Branch[] =>
    shown
      .filter(
        (item) => (item.parent !== undefined && folders.has(item.parent) ? item.parent : null) === parent,
      )
      .map((item) => ({ item, children: folders.has(item.identifier) ? under(item.identifier) : [] }));
  return under(null);
}

/** Branches whose title has the text, or that hold such; an empty text leaves all. */
export function matching(branches: readonly Branch[], text: string): Branch[] {
  const wanted = text.trim().toLocaleLowerCase();
  if (wanted === "") return [...branches];
  return branches.flatMap((branch) => {
    if (branch.item.title.toLocaleLowerCase().includes(wanted)) return [branch];
    const children = matching(branch.children, wanted);
    return children.length > 0 ? [{ ...branch, children }] : [];
  });
}

type Address =
  | {
      readonly to: "/c/$blueprint";
      readonly params: { blueprint: string };
      readonly search: { v?: string };
    }
  | { readonly to: "/d/$page"; readonly params: { page: string }; readonly search: { v?: string } };

/**
 * Where a page leads: pages of a blueprint to its table, with their view unless it is the blueprint's own; every other
 * one to itself.
 * @param items everything in the sidebar
 */
export function addressOf(
  { identifier, type, blueprint }: SidebarItem,
  items: readonly SidebarItem[],
): Address {
  if (type !== "blueprint-entities" || blueprint === undefined)
    return { to: "/d/$page", params: { page: identifier }, search: {} };
  const plural = blueprint.endsWith("s") ? blueprint : `${blueprint}s`;
  const own = items.filter((item) => item.type === type && item.blueprint === blueprint);
  const isOwn = identifier === plural || own.length === 1;
  return { to: "/c/$blueprint", params: { blueprint }, search: isOwn ? {} : { v: identifier } };
}

/** The same as a path. */
export function pathOf({ to, params, search }: Address): string {
  const [name = ""] = Object.values(params);
  const view = search.v === undefined ? "" : `?v=${encodeURIComponent(search.v)}`;
  return `${to.slice(0, 2)}/${encodeURIComponent(name)}${view}`;
}

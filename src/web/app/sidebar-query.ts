import { queryOptions } from "@tanstack/react-query";
import { getJson } from "../api/client.ts";

export interface SidebarItem {
  readonly identifier: string;
  readonly title: string;
  readonly sidebarType: "folder" | "page";
  readonly type?: string;
  readonly icon?: string;
  readonly blueprint?: string;
  readonly parent?: string;
  readonly after?: string;
  readonly showInSidebar?: boolean;
}

/** Pages and folders in their order. */
export const sidebarQuery = queryOptions({
  queryKey: ["blueprints", "sidebar"],
  queryFn: ({ signal }) => getJson<{ sidebar: { items: SidebarItem[] } }>("/v1/sidebars/catalog", {}, signal),
  select: (answer) => answer.sidebar.items,
  staleTime: 60_000,
});

/** Without the pages of blueprints that the organisation hides. */
export const shownItems = (items: readonly SidebarItem[], hidden: readonly string[] = []): SidebarItem[] =>
  items.filter(({ blueprint }) => blueprint === undefined || !hidden.includes(blueprint));

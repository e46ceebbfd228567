/** Pages and the sidebar. Their keys begin with `blueprints`, so that a hint of a change asks again. */
import { queryOptions } from "@tanstack/react-query";
import { getJson } from "../api/client.ts";
import type { PageDoc } from "./board.ts";

export interface PageAnswer {
  readonly page: PageDoc;
  readonly mayUpdate: boolean;
}

export const pagePath = (identifier: string): string => `/v1/pages/${encodeURIComponent(identifier)}`;

export const pageQuery = (identifier: string) =>
  queryOptions({
    queryKey: ["blueprints", "page", identifier],
    queryFn: ({ signal }) => getJson<PageAnswer>(pagePath(identifier), {}, signal),
  });

import { errors, isOn } from "../../api/common.ts";
import * as api from "../../api/pages.ts";
import { getPage, getPages } from "../../catalog/pages.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Pages"];
/** Pages are returned with their keys in their order. */
const serializerCompiler = () => JSON.stringify;

export function pageRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/pages",
    {
      config: { access: "member", contract: "port" },
      serializerCompiler,
      schema: {
        tags,
        summary: "All pages: so far the catalogue page of each blueprint",
        querystring: api.PagesQuery,
        response: { 200: api.PagesResponse, ...errors(401) },
      },
    },
    async (request) => ({
      ok: true as const,
      pages: (await getPages(deps.ctx(request), isOn(request.query.compact))) as never,
    }),
  );
  app.get(
    "/v1/pages/:page",
    {
      config: { access: "member", contract: "port" },
      serializerCompiler,
      schema: {
        tags,
        summary: "One page",
        params: api.PageParams,
        response: { 200: api.PageResponse, ...errors(401, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      page: (await getPage(deps.ctx(request), request.params.page)) as never,
    }),
  );
}

import { errors, isOn } from "../../api/common.ts";
import * as api from "../../api/pages.ts";
import { changePagePermissions, getPagePermissions } from "../../catalog/page-permissions.ts";
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
        response: { 200: api.PageResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      page: (await getPage(deps.ctx(request), request.params.page)) as never,
    }),
  );
  app.get(
    "/v1/pages/:page/permissions",
    {
      config: { access: "member", contract: "port" },
      schema: {
        tags,
        summary: "Who may read and change the page",
        params: api.PageParams,
        response: { 200: api.PagePermissionsResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      permissions: (await getPagePermissions(deps.ctx(request), request.params.page)) as never,
    }),
  );
  app.patch(
    "/v1/pages/:page/permissions",
    {
      config: { access: "admin", contract: "port", audits: "page_permissions" },
      schema: {
        tags,
        summary: "Change who may read and change the page: each list that is sent is the whole list",
        params: api.PageParams,
        body: api.PatchPagePermissionsRequest,
        response: { 200: api.PagePermissionsResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => ({
      ok: true as const,
      permissions: (await changePagePermissions(
        deps.ctx(request),
        request.params.page,
        request.body,
      )) as never,
    }),
  );
}

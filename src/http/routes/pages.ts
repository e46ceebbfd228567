import { errors, isOn, Ok } from "../../api/common.ts";
import * as api from "../../api/pages.ts";
import { changePagePermissions, getPagePermissions } from "../../catalog/page-permissions.ts";
import {
  changePage,
  changeWidget,
  createPage,
  deleteWidget,
  removePage,
  replacePage,
} from "../../catalog/define-page.ts";
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
        summary: "All pages; folders are in the sidebar",
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
        response: { 200: api.OnePageResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      ...((await getPage(deps.ctx(request), request.params.page)) as never as {
        page: never;
        mayUpdate: boolean;
      }),
    }),
  );
  pageWrites(app, deps);
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

/** Who may change a page is decided by its permissions, in the use case. */
function pageWrites(app: FairwayInstance, deps: RouteDeps): void {
  app.post(
    "/v1/pages",
    {
      config: { access: "admin", contract: "port", audits: "page" },
      serializerCompiler,
      schema: {
        tags,
        summary: "Create a dashboard, or one more page of a blueprint",
        body: api.CreatePageRequest,
        response: { 201: api.CreatedPageResponse, ...errors(401, 403, 404, 409, 413, 422) },
      },
    },
    async (request, reply) => {
      const page = (await createPage(deps.ctx(request), request.body)) as never as { identifier: string };
      deps.afterWrite();
      return reply.code(201).send({ ok: true as const, identifier: page.identifier, page: page as never });
    },
  );
  const config = { access: "member", contract: "port", audits: "page" } as const;
  for (const [method, summary, change, body] of [
    ["PUT", "Replace a page", replacePage, api.ReplacePageRequest],
    ["PATCH", "Change some of a page", changePage, api.ChangePageRequest],
  ] as const)
    app.route({
      method,
      url: "/v1/pages/:page",
      config,
      serializerCompiler,
      schema: {
        tags,
        summary,
        params: api.PageParams,
        body,
        response: { 200: api.PageResponse, ...errors(401, 403, 404, 409, 413, 422) },
      },
      handler: async (request) => {
        const page = (await change(deps.ctx(request), request.params.page, request.body)) as never;
        deps.afterWrite();
        return { ok: true as const, page };
      },
    });
  app.delete(
    "/v1/pages/:page",
    {
      config,
      schema: {
        tags,
        summary: "Delete a page",
        params: api.PageParams,
        response: { 200: Ok, ...errors(401, 403, 404, 409) },
      },
    },
    async (request) => {
      await removePage(deps.ctx(request), request.params.page);
      deps.afterWrite();
      return { ok: true as const };
    },
  );
  app.patch(
    "/v1/pages/:page/widgets/:widget",
    {
      config,
      serializerCompiler,
      schema: {
        tags,
        summary: "Change some of one widget",
        params: api.WidgetParams,
        body: api.ChangeWidgetRequest,
        response: { 200: api.PageResponse, ...errors(401, 403, 404, 413, 422) },
      },
    },
    async (request) => {
      const { page, widget } = request.params;
      const changed = (await changeWidget(deps.ctx(request), page, widget, request.body)) as never;
      deps.afterWrite();
      return { ok: true as const, page: changed };
    },
  );
  app.delete(
    "/v1/pages/:page/widgets/:widget",
    {
      config,
      serializerCompiler,
      schema: {
        tags,
        summary: "Delete one widget; its neighbours take its place",
        params: api.WidgetParams,
        response: { 200: api.PageResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const { page, widget } = request.params;
      const changed = (await deleteWidget(deps.ctx(request), page, widget)) as never;
      deps.afterWrite();
      return { ok: true as const, page: changed };
    },
  );
}

import { errors, Ok } from "../../api/common.ts";
import * as api from "../../api/pages.ts";
import { changeFolder, createFolder, deleteFolder, getSidebar, orderSidebar } from "../../catalog/sidebar.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Pages"];
const serializerCompiler = () => JSON.stringify;

export function sidebarRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/sidebars/:sidebar",
    {
      config: { access: "member", contract: "port" },
      serializerCompiler,
      schema: {
        tags,
        summary: "Pages and folders as the sidebar shows them",
        params: api.SidebarParams,
        response: { 200: api.SidebarResponse, ...errors(401, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      sidebar: (await getSidebar(deps.ctx(request), request.params.sidebar)) as never,
    }),
  );
  const config = { access: "admin", contract: "port", audits: "folder" } as const;
  app.post(
    "/v1/sidebars/:sidebar/folders",
    {
      config,
      serializerCompiler,
      schema: {
        tags,
        summary: "Create a folder",
        params: api.SidebarParams,
        body: api.FolderRequest,
        response: { 201: api.FolderResponse, ...errors(401, 403, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const folder = await createFolder(deps.ctx(request), request.params.sidebar, request.body);
      deps.afterWrite();
      return reply.code(201).send(folderAnswer(folder) as never);
    },
  );
  app.patch(
    "/v1/sidebars/:sidebar/folders/:folder",
    {
      config,
      serializerCompiler,
      schema: {
        tags,
        summary: "Change some of a folder",
        params: api.FolderParams,
        body: api.FolderRequest,
        response: { 200: api.FolderResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      const { sidebar, folder } = request.params;
      const changed = await changeFolder(deps.ctx(request), sidebar, folder, request.body);
      deps.afterWrite();
      return folderAnswer(changed) as never;
    },
  );
  app.delete(
    "/v1/sidebars/:sidebar/folders/:folder",
    {
      config,
      schema: {
        tags,
        summary: "Delete a folder; what is in it moves to where it stood",
        params: api.FolderParams,
        response: { 200: Ok, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      await deleteFolder(deps.ctx(request), request.params.sidebar, request.params.folder);
      deps.afterWrite();
      return { ok: true as const };
    },
  );
  app.put(
    "/v1/sidebars/:sidebar/order",
    {
      config: { ...config, contract: "fairway" },
      serializerCompiler,
      schema: {
        tags,
        summary: "Put pages and folders into one folder, in an order",
        params: api.SidebarParams,
        body: api.OrderRequest,
        response: { 200: api.SidebarResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      const sidebar = (await orderSidebar(deps.ctx(request), request.params.sidebar, request.body)) as never;
      deps.afterWrite();
      return { ok: true as const, sidebar };
    },
  );
}

const folderAnswer = (folder: object) => ({
  ok: true as const,
  identifier: (folder as { identifier: string }).identifier,
  folder,
});

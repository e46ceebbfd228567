import { BlueprintParams, errors } from "../../api/common.ts";
import * as api from "../../api/permissions.ts";
import { changePermissions, getPermissions, listPermissions } from "../../catalog/permissions.ts";
import { executableNames } from "../../automation/action-access.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Permissions"];
const config = { access: "member", contract: "port" } as const;

export function permissionRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/blueprints/:blueprint/permissions",
    {
      config,
      schema: {
        tags,
        summary: "Who may read, register, update and unregister entities of the blueprint",
        params: BlueprintParams,
        response: { 200: api.PermissionsResponse, ...errors(401, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      permissions: (await getPermissions(deps.ctx(request), request.params.blueprint)) as never,
    }),
  );
  app.patch(
    "/v1/blueprints/:blueprint/permissions",
    {
      config: { ...config, audits: "permissions" },
      schema: {
        tags,
        summary: "Change permissions: blocks that are sent are replaced as a whole, others stay",
        params: BlueprintParams,
        body: api.PatchPermissionsRequest,
        response: { 200: api.PermissionsResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => ({
      ok: true as const,
      permissions: (await changePermissions(
        deps.ctx(request),
        request.params.blueprint,
        request.body,
      )) as never,
    }),
  );
  app.get(
    "/v1/auth/permissions",
    {
      config,
      schema: {
        tags,
        summary: "What the caller may do",
        querystring: api.CallerQuery,
        response: { 200: api.CallerResponse, ...errors(401) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const permissions = [...(await listPermissions(ctx)), ...(await executableNames(ctx))];
      return { ok: true as const, permissions };
    },
  );
}

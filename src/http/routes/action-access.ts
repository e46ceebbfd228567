import * as api from "../../api/actions.ts";
import { errors } from "../../api/common.ts";
import { accessTo, evaluateForm } from "../../automation/action-access.ts";
import { changeActionPermissions, getActionPermissions } from "../../automation/action-permissions.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Actions"];

export function actionAccessRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/actions/:action/permissions",
    {
      config: { access: "member", contract: "port" },
      schema: {
        tags,
        summary: "Who may run the action, and who approves of its runs",
        params: api.ActionParams,
        response: { 200: api.ActionPermissionsResponse, ...errors(401, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      permissions: (await getActionPermissions(deps.ctx(request), request.params.action)) as never,
    }),
  );
  app.patch(
    "/v1/actions/:action/permissions",
    {
      config: { access: "member", contract: "port", audits: "action_permissions" },
      schema: {
        tags,
        summary: "Change who may run the action and who approves: each list that is sent is the whole list",
        params: api.ActionParams,
        body: api.ActionPermissionsRequest,
        response: { 200: api.ActionPermissionsResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      const { action } = request.params;
      const permissions = await changeActionPermissions(deps.ctx(request), action, request.body);
      deps.afterWrite();
      return { ok: true as const, permissions: permissions as never };
    },
  );
  app.get(
    "/v1/actions/:action/access",
    {
      config: { access: "member", contract: "fairway" },
      schema: {
        tags,
        summary: "What the caller may do with the action",
        params: api.ActionParams,
        querystring: api.AccessQuery,
        response: { 200: api.AccessResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      const { entity = null } = request.query;
      const access = await accessTo(deps.ctx(request), request.params.action, entity);
      return { ok: true as const, ...(access as never as object) } as never;
    },
  );
  app.post(
    "/v1/actions/:action/form",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler: () => JSON.stringify,
      schema: {
        tags,
        summary: "The form of the action for what is filled in so far; nothing is run",
        params: api.ActionParams,
        body: api.FormRequest,
        response: { 200: api.FormResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => ({
      ok: true as const,
      inputs: (await evaluateForm(deps.ctx(request), request.params.action, request.body)) as never,
    }),
  );
}

import * as api from "../../api/actions.ts";
import { errors, Ok } from "../../api/common.ts";
import {
  createAction,
  getActions,
  removeAction,
  replaceAction,
  shownTo,
  visibleAction,
} from "../../automation/define-action.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Actions"];
/** Actions are returned with their keys in their order. */
const serializerCompiler = () => JSON.stringify;

/** Who may change an action is decided in the use case: administrators, and moderators of its blueprint. */
const writes = { access: "member", contract: "port", audits: "action" } as const;

export function actionRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/actions",
    {
      config: { access: "member", contract: "port" },
      serializerCompiler,
      schema: {
        tags,
        summary: "Actions and automations that whoever asks may see",
        querystring: api.ActionsQuery,
        response: { 200: api.ActionsResponse, ...errors(401, 422) },
      },
    },
    async (request) => {
      const { query } = request;
      const { published } = query;
      const actions = await getActions(deps.ctx(request), {
        identifiers: query.action_identifier,
        blueprints: query.blueprint_identifier,
        operations: query.operation,
        published: published === "true" ? true : published === "false" ? false : undefined,
        triggerType: query.trigger_type,
        events: query.trigger_event,
        eventActions: query.trigger_event_action_identifier,
      });
      return { ok: true as const, actions: actions as never };
    },
  );
  app.get(
    "/v1/actions/:action",
    {
      config: { access: "member", contract: "port" },
      serializerCompiler,
      schema: {
        tags,
        summary: "One action",
        params: api.ActionParams,
        querystring: api.VersionQuery,
        response: { 200: api.ActionResponse, ...errors(401, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const action = await visibleAction(ctx, request.params.action);
      return { ok: true as const, action: shownTo(ctx, action) as never };
    },
  );
  app.post(
    "/v1/actions",
    {
      config: writes,
      serializerCompiler,
      schema: {
        tags,
        summary: "Create an action or automation",
        body: api.ActionRequest,
        response: { 201: api.ActionResponse, ...errors(401, 403, 404, 409, 413, 422) },
      },
    },
    async (request, reply) => {
      const { action, warnings } = await createAction(deps.ctx(request), request.body);
      deps.afterWrite();
      return reply.code(201).send({ ok: true as const, action: action as never, ...told(warnings) });
    },
  );
  app.put(
    "/v1/actions/:action",
    {
      config: writes,
      serializerCompiler,
      schema: {
        tags,
        summary: "Replace an action; another identifier renames it",
        params: api.ActionParams,
        body: api.ActionRequest,
        response: { 200: api.ActionResponse, ...errors(401, 403, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const { action, warnings } = await replaceAction(
        deps.ctx(request),
        request.params.action,
        request.body,
      );
      deps.afterWrite();
      return { ok: true as const, action: action as never, ...told(warnings) };
    },
  );
  app.delete(
    "/v1/actions/:action",
    {
      config: writes,
      schema: {
        tags,
        summary: "Delete an action; its runs stay",
        params: api.ActionParams,
        response: { 200: Ok, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      await removeAction(deps.ctx(request), request.params.action);
      deps.afterWrite();
      return { ok: true as const };
    },
  );
}

/** What clients do not know they need not see. */
function told(warnings: readonly string[]): { warnings?: string[] } {
  return warnings.length === 0 ? {} : { warnings: [...warnings] };
}

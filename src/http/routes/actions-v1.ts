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
import { render } from "../../automation/list-runs.ts";
import { runAction } from "../../automation/run-action.ts";
import type { RunMeans } from "../../automation/run-means.ts";
import { blueprintOf } from "../../model/action.ts";
import { actionFromV1, actionToV1 } from "../../model/action-v1.ts";
import { notFound } from "../../model/error.ts";
import type { Ctx } from "../../storage/context.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Actions (deprecated)"];
const serializerCompiler = () => JSON.stringify;
const reads = { access: "member", contract: "port" } as const;
const writes = { access: "member", contract: "port", audits: "action" } as const;
const deprecated = true;

/** @throws AppError not_found when the action is another blueprint's */
async function requireOf(ctx: Ctx, blueprint: string, identifier: string): Promise<void> {
  if (blueprintOf(await visibleAction(ctx, identifier)) !== blueprint) throw notFound("Action", identifier);
}

/** The addresses that actions had before v2. */
export function actionV1Routes(app: FairwayInstance, deps: RouteDeps & { readonly runs: RunMeans }): void {
  app.get(
    "/v1/blueprints/:blueprint/actions",
    {
      config: reads,
      serializerCompiler,
      schema: {
        ...{ tags, deprecated, summary: "Actions of a blueprint; see /v1/actions" },
        params: api.BlueprintActionsParams,
        response: { 200: api.ActionsResponse, ...errors(401) },
      },
    },
    async (request) => {
      const { blueprint } = request.params;
      const filter = { blueprints: [blueprint], triggerType: "self-service" };
      const actions = await getActions(deps.ctx(request), filter);
      return { ok: true as const, actions: actions.map(actionToV1) as never };
    },
  );
  app.post(
    "/v1/blueprints/:blueprint/actions",
    {
      config: writes,
      serializerCompiler,
      schema: {
        ...{ tags, deprecated, summary: "Create an action of a blueprint; see /v1/actions" },
        params: api.BlueprintActionsParams,
        body: api.ActionRequest,
        response: { 201: api.ActionResponse, ...errors(401, 403, 404, 409, 413, 422) },
      },
    },
    async (request, reply) => {
      const document = actionFromV1(request.body, request.params.blueprint);
      const { action } = await createAction(deps.ctx(request), document);
      deps.afterWrite();
      return reply.code(201).send({ ok: true as const, action: actionToV1(action) as never });
    },
  );
  app.get(
    "/v1/blueprints/:blueprint/actions/:action",
    {
      config: reads,
      serializerCompiler,
      schema: {
        ...{ tags, deprecated, summary: "One action of a blueprint; see /v1/actions" },
        params: api.BlueprintActionParams,
        response: { 200: api.ActionResponse, ...errors(401, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { blueprint, action } = request.params;
      await requireOf(ctx, blueprint, action);
      const shown = actionToV1(shownTo(ctx, await visibleAction(ctx, action)));
      return { ok: true as const, action: shown as never };
    },
  );
  app.put(
    "/v1/blueprints/:blueprint/actions/:action",
    {
      config: writes,
      serializerCompiler,
      schema: {
        ...{ tags, deprecated, summary: "Replace an action of a blueprint; see /v1/actions" },
        params: api.BlueprintActionParams,
        body: api.ActionRequest,
        response: { 200: api.ActionResponse, ...errors(401, 403, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { blueprint, action: identifier } = request.params;
      await requireOf(ctx, blueprint, identifier);
      const { action } = await replaceAction(ctx, identifier, actionFromV1(request.body, blueprint));
      deps.afterWrite();
      return { ok: true as const, action: actionToV1(action) as never };
    },
  );
  app.delete(
    "/v1/blueprints/:blueprint/actions/:action",
    {
      config: writes,
      schema: {
        ...{ tags, deprecated, summary: "Delete an action of a blueprint; see /v1/actions" },
        params: api.BlueprintActionParams,
        response: { 200: Ok, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      await requireOf(ctx, request.params.blueprint, request.params.action);
      await removeAction(ctx, request.params.action);
      deps.afterWrite();
      return { ok: true as const };
    },
  );
  runs(app, deps);
}

function runs(app: FairwayInstance, deps: RouteDeps & { readonly runs: RunMeans }): void {
  const config = { access: "member", contract: "port", audits: "run" } as const;
  const schema = {
    ...{ tags, deprecated, summary: "Run an action; see /v1/actions/{id}/runs" },
    querystring: api.RunQuery,
    body: api.RunRequest,
    response: { 202: api.RunResponse, ...errors(401, 403, 404, 413, 422) },
  };
  for (const url of [
    "/v1/blueprints/:blueprint/actions/:action/runs",
    "/v1/blueprints/:blueprint/entities/:entity/actions/:action/runs",
  ])
    app.post(
      url,
      { config, serializerCompiler, schema: { ...schema, params: api.BlueprintRunParams } },
      async (request, reply) => {
        const ctx = deps.ctx(request);
        const { blueprint, action, entity } = request.params;
        await requireOf(ctx, blueprint, action);
        const body = { ...request.body, ...(entity === undefined ? {} : { entity }) };
        const { run_as: runAs = null } = request.query;
        const run = await runAction(ctx, deps.runs.clientSecret, action, { body, runAs });
        deps.afterWrite();
        const [shown] = await render(ctx, [run], "v1");
        return reply.code(202).send({ ok: true as const, run: shown as never });
      },
    );
}

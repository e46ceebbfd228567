import * as api from "../../api/actions.ts";
import { errors, isOn } from "../../api/common.ts";
import { getRun, getRunLogs, getRuns, render, type Version } from "../../automation/list-runs.ts";
import { entitiesOfRun } from "../../automation/run-entities.ts";
import { maskReport } from "../../automation/masking.ts";
import { runAction } from "../../automation/run-action.ts";
import { logRun, patchRun, reportResponse } from "../../automation/update-run.ts";
import type { RunMeans } from "../../automation/run-means.ts";
import type { Ctx } from "../../storage/context.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Runs"];
const serializerCompiler = () => JSON.stringify;
const reads = { access: "member", contract: "port" } as const;
/** Who may is decided in the use case. */
const writes = { access: "member", contract: "port", audits: "run" } as const;

const versionOf = ({ version }: { readonly version?: string | undefined }): Version =>
  version === "v1" ? "v1" : "v2";

export function runRoutes(app: FairwayInstance, deps: RouteDeps & { readonly runs: RunMeans }): void {
  const reportOf = async (ctx: Ctx, body: unknown): Promise<unknown> =>
    maskReport(body, await deps.runs.secrets(ctx));
  app.post(
    "/v1/actions/:action/runs",
    {
      config: writes,
      serializerCompiler,
      schema: {
        tags,
        summary: "Run a self-service action",
        params: api.ActionParams,
        querystring: api.RunQuery,
        body: api.RunRequest,
        response: { 202: api.RunResponse, ...errors(401, 403, 404, 413, 422) },
      },
    },
    async (request, reply) => {
      const ctx = deps.ctx(request);
      const { run_as: runAs = null } = request.query;
      const { clientSecret } = deps.runs;
      const run = await runAction(ctx, clientSecret, request.params.action, { body: request.body, runAs });
      deps.afterWrite();
      const [shown] = await render(ctx, [run], versionOf(request.query));
      return reply.code(202).send({ ok: true as const, run: shown as never });
    },
  );
  app.get(
    "/v1/actions/runs",
    {
      config: reads,
      serializerCompiler,
      schema: {
        tags,
        summary: "Runs, newest first",
        querystring: api.RunsQuery,
        response: { 200: api.RunsResponse, ...errors(401, 422) },
      },
    },
    async (request) => {
      const { query } = request;
      const { entity, blueprint, action, limit = 100, exclude = [] } = query;
      const filter = {
        ...{ entity, blueprint, action, limit },
        active: isOn(query.active) ? true : undefined,
        createdBy: query.user_email ?? query.user_id,
        externalRunId: query.external_run_id,
        sources: query.source,
      };
      const runs = await getRuns(deps.ctx(request), filter, versionOf(query));
      const left = runs.map((run) =>
        Object.fromEntries(Object.entries(run).filter(([key]) => key === "id" || !exclude.includes(key))),
      );
      return { ok: true as const, runs: left as never };
    },
  );
  app.get(
    "/v1/actions/runs/:run",
    {
      config: reads,
      serializerCompiler,
      schema: {
        tags,
        summary: "One run",
        params: api.RunParams,
        querystring: api.VersionQuery,
        response: { 200: api.RunResponse, ...errors(401, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      run: (await getRun(deps.ctx(request), request.params.run, versionOf(request.query))) as never,
    }),
  );
  app.patch(
    "/v1/actions/runs/:run",
    {
      config: writes,
      serializerCompiler,
      schema: {
        tags,
        summary: "Report of a run: status, label, links, summary",
        params: api.RunParams,
        querystring: api.VersionQuery,
        body: api.PatchRunRequest,
        response: { 200: api.RunResponse, ...errors(401, 403, 404, 413, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const run = await patchRun(ctx, request.params.run, await reportOf(ctx, request.body));
      deps.afterWrite();
      const [shown] = await render(ctx, [run], versionOf(request.query));
      return { ok: true as const, run: shown as never };
    },
  );
  app.patch(
    "/v1/actions/runs/:run/response",
    {
      config: writes,
      serializerCompiler,
      schema: {
        tags,
        summary: "Report what was answered to the executor",
        params: api.RunParams,
        body: api.RunResponseRequest,
        response: { 200: api.RunResponse, ...errors(401, 403, 404, 413, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const run = await reportResponse(ctx, request.params.run, await reportOf(ctx, request.body));
      deps.afterWrite();
      const [shown] = await render(ctx, [run], "v2");
      return { ok: true as const, run: shown as never };
    },
  );
  app.get(
    "/v1/actions/runs/:run/entities",
    {
      config: { access: "member", contract: "fairway" },
      schema: {
        tags,
        summary: "Entities that the run changed, last changed first",
        params: api.RunParams,
        response: { 200: api.TouchedResponse, ...errors(401, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      entities: await entitiesOfRun(deps.ctx(request), request.params.run),
    }),
  );
  logRoutes(app, deps, reportOf);
}

function logRoutes(
  app: FairwayInstance,
  deps: RouteDeps,
  reportOf: (ctx: Ctx, body: unknown) => Promise<unknown>,
): void {
  app.get(
    "/v1/actions/runs/:run/logs",
    {
      config: reads,
      schema: {
        tags,
        summary: "Log of a run, oldest first",
        params: api.RunParams,
        querystring: api.RunLogsQuery,
        response: { 200: api.RunLogsResponse, ...errors(401, 404, 422) },
      },
    },
    async (request) => {
      const { limit = 50, offset = 0 } = request.query;
      const runLogs = await getRunLogs(deps.ctx(request), request.params.run, { limit, offset });
      return { ok: true as const, runLogs };
    },
  );
  app.post(
    "/v1/actions/runs/:run/logs",
    {
      config: writes,
      schema: {
        tags,
        summary: "Add a line to the log of a run; terminationStatus ends the run",
        params: api.RunParams,
        body: api.RunLogRequest,
        response: { 201: api.RunLogResponse, ...errors(401, 403, 404, 413, 422) },
      },
    },
    async (request, reply) => {
      const ctx = deps.ctx(request);
      const runLog = await logRun(ctx, request.params.run, await reportOf(ctx, request.body));
      deps.afterWrite();
      return reply.code(201).send({ ok: true as const, runLog });
    },
  );
}

import type { FastifyRequest } from "fastify";
import { errors, isOff, isOn, Ok } from "../../api/common.ts";
import * as api from "../../api/integrations.ts";
import { tellIntegration } from "../../automation/integration-changelog.ts";
import * as reports from "../../ingest/integration-reports.ts";
import * as integrations from "../../ingest/integrations.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Data sources"];
const admins = { access: "admin", contract: "port" } as const;
const audited = { ...admins, audits: "integration" } as const;
const path = "/v1/integration/:id";

export interface IntegrationDeps extends RouteDeps {
  /** Where exporters reach the server, without a trailing slash. */
  readonly baseUrl: () => string;
  /** Whether messages can be written to Kafka. */
  readonly hasBroker: boolean;
}

type Row = Parameters<typeof integrations.renderIntegration>[0];

export function integrationRoutes(app: FairwayInstance, deps: IntegrationDeps): void {
  const answer = (row: Row): { ok: true; integration: never } => ({
    ok: true,
    integration: integrations.renderIntegration(row, deps.baseUrl()) as never,
  });
  const change = async (request: FastifyRequest, id: string, patch: unknown) => {
    const row = await integrations.changeIntegration(deps.ctx(request), id, patch, {
      skipResync: request.headers["x-skip-resync"] === "true",
      tell: (tx, told) => tellIntegration(tx, told, deps.hasBroker),
    });
    deps.afterWrite();
    return answer(row);
  };
  app.post(
    "/v1/integration",
    {
      config: audited,
      schema: {
        tags,
        summary: "Create an integration",
        body: api.IntegrationRequest,
        response: { 201: api.IntegrationResponse, ...errors(401, 403, 409, 413, 422) },
      },
    },
    async (request, reply) =>
      reply.code(201).send(answer(await integrations.createIntegration(deps.ctx(request), request.body))),
  );
  app.get(
    "/v1/integration",
    {
      config: admins,
      schema: {
        tags,
        summary: "All integrations",
        querystring: api.IntegrationsQuery,
        response: { 200: api.IntegrationsResponse, ...errors(401, 403) },
      },
    },
    async (request) => {
      const flag = request.query.actionsProcessingEnabled;
      const rows = await integrations.getIntegrations(
        deps.ctx(request),
        isOn(flag) ? true : isOff(flag) ? false : undefined,
      );
      return {
        ok: true as const,
        integrations: rows.map((row) => integrations.renderIntegration(row, deps.baseUrl())),
      };
    },
  );
  app.get(
    "/v1/integration/metadata",
    {
      config: { access: "member", contract: "port" },
      schema: {
        tags,
        summary: "Names and types of the integrations",
        response: { 200: api.IntegrationsResponse, ...errors(401) },
      },
    },
    async (request) => {
      const rows = await integrations.getIntegrations(deps.ctx(request));
      return {
        ok: true as const,
        integrations: rows.map((row) => {
          const { _id, installationId, title, installationAppType, version, updatedAt } =
            integrations.renderIntegration(row, "");
          return { _id, installationId, title, installationAppType, version, updatedAt };
        }),
      };
    },
  );
  app.get(
    "/v1/integration/provision-enabled",
    {
      config: admins,
      schema: {
        tags,
        summary: "Types whose resources the server provisions itself: none, clients bring theirs",
        response: { 200: api.ProvisionEnabledResponse, ...errors(401, 403) },
      },
    },
    () => ({ ok: true as const, integrations: [] }),
  );
  app.get(
    path,
    {
      config: admins,
      schema: {
        tags,
        summary: "One integration",
        params: api.IntegrationParams,
        querystring: api.IntegrationQuery,
        response: { 200: api.IntegrationResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const row = await integrations.getIntegration(deps.ctx(request), request.params.id);
      await integrations.noteCoreVersion(deps.ctx(request), row, request.query.oceanCoreVersion);
      return answer(row);
    },
  );
  app.patch(
    path,
    {
      config: audited,
      schema: {
        tags,
        summary: "Change an integration and ask it to sync again (not with `x-skip-resync: true`)",
        params: api.IntegrationParams,
        body: api.PatchIntegrationRequest,
        response: { 200: api.IntegrationResponse, ...errors(401, 403, 404, 413, 422) },
      },
    },
    (request) => change(request, request.params.id, request.body),
  );
  app.patch(
    `${path}/config`,
    {
      config: audited,
      schema: {
        tags,
        summary: "Change the mapping of an integration and ask it to sync again",
        params: api.IntegrationParams,
        body: api.ConfigRequest,
        response: { 200: api.IntegrationResponse, ...errors(401, 403, 404, 413, 422) },
      },
    },
    (request) => change(request, request.params.id, { config: request.body.config }),
  );
  app.delete(
    path,
    {
      config: audited,
      schema: {
        tags,
        summary: "Delete an integration; what it wrote stays",
        params: api.IntegrationParams,
        response: { 200: Ok, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      await integrations.deleteIntegration(deps.ctx(request), request.params.id);
      return { ok: true as const };
    },
  );
  app.get(
    `${path}/resync-request`,
    {
      config: admins,
      schema: {
        tags,
        summary:
          "The last request to sync, unless a sync that began later answers it; clients sync when it is newer than the one they know",
        params: api.IntegrationParams,
        response: { 200: api.ResyncRequestResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const row = await integrations.getIntegration(deps.ctx(request), request.params.id);
      const asked = integrations.resyncRequest(row);
      return { ok: true as const, ...(asked !== null && { request: asked }) };
    },
  );
  app.patch(
    `${path}/resync-state`,
    {
      config: admins,
      schema: {
        tags,
        summary: "Tell how a sync goes",
        params: api.IntegrationParams,
        body: api.ResyncStateRequest,
        response: { 200: api.IntegrationResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) =>
      answer(await integrations.changeResyncState(deps.ctx(request), request.params.id, request.body)),
  );
  reportRoutes(app, deps);
  metricRoutes(app, deps);
}

/** One batch of log lines or figures of a large sync. */
const REPORT_LIMIT = 8_388_608;

function reportRoutes(app: FairwayInstance, deps: IntegrationDeps): void {
  app.get(
    `${path}/kinds`,
    {
      config: admins,
      schema: {
        tags,
        summary: "Examples of raw objects, by kind",
        params: api.IntegrationParams,
        response: { 200: api.KindsResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      data: (await reports.getExamples(deps.ctx(request), request.params.id)) as never,
    }),
  );
  app.post(
    `${path}/kinds/:kind/examples`,
    {
      bodyLimit: REPORT_LIMIT,
      config: admins,
      schema: {
        tags,
        summary: "Keep examples of raw objects, for whoever edits the mapping",
        params: api.KindParams,
        body: api.ExamplesRequest,
        response: { 200: Ok, ...errors(401, 403, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const { id, kind } = request.params;
      // Clients encode blanks as +.
      await reports.addExamples(deps.ctx(request), id, kind.replaceAll("+", " "), request.body.examples);
      return { ok: true as const };
    },
  );
  app.get(
    `${path}/cursor`,
    {
      config: admins,
      schema: {
        tags,
        summary: "Where an incremental sync goes on",
        params: api.IntegrationParams,
        querystring: api.CursorQuery,
        response: { 200: api.CursorResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => ({
      ok: true as const,
      cursor: await reports.getCursor(deps.ctx(request), request.params.id, request.query),
    }),
  );
  for (const method of ["POST", "PUT"] as const)
    app.route({
      ...{ method, url: `${path}/cursor` },
      config: admins,
      schema: {
        tags,
        summary: "Keep where an incremental sync goes on",
        params: api.IntegrationParams,
        querystring: api.CursorQuery,
        body: api.IntegrationRequest,
        response: { 200: api.CursorResponse, ...errors(401, 403, 404, 422) },
      },
      handler: async (request) => {
        const { id } = request.params;
        const cursor = await reports.setCursor(deps.ctx(request), id, request.query, request.body);
        return { ok: true as const, cursor };
      },
    });
  app.post(
    `${path}/logs`,
    {
      bodyLimit: REPORT_LIMIT,
      config: admins,
      schema: {
        tags,
        summary: "Keep log lines of an integration",
        params: api.IntegrationParams,
        body: api.LogsRequest,
        response: { 200: Ok, ...errors(401, 403, 404, 413, 422) },
      },
    },
    async (request) => {
      await reports.addLogs(deps.ctx(request), request.params.id, request.body.logs);
      return { ok: true as const };
    },
  );
  app.get(
    `${path}/logs`,
    {
      config: admins,
      schema: {
        tags,
        summary: "Log lines of an integration, newest first",
        params: api.IntegrationParams,
        querystring: api.LogsQuery,
        response: { 200: api.DataResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => ({
      ok: true as const,
      data: (await reports.getLogs(deps.ctx(request), request.params.id, request.query)) as never,
    }),
  );
}

function metricRoutes(app: FairwayInstance, deps: IntegrationDeps): void {
  app.post(
    `${path}/metrics/syncMetrics`,
    {
      bodyLimit: REPORT_LIMIT,
      config: admins,
      schema: {
        tags,
        summary: "Keep figures of a sync, for all its kinds",
        params: api.IntegrationParams,
        body: api.MetricsRequest,
        response: { 200: Ok, ...errors(401, 403, 404, 413, 422) },
      },
    },
    async (request) => {
      await reports.addMetrics(deps.ctx(request), request.params.id, request.body.syncKindsMetrics);
      return { ok: true as const };
    },
  );
  app.put(
    `${path}/metrics/syncMetrics/resync/:event/kind/:kind`,
    {
      config: admins,
      schema: {
        tags,
        summary: "Keep figures of a sync, for one kind",
        params: api.MetricParams,
        body: api.MetricRequest,
        response: { 200: Ok, ...errors(401, 403, 404, 413, 422) },
      },
    },
    async (request) => {
      const { id, event: eventId, kind: kindIdentifier } = request.params;
      await reports.addMetrics(deps.ctx(request), id, request.body.syncKindMetrics, {
        ...{ eventId, kindIdentifier },
      });
      return { ok: true as const };
    },
  );
  app.post(
    `${path}/metrics/heartbeat`,
    {
      config: admins,
      schema: {
        tags,
        summary: "Say that a sync is still running",
        params: api.IntegrationParams,
        body: api.IntegrationRequest,
        response: { 200: Ok, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      await integrations.getIntegration(deps.ctx(request), request.params.id);
      return { ok: true as const };
    },
  );
  app.get(
    `${path}/syncMetrics`,
    {
      config: admins,
      schema: {
        tags,
        summary: "Figures of a sync by kind, of the latest unless `resyncId` says of which",
        params: api.IntegrationParams,
        querystring: api.SyncMetricsQuery,
        response: { 200: api.MetricsResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const { id } = request.params;
      const data = await reports.getMetrics(deps.ctx(request), id, request.query.resyncId);
      return { ok: true as const, count: data.length, data };
    },
  );
  app.get(
    `${path}/syncsMetadata`,
    {
      config: admins,
      schema: {
        tags,
        summary: "The last syncs: of four days, fifty at most",
        params: api.IntegrationParams,
        response: { 200: api.MetricsResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const data = await reports.getSyncs(deps.ctx(request), request.params.id);
      return { ok: true as const, count: data.length, data };
    },
  );
}

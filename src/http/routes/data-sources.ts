import * as api from "../../api/data-sources.ts";
import { errors, Ok } from "../../api/common.ts";
import { receiveDelivery } from "../../ingest/sources/live-events.ts";
import {
  changeDataSource,
  checkDataSource,
  checkSettings,
  createDataSource,
  eventLogOf,
  getDataSource,
  getDataSources,
  listConnectors,
  previewDataSource,
  removeDataSource,
  resyncDataSource,
  stopDataSource,
} from "../../ingest/sources/manage.ts";
import type { SourceMeans } from "../../ingest/sources/open-source.ts";
import { replay } from "../../ingest/events.ts";
import type { Ctx } from "../../storage/context.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";
import { connectorEventRoutes } from "./connector-events.ts";

const tags = ["Data sources"];
const admins = { access: "admin", contract: "fairway" } as const;
const audited = { ...admins, audits: "data_source" } as const;
/** GitHub sends up to 25 MB; what is larger than this is a push of thousands of commits, which a resync finds. */
const INGEST_LIMIT = 5 * 1_048_576;

export interface DataSourceDeps extends RouteDeps {
  readonly means: SourceMeans;
  /** Deliveries come without a sign-in; their key tells whose they are. */
  readonly system: Ctx;
  /** Where systems reach this server, without a trailing slash. */
  readonly publicUrl: () => string;
}

export function dataSourceRoutes(app: FairwayInstance, deps: DataSourceDeps): void {
  const { means } = deps;
  const webhookUrl = (dataSource: object): string =>
    `${deps.publicUrl()}${String((dataSource as { webhookPath?: unknown }).webhookPath)}`;
  const shown = (dataSource: object): { ok: true; dataSource: never } => ({
    ok: true as const,
    dataSource: { ...dataSource, webhookUrl: webhookUrl(dataSource) } as never,
  });
  app.get(
    "/v1/data-sources/types",
    {
      config: admins,
      schema: {
        ...{ tags, summary: "What can be connected: settings, kinds and deployment strategies" },
        response: { 200: api.ConnectorsResponse, ...errors(401, 403) },
      },
    },
    () => ({ ok: true as const, types: listConnectors() as never }),
  );
  app.get(
    "/v1/data-sources",
    {
      config: admins,
      schema: {
        ...{ tags, summary: "All data sources, oldest first, without their mappings" },
        response: { 200: api.DataSourcesResponse, ...errors(401, 403) },
      },
    },
    async (request) => ({
      ok: true as const,
      dataSources: (await getDataSources(deps.ctx(request), means.box)) as never,
    }),
  );
  app.post(
    "/v1/data-sources",
    {
      config: audited,
      schema: {
        ...{ tags, summary: "Connect a system; its first run begins at once" },
        body: api.CreateDataSourceRequest,
        response: { 201: api.CreatedDataSourceResponse, ...errors(401, 403, 413, 422) },
      },
    },
    async (request, reply) => {
      const { dataSource, webhookSecret } = await createDataSource(deps.ctx(request), means, request.body);
      deps.afterWrite();
      const url = webhookUrl(dataSource);
      return reply.code(201).send({ ...shown(dataSource), webhookUrl: url, webhookSecret });
    },
  );
  app.post(
    "/v1/data-sources/check",
    {
      config: admins,
      schema: {
        ...{ tags, summary: "Would the system answer with these settings? Nothing is stored" },
        body: api.CreateDataSourceRequest,
        response: { 200: api.CheckResponse, ...errors(401, 403, 413, 422) },
      },
    },
    async (request) => ({ ok: true as const, ...(await checkSettings(means, request.body)) }),
  );
  app.get(
    "/v1/data-sources/:id",
    {
      config: admins,
      schema: {
        ...{ tags, summary: "One data source: how its run stands, and its mapping" },
        params: api.DataSourceParams,
        response: { 200: api.DataSourceResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => shown(await getDataSource(deps.ctx(request), means.box, request.params.id)),
  );
  app.patch(
    "/v1/data-sources/:id",
    {
      config: audited,
      schema: {
        ...{ tags, summary: "Change what is given; settings, strategies or mapping begin a full resync" },
        ...{ params: api.DataSourceParams, body: api.ChangeDataSourceRequest },
        response: { 200: api.DataSourceResponse, ...errors(401, 403, 404, 413, 422) },
      },
    },
    async (request) => {
      const changed = await changeDataSource(deps.ctx(request), means, request.params.id, request.body);
      deps.afterWrite();
      return shown(changed);
    },
  );
  app.delete(
    "/v1/data-sources/:id",
    {
      config: audited,
      schema: {
        ...{ tags, summary: "Disconnect; the entities stay" },
        params: api.DataSourceParams,
        response: { 200: Ok, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      await removeDataSource(deps.ctx(request), request.params.id);
      return { ok: true as const };
    },
  );
  app.post(
    "/v1/data-sources/:id/resync",
    {
      config: admins,
      schema: {
        ...{ tags, summary: "Begin a run now, anew when one is under way" },
        ...{ params: api.DataSourceParams, body: api.ResyncRequest },
        response: { 202: api.DataSourceResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request, reply) => {
      const mode = request.body?.mode ?? "full";
      const source = await resyncDataSource(deps.ctx(request), means.box, request.params.id, mode);
      deps.afterWrite();
      return reply.code(202).send(shown(source));
    },
  );
  app.post(
    "/v1/data-sources/:id/stop",
    {
      config: admins,
      schema: {
        ...{ tags, summary: "Stop the run that is under way; what it brought stays" },
        params: api.DataSourceParams,
        response: { 200: api.DataSourceResponse, ...errors(401, 403, 404, 409) },
      },
    },
    async (request) => shown(await stopDataSource(deps.ctx(request), means.box, request.params.id)),
  );
  app.post(
    "/v1/data-sources/:id/check",
    {
      config: admins,
      schema: {
        ...{ tags, summary: "Does the system answer with these settings?" },
        params: api.DataSourceParams,
        response: { 200: api.CheckResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      ...(await checkDataSource(deps.ctx(request), means, request.params.id)),
    }),
  );
  app.post(
    "/v1/data-sources/:id/strategies/preview",
    {
      config: { ...admins, isTrial: true },
      schema: {
        ...{ tags, summary: "What each deployment strategy would find in the system; writes nothing" },
        ...{ params: api.DataSourceParams, body: api.PreviewRequest },
        response: { 200: api.PreviewResponse, ...errors(401, 403, 404, 422, 429) },
      },
    },
    async (request) => {
      const { id } = request.params;
      const preview = await previewDataSource(deps.ctx(request), means, id, request.body ?? {});
      return { ok: true as const, ...(preview as { strategies: never }) };
    },
  );
  app.post(
    "/v1/data-sources/:id/retry-events",
    {
      config: admins,
      schema: {
        ...{ tags, summary: "Process again the deliveries that failed" },
        params: api.DataSourceParams,
        response: { 200: api.RetryResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const retried = await replay(ctx, await eventLogOf(ctx, request.params.id), {});
      deps.afterWrite();
      return { ok: true as const, retried };
    },
  );
  connectorEventRoutes(app, deps);
  // The signature is over the bytes that were sent, so bodies stay texts here.
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "string" }, (_request, body, parsed) => parsed(null, body));
    scope.post<{ Params: { key: string }; Querystring: { secret?: string }; Body: string | undefined }>(
      "/ingest/connectors/:key",
      {
        config: { access: "public", contract: "fairway" },
        bodyLimit: INGEST_LIMIT,
        schema: {
          ...{ tags, summary: "Live events of a connected system, signed with the webhook's secret" },
          ...{ params: api.ConnectorIngestParams, querystring: api.ConnectorIngestQuery },
          response: { 202: api.ReceiptResponse, ...errors(400, 401, 404, 413, 422) },
        },
      },
      async (request, reply) => {
        const { secret } = request.query;
        const headers = Object.fromEntries(
          Object.entries({
            ...(secret !== undefined && { "x-fairway-secret": secret }),
            ...request.headers,
          }).map(([name, value]) => [name, [value].flat().join(", ")]),
        );
        const { key } = request.params;
        const ctx = { ...deps.system, log: request.log };
        const receipt = await receiveDelivery(ctx, means.box, { key, headers, rawBody: request.body ?? "" });
        deps.afterWrite();
        return reply.code(202).send({ ok: true, ...receipt });
      },
    );
    done();
  });
}

import { errors, Ok } from "../../api/common.ts";
import * as api from "../../api/webhooks.ts";
import { getEvent, getEvents, replay, replayOne, webhookLog } from "../../ingest/events.ts";
import { listWebhookTemplates } from "../../ingest/webhook-templates/list-templates.ts";
import * as webhooks from "../../ingest/webhooks.ts";
import type { JsonObject } from "../../model/json.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Data sources"];
const port = { access: "admin", contract: "port", audits: "webhook" } as const;
const own = { access: "admin", contract: "fairway" } as const;
const path = "/v1/webhooks/:identifier";

export interface WebhookDeps extends RouteDeps {
  readonly webhooks: webhooks.WebhookContext;
}

const answer = (integration: JsonObject): { ok: true; integration: never } => ({
  ok: true,
  integration: integration as never,
});

export function webhookRoutes(app: FairwayInstance, deps: WebhookDeps): void {
  const context = deps.webhooks;
  app.post(
    "/v1/webhooks",
    {
      config: port,
      schema: {
        tags,
        summary: "Create a webhook data source",
        body: api.WebhookRequest,
        response: { 201: api.WebhookResponse, ...errors(401, 403, 409, 413, 422) },
      },
    },
    async (request, reply) =>
      reply.code(201).send(answer(await webhooks.createWebhook(deps.ctx(request), context, request.body))),
  );
  app.get(
    "/v1/webhooks",
    {
      config: port,
      schema: {
        tags,
        summary: "All webhook data sources",
        response: { 200: api.WebhooksResponse, ...errors(401, 403) },
      },
    },
    async (request) => ({
      ok: true as const,
      integrations: (await webhooks.getWebhooks(deps.ctx(request), context)) as never,
    }),
  );
  app.get(
    "/v1/webhooks/templates",
    {
      config: own,
      schema: {
        tags,
        summary:
          "Webhooks ready to be created, one for each tool: signature, mappings and the blueprints they write to",
        response: { 200: api.WebhookTemplatesResponse, ...errors(401, 403) },
      },
    },
    () => ({ ok: true as const, templates: listWebhookTemplates() as never }),
  );
  app.get(
    "/v1/webhooks/metadata",
    {
      config: { access: "member", contract: "port" },
      schema: {
        tags,
        summary: "Names and icons of the webhook data sources",
        response: { 200: api.WebhooksMetadataResponse, ...errors(401) },
      },
    },
    async (request) => ({
      ok: true as const,
      integrations: (await webhooks.getWebhooksMetadata(deps.ctx(request))) as never,
    }),
  );
  app.get(
    path,
    {
      config: port,
      schema: {
        tags,
        summary: "One webhook data source, with its address and secret",
        params: api.WebhookParams,
        response: { 200: api.WebhookResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) =>
      answer(await webhooks.getWebhook(deps.ctx(request), context, request.params.identifier)),
  );
  app.put(
    path,
    {
      config: port,
      schema: {
        tags,
        summary:
          "Replace a webhook data source: what the body omits is reset; its address stays, also under another identifier",
        params: api.WebhookParams,
        body: api.WebhookRequest,
        response: { 200: api.WebhookResponse, ...errors(401, 403, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const { identifier } = request.params;
      return answer(await webhooks.replaceWebhook(deps.ctx(request), context, identifier, request.body));
    },
  );
  app.patch(
    path,
    {
      config: port,
      schema: {
        tags,
        summary: "Change a webhook data source: keys that are given replace, `security` merges",
        params: api.WebhookParams,
        body: api.WebhookRequest,
        response: { 200: api.WebhookResponse, ...errors(401, 403, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const { identifier } = request.params;
      const patch = request.body as JsonObject;
      return answer(await webhooks.patchWebhook(deps.ctx(request), context, identifier, patch));
    },
  );
  app.delete(
    path,
    {
      config: port,
      schema: {
        tags,
        summary: "Delete a webhook data source and its events; what it wrote stays",
        params: api.WebhookParams,
        response: { 200: Ok, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      await webhooks.deleteWebhook(deps.ctx(request), request.params.identifier);
      return { ok: true as const };
    },
  );
  eventRoutes(app, deps);
}

function eventRoutes(app: FairwayInstance, deps: WebhookDeps): void {
  app.get(
    `${path}/events`,
    {
      config: own,
      schema: {
        tags,
        summary: "The events of a webhook, newest first, and what became of them",
        params: api.WebhookParams,
        querystring: api.EventsQuery,
        response: { 200: api.EventsResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { source } = await webhooks.existing(ctx, request.params.identifier);
      const { events, next } = await getEvents(ctx, webhookLog(source), request.query);
      return { ok: true as const, events: events as never, next };
    },
  );
  app.get(
    `${path}/events-count`,
    {
      config: own,
      schema: {
        tags,
        summary: "How many events of a webhook there are, by status",
        params: api.WebhookParams,
        response: { 200: api.EventCountsResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      events: (await webhooks.getWebhookStatus(deps.ctx(request), request.params.identifier)) as never,
    }),
  );
  app.get(
    `${path}/events/:event`,
    {
      config: own,
      schema: {
        tags,
        summary: "One event with its headers and body",
        params: api.WebhookEventParams,
        response: { 200: api.EventResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { source } = await webhooks.existing(ctx, request.params.identifier);
      const event = await getEvent(ctx, webhookLog(source), request.params.event);
      return { ok: true as const, event: event as never };
    },
  );
  app.post(
    `${path}/events/:event/replay`,
    {
      config: own,
      schema: {
        tags,
        summary: "Send one event through the mapping again",
        params: api.WebhookEventParams,
        response: { 200: api.ReplayResponse, ...errors(401, 403, 404, 409) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { source } = await webhooks.existing(ctx, request.params.identifier);
      await replayOne(ctx, webhookLog(source), request.params.event);
      deps.afterWrite();
      return { ok: true as const, replayed: 1 };
    },
  );
  app.post(
    `${path}/replay`,
    {
      config: own,
      schema: {
        tags,
        summary: "Send events through the mapping again, in the order in which they came",
        params: api.WebhookParams,
        body: api.ReplayRequest,
        response: { 200: api.ReplayResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { source } = await webhooks.existing(ctx, request.params.identifier);
      const replayed = await replay(ctx, webhookLog(source), request.body);
      if (replayed > 0) deps.afterWrite();
      return { ok: true as const, replayed };
    },
  );
}

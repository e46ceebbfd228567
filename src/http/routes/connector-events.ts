import { errors } from "../../api/common.ts";
import { DataSourceEventParams, DataSourceParams } from "../../api/data-sources.ts";
import * as api from "../../api/webhooks.ts";
import { countEventsOf, getEvent, getEvents, replay, replayOne } from "../../ingest/events.ts";
import { eventLogOf } from "../../ingest/sources/manage.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Data sources"];
const admins = { access: "admin", contract: "fairway" } as const;
const path = "/v1/data-sources/:id";

/** What a connected system sent, and what became of it. */
export function connectorEventRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    `${path}/events`,
    {
      config: admins,
      schema: {
        ...{ tags, summary: "The live events of a connected system, newest first, and what became of them" },
        ...{ params: DataSourceParams, querystring: api.EventsQuery },
        response: { 200: api.EventsResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const log = await eventLogOf(ctx, request.params.id);
      const { events, next } = await getEvents(ctx, log, request.query);
      return { ok: true as const, events: events as never, next };
    },
  );
  app.get(
    `${path}/events-count`,
    {
      config: admins,
      schema: {
        ...{ tags, summary: "How many live events of a connected system there are, by status" },
        params: DataSourceParams,
        response: { 200: api.EventCountsResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const log = await eventLogOf(ctx, request.params.id);
      return { ok: true as const, events: await countEventsOf(ctx, log) };
    },
  );
  app.get(
    `${path}/events/:event`,
    {
      config: admins,
      schema: {
        ...{ tags, summary: "One live event; headers and body are kept of those that failed" },
        params: DataSourceEventParams,
        response: { 200: api.EventResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { id, event } = request.params;
      return { ok: true as const, event: (await getEvent(ctx, await eventLogOf(ctx, id), event)) as never };
    },
  );
  app.post(
    `${path}/events/:event/replay`,
    {
      config: admins,
      schema: {
        ...{ tags, summary: "Process one live event that failed again" },
        params: DataSourceEventParams,
        response: { 200: api.ReplayResponse, ...errors(401, 403, 404, 409) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { id, event } = request.params;
      await replayOne(ctx, await eventLogOf(ctx, id), event);
      deps.afterWrite();
      return { ok: true as const, replayed: 1 };
    },
  );
  app.post(
    `${path}/replay`,
    {
      config: admins,
      schema: {
        ...{ tags, summary: "Process live events again, in the order in which they came" },
        ...{ params: DataSourceParams, body: api.ReplayRequest },
        response: { 200: api.ReplayResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const replayed = await replay(ctx, await eventLogOf(ctx, request.params.id), request.body);
      if (replayed > 0) deps.afterWrite();
      return { ok: true as const, replayed };
    },
  );
}

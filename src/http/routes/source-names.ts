import { errors } from "../../api/common.ts";
import { DataSourceParams } from "../../api/data-sources.ts";
import { NamesRequest, NamesResponse } from "../../api/source-names.ts";
import { WebhookParams } from "../../api/webhooks.ts";
import { getNames, type NamesTable, replaceNames } from "../../ingest/source-names.ts";
import { beginResync, namedDataSource } from "../../ingest/sources/manage.ts";
import { namedWebhook } from "../../ingest/webhooks.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Data sources"];
const admins = { access: "admin", contract: "fairway" } as const;

const answer = ({ names, unmatched }: NamesTable) => ({
  ok: true as const,
  ...{ names: [...names], unmatched: [...unmatched] },
});

/** What a system calls the services, told by people. */
export function sourceNameRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/data-sources/:id/names",
    {
      config: admins,
      schema: {
        ...{ tags, summary: "What the system calls services, and names that no service has" },
        params: DataSourceParams,
        response: { 200: NamesResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      return answer(await getNames(ctx, await namedDataSource(ctx, request.params.id)));
    },
  );
  app.put(
    "/v1/data-sources/:id/names",
    {
      config: { ...admins, audits: "data_source" },
      schema: {
        ...{ tags, summary: "Replace the table of names; a change begins a full resync" },
        ...{ params: DataSourceParams, body: NamesRequest },
        response: { 200: NamesResponse, ...errors(401, 403, 404, 413, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { id } = request.params;
      const source = await namedDataSource(ctx, id);
      const table = await replaceNames(ctx, source, request.body.names, (tx) => beginResync(tx, id));
      deps.afterWrite();
      return answer(table);
    },
  );
  app.get(
    "/v1/webhooks/:identifier/names",
    {
      config: admins,
      schema: {
        ...{ tags, summary: "What the sender calls services, and names that no service has" },
        params: WebhookParams,
        response: { 200: NamesResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      return answer(await getNames(ctx, await namedWebhook(ctx, request.params.identifier)));
    },
  );
  app.put(
    "/v1/webhooks/:identifier/names",
    {
      config: { ...admins, audits: "webhook" },
      schema: {
        ...{ tags, summary: "Replace the table of names; it counts for events and replays from then on" },
        ...{ params: WebhookParams, body: NamesRequest },
        response: { 200: NamesResponse, ...errors(401, 403, 404, 413, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const source = await namedWebhook(ctx, request.params.identifier);
      return answer(await replaceNames(ctx, source, request.body.names, () => Promise.resolve()));
    },
  );
}

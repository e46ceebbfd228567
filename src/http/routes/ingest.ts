import { errors } from "../../api/common.ts";
import { IngestParams, IngestResponse, MAX_EVENT_BYTES } from "../../api/webhooks.ts";
import type { IncomingRequest, Receipt } from "../../ingest/receive.ts";
import type { FairwayInstance } from "../app-types.ts";

/** The address that data sources send to. In a scope of its own: bodies are taken as bytes, whatever they say they are. */
export function ingestRoutes(
  app: FairwayInstance,
  receive: (request: IncomingRequest) => Promise<Receipt>,
): void {
  void app.register((scope: FairwayInstance, _options: unknown, done: () => void) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, parsed) => parsed(null, body));
    scope.post(
      "/ingest/:webhookKey",
      {
        bodyLimit: MAX_EVENT_BYTES,
        config: { access: "public", contract: "port" },
        schema: {
          tags: ["Data sources"],
          summary: "Send an event to a webhook data source",
          description:
            "Any JSON, or a form with the JSON in its field `payload`. Answered when it is stored; it is mapped afterwards.",
          security: [],
          params: IngestParams,
          response: { 202: IngestResponse, ...errors(400, 401, 404, 413, 429) },
        },
      },
      async (request, reply) => {
        const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const receipt = await receive({
          ...{ key: request.params.webhookKey, raw, headers: request.headers },
          query: request.query as Record<string, unknown>,
        });
        return reply.code(202).send({ ok: true as const, ...receipt });
      },
    );
    done();
  });
}

import Type from "typebox";
import { errors } from "../../api/common.ts";
import { IngestResponse, MAX_EVENT_BYTES } from "../../api/webhooks.ts";
import type { DevlakeRequest } from "../../ingest/receive-devlake.ts";
import type { Receipt } from "../../ingest/receive.ts";
import type { FairwayInstance } from "../app-types.ts";

/** Where DevLake serves its API: itself, and behind its pages. */
const BASES = ["/rest", "/api/rest"] as const;

/** The addresses that pipelines send to with DevLake's webhooks. Bodies are taken as bytes: signatures are of these. */
export function devlakeRoutes(
  app: FairwayInstance,
  receive: (request: DevlakeRequest) => Promise<Receipt>,
): void {
  void app.register((scope: FairwayInstance, _options: unknown, done: () => void) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, parsed) => parsed(null, body));
    for (const base of BASES)
      scope.post(
        `${base}/plugins/webhook/*`,
        {
          bodyLimit: MAX_EVENT_BYTES,
          config: { access: "public", contract: "fairway" },
          schema: {
            tags: ["Data sources"],
            summary: "Send what Apache DevLake's webhooks take: deployments, pull requests, incidents",
            description:
              "connections/{id}/deployments, pull_requests, issues, issue/{key}/close, and the same with by-name/{name}. The secret of the webhook devlake-{id} is the bearer token.",
            security: [{ bearer: [] }],
            params: Type.Object({ "*": Type.String({ maxLength: 1000 }) }),
            response: { 200: IngestResponse, ...errors(400, 401, 404, 413, 422, 429) },
          },
        },
        async (request) => {
          const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
          const receipt = await receive({
            ...{ path: request.params["*"], raw, headers: request.headers },
            query: request.query as Record<string, unknown>,
          });
          return { ok: true as const, ...receipt };
        },
      );
    done();
  });
}

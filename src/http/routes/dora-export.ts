import { Readable } from "node:stream";
import { errors } from "../../api/common.ts";
import { ExportQuery } from "../../api/dora.ts";
import { sightOf } from "../../catalog/sight.ts";
import { doraExport } from "../../metrics/dora/export.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

export function doraExportRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/dora/export",
    {
      config: { access: "member", contract: "fairway" },
      schema: {
        tags: ["DORA"],
        summary: "Evidence as CSV, JSON or Parquet, headlines as OpenMetrics",
        querystring: ExportQuery,
        response: { ...errors(401, 403, 404, 422) },
      },
    },
    async (request, reply) => {
      const ctx = deps.ctx(request);
      const file = await doraExport(ctx, request.query, await sightOf(ctx));
      return reply
        .type(file.contentType)
        .header("content-disposition", `attachment; filename="dora.${file.extension}"`)
        .send(Readable.from(file.chunks) as never);
    },
  );
}

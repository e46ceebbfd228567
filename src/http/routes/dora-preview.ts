import { errors } from "../../api/common.ts";
import {
  BenchmarksAnswer,
  BenchmarksQuery,
  CandidatesAnswer,
  CandidatesQuery,
  PreviewAnswer,
  PreviewRequest,
} from "../../api/dora-preview.ts";
import { sightOf } from "../../catalog/sight.ts";
import { doraBenchmarks } from "../../metrics/dora/benchmarks.ts";
import { doraCandidates } from "../../metrics/dora/candidates.ts";
import { doraPreview, type PreviewInput } from "../../metrics/dora/preview.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";
import { untilGone } from "../until-gone.ts";

/** The schemas of these answers document; they must not strip what they do not list. */
const serializerCompiler = () => JSON.stringify;

export function doraPreviewRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.post(
    "/v1/dora/preview",
    {
      config: { access: "member", contract: "fairway", isTrial: true },
      serializerCompiler,
      schema: {
        tags: ["DORA"],
        summary: "The metrics as they would be under other settings, beside those of now",
        description: "Nothing is written. Closing the connection ends it.",
        body: PreviewRequest,
        response: { 200: PreviewAnswer, ...errors(401, 403, 404, 422, 429) },
      },
    },
    async (request, reply) => {
      const ctx = deps.ctx(request);
      // Checked by the schema, which cannot say that what is absent is not undefined.
      const input = request.body as PreviewInput;
      return { ok: true, ...(await doraPreview(ctx, input, await sightOf(ctx), untilGone(reply))) };
    },
  );

  app.get(
    "/v1/dora/candidates",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler,
      schema: {
        tags: ["DORA"],
        summary: "What could play the role of deployments, and how many each would give",
        querystring: CandidatesQuery,
        response: { 200: CandidatesAnswer, ...errors(401, 422, 429) },
      },
    },
    async (request, reply) => {
      const ctx = deps.ctx(request);
      const sight = await sightOf(ctx);
      return { ok: true, ...(await doraCandidates(ctx, request.query, sight, untilGone(reply))) };
    },
  );
}

/** The data of the reports, and where a scope stands. */
export function doraBenchmarkRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/dora/benchmarks",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler,
      schema: {
        tags: ["DORA"],
        summary: "Clusters and means of DORA's reports with source and caveats, and where a scope stands",
        querystring: BenchmarksQuery,
        response: { 200: BenchmarksAnswer, ...errors(401, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      return { ok: true, ...(await doraBenchmarks(ctx, request.query, await sightOf(ctx))) };
    },
  );
}

import { errors } from "../../api/common.ts";
import { DoraTemplateRequest, DoraTemplateResponse } from "../../api/templates.ts";
import { applyDoraTemplate } from "../../ingest/dora-template/apply-template.ts";
import { scorecardLimits } from "../../metrics/dora/scorecard-limits.ts";
import { loadSettings } from "../../metrics/dora/settings.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

export function templateRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.post(
    "/v1/templates/dora",
    {
      config: { access: "admin", contract: "fairway" },
      schema: {
        tags: ["DORA"],
        summary:
          "Make or complete the blueprints of the DORA numbers, and the numbers of services as properties",
        description:
          "Nothing that is there is overwritten; twice is once. Everything made is an ordinary object.",
        body: DoraTemplateRequest,
        response: { 200: DoraTemplateResponse, ...errors(401, 403, 409, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const settings = await loadSettings(ctx);
      const done = await applyDoraTemplate(ctx, settings, request.body, scorecardLimits(settings));
      deps.afterWrite();
      return { ok: true as const, ...done } as never;
    },
  );
}

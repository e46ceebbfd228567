import { errors } from "../../api/common.ts";
import { DoraTemplateRequest, DoraTemplateResponse } from "../../api/templates.ts";
import { doraAlerts, makeDoraAlerts } from "../../automation/alerts/dora-alerts.ts";
import { applyDoraTemplate } from "../../ingest/dora-template/apply-template.ts";
import { scorecardLimits } from "../../metrics/dora/scorecard-limits.ts";
import { loadSettings } from "../../metrics/dora/settings.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

export interface TemplateDeps extends RouteDeps {
  /** This server sends e-mail. */
  readonly mails: boolean;
}

export function templateRoutes(app: FairwayInstance, deps: TemplateDeps): void {
  app.post(
    "/v1/templates/dora",
    {
      config: { access: "admin", contract: "fairway" },
      schema: {
        tags: ["DORA"],
        summary:
          "Make or complete the blueprints of the DORA numbers, the numbers of services as properties, a dashboard, a scorecard and alerts",
        description:
          "Nothing that is there is overwritten; twice is once. Everything made is an ordinary object.",
        body: DoraTemplateRequest,
        response: { 200: DoraTemplateResponse, ...errors(401, 403, 409, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const settings = await loadSettings(ctx);
      const limits = scorecardLimits(settings);
      const { alerts = {}, ...wanted } = request.body;
      const watched = { limits, recipients: alerts.recipients ?? null, mails: deps.mails };
      // Alerts that cannot be are refused before anything is made.
      const check = (names: readonly string[]) => void doraAlerts({ ...watched, deployments: names });
      const { notes, ...done } = await applyDoraTemplate(ctx, settings, wanted, limits, check);
      const { deployment: deployments } = done.sources;
      const made = await makeDoraAlerts(ctx, { ...watched, deployments }, done.dryRun);
      deps.afterWrite();
      return { ok: true as const, ...done, alerts: made.alerts, notes: [...notes, ...made.notes] } as never;
    },
  );
}

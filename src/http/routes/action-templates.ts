import * as api from "../../api/actions.ts";
import { errors } from "../../api/common.ts";
import { ACTION_TEMPLATES, applyActionTemplate } from "../../automation/templates/apply-template.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Actions"];

export function actionTemplateRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/templates/actions",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler: () => JSON.stringify,
      schema: {
        tags,
        summary: "Actions that come with Fairway, in groups, to be made with one's own values",
        response: { 200: api.ActionTemplatesResponse, ...errors(401) },
      },
    },
    () => Promise.resolve({ ok: true as const, templates: ACTION_TEMPLATES as never }),
  );
  app.post(
    "/v1/templates/actions/:template",
    {
      config: { access: "admin", contract: "fairway", audits: "action" },
      schema: {
        tags,
        summary: "Make the action of a template",
        description:
          "What is there already stays as it is: twice is once. What is made is an ordinary action.",
        params: api.ActionTemplateParams,
        body: api.ApplyActionTemplateRequest,
        response: { 200: api.ApplyActionTemplateResponse, ...errors(401, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const applied = await applyActionTemplate(deps.ctx(request), request.params.template, request.body);
      deps.afterWrite();
      return { ok: true as const, ...applied };
    },
  );
}

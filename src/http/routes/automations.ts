import * as api from "../../api/automations.ts";
import { errors } from "../../api/common.ts";
import { applyRecipe, listRecipes } from "../../automation/recipes/apply-recipe.ts";
import { testAutomation } from "../../automation/test-automation.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Automations"];
/** Events and documents keep their keys in their order. */
const serializerCompiler = () => JSON.stringify;

export function automationRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.post(
    "/v1/actions/:action/test",
    {
      config: { access: "member", contract: "fairway", isTrial: true },
      serializerCompiler,
      schema: {
        tags,
        summary: "What an automation would make of an event; nothing is sent",
        params: api.AutomationParams,
        body: api.TestAutomationRequest,
        response: { 200: api.TestAutomationResponse, ...errors(401, 404, 422, 429) },
      },
    },
    async (request) => {
      const tested = await testAutomation(deps.ctx(request), request.params.action, request.body);
      return { ok: true as const, ...tested } as never;
    },
  );
  app.get(
    "/v1/templates/automations",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler,
      schema: {
        tags,
        summary: "Automations that come with Fairway, to be made with one's own values",
        response: { 200: api.AutomationTemplatesResponse, ...errors(401) },
      },
    },
    () =>
      Promise.resolve({
        ok: true as const,
        templates: listRecipes().map(({ identifier, title, description, parameters }) => ({
          ...{ identifier, title, description, parameters: [...parameters] },
        })),
      }),
  );
  app.post(
    "/v1/templates/automations/:template",
    {
      config: { access: "admin", contract: "fairway" },
      schema: {
        tags,
        summary: "Make the automations of a template",
        description: "What is there already stays as it is: twice is once.",
        params: api.TemplateParams,
        body: api.ApplyTemplateRequest,
        response: { 200: api.ApplyTemplateResponse, ...errors(401, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const { template } = request.params;
      const applied = await applyRecipe(deps.ctx(request), template, request.body.parameters);
      deps.afterWrite();
      return { ok: true as const, ...applied } as never;
    },
  );
}

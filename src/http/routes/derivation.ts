import { BlueprintParams, errors } from "../../api/common.ts";
import {
  DerivationResponse,
  PreviewRequest,
  PreviewResponse,
  RebuildRequest,
  RebuildResponse,
} from "../../api/derivation.ts";
import { checkDerived, derivationOf, rebuildDerived } from "../../catalog/derivation.ts";
import { previewProperty } from "../../catalog/preview-property.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Derived properties"];

export function derivationRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/blueprints/:blueprint/derivation",
    {
      config: { access: "member", contract: "fairway" },
      schema: {
        tags,
        summary: "State of the mirror, calculation and aggregation properties of a blueprint",
        params: BlueprintParams,
        response: { 200: DerivationResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const state = await derivationOf(deps.ctx(request), request.params.blueprint);
      return { ok: true as const, derivation: { ...state, properties: [...state.properties] } };
    },
  );
  app.post(
    "/v1/blueprints/:blueprint/preview-property",
    {
      config: { access: "admin", contract: "fairway", isTrial: true },
      schema: {
        tags,
        summary: "Try a mirror, calculation or aggregation on entities; nothing is written",
        params: BlueprintParams,
        body: PreviewRequest,
        response: { 200: PreviewResponse, ...errors(401, 403, 404, 413, 422, 429) },
      },
    },
    async (request) => {
      const { entities, ...asked } = request.body;
      const preview = await previewProperty(deps.ctx(request), request.params.blueprint, {
        ...asked,
        entities: entities ?? null,
      });
      return { ok: true as const, preview: { ...preview, values: [...preview.values] } };
    },
  );
  app.post(
    "/v1/derivation/rebuild",
    {
      config: { access: "admin", contract: "fairway" },
      schema: {
        tags,
        summary: "Compute all derived values again, or compare them with values computed from scratch",
        body: RebuildRequest,
        response: { 200: RebuildResponse, ...errors(401, 403, 409, 413, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      if (request.body.check === true) {
        const { examples, ...check } = await checkDerived(ctx);
        return { ok: true as const, rebuild: { units: 0, ...check, examples: [...examples] } };
      }
      const units = await rebuildDerived(ctx);
      deps.afterWrite();
      return { ok: true as const, rebuild: { units, checked: 0, drift: 0, left: 0, examples: [] } };
    },
  );
}

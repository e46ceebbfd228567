import { errors } from "../../api/common.ts";
import { MappingTestRequest, MappingTestResponse } from "../../api/mapping.ts";
import { testMapping } from "../../ingest/test-mapping.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

export function mappingRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.post(
    "/v1/mapping/test",
    {
      config: { access: "member", contract: "fairway", isTrial: true },
      schema: {
        tags: ["Data sources"],
        summary: "Try a mapping on a payload; nothing is written",
        description:
          "A mapping that is none is answered with 422 and `details`: for each slip its path, line, column, message and hint.",
        body: MappingTestRequest,
        response: { 200: MappingTestResponse, ...errors(401, 403, 413, 422, 429) },
      },
    },
    async (request) => {
      const { entities, deletes, errors, warnings, filtered } = await testMapping(
        deps.ctx(request),
        request.body,
      );
      return {
        ok: true as const,
        entities: entities.map(({ resource, blueprint, body }) => ({ resource, blueprint, entity: body })),
        ...{ deletes: [...deletes], errors: [...errors], warnings: [...warnings], filtered },
      };
    },
  );
}

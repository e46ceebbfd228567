import { nameActors } from "../../access/actors.ts";
import * as api from "../../api/actors.ts";
import { errors } from "../../api/common.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

export function actorRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.post(
    "/v1/actors",
    {
      config: { access: "member", contract: "fairway" },
      schema: {
        tags: ["Users"],
        summary: "What people and programs are called, by the ids that stand beside what they did",
        body: api.ActorsRequest,
        response: { 200: api.ActorsResponse, ...errors(401, 403, 422) },
      },
    },
    async (request) => ({
      ok: true as const,
      actors: await deps.read(request, (ctx) => nameActors(ctx, request.body.ids)),
    }),
  );
}

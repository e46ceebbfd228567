import { BlueprintParams, errors } from "../../api/common.ts";
import * as api from "../../api/search.ts";
import { searchEverywhere, searchInBlueprint } from "../../catalog/search-entities.ts";
import { parsePaths, project } from "../../model/projection.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Search"];

export function searchRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.post(
    "/v1/entities/search",
    {
      config: { access: "member", contract: "port" },
      schema: {
        tags,
        summary: "Entities of every blueprint that match a query",
        querystring: api.ProjectionQuery,
        body: api.SearchEverywhereRequest,
        response: { 200: api.SearchEverywhereResponse, ...errors(401, 413, 422) },
      },
    },
    async (request) => {
      const found = await searchEverywhere(deps.ctx(request), request.body);
      const shape = {
        include: parsePaths(request.query.include),
        exclude: parsePaths(request.query.exclude) ?? [],
      };
      return {
        ok: true as const,
        matchingBlueprints: found.matchingBlueprints,
        entities: found.entities.map((entity) => project(entity, shape)),
      };
    },
  );
  app.post(
    "/v1/blueprints/:blueprint/entities/search",
    {
      config: { access: "member", contract: "port" },
      schema: {
        tags,
        summary: "Entities of one blueprint that match a query, in pages, oldest first",
        params: BlueprintParams,
        body: api.SearchBlueprintRequest,
        response: { 200: api.SearchBlueprintResponse, ...errors(401, 404, 413, 422) },
      },
    },
    async (request) => {
      const { query, include, exclude, limit, from } = request.body;
      const { next, entities } = await searchInBlueprint(deps.ctx(request), request.params.blueprint, {
        query,
        limit: limit ?? 200,
        from: from ?? null,
        include: include ?? null,
        exclude: exclude ?? [],
      });
      return { ok: true as const, entities, ...(next === null ? {} : { next }) };
    },
  );
}

import { Readable } from "node:stream";
import { BlueprintParams, errors, isOn } from "../../api/common.ts";
import * as api from "../../api/search.ts";
import { findEntities } from "../../catalog/find-entities.ts";
import { type EverywhereAnswer, searchEverywhere, searchInBlueprint } from "../../catalog/search-entities.ts";
import { parsePaths } from "../../model/projection.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Search"];

export function searchRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.post(
    "/v1/entities/search",
    {
      config: { access: "member", contract: "port" },
      schema: {
        tags,
        summary: "Entities of every blueprint that match a query; sent while they are read",
        querystring: api.SearchEverywhereQuery,
        body: api.SearchEverywhereRequest,
        response: { 200: api.SearchEverywhereResponse, ...errors(401, 413, 422) },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const answer = await searchEverywhere(deps.ctx(request), request.body, {
        shape: { include: parsePaths(query.include), exclude: parsePaths(query.exclude) ?? [] },
        attachTitles: isOn(query.attach_title_to_relation),
        excludeDerived: isOn(query.exclude_calculated_properties),
        allowPartial: isOn(query.allow_partial_results),
      });
      const stream = Readable.from(write(answer));
      return reply.type("application/json; charset=utf-8").send(stream as never);
    },
  );
  app.get(
    "/v1/entities/find",
    {
      config: { access: "member", contract: "fairway" },
      schema: {
        tags,
        summary: "Entities of any blueprint by a part of their name, as people look for them",
        querystring: api.FindQuery,
        response: { 200: api.FindResponse, ...errors(401, 422) },
      },
    },
    async (request) => {
      const { text, limit = 20 } = request.query;
      const { entities, isComplete } = await deps.read(request, (ctx) => findEntities(ctx, text, limit));
      return { ok: true as const, entities: [...entities], isComplete };
    },
  );
  app.post(
    "/v1/blueprints/:blueprint/entities/search",
    {
      config: { access: "member", contract: "port" },
      schema: {
        tags,
        summary: "Entities of one blueprint that match a query, in pages, oldest first unless sorted",
        params: BlueprintParams,
        body: api.SearchBlueprintRequest,
        response: { 200: api.SearchBlueprintResponse, ...errors(401, 404, 413, 422) },
      },
    },
    async (request) => {
      const { query, include, exclude, sort, limit, from } = request.body;
      const page = {
        query,
        limit: limit ?? 200,
        from: from ?? null,
        include: include ?? null,
        exclude: exclude ?? [],
        sort: sort ?? null,
      };
      const { next, entities } = await deps.read(request, (ctx) =>
        searchInBlueprint(ctx, request.params.blueprint, page),
      );
      return { ok: true as const, entities, ...(next === null ? {} : { next }) };
    },
  );
}

/** The names of the blueprints are known when the entities are sent, and come after them. */
async function* write(answer: EverywhereAnswer): AsyncGenerator<string> {
  yield '{"ok":true,"entities":[';
  let separator = "";
  for await (const page of answer.pages) {
    if (page.length === 0) continue;
    yield separator + page.map((entity) => JSON.stringify(entity)).join(",");
    separator = ",";
  }
  const matching = JSON.stringify([...answer.matchingBlueprints]);
  const failed = [...answer.failedBlueprints];
  const failures = failed.length === 0 ? "" : `,"failedBlueprints":${JSON.stringify(failed)}`;
  yield `],"matchingBlueprints":${matching}${failures}}`;
}

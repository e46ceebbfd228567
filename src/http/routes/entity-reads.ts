import { Readable } from "node:stream";
import { BlueprintParams, EntityParams, errors, isOn } from "../../api/common.ts";
import * as api from "../../api/entities.ts";
import { findDatasourceEntities } from "../../catalog/datasource-entities.ts";
import { entityRights } from "../../catalog/entity-rights.ts";
import { entityPages, getEntity, getEntityCount, type ReadOptions } from "../../catalog/read-entities.ts";
import type { EntityJson } from "../../model/entity.ts";
import { parsePaths, project, type Projection } from "../../model/projection.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Entities"];
const read = { access: "member", contract: "port" } as const;

interface ReadFlags {
  readonly include?: unknown;
  readonly exclude?: unknown;
  readonly attach_title_to_relation?: unknown;
  readonly exclude_calculated_properties?: unknown;
}

const shapeOf = (query: ReadFlags): Projection => ({
  include: parsePaths(query.include),
  exclude: parsePaths(query.exclude) ?? [],
});

const optionsOf = (query: ReadFlags): ReadOptions => ({
  attachTitles: isOn(query.attach_title_to_relation),
  excludeDerived: isOn(query.exclude_calculated_properties),
});

export function entityReadRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/blueprints/:blueprint/entities/:entity",
    {
      config: read,
      schema: {
        tags,
        summary: "One entity",
        params: EntityParams,
        querystring: api.ReadQuery,
        response: { 200: api.ReadEntityResponse, ...errors(401, 404) },
      },
    },
    async (request) => {
      const { blueprint, entity } = request.params;
      const found = await getEntity(deps.ctx(request), blueprint, entity, optionsOf(request.query));
      return { ok: true as const, entity: project(found, shapeOf(request.query)) };
    },
  );
  app.get(
    "/v1/blueprints/:blueprint/entities/:entity/rights",
    {
      config: { access: "member", contract: "fairway" },
      schema: {
        tags,
        summary: "What the caller may change of one entity",
        params: EntityParams,
        response: { 200: api.RightsResponse, ...errors(401, 404) },
      },
    },
    async (request) => {
      const { blueprint, entity } = request.params;
      const rights = await entityRights(deps.ctx(request), blueprint, entity);
      return { ok: true as const, rights: rights as never };
    },
  );
  app.get(
    "/v1/blueprints/:blueprint/entities",
    {
      config: read,
      schema: {
        tags,
        summary: "All entities of a blueprint, oldest first; sent while they are read",
        params: BlueprintParams,
        querystring: api.ReadQuery,
        // The answer is a stream, which no schema writes: this one describes it.
        response: { 200: api.EntitiesResponse, ...errors(401, 404) },
      },
    },
    async (request, reply) => {
      const pages = await entityPages(deps.ctx(request), request.params.blueprint, optionsOf(request.query));
      const stream = Readable.from(answer(pages, shapeOf(request.query)));
      return reply.type("application/json; charset=utf-8").send(stream as never);
    },
  );
  app.get(
    "/v1/blueprints/:blueprint/entities-count",
    {
      config: read,
      schema: {
        tags,
        summary: "How many entities a blueprint has",
        params: BlueprintParams,
        response: { 200: api.CountResponse, ...errors(401, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      count: await deps.read(request, (ctx) => getEntityCount(ctx, request.params.blueprint)),
    }),
  );
  app.post(
    "/v1/blueprints/entities/datasource-entities",
    {
      config: read,
      schema: {
        tags,
        summary: "Entities that a data source wrote last, for the reconciliation of exporters",
        body: api.DatasourceEntitiesRequest,
        response: { 200: api.DatasourceEntitiesResponse, ...errors(401, 422) },
      },
    },
    async (request) => {
      const { entities, next } = await findDatasourceEntities(deps.ctx(request), request.body);
      return { ok: true as const, entities, ...(next === null ? {} : { next }) };
    },
  );
}

async function* answer(
  pages: AsyncIterable<readonly EntityJson[]>,
  shape: Projection,
): AsyncGenerator<string> {
  yield '{"ok":true,"entities":[';
  let separator = "";
  for await (const page of pages) {
    yield separator + page.map((entity) => JSON.stringify(project(entity, shape))).join(",");
    separator = ",";
  }
  yield "]}";
}

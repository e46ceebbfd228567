import { BlueprintParams, EntityParams, errors, isOn, Ok } from "../../api/common.ts";
import * as api from "../../api/entities.ts";
import { ProjectionQuery } from "../../api/search.ts";
import { deleteEntities, deleteEntity } from "../../catalog/delete-entity.ts";
import { getEntities, getEntity, getEntityCount } from "../../catalog/read-entities.ts";
import {
  putEntity,
  upsertEntities,
  upsertEntity,
  type UpsertOptions,
  type UpsertResult,
} from "../../catalog/upsert-entity.ts";
import { parsePaths, project, type Projection } from "../../model/projection.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Entities"];
const entitiesPath = "/v1/blueprints/:blueprint/entities";
const entityPath = "/v1/blueprints/:blueprint/entities/:entity";

interface WriteFlags {
  readonly upsert?: unknown;
  readonly merge?: unknown;
  readonly validation_only?: unknown;
  readonly create_missing_related_entities?: unknown;
}

function upsertOptions(query: WriteFlags): UpsertOptions {
  return {
    present: isOn(query.upsert) ? (isOn(query.merge) ? "merge" : "override") : "conflict",
    absent: "create",
    createMissing: isOn(query.create_missing_related_entities),
    validationOnly: isOn(query.validation_only),
    closed: false,
  };
}

function projection(query: { include?: unknown; exclude?: unknown }): Projection {
  return { include: parsePaths(query.include), exclude: parsePaths(query.exclude) ?? [] };
}

function written({ entity, warnings }: UpsertResult): { ok: true; entity: never; warnings?: string[] } {
  return { ok: true, entity: entity as never, ...(warnings.length === 0 ? {} : { warnings: [...warnings] }) };
}

export function entityRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.post(
    entitiesPath,
    {
      config: { access: "entities", contract: "port" },
      schema: {
        tags,
        summary: "Create or change an entity",
        params: BlueprintParams,
        querystring: api.UpsertQuery,
        body: api.UpsertEntityRequest,
        response: { 201: api.WriteEntityResponse, ...errors(401, 404, 409, 413, 422) },
      },
    },
    async (request, reply) => {
      const options = upsertOptions(request.query);
      const result = await upsertEntity(deps.ctx(request), request.params.blueprint, request.body, options);
      if (result.changed) deps.afterWrite();
      return reply.code(201).send(written(result));
    },
  );
  app.post(
    `${entitiesPath}/bulk`,
    {
      config: { access: "entities", contract: "port" },
      schema: {
        tags,
        summary: `Create or change up to ${api.MAX_BULK} entities; each succeeds or fails by itself`,
        params: BlueprintParams,
        querystring: api.UpsertQuery,
        body: api.BulkUpsertRequest,
        response: { 200: api.BulkUpsertResponse, 207: api.BulkUpsertResponse, ...errors(401, 404, 413, 422) },
      },
    },
    async (request, reply) => {
      const options = upsertOptions(request.query);
      const { outcomes, changed } = await upsertEntities(
        deps.ctx(request),
        request.params.blueprint,
        request.body.entities,
        options,
      );
      if (changed) deps.afterWrite();
      const entities = outcomes.flatMap((o) =>
        o.ok
          ? [
              {
                created: o.created,
                identifier: o.entity.identifier,
                index: o.index,
                ...(o.warnings.length === 0 ? {} : { warnings: [...o.warnings] }),
              },
            ]
          : [],
      );
      const failed = outcomes.flatMap((o) =>
        o.ok
          ? []
          : [
              {
                identifier: o.identifier,
                index: o.index,
                statusCode: o.error.status,
                error: o.error.code,
                message: o.error.message,
              },
            ],
      );
      return reply
        .code(failed.length === 0 ? 200 : 207)
        .send({ ok: entities.length > 0, entities, errors: failed });
    },
  );
  app.put(
    entityPath,
    {
      config: { access: "entities", contract: "port" },
      schema: {
        tags,
        summary: "Replace an entity: what the body omits is reset",
        params: EntityParams,
        querystring: api.WriteQuery,
        body: api.UpsertEntityRequest,
        response: { 200: api.WriteEntityResponse, ...errors(401, 404, 413, 422) },
      },
    },
    async (request) => {
      const result = await putEntity(deps.ctx(request), request.params, request.body, {
        present: "override",
        createMissing: isOn(request.query.create_missing_related_entities),
      });
      if (result.changed) deps.afterWrite();
      return written(result);
    },
  );
  app.patch(
    entityPath,
    {
      config: { access: "entities", contract: "port" },
      schema: {
        tags,
        summary: "Change an entity: what the body omits stays, null clears",
        params: EntityParams,
        querystring: api.WriteQuery,
        body: api.PatchEntityRequest,
        response: { 200: api.WriteEntityResponse, ...errors(401, 404, 413, 422) },
      },
    },
    async (request) => {
      const result = await putEntity(deps.ctx(request), request.params, request.body, {
        present: "merge",
        createMissing: isOn(request.query.create_missing_related_entities),
      });
      if (result.changed) deps.afterWrite();
      return written(result);
    },
  );
  readRoutes(app, deps);
  deleteRoutes(app, deps);
}

function readRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    entityPath,
    {
      config: { access: "member", contract: "port" },
      schema: {
        tags,
        summary: "One entity",
        params: EntityParams,
        querystring: ProjectionQuery,
        response: { 200: api.ReadEntityResponse, ...errors(401, 404) },
      },
    },
    async (request) => {
      const entity = await getEntity(deps.ctx(request), request.params.blueprint, request.params.entity);
      return { ok: true as const, entity: project(entity, projection(request.query)) };
    },
  );
  app.get(
    entitiesPath,
    {
      config: { access: "member", contract: "port" },
      schema: {
        tags,
        summary: "All entities of a blueprint, oldest first",
        params: BlueprintParams,
        querystring: ProjectionQuery,
        response: { 200: api.EntitiesResponse, ...errors(401, 404) },
      },
    },
    async (request) => {
      const entities = await getEntities(deps.ctx(request), request.params.blueprint);
      const shape = projection(request.query);
      return { ok: true as const, entities: entities.map((entity) => project(entity, shape)) };
    },
  );
  app.get(
    "/v1/blueprints/:blueprint/entities-count",
    {
      config: { access: "member", contract: "port" },
      schema: {
        tags,
        summary: "How many entities a blueprint has",
        params: BlueprintParams,
        response: { 200: api.CountResponse, ...errors(401, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      count: await getEntityCount(deps.ctx(request), request.params.blueprint),
    }),
  );
}

function deleteRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.delete(
    entityPath,
    {
      config: { access: "entities", contract: "port" },
      schema: {
        tags,
        summary: "Delete an entity",
        params: EntityParams,
        querystring: api.DeleteQuery,
        response: { 200: Ok, ...errors(401, 404, 409) },
      },
    },
    async (request) => {
      const { blueprint, entity } = request.params;
      const deleteDependents = isOn(request.query.delete_dependents);
      await deleteEntity(deps.ctx(request), blueprint, entity, { deleteDependents });
      deps.afterWrite();
      return { ok: true as const };
    },
  );
  app.post(
    "/v1/blueprints/:blueprint/bulk/entities/delete",
    {
      config: { access: "entities", contract: "port" },
      schema: {
        tags,
        summary: "Delete several entities, all or none; those that do not exist are left out of the answer",
        params: BlueprintParams,
        querystring: api.DeleteQuery,
        body: api.BulkDeleteRequest,
        response: { 200: api.BulkDeleteResponse, ...errors(401, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const deleteDependents = isOn(request.query.delete_dependents);
      const { blueprint } = request.params;
      const deletedEntities = await deleteEntities(deps.ctx(request), blueprint, request.body.entities, {
        deleteDependents,
      });
      if (deletedEntities.length > 0) deps.afterWrite();
      return { ok: true as const, deletedEntities };
    },
  );
}

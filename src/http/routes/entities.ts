import type { KeyRing } from "../../access/key-ring.ts";
import { BlueprintParams, EntityParams, errors, isOn, Ok } from "../../api/common.ts";
import * as api from "../../api/entities.ts";
import { deleteEntities, deleteEntity } from "../../catalog/delete-entity.ts";
import { putEntity } from "../../catalog/put-entity.ts";
import { recordRefusals } from "../../catalog/refusals.ts";
import {
  upsertEntities,
  upsertEntity,
  type UpsertOptions,
  type UpsertResult,
} from "../../catalog/upsert-entity.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";
import { newServiceAccount } from "../service-accounts.ts";

const tags = ["Entities"];
const entitiesPath = "/v1/blueprints/:blueprint/entities";
const entityPath = "/v1/blueprints/:blueprint/entities/:entity";

interface WriteFlags {
  readonly upsert?: unknown;
  readonly merge?: unknown;
  readonly validation_only?: unknown;
  readonly create_missing_related_entities?: unknown;
}

export function upsertOptions(query: WriteFlags): UpsertOptions {
  return {
    present: isOn(query.upsert) ? (isOn(query.merge) ? "merge" : "override") : "conflict",
    absent: "create",
    createMissing: isOn(query.create_missing_related_entities),
    validationOnly: isOn(query.validation_only),
    closed: false,
  };
}

function written({ entity, warnings }: UpsertResult): { ok: true; entity: never; warnings?: string[] } {
  return { ok: true, entity: entity as never, ...(warnings.length === 0 ? {} : { warnings: [...warnings] }) };
}

export interface EntityDeps extends RouteDeps {
  /** FAIRWAY_SECRET_KEY: hashes the client secrets of service accounts. */
  readonly key: KeyRing;
}

export function entityRoutes(app: FairwayInstance, deps: EntityDeps): void {
  app.post(
    entitiesPath,
    {
      config: { access: "entities", contract: "port", audits: "entity" },
      schema: {
        tags,
        summary: "Create or change an entity",
        params: BlueprintParams,
        querystring: api.UpsertQuery,
        body: api.UpsertEntityRequest,
        response: { 201: api.WriteEntityResponse, ...errors(401, 403, 404, 409, 413, 422) },
      },
    },
    async (request, reply) => {
      const options = upsertOptions(request.query);
      const ctx = deps.ctx(request);
      const result = await upsertEntity(ctx, request.params.blueprint, request.body, options);
      if (result.changed) deps.afterWrite();
      const isNew = result.created && !options.validationOnly;
      const more = isNew ? await newServiceAccount(ctx, deps.key, result.entity) : {};
      return reply.code(201).send({ ...written(result), ...more });
    },
  );
  app.post(
    `${entitiesPath}/bulk`,
    {
      config: { access: "entities", contract: "port", audits: "entity" },
      schema: {
        tags,
        summary: `Create or change up to ${api.MAX_BULK} entities; each succeeds or fails by itself`,
        params: BlueprintParams,
        querystring: api.UpsertQuery,
        body: api.BulkUpsertRequest,
        response: {
          200: api.BulkUpsertResponse,
          207: api.BulkUpsertResponse,
          ...errors(401, 403, 404, 413, 422),
        },
      },
    },
    async (request, reply) => {
      const options = upsertOptions(request.query);
      const ctx = deps.ctx(request);
      const { outcomes, changed } = await upsertEntities(
        ctx,
        request.params.blueprint,
        request.body.entities,
        options,
      );
      if (changed) deps.afterWrite();
      const entities = [];
      for (const o of outcomes)
        if (o.ok)
          entities.push({
            created: o.created,
            identifier: o.entity.identifier,
            index: o.index,
            ...(o.warnings.length === 0 ? {} : { warnings: [...o.warnings] }),
            ...(o.created && !options.validationOnly ? await newServiceAccount(ctx, deps.key, o.entity) : {}),
          });
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
      await recordRefusals(
        ctx,
        (options.validationOnly ? [] : failed).map(({ identifier, error, message }) => ({
          ...{ kind: "entity", action: "CREATE", blueprint: request.params.blueprint, identifier },
          message: `${error}: ${message}`,
        })),
      );
      return reply
        .code(failed.length === 0 ? 200 : 207)
        .send({ ok: entities.length > 0, entities, errors: failed });
    },
  );
  app.put(
    entityPath,
    {
      config: { access: "entities", contract: "port", audits: "entity" },
      schema: {
        tags,
        summary: "Replace an entity: what the body omits is reset",
        params: EntityParams,
        querystring: api.WriteQuery,
        body: api.UpsertEntityRequest,
        response: { 200: api.WriteEntityResponse, ...errors(401, 403, 404, 413, 422) },
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
      config: { access: "entities", contract: "port", audits: "entity" },
      schema: {
        tags,
        summary: "Change an entity: what the body omits stays, null clears",
        params: EntityParams,
        querystring: api.WriteQuery,
        body: api.PatchEntityRequest,
        response: { 200: api.WriteEntityResponse, ...errors(401, 403, 404, 413, 422) },
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
  deleteRoutes(app, deps);
}

function deleteRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.delete(
    entityPath,
    {
      config: { access: "entities", contract: "port", audits: "entity" },
      schema: {
        tags,
        summary: "Delete an entity",
        params: EntityParams,
        querystring: api.DeleteQuery,
        response: { 200: Ok, ...errors(401, 403, 404, 409) },
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
      config: { access: "entities", contract: "port", audits: "entity" },
      schema: {
        tags,
        summary: "Delete several entities, all or none; those that do not exist are left out of the answer",
        params: BlueprintParams,
        querystring: api.DeleteQuery,
        body: api.BulkDeleteRequest,
        response: { 200: api.BulkDeleteResponse, ...errors(401, 403, 404, 409, 413, 422) },
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

import { DeleteEntitiesQuery } from "../../api/blueprints.ts";
import { BlueprintParams, errors, isOn } from "../../api/common.ts";
import * as api from "../../api/migrations.ts";
import {
  cancelMigration,
  getMigration,
  getMigrations,
  startDeletion,
  startMigration,
} from "../../ingest/migrations.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Migrations"];
/** Reading too: failures tell identifiers and values of entities that not everybody may read. */
const admins = { access: "admin", contract: "port" } as const;

export function migrationRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.delete(
    "/v1/blueprints/:blueprint/all-entities",
    {
      config: admins,
      schema: {
        tags,
        summary: "Delete all entities of a blueprint, in the background",
        params: BlueprintParams,
        querystring: DeleteEntitiesQuery,
        response: { 200: api.DeleteEntitiesResponse, ...errors(401, 403, 404, 409) },
      },
    },
    async (request) => {
      const deleteBlueprint = isOn(request.query.delete_blueprint);
      const ctx = deps.ctx(request);
      const migrationId = await startDeletion(ctx, request.params.blueprint, { deleteBlueprint });
      deps.afterWrite();
      return { ok: true as const, migrationId };
    },
  );
  app.get(
    "/v1/migrations",
    {
      config: admins,
      schema: {
        tags,
        summary: "The last 100 migrations, newest first",
        querystring: api.MigrationsQuery,
        response: { 200: api.MigrationsResponse, ...errors(401, 403, 422) },
      },
    },
    async (request) => {
      const { status, actor, blueprint } = request.query;
      const question = {
        status: listOf(status),
        actor: actor || undefined,
        blueprint: blueprint || undefined,
      };
      return { ok: true as const, migrations: (await getMigrations(deps.ctx(request), question)) as never };
    },
  );
  app.post(
    "/v1/migrations",
    {
      config: admins,
      schema: {
        tags,
        summary: "Make entities of other blueprints out of those of one, by jq, in the background",
        body: api.StartMigrationRequest,
        response: { 201: api.MigrationResponse, ...errors(401, 403, 404, 413, 422) },
      },
    },
    async (request, reply) => {
      const migration = await startMigration(deps.ctx(request), request.body);
      deps.afterWrite();
      return reply.code(201).send({ ok: true, migration: migration as never });
    },
  );
  app.get(
    "/v1/migrations/:id",
    {
      config: admins,
      schema: {
        tags,
        summary: "One migration: how far it is, and what failed",
        params: api.MigrationParams,
        response: { 200: api.MigrationResponse, ...errors(401, 403, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      migration: (await getMigration(deps.ctx(request), request.params.id)) as never,
    }),
  );
  app.post(
    "/v1/migrations/:id/cancel",
    {
      config: admins,
      schema: {
        tags,
        summary: "Stop a migration before its next batch; what is done stays done",
        params: api.MigrationParams,
        body: api.CancelMigrationRequest,
        response: { 200: api.MigrationResponse, ...errors(401, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const reason = request.body?.reason ?? null;
      const migration = await cancelMigration(deps.ctx(request), request.params.id, reason);
      deps.afterWrite();
      return { ok: true as const, migration: migration as never };
    },
  );
}

/** Repeated keys, or one text joined by commas; nothing means any. */
function listOf(value: string | string[] | undefined): string[] | undefined {
  const list = [value ?? []].flat().flatMap((text) => text.split(","));
  const given = list.filter((text) => text !== "");
  return given.length === 0 ? undefined : given;
}

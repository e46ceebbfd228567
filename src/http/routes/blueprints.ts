import * as api from "../../api/blueprints.ts";
import { BlueprintParams, errors, Ok } from "../../api/common.ts";
import {
  changeBlueprint,
  createBlueprint,
  deleteBlueprint,
  getBlueprint,
  getBlueprints,
  replaceBlueprint,
} from "../../catalog/define-blueprint.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Blueprints"];

export function blueprintRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/blueprints",
    {
      config: { access: "member", contract: "port" },
      schema: { tags, summary: "All blueprints", response: { 200: api.BlueprintsResponse, ...errors(401) } },
    },
    async (request) => ({ ok: true as const, blueprints: (await getBlueprints(deps.ctx(request))) as never }),
  );
  app.post(
    "/v1/blueprints",
    {
      config: { access: "admin", contract: "port" },
      schema: {
        tags,
        summary: "Create a blueprint",
        querystring: api.CreateBlueprintQuery,
        body: api.CreateBlueprintRequest,
        response: { 201: api.BlueprintResponse, ...errors(401, 404, 409, 413, 422) },
      },
    },
    async (request, reply) => {
      const { blueprint } = await createBlueprint(deps.ctx(request), request.body);
      deps.afterWrite();
      return reply.code(201).send({ ok: true, blueprint: blueprint as never });
    },
  );
  app.get(
    "/v1/blueprints/:blueprint",
    {
      config: { access: "member", contract: "port" },
      schema: {
        tags,
        summary: "One blueprint",
        params: BlueprintParams,
        response: { 200: api.BlueprintResponse, ...errors(401, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      blueprint: (await getBlueprint(deps.ctx(request), request.params.blueprint)) as never,
    }),
  );
  app.put(
    "/v1/blueprints/:blueprint",
    {
      config: { access: "admin", contract: "port" },
      schema: {
        tags,
        summary: "Replace a blueprint: what the body omits is removed",
        params: BlueprintParams,
        body: api.ReplaceBlueprintRequest,
        response: { 200: api.BlueprintResponse, ...errors(401, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const result = await replaceBlueprint(deps.ctx(request), request.params.blueprint, request.body);
      if (result.changed) deps.afterWrite();
      return { ok: true as const, blueprint: result.blueprint as never };
    },
  );
  app.patch(
    "/v1/blueprints/:blueprint",
    {
      config: { access: "admin", contract: "port" },
      schema: {
        tags,
        summary: "Change a blueprint: what the body omits stays",
        params: BlueprintParams,
        body: api.PatchBlueprintRequest,
        response: { 200: api.BlueprintResponse, ...errors(401, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const result = await changeBlueprint(deps.ctx(request), request.params.blueprint, request.body);
      if (result.changed) deps.afterWrite();
      return { ok: true as const, blueprint: result.blueprint as never };
    },
  );
  app.delete(
    "/v1/blueprints/:blueprint",
    {
      config: { access: "admin", contract: "port" },
      schema: {
        tags,
        summary: "Delete a blueprint that has no entities and that no other blueprint relates to",
        params: BlueprintParams,
        querystring: api.DeleteBlueprintQuery,
        response: { 200: Ok, ...errors(401, 404, 409) },
      },
    },
    async (request) => {
      await deleteBlueprint(deps.ctx(request), request.params.blueprint);
      deps.afterWrite();
      return { ok: true as const };
    },
  );
}

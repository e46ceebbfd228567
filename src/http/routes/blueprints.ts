import * as api from "../../api/blueprints.ts";
import { BlueprintParams, errors, isOff, isOn } from "../../api/common.ts";
import {
  changeBlueprint,
  createBlueprint,
  type DefineResult,
  getBlueprint,
  getBlueprints,
  replaceBlueprint,
} from "../../catalog/define-blueprint.ts";
import { deleteBlueprint } from "../../catalog/delete-blueprint.ts";
import { type Member, renameMember } from "../../catalog/rename-blueprint.ts";
import { unservedDestination } from "../../catalog/unserved-destination.ts";
import { getSystemStructure } from "../../catalog/system-blueprints.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Blueprints"];
const readers = { access: "member", contract: "port" } as const;
const admins = { access: "admin", contract: "port", audits: "blueprint" } as const;
/** Blueprints are returned with their keys in their order: the schemas of these answers document, they do not sort. */
const serializerCompiler = () => JSON.stringify;

type Answer = { ok: true; blueprint: never; warnings?: string[] };

function answer({ blueprint, warnings }: DefineResult): Answer {
  return {
    ok: true,
    blueprint: blueprint as never,
    ...(warnings.length === 0 ? {} : { warnings: [...warnings] }),
  };
}

interface BlueprintDeps extends RouteDeps {
  /** Whether messages can be written to Kafka. */
  readonly hasBroker: boolean;
}

export function blueprintRoutes(app: FairwayInstance, deps: BlueprintDeps): void {
  const written = (result: DefineResult): Answer => {
    if (result.changed) deps.afterWrite();
    const unserved = deps.hasBroker ? [] : unservedDestination(result.blueprint);
    return answer({ ...result, warnings: [...result.warnings, ...unserved] });
  };
  app.get(
    "/v1/blueprints",
    {
      config: readers,
      serializerCompiler,
      schema: { tags, summary: "All blueprints", response: { 200: api.BlueprintsResponse, ...errors(401) } },
    },
    async (request) => ({ ok: true as const, blueprints: (await getBlueprints(deps.ctx(request))) as never }),
  );
  app.post(
    "/v1/blueprints",
    {
      config: admins,
      serializerCompiler,
      schema: {
        tags,
        summary: "Create a blueprint",
        querystring: api.CreateBlueprintQuery,
        body: api.CreateBlueprintRequest,
        response: { 201: api.BlueprintResponse, ...errors(401, 403, 404, 409, 413, 422) },
      },
    },
    async (request, reply) => {
      const withPage = !isOff(request.query.create_catalog_page);
      const result = await createBlueprint(deps.ctx(request), request.body, { withPage });
      return reply.code(201).send(written(result));
    },
  );
  app.get(
    "/v1/blueprints/:blueprint",
    {
      config: readers,
      serializerCompiler,
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
      config: admins,
      serializerCompiler,
      schema: {
        tags,
        summary: "Replace a blueprint: what the body omits is removed; another identifier renames it",
        params: BlueprintParams,
        body: api.ReplaceBlueprintRequest,
        response: { 200: api.BlueprintResponse, ...errors(401, 403, 404, 409, 413, 422) },
      },
    },
    async (request) =>
      written(await replaceBlueprint(deps.ctx(request), request.params.blueprint, request.body)),
  );
  app.patch(
    "/v1/blueprints/:blueprint",
    {
      config: admins,
      serializerCompiler,
      schema: {
        tags,
        summary: "Change a blueprint: what the body omits stays; another identifier renames it",
        params: BlueprintParams,
        body: api.PatchBlueprintRequest,
        response: { 200: api.BlueprintResponse, ...errors(401, 403, 404, 409, 413, 422) },
      },
    },
    async (request) =>
      written(await changeBlueprint(deps.ctx(request), request.params.blueprint, request.body)),
  );
  app.delete(
    "/v1/blueprints/:blueprint",
    {
      config: admins,
      schema: {
        tags,
        summary: "Delete a blueprint that has no entities and that no other blueprint relates to",
        params: BlueprintParams,
        querystring: api.DeleteBlueprintQuery,
        response: { 200: api.DeleteBlueprintResponse, ...errors(401, 403, 404, 409) },
      },
    },
    async (request) => {
      const withActions = isOn(request.query.delete_actions);
      const warnings = await deleteBlueprint(deps.ctx(request), request.params.blueprint, { withActions });
      deps.afterWrite();
      return { ok: true as const, ...(warnings.length === 0 ? {} : { warnings }) };
    },
  );
  app.get(
    // Their names begin with _: the entity `structure` of a blueprint `system` has the address of any other entity.
    "/v1/blueprints/system/:blueprint(^_.*$)/structure",
    {
      config: readers,
      serializerCompiler,
      schema: {
        tags,
        summary: "What the system ships of one of its blueprints",
        params: BlueprintParams,
        response: { 200: api.BlueprintResponse, ...errors(401, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      blueprint: (await getSystemStructure(deps.ctx(request), request.params.blueprint)) as never,
    }),
  );
  renameRoutes(app, deps, written);
}

function renameRoutes(
  app: FairwayInstance,
  deps: RouteDeps,
  written: (result: DefineResult) => Answer,
): void {
  const route = (
    path: string,
    member: Member,
    field: string,
    body:
      | typeof api.RenamePropertyRequest
      | typeof api.RenameMirrorRequest
      | typeof api.RenameRelationRequest,
    summary: string,
  ): void => {
    app.patch(
      `/v1/blueprints/:blueprint/${path}/:member/rename`,
      {
        config: admins,
        serializerCompiler,
        schema: {
          tags,
          summary,
          params: api.MemberParams,
          body,
          response: { 200: api.BlueprintResponse, ...errors(401, 403, 404, 409, 422) },
        },
      },
      async (request) => {
        const { blueprint, member: from } = request.params;
        const to = (request.body as Readonly<Record<string, string>>)[field] ?? "";
        return written(await renameMember(deps.ctx(request), blueprint, member, { from, to, field }));
      },
    );
  };
  route(
    "properties",
    "property",
    "newPropertyName",
    api.RenamePropertyRequest,
    "Rename a property: values stay, references in other definitions follow",
  );
  route("mirror", "mirror", "newMirrorName", api.RenameMirrorRequest, "Rename a mirror property");
  route(
    "relations",
    "relation",
    "newRelationIdentifier",
    api.RenameRelationRequest,
    "Rename a relation: values stay, references in other definitions follow",
  );
}

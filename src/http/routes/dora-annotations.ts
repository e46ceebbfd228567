import {
  AnnotationAnswer,
  AnnotationCreateRequest,
  AnnotationParams as params,
  AnnotationRequest,
  AnnotationsAnswer,
  AnnotationsQuery,
} from "../../api/dora-annotations.ts";
import { errors, Ok } from "../../api/common.ts";
import { sightOf } from "../../catalog/sight.ts";
import {
  annotationDetail,
  createAnnotation,
  doraAnnotations,
  removeAnnotation,
  replaceAnnotation,
} from "../../metrics/dora/annotations.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["DORA"];
const config = { access: "member", contract: "fairway" } as const;
/** What the use cases give is what is told. */
const serializerCompiler = () => JSON.stringify;

/** Dated notes beside the numbers. */
export function doraAnnotationRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/dora/annotations",
    {
      config,
      serializerCompiler,
      schema: {
        tags,
        summary: "Dated notes that concern a scope and window",
        description:
          "Those of the organisation, of the scope, and of what it lies in; with below=true also of what lies in it.",
        querystring: AnnotationsQuery,
        response: { 200: AnnotationsAnswer, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      return { ok: true, ...(await doraAnnotations(ctx, request.query, await sightOf(ctx))) };
    },
  );

  app.get(
    "/v1/dora/annotations/:id",
    {
      config,
      serializerCompiler,
      schema: {
        tags,
        summary: "One note",
        params,
        response: { 200: AnnotationAnswer, ...errors(401, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      return { ok: true, annotation: await annotationDetail(ctx, request.params.id, await sightOf(ctx)) };
    },
  );

  app.post(
    "/v1/dora/annotations",
    {
      config,
      serializerCompiler,
      schema: {
        tags,
        summary: "Write a note on a day: about the organisation, or an entity that you may read",
        body: AnnotationCreateRequest,
        response: { 201: AnnotationAnswer, ...errors(401, 403, 409, 422) },
      },
    },
    async (request, reply) => {
      const ctx = deps.ctx(request);
      const annotation = await createAnnotation(ctx, request.body, await sightOf(ctx));
      deps.afterWrite();
      return reply.code(201).send({ ok: true, annotation });
    },
  );

  app.put(
    "/v1/dora/annotations/:id",
    {
      config,
      serializerCompiler,
      schema: {
        tags,
        summary: "Replace a note; its author, administrators, and moderators of what it is about may",
        params,
        body: AnnotationRequest,
        response: { 200: AnnotationAnswer, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { id } = request.params;
      const annotation = await replaceAnnotation(ctx, id, request.body, await sightOf(ctx));
      deps.afterWrite();
      return { ok: true, annotation };
    },
  );

  app.delete(
    "/v1/dora/annotations/:id",
    {
      config,
      serializerCompiler,
      schema: {
        tags,
        summary: "Delete a note; its author, administrators, and moderators of what it is about may",
        params,
        response: { 200: Ok, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      await removeAnnotation(ctx, request.params.id, await sightOf(ctx));
      deps.afterWrite();
      return { ok: true as const };
    },
  );
}

import * as api from "../../api/initiatives.ts";
import { errors, Ok } from "../../api/common.ts";
import {
  createInitiative,
  getInitiative,
  getInitiatives,
  initiativeProgress,
  removeInitiative,
  replaceInitiative,
} from "../../automation/initiatives/define-initiative.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Initiatives"];
const serializerCompiler = () => JSON.stringify;
const readers = { access: "member", contract: "fairway" } as const;
const admins = { access: "admin", contract: "fairway" } as const;
const ALL = "/v1/initiatives";
const ONE = `${ALL}/:initiative`;

export function initiativeRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    ALL,
    {
      config: readers,
      serializerCompiler,
      schema: {
        tags,
        summary: "All initiatives",
        response: { 200: api.InitiativesResponse, ...errors(401) },
      },
    },
    async (request) => ({ ok: true as const, initiatives: await getInitiatives(deps.ctx(request)) }),
  );
  app.post(
    ALL,
    {
      config: admins,
      serializerCompiler,
      schema: {
        tags,
        summary: "Create an initiative, and the automations that remind of it",
        body: api.InitiativeRequest,
        response: { 201: api.InitiativeResponse, ...errors(401, 403, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const initiative = await createInitiative(deps.ctx(request), request.body);
      deps.afterWrite();
      return reply.code(201).send({ ok: true as const, initiative });
    },
  );
  app.get(
    ONE,
    {
      config: readers,
      serializerCompiler,
      schema: {
        tags,
        summary: "One initiative",
        params: api.InitiativeParams,
        response: { 200: api.InitiativeResponse, ...errors(401, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      initiative: await getInitiative(deps.ctx(request), request.params.initiative),
    }),
  );
  app.get(
    `${ONE}/progress`,
    {
      config: readers,
      serializerCompiler,
      schema: {
        tags,
        summary: "How far an initiative has come, over time",
        params: api.InitiativeParams,
        response: { 200: api.InitiativeProgressResponse, ...errors(401, 404) },
      },
    },
    async (request) => {
      const progress = await initiativeProgress(deps.ctx(request), request.params.initiative);
      return { ok: true as const, ...progress };
    },
  );
  app.put(
    ONE,
    {
      config: admins,
      serializerCompiler,
      schema: {
        tags,
        summary: "Replace an initiative; another goal is counted anew",
        params: api.InitiativeParams,
        body: api.InitiativeRequest,
        response: { 200: api.InitiativeResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      const initiative = await replaceInitiative(deps.ctx(request), request.params.initiative, request.body);
      deps.afterWrite();
      return { ok: true as const, initiative };
    },
  );
  app.delete(
    ONE,
    {
      config: admins,
      schema: {
        tags,
        summary: "Delete an initiative, and its automations",
        params: api.InitiativeParams,
        response: { 200: Ok, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      await removeInitiative(deps.ctx(request), request.params.initiative);
      deps.afterWrite();
      return { ok: true as const };
    },
  );
}

import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import * as api from "../../api/scim.ts";
import * as groups from "../../catalog/scim-groups.ts";
import * as users from "../../catalog/scim-users.ts";
import { type AppError, ERRORS } from "../../model/error.ts";
import { ERROR_SCHEMA, ScimError } from "../../model/scim.ts";
import type { Ctx } from "../../storage/context.ts";
import type { FairwayInstance } from "../app-types.ts";
import { problemOf } from "../errors.ts";
import type { IdentityDeps } from "../identity/identity-deps.ts";
import { MAX_RESULTS, resourceTypes, schemas, serviceConfig } from "../identity/scim-service.ts";
import { parseJson } from "../json-body.ts";

const MEDIA_TYPE = "application/scim+json";
const PATH = "/scim/v2";
const config = { access: "admin", contract: "fairway" } as const;
const tags = ["SCIM"];

/** Users and teams, kept by an identity provider (SCIM 2.0). */
export function scimRoutes(app: FairwayInstance, deps: IdentityDeps): void {
  void app.register((scope, _options, done) => {
    const parse = (
      _request: FastifyRequest,
      body: string,
      done: (error: Error | null, body?: unknown) => void,
    ) => {
      try {
        done(null, parseJson(body));
      } catch (error) {
        done(error as AppError);
      }
    };
    scope.addContentTypeParser(MEDIA_TYPE, { parseAs: "string" }, parse);
    scope.setErrorHandler(answerError);
    scope.addHook("onSend", (_request, reply, payload, next) => {
      void reply.type(MEDIA_TYPE);
      next(null, payload);
    });
    serviceRoutes(scope, deps);
    userRoutes(scope, deps);
    groupRoutes(scope, deps);
    done();
  });
}

const placeOf = ({ publicUrl, keptAdmin }: IdentityDeps): users.ScimPlace => ({
  base: `${publicUrl()}${PATH}`,
  keeps: keptAdmin,
});

/** Roles and teams are this area's to write: the scope of the token was asked for by the route. */
function ctxOf(deps: IdentityDeps, request: FastifyRequest): Ctx {
  const ctx = deps.ctx(request);
  const { scopes: _, ...actor } = ctx.actor;
  return { ...ctx, actor };
}

function serviceRoutes(app: FairwayInstance, deps: IdentityDeps): void {
  const base = (): string => placeOf(deps).base;
  const schema = { tags, summary: "What this SCIM is capable of" };
  app.get(`${PATH}/ServiceProviderConfig`, { config, schema }, () => serviceConfig(base()));
  app.get(`${PATH}/ResourceTypes`, { config, schema }, () => resourceTypes(base()));
  app.get(`${PATH}/Schemas`, { config, schema }, () => schemas(base()));
}

function userRoutes(app: FairwayInstance, deps: IdentityDeps): void {
  const one = `${PATH}/Users/:scim`;
  const place = (): users.ScimPlace => placeOf(deps);
  app.get(
    `${PATH}/Users`,
    { config, schema: { tags, summary: "Users, a page of them", querystring: api.ListQuery } },
    (request) =>
      users.listScimUsers(ctxOf(deps, request), place(), request.query.filter, pageOf(request.query)),
  );
  app.get(one, { config, schema: { tags, summary: "One user", params: api.ScimParams } }, (request) =>
    users.getScimUser(ctxOf(deps, request), place(), request.params.scim),
  );
  app.post(
    `${PATH}/Users`,
    { config, schema: { tags, summary: "A new user, a member", body: api.Document } },
    async (request, reply) => {
      const user = await users.createScimUser(ctxOf(deps, request), place(), request.body);
      deps.afterWrite();
      return reply.code(201).send(user);
    },
  );
  const settled = (user: users.ScimDocument): users.ScimDocument => {
    deps.afterWrite();
    return user;
  };
  app.put(
    one,
    {
      config,
      schema: {
        tags,
        summary: "What a user is called, and whether they may sign in",
        params: api.ScimParams,
        body: api.Document,
      },
    },
    async (request) =>
      settled(await users.replaceScimUser(ctxOf(deps, request), place(), request.params.scim, request.body)),
  );
  app.patch(
    one,
    {
      config,
      schema: { tags, summary: "Change a part of that", params: api.ScimParams, body: api.Document },
    },
    async (request) =>
      settled(await users.patchScimUser(ctxOf(deps, request), place(), request.params.scim, request.body)),
  );
  app.delete(
    one,
    { config, schema: { tags, summary: "Delete a user", params: api.ScimParams } },
    async (request, reply) => {
      await users.deleteScimUser(ctxOf(deps, request), place(), request.params.scim);
      deps.afterWrite();
      return reply.code(204).send();
    },
  );
}

function groupRoutes(app: FairwayInstance, deps: IdentityDeps): void {
  const one = `${PATH}/Groups/:scim`;
  const place = (): users.ScimPlace => placeOf(deps);
  app.get(
    `${PATH}/Groups`,
    { config, schema: { tags, summary: "Teams, a page of them", querystring: api.ListQuery } },
    (request) => {
      const { query } = request;
      return groups.listScimGroups(
        ctxOf(deps, request),
        place(),
        query.filter,
        pageOf(query),
        asksMembers(query),
      );
    },
  );
  app.get(
    one,
    { config, schema: { tags, summary: "One team", params: api.ScimParams, querystring: api.GroupQuery } },
    (request) =>
      groups.getScimGroup(ctxOf(deps, request), place(), request.params.scim, asksMembers(request.query)),
  );
  app.post(
    `${PATH}/Groups`,
    { config, schema: { tags, summary: "A new team", body: api.Document } },
    async (request, reply) => {
      const group = await groups.createScimGroup(ctxOf(deps, request), place(), request.body);
      deps.afterWrite();
      return reply.code(201).send(group);
    },
  );
  for (const [method, write] of [
    ["PUT", groups.replaceScimGroup],
    ["PATCH", groups.patchScimGroup],
  ] as const)
    app.route({
      ...{ method, url: one, config },
      schema: { tags, summary: "Name and members of a team", params: api.ScimParams, body: api.Document },
      handler: async (request) => {
        const { scim } = request.params;
        const group = await write(ctxOf(deps, request), place(), scim, request.body);
        deps.afterWrite();
        return group;
      },
    });
  app.delete(
    one,
    { config, schema: { tags, summary: "Delete a team", params: api.ScimParams } },
    async (request, reply) => {
      await groups.deleteScimGroup(ctxOf(deps, request), request.params.scim);
      deps.afterWrite();
      return reply.code(204).send();
    },
  );
}

/** A number out of range is brought into it, as RFC 7644 §3.4.2.4 has it. */
function pageOf(query: { startIndex?: string; count?: string }): users.ScimPage {
  const number = (text: string | undefined, usual: number): number =>
    text !== undefined && /^-?\d{1,9}$/.test(text) ? Number(text) : usual;
  return {
    startIndex: Math.max(1, number(query.startIndex, 1)),
    count: Math.min(MAX_RESULTS, Math.max(0, number(query.count, 100))),
  };
}

const asksMembers = ({ excludedAttributes }: { excludedAttributes?: string }): boolean =>
  !(excludedAttributes ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .includes("members");

/** In SCIM's own form. */
function answerError(error: FastifyError | ScimError, request: FastifyRequest, reply: FastifyReply): void {
  const known = error instanceof ScimError ? error : fromProblem(error, request);
  if (known.status >= 500) request.log.error({ err: error }, "request failed");
  void reply.code(known.status).send({
    schemas: [ERROR_SCHEMA],
    status: String(known.status),
    ...(known.scimType !== undefined && { scimType: known.scimType }),
    detail: known.message,
  });
}

function fromProblem(error: FastifyError, request: FastifyRequest): ScimError {
  const { code, message } = problemOf(error, request);
  const { status } = ERRORS[code];
  // Providers know 400 for what we call 422.
  return status === 422 ? new ScimError(400, message, "invalidValue") : new ScimError(status, message);
}

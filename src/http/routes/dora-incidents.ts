import Type from "typebox";
import { errors } from "../../api/common.ts";
import {
  CauseAnswer,
  CauseRequest,
  IncidentAnswer,
  IncidentQuery,
  IncidentsAnswer,
  IncidentsQuery,
} from "../../api/dora-incidents.ts";
import { sightOf } from "../../catalog/sight.ts";
import { decideCause, doraIncidents, forgetCause, incidentDetail } from "../../metrics/dora/incidents.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const params = Type.Object({ id: Type.String() });
const tags = ["DORA"];
/** The schemas of these answers document; they must not strip what they do not list. */
const serializerCompiler = () => JSON.stringify;

export function doraIncidentRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/dora/incidents",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler,
      schema: {
        response: { 200: IncidentsAnswer, ...errors(401, 403, 404, 422) },
        tags,
        summary: "Incidents of a scope and window, with the deployment each is linked to and why",
        querystring: IncidentsQuery,
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      return { ok: true, ...(await doraIncidents(ctx, request.query, await sightOf(ctx))) };
    },
  );

  app.get(
    "/v1/dora/incidents/:id",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler,
      schema: {
        response: { 200: IncidentAnswer, ...errors(401, 403, 404, 422) },
        tags,
        summary: "An incident, what it is linked to, and what a user decided",
        params,
        querystring: IncidentQuery,
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      const { blueprint } = request.query;
      return { ok: true, ...(await incidentDetail(ctx, request.params.id, blueprint, await sightOf(ctx))) };
    },
  );

  app.put(
    "/v1/dora/incidents/:id/cause",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler,
      schema: {
        response: { 200: CauseAnswer, ...errors(401, 403, 404, 422) },
        tags,
        summary: "Decide which deployment caused an incident, or that none did",
        params,
        querystring: IncidentQuery,
        body: CauseRequest,
      },
    },
    async (request) => {
      const { id } = request.params;
      const { blueprint } = request.query;
      const ctx = deps.ctx(request);
      const verdict = await decideCause(ctx, id, blueprint, request.body, await sightOf(ctx));
      deps.afterWrite();
      return { ok: true, cause: verdict };
    },
  );

  app.delete(
    "/v1/dora/incidents/:id/cause",
    {
      config: { access: "member", contract: "fairway" },
      serializerCompiler,
      schema: {
        response: {
          200: Type.Unsafe<object>(Type.Object({ ok: Type.Literal(true) })),
          ...errors(401, 403, 404, 422),
        },
        tags,
        summary: "Leave the cause of an incident to its data and the rule again",
        params,
        querystring: IncidentQuery,
      },
    },
    async (request) => {
      const ctx = deps.ctx(request);
      await forgetCause(ctx, request.params.id, request.query.blueprint, await sightOf(ctx));
      deps.afterWrite();
      return { ok: true };
    },
  );
}

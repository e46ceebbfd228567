import { errors, Ok } from "../../api/common.ts";
import * as api from "../../api/people.ts";
import * as teams from "../../catalog/teams.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";
import { pickFields, teamView, writtenTeamView } from "../people-views.ts";

const tags = ["Teams"];
const read = { access: "member", contract: "port" } as const;
const write = { access: "admin", contract: "port", audits: "team" } as const;

export function teamRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/teams",
    {
      config: read,
      schema: {
        tags,
        summary: "All teams with their members",
        querystring: api.FieldsQuery,
        response: { 200: api.TeamsResponse, ...errors(401) },
      },
    },
    async (request) => {
      const found = await teams.listTeams(deps.ctx(request));
      return {
        ok: true as const,
        teams: found.map((team) => pickFields(teamView(team), request.query.fields)),
      };
    },
  );
  app.post(
    "/v1/teams",
    {
      config: write,
      schema: {
        tags,
        summary: "Create a team; its entity of blueprint _team comes with it",
        body: api.TeamRequest,
        response: { 200: api.WrittenTeamResponse, ...errors(401, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const team = await teams.createTeam(deps.ctx(request), request.body);
      deps.afterWrite();
      return { ok: true as const, team: writtenTeamView(team) };
    },
  );
  app.get(
    "/v1/teams/:name",
    {
      config: read,
      schema: {
        tags,
        summary: "One team with its members, by name",
        params: api.TeamParams,
        querystring: api.FieldsQuery,
        response: { 200: api.TeamResponse, ...errors(401, 404, 409) },
      },
    },
    async (request) => {
      const team = await teams.getTeam(deps.ctx(request), request.params.name);
      return { ok: true as const, team: pickFields(teamView(team), request.query.fields) };
    },
  );
  app.put(
    "/v1/teams/:name",
    {
      config: write,
      schema: {
        tags,
        summary: "Replace a team: what the body omits is cleared",
        params: api.TeamParams,
        body: api.TeamRequest,
        response: { 200: api.WrittenTeamResponse, ...errors(401, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const team = await teams.changeTeam(deps.ctx(request), request.params.name, request.body, true);
      deps.afterWrite();
      return { ok: true as const, team: writtenTeamView(team) };
    },
  );
  app.patch(
    "/v1/teams/:name",
    {
      config: write,
      schema: {
        tags,
        summary: "Change a team; another name is followed by what the team owns",
        params: api.TeamParams,
        body: api.PatchTeamRequest,
        response: { 200: api.WrittenTeamResponse, ...errors(401, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const team = await teams.changeTeam(deps.ctx(request), request.params.name, request.body, false);
      deps.afterWrite();
      return { ok: true as const, team: writtenTeamView(team) };
    },
  );
  app.delete(
    "/v1/teams/:name",
    {
      config: write,
      schema: {
        tags,
        summary: "Delete a team; it goes from everything that it owned",
        params: api.TeamParams,
        response: { 200: Ok, ...errors(401, 403, 404, 409) },
      },
    },
    async (request) => {
      await teams.deleteTeam(deps.ctx(request), request.params.name);
      deps.afterWrite();
      return { ok: true as const };
    },
  );
}

import { BlueprintParams, errors, isOn, Ok } from "../../api/common.ts";
import * as api from "../../api/scorecards.ts";
import { levelHistory, levelMoves } from "../../catalog/level-history.ts";
import {
  changeScorecard,
  createScorecard,
  deleteScorecard,
  getAllScorecards,
  getScorecard,
  getScorecards,
  replaceScorecard,
  replaceScorecards,
  type ScorecardResult,
} from "../../catalog/scorecards.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Scorecards"];
const readers = { access: "member", contract: "port" } as const;
const admins = { access: "admin", contract: "port", audits: "scorecard" } as const;
/** Keys stay in their order, as with blueprints. */
const serializerCompiler = () => JSON.stringify;
const OF_BLUEPRINT = "/v1/blueprints/:blueprint/scorecards";
const OF_ONE = `${OF_BLUEPRINT}/:scorecard`;

const warned = (warnings: readonly string[]) => (warnings.length === 0 ? {} : { warnings: [...warnings] });

/** @param historyDays that moves between levels are kept */
export function scorecardRoutes(app: FairwayInstance, deps: RouteDeps, historyDays: number): void {
  const written = ({ scorecard, warnings, changed }: ScorecardResult) => {
    if (changed) deps.afterWrite();
    return { ok: true as const, scorecard: scorecard as never, ...warned(warnings) };
  };
  app.get(
    "/v1/scorecards",
    {
      config: readers,
      serializerCompiler,
      schema: {
        tags,
        summary: "All scorecards of all blueprints",
        response: { 200: api.ScorecardsResponse, ...errors(401) },
      },
    },
    async (request) => ({
      ok: true as const,
      scorecards: (await getAllScorecards(deps.ctx(request))) as never,
    }),
  );
  app.get(
    OF_BLUEPRINT,
    {
      config: readers,
      serializerCompiler,
      schema: {
        tags,
        summary: "The scorecards of a blueprint",
        params: BlueprintParams,
        response: { 200: api.ScorecardsResponse, ...errors(401, 404) },
      },
    },
    async (request) => ({
      ok: true as const,
      scorecards: (await getScorecards(deps.ctx(request), request.params.blueprint)) as never,
    }),
  );
  app.post(
    OF_BLUEPRINT,
    {
      config: admins,
      serializerCompiler,
      schema: {
        tags,
        summary: "Create a scorecard",
        params: BlueprintParams,
        body: api.ScorecardRequest,
        response: { 201: api.ScorecardResponse, ...errors(401, 403, 404, 409, 413, 422) },
      },
    },
    async (request, reply) => {
      const result = await createScorecard(deps.ctx(request), request.params.blueprint, request.body);
      return reply.code(201).send(written(result));
    },
  );
  app.put(
    OF_BLUEPRINT,
    {
      config: admins,
      serializerCompiler,
      schema: {
        tags,
        summary: "Replace all scorecards of a blueprint: those that the body omits are removed",
        params: BlueprintParams,
        body: api.ScorecardsRequest,
        response: { 200: api.ScorecardsResponse, ...errors(401, 403, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const result = await replaceScorecards(deps.ctx(request), request.params.blueprint, request.body);
      if (result.changed) deps.afterWrite();
      return { ok: true as const, scorecards: result.scorecards as never, ...warned(result.warnings) };
    },
  );
  oneRoutes(app, deps, written);
  historyRoutes(app, deps, historyDays);
}

function historyRoutes(app: FairwayInstance, deps: RouteDeps, historyDays: number): void {
  const config = { access: "member", contract: "fairway" } as const;
  app.get(
    `${OF_ONE}/history`,
    {
      config,
      schema: {
        tags,
        summary: "How many entities had each level of a scorecard, over time",
        params: api.ScorecardParams,
        querystring: api.LevelHistoryQuery,
        response: { 200: api.LevelHistoryResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      const { preset = "last3Months", interval = "day", timeZone = "UTC" } = request.query;
      const { blueprint, scorecard } = request.params;
      const asked = { preset, interval, timeZone };
      const history = await levelHistory(deps.ctx(request), blueprint, scorecard, asked, historyDays);
      return { ok: true as const, levels: [...history.levels], points: [...history.points] };
    },
  );
  app.get(
    `${OF_ONE}/moves`,
    {
      config,
      schema: {
        tags,
        summary: "Who moved between the levels of a scorecard, newest first",
        params: api.ScorecardParams,
        querystring: api.LevelMovesQuery,
        response: { 200: api.LevelMovesResponse, ...errors(401, 403, 404, 422) },
      },
    },
    async (request) => {
      const { blueprint, scorecard } = request.params;
      const { entity = null, from = null, to = null, rules, limit = 100, after = null } = request.query;
      const found = await levelMoves(deps.ctx(request), blueprint, scorecard, {
        ...{ entity, from, to, withRules: isOn(rules), limit, after },
      });
      return { ok: true as const, next: found.next, moves: found.moves as never };
    },
  );
}

function oneRoutes(
  app: FairwayInstance,
  deps: RouteDeps,
  written: (result: ScorecardResult) => { ok: true; scorecard: never; warnings?: string[] },
): void {
  app.get(
    OF_ONE,
    {
      config: readers,
      serializerCompiler,
      schema: {
        tags,
        summary: "One scorecard",
        params: api.ScorecardParams,
        response: { 200: api.ScorecardResponse, ...errors(401, 404) },
      },
    },
    async (request) => {
      const { blueprint, scorecard } = request.params;
      return {
        ok: true as const,
        scorecard: (await getScorecard(deps.ctx(request), blueprint, scorecard)) as never,
      };
    },
  );
  app.put(
    OF_ONE,
    {
      config: admins,
      serializerCompiler,
      schema: {
        tags,
        summary: "Replace a scorecard: what the body omits is removed; another identifier renames it",
        params: api.ScorecardParams,
        body: api.ScorecardRequest,
        response: { 200: api.ScorecardResponse, ...errors(401, 403, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const { blueprint, scorecard } = request.params;
      return written(await replaceScorecard(deps.ctx(request), blueprint, scorecard, request.body));
    },
  );
  app.patch(
    OF_ONE,
    {
      config: admins,
      serializerCompiler,
      schema: {
        tags,
        summary: "Change a scorecard: what the body omits stays",
        params: api.ScorecardParams,
        body: api.PatchScorecardRequest,
        response: { 200: api.ScorecardResponse, ...errors(401, 403, 404, 409, 413, 422) },
      },
    },
    async (request) => {
      const { blueprint, scorecard } = request.params;
      return written(await changeScorecard(deps.ctx(request), blueprint, scorecard, request.body));
    },
  );
  app.delete(
    OF_ONE,
    {
      config: admins,
      schema: {
        tags,
        summary: "Delete a scorecard; the levels of its entities go with it",
        params: api.ScorecardParams,
        response: { 200: Ok, ...errors(401, 403, 404) },
      },
    },
    async (request) => {
      await deleteScorecard(deps.ctx(request), request.params.blueprint, request.params.scorecard);
      deps.afterWrite();
      return { ok: true as const };
    },
  );
}

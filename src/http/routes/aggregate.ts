import * as api from "../../api/aggregate.ts";
import { errors } from "../../api/common.ts";
import { answerAggregate } from "../../catalog/aggregate-entities.ts";
import { propertiesHistory } from "../../catalog/aggregate-history.ts";
import { aggregateOverTime } from "../../catalog/aggregate-over-time.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const tags = ["Aggregates"];
const config = { access: "member", contract: "port" } as const;

/** @param historyDays as far as changes of numbers are kept */
export function aggregateRoutes(app: FairwayInstance, deps: RouteDeps, historyDays: number): void {
  app.post(
    "/v1/entities/aggregate",
    {
      config,
      schema: {
        tags,
        summary: "A number over the entities that match a query, or how often each value occurs",
        body: api.AggregateRequest,
        response: { 200: api.AggregateResponse, ...errors(401, 403, 413, 422) },
      },
    },
    async (request) => {
      const { result, averagedOver } = await deps.read(request, (ctx) => answerAggregate(ctx, request.body));
      return {
        ...{ ok: true as const, result: result as never },
        ...(averagedOver && {
          averagedOver: {
            from: new Date(averagedOver.from).toISOString(),
            to: new Date(averagedOver.to).toISOString(),
          },
        }),
      };
    },
  );
  app.post(
    "/v1/entities/aggregate-over-time",
    {
      config,
      schema: {
        tags,
        summary: "Entities in buckets of time, by a time of their own",
        body: api.OverTimeRequest,
        response: { 200: api.ChartResponse, ...errors(401, 403, 404, 413, 422) },
      },
    },
    async (request) => ({
      ok: true as const,
      result: (await deps.read(request, (ctx) => aggregateOverTime(ctx, request.body))) as never,
    }),
  );
  app.post(
    "/v1/entities/properties-history",
    {
      config,
      schema: {
        tags,
        summary: "Numbers of one entity as they were at the end of each bucket of time",
        body: api.HistoryRequest,
        response: { 200: api.ChartResponse, ...errors(401, 403, 404, 413, 422) },
      },
    },
    async (request) => ({
      ok: true as const,
      result: (await deps.read(request, (ctx) => propertiesHistory(ctx, request.body, historyDays))) as never,
    }),
  );
}

/** What the pages of a dashboard on DORA ask when somebody opens it, at size M (`bench/dora/fill.ts`). */
import { SIZE_M } from "../dora/fill.ts";

export interface DashboardRequest {
  readonly kind: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
}

const metrics = (question: Readonly<Record<string, string>>): string =>
  `/v1/dora/metrics?${new URLSearchParams(question).toString()}`;

/** Six widgets, each one request. @param n of the service, of any size */
export function dashboardRequests(n: number): readonly DashboardRequest[] {
  const entity = `service-${1 + (n % SIZE_M.services)}`;
  const ofService = { operator: "relatedTo", blueprint: "service", value: entity };
  return [
    {
      ...{ kind: "organisation, a year by weeks", method: "GET" },
      path: metrics({ last: "365d", interval: "week" }),
    },
    {
      ...{ kind: "organisation, 90 days by days", method: "GET" },
      path: metrics({ last: "90d", interval: "day" }),
    },
    {
      ...{ kind: "one service, a year by weeks", method: "GET" },
      path: metrics({ last: "365d", interval: "week", entity }),
    },
    {
      ...{ kind: "a team, 90 days by weeks", method: "GET" },
      path: metrics({ last: "90d", interval: "week", blueprint: "_team", entity: `team-${n % 10}` }),
    },
    {
      ...{
        kind: "table of 50 deployments",
        method: "POST",
        path: "/v1/blueprints/deployment/entities/search",
      },
      body: JSON.stringify({ limit: 50, query: { combinator: "and", rules: [ofService] } }),
    },
    {
      ...{ kind: "incidents counted", method: "POST", path: "/v1/entities/aggregate" },
      body: JSON.stringify({
        func: "count",
        query: {
          combinator: "and",
          rules: [{ property: "$blueprint", operator: "=", value: "incident" }],
        },
      }),
    },
  ];
}

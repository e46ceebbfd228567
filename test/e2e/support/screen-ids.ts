/** What the addresses of `screens.ts` name and demo data has not. */
import type { ScreenIds } from "./screens.ts";
import type { TestServer } from "./server.ts";

/** A scorecard of services: half of it they reach. */
export const DESCRIBED = {
  ...{ identifier: "described", title: "Described" },
  rules: [
    {
      ...{ identifier: "url", title: "Says where it is", level: "Bronze" },
      query: { combinator: "and", conditions: [{ property: "url", operator: "isNotEmpty" }] },
    },
    {
      ...{ identifier: "language", title: "Says its language", level: "Silver" },
      query: { combinator: "and", conditions: [{ property: "language", operator: "isNotEmpty" }] },
    },
  ],
} as const;

/** @param createdAt ISO */
export const failedDeployment = (createdAt: string): object => ({
  ...{ identifier: "walked-and-failed", title: "Walked and failed" },
  properties: { deploymentStatus: "Failed", createdAt, environment: "Staging" },
  relations: { service: "ledger-api" },
});

/** A webhook, a data source and an initiative; the scorecard is there, and something has run. */
export async function makeScreenIds(server: TestServer): Promise<ScreenIds> {
  const { runs } = await server.get<{ runs: readonly { id: string }[] }>("/v1/actions/runs");
  const { integration } = await server.post<{ integration: { identifier: string } }>("/v1/webhooks", {
    ...{ title: "Looked at", enabled: true, mappings: [] },
  });
  const { dataSource } = await server.post<{ dataSource: { id: string } }>("/v1/data-sources", {
    // Nobody is there: how a source that cannot be reached looks.
    ...{ type: "github", settings: { owner: "acme", token: "none", apiUrl: `${server.url}/nowhere` } },
  });
  const { users } = await server.get<{ users: readonly { email: string }[] }>("/v1/users");
  await server.post("/v1/initiatives", {
    ...{ identifier: "named", title: "Languages are named", blueprint: "service", scorecard: "described" },
    ...{ level: "Silver", dueDate: "2031-03-31", owner: users[0]?.email ?? "" },
  });
  return { run: runs[0]?.id ?? "", webhook: integration.identifier, source: dataSource.id };
}

/** Connectors of incident tools, on two servers for all of them. */
import { expect, test } from "vitest";
import type { Page, Session } from "../../src/integrations/connector.ts";
import { jira } from "../../src/integrations/jira/jira.ts";
import { connectorSuite, sharedApps } from "./connector-suite.ts";
import { IncidentioServer } from "./incidentio/incidentio-server.ts";
import { OpsgenieServer } from "./opsgenie/opsgenie-server.ts";
import { JiraServer } from "./jira/jira-server.ts";
import { createServices, expectRecovery } from "./services-by-hand.ts";

const shared = sharedApps(createServices);

connectorSuite(
  {
    type: "jira",
    strategies: ["incident", "change", "change-request"],
    faults: [
      { at: 4, told: { status: 429, headers: { "retry-after": "1" }, body: { message: "Rate limit" } } },
      { at: 6, told: { status: 502, body: "<html>Bad gateway</html>" } },
    ],
    vendor: () => new JiraServer(),
    examples: [
      {
        blueprint: "jiraIncident",
        identifier: "P1-3",
        has: { status: "resolved", recoveryTime: 90, severity: "High" },
        relations: { service: ["payments"], issue: "P1-3" },
      },
      // Without a resolution: when the status became one that means done.
      { blueprint: "jiraIncident", identifier: "P1-55", has: { status: "resolved", recoveryTime: 90 } },
      { blueprint: "jiraIncident", identifier: "P1-319", has: { status: "open", recoveryTime: null } },
      {
        blueprint: "change",
        identifier: "P1-1",
        has: { status: "merged", leadTimeHours: 1.5 },
        relations: { service: ["checkout"] },
      },
      { blueprint: "deployment", identifier: "P1-4", has: { deploymentStatus: "Success" } },
      { blueprint: "deployment", identifier: "P1-8", has: { deploymentStatus: "Failed" } },
    ],
  },
  shared,
);

connectorSuite(
  {
    type: "opsgenie",
    strategies: ["incident", "alert"],
    faults: [
      {
        at: 3,
        told: {
          status: 429,
          headers: { "x-ratelimit-state": "THROTTLED", "x-ratelimit-period-in-sec": "0" },
          body: { message: "You are making too many requests!" },
        },
      },
      { at: 8, told: { status: 502, body: "<html>Bad gateway</html>" } },
    ],
    vendor: () => new OpsgenieServer(),
    examples: [
      {
        blueprint: "opsgenieIncident",
        identifier: "i6",
        has: { status: "closed", recoveryTime: 90, priority: "P1" },
        relations: { service: ["checkout"], opsgenieService: ["s1"] },
      },
      // Without an end of the impact: the last update.
      {
        blueprint: "opsgenieIncident",
        identifier: "i1",
        has: { status: "resolved", recoveryTime: 120 },
        relations: { service: ["payments"] },
      },
      { blueprint: "opsgenieIncident", identifier: "i250", has: { status: "open", resolvedAt: null } },
      {
        blueprint: "opsgenieIncident",
        identifier: "a3",
        has: { status: "closed", recoveryTime: 90 },
        relations: { service: ["checkout"] },
      },
      { blueprint: "opsgenieService", identifier: "s2", has: {}, relations: { service: "payments" } },
    ],
  },
  shared,
);

connectorSuite(
  {
    type: "incidentio",
    faults: [
      { at: 2, told: { status: 429, headers: { "retry-after": "0" }, body: { type: "too_many_requests" } } },
      { at: 4, told: { status: 502, body: "<html>Bad gateway</html>" } },
    ],
    vendor: () => new IncidentioServer(),
    examples: [
      {
        blueprint: "incidentioIncident",
        identifier: "01INC000003",
        has: { status: "resolved", recoveryTime: 90, reference: "INC-3" },
        relations: { service: ["payments"] },
      },
      {
        blueprint: "incidentioIncident",
        identifier: "01INC000005",
        has: { status: "resolved", recoveryTime: 84 },
        relations: { service: ["checkout"] },
      },
      {
        blueprint: "incidentioIncident",
        identifier: "01INC000010",
        has: { status: "canceled", resolvedAt: null },
      },
      {
        blueprint: "incidentioIncident",
        identifier: "01INC000310",
        has: { status: "open", resolvedAt: null, severity: "Major" },
      },
    ],
  },
  shared,
);

test("Jira Data Center is paged by startAt, with a personal access token", async () => {
  const vendor = new JiraServer();
  const server = await vendor.start([]);
  const { token = "" } = vendor.settings(server.url);
  const session: Session = jira.open({ baseUrl: server.url, token, edition: "data-center" });
  const issues = jira.kinds.find(({ kind }) => kind === "issue");
  const keys: string[] = [];
  for (let cursor: string | null = null; ;) {
    const page: Page | undefined = await issues?.list(session, { parent: null, cursor, since: null });
    keys.push(...(page?.objects ?? []).map(({ key }) => key));
    cursor = page?.next ?? null;
    if (cursor === null) break;
  }
  expect(new Set(keys).size).toBe(320);
  // Only what changed since.
  const since = new Date(Date.now() - 100 * 3_600_000).toISOString();
  const recent = await issues?.list(session, { parent: null, cursor: null, since });
  expect(recent?.objects.length).toBeGreaterThan(0);
  expect(recent?.objects.length).toBeLessThan(10);
  await server.stop();
});

test("the recovery times of their incidents are in the numbers, with nothing configured", async () => {
  await expectRecovery(shared().app, ["jiraIncident", "opsgenieIncident", "incidentioIncident"]);
});

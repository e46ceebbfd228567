/** Connectors of incident tools, on two servers for all of them. */
import { expect, test } from "vitest";
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
      { at: 4, told: { status: 429, headers: { "retry-after": "0" }, body: { message: "Rate limit" } } },
      { at: 6, told: { status: 502, body: "<html>Bad gateway</html>" } },
    ],
    vendor: () => new JiraServer(),
    examples: [
      {
        blueprint: "jiraIncident",
        identifier: "P1-3",
        has: { status: "resolved", recoveryTime: 90, severity: "High", serviceNames: ["pay-api"] },
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

test("the recovery times of their incidents are in the numbers, with nothing configured", async () => {
  await expectRecovery(shared().app, ["jiraIncident", "opsgenieIncident", "incidentioIncident"]);
});

test("incidents whose services nobody has are found, with what the tool called them", async () => {
  const { body } = await shared().app.send<{ entities: { properties: { serviceNames?: string[] } }[] }>(
    "POST",
    "/v1/entities/search",
    {
      combinator: "and",
      rules: [
        { property: "$blueprint", operator: "in", value: ["jiraIncident", "opsgenieIncident"] },
        { relation: "service", operator: "isEmpty" },
      ],
    },
  );
  const names = body.entities.map(({ properties }) => properties.serviceNames ?? []);
  expect(names.length).toBeGreaterThan(50);
  expect([...new Set(names.flat())]).toEqual(["unknown elsewhere"]);
});

/** More connectors of incident tools, on two servers for all of them. */
import { test } from "vitest";
import { connectorSuite, sharedApps } from "./connector-suite.ts";
import { FirehydrantServer } from "./firehydrant/firehydrant-server.ts";
import { ServicenowServer } from "./servicenow/servicenow-server.ts";
import { createServices, expectRecovery } from "./services-by-hand.ts";
import { StatuspageServer } from "./statuspage/statuspage-server.ts";

const shared = sharedApps(createServices);
const badGateway = (at: number) => ({ at, told: { status: 502, body: "<html>Bad gateway</html>" } });

connectorSuite(
  {
    type: "servicenow",
    strategies: ["change-request"],
    faults: [
      {
        at: 3,
        told: {
          status: 429,
          headers: { "retry-after": "0", "x-ratelimit-rule": "incidents" },
          body: { error: { message: "Rate limit exceeded" }, status: "failure" },
        },
      },
      badGateway(6),
    ],
    vendor: () => new ServicenowServer(),
    examples: [
      {
        blueprint: "serviceNowIncident",
        identifier: "INC0000003",
        has: { status: "resolved", recoveryTime: 90, severity: "2 - High" },
        relations: { service: ["checkout", "payments"] },
      },
      {
        blueprint: "serviceNowIncident",
        identifier: "INC0000280",
        has: { status: "open", resolvedAt: null },
      },
      {
        blueprint: "serviceNowIncident",
        identifier: "INC0000009",
        has: { status: "canceled", resolvedAt: null },
      },
      {
        blueprint: "serviceNowIncident",
        identifier: "INC0000010",
        has: { status: "resolved" },
        relations: { deployment: "CHG0000001" },
      },
      {
        blueprint: "deployment",
        identifier: "CHG0000003",
        has: { deploymentStatus: "Failed", environment: "Production" },
        relations: { service: "payments" },
      },
      {
        blueprint: "deployment",
        identifier: "CHG0000005",
        has: { deploymentStatus: "Success", trigger: "hotfix" },
      },
      {
        blueprint: "serviceNowChange",
        identifier: "CHG0000004",
        has: { state: "Canceled", closeCode: null },
      },
    ],
  },
  shared,
);

connectorSuite(
  {
    type: "firehydrant",
    faults: [
      { at: 3, told: { status: 429, headers: { "retry-after": "0" }, body: { detail: "Too many" } } },
      badGateway(4),
    ],
    vendor: () => new FirehydrantServer(),
    examples: [
      {
        blueprint: "firehydrantIncident",
        identifier: "fi3",
        has: { status: "resolved", recoveryTime: 90, severity: "SEV1", environments: ["Production"] },
        relations: { service: ["checkout"], firehydrantService: ["fs1"] },
      },
      { blueprint: "firehydrantIncident", identifier: "fi310", has: { status: "open", resolvedAt: null } },
      { blueprint: "firehydrantService", identifier: "fs2", has: {}, relations: { service: "payments" } },
    ],
  },
  shared,
);

connectorSuite(
  {
    type: "statuspage",
    faults: [{ at: 4, told: { status: 429, body: { error: "Too many requests" } } }, badGateway(6)],
    vendor: () => new StatuspageServer(),
    examples: [
      {
        blueprint: "statuspageIncident",
        identifier: "si3",
        has: { status: "resolved", recoveryTime: 90, severity: "major" },
        relations: { service: ["payments"], components: ["sc2"], page: "sp1" },
      },
      // Without a beginning of its own: when it was made.
      { blueprint: "statuspageIncident", identifier: "si4", has: { status: "resolved", recoveryTime: 90 } },
      { blueprint: "statuspageMaintenance", identifier: "si10", has: { status: "completed" } },
      { blueprint: "statuspageComponent", identifier: "sc1", has: {}, relations: { service: "checkout" } },
    ],
  },
  shared,
);

test("the recovery times of their incidents are in the numbers, with nothing configured", async () => {
  await expectRecovery(shared().app, ["serviceNowIncident", "firehydrantIncident", "statuspageIncident"]);
});

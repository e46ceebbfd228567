import { connectorSuite } from "../connector-suite.ts";
import { PagerdutyServer } from "./pagerduty-server.ts";

connectorSuite({
  type: "pagerduty",
  faults: [
    {
      at: 4,
      told: {
        status: 429,
        headers: { "ratelimit-reset": "1" },
        body: { error: { message: "Rate Limit Exceeded", code: 2020 } },
      },
    },
    { at: 8, told: { status: 502, body: "<html>Bad gateway</html>" } },
  ],
  vendor: () => new PagerdutyServer(),
  examples: [
    { blueprint: "pagerdutyService", identifier: "PS1", has: { status: "active" } },
    // Resolved ones stay, with what MTTR needs.
    {
      blueprint: "pagerdutyIncident",
      identifier: "PI2",
      has: { status: "resolved", recoveryTime: 90, priority: "P1" },
    },
    {
      blueprint: "pagerdutyIncident",
      identifier: "PI320",
      has: { status: "triggered", resolvedAt: null, recoveryTime: null },
    },
  ],
});

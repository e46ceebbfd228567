import { connectorSuite } from "../connector-suite.ts";
import { buildId, CodefreshServer, shaOf } from "./codefresh-server.ts";

connectorSuite({
  type: "codefresh",
  faults: [
    { at: 2, told: { status: 429, headers: { "retry-after": "0" }, body: { message: "Too Many Requests" } } },
    { at: 4, told: { status: 502, body: "<html>Bad Gateway</html>" } },
  ],
  vendor: () => new CodefreshServer(),
  examples: [
    {
      blueprint: "codefreshBuild",
      identifier: buildId(7),
      has: { status: "success", branch: "main", sha: shaOf("commit 7") },
    },
    {
      blueprint: "deployment",
      identifier: `shop-3@codefresh-${buildId(14)}`,
      has: { environment: "Production", deploymentStatus: "Success", createdAt: "2026-03-01T22:30:00.000Z" },
    },
    // Started by a clock, of no repository.
    {
      blueprint: "deployment",
      identifier: `codefresh@codefresh-${buildId(22)}`,
      has: { environment: "Production", deploymentStatus: "Failed" },
    },
  ],
});

import { connectorSuite } from "../connector-suite.ts";
import { OctopusServer, shaOf } from "./octopus-server.ts";

connectorSuite({
  type: "octopus",
  faults: [
    {
      at: 4,
      told: { status: 429, headers: { "retry-after": "0" }, body: { ErrorMessage: "Too many requests" } },
    },
    { at: 11, told: { status: 502, body: "<html>Bad Gateway</html>" } },
  ],
  vendor: () => new OctopusServer(),
  examples: [
    { blueprint: "octopusProject", identifier: "Projects-1", has: { slug: "shop-1", isDisabled: false } },
    {
      blueprint: "octopusRelease",
      identifier: "Releases-3",
      has: { version: "1.3.0", sha: shaOf("build 3") },
    },
    {
      blueprint: "deployment",
      identifier: "shop-4@octopus-Deployments-2",
      has: {
        ...{ environment: "Production", deploymentStatus: "Failed", ref: "1.3.0", sha: shaOf("build 3") },
        createdAt: "2026-03-01T11:00:00.000+00:00",
      },
    },
    {
      blueprint: "deployment",
      identifier: "shop-1001@octopus-Deployments-1001",
      has: { environment: "Production", deploymentStatus: "Success" },
    },
  ],
});

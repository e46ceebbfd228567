import { connectorSuite } from "../connector-suite.ts";
import { GitlabServer } from "./gitlab-server.ts";

connectorSuite({
  type: "gitlab",
  isThorough: true,
  strategies: ["merge-request-merge", "pipeline", "job", "release", "tag", "deployment-event"],
  faults: [
    { at: 5, told: { status: 429, headers: { "retry-after": "0" }, body: { message: "Retry later" } } },
    { at: 9, told: { status: 502, body: "<html>GitLab is not responding</html>" } },
  ],
  vendor: () => new GitlabServer(),
  examples: [
    {
      blueprint: "service",
      identifier: "acme/pay/billing",
      has: { repository: "gitlab.example.com/acme/pay/billing" },
    },
    {
      blueprint: "change",
      identifier: "gitlab.example.com/acme/shop/1",
      has: { status: "merged", firstCommitAt: "2026-03-01T09:00:00.000Z", leadTimeHours: 5 },
    },
    // Closed is not merged.
    {
      blueprint: "change",
      identifier: "gitlab.example.com/acme/shop/7",
      has: { status: "closed", mergeSha: null },
    },
    { blueprint: "deployment", identifier: "acme/shop@pipeline-31001", has: { deploymentStatus: "Failed" } },
    {
      blueprint: "deployment",
      identifier: "acme/shop@job-31006",
      has: { environment: "Production", deploymentStatus: "Failed" },
    },
    {
      blueprint: "deployment",
      identifier: "acme/shop@deployment-31005",
      has: { deploymentStatus: "Success" },
    },
    // A lightweight tag has the time of its commit.
    {
      blueprint: "deployment",
      identifier: "acme/shop@v1.1.0",
      has: { createdAt: "2026-03-02T03:00:00.000Z" },
    },
  ],
});

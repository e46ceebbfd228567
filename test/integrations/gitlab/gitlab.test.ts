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
      has: {
        ...{ status: "merged", firstCommitAt: "2026-03-01T09:00:00.000Z", leadTimeHours: 5 },
        ...{ author: "dev.2", readyForReviewAt: "2026-03-01T11:15:00.000Z" },
        // Neither what the author says nor what is said after the merge is a review.
        ...{ firstReviewAt: "2026-03-01T13:00:00.000Z", approvedAt: "2026-03-01T14:00:00.000Z" },
        reviews: [
          { by: "dev.2", at: "2026-03-01T11:30:00.000Z" },
          { by: "dev.3", at: "2026-03-01T13:00:00.000Z" },
          { by: "project_31_bot_5f1c[bot]", at: "2026-03-01T13:30:00.000Z" },
        ],
      },
    },
    // Closed is not merged.
    {
      blueprint: "change",
      identifier: "gitlab.example.com/acme/shop/7",
      has: { status: "closed", mergeSha: null, reviews: null, firstReviewAt: null },
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

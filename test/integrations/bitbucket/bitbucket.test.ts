import { createHash } from "node:crypto";
import { connectorSuite } from "../connector-suite.ts";
import { BitbucketServer } from "./bitbucket-server.ts";

connectorSuite({
  type: "bitbucket",
  strategies: ["pull-request-merge-by-folder", "pipeline", "deployment-event", "tag"],
  faults: [
    {
      at: 5,
      told: {
        ...{ status: 429, headers: { "retry-after": "0" } },
        body: { type: "error", error: { message: "Rate limit for this resource has been exceeded" } },
      },
    },
    { at: 9, told: { status: 502, body: "<html>Bad gateway</html>" } },
  ],
  vendor: () => new BitbucketServer(),
  examples: [
    { blueprint: "service", identifier: "billing", has: { repository: "bitbucket.org/acme/billing" } },
    {
      blueprint: "change",
      identifier: "bitbucket.org/acme/shop/1",
      has: {
        // Whole, though the pull request has twelve characters of it.
        mergeSha: createHash("sha1").update("shop merge 1").digest("hex"),
        ...{ status: "merged", leadTimeHours: 3, mergedAt: "2026-03-01T15:00:00.273346+00:00" },
        ...{ firstCommitAt: "2026-03-01T10:00:00.273346+00:00" },
        // The author's own comment is no review.
        ...{
          firstReviewAt: "2026-03-01T13:00:00.273346+00:00",
          approvedAt: "2026-03-01T14:00:00.273346+00:00",
        },
        // Nor is what is said after the merge. Who is called as the author is not the author.
        author: "dev2",
        reviews: [
          { by: null, at: "2026-03-01T14:30:00.273346+00:00" },
          { by: "Checks[bot]", at: "2026-03-01T13:30:00.273346+00:00" },
          { by: "dev2", at: "2026-03-01T12:30:00.273346+00:00" },
          { by: "dev3", at: "2026-03-01T13:00:00.273346+00:00" },
        ],
      },
    },
    // Both sides of what was moved.
    {
      blueprint: "change",
      identifier: "bitbucket.org/acme/shop/6",
      has: { status: "merged" },
      relations: { service: ["cart", "legacy"] },
    },
    // Declined is not merged.
    {
      blueprint: "change",
      identifier: "bitbucket.org/acme/shop/3",
      has: { status: "closed", mergedAt: null, mergeSha: null, leadTimeHours: null },
    },
    { blueprint: "deployment", identifier: "shop@pipeline-1", has: { deploymentStatus: "Failed" } },
    { blueprint: "deployment", identifier: "shop@pipeline-3", has: { deploymentStatus: "Failed" } },
    { blueprint: "bitbucketPipeline", identifier: "shop/2", has: { result: "STOPPED" } },
    // A lightweight tag has the time of its commit.
    {
      blueprint: "deployment",
      identifier: "shop@v1.1.0",
      has: { createdAt: "2026-03-02T03:00:00.273346+00:00" },
    },
  ],
});

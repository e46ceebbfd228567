import { expect, test } from "vitest";
import { releaseUrl } from "../../../src/integrations/azure-devops/client.ts";
import { connectorSuite } from "../connector-suite.ts";
import { AzureServer } from "./azure-server.ts";

test("classic releases are asked at their own server", () => {
  expect(releaseUrl("https://dev.azure.com/acme")).toBe("https://vsrm.dev.azure.com/acme");
  expect(releaseUrl("https://acme.visualstudio.com")).toBe("https://acme.vsrm.visualstudio.com");
  expect(releaseUrl("https://tfs.acme.test/tfs/Main")).toBe("https://tfs.acme.test/tfs/Main");
});

connectorSuite({
  type: "azure-devops",
  strategies: ["pull-request-merge", "build", "release-deployment", "environment-deployment"],
  faults: [
    {
      at: 5,
      told: { status: 429, headers: { "retry-after": "0" }, body: { message: "TF400733: exceeded" } },
    },
    { at: 9, told: { status: 502, body: "<html>Bad gateway</html>" } },
  ],
  vendor: () => new AzureServer(),
  examples: [
    {
      blueprint: "service",
      identifier: "Web=20Shop/web",
      has: { repository: "dev.azure.com/acme/Web%20Shop/_git/web" },
    },
    {
      blueprint: "change",
      identifier: "dev.azure.com/acme/Web=2520Shop/_git/web/1",
      has: {
        ...{ status: "merged", openedAt: "2026-03-01T12:00:00.000Z", mergedAt: "2026-03-01T15:00:00.000Z" },
        ...{ firstCommitAt: "2026-03-01T10:00:00.000Z", leadTimeHours: 3 },
        // Neither the author's comment nor the system's is a review.
        ...{ firstReviewAt: "2026-03-01T13:00:00.000Z", approvedAt: "2026-03-01T14:00:00.000Z" },
        // The first time that it was published; what is said after the merge is no review.
        ...{ author: "dev2@acme.test", readyForReviewAt: "2026-03-01T12:07:30.000Z" },
        reviews: [
          { by: "Build\\7f3a[bot]", at: "2026-03-01T13:30:00.000Z" },
          { by: "dev2@acme.test", at: "2026-03-01T12:15:00.000Z" },
          { by: "dev3@acme.test", at: "2026-03-01T13:00:00.000Z" },
        ],
      },
    },
    // Closed is not merged.
    {
      blueprint: "change",
      identifier: "dev.azure.com/acme/Web=2520Shop/_git/web/3",
      has: { status: "closed", mergedAt: null, mergeSha: null, leadTimeHours: null },
    },
    {
      blueprint: "deployment",
      identifier: "Web=20Shop/web@build-1",
      has: { deploymentStatus: "Failed", createdAt: "2026-03-01T09:30:00.000Z" },
    },
    { blueprint: "deployment", identifier: "Web=20Shop/web@build-3", has: { deploymentStatus: "Success" } },
    { blueprint: "azureDevopsBuild", identifier: "2", has: { result: "canceled" } },
  ],
});

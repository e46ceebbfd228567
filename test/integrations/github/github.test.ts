import { connectorSuite } from "../connector-suite.ts";
import { GithubServer } from "./github-server.ts";

connectorSuite({
  type: "github",
  strategies: ["pull-request-merge", "workflow-run", "release", "tag", "deployment-event"],
  faults: [
    // A secondary rate limit, and a gateway in trouble.
    {
      at: 6,
      told: {
        status: 429,
        headers: { "retry-after": "0" },
        body: { message: "You have exceeded a secondary rate limit." },
      },
    },
    { at: 9, told: { status: 502, body: "<html>Bad gateway</html>" } },
  ],
  vendor: () => new GithubServer(),
  examples: [
    {
      blueprint: "service",
      identifier: "shop",
      has: { repository: "github.com/acme/shop", language: "TypeScript" },
    },
    {
      blueprint: "change",
      identifier: "github.com/acme/shop/1",
      has: {
        ...{
          status: "merged",
          number: 1,
          openedAt: "2026-03-01T11:00:00Z",
          mergedAt: "2026-03-01T16:00:00Z",
        },
        // Not the author's own comment of an hour before.
        ...{ firstCommitAt: "2026-03-01T09:00:00Z", firstReviewAt: "2026-03-01T13:00:00Z" },
        ...{ approvedAt: "2026-03-01T15:00:00Z", leadTimeHours: 5, isBot: false, labels: ["feature"] },
      },
    },
    // Closed is not merged.
    { blueprint: "change", identifier: "github.com/acme/shop/7", has: { status: "closed" } },
    { blueprint: "change", identifier: "github.com/acme/shop/11", has: { isBot: true } },
    {
      blueprint: "deployment",
      identifier: "shop@run-900006",
      has: { deploymentStatus: "Failed", createdAt: "2026-03-01T15:00:00Z" },
    },
    { blueprint: "deployment", identifier: "shop@deployment-300003", has: { environment: "Staging" } },
    { blueprint: "deployment", identifier: "shop@deployment-300006", has: { deploymentStatus: "Failed" } },
    // A release counts from its publication, an annotated tag from its tagging.
    {
      blueprint: "deployment",
      identifier: "shop@release-v1.2.0",
      has: { createdAt: "2026-03-03T01:00:00Z" },
    },
    { blueprint: "deployment", identifier: "shop@v1.2.0", has: { environment: "Production", ref: "v1.2.0" } },
    { blueprint: "githubTeam", identifier: "core", has: { slug: "core" } },
  ],
});

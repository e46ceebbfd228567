import { createHash } from "node:crypto";
import { connectorSuite } from "../connector-suite.ts";
import { CircleciServer } from "./circleci-server.ts";

const id = (text: string): string =>
  createHash("sha1")
    .update(text)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");

connectorSuite({
  type: "circleci",
  strategies: ["workflow", "job"],
  faults: [
    {
      at: 6,
      told: { status: 429, headers: { "retry-after": "0" }, body: { message: "Rate Limit Exceeded" } },
    },
    { at: 12, told: { status: 502, body: "<html>Bad gateway</html>" } },
  ],
  vendor: () => new CircleciServer(),
  examples: [
    {
      blueprint: "circleciProject",
      identifier: id("shop"),
      has: { slug: "gh/acme/shop", defaultBranch: "main" },
    },
    {
      blueprint: "circleciWorkflow",
      identifier: id("shop workflow 2 1"),
      has: { status: "canceled" },
      relations: { service: "shop", pipeline: id("shop pipeline 2") },
    },
    {
      blueprint: "deployment",
      identifier: `shop@workflow-${id("shop workflow 1 1")}`,
      has: { deploymentStatus: "Failed", createdAt: "2026-03-01T11:30:00.000Z", ref: "main" },
      relations: { service: "shop" },
    },
    {
      blueprint: "deployment",
      identifier: `shop@job-${id(`${id("shop workflow 4 1")} deploy-staging`)}`,
      has: { deploymentStatus: "Success", environment: "Staging" },
    },
  ],
});

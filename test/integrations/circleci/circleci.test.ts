import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { circleci } from "../../../src/integrations/circleci/circleci.ts";
import { connectorSuite } from "../connector-suite.ts";
import { LOOPBACK } from "../vendor-server.ts";
import { CircleciServer } from "./circleci-server.ts";

const id = (text: string): string =>
  createHash("sha1")
    .update(text)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");

test("without names the projects of the insights are listed, and one that they leave out is not gone", async () => {
  const vendor = new CircleciServer();
  const server = await vendor.start([]);
  const session = circleci.open({ ...vendor.settings(server.url), projects: "" }, LOOPBACK);
  const [kind] = circleci.kinds;
  const page = await kind?.list(session, { parent: null, cursor: null, since: null });
  expect(page?.objects.map(({ payload }) => payload["name"]).toSorted()).toEqual(["billing", "old", "shop"]);
  const { forgets } = kind ?? {};
  expect(typeof forgets === "function" && [forgets({}), forgets({ projects: "shop" })]).toEqual([
    true,
    false,
  ]);
  await server.stop();
});

test("an organisation is named by its slug", () => {
  expect(() => circleci.open({ organization: "acme", token: "t" }, LOOPBACK)).toThrow(
    /settings.organization "acme"/,
  );
});

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

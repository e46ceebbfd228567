/** The strategies of a connector side by side, on what the system's server tells; no database is needed. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileIntegrationMapping, mapPayload } from "../../src/ingest/mapping.ts";
import { previewStrategies } from "../../src/ingest/sources/preview-strategies.ts";
import { azureDevops } from "../../src/integrations/azure-devops/azure-devops.ts";
import { github } from "../../src/integrations/github/github.ts";
import { gitlab } from "../../src/integrations/gitlab/gitlab.ts";
import { AzureServer } from "../integrations/azure-devops/azure-server.ts";
import { GithubServer } from "../integrations/github/github-server.ts";
import { GitlabServer } from "../integrations/gitlab/gitlab-server.ts";
import { LOOPBACK, type VendorServer } from "../integrations/vendor-server.ts";

const NOW = "2026-04-01T00:00:00Z";
const vendor = new GitlabServer();
let server: VendorServer;
beforeAll(async () => {
  server = await vendor.start([]);
});
afterAll(() => server.stop());

interface Preview {
  readonly id: string;
  readonly deployments: number;
  readonly failed: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly deploymentFrequency: { readonly perDay: number };
  readonly services: readonly { readonly service: string; readonly deployments: number }[];
  readonly isChosen: boolean;
  readonly complete: boolean;
  readonly messages: readonly string[];
}
interface Answer {
  readonly strategies: readonly Preview[];
  readonly together: { readonly deployments: number; readonly sameCommit: number };
  readonly read: readonly { readonly kind: string; readonly complete: boolean }[];
}

const preview = async (
  input: object,
  { token, now = NOW }: { token?: string; now?: string } = {},
): Promise<Answer> => {
  const settings = { ...vendor.settings(server.url), ...(token !== undefined && { token }) };
  const options = { chosen: ["merge-request-merge"], now: new Date(now) };
  return (await previewStrategies(
    gitlab,
    gitlab.open(settings, LOOPBACK),
    input,
    options,
  )) as unknown as Answer;
};

test("every strategy is counted on its own, in the window, by service", async () => {
  const { strategies, read } = await preview({ days: 31 });
  expect(strategies.map(({ id }) => id)).toEqual(
    gitlab.strategies.filter(({ resources }) => resources.length > 0).map(({ id }) => id),
  );
  expect(read.every(({ complete }) => complete)).toBe(true);
  const of = (id: string): Preview | undefined => strategies.find((one) => one.id === id);
  const merged = vendor.projects.map(
    ({ lists }) => lists.merge_requests.filter((one) => one["merged_at"] !== null).length,
  );
  const [shop = 0, billing = 0] = merged;
  expect(of("merge-request-merge")).toMatchObject({
    ...{ isChosen: true, complete: true, deployments: shop + billing, failed: 0, messages: [] },
    services: [
      { service: "acme/shop", deployments: shop },
      { service: "acme/pay/billing", deployments: billing },
    ],
    deploymentFrequency: { perDay: Math.round(((shop + billing) / 31) * 10_000) / 10_000 },
    first: "2026-03-01T16:00:00.000Z",
  });
});

test("failed ones are counted apart, and are not in the frequency", async () => {
  // Pipelines of the fixture are of 2029.
  const { strategies } = await preview(
    { strategies: ["pipeline"], days: 120 },
    { now: "2029-12-01T00:00:00Z" },
  );
  const pipelines = vendor.projects.flatMap(({ lists }) => lists.pipelines);
  const [good = 0, bad = 0] = ["success", "failed"].map(
    (status) => pipelines.filter((one) => one["status"] === status).length,
  );
  expect(strategies).toMatchObject([
    {
      ...{ deployments: good + bad, failed: bad },
      deploymentFrequency: { perDay: Math.round((good / 120) * 10_000) / 10_000 },
    },
  ]);
});

test("a shorter window counts what lies in it", async () => {
  const { strategies } = await preview({ strategies: ["release"], days: 29 });
  const since = Date.parse(NOW) - 29 * 86_400_000;
  const inside = vendor.projects.flatMap(({ lists }) =>
    lists.releases.filter((one) => Date.parse(String(one["released_at"])) >= since),
  );
  expect(inside.length).toBeGreaterThan(0);
  expect(strategies).toMatchObject([{ id: "release", deployments: inside.length }]);
});

test("strategies that tell of the same commits are found out", async () => {
  const { together } = await preview({ strategies: ["release", "tag"], days: 31 });
  expect(together.sameCommit).toBeGreaterThan(0);
  const { together: alone } = await preview({ strategies: ["release"], days: 31 });
  expect(alone.sameCommit).toBe(0);
});

test("a refusal is told beside what was found; bad input names its field", async () => {
  const { strategies } = await preview({ strategies: ["tag"] }, { token: "wrong" });
  expect(strategies).toMatchObject([{ deployments: 0, complete: false }]);
  expect(strategies[0]?.messages[0]).toMatch(/401/);
  await expect(preview({ days: 0 })).rejects.toThrow("days must be a whole number from 1 to 730");
  await expect(preview({ strategies: ["nightly"] })).rejects.toThrow(
    '"nightly" is none of merge-request-merge',
  );
  await expect(preview({ strategies: "tag" })).rejects.toThrow("strategies must be a list of texts");
});

test("of a monorepo every service has its own deployments, by the folders that a change touches", async () => {
  const monorepo = new GithubServer();
  const system = await monorepo.start([]);
  const settings = { ...monorepo.settings(system.url), repositories: "shop", serviceFolders: "services/" };
  const input = { strategies: ["pull-request-merge", "pull-request-merge-by-folder"], days: 60 };
  const options = { chosen: [], now: new Date("2026-04-15T00:00:00Z") };
  const answer = await previewStrategies(github, github.open(settings, LOOPBACK), input, options);
  await system.stop();
  const [whole, split] = (answer as unknown as Answer).strategies;
  const [shop] = whole?.services ?? [];
  const services = Object.fromEntries(split?.services.map((one) => [one.service, one.deployments]) ?? []);
  expect(shop).toMatchObject({ service: "shop" });
  expect(services["cart"]).toBe(shop?.deployments);
  expect(services["pay"]).toBeGreaterThan(0);
  expect(services["pay"]).toBeLessThan(services["cart"] ?? 0);
});

test("of a monorepo in GitLab, too", async () => {
  const settings = { ...vendor.settings(server.url), serviceFolders: "services" };
  const input = { strategies: ["merge-request-merge", "merge-request-merge-by-folder"], days: 31 };
  const options = { chosen: [], now: new Date(NOW) };
  const answer = await previewStrategies(gitlab, gitlab.open(settings, LOOPBACK), input, options);
  const [whole, split] = (answer as unknown as Answer).strategies;
  const services = Object.fromEntries(split?.services.map((one) => [one.service, one.deployments]) ?? []);
  const touched = vendor.projects.flatMap(({ lists }) =>
    lists.merge_requests.filter((one) => one["merged_at"] !== null && Number(one["iid"]) % 4 === 0),
  );
  expect(services).toEqual({ cart: whole?.deployments, pay: touched.length });
});

test("and in Azure DevOps, whose lists of files hold folders too", async () => {
  const monorepo = new AzureServer();
  const system = await monorepo.start([]);
  const settings = { ...monorepo.settings(system.url), serviceFolders: "services" };
  const input = { strategies: ["pull-request-merge", "pull-request-merge-by-folder"], days: 60 };
  const options = { chosen: [], now: new Date("2026-04-15T00:00:00Z") };
  const session = azureDevops.open(settings, LOOPBACK);
  const answer = await previewStrategies(azureDevops, session, input, options);
  await system.stop();
  const [whole, split] = (answer as unknown as Answer).strategies;
  const services = Object.fromEntries(split?.services.map((one) => [one.service, one.deployments]) ?? []);
  expect(Object.keys(services).toSorted()).toEqual(["cart", "pay"]);
  expect(services["cart"]).toBe(whole?.deployments);
  expect(services["pay"]).toBeLessThan(services["cart"] ?? 0);
});

const TAG_OF_A_SERVICE = compileIntegrationMapping({
  resources: gitlab.strategies.find(({ id }) => id === "tag-by-service")?.resources ?? [],
});

test.each([
  ["cart@1.2.3", "cart"],
  ["@acme/cart@1.2.3", "cart"],
  ["services/cart/v1.2.3", "cart"],
  ["cart-v1.2", "cart"],
  ["v1.2.3", null],
  ["release-1.2.3", null],
  ["1.2.3", null],
])("the service in the tag %s", (name, service) => {
  const tag = {
    name,
    created_at: NOW,
    commit: { id: "c0ffee" },
    __project: { path_with_namespace: "acme/all" },
  };
  const { entities, errors } = mapPayload(TAG_OF_A_SERVICE, "tag", tag, { now: new Date(NOW) });
  expect(errors).toEqual([]);
  expect(entities.map(({ body }) => (body["relations"] as { service: string }).service)).toEqual(
    service === null ? [] : [service],
  );
});

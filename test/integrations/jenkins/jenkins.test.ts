import { expect, test } from "vitest";
import { repositoryName, serviceOf } from "../../../src/integrations/repository-name.ts";
import { connectorSuite } from "../connector-suite.ts";
import { JenkinsServer } from "./jenkins-server.ts";

test.each([
  ["https://token@github.com/acme/shop.git", "github.com/acme/shop", "shop"],
  ["git@github.com:acme/shop.git", "github.com/acme/shop", "shop"],
  ["ssh://git@GitLab.acme.test:7999/acme/pay/shop.git/", "gitlab.acme.test/acme/pay/shop", "acme/pay/shop"],
  [
    "https://dev.azure.com/acme/Web%20Shop/_git/web",
    "dev.azure.com/acme/Web%20Shop/_git/web",
    "Web Shop/web",
  ],
  [
    "git@ssh.dev.azure.com:v3/acme/Web%20Shop/web",
    "ssh.dev.azure.com/v3/acme/Web%20Shop/web",
    "Web Shop/web",
  ],
])("the repository %s is called %s, its service %s", (address, name, service) => {
  expect(repositoryName(address)).toBe(name);
  expect(serviceOf(name)).toBe(service);
});

test("what is no address of a server has no name", () => {
  expect(["", "/srv/git/shop", "C:\\git", "https://host"].map(repositoryName)).toEqual([
    null,
    null,
    null,
    null,
  ]);
});

connectorSuite({
  type: "jenkins",
  strategies: ["deploy-job", "main-branch"],
  faults: [
    { at: 3, told: { status: 429, headers: { "retry-after": "0" }, body: "<html>Slow down</html>" } },
    { at: 6, told: { status: 502, body: "<html>Bad gateway</html>" } },
  ],
  vendor: () => new JenkinsServer(),
  examples: [
    { blueprint: "jenkinsJob", identifier: "team/web-tests", has: { jobStatus: "passing", isFolder: false } },
    {
      blueprint: "jenkinsJob",
      identifier: "shop/feature=252Fx",
      has: { jobName: "feature%2Fx" },
      relations: { parentJob: "shop" },
    },
    {
      blueprint: "jenkinsBuild",
      identifier: "shop/main/2",
      has: { buildStatus: "UNSTABLE", startedAt: "2026-03-01T10:00:00Z", finishedAt: "2026-03-01T10:30:00Z" },
    },
    // Its own checkout counts, not that of the shared library.
    {
      blueprint: "deployment",
      identifier: "shop/main@build-1",
      has: { deploymentStatus: "Failed", ref: "main", createdAt: "2026-03-01T09:30:00Z" },
      relations: { service: "shop" },
    },
    {
      blueprint: "deployment",
      identifier: "billing-deploy@build-4",
      has: { deploymentStatus: "Success", environment: "Production" },
      relations: { service: "billing-deploy" },
    },
    {
      blueprint: "deployment",
      identifier: "team/old-deploy-staging@build-4",
      has: { environment: "Staging" },
    },
  ],
});

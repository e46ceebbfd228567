/** What CDEvents, CloudEvents and DevLake's senders say, as the templates map it; the shapes are those of their specifications. */
import { expect, test } from "vitest";
import { checkDevlakeBody, readDevlakePath } from "../../src/ingest/devlake-request.ts";
import { compileWebhookMapping, mapPayload } from "../../src/ingest/mapping.ts";
import { checkWebhook } from "../../src/ingest/webhook-definition.ts";
import { cdeventsTemplate } from "../../src/ingest/webhook-templates/cdevents.ts";
import { devlakeTemplate, RECEIVED_AT } from "../../src/ingest/webhook-templates/devlake.ts";
import { compileMapping } from "../../src/jq/index.ts";
import { detectRoles } from "../../src/model/dora-roles.ts";

const NOW = new Date("2026-03-01T12:00:00Z");
const SHA = "234fd47e07d1004f0aed9c7ba5b3a1d5f2e1c0d9";
const plans = {
  cdevents: compileWebhookMapping(cdeventsTemplate.mappings),
  devlake: compileWebhookMapping(devlakeTemplate.mappings),
};

interface Request {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly queryParams?: Readonly<Record<string, string>>;
}

/** By `blueprint/identifier`; later mappings add to earlier ones, as merging does. */
function made(template: keyof typeof plans, { body, headers = {}, queryParams = {} }: Request) {
  const { entities, errors } = mapPayload(
    plans[template],
    null,
    { body, headers, queryParams },
    { now: NOW },
  );
  expect(errors).toEqual([]);
  const found: Record<string, { properties: object; relations: unknown }> = {};
  for (const { blueprint, body: entity } of entities)
    found[`${blueprint}/${String(entity["identifier"])}`] = {
      properties: entity["properties"] as object,
      relations: entity["relations"],
    };
  return found;
}

const cdevent = (type: string, subject: object, more: object = {}) => ({
  context: {
    ...{ specversion: "0.4.1", id: "271069a8-fc18-44f1-b38f-9d70a1695819", source: "/event/source/123" },
    ...{ type: `dev.cdevents.${type}`, timestamp: "2023-03-20T14:27:05.315384Z" },
  },
  subject: { source: "/event/source/123", ...subject },
  ...more,
});
const deployed = (type: string, artifactId = "pkg:oci/myapp@sha256%3A0b31b1c02ff458ad9b7b81cbdf8f028b") =>
  cdevent(type, {
    id: "service/myapp",
    type: "service",
    content: { environment: { id: "production", source: "/iaas/geo1" }, artifactId },
  });
const envelope = (data: ReturnType<typeof deployed>) => ({
  ...{ specversion: "1.0", id: data.context.id, source: data.context.source, type: data.context.type },
  ...{ subject: "service/myapp", time: data.context.timestamp, datacontenttype: "application/json", data },
});
const DEPLOYMENT = "deployment/myapp@271069a8-fc18-44f1-b38f-9d70a1695819";

test("both are webhooks that the API takes, and their blueprints play their roles", () => {
  for (const template of [cdeventsTemplate, devlakeTemplate])
    expect(
      checkWebhook({
        ...{ title: template.title, enabled: true, mappings: template.mappings },
        security: { ...template.security, secret: "s" },
      }),
    ).toBeDefined();
  const roles = detectRoles(new Set(["cdeventsIncident", "devlakeIncident"]));
  expect(roles.incident.map(({ blueprint }) => blueprint)).toEqual(["devlakeIncident", "cdeventsIncident"]);
});

test("a deployed service is one deployment, in binary, structured, encoded and batched mode, or bare", () => {
  const event = deployed("service.deployed.0.2.0", `pkg:golang/mygit.com/myorg/myapp@${SHA}`);
  const wanted = {
    [DEPLOYMENT]: {
      properties: expect.objectContaining({
        ...{
          createdAt: "2023-03-20T14:27:05.315384Z",
          environment: "Production",
          deploymentStatus: "Success",
        },
        ...{ sha: SHA, trigger: null },
      }),
      relations: { service: "myapp" },
    },
  };
  const structured = envelope(event);
  const { data, ...rest } = structured;
  const encoded = { ...rest, data_base64: Buffer.from(JSON.stringify(data)).toString("base64") };
  const binary = { "ce-specversion": "1.0", "ce-type": event.context.type, "ce-id": event.context.id };
  expect(made("cdevents", { body: event, headers: binary })).toEqual(wanted);
  expect(made("cdevents", { body: structured })).toEqual(wanted);
  expect(made("cdevents", { body: encoded })).toEqual(wanted);
  expect(made("cdevents", { body: [structured] })).toEqual(wanted);
  expect(made("cdevents", { body: event })).toEqual(wanted);
});

test.each([
  ["service.upgraded.0.3.0", { trigger: null, sha: null }],
  ["service.rolledback.0.1.0", { trigger: "rollback", deploymentStatus: "Success" }],
])("%s is a deployment", (type, properties) => {
  expect(made("cdevents", { body: deployed(type) })[DEPLOYMENT]?.properties).toMatchObject(properties);
});

test.each([
  "service.published.0.2.0",
  "service.removed.0.2.0",
  "pipelinerun.finished.0.2.0",
  "service.deployedx.1",
])("%s counts nothing", (type) => expect(made("cdevents", { body: deployed(type) })).toEqual({}));

test("an incident is detected, reported and resolved, in any order; elsewhere than in production it is ignored", () => {
  const incident = (predicate: string, environment: string) =>
    cdevent(
      `incident.${predicate}.0.2.0`,
      {
        ...{ id: "incident-123", type: "incident" },
        content: {
          ...{ description: "Response time above 100ms", environment: { id: environment } },
          ...{ service: { id: "myApp", source: "/clusterA/namespaceB" } },
          ...(predicate === "reported" && { ticketURI: "https://my-issues.example/incidents/ticket-345" }),
        },
      },
      { customData: { severity: "medium" }, customDataContentType: "application/json" },
    );
  const time = "2023-03-20T14:27:05.315384Z";
  const found = (predicate: string, environment = "prod1") =>
    made("cdevents", { body: incident(predicate, environment) })["cdeventsIncident/incident-123"];
  expect(found("detected", "staging2")).toEqual({
    properties: { detectedAt: time, severity: "medium", status: "ignored" },
    relations: { service: ["myApp"] },
  });
  expect(found("detected")?.properties).toMatchObject({ status: null });
  expect(found("reported")?.properties).toEqual({
    ...{ reportedAt: time, severity: "medium", status: null },
    url: "https://my-issues.example/incidents/ticket-345",
  });
  expect(found("resolved")?.properties).toEqual({ resolvedAt: time, status: null });
});

test("CloudEvents of a team's own, and events that are one for the log", () => {
  const event = (type: string, data: object) => ({
    ...{ specversion: "1.0", id: "7", source: "/ci", type, time: "2026-03-01T10:00:00Z", data },
  });
  expect(
    made("cdevents", { body: event("com.acme.deployment.ended", { service: "shop", status: "skipped" }) }),
  ).toEqual({});
  expect(
    made("cdevents", {
      body: [
        event("com.acme.deployment.finished", {
          service: "shop",
          sha: SHA,
          status: "failure",
          environment: "prod",
        }),
        event("com.acme.incident", { id: 9, service: "shop", startedAt: "2026-03-01T11:00:00Z" }),
        event("com.acme.incident", { id: 10, resolvedAt: "2026-03-01T11:30:00Z" }),
        event("com.acme.deployments.total", { service: "shop" }),
      ],
    }),
  ).toMatchObject({
    "deployment/shop@7": { properties: { deploymentStatus: "Failed", createdAt: "2026-03-01T10:00:00Z" } },
    "cdeventsIncident/9": {
      properties: { createdAt: "2026-03-01T11:00:00Z" },
      relations: { service: ["shop"] },
    },
    "cdeventsIncident/10": { properties: { resolvedAt: "2026-03-01T11:30:00Z" } },
  });
  for (const body of [
    {},
    [],
    [1, "a", null],
    { specversion: "1.0" },
    { data: 5, specversion: "1.0", type: "x" },
  ])
    expect(made("cdevents", { body })).toEqual({});
});

test("source and id name an event; a batch is known by its content", () => {
  const identifier = compileMapping(String(cdeventsTemplate.security["requestIdentifierPath"]));
  const event = deployed("service.deployed.0.2.0");
  const name = "/event/source/123 271069a8-fc18-44f1-b38f-9d70a1695819";
  expect(identifier.evaluate({ body: event, headers: {} })).toBe(name);
  expect(identifier.evaluate({ body: envelope(event), headers: {} })).toBe(name);
  expect(identifier.evaluate({ body: {}, headers: { "ce-source": "/a", "ce-id": "1" } })).toBe("/a 1");
  expect(identifier.evaluate({ body: [envelope(event)], headers: {} })).toBeNull();
});

const devlakeDeployment = {
  ...{
    id: "Required. This will be the unique ID of the deployment",
    displayTitle: "Release 7",
    result: "SUCCESS",
  },
  ...{ startedDate: "2023-01-01T12:00:00+00:00", finishedDate: "2023-01-01T12:07:00+00:00" },
  environment: "PRODUCTION",
  deploymentCommits: [
    { repoUrl: "https://github.com/apache/devlake.git", commitSha: SHA, refName: "release-v0.17" },
    { repoUrl: "git@github.com:acme/shop", commitSha: SHA, result: "FAILURE" },
  ],
};

test("DevLake: a deployment is one for each repository that it deploys", () => {
  const query = { devlake: "deployment" };
  const found = made("devlake", { body: { ...devlakeDeployment, id: "d 1" }, queryParams: query });
  expect(found).toMatchObject({
    "deployment/devlake@d=201": {
      properties: {
        ...{ createdAt: "2023-01-01T12:07:00+00:00", startedAt: "2023-01-01T12:00:00+00:00" },
        ...{ environment: "Production", deploymentStatus: "Success", sha: SHA, ref: "release-v0.17" },
      },
      relations: { service: "devlake" },
    },
    "deployment/shop@d=201": { properties: { deploymentStatus: "Failed" }, relations: { service: "shop" } },
  });
  const named = made("devlake", {
    body: devlakeDeployment,
    queryParams: { ...query, service: "checkout" },
  });
  expect(Object.values(named).map(({ relations }) => relations)).toEqual([{ service: "checkout" }]);
});

test("DevLake: pull requests, incidents and their end", () => {
  const pull = {
    ...{ id: "pr1", status: "MERGED", displayTitle: "Feature", url: "https://github.com/org/repo/pull/1" },
    ...{ authorName: "johndoe", pullRequestKey: 1, createdDate: "2025-02-20T16:17:36Z" },
    ...{ mergedDate: "2025-02-20T17:17:36Z", mergeCommitSha: SHA, closedDate: null },
  };
  expect(made("devlake", { body: pull, queryParams: { devlake: "pull_request" } })).toMatchObject({
    "change/repo/1": {
      properties: {
        ...{ number: 1, repository: "github.com/org/repo", status: "merged", mergeSha: SHA },
        ...{ openedAt: "2025-02-20T16:17:36Z", mergedAt: "2025-02-20T17:17:36Z" },
      },
      relations: { service: ["repo"] },
    },
  });
  const issue = {
    ...{ issueKey: "DLK-1234", title: "Down", type: "INCIDENT", originalStatus: "TODO", status: "TODO" },
    ...{ createdDate: "2020-01-01T12:00:00+00:00", severity: "high", component: "shop", url: "" },
  };
  const of = (body: object, queryParams: Record<string, string>, headers = {}) =>
    made("devlake", { body, queryParams, headers })["devlakeIncident/DLK-1234"];
  expect(of(issue, { devlake: "issue" })).toMatchObject({
    properties: { status: "open", resolvedAt: null, createdAt: "2020-01-01T12:00:00+00:00", url: null },
    relations: { service: ["shop"] },
  });
  const done = { ...issue, status: "DONE", resolutionDate: "2020-01-01T13:30:00+00:00", component: "" };
  expect(of(done, { devlake: "issue", connectionName: "cart" })).toMatchObject({
    properties: { status: "resolved", resolvedAt: "2020-01-01T13:30:00+00:00" },
    relations: { service: ["cart"] },
  });
  expect(made("devlake", { body: { ...issue, type: "BUG" }, queryParams: { devlake: "issue" } })).toEqual({});
  const came = { [RECEIVED_AT]: "2026-03-01T12:00:00.000Z" };
  expect(of({}, { devlake: "close", issueKey: "DLK-1234" }, came)?.properties).toEqual({
    ...{ status: "resolved", resolvedAt: "2026-03-01T12:00:00.000Z" },
  });
});

test.each([
  ["connections/1/deployments", { connection: "1", kind: "deployment", isName: false }],
  ["1/pull_requests", { connection: "1", kind: "pull_request" }],
  ["connections/by-name/shop/issues", { connection: "shop", kind: "issue", isName: true }],
  ["connections/1/issue/DLK-1/close", { connection: "1", kind: "close", issueKey: "DLK-1" }],
  ["1/incidents", { kind: "issue" }],
])("DevLake's address %s", (path, target) => expect(readDevlakePath(path)).toMatchObject(target));

test.each([
  "",
  "connections",
  "connections/1",
  "connections/1/deployments/2",
  "1/issue/2",
  "1/issue/2/open",
  "1/boards",
])("no address of DevLake: %j", (path) => expect(() => readDevlakePath(path)).toThrow(/was not found/));

const issueBody = {
  issueKey: "A-1",
  title: "t",
  originalStatus: "o",
  status: "DONE",
  createdDate: "2026-01-01T00:00:00Z",
};
test.each([
  ["deployment", { ...devlakeDeployment, id: undefined }, /body\.id .* is required/],
  [
    "deployment",
    { ...devlakeDeployment, environment: "PROD" },
    /body\.environment .* must be one of PRODUCTION/,
  ],
  ["deployment", { ...devlakeDeployment, finishedDate: "yesterday" }, /body\.finishedDate .* must be a time/],
  ["deployment", { ...devlakeDeployment, deploymentCommits: [] }, /body\.deploymentCommits must be a list/],
  [
    "deployment",
    { ...devlakeDeployment, deploymentCommits: [{ repoUrl: "x" }] },
    /deploymentCommits\[0\]\.commitSha/,
  ],
  ["issue", { ...issueBody, status: "OPEN" }, /body\.status .* must be one of TODO, DONE, IN_PROGRESS/],
  ["issue", { ...issueBody, createdDate: null }, /body\.createdDate/],
  ["pull_request", { id: "1", displayTitle: "x", pullRequestKey: "1" }, /body\.pullRequestKey/],
  ["deployment", [], /body must be an object, not/],
] as const)("DevLake: %s is refused by name", (kind, body, message) => {
  expect(() => checkDevlakeBody(kind, body)).toThrow(message);
});

test("DevLake: what is complete passes", () => {
  checkDevlakeBody("deployment", devlakeDeployment);
  checkDevlakeBody("issue", issueBody);
  checkDevlakeBody("close", null);
});

/** Facts of others: DevLake's domain tables from CSV files, its webhooks and CDEvents over HTTP, into the catalog and the numbers. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient } from "../../src/cli/client.ts";
import { importDevlakeCommand } from "../../src/cli/commands/import-devlake.ts";
import { repositoryOf, timeOf } from "../../src/cli/devlake/cell.ts";
import { type CsvRecord, readCsv } from "../../src/cli/devlake/read-csv.ts";
import { createReporter } from "../../src/cli/reporter.ts";
import { createStyle } from "../../src/cli/style.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { SOON } from "../support/patience.ts";

const FIXTURE = fileURLToPath(new URL("fixtures/devlake", import.meta.url));
let app: TestApp;
let folder: string;
beforeAll(async () => {
  app = await startTestApp();
  folder = await mkdtemp(join(tmpdir(), "fairway-devlake-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await app.stop();
});

interface Report {
  readonly ok: boolean;
  readonly sent: Record<string, number>;
  readonly services: readonly string[];
  readonly leftOut: Record<string, number>;
  readonly errors: { readonly count: number; readonly first: readonly { id: string; message: string }[] };
}

async function run(path: string, options: { by?: string } = {}): Promise<{ code: number; report: Report }> {
  const lines: string[] = [];
  const { clientId, clientSecret } = app.config;
  const code = await importDevlakeCommand(
    path,
    { wait: true, ...options },
    {
      connect: async () => createClient({ url: app.url, clientId, clientSecret, page: app.url }),
      reporter: createReporter(true),
      output: { json: true, width: 100, style: createStyle(false), write: (line) => lines.push(line) },
    },
  );
  return { code, report: JSON.parse(lines.join("\n")) as Report };
}

const entity = async (blueprint: string, identifier: string) =>
  (
    await app.send<{ entity: { properties: Record<string, unknown>; relations: Record<string, unknown> } }>(
      "GET",
      `/v1/blueprints/${blueprint}/entities/${encodeURIComponent(identifier)}`,
    )
  ).body.entity;

test("the tables become services, changes, deployments, incidents and commits; rows at fault are told by file and line", async () => {
  const { code, report } = await run(FIXTURE);
  expect(code).toBe(4);
  expect(report).toEqual({
    ok: false,
    sent: { commit: 3, change: 2, deployment: 5, incident: 3 },
    services: ["cart", "other/cart", "shop"],
    leftOut: { "deployments with the result ABORT": 1 },
    errors: {
      count: 2,
      first: [
        {
          ...{ kind: "deployment", id: "cicd_deployment_commits.csv:5" },
          message: 'finished_date: "soon" is no time',
        },
        {
          ...{ kind: "deployment", id: "cicd_deployment_commits.csv:8" },
          message: expect.stringMatching(
            /names no repository, and the scope "jenkins:JenkinsJob:1:x" is in no project/,
          ),
        },
      ],
    },
    settled: true,
  });
  expect((await entity("service", "cart")).properties).toMatchObject({ repository: "github.com/acme/cart" });
  expect(await entity("deployment", "shop@run=20101")).toMatchObject({
    properties: {
      ...{ createdAt: "2026-01-05T10:10:00.000Z", environment: "Production", deploymentStatus: "Success" },
      sha: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2",
    },
    relations: { service: "shop" },
  });
  // Without a commit, and not counted by DevLake.
  expect(await entity("deployment", "cart@run=20200")).toMatchObject({ relations: { service: "cart" } });
  expect((await entity("deployment", "other/cart@run=20105")).properties["environment"]).toBe("Testing");
  expect(await entity("change", "github.com/acme/shop/7")).toMatchObject({
    properties: {
      ...{ firstCommitAt: "2026-01-02T20:00:00.000Z", firstReviewAt: "2026-01-03T12:00:00.000Z" },
      ...{ openedAt: "2026-01-03T09:00:00.000Z", mergedAt: "2026-01-04T10:00:00.000Z", number: 7 },
    },
    relations: { service: ["shop"] },
  });
  expect(await entity("devlakeIncident", "jira:JiraIssue:1:OPS-1")).toMatchObject({
    properties: { status: "open" },
    relations: { service: ["shop", "cart"] },
  });
  expect(await entity("devlakeIncident", "INC-9")).toMatchObject({ properties: { status: "resolved" } });
  const { body } = await app.send<{ metrics: Record<string, Record<string, unknown>> }>(
    "GET",
    "/v1/dora/metrics?from=2026-01-01T00:00:00Z&to=2026-01-07T00:00:00Z&entity=shop",
  );
  expect(body.metrics["deploymentFrequency"]).toMatchObject({ count: 2 });
  // From the first commit of the request, by the graph of the commits, to the deployment that shipped it.
  expect(body.metrics["changeLeadTime"]).toMatchObject({ n: 1, p50: (2 * 24 + 14) * 3600 + 600 });
  expect(body.metrics["changeFailureRate"]).toMatchObject({ failed: 1, total: 2, causes: { incident: 1 } });
});

test("twice is once: nothing is written again", async () => {
  const updated = async () => {
    const { body } = await app.send<{ entities: { identifier: string; updatedAt: string }[] }>(
      "GET",
      "/v1/blueprints/deployment/entities",
    );
    return body.entities.map(({ identifier, updatedAt }) => [identifier, updatedAt]);
  };
  const before = await updated();
  expect((await run(FIXTURE)).code).toBe(4);
  expect(await updated()).toEqual(before);
});

test("by project: one service for all of its scopes", async () => {
  const { report } = await run(FIXTURE, { by: "project" });
  expect(report.services).toEqual(["webshop"]);
  expect((await entity("deployment", "webshop@run=20100")).relations).toMatchObject({ service: "webshop" });
});

interface Template {
  readonly id: string;
  readonly webhook: { readonly security: object };
  readonly blueprints: readonly { readonly identifier: string }[];
}

/** Makes a webhook from a template, and the blueprints that it writes to where they are missing. */
async function connect(id: string, identifier: string, secret: string | null): Promise<string> {
  const { body } = await app.send<{ templates: Template[] }>("GET", "/v1/webhooks/templates");
  const template = body.templates.find((one) => one.id === id);
  for (const blueprint of template?.blueprints ?? []) await app.send("POST", "/v1/blueprints", blueprint);
  const answer = await app.send<{ integration: { url: string } }>("POST", "/v1/webhooks", {
    ...template?.webhook,
    ...{ identifier, security: secret === null ? {} : { ...template?.webhook.security, secret } },
  });
  expect(answer.status).toBe(201);
  return new URL(answer.body.integration.url).pathname;
}

test("DevLake's webhooks by their addresses: only the base changes", async () => {
  await connect("devlake", "devlake-1", "old-api-key");
  await connect("devlake", "open", null);
  const send = (path: string, body: object | undefined, token = "old-api-key") =>
    app.send<{ status: string; message: string }>("POST", path, body, { authorization: `Bearer ${token}` });
  const deployment = {
    ...{ id: "77", startedDate: "2026-02-01T10:00:00+00:00", finishedDate: "2026-02-01T10:05:00+00:00" },
    deploymentCommits: [{ repoUrl: "https://github.com/acme/till", commitSha: "c".repeat(40) }],
  };
  const at = "/rest/plugins/webhook/connections/1";
  expect((await send(`${at}/deployments`, deployment)).body).toMatchObject({ ok: true, status: "accepted" });
  expect((await send(`/api${at}/deployments`, deployment)).body.status).toBe("duplicate");
  const issue = {
    ...{ issueKey: "T-1", title: "Till is down", type: "INCIDENT", status: "TODO", originalStatus: "Open" },
    ...{ createdDate: "2026-02-01T11:00:00+00:00", component: "till" },
  };
  expect((await send("/rest/plugins/webhook/1/issues", issue)).status).toBe(200);
  expect((await send(`${at}/issue/T-1/close`, undefined)).status).toBe(200);
  await expect
    .poll(async () => (await entity("devlakeIncident", "T-1"))?.properties, SOON)
    .toMatchObject({
      status: "resolved",
      createdAt: "2026-02-01T11:00:00+00:00",
      resolvedAt: expect.any(String),
    });
  expect(await entity("deployment", "till@77")).toMatchObject({ relations: { service: "till" } });

  for (const [path, body, token, status, message] of [
    [`${at}/deployments`, deployment, "other", 401, /signature in authorization is wrong/],
    ["/rest/plugins/webhook/connections/open/deployments", deployment, "x", 401, /has no secret/],
    ["/rest/plugins/webhook/connections/9/deployments", deployment, "x", 404, /no webhook devlake-9/],
    [`${at}/boards`, {}, "old-api-key", 404, /address of a DevLake webhook/],
    [`${at}/deployments`, { ...deployment, id: "" }, "old-api-key", 422, /body\.id/],
    [`${at}/deployments?devlake=close`, deployment, "old-api-key", 422, /devlake is no parameter/],
  ] as const) {
    const answer = await send(path, body, token);
    expect([answer.status, answer.body.message]).toEqual([status, expect.stringMatching(message)]);
  }
});

test("CDEvents over HTTP count in the numbers, once, in any mode and order", async () => {
  const path = await connect("cdevents", "cdevents", "s3cret");
  const event = (id: string, type: string, timestamp: string, content: object, subject = "svc/depot") => ({
    context: { specversion: "0.4.1", id, source: "/ci", type: `dev.cdevents.${type}`, timestamp },
    subject: { id: subject, content: { environment: { id: "production" }, ...content } },
  });
  const send = (body: unknown, headers: Record<string, string>) =>
    app.send<{ status: string }>("POST", path, JSON.stringify(body), {
      authorization: "Bearer s3cret",
      ...headers,
    });
  const deployed = event("e1", "service.deployed.0.2.0", "2026-02-01T10:00:00Z", {
    artifactId: "pkg:oci/x@1",
  });
  const structured = {
    specversion: "1.0",
    id: "e1",
    source: "/ci",
    type: deployed.context.type,
    data: deployed,
  };
  const binary = { "content-type": "application/json", "ce-id": "e1", "ce-source": "/ci", "ce-type": "x" };
  expect((await send(deployed, binary)).body.status).toBe("accepted");
  expect((await send(structured, { "content-type": "application/cloudevents+json" })).body.status).toBe(
    "duplicate",
  );
  const service = { service: { id: "svc/depot" } };
  const incident = (id: string, predicate: string, time: string) =>
    event(id, `incident.${predicate}.0.2.0`, time, service, "inc-1");
  const batch = [
    incident("e4", "resolved", "2026-02-01T12:00:00Z"),
    incident("e3", "reported", "2026-02-01T11:30:00Z"),
    incident("e2", "detected", "2026-02-01T11:00:00Z"),
    structured,
  ];
  expect((await send(batch, { "content-type": "application/cloudevents-batch+json" })).status).toBe(202);
  expect((await send(deployed, { authorization: "Bearer wrong" })).status).toBe(401);
  const numbers = async () => {
    const query = "from=2026-02-01T00:00:00Z&to=2026-02-02T00:00:00Z&entity=depot";
    const { body } = await app.send<{ metrics?: Record<string, object> }>("GET", `/v1/dora/metrics?${query}`);
    return body.metrics;
  };
  await expect.poll(numbers, SOON).toMatchObject({
    deploymentFrequency: { count: 1 },
    meanTimeToRecovery: { n: 1, mean: 3600 },
    changeFailureRate: { failed: 1, total: 1 },
  });
});

test.each([
  ["a folder that is none", "nowhere", {}, /does not exist/],
  ["no table", "", { "notes.csv": "a,b\n" }, /holds none of cicd_deployment_commits\.csv/],
  ["no such services", "", { "commits.csv": "sha\n" }, /--by team/],
  ["a column is missing", "", { "commits.csv": "\n\nid\n" }, /commits\.csv:1: the columns sha are missing/],
  [
    "an open quote",
    "",
    { "commits.csv": 'sha,message\na,b\nc,"d\n' },
    /commits\.csv:3: a quote begins here and never ends/,
  ],
  [
    "too many cells",
    "",
    { "commits.csv": "sha,message\na,b\nc,d,e\n" },
    /commits\.csv:3: 3 cells, but the header has 2/,
  ],
])("%s is refused by name", async (name, part, files, message) => {
  const place = await mkdtemp(join(folder, "case-"));
  for (const [file, text] of Object.entries(files)) await writeFile(join(place, file), text);
  const options = name === "no such services" ? { by: "team" } : {};
  await expect(run(join(place, part), options)).rejects.toThrow(message);
});

test("CSV of any kind: quotes, line ends, chunks that end anywhere", async () => {
  const path = join(folder, "some.csv");
  const long = "x".repeat(70_000);
  await writeFile(
    path,
    `\uFEFFa,b\r\n1,"two\r\nlines, ""quoted"""\r\n\r\n"",\\N\r\n${long},NULL\r\n"${long}""",last`,
  );
  const records: CsvRecord[] = [];
  for await (const batch of readCsv(path, ["a"])) records.push(...batch);
  expect(records).toEqual([
    { at: "some.csv:2", cells: { a: "1", b: 'two\r\nlines, "quoted"' } },
    { at: "some.csv:5", cells: { a: "", b: "" } },
    { at: "some.csv:6", cells: { a: long, b: "" } },
    { at: "some.csv:7", cells: { a: `${long}"`, b: "last" } },
  ]);
});

test.each([
  ["2023-4-10 6:51:47", "2023-04-10T06:51:47.000Z"],
  ["2023-04-10T06:51:47.123456+02:00", "2023-04-10T04:51:47.123Z"],
  ["2023-04-10 06:51:47+00", "2023-04-10T06:51:47.000Z"],
  ["2023-04-10 06:51:47 UTC", "2023-04-10T06:51:47.000Z"],
])("time %s", (text, iso) => expect(timeOf({ at: "x:1", cells: { t: text } }, "t")).toBe(iso));

test.each([
  ["https://user:pass@github.com:443/acme/shop.git", "github.com/acme/shop"],
  ["git@github.com:acme/shop.git", "github.com/acme/shop"],
  ["ssh://git@example.com:22/a/b/", "example.com/a/b"],
  ["acme/shop", "acme/shop"],
])("repository %s", (url, identity) => expect(repositoryOf(url)).toBe(identity));

/** What actions send: secrets, forbidden addresses, retries, other systems (workflows.md §3.2.3, §3.3, §3.6). */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ActionsFixture, type RunJson, selfService, startActions } from "./actions-fixture.ts";

const SECRET = 'p4ss/w"rd+never told';
/** As receivers and jq make others of it. */
const FORMS = [
  ...[SECRET, encodeURIComponent(SECRET), Buffer.from(SECRET).toString("base64")],
  JSON.stringify(SECRET).slice(1, -1),
];

let it: ActionsFixture;
beforeAll(async () => {
  it = await startActions();
  const secrets = {
    ...{ TOKEN: SECRET, GITHUB_TOKEN: "ghp_secret", GITLAB_TOKEN: "glpat-secret" },
    ...{ GITHUB_API_URL: `${it.receiver.url}/gh`, GITLAB_URL: `${it.receiver.url}/gl/` },
    AZURE_DEVOPS_URL: `${it.receiver.url}/az`,
  };
  for (const [secretName, secretValue] of Object.entries(secrets))
    await it.app.send("POST", "/v1/organization/secrets", { secretName, secretValue });
});
afterAll(() => it.stop());

const ended = ({ status }: RunJson): boolean => status === "SUCCESS" || status === "FAILURE";

test("§3.6 secrets go to the receiver and nowhere else: not to runs, logs, audit and answers", async () => {
  await it.make("telling", {
    invocationMethod: {
      ...{ type: "WEBHOOK", synchronized: true },
      url: `${it.receiver.url}/telling?key={{ .secrets.TOKEN | @uri }}`,
      headers: { authorization: "Basic {{ .secrets.TOKEN | @base64 }}" },
      body: {
        "{{ .secrets.TOKEN }}": 1,
        part: "{{ .secrets.TOKEN[0:9] }}",
        bad: "{{ .secrets.TOKEN | tonumber }}",
      },
    },
  });
  const path = `/telling?key=${encodeURIComponent(SECRET)}`;
  it.receiver.answers.set(path, { status: 200, body: { echo: FORMS, [SECRET]: SECRET } });
  const { id } = await it.run("telling");
  const run = await it.until(id, ended);
  expect(run.status).toBe("SUCCESS");
  const [call] = it.receiver.at(path);
  expect(call?.headers["authorization"]).toBe(`Basic ${Buffer.from(SECRET).toString("base64")}`);
  expect(JSON.parse(call?.text ?? "")).toMatchObject({ [SECRET]: 1, part: SECRET.slice(0, 9) });
  expect(run.payload).toMatchObject({
    url: `${it.receiver.url}/telling?key=REDACTED`,
    body: { REDACTED: 1, part: "REDACTED" },
  });
  const told = [
    run,
    (await it.app.send("GET", "/v1/actions/runs")).body,
    (await it.app.send("GET", "/v1/audit-log?limit=1000")).body,
    (await it.app.send("GET", "/v1/actions")).body,
    await it.logs(id),
  ].map((one) => JSON.stringify(one));
  for (const text of told)
    for (const form of FORMS) expect(text).not.toContain(JSON.stringify(form).slice(1, -1));
  for (const text of told) expect(text).not.toContain(SECRET.slice(0, 9));
});

test("§3.6 what executors report is searched for the secrets that they were given", async () => {
  await it.make("reported", { invocationMethod: { type: "KAFKA" } });
  const { id } = await it.run("reported");
  const path = `/v1/actions/runs/${id}`;
  await it.app.send("POST", `${path}/logs`, { message: `curl -H ${SECRET}` });
  await it.app.send("PATCH", `${path}/response`, { response: { echo: FORMS } });
  await it.app.send("PATCH", path, { status: "SUCCESS", summary: SECRET });
  const told = JSON.stringify([await it.get(id), await it.logs(id)]);
  for (const form of FORMS) expect(told).not.toContain(JSON.stringify(form).slice(1, -1));
  expect(await it.get(id)).toMatchObject({ status: "SUCCESS", summary: "REDACTED" });
});

test.each([
  "http://169.254.169.254/latest/meta-data",
  "http://2852039166/",
  "http://0xa9fea9fe/",
  "http://[::ffff:169.254.169.254]/",
  "http://10.0.0.1/",
  "http://0177.0.0.2:9/",
  "http://user:pass@example.com/",
])("§3.2.3 %s is not asked", async (url) => {
  const action = `ssrf-${Buffer.from(url).toString("hex").slice(-40)}`;
  await it.make(action, { invocationMethod: { type: "WEBHOOK", url: `{{ "${url}" }}`, synchronized: true } });
  const { id } = await it.run(action);
  const run = await it.until(id, ended);
  expect(run).toMatchObject({ status: "FAILURE", response: null });
  expect(run.summary).toContain("was not asked");
});

test("§3.2.3 a redirect is no success elsewhere: it is not followed", async () => {
  it.receiver.answers.set("/moved", { status: 302 });
  await it.make("moved");
  const run = await it.until((await it.run("moved")).id, ended);
  expect(run).toMatchObject({ status: "SUCCESS", response: { status: 302 } });
  expect(it.receiver.at("/moved")).toHaveLength(1);
});

test("§3.2.3 an outage is waited for, with the same key; a refusal is not", async () => {
  it.receiver.answers.set("/outage", { status: 503 });
  it.receiver.answers.set("/refusal", { status: 422, body: { why: "no" } });
  await it.make("outage");
  await it.make("refusal");
  const { id } = await it.run("outage");
  const refused = await it.until((await it.run("refusal")).id, ended);
  expect(refused).toMatchObject({ status: "FAILURE", response: { status: 422, data: { why: "no" } } });
  expect(it.receiver.at("/refusal")).toHaveLength(1);
  await it.until(id, () => it.receiver.at("/outage").length > 0);
  it.receiver.answers.set("/outage", { status: 200 });
  const run = await it.until(id, ended);
  expect(run.status).toBe("SUCCESS");
  const calls = it.receiver.at("/outage");
  expect(calls.length).toBeGreaterThan(1);
  expect([...new Set(calls.map(({ headers }) => headers["idempotency-key"]))]).toEqual([id]);
});

test("§3.3 a template that is no jq fails the run, and says so when the action is made", async () => {
  const invocationMethod = { type: "WEBHOOK", url: it.receiver.url, body: { runId: "{{run.id}}" } };
  const made = await it.make("no-jq", { invocationMethod });
  expect(made["warnings"]).toEqual([expect.stringContaining("body.runId")]);
  const run = await it.until((await it.run("no-jq")).id, ended);
  expect(run).toMatchObject({ status: "FAILURE", summary: expect.stringContaining("no jq") as string });
});

test("§3.2.3 GITHUB §3.2.3 GITLAB §3.2.3 AZURE_DEVOPS: with their tokens", async () => {
  it.receiver.answers.set("/gh/repos/acme/cart", { status: 200, body: { default_branch: "trunk" } });
  const dispatch = "/gh/repos/acme/cart/actions/workflows/deploy.yml/dispatches";
  await it.make("github", {
    trigger: selfService({ userInputs: { properties: { n: { type: "number" } } } }),
    invocationMethod: {
      ...{ type: "GITHUB", org: "acme", repo: "cart", workflow: "deploy.yml" },
      workflowInputs: { n: "{{ .inputs.n }}", run: "{{ .run.id }}", "{{ spreadValue() }}": { a: null } },
    },
  });
  const github = await it.run("github", { properties: { n: 2 } });
  expect(await it.until(github.id, (run) => !run.pendingExecution)).toMatchObject({ status: "IN_PROGRESS" });
  const [call] = it.receiver.at(dispatch);
  expect(JSON.parse(call?.text ?? "")).toEqual({
    ...{ ref: "trunk", inputs: { n: "2", run: github.id } },
    return_run_details: true,
  });
  expect(call?.headers["authorization"]).toBe("Bearer ghp_secret");

  const pipeline = "/gl/api/v4/projects/acme%2Fweb%2Fcart/pipeline";
  it.receiver.answers.set(pipeline, { status: 201, body: { id: 7, web_url: "https://gl.example.com/p/7" } });
  await it.make("gitlab", {
    invocationMethod: {
      ...{ type: "GITLAB", groupName: "acme/web", projectName: "cart" },
      pipelineVariables: { A: "1" },
    },
  });
  const gitlab = await it.run("gitlab");
  expect(await it.until(gitlab.id, (run) => !run.pendingExecution)).toMatchObject({
    ...{ status: "IN_PROGRESS", externalRunId: "7", link: ["https://gl.example.com/p/7"] },
  });
  expect(JSON.parse(it.receiver.at(pipeline)[0]?.text ?? "")).toEqual({
    ref: "main",
    variables: [{ key: "A", value: "1" }],
  });

  const hook = "/az/acme/_apis/public/distributedtask/webhooks/deploy?api-version=6.0-preview";
  await it.make("azure", {
    invocationMethod: {
      type: "AZURE_DEVOPS",
      org: "acme",
      webhook: "deploy",
      payload: { run: "{{ .run.id }}" },
    },
  });
  const azure = await it.run("azure");
  await it.until(azure.id, (run) => !run.pendingExecution);
  expect(JSON.parse(it.receiver.at(hook)[0]?.text ?? "")).toEqual({ run: azure.id });
});

test("§3.2.3 calls to the own API §3.4 run_id: are authenticated, and what they write belongs to the run", async () => {
  await it.make("own", {
    invocationMethod: {
      ...{ type: "WEBHOOK", url: `${it.app.url}/v1/blueprints/thing/entities` },
      ...{ synchronized: true, body: { identifier: "by-action" } },
    },
  });
  await it.app.send("POST", "/v1/blueprints", {
    identifier: "thing",
    title: "T",
    schema: { properties: {} },
  });
  const run = await it.until((await it.run("own")).id, ended);
  expect(run).toMatchObject({ status: "SUCCESS", response: { status: 201 } });
  const { body } = await it.app.send("GET", `/v1/actions/runs/${run.id}/entities`);
  expect(body["entities"]).toMatchObject([{ blueprint: "thing", identifier: "by-action", action: "CREATE" }]);
  const late = await it.app.send("POST", `/v1/blueprints/thing/entities?run_id=${run.id}`, {
    identifier: "late",
  });
  expect(late.status).toBe(422);
  expect(late.body["message"]).toContain("IN_PROGRESS");
  const unknown = await it.app.send("POST", "/v1/blueprints/thing/entities?run_id=r_no", {
    identifier: "late",
  });
  expect(unknown.status).toBe(404);
});

test("§3.2.3 WEBHOOK: runs of others end while receivers hang", async () => {
  const held: ServerResponse[] = [];
  const hanging = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const server = createServer((request, response) => {
        request.resume();
        held.push(response);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const started: string[] = [];
  for (const [i, server] of hanging.entries()) {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await it.make(`hanging-${i}`, { invocationMethod: { type: "WEBHOOK", url, synchronized: true } });
    for (let n = 0; n < 6; n += 1) started.push((await it.run(`hanging-${i}`)).id);
  }
  await it.make("beside");
  const beside = await Promise.all(Array.from({ length: 8 }, () => it.run("beside")));
  for (const { id } of beside) expect((await it.until(id, ended)).status).toBe("SUCCESS");
  // Each of them has four at most, and none of them has ended.
  expect(held.length).toBeLessThanOrEqual(20);
  for (const id of started) expect((await it.get(id)).status).toBe("IN_PROGRESS");
  const letting = setInterval(() => held.splice(0).forEach((response) => response.end("{}")), 20);
  for (const id of started) expect((await it.until(id, ended)).status).toBe("SUCCESS");
  clearInterval(letting);
  for (const server of hanging) server.close();
});

test.each([
  ["{{ .inputs.to }}", (own: string) => `${own}/v1/apps`],
  ["OWN/v1/blueprints/thing/entities/{{ .inputs.to }}", () => "../../../apps"],
])("§3.2.3 credentials for the own API go where the action leads by itself: not to %s", async (url, to) => {
  const action = `lured-${url.length}`;
  await it.make(action, {
    trigger: selfService({ userInputs: { properties: { to: { type: "string" } } } }),
    invocationMethod: {
      ...{ type: "WEBHOOK", method: "GET", synchronized: true },
      url: url.replace("OWN", it.app.url),
    },
  });
  const { id } = await it.run(action, { properties: { to: to(it.app.url) } });
  const run = await it.until(id, ended);
  expect(run.status).toBe("FAILURE");
  expect(JSON.stringify(run.response)).not.toContain("clientId");
});

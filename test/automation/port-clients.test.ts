/**
 * Requests as Port's clients send them for actions and runs, in the order in which they send them: GitHub Action, port-agent,
 * Terraform provider. Written after reading their sources; the clients themselves are not run here.
 */
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ActionsFixture, type RunJson, startActions } from "./actions-fixture.ts";

let it: ActionsFixture;
beforeAll(async () => {
  it = await startActions();
  await it.app.send("POST", "/v1/blueprints", {
    ...{ identifier: "service", title: "Service", schema: { properties: { tier: { type: "string" } } } },
  });
  await it.app.send("POST", "/v1/blueprints/service/entities", {
    ...{ identifier: "cart", title: "Cart", properties: { tier: "gold" } },
  });
});
afterAll(() => it.stop());

/** What the Terraform provider sends of a `port_action` with all kinds of inputs; Go leaves out what is not set. */
const terraformAction = {
  identifier: "from_terraform",
  title: "From Terraform",
  icon: "Terraform",
  description: "Made by a plan",
  trigger: {
    type: "self-service",
    blueprintIdentifier: "service",
    operation: "DAY-2",
    userInputs: {
      properties: {
        name: {
          type: "string",
          title: "Name",
          default: "x",
          pattern: "^[a-z]+$",
          minLength: 1,
          maxLength: 10,
        },
        size: { type: "string", enum: ["s", "m"], enumColors: { s: "green", m: "red" } },
        count: { type: "number", minimum: 1, maximum: 5, default: 2 },
        sure: { type: "boolean", default: false, visible: { jqQuery: '.form.name == "x"' } },
        tags: { type: "array", items: { type: "string", enum: ["a", "b"] }, minItems: 0, maxItems: 2 },
        other: {
          type: "string",
          format: "entity",
          blueprint: "service",
          dataset: {
            combinator: "and",
            rules: [{ property: "tier", operator: "=", value: { jqQuery: '"gold"' } }],
          },
          sort: { property: "$updatedAt", order: "DESC" },
        },
        secret: { type: "string", encryption: "aes256-gcm" },
        settings: { type: "object", default: { a: 1 } },
      },
      required: ["name"],
      order: ["name", "size", "count", "sure", "tags", "other", "secret", "settings"],
    },
    condition: {
      type: "SEARCH",
      combinator: "and",
      rules: [{ property: "tier", operator: "=", value: "gold" }],
    },
  },
  invocationMethod: {
    type: "WEBHOOK",
    url: "https://example.com/hook",
    agent: "true",
    synchronized: "false",
    method: "POST",
    headers: { "X-A": "b" },
    body: { run: "{{ .run.id }}" },
  },
  requiredApproval: false,
  publish: true,
};

test("Terraform: port_action is created, read as it was sent, replaced and deleted", async () => {
  const created = await it.app.send<{ action: Record<string, unknown> }>(
    "POST",
    "/v1/actions",
    terraformAction,
  );
  expect(created.status).toBe(201);
  const read = await it.app.send<{ action: Record<string, unknown> }>(
    "GET",
    "/v1/actions/from_terraform?version=v2",
  );
  expect(read.body.action).toMatchObject(terraformAction);
  const put = await it.app.send("PUT", "/v1/actions/from_terraform", { ...terraformAction, title: "Again" });
  expect(put.body["action"]).toMatchObject({ ...terraformAction, title: "Again" });
  const list = await it.app.send<{ actions: { identifier: string }[] }>("GET", "/v1/actions?version=v2");
  expect(list.body.actions.map(({ identifier }) => identifier)).toContain("from_terraform");
});

test.each([
  [
    "github",
    {
      type: "GITHUB",
      org: "acme",
      repo: "cart",
      workflow: "ci.yml",
      workflowInputs: { a: "{{ .inputs.name }}" },
      reportWorkflowStatus: "true",
    },
  ],
  [
    "gitlab",
    {
      type: "GITLAB",
      projectName: "cart",
      groupName: "acme",
      defaultRef: "main",
      pipelineVariables: { A: "b" },
    },
  ],
  ["azure", { type: "AZURE_DEVOPS", org: "acme", webhook: "w", payload: { a: "{{ .inputs.name }}" } }],
  ["kafka", { type: "KAFKA", payload: { a: "{{ .inputs.name }}" } }],
  [
    "upsert",
    {
      type: "UPSERT_ENTITY",
      blueprintIdentifier: "service",
      mapping: { identifier: "{{ .inputs.name }}", properties: { tier: "gold" }, relations: {} },
    },
  ],
  [
    "ocean",
    {
      type: "INTEGRATION_ACTION",
      installationId: "gh",
      integrationActionType: "dispatch_workflow",
      integrationActionExecutionProperties: {
        org: "acme",
        repo: "cart",
        workflow: "ci.yml",
        workflowInputs: {},
        reportWorkflowStatus: true,
      },
    },
  ],
])("Terraform: the method of %s comes back as it was sent", async (name, invocationMethod) => {
  const body = { ...terraformAction, identifier: `tf-${name}`, invocationMethod };
  const { status } = await it.app.send("POST", "/v1/actions", body);
  expect(status).toBe(201);
  const read = await it.app.send("GET", `/v1/actions/tf-${name}?version=v2`);
  expect(read.body["action"]).toMatchObject({ invocationMethod });
});

test("Terraform: port_action_permissions are patched whole, with null for what is not set", async () => {
  const permissions = {
    execute: { users: null, roles: ["Member"], teams: null, ownedByTeam: true, policy: null },
    approve: {
      users: ["a@example.com"],
      roles: ["Member"],
      teams: [],
      policy: { queries: {}, conditions: ["[]"] },
    },
  };
  const { status, body } = await it.app.send("PATCH", "/v1/actions/from_terraform/permissions", permissions);
  expect([status, body["message"]]).toEqual([200, undefined]);
  expect(body["permissions"]).toMatchObject({
    execute: { roles: ["Member"], ownedByTeam: true, policy: null },
    approve: { users: ["a@example.com"], policy: { conditions: ["[]"] } },
  });
});

test("GitHub Action: CREATE_RUN, then UPDATE_RUN with a message, a link, and its end", async () => {
  await it.make("deploy", {
    invocationMethod: { type: "WEBHOOK", url: "https://example.com/x", agent: true },
  });
  const token = await it.app.send<{ accessToken: string }>("POST", "/v1/auth/access_token", {
    clientId: it.app.config.clientId,
    clientSecret: it.app.config.clientSecret,
  });
  const headers = { authorization: `Bearer ${token.body.accessToken}`, "user-agent": "github-action/v1.0" };
  const created = await it.app.send<{ run: RunJson }>(
    "POST",
    "/v1/actions/deploy/runs",
    { properties: {} },
    headers,
  );
  const { id } = created.body.run;
  expect(id).toMatch(/^r_/);
  const log = await it.app.send("POST", `/v1/actions/runs/${id}/logs`, { message: "Building" }, headers);
  expect(log.body["runLog"]).toMatchObject({
    runId: id,
    message: "Building",
    id: expect.any(String) as string,
  });
  const report = {
    status: "SUCCESS",
    link: ["https://ci.example.com/1"],
    summary: "done",
    externalRunId: "42",
  };
  const patched = await it.app.send("PATCH", `/v1/actions/runs/${id}?runId=${id}`, report, headers);
  expect(patched.status).toBe(200);
  expect(await it.get(id)).toMatchObject(report);
});

test("port-agent: claims with its reserved header, calls with its own signature, reports log, response and end", async () => {
  const agent = {
    "x-port-reserved-usage": "true",
    "user-agent": "port-agent",
    authorization: `Bearer ${it.app.token}`,
  };
  await it.app.send("PATCH", "/v1/organization", { settings: { portAgentStreamerName: "POLLING" } }, agent);
  await it.make("by-agent", {
    invocationMethod: {
      ...{ type: "WEBHOOK", url: `${it.receiver.url}/inside`, agent: true, synchronized: true },
      body: { hello: "{{ .run.id }}" },
    },
  });
  const { id } = await it.run("by-agent");
  const claim = { installationId: "_PORT_EXEC_AGENT", limit: 100, invocationMethod: "WEBHOOK" };
  const claimed = await it.app.send<{ runs: RunJson[] }>(
    "POST",
    "/v1/actions/runs/claim-pending",
    claim,
    agent,
  );
  const run = claimed.body.runs.find((one) => one.id === id);
  const payload = run?.payload as { body: object; url: string; headers?: object; method?: string };
  expect(payload).toMatchObject({ type: "WEBHOOK", agent: true, synchronized: true, body: { hello: id } });
  const acked = await it.app.send("PATCH", "/v1/actions/runs/ack", { runIds: [id] }, agent);
  expect(acked.body["ackedCount"]).toBe(1);
  for (const message of ["An action message has been received", "Sending the request"])
    await it.app.send("POST", `/v1/actions/runs/${id}/logs`, { message }, agent);
  const [text, timestamp] = [JSON.stringify(payload.body), "1767225600"];
  const signature = createHmac("sha256", it.app.config.clientSecret)
    .update(`${timestamp}.${text}`)
    .digest("base64");
  await fetch(payload.url, {
    method: "POST",
    body: text,
    headers: { "x-port-timestamp": timestamp, "x-port-signature": `v1,${signature}` },
  });
  expect(it.receiver.at("/inside")[0]?.headers["x-port-signature"]).toBe(`v1,${signature}`);
  await it.app.send("PATCH", `/v1/actions/runs/${id}/response`, { response: { made: 1 } }, agent);
  await it.app.send("PATCH", `/v1/actions/runs/${id}`, { status: "SUCCESS" }, agent);
  expect(await it.get(id)).toMatchObject({ status: "SUCCESS", response: { made: 1 } });
  expect(await it.logs(id)).toContain("Sending the request");
});

/** What is left of workflows.md §3: lists, forms, templates and the object of a run, over HTTP. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ActionsFixture, type RunJson, selfService, startActions } from "./actions-fixture.ts";

let it: ActionsFixture;
beforeAll(async () => {
  it = await startActions();
  const { app } = it;
  await app.send("POST", "/v1/blueprints", {
    ...{ identifier: "service", title: "Service", icon: "Box" },
    schema: { properties: { tier: { type: "string" } } },
  });
  for (const [identifier, tier] of [
    ["cart", "gold"],
    ["mail", "iron"],
  ])
    await app.send("POST", "/v1/blueprints/service/entities", {
      ...{ identifier, title: identifier, properties: { tier } },
    });
});
afterAll(() => it.stop());

const agent = { type: "WEBHOOK", url: "https://example.com/x", agent: true };
const ended = ({ status }: RunJson): boolean => status === "SUCCESS" || status === "FAILURE";
const list = async (query: string): Promise<string[]> => {
  const { body } = await it.app.send<{ runs: RunJson[] }>("GET", `/v1/actions/runs?${query}`);
  return body.runs.map(({ id }) => id);
};

test("§3.1 list of runs §3.1 runs §3.1 one run: filters, limit, what is left out, the shapes of both versions", async () => {
  const trigger = selfService({ operation: "DAY-2", blueprintIdentifier: "service" });
  await it.make("listed", { trigger, invocationMethod: agent });
  const first = await it.run("listed", { entity: "cart" });
  const second = await it.run("listed", { entity: "mail" });
  await it.app.send("PATCH", `/v1/actions/runs/${first.id}`, { status: "SUCCESS", externalRunId: "ci-1" });
  expect(await list("action=listed")).toEqual([second.id, first.id]);
  expect(await list("action=listed&limit=1")).toEqual([second.id]);
  expect(await list("entity=cart&blueprint=service")).toEqual([first.id]);
  expect(await list("action=listed&active=true")).toEqual([second.id]);
  expect(await list("external_run_id=ci-1")).toEqual([first.id]);
  expect(await list(`action=listed&user_email=${it.app.config.clientId}`)).toHaveLength(2);
  expect(await list("action=listed&source=AUTOMATION")).toEqual([]);
  expect(await list("action=listed&source=API&source=UI")).toHaveLength(2);
  expect((await it.app.send("GET", "/v1/actions/runs?limit=1001")).status).toBe(422);
  const { body } = await it.app.send<{ runs: RunJson[] }>(
    "GET",
    "/v1/actions/runs?action=listed&exclude=payload&exclude=trigger",
  );
  expect(Object.keys(body.runs[0] ?? {})).not.toContain("payload");
  const old = await it.app.send("GET", `/v1/actions/runs/${first.id}?version=v1`);
  expect(old.body["run"]).toMatchObject({ action: "listed", entity: "cart", blueprint: "service" });
});

test("§3.4 the object of a run has all its keys, from its start on", async () => {
  const run = await it.run("listed", { entity: "cart" });
  expect(Object.keys(run).sort()).toEqual(
    [
      ...[
        "action",
        "approval",
        "approvals",
        "blueprint",
        "claimedUntil",
        "createdAt",
        "createdBy",
        "endedAt",
      ],
      ...["entity", "externalRunId", "id", "impersonatedBy", "installationId", "link", "payload"],
      ...["pendingExecution", "properties", "rawProperties", "requiredApproval", "response", "source"],
      ...["status", "statusLabel", "summary", "trigger", "updatedAt", "updatedBy"],
    ].sort(),
  );
  expect(run).toMatchObject({
    ...{ id: expect.stringMatching(/^r_[A-Za-z0-9]{16}$/) as string, status: "IN_PROGRESS", link: [] },
    action: { identifier: "listed", title: null, icon: null, deleted: false },
    blueprint: { identifier: "service", title: "Service", icon: "Box", deleted: false },
    entity: { identifier: "cart", title: "cart" },
    ...{ requiredApproval: false, approval: null, endedAt: null, source: "API" },
  });
  const cancelled = await it.app.send("PATCH", `/v1/actions/runs/${run.id}`, { status: "FAILURE" });
  expect(cancelled.body["run"]).toMatchObject({ endedAt: expect.any(String) as string });
});

test("§3.1 logs: fifty lines a page at most, with an offset", async () => {
  const { id } = await it.run("listed", { entity: "cart" });
  for (const n of [1, 2, 3])
    expect((await it.app.send("POST", `/v1/actions/runs/${id}/logs`, { message: `line ${n}` })).status).toBe(
      201,
    );
  const page = async (query: string) =>
    (await it.app.send<{ runLogs: { message: string }[] }>("GET", `/v1/actions/runs/${id}/logs?${query}`))
      .body;
  expect((await page("limit=2&offset=1")).runLogs.map(({ message }) => message)).toEqual([
    "line 2",
    "line 3",
  ]);
  expect((await it.app.send("GET", `/v1/actions/runs/${id}/logs?limit=51`)).status).toBe(422);
  expect((await it.app.send("POST", `/v1/actions/runs/${id}/logs`, {})).status).toBe(422);
});

test("§3.1 permissions: read as they are, changed list by list", async () => {
  await it.make("granted", { invocationMethod: agent });
  const read = async () => (await it.app.send("GET", "/v1/actions/granted/permissions")).body["permissions"];
  expect(await read()).toMatchObject({
    execute: { users: [], roles: ["Admin", "Member"], teams: [], ownedByTeam: false, policy: null },
    approve: { users: [], roles: ["Admin"], teams: [], policy: null },
  });
  await it.app.send("PATCH", "/v1/actions/granted/permissions", { approve: { users: ["a@example.com"] } });
  expect(await read()).toMatchObject({ approve: { users: ["a@example.com"], roles: ["Admin"] } });
});

test("§3.2 keys §3.2.1 buttons §3.2.1 operation: what is sent comes back, and what the server adds", async () => {
  const sent = {
    ...{ identifier: "ключ@1_a.b+c:d=e-f", title: "T", icon: "Rocket", description: "D" },
    trigger: selfService({
      operation: "CREATE",
      actionCardButtonText: "Go",
      executeActionButtonText: "Run it now 123",
    }),
    ...{
      invocationMethod: agent,
      requiredApproval: { type: "ALL" },
      publish: false,
      allowAnyoneToViewRuns: false,
    },
    approvalNotification: { type: "webhook", url: "https://example.com/told", format: "slack" },
  };
  const { body, status } = await it.app.send("POST", "/v1/actions", sent);
  expect(status).toBe(201);
  expect(body["action"]).toMatchObject(sent);
  expect(Object.keys(body["action"] as object)).toEqual(
    expect.arrayContaining(["id", "createdAt", "createdBy", "updatedAt", "updatedBy"]),
  );
  for (const identifier of [".", "..", "a b", "a/b"])
    expect((await it.app.send("POST", "/v1/actions", { ...sent, identifier })).status).toBe(422);
});

test("§3.2.1 order and steps §3.2.1 required: titles among the inputs, required by an expression", async () => {
  const userInputs = {
    properties: { a: { type: "string" }, b: { type: "string" }, isStrict: { type: "boolean" } },
    required: { jqQuery: 'if .form.isStrict then ["a", "b"] else ["a"] end' },
    titles: { head: { title: "About", description: "What it is", visible: { jqQuery: "true" } } },
    steps: [
      { title: "One", order: ["head", "a"] },
      { title: "Two", order: ["b", "isStrict"], visible: true },
    ],
  };
  await it.make("stepped", { trigger: selfService({ userInputs }), invocationMethod: agent });
  const start = (properties: object) => it.app.send("POST", "/v1/actions/stepped/runs", { properties });
  expect((await start({ a: "x" })).status).toBe(202);
  const refused = await start({ a: "x", isStrict: true });
  expect(refused.status).toBe(422);
  expect(refused.body["message"]).toContain("b is missing");
  const both = { ...userInputs, order: ["a"] };
  const made = await it.app.send("POST", "/v1/actions", {
    ...{ identifier: "both", trigger: selfService({ userInputs: both }), invocationMethod: agent },
  });
  expect(made.status).toBe(422);
});

test("§3.3 the context §3.3 templated keys §3.3 the default payload: what templates see, and what is left out", async () => {
  const trigger = selfService({
    ...{ operation: "DAY-2", blueprintIdentifier: "service" },
    userInputs: {
      properties: {
        n: { type: "number" },
        one: { type: "string", format: "entity", blueprint: "service" },
        many: { type: "array", items: { type: "string", format: "entity", blueprint: "service" } },
        secret: { type: "string", encryption: "aes256-gcm" },
      },
    },
  });
  const invocationMethod = {
    ...{ type: "WEBHOOK", url: `${it.receiver.url}/context`, synchronized: true },
    body: {
      number: "{{ .inputs.n }}",
      text: "n={{ .inputs.n }} {{ .inputs.many }}",
      one: "{{ .inputs.one.identifier }}",
      many: "{{ .inputs.many | map(.properties.tier) }}",
      tier: "{{ .entity.properties.tier }}",
      operation: "{{ .trigger.operation }}",
      origin: "{{ .trigger.origin }}",
      event: "{{ .event }}",
      action: "{{ .action }}",
      run: "{{ .run.id }}",
      nothing: "{{ .inputs.nothing }}",
      "{{ .inputs.one.identifier }}": true,
      "{{ .inputs.nothing }}": "dropped",
      "{{ spreadValue() }}": "{{ {spread: .inputs.n} }}",
    },
  };
  await it.make("context", { trigger, invocationMethod });
  const properties = { n: 2, one: "cart", many: ["cart", "mail"], secret: "open sesame" };
  const { id } = await it.run("context", { entity: "mail", properties });
  await it.until(id, ended);
  const body = JSON.parse(it.receiver.at("/context")[0]?.text ?? "") as Record<string, unknown>;
  expect(body).toMatchObject({
    ...{ number: 2, one: "cart", many: ["gold", "iron"], tier: "iron", cart: true, spread: 2, nothing: null },
    ...{ operation: "DAY-2", origin: "API", event: null, run: id },
    text: expect.stringMatching(/^n=2 \[\{/) as string,
    action: { identifier: "context", blueprint: "service", encryptedProperties: ["secret"] },
  });
  expect(JSON.stringify(body)).not.toContain("dropped");

  await it.make("whole", {
    trigger,
    invocationMethod: { ...invocationMethod, url: `${it.receiver.url}/whole`, body: null },
  });
  await it.until((await it.run("whole", { entity: "cart" })).id, ended);
  const whole = JSON.parse(it.receiver.at("/whole")[0]?.text ?? "") as object;
  expect(Object.keys(whole).sort()).toEqual(["action", "entity", "event", "inputs", "run", "trigger"]);
});

test("§3.2.3 SLACK: one call, whose answer ends the run", async () => {
  await it.make("slack", {
    invocationMethod: {
      type: "SLACK",
      url: `${it.receiver.url}/slack`,
      body: { text: "Hello {{ .run.id }}" },
    },
  });
  const run = await it.until((await it.run("slack")).id, ended);
  expect(run.status).toBe("SUCCESS");
  expect(JSON.parse(it.receiver.at("/slack")[0]?.text ?? "")).toEqual({ text: `Hello ${run.id}` });
});

test("§3.2.3 WEBHOOK: method, headers and body as written; a GET has no body", async () => {
  for (const method of ["GET", "PUT", "PATCH", "DELETE"]) {
    const url = `${it.receiver.url}/method-${method}`;
    await it.make(`method-${method}`, {
      invocationMethod: {
        type: "WEBHOOK",
        url,
        method,
        synchronized: true,
        headers: { "X-A": "b" },
        body: [1, "{{ 2 }}"],
      },
    });
    await it.until((await it.run(`method-${method}`)).id, ended);
    const [call] = it.receiver.at(`/method-${method}`);
    expect(call).toMatchObject({ method, headers: { "x-a": "b" }, text: method === "GET" ? "" : "[1,2]" });
  }
});

test("§3.6 names: of secrets are checked, and values never given back", async () => {
  const send = (body: object) => it.app.send("POST", "/v1/organization/secrets", body);
  expect(
    (await send({ secretName: "A-b_1", secretValue: "hidden-value", description: "d" })).status,
  ).toBeLessThan(300);
  for (const secretName of ["", "a b", "ü", "x".repeat(101)])
    expect((await send({ secretName, secretValue: "v" })).status).toBe(422);
  const all = await it.app.send("GET", "/v1/organization/secrets");
  expect(JSON.stringify(all.body)).toContain("A-b_1");
  expect(JSON.stringify(all.body)).not.toContain("hidden-value");
});

test("§3.7 dynamic approvers: e-mails that conditions give, once each; what fails gives none", async () => {
  await it.make("dynamic", { requiredApproval: true, invocationMethod: agent });
  const policy = {
    queries: {
      services: { combinator: "and", rules: [{ property: "$blueprint", operator: "=", value: "service" }] },
    },
    conditions: [
      '[.results.services.entities[] | .identifier + "@example.com"]',
      '["cart@example.com", 7, null]',
      ".results.nothing.entities[] | error",
    ],
  };
  await it.app.send("PATCH", "/v1/actions/dynamic/permissions", { approve: { roles: [], policy } });
  for (const email of ["cart@example.com", "mail@example.com"])
    await it.app.send("POST", "/v1/blueprints/_user/entities", {
      ...{ identifier: email, title: email, properties: { status: "Active", port_role: "Member" } },
    });
  const { id } = await it.run("dynamic");
  const { body } = await it.app.send<{ approvers: { email: string }[] }>(
    "GET",
    `/v1/actions/runs/${id}/approvers?include_pending_approvers=true`,
  );
  expect(body.approvers.map(({ email }) => email).sort()).toEqual(["cart@example.com", "mail@example.com"]);
});

test("§4.3 auto approve: a run that may go is approved by a call to the own API", async () => {
  const userInputs = { properties: { environment: { type: "string" } } };
  await it.make("guarded-deploy", {
    ...{ trigger: selfService({ userInputs }), requiredApproval: true },
    invocationMethod: { type: "WEBHOOK", url: `${it.receiver.url}/deployed`, synchronized: true },
  });
  await it.make("auto-approve", {
    publish: true,
    trigger: {
      ...{ type: "automation", event: { type: "RUN_CREATED", actionIdentifier: "guarded-deploy" } },
      condition: { type: "JQ", expressions: ['.diff.after.properties.environment != "production"'] },
    },
    invocationMethod: {
      ...{ type: "WEBHOOK", method: "PATCH", synchronized: true, body: { status: "APPROVE" } },
      url: `${it.app.url}/v1/actions/runs/{{ .event.diff.after.id }}/approval`,
    },
  });
  const guarded = await it.run("guarded-deploy", { properties: { environment: "production" } });
  const free = await it.run("guarded-deploy", { properties: { environment: "staging" } });
  expect(free.status).toBe("WAITING_FOR_APPROVAL");
  expect((await it.until(free.id, ended)).status).toBe("SUCCESS");
  expect((await it.get(guarded.id)).status).toBe("WAITING_FOR_APPROVAL");
  expect(it.receiver.at("/deployed")).toHaveLength(1);
});

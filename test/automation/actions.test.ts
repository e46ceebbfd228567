/** Actions and how they are carried out (workflows.md §3.1–§3.4), against a real receiver. */
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ActionsFixture, selfService, startActions } from "./actions-fixture.ts";

let it: ActionsFixture;
beforeAll(async () => {
  it = await startActions();
  await it.app.send("POST", "/v1/blueprints", {
    identifier: "service",
    title: "Service",
    schema: { properties: { tier: { type: "string" }, replicas: { type: "number" } }, required: [] },
  });
  await it.app.send("POST", "/v1/blueprints/service/entities", {
    identifier: "cart",
    title: "Cart",
    properties: { tier: "gold" },
  });
});
afterAll(() => it.stop());

test("§3.1 actions are created, read with filters, replaced and deleted, each with an audit entry", async () => {
  const { app } = it;
  const created = await it.make("crud", { title: "Crud", trigger: selfService({ operation: "DELETE" }) });
  expect(created["action"]).toMatchObject({
    identifier: "crud",
    title: "Crud",
    createdBy: app.config.clientId,
  });
  const list = async (query: string): Promise<string[]> => {
    const { body } = await app.send<{ actions: { identifier: string }[] }>("GET", `/v1/actions?${query}`);
    return body.actions.map(({ identifier }) => identifier);
  };
  expect(await list("operation=DELETE")).toEqual(["crud"]);
  expect(await list("action_identifier=crud&published=false")).toEqual([]);
  expect(await list("trigger_type=automation")).toEqual([]);
  expect(await list("blueprint_identifier=%00")).toEqual([]);
  expect((await app.send("GET", "/v1/actions/runs?entity=%00")).body["runs"]).toEqual([]);
  const { body: again } = await app.send("POST", "/v1/actions", created["action"]);
  expect(again).toMatchObject({ ok: false, error: "conflict" });
  const document = created["action"] as Record<string, unknown>;
  const put = await app.send<{ action: object }>("PUT", "/v1/actions/crud", { ...document, title: "Other" });
  expect(put.body.action).toMatchObject({ identifier: "crud", title: "Other", id: document["id"] });
  expect((await app.send("DELETE", "/v1/actions/crud")).body).toEqual({ ok: true });
  expect((await app.send("GET", "/v1/actions/crud")).status).toBe(404);
  const { body: log } = await app.send<{ audits: { action: string; context: object }[] }>(
    "GET",
    "/v1/audit-log?resources=action&status=SUCCESS&limit=3",
  );
  expect(log.audits.map(({ action }) => action)).toEqual(["DELETE", "UPDATE", "CREATE"]);
});

test.each<[string, Record<string, unknown>, string]>([
  ["an unknown key", { colour: "red" }, "colour"],
  ["no trigger", { trigger: null }, "trigger"],
  ["an identifier with a blank", { identifier: "a b" }, "identifier"],
  ["the name of another address", { identifier: "runs" }, "runs"],
  ["a wrong operation", { trigger: selfService({ operation: "RENAME" }) }, "RENAME"],
  ["an unknown method", { invocationMethod: { type: "FAX" } }, "FAX"],
  ["a webhook without address", { invocationMethod: { type: "WEBHOOK" } }, "invocationMethod.url"],
  ["an address of another protocol", { invocationMethod: { type: "WEBHOOK", url: "file:///etc" } }, "file:"],
  ["a long button", { trigger: selfService({ actionCardButtonText: "a".repeat(16) }) }, "15"],
  [
    "a condition without entity",
    { trigger: selfService({ condition: { type: "SEARCH", rules: [] } }) },
    "CREATE",
  ],
  [
    "order and steps",
    { trigger: selfService({ userInputs: { properties: {}, order: [], steps: [] } }) },
    "order",
  ],
  [
    "an order of nothing",
    { trigger: selfService({ userInputs: { properties: {}, order: ["nothing"] } }) },
    "nothing",
  ],
  [
    "an input of no type",
    { trigger: selfService({ userInputs: { properties: { a: { type: "colour" } } } }) },
    "colour",
  ],
  ["an approval by some", { requiredApproval: { type: "SOME" } }, "SOME"],
])("§3.2 %s is refused by name", async (_what, parts, named) => {
  const { body, status } = await it.app.send<{ message: string }>("POST", "/v1/actions", {
    identifier: "refused",
    trigger: selfService(),
    invocationMethod: { type: "KAFKA" },
    ...parts,
  });
  expect(status).toBe(422);
  expect(body.message).toContain(named);
});

test("§3.2.3 a synchronous webhook §3.2.3 signature: ends the run by its answer, signed and with the run's id as key", async () => {
  await it.make("sync", {
    trigger: selfService({ userInputs: { properties: { name: { type: "string" } }, required: ["name"] } }),
    invocationMethod: {
      type: "WEBHOOK",
      url: `${it.receiver.url}/sync`,
      synchronized: true,
      headers: { "X-Run": "{{ .run.id }}" },
      body: { hello: "{{ .inputs.name }}", "{{ .inputs.name }}": true, who: "{{ .trigger.by.userId }}" },
    },
  });
  it.receiver.answers.set("/sync", { status: 201, body: { made: 1 } });
  const started = await it.run("sync", { properties: { name: "Ada" } });
  expect(started).toMatchObject({ status: "IN_PROGRESS", source: "API", properties: { name: "Ada" } });
  const run = await it.until(started.id, ({ status }) => status !== "IN_PROGRESS");
  expect(run).toMatchObject({ status: "SUCCESS", response: { status: 201, data: { made: 1 } } });
  const [call] = it.receiver.at("/sync");
  expect(JSON.parse(call?.text ?? "")).toEqual({
    hello: "Ada",
    Ada: true,
    who: it.app.config.clientId,
  });
  const digest = createHmac("sha256", it.app.config.clientSecret)
    .update(`${String(call?.headers["x-port-timestamp"])}.${call?.text}`)
    .digest("base64");
  expect(call?.headers["x-port-signature"]).toBe(`v1,${digest}`);
  expect(call?.headers["idempotency-key"]).toBe(run.id);
  expect(call?.headers["x-run"]).toBe(run.id);
});

test("§3.4 an asynchronous run waits for its report, and does not change after its end", async () => {
  await it.make("async", { invocationMethod: { type: "WEBHOOK", url: `${it.receiver.url}/async` } });
  const { id } = await it.run("async");
  const waiting = await it.until(id, (run) => !run.pendingExecution);
  expect(waiting).toMatchObject({ status: "IN_PROGRESS" });
  const path = `/v1/actions/runs/${id}`;
  const label = await it.app.send("PATCH", path, {
    statusLabel: "half-way",
    link: "https://ci.example.com/1",
  });
  expect(label.body["run"]).toMatchObject({ statusLabel: "half-way", link: ["https://ci.example.com/1"] });
  const log = await it.app.send("POST", `${path}/logs`, { message: "done", terminationStatus: "SUCCESS" });
  expect(log.status).toBe(201);
  expect(log.body["runLog"]).toMatchObject({ runId: id, message: "done" });
  expect(await it.get(id)).toMatchObject({ status: "SUCCESS" });
  for (const body of [{ status: "FAILURE" }, { status: "SUCCESS" }, { statusLabel: "more" }])
    expect((await it.app.send("PATCH", path, body)).status).toBe(422);
  expect(
    (await it.app.send("POST", `${path}/logs`, { message: "m", terminationStatus: "FAILURE" })).status,
  ).toBe(422);
  expect((await it.app.send("POST", `${path}/logs`, { message: "a line that comes late" })).status).toBe(201);
  expect((await it.logs(id)).at(-1)).toBe("a line that comes late");
});

test("§3.2.3 UPSERT_ENTITY §3.4 finished at once: writes the entity in the name of the run", async () => {
  await it.make("scale", {
    trigger: selfService({
      operation: "DAY-2",
      blueprintIdentifier: "service",
      userInputs: { properties: { replicas: { type: "number", minimum: 1 } }, required: ["replicas"] },
    }),
    invocationMethod: {
      type: "UPSERT_ENTITY",
      blueprintIdentifier: "service",
      mapping: {
        identifier: "{{ .entity.identifier }}",
        properties: { replicas: "{{ .inputs.replicas }}" },
      },
    },
  });
  const { id } = await it.run("scale", { entity: "cart", properties: { replicas: 3 } });
  const run = await it.until(id, ({ status }) => status !== "IN_PROGRESS");
  expect(run).toMatchObject({ status: "SUCCESS", entity: { identifier: "cart", title: "Cart" } });
  const { body } = await it.app.send("GET", "/v1/blueprints/service/entities/cart");
  expect(body["entity"]).toMatchObject({ properties: { tier: "gold", replicas: 3 } });
  const { body: log } = await it.app.send<{ audits: object[] }>(
    "GET",
    `/v1/audit-log?resources=entity&run_id=${id}`,
  );
  expect(log.audits).toHaveLength(1);
});

test("§3.1 the addresses of before v2: actions of a blueprint, runs on an entity", async () => {
  const { app } = it;
  const old = {
    ...{ identifier: "old", title: "Old", trigger: "DAY-2" },
    userInputs: { properties: { a: { type: "string" } }, required: [] },
    invocationMethod: { type: "WEBHOOK", url: "https://example.com/x", agent: true },
  };
  const path = "/v1/blueprints/service/actions";
  const made = await app.send("POST", path, old);
  expect(made.status).toBe(201);
  expect(made.body["action"]).toMatchObject({ ...old, blueprint: "service" });
  const today = await app.send("GET", "/v1/actions/old");
  expect(today.body["action"]).toMatchObject({
    trigger: { type: "self-service", operation: "DAY-2", blueprintIdentifier: "service" },
  });
  const run = await app.send("POST", "/v1/blueprints/service/entities/cart/actions/old/runs", {
    properties: { a: "b" },
  });
  expect(run).toMatchObject({
    status: 202,
    body: { run: { action: "old", entity: "cart", blueprint: "service" } },
  });
  expect((await app.send("GET", "/v1/blueprints/other/actions/old")).status).toBe(404);
  const put = await app.send("PUT", `${path}/old`, { ...old, title: "Older" });
  expect(put.body["action"]).toMatchObject({ title: "Older", trigger: "DAY-2" });
  expect((await app.send("DELETE", `${path}/old`)).status).toBe(200);
});

test("decisions 13 and 18: actions follow renames, and hold their blueprint", async () => {
  const { app } = it;
  const schema = { properties: { tier: { type: "string" }, ends: { type: "string", format: "timer" } } };
  await app.send("POST", "/v1/blueprints", { identifier: "box", title: "Box", schema });
  const rules = [{ property: "tier", operator: "=", value: "gold" }];
  const kept = {
    trigger: selfService({
      ...{ operation: "DAY-2", blueprintIdentifier: "box" },
      condition: { type: "SEARCH", combinator: "and", rules },
      userInputs: {
        properties: {
          box: {
            ...{ type: "string", format: "entity", blueprint: "box", dataset: { combinator: "and", rules } },
            sort: { property: "tier", order: "ASC" },
          },
        },
      },
    }),
    invocationMethod: {
      ...{ type: "UPSERT_ENTITY", blueprintIdentifier: "box" },
      mapping: { identifier: "x", properties: { tier: "{{ .inputs.box }}" } },
    },
  };
  await it.make("about-box", kept);
  await it.make("ending", {
    trigger: {
      type: "automation",
      event: { type: "TIMER_PROPERTY_EXPIRED", blueprintIdentifier: "box", propertyIdentifier: "ends" },
    },
  });
  const moderators = { execute: { roles: ["box-moderator"] } };
  await app.send("PATCH", "/v1/actions/about-box/permissions", moderators);
  for (const [from, to] of [
    ["tier", "level"],
    ["ends", "until"],
  ])
    expect(
      (await app.send("PATCH", `/v1/blueprints/box/properties/${from}/rename`, { newPropertyName: to }))
        .status,
    ).toBe(200);
  expect((await app.send("PATCH", "/v1/blueprints/box", { identifier: "crate" })).status).toBe(200);
  const { body } = await app.send("GET", "/v1/actions/about-box");
  const followed = JSON.stringify(kept).replaceAll('"box"', '"crate"').replaceAll('"tier"', '"level"');
  expect(body["action"]).toMatchObject(JSON.parse(followed.replace('{"crate":{', '{"box":{')) as object);
  const ending = await app.send("GET", "/v1/actions/ending");
  expect(ending.body["action"]).toMatchObject({
    trigger: { event: { blueprintIdentifier: "crate", propertyIdentifier: "until" } },
  });
  const granted = await app.send("GET", "/v1/actions/about-box/permissions");
  expect(granted.body["permissions"]).toMatchObject({ execute: { roles: ["crate-moderator"] } });
  const refused = await app.send("DELETE", "/v1/blueprints/crate");
  expect(refused).toMatchObject({ status: 409, body: { error: "has_dependents", count: 2 } });
  expect((await app.send("DELETE", "/v1/blueprints/crate?delete_actions=true")).status).toBe(200);
  expect((await app.send("GET", "/v1/actions/about-box")).status).toBe(404);
});

test("the templates of actions are grouped, can all be made, and the environment lives as long as asked for", async () => {
  const { app } = it;
  type Template = { identifier: string; group: string; parameters: { name: string; default?: string }[] };
  const { body } = await app.send<{ templates: Template[] }>("GET", "/v1/templates/actions");
  expect([...new Set(body.templates.map(({ group }) => group))]).toEqual([
    ...["Microservices SDLC", "Development environments", "Cloud resources", "SRE actions"],
    ...["Data Engineering", "Backoffice", "Machine learning actions"],
  ]);
  expect(body.templates).toHaveLength(34);
  for (const { identifier, parameters } of body.templates) {
    const isCalling = parameters.some(({ name }) => name === "url");
    const isAbout = parameters.some(({ name }) => name === "blueprint");
    const blueprint = /ttl|environment$/.test(identifier) ? "environment" : "service";
    const values = { ...(isAbout && { blueprint }), ...(isCalling && { url: it.receiver.url }) };
    const made = await app.send("POST", `/v1/templates/actions/${identifier}`, { parameters: values });
    expect([identifier, made.status, made.body["action"]]).toEqual([identifier, 200, "created"]);
    const { body: action } = await app.send("GET", `/v1/actions/${identifier}`);
    expect(
      (await app.send("PUT", `/v1/actions/${identifier}`, action["action"])).body["warnings"],
    ).toBeUndefined();
  }
  const again = await app.send("POST", "/v1/templates/actions/extend-ttl", { parameters: {} });
  expect(again.body).toMatchObject({ action: "unchanged", blueprint: "unchanged" });

  const started = await it.run("spin-up-environment", { properties: { name: "mine" } });
  expect(started.status).toBe("WAITING_FOR_APPROVAL");
  await app.send("PATCH", `/v1/actions/runs/${started.id}/approval`, { status: "APPROVE" });
  await it.until(started.id, ({ status }) => status === "SUCCESS");
  const ends = async (): Promise<number> => {
    const read = await app.send<{ entity: { properties: { ttl: string } } }>(
      "GET",
      "/v1/blueprints/environment/entities/mine",
    );
    return Date.parse(read.body.entity.properties.ttl);
  };
  const day = 86_400_000;
  const first = await ends();
  expect(Math.round((first - Date.now()) / day)).toBe(5);
  const longer = await it.run("extend-ttl", { entity: "mine" });
  await it.until(longer.id, ({ status }) => status === "SUCCESS");
  expect(Math.round(((await ends()) - first) / day)).toBe(3);
});

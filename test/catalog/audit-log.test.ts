/** The audit log over HTTP (data-model.md §8.1). */
import { afterAll, beforeAll, expect, test } from "vitest";
import { SOON } from "../support/patience.ts";
import { startTestApp, type TestApp } from "../support/app.ts";

interface Audit {
  readonly identifier: string;
  readonly action: string;
  readonly resourceType: string;
  readonly status: string;
  readonly trigger: { by: Record<string, unknown>; origin: string; at: string };
  readonly context: Record<string, unknown>;
  readonly message?: string;
  readonly additionalData: Record<string, unknown>;
  readonly diff: { before: { title?: string } | null; after: { title?: string } | null };
}

let app: TestApp;
/** Of a run that is on its way. */
let runId: string;
beforeAll(async () => {
  app = await startTestApp();
  const identifier = "tied";
  await app.send("POST", "/v1/actions", {
    ...{ identifier, invocationMethod: { type: "WEBHOOK", url: "https://example.com", agent: true } },
    trigger: { type: "self-service", operation: "CREATE", userInputs: { properties: {} } },
  });
  const started = await app.send<{ run: { id: string } }>("POST", "/v1/actions/tied/runs", {});
  runId = started.body.run.id;
  const schema = { properties: { tier: { type: "string" } } };
  await app.send("POST", "/v1/blueprints", { identifier: "service", title: "Service", schema });
  await write("POST", `/v1/blueprints/service/entities?run_id=${runId}`, { identifier: "a", title: "A" });
  await write(
    "PATCH",
    "/v1/blueprints/service/entities/a",
    { title: "B" },
    { "user-agent": "port-ocean/github/1.2.3/main/exporter" },
  );
  await write("PATCH", "/v1/blueprints/service/entities/a", { title: "B" });
  await write("POST", "/v1/blueprints/service/entities", { identifier: "b" });
  await write("DELETE", "/v1/blueprints/service/entities/b?run_id=", undefined);
});
afterAll(() => app.stop());

async function write(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<void> {
  const { status } = await app.send(method, path, body, { authorization: `Bearer ${app.token}`, ...headers });
  expect(status).toBeLessThan(300);
}

async function audits(query = ""): Promise<Audit[]> {
  const { status, body } = await app.send<{ audits: Audit[] }>("GET", `/v1/audit-log${query}`);
  expect(status).toBe(200);
  return body.audits;
}

const seen = (list: readonly Audit[]): string[] =>
  list.map((a) => `${a.action} ${a.resourceType} ${String(a.context["entity"] ?? a.context["blueprint"])}`);

test("§8.1 every write is there once, newest first; a write that changed nothing is not", async () => {
  expect(seen(await audits("?blueprint=service"))).toEqual([
    "DELETE entity b",
    "CREATE entity b",
    "UPDATE entity a",
    "CREATE entity a",
    "CREATE blueprint service",
  ]);
});

test("§8.1 an event tells who, from where, when, and before and after", async () => {
  const [update, create] = await audits("?entity=a&blueprint=service");
  expect(create).toMatchObject({
    status: "SUCCESS",
    trigger: { by: { userId: app.config.clientId }, origin: "API" },
    context: { blueprint: "service", entity: "a", runId },
    diff: { before: null, after: { title: "A" } },
  });
  expect(update).toMatchObject({
    trigger: { origin: "port-ocean/github/1.2.3/main/exporter" },
    diff: { before: { title: "A" }, after: { title: "B" } },
  });
  expect(Math.abs(Date.now() - Date.parse(update?.trigger.at ?? ""))).toBeLessThan(60_000);
  const [one] = await audits(`?identifier=${create?.identifier ?? ""}`);
  expect(one).toEqual(create);
});

test("§8.1 the run of a write finds exactly it, projected as asked", async () => {
  const found = await audits(`?resources=entity&run_id=${runId}&includes=context`);
  expect(found).toEqual([{ context: { blueprint: "service", entity: "a", runId } }]);
});

test.each([
  ["?action=DELETE,UPDATE&resources=entity", ["DELETE entity b", "UPDATE entity a"]],
  ["?action=DELETE&action=UPDATE&resources=blueprint", []],
  ["?blueprint=service&limit=1", ["DELETE entity b"]],
  ["?origin=port-ocean/github/1.2.3/main/exporter", ["UPDATE entity a"]],
  ["?blueprint=service&from=2999-01-01T00:00:00Z", []],
  ["?blueprint=service&to=2000-01-01T00:00:00Z", []],
  ["?blueprint=service&status=FAILURE", []],
  ["?webhookId=w", []],
  ["?identifier=event_x", []],
  ["?entity=b&include_deleted_entities=true&limit=1", ["DELETE entity b"]],
  ["?actionType=automation", []],
  ["?actionType=self-service&resources=action", ["CREATE action null"]],
  ["?actionType=automation,self-service&resources=run", ["CREATE run null"]],
  ["?actor=nobody@example.com", []],
  ["?entity=b&from=2000-01-01T00:00:00Z&run_id=", ["DELETE entity b", "CREATE entity b"]],
])("§8.1 filters are ANDed: %s", async (query, expected) => {
  expect(seen(await audits(query))).toEqual(expected);
});

test.each([
  ["main", "port-ocean/github/1.2.3/main/exporter"],
  ["cluster-1", "port-k8s-exporter/^0.3.4 (statekey/cluster-1)"],
])("§8.1 InstallationId %s finds what it wrote", async (id, agent) => {
  await write("PATCH", "/v1/blueprints/service/entities/a", { title: id }, { "user-agent": agent });
  const [latest] = await audits(`?InstallationId=${id}`);
  expect(latest).toMatchObject({ trigger: { origin: agent }, diff: { after: { title: id } } });
  expect(await audits(`?InstallationId=${id.slice(0, 2)}`)).toEqual([]);
});

test("§8.1 an actor finds what they wrote, and what they were refused", async () => {
  const { clientId } = app.config;
  expect((await audits(`?actor=${clientId},nobody&entity=b`)).length).toBe(2);
  expect((await audits(`?actor=${clientId}`)).every(({ trigger }) => trigger.by["userId"] === clientId)).toBe(
    true,
  );
});

test("what Fairway wrote by itself is left out where it is not asked for; definitions are called as they were", async () => {
  const isByItself = ({ trigger }: Audit): boolean => trigger.by["byPort"] === true;
  const schema = { properties: {} };
  await write("POST", "/v1/blueprints", { identifier: "whole", title: "Whole", schema });
  await write("POST", "/v1/blueprints", {
    ...{ identifier: "part", title: "Part", schema },
    relations: { of: { title: "Of", target: "whole", required: false, many: false } },
  });
  await write("PATCH", "/v1/blueprints/whole", {
    aggregationProperties: {
      parts: {
        ...{ title: "Parts", type: "number", target: "part" },
        calculationSpec: { calculationBy: "entities", func: "count" },
      },
    },
  });
  await write("POST", "/v1/blueprints/whole/entities", { identifier: "w" });
  await write("POST", "/v1/blueprints/part/entities", { identifier: "p", relations: { of: "w" } });
  await expect
    .poll(async () => (await audits("?entity=w&blueprint=whole")).some(isByItself), SOON)
    .toBe(true);
  const acted = await audits("?blueprint=whole&system=false");
  expect(acted.some(isByItself)).toBe(false);
  expect(seen(acted)).toEqual(["CREATE entity w", "UPDATE blueprint whole", "CREATE blueprint whole"]);
  expect(acted.map(({ additionalData }) => additionalData["title"])).toEqual([undefined, "Whole", "Whole"]);
});

test("what an automation wrote is Fairway's own", async () => {
  const schema = { properties: {} };
  await write("POST", "/v1/blueprints", { identifier: "copy", title: "Copy", schema });
  await write("POST", "/v1/actions", {
    ...{ identifier: "copies", publish: true },
    trigger: { type: "automation", event: { type: "ENTITY_CREATED", blueprintIdentifier: "service" } },
    invocationMethod: {
      ...{ type: "UPSERT_ENTITY", blueprintIdentifier: "copy" },
      mapping: { identifier: "{{ .event.context.entityIdentifier }}" },
    },
  });
  await write("POST", "/v1/blueprints/service/entities", { identifier: "copied" });
  await write("POST", "/v1/blueprints/copy/entities", { identifier: "own" });
  await expect.poll(async () => seen(await audits("?entity=copied")).length, SOON).toBe(2);
  expect(seen(await audits("?blueprint=copy&resources=entity&system=false"))).toEqual(["CREATE entity own"]);
});

test("§8.1 a time that is none is refused", async () => {
  const { status, body } = await app.send("GET", "/v1/audit-log?from=yesterday");
  expect(status).toBe(422);
  expect(body["message"]).toContain('from "yesterday"');
});

test("§8.1 refused writes are there with status FAILURE and the reason, each item of a bulk by itself", async () => {
  const entities = "/v1/blueprints/service/entities";
  const refused = (query: string) => audits(`?status=FAILURE&${query}`);
  await app.send("POST", `${entities}?run_id=${runId}`, { identifier: "c", properties: { tier: 1 } });
  await app.send("POST", `${entities}/bulk`, {
    entities: [{ identifier: "d" }, { identifier: "e", relations: { no: "x" } }, { identifier: "a" }],
  });
  await app.send("PUT", `${entities}/never`, { title: "N" });
  await app.send("DELETE", "/v1/blueprints/service");
  await app.send("POST", "/v1/blueprints", { identifier: "wrong" });
  const imported = await fetch(`${app.url}${entities}/import`, {
    method: "POST",
    headers: { authorization: `Bearer ${app.token}`, "content-type": "application/x-ndjson" },
    body: `${JSON.stringify({ identifier: "f", relations: { no: "x" } })}\n{\n`,
  });
  expect(await imported.text()).toContain('"failed":2');
  // Who only asks whether it would go, or reads what is not there, has been refused no write.
  await app.send("POST", `${entities}?validation_only=true`, { identifier: "a" });
  await app.send("GET", `${entities}/nothing`);

  const found = await refused("");
  expect(seen(found)).toEqual([
    ...["CREATE entity unknown", "CREATE entity f", "CREATE blueprint wrong", "DELETE blueprint service"],
    ...["UPDATE entity never", "CREATE entity a", "CREATE entity e", "CREATE entity c"],
  ]);
  expect(found.every((one) => one.status === "FAILURE" && one.diff.after === null)).toBe(true);
  const [one] = await refused(`run_id=${runId}`);
  expect(one).toMatchObject({
    context: { blueprint: "service", entity: "c", runId },
    trigger: { by: { userId: app.config.clientId }, origin: "API" },
    message: expect.stringMatching(/^invalid_request: .*tier/) as string,
  });
  expect(await audits(`?identifier=${one?.identifier ?? ""}`)).toEqual([one]);
  expect((await refused("entity=a"))[0]?.message).toContain("conflict");
  expect(seen(await audits("?blueprint=service&limit=3"))).toEqual(
    seen(found.filter((f) => f.context["blueprint"] === "service").slice(0, 3)),
  );
});

test("§8.1 what members are refused names them; the whole log stays with administrators", async () => {
  const { body } = await app.send<{ additionalData: { credentials: object } }>(
    "POST",
    "/v1/blueprints/_user/entities",
    {
      identifier: "m@serviceaccounts.example.com",
      properties: { status: "Active", port_type: "Service Account" },
    },
  );
  const { accessToken } = (
    await app.send<{ accessToken: string }>(
      "POST",
      "/v1/auth/access_token",
      body.additionalData.credentials,
      {},
    )
  ).body;
  const headers = { authorization: `Bearer ${accessToken}` };
  const attempts = [
    ["POST", "/v1/organization/secrets", { secretName: "KEY", secretValue: "hunter2" }, "secret"],
    ["POST", "/v1/teams", { name: "mine" }, "team"],
    ["POST", "/v1/users/invite", { invitee: { email: "x@example.com" } }, "user"],
    ["PATCH", "/v1/blueprints/service/permissions", { entities: {} }, "permissions"],
    ["PATCH", "/v1/pages/services/permissions", {}, "page_permissions"],
    ["POST", "/v1/pages", { type: "dashboard", title: "hunter2" }, "page"],
    ["POST", "/v1/sidebars/catalog/folders", { title: "hunter2" }, "folder"],
    ["DELETE", "/v1/blueprints/service/entities/a", undefined, "entity"],
    ["POST", "/v1/apps", { name: "mine" }, "app"],
    ["PATCH", "/v1/organization", { name: "mine" }, "organization"],
  ] as const;
  for (const [method, path, sent, kind] of attempts) {
    expect((await app.send(method, path, sent, headers)).status).toBe(403);
    const [latest] = await audits("?status=FAILURE&limit=1");
    expect(latest).toMatchObject({
      resourceType: kind,
      trigger: { by: { userId: "m@serviceaccounts.example.com" } },
      message: expect.stringMatching(/^forbidden: /) as string,
    });
    expect(JSON.stringify(latest)).not.toContain("hunter2");
  }
  expect((await app.send("GET", "/v1/audit-log?status=FAILURE", undefined, headers)).status).toBe(403);
  const own = await app.send<{ audits: Audit[] }>(
    "GET",
    "/v1/audit-log?entity=a&status=FAILURE",
    undefined,
    headers,
  );
  expect(seen(own.body.audits)).toEqual(["DELETE entity a"]);
});

test("§8.1 settings and credentials are there, without what is secret", async () => {
  await app.send("PATCH", "/v1/organization", { name: "Acme" });
  const secrets = "/v1/organization/secrets";
  await app.send("POST", secrets, { secretName: "KEY", secretValue: "hunter2" });
  await app.send("PATCH", `${secrets}/KEY`, { secretValue: "hunter3" });
  await app.send("DELETE", `${secrets}/KEY`);
  const { body } = await app.send<{ app: { id: string; secret: string } }>("POST", "/v1/apps", {
    name: "ci",
  });
  const rotated = await app.send<{ app: { secret: string } }>(
    "POST",
    `/v1/apps/${body.app.id}/rotate-secret`,
  );
  await app.send("DELETE", `/v1/apps/${body.app.id}`);
  const found = await audits("?resources=organization,secret,app&status=SUCCESS");
  expect(found.map((one) => `${one.action} ${one.resourceType}`)).toEqual([
    ...["DELETE app", "UPDATE app", "CREATE app"],
    ...["DELETE secret", "UPDATE secret", "CREATE secret", "UPDATE organization"],
  ]);
  expect(found[1]).toMatchObject({
    context: { app: body.app.id },
    diff: { after: { isSecretRotated: true } },
  });
  expect(found[4]).toMatchObject({ diff: { after: { isValueChanged: true } } });
  const text = JSON.stringify(found);
  for (const hidden of ["hunter", body.app.secret, rotated.body.app.secret])
    expect(text).not.toContain(hidden);
});

test("§8.1 edits of integrations and data sources are there, what clients say of their state is not", async () => {
  const at = "/v1/integration/ocean-1";
  await write("POST", "/v1/integration", {
    ...{ installationId: "ocean-1", installationAppType: "github", spec: { appSpec: { token: "hunter2" } } },
  });
  await write("PATCH", `${at}/config`, { config: { resources: [] } });
  await write("PATCH", `${at}/resync-state`, { status: "running" });
  await app.send("PATCH", at, { config: 5 });
  await write("DELETE", at, undefined);
  const settings = { token: "hunter2", apiUrl: "http://127.0.0.1:9" };
  const made = await app.send<{ dataSource: { id: string } }>("POST", "/v1/data-sources", {
    ...{ type: "pagerduty", settings, webhookSecret: "hunter2-hunter2" },
  });
  expect(made.status).toBe(201);
  const source = `/v1/data-sources/${made.body.dataSource.id}`;
  await write("PATCH", source, { title: "On call" });
  await write("PATCH", source, { title: "On call" });
  await write("PATCH", source, { webhookSecret: "hunter3-hunter3" });
  await write("DELETE", source, undefined);
  const found = await audits("?resources=integration,data_source");
  expect(found.map((one) => `${one.action} ${one.resourceType} ${one.status}`)).toEqual([
    ...["DELETE data_source SUCCESS", "UPDATE data_source SUCCESS", "UPDATE data_source SUCCESS"],
    ...["CREATE data_source SUCCESS", "DELETE integration SUCCESS", "UPDATE integration FAILURE"],
    ...["UPDATE integration SUCCESS", "CREATE integration SUCCESS"],
  ]);
  expect(found[1]).toMatchObject({ diff: { after: { isSecretChanged: true } } });
  expect(found[2]).toMatchObject({ diff: { after: { title: "On call" } } });
  expect(JSON.stringify(found)).not.toContain("hunter");
});

test("§8.1 many events of one entity come newest first", async () => {
  const path = "/v1/blueprints/service/entities/a";
  for (let i = 1; i <= 12; i++) await write("PATCH", path, { title: `T${i}` });
  for (const query of ["?entity=a&limit=12", "?blueprint=service&limit=12"])
    expect((await audits(query)).map((one) => one.diff.after?.title)).toEqual(
      Array.from({ length: 12 }, (_, i) => `T${12 - i}`),
    );
});

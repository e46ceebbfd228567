/** The audit log over HTTP (data-model.md §8.1). */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

interface Audit {
  readonly identifier: string;
  readonly action: string;
  readonly resourceType: string;
  readonly status: string;
  readonly trigger: { by: Record<string, unknown>; origin: string; at: string };
  readonly context: Record<string, unknown>;
  readonly diff: { before: { title?: string } | null; after: { title?: string } | null };
}

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  const schema = { properties: { tier: { type: "string" } } };
  await app.send("POST", "/v1/blueprints", { identifier: "service", title: "Service", schema });
  await write("POST", "/v1/blueprints/service/entities?run_id=r_1", { identifier: "a", title: "A" });
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
    context: { blueprint: "service", entity: "a", runId: "r_1" },
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
  const found = await audits("?resources=entity&run_id=r_1&includes=context");
  expect(found).toEqual([{ context: { blueprint: "service", entity: "a", runId: "r_1" } }]);
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
  ["?entity=b&from=2000-01-01T00:00:00Z&run_id=", ["DELETE entity b", "CREATE entity b"]],
])("§8.1 filters are ANDed: %s", async (query, expected) => {
  expect(seen(await audits(query))).toEqual(expected);
});

test("§8.1 a time that is none is refused", async () => {
  const { status, body } = await app.send("GET", "/v1/audit-log?from=yesterday");
  expect(status).toBe(422);
  expect(body["message"]).toContain('from "yesterday"');
});

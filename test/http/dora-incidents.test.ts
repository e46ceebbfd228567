/** Incidents from the catalog to the numbers, and a user's verdict on their cause. */
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { at, defineDora, type DoraPortal } from "./support/dora-portal.ts";

let app: TestApp;
let portal: DoraPortal;
beforeAll(async () => {
  app = await startTestApp();
  portal = await defineDora(app);
  for (const service of ["shop", "cart"]) await portal.put("service", service, {});
  const deployment = (id: string, service: string, hours: number) =>
    portal.put(
      "deployment",
      id,
      { createdAt: at(hours), environment: "Production", deploymentStatus: "Success" },
      { service },
    );
  await deployment("shop-1", "shop", 10);
  await deployment("shop-2", "shop", 20);
  await deployment("cart-1", "cart", 22);
});
afterAll(() => app.stop());

const WINDOW = `from=${at(0)}&to=${at(240)}`;

interface Rate {
  readonly failed: number;
  readonly total: number;
  readonly causes: { readonly incident: number };
}
interface Answer {
  readonly metrics: {
    readonly changeFailureRate: Rate;
    readonly failedDeploymentRecoveryTime: { readonly value: number | null; readonly open: number };
    readonly meanTimeToRecovery: { readonly value: number | null; readonly n: number; readonly open: number };
    readonly reworkRate: { readonly rework: number };
  };
  readonly coverage: { readonly incidents: number; readonly linkedIncidents: number };
}
const metrics = async (scope = ""): Promise<Answer> => {
  await app.settled();
  return portal.get<Answer>(`/v1/dora/metrics?${WINDOW}${scope}`);
};

interface IncidentView {
  readonly entity: { readonly identifier: string };
  readonly services: readonly string[];
  readonly link: {
    readonly deployment: string | null;
    readonly service: string | null;
    readonly method: string;
    readonly confidence: string | null;
    readonly reason: string;
  };
}
const linkOf = async (id: string): Promise<IncidentView["link"]> => {
  await app.settled();
  return (await portal.get<{ incident: IncidentView }>(`/v1/dora/incidents/${id}`)).incident.link;
};

test("an incident arrives, the failure rate moves; evidence adds up; correcting the cause is kept and audited", async () => {
  expect((await metrics()).metrics.changeFailureRate).toMatchObject({ failed: 0, total: 3 });
  await portal.put("incident", "INC-1", { startedAt: at(21), resolvedAt: at(23) }, { service: ["shop"] });
  let found = await metrics();
  expect(found.metrics.changeFailureRate).toMatchObject({ failed: 1, total: 3, causes: { incident: 1 } });
  expect(found.metrics.failedDeploymentRecoveryTime.value).toBe(3 * 3600);
  expect(found.metrics.meanTimeToRecovery).toMatchObject({ value: 2 * 3600, n: 1, open: 0 });
  expect(found.coverage).toMatchObject({ incidents: 1, linkedIncidents: 1 });
  expect(await linkOf("INC-1")).toMatchObject({
    deployment: "shop-2",
    method: "window",
    confidence: "possible",
  });

  const evidence = await portal.get<{ rows: readonly { value: number; entity: { identifier: string } }[] }>(
    `/v1/dora/evidence?metric=changeFailureRate&${WINDOW}`,
  );
  expect(evidence.rows.filter(({ value }) => value === 1).map(({ entity }) => entity.identifier)).toEqual([
    "shop-2",
  ]);
  const detail = await portal.get<{ incidents: readonly IncidentView[] }>("/v1/dora/deployments/shop-2");
  expect(detail.incidents.map(({ entity }) => entity.identifier)).toEqual(["INC-1"]);

  const decided = await app.send("PUT", "/v1/dora/incidents/INC-1/cause", {
    deployment: "shop-1",
    reason: "the flag was set there",
  });
  expect(decided.status).toBe(200);
  expect(await linkOf("INC-1")).toMatchObject({
    deployment: "shop-1",
    method: "user",
    confidence: "certain",
  });
  expect((await metrics()).metrics.failedDeploymentRecoveryTime.value).toBe(13 * 3600);

  // Computed again, the verdict is kept; so it is when the incident itself changes.
  await portal.put("incident", "INC-1", { severity: "high" });
  expect(await linkOf("INC-1")).toMatchObject({ deployment: "shop-1", method: "user" });

  const none = await app.send("PUT", "/v1/dora/incidents/INC-1/cause", {
    deployment: null,
    reason: "a cable",
  });
  expect(none.body["cause"]).toMatchObject({ deployment: null, reason: "a cable" });
  found = await metrics();
  expect(found.metrics.changeFailureRate.failed).toBe(0);
  expect(found.coverage).toMatchObject({ incidents: 1, linkedIncidents: 0 });

  expect((await app.send("DELETE", "/v1/dora/incidents/INC-1/cause")).status).toBe(200);
  expect(await linkOf("INC-1")).toMatchObject({ deployment: "shop-2", method: "window" });

  const audit = await portal.get<{ audits: readonly { action: string; diff: { after: unknown } }[] }>(
    "/v1/audit-log?entity=INC-1&resources=incident_cause",
  );
  expect(audit.audits.map(({ action }) => action)).toEqual(["DELETE", "UPDATE", "CREATE"]);
});

test("an incident of two services blames the latest deployment of either; both follow each other's deployments", async () => {
  await portal.put("incident", "INC-2", { startedAt: at(30) }, { service: ["shop", "cart"] });
  expect(await linkOf("INC-2")).toMatchObject({ deployment: "cart-1", service: "cart" });
  expect((await metrics("&blueprint=service&entity=cart")).metrics.changeFailureRate.failed).toBe(1);
  expect((await metrics("&blueprint=service&entity=shop")).metrics.meanTimeToRecovery).toMatchObject({
    n: 1,
    open: 1,
  });
  // Whole organisation: once.
  expect((await metrics()).metrics.meanTimeToRecovery).toMatchObject({ n: 1, open: 1 });

  await portal.put(
    "deployment",
    "shop-3",
    { createdAt: at(29), environment: "Production", deploymentStatus: "Success" },
    { service: "shop" },
  );
  expect(await linkOf("INC-2")).toMatchObject({ deployment: "shop-3", service: "shop" });
  expect((await metrics("&blueprint=service&entity=cart")).metrics.changeFailureRate.failed).toBe(0);
  await portal.remove("deployment", "shop-3");
  expect(await linkOf("INC-2")).toMatchObject({ deployment: "cart-1", service: "cart" });
  await portal.remove("incident", "INC-2");
  expect((await metrics()).metrics.meanTimeToRecovery.n).toBe(1);
});

test("a cause in the data, of another service and without one", async () => {
  await portal.put(
    "incident",
    "INC-3",
    { startedAt: at(100), resolvedAt: at(101) },
    { deployment: "cart-1" },
  );
  expect(await linkOf("INC-3")).toMatchObject({ deployment: "cart-1", service: "cart", method: "data" });
  expect((await metrics("&blueprint=service&entity=cart")).metrics.changeFailureRate.failed).toBe(1);
  await portal.put("incident", "INC-3", {}, { deployment: null });
  expect(await linkOf("INC-3")).toMatchObject({ deployment: null, reason: "the incident names no service" });
  expect((await metrics("&blueprint=service&entity=cart")).metrics.changeFailureRate.failed).toBe(0);
  await portal.remove("incident", "INC-3");
});

test("a verdict follows its incident into a new name", async () => {
  await portal.put("incident", "INC-4", { startedAt: at(21) }, { service: ["shop"] });
  await app.send("PUT", "/v1/dora/incidents/INC-4/cause", { deployment: "shop-1", reason: "seen" });
  const renamed = await app.send("PATCH", "/v1/blueprints/incident/entities/INC-4", { identifier: "INC-5" });
  expect(renamed.status).toBe(200);
  expect(await linkOf("INC-5")).toMatchObject({ deployment: "shop-1", method: "user" });
  await portal.remove("incident", "INC-5");
});

test("the review queue, and what is refused", async () => {
  await app.settled();
  const queue = await portal.get<{ incidents: readonly IncidentView[]; total: number }>(
    `/v1/dora/incidents?${WINDOW}&linked=review`,
  );
  expect(queue.incidents.map(({ entity }) => entity.identifier)).toEqual(["INC-1"]);
  const cases: readonly [string, string, object | undefined, number][] = [
    ["GET", "/v1/dora/incidents?linked=some", undefined, 422],
    ["GET", "/v1/dora/incidents/nobody", undefined, 404],
    ["PUT", "/v1/dora/incidents/nobody/cause", { deployment: null, reason: "x" }, 404],
    ["PUT", "/v1/dora/incidents/INC-1/cause", { deployment: "nothing", reason: "x" }, 422],
    ["PUT", "/v1/dora/incidents/INC-1/cause", { deployment: "shop-1", reason: "  " }, 422],
    ["PUT", "/v1/dora/incidents/INC-1/cause", { deployment: "shop-1" }, 422],
  ];
  for (const [method, path, body, status] of cases)
    expect([path, (await app.send(method, path, body)).status]).toEqual([path, status]);
});

test("profile port: its numbers for a service beside ours, with every difference; refused elsewhere", async () => {
  await app.settled();
  const service = `/v1/dora/metrics?profile=port&entity=shop&from=${at(0)}&to=${at(240)}`;
  const { metrics: found, definition } = await portal.get<{
    definition: { profile: string };
    metrics: Record<string, { value: number; fairway: { value: number }; differences: string[] }>;
  }>(service);
  expect(definition.profile).toBe("port");
  // One incident over two deployments a month; ours: one of two deployments.
  expect(found["changeFailureRate"]).toMatchObject({ value: 50, unit: "percent", fairway: { value: 0.5 } });
  expect(found["meanTimeToRecovery"]).toMatchObject({
    value: 120,
    unit: "minutes",
    fairway: { value: 7200 },
  });
  for (const { differences } of Object.values(found)) expect(differences.length).toBeGreaterThan(0);
  // The rows that these are made of: an incident over two deployments, newest first, page by page.
  const evidence = `/v1/dora/evidence?profile=port&entity=shop&from=${at(0)}&to=${at(240)}&metric=`;
  interface Page {
    readonly rows: readonly { entity: { identifier: string }; value: number; unit: string }[];
    readonly total: number;
    readonly excludedTotal: number;
    readonly next: string | null;
  }
  const rate = await portal.get<Page>(`${evidence}changeFailureRate&limit=2`);
  expect(rate).toMatchObject({ total: 3, excludedTotal: 0, next: "2" });
  const last = await portal.get<Page>(`${evidence}changeFailureRate&limit=2&from_cursor=2`);
  expect(last.next).toBeNull();
  expect([...rate.rows, ...last.rows].map(({ entity, unit }) => `${unit} ${entity.identifier}`)).toEqual([
    ...["incident INC-1", "deployment shop-2", "deployment shop-1"],
  ]);
  const recovery = await portal.get<Page>(`${evidence}meanTimeToRecovery`);
  expect(recovery.rows).toMatchObject([{ value: 120, unit: "minutes", entity: { identifier: "INC-1" } }]);
  expect(await portal.get<Page>(`${evidence}reworkRate`)).toMatchObject({ rows: [], total: 0, next: null });
  for (const path of [
    "/v1/dora/metrics?profile=port",
    `${service}&compare=previous`,
    "/v1/dora/metrics?profile=devlake&compare=previous",
    "/v1/dora/metrics?profile=other",
    "/v1/dora/evidence?metric=changeFailureRate&profile=port",
    `${evidence}changeFailureRate&bucket=2026-W32`,
  ])
    expect([path, (await app.send("GET", path)).status]).toEqual([path, 422]);
});

interface ExportRow {
  readonly metric: string;
  readonly counted: boolean;
  readonly value: number;
}

test("export: rows fold to the headlines in every format; what cannot be written is refused by name", async () => {
  const { metrics: found } = await metrics();
  const { rows } = await portal.get<{ rows: readonly ExportRow[] }>(`/v1/dora/export?format=json&${WINDOW}`);
  const failures = rows.filter(({ metric, counted }) => counted && metric === "changeFailureRate");
  expect(failures).toHaveLength(found.changeFailureRate.total);
  expect(failures.filter(({ value }) => value === 1)).toHaveLength(found.changeFailureRate.failed);

  const csv = await app.send<string>("GET", `/v1/dora/export?metric=meanTimeToRecovery&${WINDOW}`);
  expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  const lines = csv.body.trimEnd().split("\r\n");
  expect(lines).toHaveLength(1 + found.meanTimeToRecovery.n);
  expect(lines[1]).toContain("meanTimeToRecovery,true,shop,incident,INC-1,");

  const parquet = await fetch(`${app.url}/v1/dora/export?format=parquet&${WINDOW}`, {
    headers: { authorization: `Bearer ${app.token}` },
  });
  expect(parquet.headers.get("content-type")).toBe("application/vnd.apache.parquet");
  const file = await parquet.arrayBuffer();
  const stored = await parquetReadObjects({ file });
  const asJson = (row: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(row).flatMap(([key, value]) =>
        value === null ? [] : [[key, value instanceof Date ? value.toISOString() : value]],
      ),
    );
  const withoutNulls = (row: object) => Object.fromEntries(Object.entries(row).filter(([, v]) => v !== null));
  expect(stored.map(asJson)).toEqual(rows.map(withoutNulls));
  const { key_value_metadata: told, schema } = parquetMetadata(file);
  expect(JSON.parse(told?.[0]?.value ?? "")).toMatchObject({ scope: { title: "Organisation" } });
  expect(schema.find(({ name }) => name === "value")?.type).toBe("DOUBLE");
  // Nothing in the window: a file without rows.
  const none = await fetch(`${app.url}/v1/dora/export?format=parquet&from=2001-01-01&to=2001-02-01`, {
    headers: { authorization: `Bearer ${app.token}` },
  });
  expect(await parquetReadObjects({ file: await none.arrayBuffer() })).toEqual([]);

  const text = await app.send<string>("GET", `/v1/dora/export?format=openmetrics&${WINDOW}`);
  expect(text.headers.get("content-type")).toContain("application/openmetrics-text");
  const samples = text.body.split("\n");
  expect(samples.at(-2)).toBe("# EOF");
  expect(samples).toContain("fairway_dora_mean_time_to_recovery_seconds 7200");
  expect(samples).toContain(
    'fairway_dora_mean_time_to_recovery_seconds{blueprint="service",entity="shop"} 7200',
  );
  // Nothing to measure: no sample, not a zero.
  expect(text.body).not.toContain(
    'fairway_dora_mean_time_to_recovery_seconds{blueprint="service",entity="cart"}',
  );

  for (const query of [
    "format=xml",
    "metric=speed",
    "profile=port",
    "profile=port&entity=shop&format=openmetrics",
  ])
    expect([query, (await app.send("GET", `/v1/dora/export?${query}`)).status]).toEqual([query, 422]);
  expect((await app.send("GET", "/v1/dora/export?entity=nobody")).status).toBe(404);
});

test.each(["port&entity=shop", "devlake"])("an export has the rows of profile %s", async (profile) => {
  const exported = await portal.get<{ rows: readonly ExportRow[]; definition: object }>(
    `/v1/dora/export?format=json&${WINDOW}&profile=${profile}`,
  );
  expect(exported.definition).toMatchObject({ profile: profile.split("&")[0] });
  for (const metric of ["deploymentFrequency", "changeFailureRate", "meanTimeToRecovery", "reworkRate"]) {
    const page = await portal.get<{ rows: readonly ExportRow[]; excludedTotal: number }>(
      `/v1/dora/evidence?${WINDOW}&profile=${profile}&metric=${metric}`,
    );
    const own = exported.rows.filter((row) => row.metric === metric);
    const counted = own.filter((row) => row.counted).map(({ value }) => value);
    expect(counted).toEqual(page.rows.map(({ value }) => value));
    expect(own.length - counted.length).toBe(page.excludedTotal);
  }
});

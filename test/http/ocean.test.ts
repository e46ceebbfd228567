/**
 * What Ocean's core asks of a server, call by call as its clients make them (workflows.md §2.1, §2.3): first start with
 * default resources, two syncs that end the process, a sync that is polled for, one that is stopped half-way.
 */
import { strict as assert } from "node:assert";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const TYPE = "fake-integration";
const ID = "my fake/1";
const AGENT = `port-ocean/${TYPE}/0.1.0/${ID}`;

type Json = Record<string, unknown>;
interface Raw {
  readonly id: string;
  readonly name: string;
  readonly department: string;
}

/** One process of an exporter: it keeps nothing but its watermark. */
class Exporter {
  watermark = "";
  readonly core: string;

  constructor(core = "0.48.12") {
    this.core = core;
  }

  call<T = Json>(
    method: string,
    path: string,
    body?: unknown,
    suffix = "",
    headers: Record<string, string> = {},
  ) {
    const url = path.startsWith("http") ? path.replace(/^.*?\/v1/, "/v1") : `/v1${path}`;
    return app.send<T>(method, url, body, { "user-agent": `${AGENT}${suffix}`, ...headers });
  }
  exporter<T = Json>(method: string, path: string, body?: unknown) {
    return this.call<T>(method, path, body, "/exporter");
  }
  async integration(): Promise<Json> {
    const { body } = await this.call<{ integration?: Json }>(
      ...([
        "GET",
        `/integration/${encodeURIComponent(ID)}?oceanCoreVersion=${this.core}&isPolling=true`,
      ] as const),
    );
    return body.integration ?? {};
  }
  async state(status: string, more: object = {}): Promise<void> {
    const { status: code, body } = await this.call<{ integration: { resyncState: { updatedAt: string } } }>(
      ...(["PATCH", `/integration/${encodeURIComponent(ID)}/resync-state`] as const),
      { status, intervalInMinuets: null, ...more },
    );
    assert.equal(code, 200);
    assert.equal(typeof body.integration.resyncState.updatedAt, "string");
  }

  /** The first start: integration, blueprints without and then with relations. */
  async provision(): Promise<void> {
    const unknown = await this.call("GET", `/integration/${encodeURIComponent(ID)}?isPolling=true`);
    assert.partialDeepStrictEqual(unknown, { status: 404, body: { ok: false, error: "not_found" } });
    assert.deepEqual((await this.call("GET", "/integration/provision-enabled")).body, {
      ok: true,
      integrations: [],
    });
    assert.equal((await this.call("GET", "/organization")).status, 200);
    const created = await this.call<{ integration: Json }>("POST", "/integration", {
      ...{ installationId: ID, installationAppType: TYPE, version: "0.1.0", changelogDestination: {} },
      config: CONFIG,
      ...{ actionsProcessingEnabled: false, createPortResourcesOrigin: "Default" },
    });
    assert.equal(created.status, 201);
    assert.partialDeepStrictEqual(created.body.integration, {
      installationId: ID,
      config: CONFIG,
      version: "0.1.0",
    });
    await this.patch({ processingMode: "dsp", changelogDestination: {} });
    for (const blueprint of BLUEPRINTS)
      assert.equal((await this.exporter("GET", `/blueprints/${blueprint.identifier}`)).status, 404);
    for (const { relations: _, ...bare } of BLUEPRINTS)
      assert.equal((await this.exporter("POST", "/blueprints", bare)).status, 201);
    for (const { identifier, relations } of BLUEPRINTS)
      assert.equal((await this.exporter("PATCH", `/blueprints/${identifier}`, { relations })).status, 200);
    for (const { identifier, ...rest } of BLUEPRINTS)
      assert.equal(
        (await this.exporter("PATCH", `/blueprints/${identifier}`, { identifier, ...rest })).status,
        200,
      );
    await this.patch({ arePortResourcesInitialized: true, version: "0.1.0" });
  }
  async patch(body: object, skip = true): Promise<void> {
    const headers: Record<string, string> = skip ? { "x-skip-resync": "true" } : {};
    const path = `/integration/${encodeURIComponent(ID)}`;
    assert.equal((await this.call("PATCH", path, body, "", headers)).status, 200);
  }

  /** @returns what was deleted; null: too much would have been */
  async sync(data: Readonly<Record<string, readonly Raw[]>>, event: string): Promise<string[] | null> {
    const start = new Date().toISOString();
    await this.state("running", { lastResyncStart: start });
    const integration = await this.integration();
    assert.deepEqual(integration["config"], CONFIG);
    const produced = new Set<string>();
    let index = 0;
    for (const [kind, raw] of Object.entries(data)) {
      const examples = { examples: raw.slice(0, 5) };
      const path = `/integration/${encodeURIComponent(ID)}/kinds/${kind}/examples`;
      assert.equal((await this.call("POST", path, examples)).status, 200);
      await this.load(kind, raw, event, produced);
      const metrics = (integration["metricAttributes"] as { ingestUrl: string }).ingestUrl;
      const kindIdentifier = `${kind}-${index++}`;
      const put = await this.call("PUT", `${metrics}/syncMetrics/resync/${event}/kind/${kindIdentifier}`, {
        syncKindMetrics: {
          kind,
          eventId: event,
          kindIdentifier,
          syncState: "completed",
          metrics: { phase: {} },
        },
      });
      assert.equal(put.status, 200);
    }
    const logs = (integration["logAttributes"] as { ingestUrl: string }).ingestUrl;
    const line = {
      message: `synced ${event}`,
      level: "INFO",
      timestamp: "2026-11-25T12:00:00.000001",
      extra: {},
    };
    assert.equal((await this.call("POST", logs, { logs: [line] })).status, 200);
    const deleted = await this.reconcile(start, event, produced);
    await this.state("completed", { lastResyncEnd: new Date().toISOString() });
    return deleted;
  }

  async load(kind: string, raw: readonly Raw[], event: string, produced: Set<string>): Promise<void> {
    if (raw.length > 10) {
      const rules = [
        { property: "$identifier", operator: "in", value: raw.map(({ id }) => id) },
        { property: "$blueprint", operator: "=", value: kind },
        { property: "$datasource", operator: "contains", value: `port-ocean/${TYPE}/` },
        { property: "$datasource", operator: "contains", value: `/${ID}/exporter` },
      ];
      const include = ["blueprint", "identifier", "title"].map((key) => `include=${key}`).join("&");
      const search = `/entities/search?exclude_calculated_properties=true&${include}`;
      assert.equal((await this.exporter("POST", search, { combinator: "and", rules })).status, 200);
    }
    const flags = `upsert=true&merge=true&create_missing_related_entities=true&validation_only=false&ocean_info_event_type=resync&ocean_info_resync_id=${event}`;
    for (let from = 0; from < raw.length; from += 20) {
      const entities = raw.slice(from, from + 20).map(({ id, name, department }) => ({
        ...{ identifier: id, title: name, properties: { name } },
        relations: kind === "fake-person" ? { department } : {},
      }));
      const { status, body } = await this.exporter<{ entities: unknown[] }>(
        ...(["POST", `/blueprints/${kind}/entities/bulk?${flags}`] as const),
        { entities },
      );
      assert.deepEqual([status, body.entities.length], [200, entities.length]);
      for (const { identifier } of entities) produced.add(`${kind};${identifier}`);
    }
  }

  async reconcile(before: string, event: string, produced: ReadonlySet<string>): Promise<string[] | null> {
    const existing: { identifier: string; blueprint: string }[] = [];
    let from: string | undefined;
    do {
      const page = await this.exporter<{ entities: typeof existing; next?: string }>(
        ...(["POST", "/blueprints/entities/datasource-entities"] as const),
        {
          ...{ datasource_prefix: `port-ocean/${TYPE}/`, datasource_suffix: `/${ID}/exporter` },
          ...{ limit: 7, before, ...(from !== undefined && { from }) },
        },
      );
      existing.push(...page.body.entities);
      from = page.body.next;
    } while (from !== undefined);
    const stale = existing.filter(({ blueprint, identifier }) => !produced.has(`${blueprint};${identifier}`));
    if (stale.length === 0) return [];
    if (stale.length / existing.length > 0.9) return null;
    for (const [blueprint, group] of Map.groupBy(stale, (one) => one.blueprint)) {
      const { status } = await this.exporter(
        ...([
          "POST",
          `/blueprints/${blueprint}/bulk/entities/delete?delete_dependents=true&ocean_info_event_type=resync&ocean_info_resync_id=${event}`,
        ] as const),
        { entities: group.map(({ identifier }) => identifier) },
      );
      assert.equal(status, 200);
    }
    return stale.map(({ identifier }) => identifier).sort();
  }

  /** One turn of the polling listener. */
  async hasRequest(): Promise<boolean> {
    const { body } = await this.call<{ ok: boolean; request?: { updatedAt: string } }>(
      ...(["GET", `/integration/${encodeURIComponent(ID)}/resync-request`] as const),
    );
    assert.equal(body.ok, true);
    const at = body.request?.updatedAt ?? "";
    const isNewer = at > this.watermark;
    this.watermark = at;
    return isNewer;
  }
}

const CONFIG = {
  ...{ deleteDependentEntities: true, createMissingRelatedEntities: true, enableMergeEntity: true },
  resources: ["fake-department", "fake-person"].map((kind) => ({
    ...{ kind, selector: { query: "true" } },
    port: { entity: { mappings: { identifier: ".id", title: ".name", blueprint: `"${kind}"` } } },
  })),
};
const BLUEPRINTS = [
  {
    identifier: "fake-department",
    title: "Department",
    schema: { properties: { name: { type: "string" } } },
    relations: {},
  },
  {
    ...{ identifier: "fake-person", title: "Person", schema: { properties: { name: { type: "string" } } } },
    relations: { department: { target: "fake-department", required: false, many: false } },
  },
];
const departments = (): Raw[] =>
  Array.from({ length: 5 }, (_, i) => ({ id: `d${i}`, name: `D${i}`, department: "" }));
const persons = (run: string, count = 15): Raw[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${run}-${i}`, name: `P${i}`, department: `d${i % 5}` }));
const ids = (list: readonly Raw[]): string[] => list.map(({ id }) => id).sort();
const stored = async (kind: string): Promise<{ identifier: string; updatedAt: string; relations: Json }[]> =>
  (
    await app.send<{ entities: { identifier: string; updatedAt: string; relations: Json }[] }>(
      ...(["GET", `/v1/blueprints/${kind}/entities`] as const),
    )
  ).body.entities;

describe("Ocean", () => {
  test("ONCE, twice: the second sync replaces what vanished and touches nothing else", async () => {
    await new Exporter().provision();
    const first = new Exporter();
    expect(await first.sync({ "fake-department": departments(), "fake-person": persons("a") }, "e1")).toEqual(
      [],
    );
    const before = await stored("fake-department");
    expect(before).toHaveLength(5);
    await app.send("POST", "/v1/blueprints/fake-person/entities", { identifier: "by-hand" });
    const second = new Exporter();
    expect(
      await second.sync({ "fake-department": departments(), "fake-person": persons("b") }, "e2"),
    ).toEqual(ids(persons("a")));
    expect(await stored("fake-department")).toEqual(before);
    const left = await stored("fake-person");
    expect(left.map(({ identifier }) => identifier).sort()).toEqual(["by-hand", ...ids(persons("b"))].sort());
    for (const { identifier, relations } of left)
      if (identifier !== "by-hand") expect(relations["department"]).toMatch(/^d\d$/);
    expect(await second.integration()).toMatchObject({
      resyncState: { status: "completed" },
      processingMode: "dsp",
    });
  });

  test("POLLING: one sync after the start, one for a request, none for bookkeeping", async () => {
    const polling = new Exporter();
    expect(await polling.hasRequest()).toBe(true);
    expect(
      await polling.sync({ "fake-department": departments(), "fake-person": persons("b") }, "e3"),
    ).toEqual([]);
    const { updatedAt } = await polling.integration();
    expect(await polling.hasRequest()).toBe(false);
    await polling.patch({ version: "0.1.1" });
    await polling.state("running");
    expect(await polling.hasRequest()).toBe(false);
    expect((await polling.integration())["updatedAt"]).toBe(updatedAt);
    await polling.patch({}, false);
    expect(await polling.hasRequest()).toBe(true);
    expect(await polling.hasRequest()).toBe(false);
    expect((await polling.integration())["updatedAt"]).not.toBe(updatedAt);
    const config = await polling.call("PATCH", `/integration/${encodeURIComponent(ID)}/config`, {
      config: "resources:\n- kind: a\n  selector: {query: 'true'}\n",
    });
    expect(config.body).toMatchObject({ integration: { config: { resources: [{ kind: "a" }] } } });
    expect(await polling.hasRequest()).toBe(true);
    await polling.patch({ config: CONFIG });
    expect(await new Exporter().hasRequest()).toBe(true);
  });

  test("a core that syncs at its start is not asked again by an old request, which would cancel that sync", async () => {
    const polling = new Exporter("0.56.2");
    const { updatedAt } = await polling.integration();
    await polling.state("running");
    expect(await polling.hasRequest()).toBe(false);
    await polling.state("completed");
    expect(await polling.hasRequest()).toBe(false);
    await polling.patch({}, false);
    expect(await polling.hasRequest()).toBe(true);
    await polling.state("running");
    expect((await polling.integration())["oceanCoreVersion"]).toBe("0.56.2");
    expect(await new Exporter("0.56.2").hasRequest()).toBe(false);
    // Reading with a version is bookkeeping too; cores that only wait are asked however old the request is.
    const earlier = new Exporter("0.53.1");
    expect((await earlier.integration())["updatedAt"]).not.toBe(updatedAt);
    expect(await earlier.hasRequest()).toBe(true);
    expect(await earlier.integration()).toMatchObject({ oceanCoreVersion: "0.53.1" });
    for (const odd of ["", "1.2", "%00", "x".repeat(500), "9".repeat(20) + ".1.1"])
      await new Exporter(odd).integration();
    expect(await new Exporter().integration()).toMatchObject({ resyncState: { status: "running" } });
    await polling.state("completed");
  });

  test("a sync that changes most of what there is still deletes exactly what vanished", async () => {
    const changed = [
      ...persons("b", 10).map((one) => ({ ...one, name: `${one.name} renamed` })),
      ...persons("c", 5),
    ];
    const exporter = new Exporter();
    expect(await exporter.sync({ "fake-department": departments(), "fake-person": changed }, "e4")).toEqual(
      ids(persons("b").slice(10)),
    );
    expect(await stored("fake-person")).toHaveLength(16);
  });

  test("stopped half-way: aborted, nothing deleted", async () => {
    const exporter = new Exporter();
    await exporter.state("running");
    await exporter.load("fake-person", persons("z", 3), "e5", new Set());
    await exporter.state("aborted");
    expect(await exporter.integration()).toMatchObject({ resyncState: { status: "aborted" } });
    expect(await stored("fake-person")).toHaveLength(19);
  });

  test("what it reported: examples, logs, figures", async () => {
    const exporter = new Exporter();
    const base = `/integration/${encodeURIComponent(ID)}`;
    const { _id } = await exporter.integration();
    const kinds = await exporter.call<{ data: Record<string, { examples: unknown[] }> }>(
      "GET",
      `${base}/kinds`,
    );
    // The shape that the Kubernetes exporter reads.
    expect(kinds.body.data["fake-person"]?.examples).toHaveLength(5);
    expect(kinds.body.data["fake-person"]?.examples[0]).toMatchObject({ data: { id: "b-0" } });
    const logs = await exporter.call<{ data: Json[] }>("GET", `${base}/logs?level=INFO&limit=2`);
    expect(logs.body.data).toMatchObject([{ message: "synced e4", level: "INFO" }, { message: "synced e3" }]);
    const older = await exporter.call<{ data: Json[] }>(
      ...(["GET", `${base}/logs?log_id=${String(logs.body.data[1]?.["id"])}`] as const),
    );
    expect(older.body.data.map(({ message }) => message)).toEqual(["synced e2", "synced e1"]);
    const latest = await exporter.call<{ count: number; data: Json[] }>(
      "GET",
      `/integration/${String(_id)}/syncMetrics`,
    );
    expect(latest.body).toMatchObject({
      count: 2,
      data: [{ eventId: "e4", kindIdentifier: "fake-department-0" }, {}],
    });
    const one = await exporter.call<{ data: Json[] }>(
      "GET",
      `/integration/${String(_id)}/syncMetrics?resyncId=e1`,
    );
    expect(one.body.data).toHaveLength(2);
    const syncs = await exporter.call<{ data: Json[] }>("GET", `/integration/${String(_id)}/syncsMetadata`);
    expect(syncs.body.data.map(({ eventId }) => eventId)).toEqual(["e4", "e3", "e2", "e1"]);
    const cursor = `${base}/cursor?kind=fake-person&index=0`;
    expect((await exporter.call("GET", cursor)).body).toEqual({ ok: true, cursor: null });
    expect((await exporter.call("PUT", cursor, { primary: "2026" })).status).toBe(200);
    expect((await exporter.call("GET", cursor)).body).toEqual({ ok: true, cursor: { primary: "2026" } });
  });

  test("deleted, the integration leaves what it wrote", async () => {
    const exporter = new Exporter();
    expect((await exporter.call("DELETE", `/integration/${encodeURIComponent(ID)}`)).status).toBe(200);
    expect((await exporter.call("GET", `/integration/${encodeURIComponent(ID)}`)).status).toBe(404);
    expect(await stored("fake-person")).toHaveLength(19);
  });
});

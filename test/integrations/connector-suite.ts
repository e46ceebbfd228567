/**
 * What every connector has to show, by data: a backfill through a 429 and a 502, live events in any order ending in the
 * catalog of a fresh backfill, a resync that deletes what vanished and nothing else.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectors } from "../../src/integrations/index.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { comes, patient } from "../support/patience.ts";
import type { Fault, VendorServer } from "./vendor-server.ts";

/** As the system sends it; `sign` makes the headers that prove it. */
export interface SentEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Vendor {
  start(faults: readonly Fault[]): Promise<VendorServer>;
  /** Settings that reach the server. */
  settings(url: string): Record<string, string>;
  /** Headers of a delivery with this secret. */
  sign(secret: string, rawBody: string): Record<string, string>;
  /** What the address that the system was given ends in, for systems that only know an address. */
  query?(secret: string): string;
  /** Changes what the server has, and gives the events of it out of order. */
  live(): readonly SentEvent[];
  /** Takes objects away without a word. @returns the entities that were made of them, as `blueprint/identifier` */
  vanish(): readonly string[];
}

export interface Suite {
  readonly type: string;
  readonly strategies?: readonly string[];
  readonly faults: readonly Fault[];
  /** A fresh vendor with its first state. */
  readonly vendor: () => Vendor;
  /** Whether the strategies are also compared with what a run brings, and a broken delivery is followed: once is enough. */
  readonly isThorough?: true;
  /** Objects that the first backfill brings, at least. */
  readonly least?: number;
  /** Entities that must be there after the backfill, with properties that they must have. */
  readonly examples: readonly {
    readonly blueprint: string;
    readonly identifier: string;
    readonly has: Readonly<Record<string, unknown>>;
    readonly relations?: Readonly<Record<string, unknown>>;
  }[];
}

interface Source {
  readonly id: string;
  readonly webhookUrl: string;
  readonly deliveries: { waiting: number; failed: number };
  readonly run: {
    number: number;
    status: string;
    mode: string;
    message: string | null;
    deletion: string | null;
    progress: number;
    counts: Record<string, number>;
    errors: unknown[];
    kinds: { kind: string; status: string; fetched: number }[];
  } | null;
}

interface Preview {
  readonly window: { readonly from: string; readonly to: string };
  readonly strategies: readonly { readonly id: string; readonly complete: boolean }[];
  readonly together: { readonly deployments: number };
}

interface Events {
  readonly events: readonly { readonly id: string }[];
}

/** Two waits and what is between them, on a machine that does other things. */
const TIMEOUT = { timeout: patient(150_000) };

async function readSource(app: TestApp, id: string): Promise<Source> {
  const { body } = await app.send<{ dataSource: Source }>("GET", `/v1/data-sources/${id}`);
  return body.dataSource;
}

/** Waits until the run of this number (or a later one) is over and nothing that was sent waits. */
function settledSource(app: TestApp, id: string, number = 1): Promise<Source> {
  const isOver = ({ run }: Source) => run !== null && run.number >= number && run.status !== "running";
  const isSettled = (source: Source) => isOver(source) && source.deliveries.waiting === 0;
  return comes(() => readSource(app, id), isSettled, patient(60_000));
}

type Catalog = Record<string, Record<string, unknown>>;

/** Every entity of the connector's blueprints by `blueprint/identifier`, without who wrote it and when. */
async function catalogOf(app: TestApp, type: string): Promise<Catalog> {
  const catalog: Catalog = {};
  for (const { identifier } of connectors.get(type)?.defaults.blueprints ?? []) {
    const path = `/v1/blueprints/${String(identifier)}/entities`;
    const { body } = await app.send<{ entities: Record<string, unknown>[] }>("GET", path);
    for (const entity of body.entities)
      catalog[`${String(identifier)}/${String(entity["identifier"])}`] = {
        ...{ title: entity["title"], properties: entity["properties"], relations: entity["relations"] },
      };
  }
  return catalog;
}

/** Two servers for several suites of one file; their connectors must not write entities of the same blueprint. */
export interface SharedApps {
  readonly app: TestApp;
  readonly fresh: TestApp;
}

/** @param prepare what both servers have before the first suite */
export function sharedApps(prepare: (app: TestApp) => Promise<void>): () => SharedApps {
  let shared: SharedApps | undefined;
  beforeAll(async () => {
    const [app, fresh] = await Promise.all([startTestApp(), startTestApp()]);
    shared = { app, fresh };
    await Promise.all([prepare(app), prepare(fresh)]);
  });
  afterAll(async () => {
    await Promise.all([shared?.app.stop(), shared?.fresh.stop()]);
  });
  return () => {
    if (shared === undefined) throw new Error("the shared servers are not up");
    return shared;
  };
}

/** @param shared servers of the file; without them the suite has its own */
export function connectorSuite(suite: Suite, shared?: () => SharedApps): void {
  describe(`the connector ${suite.type}`, TIMEOUT, () => {
    let app: TestApp;
    let fresh: TestApp;
    let vendor: Vendor;
    let server: VendorServer;
    let id = "";
    let secret = "";
    let ingest = "";

    const connect = async (
      to: TestApp,
    ): Promise<{ id: string; webhookSecret: string; webhookUrl: string }> => {
      const { status, body } = await to.send<{
        dataSource: Source;
        webhookSecret: string;
        webhookUrl: string;
      }>("POST", "/v1/data-sources", {
        type: suite.type,
        settings: vendor.settings(server.url),
        ...(suite.strategies !== undefined && { strategies: suite.strategies }),
      });
      expect({ status, body }).toMatchObject({ status: 201 });
      return { id: body.dataSource.id, webhookSecret: body.webhookSecret, webhookUrl: body.webhookUrl };
    };

    const deliver = (
      event: SentEvent,
      key = secret,
    ): Promise<{ status: number; body: Record<string, unknown> }> => {
      const rawBody = JSON.stringify(event.body);
      const path = new URL(ingest).pathname;
      const query = vendor.query?.(key) ?? "";
      // No token: systems that send events have none.
      return app.send("POST", `${path}${query}`, rawBody, {
        authorization: "",
        ...event.headers,
        ...vendor.sign(key, rawBody),
      });
    };

    beforeAll(async () => {
      vendor = suite.vendor();
      server = await vendor.start(suite.faults);
      if (shared === undefined) [app, fresh] = await Promise.all([startTestApp(), startTestApp()]);
      else ({ app, fresh } = shared());
    });
    afterAll(async () => {
      if (shared === undefined) await Promise.all([app.stop(), fresh.stop()]);
      await server.stop();
    });

    test("backfills everything through a 429 and a 502, and says how far it is", async () => {
      const source = await connect(app);
      ({ id, webhookSecret: secret, webhookUrl: ingest } = source);
      const { run } = await settledSource(app, id);
      expect(run).toMatchObject({
        status: "completed",
        mode: "full",
        message: null,
        errors: [],
        progress: 1,
      });
      expect(run?.counts["fetched"]).toBeGreaterThanOrEqual(suite.least ?? 300);
      expect(server.faults.toSorted((a, b) => a - b)).toEqual([429, 502]);
      const catalog = await catalogOf(app, suite.type);
      for (const { blueprint, identifier, has, relations = {} } of suite.examples)
        expect({ identifier, ...catalog[`${blueprint}/${identifier}`] }).toMatchObject({
          ...{ identifier, properties: has, relations },
        });
      // Nobody gets a secret back.
      const { body } = await app.send("GET", `/v1/data-sources/${id}`);
      const given = Object.values(vendor.settings(server.url));
      const hidden = connectors.get(suite.type)?.settings.filter((one) => one.secret) ?? [];
      for (const { name } of hidden) {
        const value = vendor.settings(server.url)[name];
        if (value !== undefined && given.includes(value)) expect(JSON.stringify(body)).not.toContain(value);
      }
      // Only those that were given are said to be there.
      const set = hidden.filter(({ name }) => vendor.settings(server.url)[name] !== undefined);
      expect(body).toMatchObject({ dataSource: { secretSettings: set.map(({ name }) => name) } });
    });

    test("a second backfill changes nothing", async () => {
      const before = await catalogOf(app, suite.type);
      await app.send("POST", `/v1/data-sources/${id}/resync`, {});
      const { run } = await settledSource(app, id, 2);
      expect(run).toMatchObject({ status: "completed", counts: { created: 0, updated: 0, deleted: 0 } });
      expect(await catalogOf(app, suite.type)).toEqual(before);
    });

    if (suite.isThorough === true)
      test("the strategies tell beforehand what a run brings", async () => {
        const path = `/v1/data-sources/${id}/strategies/preview`;
        const { status, body } = await app.send<Preview>("POST", path, {
          ...{ strategies: suite.strategies, days: 730 },
        });
        expect(status).toBe(200);
        expect(body.strategies.map((one) => [one.id, one.complete])).toEqual(
          suite.strategies?.map((strategy) => [strategy, true]),
        );
        const found = Object.entries(await catalogOf(app, suite.type)).filter(([name, { properties }]) => {
          const { createdAt } = properties as { createdAt?: string };
          const at = Date.parse(createdAt ?? "");
          const { from, to } = body.window;
          return name.startsWith("deployment/") && at >= Date.parse(from) && at < Date.parse(to);
        });
        expect(found.length).toBeGreaterThan(50);
        expect(body.together.deployments).toBe(found.length);
        // Where the server stands is nobody's business: not in the list, not asked.
        const inside = { type: suite.type, settings: vendor.settings("http://10.1.2.3") };
        const check = await app.send("POST", "/v1/data-sources/check", inside);
        expect(check.body).toMatchObject({
          ...{
            connected: false,
            message: expect.stringMatching(/10\.1\.2\.3 is a private .* FAIRWAY_OUTBOUND_ALLOW/),
          },
        });
        const wrong = await app.send<{ message: string }>("POST", path, { strategies: ["nightly"] });
        expect(wrong.status).toBe(422);
        expect(wrong.body.message).toContain('"nightly" is none of');
        expect((await app.send("POST", path, { days: "many" })).status).toBe(422);
        expect((await app.send("POST", path.replace(id, "src_000000000000000000"))).status).toBe(404);
      });

    test("live events in any order end where a fresh backfill does", async () => {
      const events = vendor.live();
      const [first] = events;
      if (first === undefined) throw new Error("no events");
      expect((await deliver(first, "not the secret")).status).toBe(401);
      for (const event of events) {
        const answer = await deliver(event);
        expect(answer).toMatchObject({ status: 202, body: { status: "accepted" } });
      }
      expect((await deliver(first)).body).toMatchObject({ ok: true, status: "duplicate" });
      expect((await settledSource(app, id)).deliveries).toEqual({ waiting: 0, failed: 0 });
      const log = await app.send("GET", `/v1/data-sources/${id}/events?limit=1`);
      expect(log.body).toMatchObject({ events: [{ status: "processed" }], next: expect.any(String) });
      const { id: other } = await connect(fresh);
      expect((await settledSource(fresh, other)).run?.status).toBe("completed");
      const expected = await catalogOf(fresh, suite.type);
      expect(await catalogOf(app, suite.type)).toEqual(expected);
    });

    test("a resync deletes what vanished and nothing else", async () => {
      const [blueprint] = suite.examples.map((example) => example.blueprint);
      await app.send("POST", `/v1/blueprints/${blueprint ?? ""}/entities`, { identifier: "by-hand" });
      const before = Object.keys(await catalogOf(app, suite.type));
      const gone = vendor.vanish();
      expect(gone.length).toBeGreaterThan(0);
      expect(before).toEqual(expect.arrayContaining([...gone]));
      const { run } = await readSource(app, id);
      await app.send("POST", `/v1/data-sources/${id}/resync`, {});
      const after = await settledSource(app, id, (run?.number ?? 0) + 1);
      expect(after.run).toMatchObject({ status: "completed", counts: { created: 0, deleted: gone.length } });
      const left = Object.keys(await catalogOf(app, suite.type));
      expect(before.filter((name) => !left.includes(name)).toSorted()).toEqual(gone.toSorted());
      expect(left).toContain(`${blueprint ?? ""}/by-hand`);
    });

    if (suite.isThorough === true)
      test("a delivery that means nothing is kept, told of, and tried again", async () => {
        const path = `/v1/data-sources/${id}/events`;
        expect((await deliver({ headers: {}, body: { odd: true } })).status).toBe(202);
        expect((await settledSource(app, id)).deliveries.failed).toBe(1);
        const list = await app.send<Events>("GET", `${path}?status=failed`);
        expect(list.body).toMatchObject({
          events: [{ outcome: { message: expect.any(String) } }],
          next: null,
        });
        const event = `${path}/${encodeURIComponent(list.body.events[0]?.id ?? "")}`;
        expect((await app.send("GET", event)).body).toMatchObject({ event: { body: { odd: true } } });
        expect((await app.send("GET", `${path}-count`)).body).toMatchObject({ events: { failed: 1 } });
        expect((await app.send("POST", `${event}/replay`)).body).toMatchObject({ replayed: 1 });
        expect((await settledSource(app, id)).deliveries.failed).toBe(1);
        expect((await app.send("POST", `/v1/data-sources/${id}/replay`, {})).body).toMatchObject({
          replayed: 1,
        });
        expect((await settledSource(app, id)).deliveries.failed).toBe(1);
        // Of what was processed only the outcome is kept.
        const done = (await app.send<Events>("GET", `${path}?status=processed&limit=1`)).body.events[0];
        const again = `${path}/${encodeURIComponent(done?.id ?? "")}/replay`;
        expect(await app.send("POST", again)).toMatchObject({ status: 409, body: { error: "conflict" } });
        expect((await app.send("POST", `${path}/nobody/replay`)).status).toBe(404);
        expect((await app.send("GET", `${path}?status=lost`)).status).toBe(422);
      });

    test("a wrong token is said, and deletes nothing", async () => {
      const before = Object.keys(await catalogOf(app, suite.type)).length;
      const secrets = connectors.get(suite.type)?.settings.filter((one) => one.secret) ?? [];
      const used = secrets.filter(({ name }) => vendor.settings(server.url)[name] !== undefined);
      const settings = Object.fromEntries(used.map(({ name }) => [name, "wrong-one"]));
      const { run } = await readSource(app, id);
      const address = connectors.get(suite.type)?.settings.find(({ name }) => /url$/i.test(name))?.name;
      if (address !== undefined) {
        // Who may change settings but not see secrets must not have them sent to a server of their own.
        const moved = { settings: { [address]: "http://127.0.0.1:9" } };
        const refused = await app.send<{ message: string }>("PATCH", `/v1/data-sources/${id}`, moved);
        expect(refused).toMatchObject({ status: 422 });
        expect(refused.body.message).toMatch(/must be sent again/);
      }
      expect((await app.send("PATCH", `/v1/data-sources/${id}`, { settings })).status).toBe(200);
      const after = await settledSource(app, id, (run?.number ?? 0) + 1);
      expect(after.run?.status).toBe("failed");
      expect(after.run?.message).toMatch(/401/);
      expect(after.run?.message).not.toContain("wrong-one");
      const [refused, ...others] = after.run?.kinds.map(({ status }) => status) ?? [];
      expect([refused, ...new Set(others)]).toEqual(others.length > 0 ? ["failed", "skipped"] : ["failed"]);
      expect(Object.keys(await catalogOf(app, suite.type))).toHaveLength(before);
      const check = await app.send("POST", `/v1/data-sources/${id}/check`);
      expect(check.body).toMatchObject({ ok: true, connected: false });
    });
  });
}

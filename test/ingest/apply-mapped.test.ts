import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { getEntity, getEntityCount } from "../../src/catalog/read-entities.ts";
import { applyMapped, type Source } from "../../src/ingest/apply-mapped.ts";
import { applyObjects, removeObject, type SourceWriter } from "../../src/ingest/sources/apply-objects.ts";
import { changeDataSource, createDataSource, getDataSource } from "../../src/ingest/sources/manage.ts";
import { nextStep } from "../../src/ingest/sources/list-page.ts";
import { processDeliveries } from "../../src/ingest/sources/live-events.ts";
import {
  connectorOf,
  inboxOf,
  type OpenSource,
  settingsOf,
  sourceMeans,
  type SecretBox,
} from "../../src/ingest/sources/open-source.ts";
import { createSourceRunner } from "../../src/ingest/sources/run-source.ts";
import { newRun, type RunState } from "../../src/ingest/sources/run-state.ts";
import { leaveOutLate } from "../../src/ingest/late-events.ts";
import type { Kind, RawObject } from "../../src/integrations/connector.ts";
import { HttpError } from "../../src/integrations/http-client.ts";
import {
  compileIntegrationMapping,
  compileWebhookMapping,
  type Mapped,
  mapPayload,
} from "../../src/ingest/mapping.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { readDataSource } from "../../src/storage/data-sources.ts";
import { countEvents } from "../../src/storage/events.ts";
import { storeDelivery } from "../../src/storage/inbox.ts";
import { claim } from "../../src/storage/queue.ts";
import { SOURCES_QUEUE } from "../../src/storage/queues.ts";
import { transact } from "../../src/storage/transact.ts";
import { countStatements } from "../support/count-statements.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { changes, define, put } from "../catalog/fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
let n = 0;
let bp = "";
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
});
afterAll(() => t.close());
beforeEach(async () => {
  bp = `b${++n}`;
  await define(
    ctx,
    bp,
    { a: { type: "string" }, n: { type: "number" } },
    {
      relations: { up: { target: bp, many: false, required: false } },
    },
  );
});

const SOURCE: Source = {
  ...{ id: "hook", datasource: "webhook/hook", title: "Hook" },
  ...{ createMissingRelatedEntities: false, enableMergeEntity: true, deletesOwnOnly: false },
};
const map = (mapping: unknown, body: unknown): Mapped =>
  mapPayload(compileWebhookMapping(mapping), null, { body }, { now: new Date() });
const simple = (body: unknown): Mapped =>
  map(
    [
      {
        blueprint: bp,
        entity: {
          identifier: ".body.id",
          properties: { a: ".body.a", n: ".body.n" },
          relations: { up: ".body.up" },
        },
      },
    ],
    body,
  );

describe("applyMapped", () => {
  test("one outcome for each payload, with the effect of one after the other", async () => {
    const outcomes = await applyMapped(ctx, SOURCE, [
      simple({ id: "x", a: "1" }),
      simple({ id: "y", a: "1" }),
      simple({ id: "x", a: "2" }),
      simple({ id: "x", a: "2" }),
    ]);
    expect(outcomes).toMatchObject([{ created: 1 }, { created: 1 }, { updated: 1 }, { unchanged: 1 }]);
    expect(await getEntity(ctx, bp, "x")).toMatchObject({ properties: { a: "2" }, updatedBy: "hook" });
    expect(
      (await changes(ctx)).filter((change) => change.blueprint === bp && change.kind === "entity"),
    ).toHaveLength(3);
  });

  test("what relates to something later in the batch is written too; what stays missing is told", async () => {
    const outcomes = await applyMapped(ctx, SOURCE, [
      simple({ id: "c", up: "b" }),
      simple({ id: "b", up: "a" }),
      simple({ id: "a" }),
      simple({ id: "z", up: "nobody" }),
    ]);
    expect(outcomes).toMatchObject([
      ...[{ created: 1 }, { created: 1 }, { created: 1 }],
      { created: 0, errors: [{ code: "not_found", blueprint: bp, identifier: "z", lost: true }] },
    ]);
    expect(outcomes[3]?.errors[0]?.reason).toContain('"nobody"');
  });

  test("a value that does not fit fails its entity, a blueprint that is missing its entities", async () => {
    const outcomes = await applyMapped(ctx, SOURCE, [
      simple({ id: "x", n: "many" }),
      simple({ id: "y", n: 1 }),
      map([{ blueprint: "nowhere", entity: { identifier: ".body.id" } }], { id: "q" }),
    ]);
    expect(outcomes).toMatchObject([
      { errors: [{ code: "invalid_request", identifier: "x" }] },
      { created: 1, errors: [] },
      { errors: [{ code: "not_found", blueprint: "nowhere", identifier: "q" }] },
    ]);
    expect(outcomes[0]?.errors[0]?.reason).toContain("n");
  });

  test("deletion and creation in the order of the mappings and of the payloads", async () => {
    const both = (id: string): Mapped =>
      map(
        [
          { blueprint: bp, operation: "delete", entity: { identifier: ".body.id" } },
          { blueprint: bp, entity: { identifier: ".body.id", properties: { n: "1" } } },
        ],
        { id },
      );
    const gone = map([{ blueprint: bp, operation: "delete", entity: { identifier: ".body.id" } }], {
      id: "x",
    });
    await put(ctx, bp, { identifier: "x", properties: { a: "old" } });
    expect(await applyMapped(ctx, SOURCE, [both("x")])).toMatchObject([{ deleted: 1, created: 1 }]);
    expect(await getEntity(ctx, bp, "x")).toMatchObject({ properties: { n: 1 } });
    expect(await applyMapped(ctx, SOURCE, [simple({ id: "x", n: 5 }), gone, gone])).toMatchObject([
      ...[{ updated: 1 }, { deleted: 1 }, { deleted: 0, errors: [] }],
    ]);
    expect(await getEntityCount(ctx, bp)).toBe(0);
  });

  test("what was written is known to be new, though another entity of the event failed", async () => {
    const mapping = [
      { blueprint: bp, version: ".body.at", entity: { identifier: '"x"', properties: { a: ".body.a" } } },
      { blueprint: bp, version: ".body.at", entity: { identifier: '"y"', properties: { n: '"none"' } } },
    ];
    const send = async (body: object): Promise<unknown> => {
      const guarded = await leaveOutLate(ctx, `webhook:${bp}`, [map(mapping, body)]);
      await guarded.note(await applyMapped(ctx, SOURCE, guarded.mapped));
      return guarded.warnings;
    };
    expect(await send({ a: "new", at: 2 })).toEqual([[]]);
    // The other one is not: an older state would be better than none.
    expect(await send({ a: "old", at: 1 })).toEqual([
      [`${bp} x: left out, the event is of 1 and a state of 2 is known`],
    ]);
    expect((await getEntity(ctx, bp, "x")).properties["a"]).toBe("new");
  });

  test("deletes its own only, where it is told so", async () => {
    const gone = (id: string): Mapped =>
      map([{ blueprint: bp, operation: "delete", entity: { identifier: ".body" } }], id);
    await put(ctx, bp, { identifier: "theirs" });
    await applyMapped(ctx, SOURCE, [simple({ id: "ours" })]);
    const own = { ...SOURCE, deletesOwnOnly: true };
    expect(await applyMapped(ctx, own, [gone("theirs"), gone("ours")])).toMatchObject([
      { deleted: 0 },
      { deleted: 1 },
    ]);
  });

  test("missing targets are created, what is not mapped is reset, as the source says", async () => {
    const source = { ...SOURCE, createMissingRelatedEntities: true, enableMergeEntity: false };
    await put(ctx, bp, { identifier: "x", title: "T", properties: { n: 1 } });
    await applyMapped(ctx, source, [simple({ id: "x", a: "1", up: "new" })]);
    expect(await getEntity(ctx, bp, "x")).toMatchObject({ title: null, relations: { up: "new" } });
    expect(await getEntity(ctx, bp, "new")).toMatchObject({ identifier: "new" });
  });

  test("validation only writes nothing", async () => {
    const source = { ...SOURCE, validationOnly: true };
    expect(await applyMapped(ctx, source, [simple({ id: "x", n: "no" }), simple({ id: "y" })])).toMatchObject(
      [...[{ errors: [{ code: "invalid_request" }] }, { created: 1, errors: [] }]],
    );
    expect(await getEntityCount(ctx, bp)).toBe(0);
  });

  test("two hundred payloads are a handful of statements, in a transaction too", async () => {
    const events = Array.from({ length: 200 }, (_, i) => simple({ id: `e${i}`, n: i, up: "e0" }));
    const { db, statements } = countStatements(t.database.kysely);
    await transact({ ...ctx, db }, async (tx) => {
      const outcomes = await applyMapped(tx, SOURCE, events);
      expect(outcomes.every(({ created }) => created === 1)).toBe(true);
    });
    expect(statements.length).toBeLessThan(25);
    expect(await getEntityCount(ctx, bp)).toBe(200);
  });
});

const box: SecretBox = {
  seal: (_org, _name, text) => Buffer.from(text),
  open: (_org, _name, sealed) => Buffer.from(sealed).toString(),
};

describe("applyObjects", () => {
  const kind: Kind = { kind: "run", title: "Runs", list: () => Promise.resolve({ objects: [], next: null }) };
  const at = (version: string | null, a: string): RawObject => ({ key: "7", version, payload: { a } });
  let source: SourceWriter;
  beforeEach(async () => {
    const { dataSource } = await createDataSource(ctx, sourceMeans(box, []), {
      type: "codefresh",
      settings: { token: "none" },
    });
    const mappings = { identifier: '"seven"', blueprint: JSON.stringify(bp), properties: { a: ".a" } };
    const plan = compileIntegrationMapping({
      resources: [{ kind: "run", selector: { query: "true" }, port: { entity: { mappings } } }],
    });
    source = { id: String(dataSource["id"]), plan, writer: { ...SOURCE, deletesOwnOnly: true }, run: null };
  });
  const stored = async (): Promise<unknown> =>
    (await getEntityCount(ctx, bp)) === 0 ? null : (await getEntity(ctx, bp, "seven")).properties["a"];

  test.each([
    ["event", true],
    ["listing or fetched object", false],
  ])("a state that is older than the one that is known changes nothing (%s)", async (_name, isEvent) => {
    await applyObjects(ctx, source, kind, [at("2026-03-01T10:00:02Z", "second")], true);
    await applyObjects(ctx, source, kind, [at("2026-03-01T10:00:01Z", "first")], isEvent);
    expect(await stored()).toBe("second");
    // The same state again is applied: the mapping may be another.
    await applyObjects(ctx, source, kind, [at("2026-03-01T10:00:02Z", "second, again")], isEvent);
    expect(await stored()).toBe("second, again");
    await applyObjects(ctx, source, kind, [at(null, "nobody knows when")], isEvent);
    expect(await stored()).toBe("nobody knows when");
  });

  test("an old event does not bring back what is gone; a listing does", async () => {
    await applyObjects(ctx, source, kind, [at("2", "second")], true);
    await removeObject(ctx, source, { kind: "run", key: "7" }, null);
    expect(await stored()).toBeNull();
    await applyObjects(ctx, source, kind, [at("2", "second")], true);
    expect(await stored()).toBeNull();
    await applyObjects(ctx, source, kind, [at("2", "second")], false);
    expect(await stored()).toBe("second");
  });
});

test("a data source that is read with another secret key says so, and keeps what is due for when the right one is back", async () => {
  const means = sourceMeans(box, []);
  const input = { type: "codefresh", settings: { token: "none" } };
  const id = String((await createDataSource(ctx, means, input)).dataSource["id"]);
  const before = await readDataSource(ctx.db, ctx.org, id);
  const open = (): never => {
    throw new Error("unable to authenticate data");
  };
  const run = createSourceRunner({ ...means, box: { ...box, open } });
  const job = (await claim(ctx.db, SOURCES_QUEUE, 100, 30)).find(({ key }) => key === id);
  if (job === undefined) throw new Error("there is no job");
  const write = await run(ctx, job);
  await transact(ctx, (tx) => write(tx));
  const after = await readDataSource(ctx.db, ctx.org, id);
  expect(after?.run).toMatchObject({
    status: "failed",
    message: "its secrets cannot be decrypted with this key",
  });
  expect(after?.next_full_at).not.toBeNull();
  expect([after?.next_full_at, after?.next_quick_at]).toEqual([before?.next_full_at, before?.next_quick_at]);
  // Looked at again after a while, by itself.
  const { rows } = await sql`select key from job where queue = ${SOURCES_QUEUE} and key = ${id}
    and run_at between now() + interval '4 minutes' and now() + interval '6 minutes'`.execute(ctx.db);
  expect(rows).toHaveLength(1);
});

describe("a connected system that misbehaves", () => {
  const object = (id: string): RawObject => ({ key: id, version: null, payload: { id } });
  const nothing: Kind["list"] = () => Promise.resolve({ objects: [], next: null });

  /** With these kinds; its deliveries name one of the first kind. */
  async function open(kinds: readonly Kind[]): Promise<OpenSource> {
    const means = sourceMeans(box, []);
    const input = { type: "codefresh", settings: { token: "none" } };
    const id = String((await createDataSource(ctx, means, input)).dataSource["id"]);
    const row = await readDataSource(ctx.db, ctx.org, id);
    if (row === undefined) throw new Error("there is no data source");
    const base = connectorOf("codefresh");
    const settings = settingsOf(row, box);
    const mappings = { identifier: ".id", blueprint: JSON.stringify(bp) };
    const port = { entity: { mappings } };
    const resources = kinds.map(({ kind }) => ({ kind, selector: { query: "true" }, port }));
    const changes: OpenSource["connector"]["webhook"]["changes"] = ({ body }) => {
      const key = String(body["id"]);
      if (key === "odd") throw new TypeError("it is not iterable");
      return [{ op: "refetch", kind: kinds[0]?.kind ?? "", key, ref: { id: key } }];
    };
    return {
      ...{ id, row, run: null, settings, session: base.open(settings, means.outbound) },
      connector: { ...base, title: "Vendor", kinds, webhook: { ...base.webhook, changes } },
      plan: compileIntegrationMapping({ resources }),
      writer: { ...SOURCE, deletesOwnOnly: true },
    };
  }

  async function runOf(source: OpenSource): Promise<RunState> {
    let run = newRun(null, "full", source.connector.kinds, ctx.now());
    for (let steps = 0; run.status === "running" && steps < 20; steps += 1)
      ({ run } = await nextStep(ctx, { ...source, run }, run));
    return run;
  }

  test("one repository that refuses is told, and the others are read", async () => {
    const list: Kind["list"] = (_session, { parent }) =>
      parent?.key === "b"
        ? Promise.reject(new HttpError("Vendor refused b", 403, { isPassing: false }))
        : Promise.resolve({ objects: [object(`run-${parent?.key ?? ""}`)], next: null });
    const source = await open([
      {
        ...{ kind: "repository", title: "Repositories" },
        list: () => Promise.resolve({ objects: ["a", "b", "c"].map(object), next: null }),
      },
      { kind: "run", title: "Runs", under: "repository", list },
    ]);
    expect(await runOf(source)).toMatchObject({
      ...{ status: "failed", message: expect.stringContaining("run (Vendor refused b)") },
      deletion: expect.stringContaining("nothing was deleted"),
      kinds: [
        { status: "done" },
        { status: "failed", fetched: 2, message: "Vendor refused b", parents: { done: 3, all: 3 } },
      ],
    });
    expect(await getEntityCount(ctx, bp)).toBe(5);
  });

  test.each([
    [403, "not everything could be listed: repository (Vendor refused)"],
    [401, "Vendor refused"],
  ])("what was not read after a %i is skipped, and says after what", async (status, message) => {
    const refuse = () => Promise.reject(new HttpError("Vendor refused", status, { isPassing: false }));
    const list: Kind["list"] = () => Promise.resolve({ objects: [], next: null });
    const source = await open([
      { kind: "repository", title: "Repositories", list: refuse },
      { kind: "run", title: "CI runs", under: "repository", list },
      { kind: "step", title: "Steps", under: "run", list },
    ]);
    expect(await runOf(source)).toMatchObject({
      ...{ status: "failed", message },
      kinds: [
        { status: "failed", message: "Vendor refused" },
        { status: "skipped", fetched: 0, message: "stopped after repositories failed" },
        { status: "skipped", fetched: 0, message: "stopped after repositories failed" },
      ],
    });
  });

  test("a page that names itself as the next one is not asked for without end", async () => {
    const list: Kind["list"] = () => Promise.resolve({ objects: [object("a")], next: "2" });
    expect(await runOf(await open([{ kind: "run", title: "Runs", list }]))).toMatchObject({
      status: "failed",
      message: expect.stringContaining("Vendor names a page of run as the next one of itself"),
    });
  });

  test("a delivery that it never answers about does not hold the others for good", async () => {
    let failure = new HttpError("Vendor limits", 429, { isPassing: true });
    const fetch: Kind["fetch"] = (_session, ref) =>
      ref["id"] === "bad" ? Promise.reject(failure) : Promise.resolve(object("good"));
    const source = await open([{ kind: "run", title: "Runs", list: nothing, fetch }]);
    const inbox = inboxOf(source.id);
    const came = Date.now();
    for (const id of ["bad", "odd", "good"]) {
      const delivery = {
        source: inbox,
        deliveryId: id,
        payload: JSON.stringify({ headers: {}, body: { id } }),
      };
      await storeDelivery(ctx.db, ctx.org, delivery, new Date(came));
    }
    const after = (minutes: number): ReturnType<typeof processDeliveries> =>
      processDeliveries({ ...ctx, now: () => new Date(came + minutes * 60_000) }, source);
    // A limit is waited out, whatever it takes.
    expect(await after(11)).toEqual({ more: true, resync: false, waitMs: 60_000 });
    failure = new HttpError("Vendor answered 502", 502, { isPassing: true });
    expect(await after(0)).toEqual({ more: true, resync: false, waitMs: 1000 });
    expect(await after(2)).toEqual({ more: true, resync: false, waitMs: 30_000 });
    expect(await after(11)).toEqual({ more: false, resync: false, waitMs: null });
    expect(await countEvents(ctx.db, ctx.org, inbox)).toMatchObject({ received: 0, failed: 2, processed: 1 });
    expect(await getEntity(ctx, bp, "good")).toMatchObject({ identifier: "good" });
  });
});

test("secrets that are sealed with a key that is gone are entered again; until then none is said to be set", async () => {
  const means = sourceMeans(box, []);
  const input = { type: "codefresh", settings: { token: "of the old key" } };
  const id = String((await createDataSource(ctx, means, input)).dataSource["id"]);
  expect(await getDataSource(ctx, box, id)).toMatchObject({ secretSettings: ["token"] });
  const renewed: SecretBox = {
    seal: (_org, _name, text) => Buffer.from(`new ${text}`),
    open: (_org, _name, sealed) => {
      const text = Buffer.from(sealed).toString();
      if (!text.startsWith("new ")) throw new Error("unable to authenticate data");
      return text.slice(4);
    },
  };
  expect(await getDataSource(ctx, renewed, id)).toMatchObject({ secretSettings: [] });
  const change = (settings: object) => changeDataSource(ctx, sourceMeans(renewed, []), id, { settings });
  await expect(change({})).rejects.toThrow("token");
  expect(await getDataSource(ctx, renewed, id)).toMatchObject({ secretSettings: [] });
  await change({ token: "of the new key" });
  expect(await getDataSource(ctx, renewed, id)).toMatchObject({ secretSettings: ["token"] });
});

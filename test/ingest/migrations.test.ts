import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { getBlueprint } from "../../src/catalog/define-blueprint.ts";
import { getEntity, getEntityCount } from "../../src/catalog/read-entities.ts";
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import { upsertEntities } from "../../src/catalog/upsert-entity.ts";
import { startWorker, type Worker } from "../../src/engine/worker.ts";
import { runMigration } from "../../src/ingest/migrate-entities.ts";
import {
  cancelMigration,
  getMigration,
  getMigrations,
  startDeletion,
  startMigration,
} from "../../src/ingest/migrations.ts";
import type { Actor } from "../../src/model/actor.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { Looks } from "../../src/storage/look.ts";
import { claim } from "../../src/storage/queue.ts";
import { MIGRATIONS_QUEUE } from "../../src/storage/queues.ts";
import { transact } from "../../src/storage/transact.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { SOON } from "../support/patience.ts";
import { allEntities, changes, define, MERGE, put, refusal } from "../catalog/fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
let n = 0;
let name = "";
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
});
afterAll(() => t.close());
beforeEach(() => {
  name = `b${++n}`;
});

const ALICE: Actor = { kind: "user", id: "alice@example.com", datasource: null };

/** Runs batches as the worker does, until none is left or `limit` were run. @returns how many were run */
async function work(limit = 1000): Promise<number> {
  for (let i = 0; i < limit; i++) {
    const [job] = await claim(ctx.db, MIGRATIONS_QUEUE, 1, 60);
    if (job === undefined) return i;
    const write = await runMigration(ctx, job);
    await transact(ctx, async (tx) => {
      await write(tx);
      await sql`
        delete from job where queue = ${MIGRATIONS_QUEUE} and key = ${job.key} and ticket = ${job.ticket}`.execute(
        tx.db,
      );
      await sql`update job set lease_token = null, lease_until = null where key = ${job.key}`.execute(tx.db);
    });
  }
  return limit;
}

async function fill(
  blueprint: string,
  count: number,
  body: (i: number) => object = () => ({}),
): Promise<void> {
  for (let from = 0; from < count; from += 500) {
    const bodies = Array.from({ length: Math.min(500, count - from) }, (_, i) => ({
      identifier: `e${String(from + i).padStart(5, "0")}`,
      ...body(from + i),
    }));
    const { outcomes } = await upsertEntities(ctx, blueprint, bodies, MERGE);
    expect(outcomes.every((outcome) => outcome.ok)).toBe(true);
  }
}

describe("§3.10 DELETE all-entities", () => {
  test("§3.10 deletes every entity in batches, counts them, and leaves the blueprint", async () => {
    await define(ctx, name);
    await fill(name, 1200);
    const id = await startDeletion(ctx, name, { deleteBlueprint: false });
    expect(await getMigration(ctx, id)).toMatchObject({
      ...{ id, sourceBlueprint: name, mapping: null, status: "INITIALIZING", actor: "fairway" },
      ...{ deleteEntities: true, deleteBlueprint: false, successCount: 0, failureCount: 0, totalCount: null },
    });
    await work(1);
    expect(await getMigration(ctx, id)).toMatchObject({
      status: "RUNNING",
      totalCount: 1200,
      successCount: 500,
    });
    expect(await getEntityCount(ctx, name)).toBe(700);
    await work();
    expect(await getMigration(ctx, id)).toMatchObject({
      ...{ status: "COMPLETED", totalCount: 1200, successCount: 1200, failureCount: 0, failures: [] },
      finishedAt: expect.any(String) as string,
    });
    expect(await getEntityCount(ctx, name)).toBe(0);
    expect(await getBlueprint(ctx, name)).toMatchObject({ identifier: name });
  });

  test("§3.10 delete_blueprint removes the blueprint after its entities", async () => {
    await define(ctx, name, {}, { relations: { self: { target: name } } });
    await fill(name, 30, (i) => (i === 0 ? {} : { relations: { self: "e00000" } }));
    const id = await startDeletion(ctx, name, { deleteBlueprint: true });
    await work();
    expect(await getMigration(ctx, id)).toMatchObject({ status: "COMPLETED", successCount: 30 });
    expect(await refusal(() => getBlueprint(ctx, name))).toMatchObject({ code: "not_found" });
  });

  test("§3.10 is unusable when other blueprints have required relations to it", async () => {
    await define(ctx, name);
    await define(ctx, `${name}x`, {}, { relations: { r: { target: name, required: true } } });
    expect(await refusal(() => startDeletion(ctx, name, { deleteBlueprint: false }))).toMatchObject({
      code: "has_dependents",
      extra: { count: 1, dependents: [{ kind: "relation", blueprint: `${name}x`, identifier: "r" }] },
    });
  });

  test("§3.10 with delete_blueprint any relation of another blueprint refuses it, before anything is deleted", async () => {
    await define(ctx, name);
    await fill(name, 3);
    await define(ctx, `${name}x`, {}, { relations: { r: { target: name } } });
    expect(await refusal(() => startDeletion(ctx, name, { deleteBlueprint: true }))).toMatchObject({
      code: "has_dependents",
    });
    expect(await getEntityCount(ctx, name)).toBe(3);
  });

  test("optional relations of others are cleared; the writes are told in the name of whoever asked", async () => {
    await define(ctx, name);
    await fill(name, 3);
    await define(ctx, `${name}x`, {}, { relations: { r: { target: name, many: true } } });
    await put(ctx, `${name}x`, { identifier: "x", relations: { r: ["e00000", "e00002"] } });
    await startDeletion({ ...ctx, actor: ALICE, runId: "run_1" }, name, { deleteBlueprint: false });
    await work();
    expect((await getEntity(ctx, `${name}x`, "x")).relations).toEqual({ r: [] });
    const rows = (await changes(ctx)).filter((row) => row.blueprint === name && row.action === "DELETE");
    expect(rows.map((row) => [row.identifier, row.actor])).toEqual(
      ["e00000", "e00001", "e00002"].map((identifier) => [identifier, ALICE.id]),
    );
  });

  test("required relations inside the blueprint do not hold each other", async () => {
    await define(ctx, name, {}, { relations: { up: { target: name } } });
    await fill(name, 700);
    await changeBlueprint(ctx, name, { relations: { up: { target: name, required: true } } });
    // The oldest are required by the youngest, which are in another batch.
    await fill(name, 700, (i) => ({ relations: { up: `e${String((i + 699) % 700).padStart(5, "0")}` } }));
    const id = await startDeletion(ctx, name, { deleteBlueprint: false });
    await work();
    expect(await getMigration(ctx, id)).toMatchObject({
      status: "COMPLETED",
      successCount: 700,
      totalCount: 700,
    });
    expect(await getEntityCount(ctx, name)).toBe(0);
  });

  test("entities that came after it was asked for stay, unless the blueprint goes too", async () => {
    await define(ctx, name);
    await fill(name, 2);
    const at = new Date(Date.now() - 60_000);
    await startDeletion({ ...ctx, now: () => at }, name, { deleteBlueprint: false });
    await work();
    expect(await getEntityCount(ctx, name)).toBe(2);
    await startDeletion({ ...ctx, now: () => at }, name, { deleteBlueprint: true });
    await work();
    expect(await refusal(() => getBlueprint(ctx, name))).toMatchObject({ code: "not_found" });
  });

  test("a relation that becomes required meanwhile ends it with FAILURE and deletes nobody else's entities", async () => {
    await define(ctx, name);
    await fill(name, 3);
    await define(ctx, `${name}x`);
    const id = await startDeletion(ctx, name, { deleteBlueprint: false });
    await changeBlueprint(ctx, `${name}x`, { relations: { r: { target: name, required: true } } });
    await put(ctx, `${name}x`, { identifier: "x", relations: { r: "e00001" } });
    await work();
    expect(await getMigration(ctx, id)).toMatchObject({
      status: "FAILURE",
      reason: expect.stringContaining("is required by") as string,
    });
    expect(await getEntityCount(ctx, name)).toBe(3);
    expect(await getEntityCount(ctx, `${name}x`)).toBe(1);
  });

  test("the blueprint may be renamed meanwhile", async () => {
    await define(ctx, name);
    await fill(name, 800);
    const id = await startDeletion(ctx, name, { deleteBlueprint: true });
    await work(1);
    await changeBlueprint(ctx, name, { identifier: `${name}new` });
    await work();
    expect(await getMigration(ctx, id)).toMatchObject({
      ...{ status: "COMPLETED", successCount: 800, sourceBlueprint: `${name}new` },
    });
    expect(await refusal(() => getBlueprint(ctx, `${name}new`))).toMatchObject({ code: "not_found" });
  });

  test("of a missing blueprint: not_found", async () => {
    expect(await refusal(() => startDeletion(ctx, name, { deleteBlueprint: false }))).toMatchObject({
      code: "not_found",
    });
  });
});

const MAPPING = {
  blueprint: '"TARGET"',
  entity: { identifier: ".identifier", title: ".title", properties: { size: ".properties.n * 2" } },
};
const mapping = (target: string, more: object = {}, entity: object = {}) => ({
  ...MAPPING,
  blueprint: JSON.stringify(target),
  ...more,
  entity: { ...MAPPING.entity, ...entity },
});

describe("§3.10 migrations by mapping", () => {
  beforeEach(async () => {
    await define(ctx, name, { n: { type: "number" }, tags: { type: "array" } });
    await define(
      ctx,
      `${name}t`,
      { size: { type: "number" } },
      { relations: { parent: { target: `${name}t` } } },
    );
  });

  test("§3.10 run each source entity through jq to create entities in the target blueprint", async () => {
    await fill(name, 450, (i) => ({ title: `T${i}`, properties: { n: i } }));
    const started = await startMigration(ctx, { sourceBlueprint: name, mapping: mapping(`${name}t`) });
    expect(started).toMatchObject({
      ...{ status: "INITIALIZING", deleteEntities: false, deleteBlueprint: false },
      mapping: mapping(`${name}t`),
    });
    await work();
    expect(await getMigration(ctx, String(started["id"]))).toMatchObject({
      ...{ status: "COMPLETED", totalCount: 450, successCount: 450, failureCount: 0 },
    });
    expect(await getEntity(ctx, `${name}t`, "e00449")).toMatchObject({
      ...{ title: "T449", properties: { size: 898 } },
    });
    expect(await getEntityCount(ctx, name)).toBe(450);
  });

  test("filter leaves out, itemsToParse gives one entity per element as .item", async () => {
    await put(ctx, name, { identifier: "a", properties: { n: 1, tags: ["x", "y"] } });
    await put(ctx, name, { identifier: "b", properties: { n: 2, tags: ["z"] } });
    const more = { filter: ".properties.n < 2", itemsToParse: ".properties.tags" };
    const entity = { identifier: '.identifier + "-" + .item', title: ".item" };
    const { id } = await startMigration(ctx, {
      sourceBlueprint: name,
      mapping: mapping(`${name}t`, more, entity),
    });
    await work();
    expect(await getMigration(ctx, String(id))).toMatchObject({ status: "COMPLETED", successCount: 2 });
    expect((await allEntities(ctx, `${name}t`)).map((one) => [one.identifier, one.title])).toEqual([
      ["a-x", "x"],
      ["a-y", "y"],
    ]);
  });

  test("relations to entities that come later are found in another attempt", async () => {
    // Each relates to the next: the first attempt finds none but the last one's.
    await fill(name, 420, (i) => ({ title: i === 419 ? null : `e${String(i + 1).padStart(5, "0")}` }));
    const { id } = await startMigration(ctx, {
      sourceBlueprint: name,
      mapping: mapping(`${name}t`, {}, { title: "null", relations: { parent: ".title" } }),
    });
    // Three batches and an end for each of: the first way, the way back.
    expect(await work(20)).toBeLessThan(12);
    const over = await getMigration(ctx, String(id));
    expect(over).toMatchObject({ successCount: 420, failureCount: 0, status: "COMPLETED", failures: [] });
    expect((await getEntity(ctx, `${name}t`, "e00000")).relations).toEqual({ parent: "e00001" });
  });

  test("what fails is counted and told by name; what can be done is done", async () => {
    await put(ctx, name, { identifier: "good", properties: { n: 1 } });
    await put(ctx, name, { identifier: "lost", title: "nobody", properties: { n: 2 } });
    await put(ctx, name, { identifier: "text", properties: { n: 3 } });
    const { id } = await startMigration(ctx, {
      sourceBlueprint: name,
      mapping: mapping(
        `${name}t`,
        {},
        {
          properties: { size: 'if .identifier == "text" then "big" else .properties.n end', gone: "1" },
          relations: { parent: ".title" },
        },
      ),
    });
    await work();
    const over = await getMigration(ctx, String(id));
    expect(over).toMatchObject({ status: "COMPLETED", successCount: 1, failureCount: 2 });
    expect(over["failures"]).toEqual([
      { identifier: "lost", message: expect.stringContaining('"nobody"') as string },
      { identifier: "text", message: expect.stringContaining("must be a number") as string },
    ]);
    expect(over["warnings"]).toContainEqual({
      identifier: "good",
      message: `properties.gone: not a property of blueprint "${name}t", dropped`,
    });
  });

  test("when nothing succeeds: FAILURE", async () => {
    await put(ctx, name, { identifier: "a" });
    const { id } = await startMigration(ctx, { sourceBlueprint: name, mapping: mapping("nowhere") });
    await work();
    expect(await getMigration(ctx, String(id))).toMatchObject({
      ...{ status: "FAILURE", successCount: 0, failureCount: 1, reason: "no entity could be migrated" },
      failures: [{ identifier: "a", message: 'Blueprint with identifier "nowhere" was not found' }],
    });
  });

  test("an expression that never ends fails its entity, not the server", async () => {
    await put(ctx, name, { identifier: "a", properties: { n: 1 } });
    const { id } = await startMigration(ctx, {
      sourceBlueprint: name,
      mapping: mapping(`${name}t`, {}, { title: "[range(1e9)] | length | tostring" }),
    });
    await work();
    expect(await getMigration(ctx, String(id))).toMatchObject({ status: "FAILURE", failureCount: 1 });
  });

  test.each<[object, RegExp]>([
    [{ blueprint: "(" }, /mapping\.blueprint "\(" is not jq/],
    [{ blueprint: 5 }, /mapping\.blueprint must be a jq expression/],
    [{ filter: ".x |" }, /mapping\.filter ".x \|" is not jq/],
    [{ entity: { identifier: "" } }, /mapping\.entity\.identifier has 0 characters/],
    [{ entity: { identifier: ".x", properties: { "a b": "1" } } }, /the identifier "a b" must have/],
    [{ entity: [] }, /mapping\.entity must be an object/],
  ])("a mapping that is none is refused when it is sent: %j", async (wrong, message) => {
    const whole = { ...mapping(`${name}t`), ...wrong };
    const refused = await refusal(() => startMigration(ctx, { sourceBlueprint: name, mapping: whole }));
    expect(refused.code).toBe("invalid_request");
    expect(refused.message).toMatch(message);
  });

  test("§3.10 GET /v1/migrations filters by status, actor, blueprint; newest first", async () => {
    const asAlice = { ...ctx, actor: ALICE };
    const body = { sourceBlueprint: name, mapping: mapping(`${name}t`) };
    const first = await startMigration(asAlice, body);
    await work();
    const second = await startMigration({ ...ctx, now: () => new Date(Date.now() + 1000) }, body);
    const ids = async (question: Parameters<typeof getMigrations>[1]) =>
      (await getMigrations(ctx, { blueprint: name, ...question })).map((one) => one["id"]);
    expect(await ids({})).toEqual([second["id"], first["id"]]);
    expect(await ids({ status: ["COMPLETED", "FAILURE"] })).toEqual([first["id"]]);
    expect(await ids({ actor: ALICE.id })).toEqual([first["id"]]);
    expect(await ids({ actor: ALICE.id, status: ["RUNNING"] })).toEqual([]);
    expect((await refusal(() => getMigrations(ctx, { status: ["DONE"] }))).message).toMatch(
      /status "DONE" is not one of INITIALIZING, PENDING/,
    );
    await work();
  });
});

describe("§3.10 POST …/cancel", () => {
  test("§3.10 stops before the next batch and keeps the reason", async () => {
    await define(ctx, name);
    await fill(name, 1200);
    const id = await startDeletion(ctx, name, { deleteBlueprint: true });
    await work(1);
    const asked = await cancelMigration(ctx, id, "not that one");
    expect(asked).toMatchObject({ status: "PENDING_CANCELLATION", successCount: 500 });
    await work();
    expect(await getMigration(ctx, id)).toMatchObject({
      ...{ status: "CANCELLED", reason: "not that one", successCount: 500, totalCount: 1200 },
    });
    expect(await getEntityCount(ctx, name)).toBe(700);
    expect(await refusal(() => cancelMigration(ctx, id, null))).toMatchObject({ code: "conflict" });
  });

  test("before it began nothing is done at all", async () => {
    await define(ctx, name);
    await fill(name, 3);
    const id = await startDeletion(ctx, name, { deleteBlueprint: false });
    await cancelMigration(ctx, id, null);
    await work();
    expect(await getMigration(ctx, id)).toMatchObject({ status: "CANCELLED", successCount: 0 });
    expect(await getEntityCount(ctx, name)).toBe(3);
  });

  test("a missing one is not_found", async () => {
    expect(await refusal(() => cancelMigration(ctx, "mig_0", null))).toMatchObject({ code: "not_found" });
    expect(await refusal(() => getMigration(ctx, "\u0000"))).toMatchObject({ code: "not_found" });
  });
});

describe("a worker that dies", () => {
  test("after writing a batch and before telling of it: the batch is done again, and counts once", async () => {
    await define(ctx, name, { n: { type: "number" } });
    await define(ctx, `${name}t`, { size: { type: "number" } });
    await fill(name, 450, (i) => ({ properties: { n: i } }));
    const { id } = await startMigration(ctx, { sourceBlueprint: name, mapping: mapping(`${name}t`) });
    const [job] = await claim(ctx.db, MIGRATIONS_QUEUE, 1, 60);
    // The batch is prepared, which writes its entities; then the process ends, and its lease runs out.
    await runMigration(ctx, job as NonNullable<typeof job>);
    expect(await getEntityCount(ctx, `${name}t`)).toBe(200);
    expect(await getMigration(ctx, String(id))).toMatchObject({ successCount: 0 });
    await sql`update job set lease_until = now() - interval '1 second' where queue = ${MIGRATIONS_QUEUE}`.execute(
      ctx.db,
    );
    await work();
    expect(await getMigration(ctx, String(id))).toMatchObject({ status: "COMPLETED", successCount: 450 });
    const rows = (await changes(ctx)).filter((row) => row.blueprint === `${name}t` && row.kind === "entity");
    expect(rows).toHaveLength(450);
  });

  test("one that comes back late with a batch that another did counts nothing", async () => {
    await define(ctx, name, { n: { type: "number" } });
    await define(ctx, `${name}t`, { size: { type: "number" } });
    await fill(name, 300, (i) => ({ properties: { n: i } }));
    const { id } = await startMigration(ctx, { sourceBlueprint: name, mapping: mapping(`${name}t`) });
    const [job] = await claim(ctx.db, MIGRATIONS_QUEUE, 1, 60);
    const late = await runMigration(ctx, job as NonNullable<typeof job>);
    await sql`update job set lease_until = now() - interval '1 second' where queue = ${MIGRATIONS_QUEUE}`.execute(
      ctx.db,
    );
    await work(1);
    await transact(ctx, late);
    await work();
    expect(await getMigration(ctx, String(id))).toMatchObject({ successCount: 300, totalCount: 300 });
  });

  test("a job that keeps failing ends the migration", async () => {
    await define(ctx, name);
    await fill(name, 3);
    const id = await startDeletion(ctx, name, { deleteBlueprint: false });
    await sql`update job set attempts = 10 where queue = ${MIGRATIONS_QUEUE}`.execute(ctx.db);
    await work();
    expect(await getMigration(ctx, id)).toMatchObject({
      ...{ status: "FAILURE", reason: expect.stringContaining("gave up") as string },
    });
    expect(await getEntityCount(ctx, name)).toBe(3);
  });
});

test("the engine's worker does migrations while other work goes on", async () => {
  await define(ctx, name);
  await fill(name, 1100);
  let worker: Worker | null = startWorker(
    t.database,
    ctx,
    new Looks(ctx.db, ctx.org, { queues: [MIGRATIONS_QUEUE], isAlone: true }),
    [{ queue: MIGRATIONS_QUEUE, prepare: runMigration, done: "change" }],
  );
  try {
    const id = await startDeletion(ctx, name, { deleteBlueprint: true });
    t.database.hint("change");
    await expect
      .poll(() => getMigration(ctx, id), SOON)
      .toMatchObject({ status: "COMPLETED", successCount: 1100 });
  } finally {
    await worker.stop();
    worker = null;
  }
});

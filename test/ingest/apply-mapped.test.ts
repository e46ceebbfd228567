import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { getEntity, getEntityCount } from "../../src/catalog/read-entities.ts";
import { applyMapped, type Source } from "../../src/ingest/apply-mapped.ts";
import { applyObjects, removeObject, type SourceWriter } from "../../src/ingest/sources/apply-objects.ts";
import { createDataSource } from "../../src/ingest/sources/manage.ts";
import { sourceMeans, type SecretBox } from "../../src/ingest/sources/open-source.ts";
import type { Kind, RawObject } from "../../src/integrations/connector.ts";
import {
  compileIntegrationMapping,
  compileWebhookMapping,
  type Mapped,
  mapPayload,
} from "../../src/ingest/mapping.ts";
import type { Ctx } from "../../src/storage/context.ts";
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

describe("applyObjects", () => {
  const kind: Kind = { kind: "run", title: "Runs", list: () => Promise.resolve({ objects: [], next: null }) };
  const at = (version: string | null, a: string): RawObject => ({ key: "7", version, payload: { a } });
  const box: SecretBox = {
    seal: (_org, _name, text) => Buffer.from(text),
    open: (_org, _name, sealed) => Buffer.from(sealed).toString(),
  };
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

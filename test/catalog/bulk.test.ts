import type { KyselyPlugin } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import { getEntity } from "../../src/catalog/read-entities.ts";
import { type BatchResult, upsertEntities } from "../../src/catalog/upsert-entity.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { onPostgres, openTestDatabase, type TestDatabase } from "../support/database.ts";
import {
  allEntities,
  changeCount,
  changes,
  CREATE,
  define,
  MERGE,
  OVERRIDE,
  put,
  refusal,
} from "./fixture.ts";

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
  bp = `k${++n}`;
  await define(ctx, `${bp}t`);
  await define(
    ctx,
    bp,
    { n: { type: "number" }, s: { type: "string" } },
    { relations: { self: { target: bp }, many: { target: bp, many: true }, to: { target: `${bp}t` } } },
  );
});

/** One word per item. */
function words({ outcomes }: BatchResult): string[] {
  return outcomes.map((o) =>
    o.ok ? (o.created ? "created" : o.changed ? "updated" : "unchanged") : o.error.code,
  );
}

describe("§4.5 items act as in array order (decision 17)", () => {
  test("duplicates: the later one sees the earlier one, each leaves its change row", async () => {
    const from = await changeCount(ctx);
    const result = await upsertEntities(
      ctx,
      bp,
      [
        { identifier: "a", properties: { n: 1 } },
        { identifier: "a", properties: { s: "x" } },
        { identifier: "a", properties: { s: "x" } },
        { identifier: "a", properties: { n: null } },
      ],
      MERGE,
    );
    expect(words(result)).toEqual(["created", "updated", "unchanged", "updated"]);
    expect((await getEntity(ctx, bp, "a")).properties).toEqual({ n: null, s: "x" });
    const rows = (await changes(ctx)).slice(from);
    expect(rows.map((row) => [row.action, (row.after as { properties: unknown }).properties])).toEqual([
      ["CREATE", { n: 1, s: null }],
      ["UPDATE", { n: 1, s: "x" }],
      ["UPDATE", { n: null, s: "x" }],
    ]);
    expect(rows[1]?.before).toEqual(rows[0]?.after);
  });

  test("without upsert a duplicate is a conflict", async () => {
    expect(words(await upsertEntities(ctx, bp, [{ identifier: "a" }, { identifier: "a" }], CREATE))).toEqual([
      "created",
      "conflict",
    ]);
  });

  test("a reference to an earlier item works, to a later one does not, to itself does", async () => {
    const result = await upsertEntities(
      ctx,
      bp,
      [
        { identifier: "a", relations: { self: "c" } },
        { identifier: "b", relations: { self: "b" } },
        { identifier: "c", relations: { self: "b", many: ["c", "b"] } },
        { identifier: "d", relations: { self: "a" } },
      ],
      MERGE,
    );
    expect(words(result)).toEqual(["not_found", "created", "created", "not_found"]);
    expect(
      (await allEntities(ctx, bp)).map((e) => [e.identifier, e.relations["self"], e.relations["many"]]),
    ).toEqual([
      ["b", "b", []],
      ["c", "b", ["c", "b"]],
    ]);
  });

  test("a reference to an item that failed is not_found", async () => {
    const bodies = [
      { identifier: "a", properties: { n: "x" } },
      { identifier: "b", relations: { self: "a" } },
    ];
    expect(words(await upsertEntities(ctx, bp, bodies, MERGE))).toEqual(["invalid_request", "not_found"]);
  });

  test("a relation that one item moves away and the next moves back", async () => {
    for (const identifier of ["x", "y"]) await put(ctx, bp, { identifier });
    await put(ctx, bp, { identifier: "a", relations: { self: "x", many: ["x", "y"] } });
    const result = await upsertEntities(
      ctx,
      bp,
      [
        { identifier: "a", relations: { self: "y", many: ["y"] } },
        { identifier: "a", relations: { self: "x", many: ["y", "x"] } },
      ],
      MERGE,
    );
    expect(words(result)).toEqual(["updated", "updated"]);
    expect((await getEntity(ctx, bp, "a")).relations).toEqual({ self: "x", many: ["y", "x"], to: null });
  });

  test("a bare entity made for one item is filled by a later one", async () => {
    const bodies = [
      { identifier: "a", relations: { self: "b" } },
      { identifier: "b", properties: { n: 5 } },
      { identifier: "c", relations: { to: "t", self: "b" } },
      { identifier: "d", relations: { to: "t" } },
    ];
    const result = await upsertEntities(ctx, bp, bodies, { ...MERGE, createMissing: true });
    expect(words(result)).toEqual(["created", "updated", "created", "created"]);
    expect((await getEntity(ctx, bp, "b")).properties["n"]).toBe(5);
    expect(await allEntities(ctx, `${bp}t`)).toHaveLength(1);
  });

  test("queries see what earlier items of the batch wrote", async () => {
    const byN = (value: number): object => ({
      combinator: "and",
      rules: [{ property: "n", operator: "=", value }],
    });
    const result = await upsertEntities(
      ctx,
      bp,
      [
        { identifier: "a", properties: { n: 1 } },
        { identifier: "b", relations: { self: byN(1) } },
        { identifier: byN(1), properties: { n: 2 } },
        { identifier: byN(1), properties: { n: 3 } },
        { identifier: "c", relations: { self: byN(2) } },
        { identifier: { combinator: "xor" } },
      ],
      MERGE,
    );
    expect(words(result)).toEqual([
      "created",
      "created",
      "updated",
      "not_found",
      "created",
      "invalid_request",
    ]);
    expect(result.outcomes.map((o) => (o.ok ? o.entity.identifier : o.identifier))).toEqual([
      "a",
      "b",
      "a",
      "unknown",
      "c",
      "unknown",
    ]);
    expect((await getEntity(ctx, bp, "c")).relations["self"]).toBe("a");
  });
});

test("§4.5 one bad item never fails the batch", async () => {
  const bad: unknown[] = [
    null,
    5,
    [],
    "x",
    { identifier: "a b" },
    { identifier: 7 },
    { identifier: "z", relations: { nope: 1 } },
    { identifier: "y", title: "\u0000" },
  ];
  const good = Array.from({ length: 20 }, (_, i) => ({ identifier: `g${i}` }));
  const result = await upsertEntities(ctx, bp, [...bad, ...good], OVERRIDE);
  expect(words(result)).toEqual([
    ...bad.map((_, i) => (i === 6 ? "not_found" : "invalid_request")),
    ...good.map(() => "created"),
  ]);
  expect(result.outcomes.map((o) => o.index)).toEqual([...bad, ...good].map((_, i) => i));
  expect(result.outcomes.slice(0, 8).map((o) => (o.ok ? "" : o.identifier))).toEqual([
    "unknown",
    "unknown",
    "unknown",
    "unknown",
    "unknown",
    "unknown",
    "z",
    "y",
  ]);
  expect(await allEntities(ctx, bp)).toHaveLength(20);
});

test("§4.5 a missing blueprint fails the batch as a whole", async () => {
  expect((await refusal(() => upsertEntities(ctx, "nope", [{}], MERGE))).code).toBe("not_found");
});

/** A context that counts the statements. */
function counting(base: Ctx): { ctx: Ctx; count: () => number } {
  let statements = 0;
  const plugin: KyselyPlugin = {
    transformQuery: (args) => args.node,
    // Prepared statements are compiled already.
    transformResult: (args) => {
      statements++;
      return Promise.resolve(args.result);
    },
  };
  return { ctx: { ...base, db: base.db.withPlugin(plugin) }, count: () => statements };
}

describe("§4.5 a batch is a constant number of statements", () => {
  const bodies = (size: number, value: number): object[] =>
    Array.from({ length: size }, (_, i) => ({
      identifier: `i${i}`,
      properties: { n: value },
      relations: { to: `t${i % 7}`, many: i > 0 ? ["i0", `i${i - 1}`] : [] },
    }));
  async function statements(size: number, value: number): Promise<number> {
    const counted = counting(ctx);
    const { outcomes } = await upsertEntities(counted.ctx, bp, bodies(size, value), {
      ...MERGE,
      createMissing: true,
    });
    expect(outcomes.every((o) => o.ok)).toBe(true);
    return counted.count();
  }

  test("created, changed, unchanged", async () => {
    await statements(1, 0);
    const create = [await statements(10, 0), await statements(500, 0)];
    const update = [await statements(10, 1), await statements(500, 2)];
    const unchanged = [await statements(10, 2), await statements(500, 2)];
    // Missing targets are of another blueprint: those batches go under locks.
    expect(Math.max(...create)).toBeLessThanOrEqual(12);
    expect(update).toEqual([2, 2]);
    expect(unchanged).toEqual([1, 1]);
  });

  test("relations given as queries are looked up together", async () => {
    const asking = async (size: number): Promise<number> => {
      const counted = counting(ctx);
      const query = (i: number): object => ({
        combinator: "and",
        rules: [{ property: "$title", operator: "=", value: `title ${i}` }],
      });
      const asked = Array.from({ length: size }, (_, i) => ({
        identifier: `asking${i}`,
        properties: { n: size },
        relations: { to: query(i % 5) },
      }));
      const { outcomes } = await upsertEntities(counted.ctx, bp, asked, MERGE);
      expect(outcomes.every((o) => o.ok)).toBe(true);
      return counted.count();
    };
    await asking(1);
    expect(await asking(300)).toBe(await asking(20));
  });
});

test("§4.5 a blueprint that changes between check and write: the items are checked again", async () => {
  const started: Promise<unknown>[] = [];
  const slow: Ctx = {
    ...ctx,
    db: ctx.db.withPlugin({
      transformQuery: (args) => args.node,
      transformResult: async (args) => {
        // After the first statement, which read the definition. The embedded database has one connection, which the
        // change gets next; elsewhere it has its own.
        if (started.length === 0) {
          const change = changeBlueprint(ctx, bp, {
            schema: { properties: { n: { type: "number", maximum: 10 } } },
          });
          started.push(change);
          if (onPostgres) await change;
        }
        return args.result;
      },
    }),
  };
  const result = await upsertEntities(
    slow,
    bp,
    [
      { identifier: "a", properties: { n: 5 } },
      { identifier: "b", properties: { n: 50 } },
    ],
    MERGE,
  );
  await Promise.all(started);
  expect(words(result)).toEqual(["created", "invalid_request"]);
  expect(result.outcomes.map((o) => o.index)).toEqual([0, 1]);
});

test("§4.5 what the database alone refuses is refused for its own item", async () => {
  // Passes all checks of ours; the constraint stands for anything that only the database knows.
  await t.database.exec(`alter table entity add constraint never check (identifier <> 'cursed')`);
  try {
    const result = await upsertEntities(
      ctx,
      bp,
      [{ identifier: "a" }, { identifier: "cursed" }, { identifier: "b", relations: { self: "a" } }],
      MERGE,
    );
    expect(words(result)).toEqual(["created", "invalid_request", "created"]);
    const failed = result.outcomes[1];
    expect(failed?.ok === false && failed.error.message).toBe(
      "the database cannot store this entity (SQLSTATE 23514)",
    );
  } finally {
    await t.database.exec("alter table entity drop constraint never");
  }
});

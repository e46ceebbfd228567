import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Db } from "../../src/storage/db.ts";
import {
  advanceFeed,
  countWritten,
  feedLag,
  mendRestoredFeed,
  peekFeed,
  readFeed,
  readFeedPage,
} from "../../src/storage/feed.ts";
import { readFeedPiece } from "../../src/storage/feed-range.ts";
import { transact } from "../../src/storage/transact.ts";
import { onPostgres, openTestDatabase, type TestDatabase } from "../support/database.ts";
import { comes, patient, until } from "../support/patience.ts";

let t: TestDatabase;
let db: Db;
beforeAll(async () => {
  t = await openTestDatabase();
  db = t.database.kysely;
});
afterAll(() => t.close());
beforeEach(() => t.database.exec("delete from change; delete from feed_cursor;"));

const write = (on: Db, identifier: string, org = t.ctx.org) =>
  sql`insert into change (org, kind, action, blueprint, identifier, actor, at)
    values (${org}, 'entity', 'CREATE', 'service', ${identifier}, 'test', now())`.execute(on);

/** Reads one page as a reader does: the rows and the new place in one transaction. Null = another one reads. */
const page = (reader: string, limit = 100): Promise<string[] | null> =>
  transact(t.ctx, async (tx) => {
    const rows = await readFeed(tx.db, t.ctx.org, reader, limit);
    const last = rows?.at(-1);
    if (last !== undefined) await advanceFeed(tx.db, t.ctx.org, reader, last);
    return rows?.map((row) => row.identifier ?? "") ?? null;
  });

/** Reads until nothing new comes; sessions of other databases of the server may hold the horizon for a moment. */
async function drain(reader: string, want: number): Promise<string[]> {
  const seen: string[] = [];
  await until(async () => seen.push(...((await page(reader, 3)) ?? [])) >= want);
  return [...seen, ...((await page(reader)) ?? [])];
}

test("gives every row once, in order, in pages", async () => {
  for (const identifier of ["a", "b", "c", "d", "e"]) await write(db, identifier);
  expect(await feedLag(db, t.ctx.org, "r", 100)).toBe(5);
  expect(await feedLag(db, t.ctx.org, "r", 3)).toBe(3);
  expect(await drain("r", 5)).toEqual(["a", "b", "c", "d", "e"]);
  expect(await feedLag(db, t.ctx.org, "r", 100)).toBe(0);
  expect(await page("r")).toEqual([]);
});

test("counts what was written in a time, without one actor, of the newest rows only", async () => {
  const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
  for (const [i, actor] of ["ann", "ann", "machine", "ann", "machine"].entries())
    await sql`insert into change (org, kind, action, blueprint, identifier, actor, at)
      values (${t.ctx.org}, 'entity', 'CREATE', 'service', 'a', ${actor}, ${at(i)})`.execute(db);
  await write(db, "b", "another");
  const count = (since: number, most: number, until = 59) =>
    countWritten(db, t.ctx.org, { since: at(since), until: at(until) }, "machine", most);
  expect(await count(0, 100)).toBe(3);
  expect(await count(1, 100)).toBe(2);
  // A clock that is ahead.
  expect(await count(0, 100, 2)).toBe(2);
  // Those of the machine do not crowd the others out, and there is an end to looking through them.
  expect(await count(0, 2)).toBe(2);
  expect(await count(0, 1)).toBe(1);
  for (let i = 0; i < 4; i++)
    await sql`insert into change (org, kind, action, blueprint, identifier, actor, at)
      values (${t.ctx.org}, 'entity', 'CREATE', 'service', 'a', 'machine', ${at(4)})`.execute(db);
  expect(await count(0, 2)).toBe(0);
  expect(await count(5, 100)).toBe(0);
});

test("rows of one transaction stay together and in order across pages", async () => {
  await transact(t.ctx, async (tx) => {
    for (let i = 0; i < 7; i++) await write(tx.db, `k${i}`);
  });
  expect(await drain("r", 7)).toEqual(["k0", "k1", "k2", "k3", "k4", "k5", "k6"]);
});

test("a page ends where its documents take too much, after one row at least", async () => {
  const text = `(select string_agg(md5(n::text || i::text), '') from generate_series(1, 100) n)`;
  await t.database.exec(`insert into change (org, kind, action, blueprint, identifier, after, actor, at)
    select '${t.ctx.org}', 'entity', 'CREATE', 'service', 'k' || i, to_jsonb(${text}), 'test', now() from generate_series(1, 5) i`);
  const pages: number[] = [];
  const read = (bytes: number): Promise<void> =>
    transact(t.ctx, async (tx) => {
      const found = await readFeedPage(tx.db, t.ctx.org, "r", { rows: 100, bytes }, ["service"]);
      const last = found?.rows.at(-1);
      if (found === null || last === undefined) return;
      await advanceFeed(tx.db, t.ctx.org, "r", last);
      pages.push(found.rows.length);
      expect(found.mayBeMore).toBe(found.rows.length === (bytes === 1 ? 1 : 2));
    });
  const rest = (): Promise<number> => feedLag(db, t.ctx.org, "r", 100);
  const peek = () => peekFeed(db, t.ctx.org, "r", { rows: 100, bytes: 4000 }, ["service"]);
  const peeked = await comes(peek, ({ rows }) => rows.length > 0);
  expect(peeked).toMatchObject({ rows: [{ identifier: "k1" }, { identifier: "k2" }], mayBeMore: true });
  while ((await rest()) === 5) await read(4000);
  while ((await rest()) > 0) await read(1);
  expect(pages).toEqual([2, 1, 1, 1]);
});

test("a piece tells of creations without sending them, and sends nothing of one actor", async () => {
  const add = (action: string, blueprint: string, identifier: string, actor = "test") =>
    sql`insert into change (org, kind, action, blueprint, identifier, after, actor, at, trace)
      values (${t.ctx.org}, 'entity', ${action}, ${blueprint}, ${identifier}, '{"a": 1}', ${actor}, now(), ${identifier})`.execute(
      db,
    );
  for (const [i, blueprint] of ["part", "service", "part", "other"].entries())
    await add("CREATE", blueprint, `c${i}`);
  await add("UPDATE", "part", "u");
  await add("UPDATE", "service", "m", "machine");
  await add("CREATE", "part", "last");
  const sent = { documentsOf: ["part"], creationsOf: ["part"], exceptActor: "machine" };
  const read = (rows: number) =>
    transact(t.ctx, async (tx) => {
      const piece = await readFeedPiece(tx.db, t.ctx.org, "r", { rows, bytes: 1_000_000 }, sent);
      if (piece !== null) await advanceFeed(tx.db, t.ctx.org, "r", piece.upTo);
      return piece;
    });
  const readable = async (): Promise<number> =>
    (await sql`select 1 from change where xid < pg_snapshot_xmin(pg_current_snapshot())`.execute(db)).rows
      .length;
  await comes(readable, (count) => count === 7);
  const first = await read(5);
  expect(first).toMatchObject({ changes: 5, mayBeMore: true, traces: ["c0", "c1", "c2", "c3", "u"] });
  expect(first?.rows.map(({ identifier, after }) => [identifier, after])).toEqual([
    ["c1", null],
    ["c3", null],
    ["u", { a: 1 }],
  ]);
  expect([...(first?.creations ?? [])]).toEqual([["part", 2]]);
  const second = await read(5);
  expect(second).toMatchObject({ changes: 2, mayBeMore: false, rows: [] });
  expect([...(second?.creations ?? [])]).toEqual([["part", 1]]);
  expect(await read(5)).toBeNull();
});

test("of entities that nobody asked about only the last row comes", async () => {
  for (const [kind, blueprint] of [
    ["entity", "job"],
    ["entity", "service"],
    ["blueprint", "job"],
    ["entity", "job"],
    ["entity", "job"],
  ] as const)
    await sql`insert into change (org, kind, action, blueprint, identifier, after, actor, at)
      values (${t.ctx.org}, ${kind}, 'CREATE', ${blueprint}, ${blueprint}, '{}', 'test', now())`.execute(db);
  const peek = (rows: number) => peekFeed(db, t.ctx.org, "r", { rows, bytes: 8_000_000 }, ["service"]);
  let found = await comes(
    () => peek(4),
    ({ count }) => count >= 4,
  );
  expect(found).toMatchObject({ count: 4, mayBeMore: true });
  expect(found.rows.map(({ kind, blueprint, after }) => [kind, blueprint, after])).toEqual([
    ["entity", "service", {}],
    ["blueprint", "job", {}],
    ["entity", "job", null],
  ]);
  found = await comes(
    () => peek(6),
    ({ count }) => count >= 5,
  );
  expect(found).toMatchObject({ count: 5, mayBeMore: false });
  expect(found.rows).toHaveLength(3);
});

test("readers have places of their own; organisations do not see each other", async () => {
  await write(db, "a");
  await write(db, "foreign", "other");
  expect(await drain("one", 1)).toEqual(["a"]);
  await write(db, "b");
  expect(await drain("one", 1)).toEqual(["b"]);
  expect(await drain("two", 2)).toEqual(["a", "b"]);
});

test("a reader that fails keeps its place", async () => {
  await write(db, "a");
  await drain("r", 1);
  await write(db, "b");
  const failing = transact(t.ctx, async (tx) => {
    const rows = await readFeed(tx.db, t.ctx.org, "r", 10);
    const last = rows?.at(-1);
    if (last !== undefined) await advanceFeed(tx.db, t.ctx.org, "r", last);
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await drain("r", 1)).toEqual(["b"]);
});

test("rows that were rolled back are never seen", async () => {
  const undone = transact(t.ctx, async (tx) => {
    await write(tx.db, "ghost");
    throw new Error("no");
  });
  await expect(undone).rejects.toThrow("no");
  await write(db, "a");
  expect(await drain("r", 1)).toEqual(["a"]);
});

describe("after a restore into another server", () => {
  /** As rows look that were written by a server far ahead of this one. */
  const makeForeign = () =>
    t.database.exec(`update change set xid = (xid::text::bigint + 1000000000)::text::xid8;
      update feed_cursor set xid = (xid::text::bigint + 1000000000)::text::xid8;`);

  test("new rows would go unread; mending reads everything again, once", async () => {
    for (const identifier of ["a", "b"]) await write(db, identifier);
    expect(await drain("r", 2)).toEqual(["a", "b"]);
    await write(db, "c");
    await makeForeign();
    await write(db, "d");
    expect(await page("r")).toEqual([]);
    expect(await mendRestoredFeed(db, "other")).toBe(false);
    expect(await mendRestoredFeed(db, t.ctx.org)).toBe(true);
    expect(await drain("r", 4)).toEqual(["a", "b", "c", "d"]);
    await write(db, "e");
    expect(await drain("r", 1)).toEqual(["e"]);
    expect(await mendRestoredFeed(db, t.ctx.org)).toBe(false);
  });

  test("a feed of this server is left alone", async () => {
    expect(await mendRestoredFeed(db, t.ctx.org)).toBe(false);
    await write(db, "a");
    await drain("r", 1);
    await write(db, "b");
    expect(await mendRestoredFeed(db, t.ctx.org)).toBe(false);
    expect(await drain("r", 1)).toEqual(["b"]);
  });
});

/** A transaction that stays open until `end` is called. */
async function openTransaction(): Promise<{ db: Db; end: (how: "commit" | "rollback") => Promise<void> }> {
  const started = Promise.withResolvers<Db>();
  const finish = Promise.withResolvers<"commit" | "rollback">();
  const done = t.database.kysely.transaction().execute(async (trx) => {
    await sql`select pg_current_xact_id()`.execute(trx);
    started.resolve(trx);
    if ((await finish.promise) === "rollback") throw new Error("rolled back");
  });
  done.catch((error: unknown) => started.reject(error as Error));
  return {
    db: await started.promise,
    end: async (how) => {
      finish.resolve(how);
      await done.catch((error: Error) => {
        if (error.message !== "rolled back") throw error;
      });
    },
  };
}

if (onPostgres)
  describe("transactions at the same time", () => {
    test("one that is slow holds back the later ones; nothing is passed over", async () => {
      const slow = await openTransaction();
      await write(slow.db, "early");
      await write(db, "late");
      // `late` is committed, but `early`, of an older transaction, may still come.
      expect(await page("r")).toEqual([]);
      expect(await feedLag(db, t.ctx.org, "r", 100)).toBe(1);
      await slow.end("commit");
      expect(await drain("r", 2)).toEqual(["early", "late"]);
    });

    test("one that is rolled back holds back nothing any more", async () => {
      const slow = await openTransaction();
      await write(slow.db, "ghost");
      await write(db, "a");
      expect(await page("r")).toEqual([]);
      await slow.end("rollback");
      expect(await drain("r", 1)).toEqual(["a"]);
    });

    test("a long reader of other tables holds back nothing: it has written nothing", async () => {
      const release = Promise.withResolvers<void>();
      const started = Promise.withResolvers<void>();
      const reading = t.database.kysely.transaction().execute(async (trx) => {
        await sql`select count(*) from organization`.execute(trx);
        started.resolve();
        await release.promise;
      });
      await started.promise;
      await write(db, "a");
      expect(await drain("r", 1)).toEqual(["a"]);
      release.resolve();
      await reading;
    });

    test("two readers under one name do not read at once", async () => {
      await write(db, "a");
      await drain("r", 1);
      const first = await openTransaction();
      expect(await readFeed(first.db, t.ctx.org, "r", 10)).toEqual([]);
      expect(await page("r")).toBeNull();
      await first.end("commit");
      expect(await page("r")).toEqual([]);
    });

    /** Up to five open transactions write, commit, roll back and a reader reads, in random order. */
    test(
      "property: a reader sees every committed row exactly once, in (transaction, row) order",
      {
        timeout: patient(120_000),
      },
      async () => {
        const step = fc.oneof(
          { weight: 4, arbitrary: fc.record({ do: fc.constant("write" as const), slot: fc.nat(4) }) },
          { weight: 2, arbitrary: fc.record({ do: fc.constant("commit" as const), slot: fc.nat(4) }) },
          { weight: 1, arbitrary: fc.record({ do: fc.constant("rollback" as const), slot: fc.nat(4) }) },
          {
            weight: 2,
            arbitrary: fc.record({ do: fc.constant("read" as const), slot: fc.integer({ min: 1, max: 4 }) }),
          },
        );
        await fc.assert(
          fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
            await t.database.exec("delete from change; delete from feed_cursor;");
            const open = new Map<
              number,
              { trx: Awaited<ReturnType<typeof openTransaction>>; rows: string[] }
            >();
            const committed: string[] = [];
            const seen: string[] = [];
            let n = 0;
            const close = async (slot: number, how: "commit" | "rollback"): Promise<void> => {
              const entry = open.get(slot);
              if (entry === undefined) return;
              open.delete(slot);
              await entry.trx.end(how);
              if (how === "commit") committed.push(...entry.rows);
            };
            for (const { do: what, slot } of steps) {
              if (what === "write") {
                const entry = open.get(slot) ?? { trx: await openTransaction(), rows: [] };
                open.set(slot, entry);
                await write(entry.trx.db, `row${n}`);
                entry.rows.push(`row${n++}`);
              } else if (what === "read") seen.push(...((await page("r", slot)) ?? []));
              else await close(slot, what);
              for (const row of seen) expect(committed).toContain(row);
            }
            for (const slot of open.keys()) await close(slot, "commit");
            seen.push(...(await drain("r", committed.length - seen.length)));
            const { rows } = await sql<{ identifier: string }>`select identifier from change
            where org = ${t.ctx.org} order by xid, seq`.execute(db);
            expect(seen).toEqual(rows.map((row) => row.identifier));
            expect([...seen].sort()).toEqual([...committed].sort());
          }),
          { numRuns: 30, seed: 20_261_125 },
        );
      },
    );
  });

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sql } from "kysely";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../src/storage/db.ts";
import { isMigrated, migrate } from "../../src/storage/migrate.ts";
import { dumpSchema } from "../../tools/dump-schema.ts";
import { onPostgres, openAt, openTestDatabase, type TestDatabase } from "../support/database.ts";

let t: TestDatabase;
let folder = "";
beforeEach(async () => {
  t = await openTestDatabase({ migrated: false });
  folder = await mkdtemp(join(tmpdir(), "fairway-migrations-"));
});
afterEach(async () => {
  await t.close();
  await rm(folder, { recursive: true });
});

const files = async (...texts: string[]): Promise<URL> => {
  await Promise.all(texts.map((text, i) => writeFile(join(folder, `000${i + 1}_step.sql`), text)));
  return pathToFileURL(`${folder}/`);
};
const tables = async (database: Database): Promise<string[]> => {
  const result = await sql<{ name: string }>`select tablename as name from pg_tables
    where schemaname = 'public' order by 1`.execute(database.kysely);
  return result.rows.map((row) => row.name);
};
const own = await readdir(new URL("../../migrations/", import.meta.url));
const count = own.filter((name) => /^\d{4}_/.test(name)).length;

test("a fresh database gets every migration, once", async () => {
  expect(await isMigrated(t.database).catch(() => false)).toBe(false);
  expect(await migrate(t.database)).toBe(count);
  expect(await isMigrated(t.database)).toBe(true);
  expect(await dumpSchema(t.database)).toBe(
    await readFile(new URL("../../migrations/schema.sql", import.meta.url), "utf8"),
  );
  expect(await migrate(t.database)).toBe(0);
});

test("only what is missing is applied, in order, and data stays", async () => {
  const one = await files("create table a (x int); insert into a values (1);");
  expect(await migrate(t.database, one)).toBe(1);
  const two = await files(
    "create table a (x int); insert into a values (1);",
    "alter table a add y int default 2;",
  );
  expect(await migrate(t.database, two)).toBe(1);
  expect((await sql`select x, y from a`.execute(t.database.kysely)).rows).toEqual([{ x: 1, y: 2 }]);
});

test("two migrations with one number are refused before anything is written", async () => {
  const both = await files("create table a (x int);");
  await writeFile(join(folder, "0001_other.sql"), "create table b (x int);");
  await expect(migrate(t.database, both)).rejects.toThrow(
    "migration 0001_step.sql has the number of another one",
  );
  expect(await tables(t.database)).toEqual([]);
});

test("a database that is newer is refused and not touched", async () => {
  await migrate(t.database, await files("create table a (x int);", "create table b (x int);"));
  await rm(join(folder, "0002_step.sql"));
  await expect(migrate(t.database, pathToFileURL(`${folder}/`))).rejects.toThrow(
    /0002_step\.sql.*start the newer version/,
  );
  expect(await tables(t.database)).toEqual(["a", "b", "schema_migration"]);
});

test("a migration that was edited after it ran is refused, and nothing after it runs", async () => {
  await migrate(t.database, await files("create table a (x int);"));
  const edited = await files("create table a (x int, y int);", "create table b (x int);");
  await expect(migrate(t.database, edited)).rejects.toThrow(/0001_step\.sql was changed/);
  expect(await tables(t.database)).toEqual(["a", "schema_migration"]);
});

describe("a migration that fails", () => {
  test("leaves nothing, is named, and the connection stays usable", async () => {
    const broken = await files(
      "create table a (x int);",
      "create table b (x int); insert into b values (1 / 0);",
    );
    await expect(migrate(t.database, broken)).rejects.toThrow(/0002_step\.sql failed: division by zero/);
    expect(await tables(t.database)).toEqual(["a", "schema_migration"]);
    const rows = await sql`select version from schema_migration`.execute(t.database.kysely);
    expect(rows.rows).toEqual([{ version: 1 }]);
    // As many as the pool holds: none may be left inside a failed transaction.
    await Promise.all(Array.from({ length: 12 }, () => sql`select 1`.execute(t.database.kysely)));
    const mended = await files("create table a (x int);", "create table b (x int);");
    expect(await migrate(t.database, mended)).toBe(1);
    expect(await tables(t.database)).toEqual(["a", "b", "schema_migration"]);
  });

  test("leaves the session's transaction state clean", async () => {
    await expect(migrate(t.database, await files("select 1 / 0;"))).rejects.toThrow(/division by zero/);
    await t.database.exec("create table c (x int); insert into c values (1);");
    const other = await openOther();
    expect((await sql`select x from c`.execute(other.kysely)).rows).toEqual([{ x: 1 }]);
  });
});

/** A second session where there can be one; the embedded database has one only. */
async function openOther(): Promise<Database> {
  if (!onPostgres) return t.database;
  const other = await openAt(t.place);
  opened.push(other);
  return other;
}
const opened: Database[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

if (onPostgres)
  test("several processes that start at once agree: each migration runs once", async () => {
    const others = await Promise.all([1, 2, 3, 4].map(() => openOther()));
    const all = [t.database, ...others];
    const applied = await Promise.all(all.map((database) => migrate(database)));
    expect(applied.reduce((sum, n) => sum + n, 0)).toBe(count);
    for (const database of all) expect(await isMigrated(database)).toBe(true);
    const rows = await sql<{ n: number }>`select count(*) as n from schema_migration`.execute(
      t.database.kysely,
    );
    expect(rows.rows).toEqual([{ n: count }]);
  });

if (onPostgres)
  describe("a table that somebody reads for long", () => {
    let reader: pg.Client;
    let pid = 0;
    const quick = { lockTimeoutMs: 500, pauseMs: 100, patienceMs: 20_000 };
    const steps = ["create table a (x int);", "alter table a add y int;"] as const;
    beforeEach(async () => {
      await migrate(t.database, await files(steps[0]));
      reader = new pg.Client({
        connectionString: t.place.databaseUrl ?? "",
        application_name: "a long report",
      });
      await reader.connect();
      const { rows } = await reader.query<{ pid: number }>("select pg_backend_pid() as pid");
      pid = rows[0]?.pid ?? 0;
      await reader.query("begin");
      await reader.query("select * from a");
    });
    afterEach(() => reader.end());

    test("keeps others waiting for a moment only; who reads it is named; two processes migrate it once", async () => {
      const both = await files(...steps);
      const said: string[] = [];
      const other = await openOther();
      const onWait = (waiting: string): void => void said.push(waiting);
      const migrating = [t.database, other].map((one) => migrate(one, both, { ...quick, onWait }));
      let longest = 0;
      const named = new RegExp(
        String.raw`^migration 0002_step\.sql: it waits for a lock; in the way: process ${pid} of PostgreSQL \(\w+, a long report\), idle in transaction since 20\S+: select \* from a$`,
      );
      while (said.length < 2 || !said.some((one) => named.test(one))) {
        const asked = performance.now();
        await sql`select * from a`.execute(t.database.kysely);
        longest = Math.max(longest, performance.now() - asked);
      }
      // Each attempt of either lets those go on that came after it.
      expect(longest).toBeLessThan(5 * quick.lockTimeoutMs);
      await reader.query("commit");
      expect(new Set(await Promise.all(migrating))).toEqual(new Set([0, 1]));
    });

    test("is given up on in the end, and nothing was changed", async () => {
      const both = await files(...steps);
      await expect(migrate(t.database, both, { ...quick, patienceMs: 1500 })).rejects.toThrow(
        `migration 0002_step.sql failed: canceling statement due to lock timeout: it waits for a lock; in the way: process ${pid} of PostgreSQL`,
      );
      const rows = await sql`select version from schema_migration`.execute(t.database.kysely);
      expect(rows.rows).toEqual([{ version: 1 }]);
    });
  });

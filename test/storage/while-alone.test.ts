import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database, Db } from "../../src/storage/db.ts";
import { sqlState } from "../../src/storage/transact.ts";
import { type Alone, whileAlone } from "../../src/storage/while-alone.ts";
import { onPostgres, openAt, openTestDatabase, type TestDatabase } from "../support/database.ts";
import { patient } from "../support/patience.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await openTestDatabase();
});
afterAll(() => t.close());

const LOCK = 77;

test("the work is done, and done again after it failed", async () => {
  const done: number[] = [];
  await expect(
    whileAlone(t.database, LOCK, () => {
      done.push(1);
      throw new Error("no luck");
    }),
  ).rejects.toThrow("no luck");
  await whileAlone(t.database, LOCK, async ({ db }) => {
    done.push((await sql<{ n: number }>`select 2 as n`.execute(db)).rows[0]?.n ?? 0);
  });
  expect(done).toEqual([1, 2]);
});

const lockTimeout = async (db: Db): Promise<unknown> =>
  (await sql<{ t: string }>`select current_setting('lock_timeout') as t`.execute(db)).rows[0]?.t;

// The embedded database has one process.
if (onPostgres) {
  test("it waits for locks as long as it takes, and nobody after it does", async () => {
    await whileAlone(t.database, LOCK, async ({ db }) => expect(await lockTimeout(db)).toBe("0"));
    for (let i = 0; i < 3; i += 1) expect(await lockTimeout(t.database.kysely)).toBe("30s");
  });

  test("not while another process is at it", async () => {
    const other: Database = await openAt(t.place);
    try {
      const done: string[] = [];
      await whileAlone(t.database, LOCK, async () => {
        done.push("first");
        await whileAlone(other, LOCK, async () => void done.push("second"));
      });
      await whileAlone(other, LOCK, async () => void done.push("third"));
      expect(done).toEqual(["first", "third"]);
    } finally {
      await other.close();
    }
  });

  test("is interrupted in the middle of a statement", async () => {
    let alone: Alone | null = null;
    const started = Date.now();
    const work = whileAlone(t.database, LOCK, async (given) => {
      alone = given;
      await sql`select pg_sleep(30)`.execute(given.db);
    }).catch(sqlState);
    while (alone === null) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await (alone as Alone).interrupt();
    expect(await work).toBe("57014");
    expect(Date.now() - started).toBeLessThan(patient(10_000));
    // The lock went with it.
    const done: string[] = [];
    await whileAlone(t.database, LOCK, async () => void done.push("after"));
    expect(done).toEqual(["after"]);
  });
}

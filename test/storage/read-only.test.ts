import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readOnly, TIMED_OUT } from "../../src/storage/read-only.ts";
import { sqlState } from "../../src/storage/transact.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { patient } from "../support/patience.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await openTestDatabase();
});
afterAll(() => t.close());

const endless = sql`select count(*) from generate_series(1, 2000000000)`;

async function failure(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error("expected it to fail");
}

test("a statement that takes too long is stopped, and the database answers again with everything in it", async () => {
  const { kysely } = t.database;
  await kysely.insertInto("organization").values({ id: "kept", name: "Kept" }).execute();
  const started = Date.now();
  const stopped = failure(() => readOnly(kysely, 500, (db) => endless.execute(db)));
  // Whoever asks meanwhile waits at most for that, and gets an answer.
  const others = Promise.all(
    [1, 2, 3].map(() => kysely.selectFrom("organization").select("id").orderBy("id").execute()),
  );
  expect(sqlState(await stopped)).toBe(TIMED_OUT);
  expect(Date.now() - started).toBeLessThan(patient(5000));
  for (const rows of await others) expect(rows.map((row) => row.id)).toContain("kept");
  expect(Date.now() - started).toBeLessThan(patient(20_000));
});

test("the limit is one of each statement, and gone after the transaction", async () => {
  const { kysely } = t.database;
  const pause = sql`select pg_sleep(0.3)`;
  await readOnly(kysely, 600, async (db) => {
    await pause.execute(db);
    await pause.execute(db);
    await pause.execute(db);
  });
  await sql`select pg_sleep(1)`.execute(kysely);
});

test("nothing can be written", async () => {
  const error = await failure(() =>
    readOnly(t.database.kysely, 1000, (db) =>
      db.insertInto("organization").values({ id: "no", name: "No" }).execute(),
    ),
  );
  expect(sqlState(error)).toBe("25006");
});

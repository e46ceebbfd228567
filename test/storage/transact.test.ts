import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Ctx } from "../../src/storage/context.ts";
import { sqlState, transact } from "../../src/storage/transact.ts";
import { onPostgres, openTestDatabase, type TestDatabase } from "../support/database.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await openTestDatabase();
  await t.database.exec("create table account_balance (id text primary key, amount int not null)");
});
afterAll(() => t.close());
beforeEach(() =>
  t.database.exec("delete from account_balance; insert into account_balance values ('a', 0), ('b', 0);"),
);

const amounts = async (): Promise<unknown[]> =>
  (await sql`select id, amount from account_balance order by id`.execute(t.database.kysely)).rows;

/** An error as PostgreSQL raises it, in the middle of a transaction that has written. */
const raise = (state: string) =>
  sql.raw(`do $$ begin raise exception 'provoked' using errcode = '${state}'; end $$`);

test("commits what the work wrote and gives its answer", async () => {
  const answer = await transact(t.ctx, async (tx) => {
    await sql`update account_balance set amount = 1 where id = 'a'`.execute(tx.db);
    expect(tx.org).toBe(t.ctx.org);
    return "done";
  });
  expect(answer).toBe("done");
  expect(await amounts()).toEqual([
    { id: "a", amount: 1 },
    { id: "b", amount: 0 },
  ]);
});

test.each(["40001", "40P01"])(
  "runs the work again after SQLSTATE %s; only the last attempt counts",
  async (state) => {
    let attempts = 0;
    await transact(t.ctx, async (tx) => {
      attempts++;
      await sql`update account_balance set amount = amount + 1 where id = 'a'`.execute(tx.db);
      if (attempts < 4) await raise(state).execute(tx.db);
    });
    expect(attempts).toBe(4);
    expect(await amounts()).toContainEqual({ id: "a", amount: 1 });
  },
);

test("gives up after ten attempts, with the database's own error", async () => {
  let attempts = 0;
  const work = transact(t.ctx, async (tx) => {
    attempts++;
    await sql`update account_balance set amount = 9`.execute(tx.db);
    await raise("40001").execute(tx.db);
  });
  await expect(work).rejects.toMatchObject({ code: "40001", message: "provoked" });
  expect(attempts).toBe(10);
  expect(await amounts()).toContainEqual({ id: "a", amount: 0 });
});

test.each([
  ["an error of the program", /^no$/, () => Promise.reject(new Error("no"))],
  [
    "a violated constraint",
    /duplicate key/,
    (db: Ctx["db"]) => sql`insert into account_balance values ('a', 1)`.execute(db),
  ],
])("does not run the work again after %s", async (_name, message, act) => {
  let attempts = 0;
  const work = transact(t.ctx, async (tx) => {
    attempts++;
    await sql`update account_balance set amount = 9`.execute(tx.db);
    await act(tx.db);
  });
  await expect(work).rejects.toThrow(message);
  expect(attempts).toBe(1);
  expect(await amounts()).toContainEqual({ id: "a", amount: 0 });
});

test("refuses to nest", async () => {
  await expect(transact(t.ctx, (tx) => transact(tx, () => Promise.resolve()))).rejects.toThrow(
    /already in a transaction/,
  );
  await sql`select 1`.execute(t.database.kysely);
});

test("reads the SQLSTATE of whatever was thrown", () => {
  expect([
    sqlState({ code: "40001" }),
    sqlState(new Error("x")),
    sqlState(null),
    sqlState({ code: 5 }),
  ]).toEqual(["40001", "", "", ""]);
});

if (onPostgres)
  test("survives a real deadlock: both transactions end, each once", async () => {
    let attempts = 0;
    const bothHold = Promise.withResolvers<void>();
    const move = (first: string, second: string) =>
      transact(t.ctx, async (tx) => {
        await sql`update account_balance set amount = amount + 1 where id = ${first}`.execute(tx.db);
        if (++attempts === 2) bothHold.resolve();
        await bothHold.promise;
        await sql`update account_balance set amount = amount + 1 where id = ${second}`.execute(tx.db);
      });
    await Promise.all([move("a", "b"), move("b", "a")]);
    expect(attempts).toBeGreaterThan(2);
    expect(await amounts()).toEqual([
      { id: "a", amount: 2 },
      { id: "b", amount: 2 },
    ]);
  });
else
  test("hands its one connection out in order: transactions do not mix", async () => {
    await Promise.all(
      Array.from({ length: 5 }, () =>
        transact(t.ctx, async (tx) => {
          const { rows } = await sql<{
            amount: number;
          }>`select amount from account_balance where id = 'a'`.execute(tx.db);
          await sleep(2);
          await sql`update account_balance set amount = ${(rows[0]?.amount ?? 0) + 1} where id = 'a'`.execute(
            tx.db,
          );
        }),
      ),
    );
    expect(await amounts()).toContainEqual({ id: "a", amount: 5 });
  });

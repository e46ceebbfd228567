/** Derived values that a process whose clock was wrong has put off, and that nobody else would compute for as long. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pullForward } from "../../src/storage/derived-clock.ts";
import { claimDirty, markDirty } from "../../src/storage/derived-queue.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

const MINUTE = 60_000;
const UNIT = { blueprint: "service", unit: "count", level: 0 };

let t: TestDatabase;
beforeAll(async () => {
  t = await openTestDatabase();
});
afterAll(() => t.close());

const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * MINUTE);
const mark = (identifier: string, at: Date): Promise<void> =>
  markDirty(t.ctx.db, t.ctx.org, UNIT, sql`select ${identifier}::text as id`, at);

/** What a process with this clock would take, given back at once. */
async function dueAt(at: Date): Promise<readonly string[]> {
  const batch = await claimDirty(t.ctx.db, t.ctx.org, at, () => 100, 10);
  await sql`update derived_dirty set lease_token = null, lease_until = null`.execute(t.ctx.db);
  return batch?.rows.map(({ identifier }) => identifier) ?? [];
}

test("by a clock that was ahead: due at once; what is collected for a while, and what waits for its hour, stay", async () => {
  await mark("put-off", inMinutes(10));
  await mark("collected", inMinutes(0.5));
  await mark("at its hour", inMinutes(60));
  await sql`update derived_dirty set attempts = -1 where identifier = 'at its hour'`.execute(t.ctx.db);
  expect(await dueAt(new Date())).toEqual([]);
  expect(await pullForward(t.ctx.db, t.ctx.org, new Date())).toBe(1);
  expect(await dueAt(new Date())).toEqual(["put-off"]);
  expect(await pullForward(t.ctx.db, t.ctx.org, new Date())).toBe(0);
});

test("for a process whose own clock is behind", async () => {
  const behind = inMinutes(-10);
  await sql`delete from derived_dirty`.execute(t.ctx.db);
  await mark("by the right time", new Date());
  expect(await dueAt(behind)).toEqual([]);
  expect(await pullForward(t.ctx.db, t.ctx.org, behind)).toBe(1);
  expect(await dueAt(behind)).toEqual(["by the right time"]);
});

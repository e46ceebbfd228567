import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Log } from "../../src/storage/context.ts";
import type { Db } from "../../src/storage/db.ts";
import { advanceFeed, peekFeed } from "../../src/storage/feed.ts";
import { type Look, Looks } from "../../src/storage/look.ts";
import { claim, enqueue } from "../../src/storage/queue.ts";
import { ReaderTurns } from "../../src/storage/reader-turns.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { comes } from "../support/patience.ts";

let t: TestDatabase;
let db: Db;
beforeAll(async () => {
  t = await openTestDatabase();
  db = t.database.kysely;
});
afterAll(() => t.close());
beforeEach(() => t.database.exec("delete from job; delete from change; delete from feed_cursor;"));

const open = (isAlone = false): Looks => new Looks(db, t.ctx.org, { queues: ["q", "other"], isAlone });

test("tells when the next job is due, by its time or by the lease of whoever holds it", async () => {
  const looks = open();
  const due = async (limitMs: number, ...queues: string[]) => (await looks.now()).dueIn(queues, limitMs);
  expect(await due(1000, "q")).toBe(1000);
  await enqueue(db, t.ctx.org, "q", ["a"], 900_000);
  expect(await due(1000, "q")).toBe(1000);
  const ms = await due(3_600_000, "other", "q");
  expect(ms).toBeGreaterThan(0);
  expect(ms).toBeLessThanOrEqual(900_000);
  expect(await due(1000, "other")).toBe(1000);
  await enqueue(db, t.ctx.org, "q", ["b"]);
  expect(await due(1000, "q")).toBeLessThanOrEqual(0);
  expect(await claim(db, "q", 1, 60)).toHaveLength(1);
  expect(await due(1000, "q")).toBe(1000);
  expect(await due(3_600_000, "q")).toBeLessThanOrEqual(60_000);
  // Behind more than a look at leases passes over.
  const held = Array.from({ length: 120 }, (_, i) => `held ${i}`);
  await enqueue(db, t.ctx.org, "q", held);
  expect(await claim(db, "q", 120, 60)).toHaveLength(120);
  expect(await due(1000, "q")).toBe(1000);
  await enqueue(db, t.ctx.org, "q", ["late"]);
  expect(await due(1000, "q")).toBeLessThanOrEqual(0);
});

test("what is written before a look is asked for is in it, and those who ask together share one", async () => {
  const looks = open();
  const [first, second] = [looks.now(), looks.now()];
  expect(first).toBe(second);
  await first;
  const before = looks.now();
  // It is on its way.
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  await enqueue(db, t.ctx.org, "q", ["a"]);
  expect((await looks.now()).dueIn(["q"], 1000)).toBeLessThanOrEqual(0);
  await before;
});

test("readers read on where there is something to read, and the next one when nobody does", async () => {
  const write = () =>
    sql`insert into change (org, kind, action, blueprint, identifier, actor, at)
      values (${t.ctx.org}, 'entity', 'CREATE', 'service', 'a', 'test', now())`.execute(db);
  const looks = open();
  /** Sessions of other databases of the server may hold the horizon for a moment. */
  const until = (isSo: (look: Look) => boolean) => comes(() => looks.now(), isSo);
  expect((await looks.now()).readIn("r")).toBe(0);
  await peekFeed(db, t.ctx.org, "r", { rows: 1, bytes: 1 }, "all");
  expect((await looks.now()).readIn("r")).toBeNull();
  await write();
  // Nobody is known to read.
  await until((look) => look.readIn("r", 60_000) !== null);
  expect((await looks.now()).readIn("r", 60_000)).toBeGreaterThan(50_000);
  expect((await open(true).now()).readIn("r")).toBe(0);
  const { rows } = await peekFeed(db, t.ctx.org, "r", { rows: 1, bytes: 1 }, "all");
  await advanceFeed(db, t.ctx.org, "r", rows[0] as (typeof rows)[0]);
  expect((await looks.now()).readIn("r")).toBeNull();
  await write();
  await until((look) => look.readIn("r", 60_000) === 0);
});

/**
 * @param times so many statements are never answered
 * @param isBusy whether these wait for a connection instead
 */
function silent(times: number, isBusy = false): { readonly db: Db; readonly asked: () => number } {
  let asked = 0;
  const execute = (work: (one: Db) => Promise<unknown>): Promise<unknown> => {
    asked += 1;
    if (asked > times) return db.connection().execute(work);
    return isBusy ? forever : work({ executeQuery: () => forever } as unknown as Db);
  };
  return { db: { connection: () => ({ execute }) } as unknown as Db, asked: () => asked };
}
const forever = new Promise<never>(() => undefined);

describe("a look that is not answered", () => {
  const warn = vi.fn<Log["warn"]>();
  beforeEach(() => warn.mockClear());
  const log = { warn } as unknown as Log;
  const asking = (one: Db, isAlone = false) =>
    new Looks(one, t.ctx.org, { queues: ["q"], isAlone, patience: { afterMs: 100, most: 3 }, log });

  test.each([1, 2])("is asked for again beside it (%d times), and all go on", async (times) => {
    const { db: one, asked } = silent(times);
    const looks = asking(one);
    expect((await Promise.all([looks.now(), looks.now()])).map((look) => look.dueIn(["q"], 7))).toEqual([
      7, 7,
    ]);
    expect((await looks.now()).dueIn(["q"], 7)).toBe(7);
    expect(asked()).toBeGreaterThanOrEqual(times + 2);
    // However often it is asked again.
    expect(warn).toHaveBeenCalledExactlyOnceWith({ afterMs: 100 }, expect.stringContaining("went silent"));
  });

  test("takes no more connections than three, and none besides where there is one", async () => {
    for (const [isAlone, most] of [
      [false, 3],
      [true, 1],
    ] as const) {
      const { db: one, asked } = silent(10);
      let isAnswered = false;
      void asking(one, isAlone)
        .now()
        .then(() => (isAnswered = true));
      await sleep(600);
      expect([isAnswered, asked()]).toEqual([false, most]);
    }
  });

  test("is not asked for again while it waits for a connection: all of them are busy", async () => {
    const { db: one, asked } = silent(10, true);
    void asking(one).now();
    await sleep(400);
    expect(asked()).toBe(1);
    expect(warn).not.toHaveBeenCalled();
  });

  test("fails as asking failed", async () => {
    const execute = () => Promise.reject(new Error("away"));
    const failing = { connection: () => ({ execute }) } as unknown as Db;
    await expect(asking(failing).now()).rejects.toThrow(/^away$/);
  });
});

describe("turns of a reader", () => {
  const wait = (turns: ReaderTurns, place: string | null, left: string | undefined, now: number) =>
    turns.waitMs("r", { place, left, patienceMs: 250 }, now);

  test("are those of whoever read last", () => {
    const turns = new ReaderTurns();
    expect(wait(turns, "1 1", "1 1", 0)).toBe(0);
    expect(wait(turns, null, "1 1", 0)).toBeNull();
    expect(wait(turns, "2 2", "1 1", 10)).toBe(250);
    expect(wait(turns, "2 2", "1 1", 110)).toBe(150);
    // It goes on, so that it is left to it.
    expect(wait(turns, "3 3", "1 1", 200)).toBe(250);
    expect(wait(turns, "3 3", "1 1", 449)).toBe(1);
  });

  test("end when it does not go on, though there is something to read", () => {
    const turns = new ReaderTurns();
    expect(wait(turns, "2 2", "1 1", 0)).toBe(250);
    expect(wait(turns, "2 2", "1 1", 250)).toBe(0);
    expect(wait(turns, "2 2", "1 1", 300)).toBe(0);
    // While there is nothing to read, no time passes.
    expect(wait(turns, null, "1 1", 400)).toBeNull();
    expect(wait(turns, "2 2", "1 1", 10_000)).toBe(250);
    expect(wait(turns, "2 2", undefined, 10_250)).toBe(0);
  });
});

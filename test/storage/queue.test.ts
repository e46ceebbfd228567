import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Db } from "../../src/storage/db.ts";
import {
  claim,
  enqueue,
  extendLease,
  fail,
  type Job,
  keysAtWork,
  pendingJobs,
  releaseLeases,
  settle,
} from "../../src/storage/queue.ts";
import { transact } from "../../src/storage/transact.ts";
import { onPostgres, openTestDatabase, type TestDatabase } from "../support/database.ts";

const Q = "work";
let t: TestDatabase;
let db: Db;
beforeAll(async () => {
  t = await openTestDatabase();
  db = t.database.kysely;
});
afterAll(() => t.close());
beforeEach(() => t.database.exec("delete from job"));

const mark = (...keys: string[]) => enqueue(db, t.ctx.org, Q, keys);
const take = (limit = 1, lease = 60) => claim(db, Q, limit, lease);
async function takeOne(lease = 60): Promise<Job> {
  const [job] = await take(1, lease);
  if (job === undefined) throw new Error("nothing to claim");
  return job;
}
const rows = async () =>
  (
    await sql<{ key: string; ticket: number; attempts: number; wait: number; last_error: string | null }>`
      select key, ticket, attempts, last_error, round(extract(epoch from run_at - now()))::int as wait
      from job order by key`.execute(db)
  ).rows;
/** Lets the pause of all jobs pass. */
const wait = () => t.database.exec("update job set run_at = now() - interval '1 second'");

describe("marking", () => {
  test("coalesces: one row per key, however often and in one call or many", async () => {
    await mark("b", "a", "b");
    await mark("a");
    await mark();
    expect((await rows()).map((row) => [row.key, row.ticket])).toEqual([
      ["a", 2],
      ["b", 1],
    ]);
    expect(await pendingJobs(db, t.ctx.org)).toEqual(new Map([[Q, 2]]));
  });

  test("with a delay is not due yet; the earlier of two times wins", async () => {
    await enqueue(db, t.ctx.org, Q, ["a"], 60_000);
    expect(await take()).toEqual([]);
    await enqueue(db, t.ctx.org, Q, ["a"], 90_000);
    // Neither now, nor the later time; on a busy machine a second has passed by now.
    const [{ wait: left } = { wait: 0 }] = await rows();
    expect(left).toBeGreaterThan(30);
    expect(left).toBeLessThanOrEqual(60);
    await mark("a");
    expect(await take()).toHaveLength(1);
  });

  test("is undone with its transaction", async () => {
    const work = transact(t.ctx, async (tx) => {
      await enqueue(tx.db, t.ctx.org, Q, ["a"]);
      throw new Error("no");
    });
    await expect(work).rejects.toThrow("no");
    expect(await take()).toEqual([]);
  });
});

describe("claiming", () => {
  test("gives the oldest first, at most as many as asked, in key order", async () => {
    await mark("c");
    await sql`update job set run_at = run_at - interval '1 minute'`.execute(db);
    await mark("a", "b");
    expect((await take(2)).map((job) => job.key)).toEqual(["a", "c"]);
    expect((await take(5)).map((job) => job.key)).toEqual(["b"]);
    expect(await take(5)).toEqual([]);
  });

  test("knows its queue only", async () => {
    await enqueue(db, t.ctx.org, "other", ["a"]);
    expect(await take()).toEqual([]);
  });

  test("never gives more than asked, whatever plan the database takes", async () => {
    await mark(...Array.from({ length: 200 }, (_, i) => `k${i}`));
    await db.connection().execute(async (one) => {
      for (const off of ["hashjoin", "mergejoin", "hashagg", "material", "sort"])
        await sql.raw(`set enable_${off} = off`).execute(one);
      try {
        expect(await claim(one, Q, 3, 60)).toHaveLength(3);
      } finally {
        await sql`reset all`.execute(one);
      }
    });
  });

  test("a lease that ran out is taken by the next; the first can neither settle nor fail the job", async () => {
    await mark("a");
    const first = await takeOne(-1);
    const second = await takeOne();
    expect(second.leaseToken).not.toBe(first.leaseToken);
    expect(second.attempts).toBe(2);
    expect(await settle(db, first)).toBe(false);
    await fail(db, first, "late");
    expect(await rows()).toMatchObject([{ key: "a", last_error: null }]);
    expect(await take()).toEqual([]);
    expect(await settle(db, second)).toBe(true);
    expect(await rows()).toEqual([]);
  });

  test("a worker that was killed between claim and settle loses nothing", async () => {
    await mark("a");
    await takeOne(-1);
    expect((await takeOne()).key).toBe("a");
  });
});

describe("settling", () => {
  test("ends the job", async () => {
    await mark("a");
    expect(await settle(db, await takeOne())).toBe(true);
    expect(await rows()).toEqual([]);
  });

  test("gives the job back when it was marked while it ran", async () => {
    await mark("a");
    const job = await takeOne();
    await mark("a");
    expect(await take()).toEqual([]);
    expect(await settle(db, job)).toBe(true);
    const again = await takeOne();
    expect(again.ticket).toBe(2);
    expect(await settle(db, again)).toBe(true);
    expect(await rows()).toEqual([]);
  });

  test("twice does nothing the second time", async () => {
    await mark("a");
    const job = await takeOne();
    await settle(db, job);
    await mark("a");
    expect(await settle(db, job)).toBe(false);
    expect(await take()).toHaveLength(1);
  });
});

describe("failing", () => {
  test("pauses longer each time, five minutes at most, and never drops the job", async () => {
    await mark("a");
    const pauses: number[] = [];
    for (let i = 0; i < 11; i++) {
      await fail(db, await takeOne(), `attempt ${i}`);
      pauses.push((await rows())[0]?.wait ?? 0);
      expect(await take()).toEqual([]);
      await wait();
    }
    expect(pauses).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
    expect(await rows()).toMatchObject([{ last_error: "attempt 10" }]);
  });

  test("a new mark ends the pause and starts the count anew", async () => {
    await mark("a");
    await fail(db, await takeOne(), "no");
    await mark("a");
    expect((await takeOne()).attempts).toBe(1);
  });

  test("keeps a long message in bounds", async () => {
    await mark("a");
    await fail(db, await takeOne(), "x".repeat(10_000));
    expect((await rows())[0]?.last_error).toHaveLength(2000);
  });
});

/** Random operations against the obvious twin: how many marks of a key no settled claim has covered yet. */
test("property: a mark is never lost, a job never has two owners", { timeout: 120_000 }, async () => {
  const operation = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant("mark" as const), key: fc.constantFrom("a", "b", "c") }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant("claim" as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("expire" as const) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("settle" as const), pick: fc.nat(5) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("fail" as const), pick: fc.nat(5) }) },
  );
  interface Held {
    readonly job: Job;
    /** Marks that the work of this claim has seen. */
    readonly seen: number;
    state: "holds" | "expired" | "lost";
  }
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 25 }), async (operations) => {
      await t.database.exec("delete from job");
      const marks = new Map<string, number>();
      const held: Held[] = [];
      for (const op of operations) {
        if (op.do === "mark") {
          await mark(op.key);
          marks.set(op.key, (marks.get(op.key) ?? 0) + 1);
        } else if (op.do === "expire") {
          await t.database.exec("update job set lease_until = now() - interval '1 second'");
          for (const h of held) if (h.state === "holds") h.state = "expired";
        } else if (op.do === "claim") {
          await wait();
          const free = [...marks.keys()].filter(
            (key) => !held.some((h) => h.job.key === key && h.state === "holds"),
          );
          const [job] = await take();
          expect(job === undefined).toBe(free.length === 0);
          if (job === undefined) continue;
          expect(free).toContain(job.key);
          for (const h of held) if (h.job.key === job.key) h.state = "lost";
          held.push({ job, seen: marks.get(job.key) ?? 0, state: "holds" });
        } else {
          const [h] = held.splice(op.pick % Math.max(1, held.length), 1);
          if (h === undefined) continue;
          if (op.do === "fail") await fail(db, h.job, "no");
          else expect(await settle(db, h.job)).toBe(h.state !== "lost");
          if (op.do === "fail" || h.state === "lost") continue;
          const left = (marks.get(h.job.key) ?? 0) - h.seen;
          if (left > 0) marks.set(h.job.key, left);
          else marks.delete(h.job.key);
        }
        expect((await rows()).map((row) => row.key)).toEqual([...marks.keys()].sort());
      }
    }),
    { numRuns: 40, seed: 20_261_125 },
  );
});

if (onPostgres)
  test("workers at work at the same time never share a job, and do them all", async () => {
    const keys = Array.from({ length: 120 }, (_, i) => `k${i}`);
    await mark(...keys);
    const done: string[] = [];
    const worker = async (): Promise<void> => {
      for (;;) {
        const jobs = await take(7);
        if (jobs.length === 0) return;
        for (const job of jobs) {
          done.push(job.key);
          expect(await settle(db, job)).toBe(true);
        }
      }
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    expect(done.sort()).toEqual(keys.sort());
  });

describe("a lease", () => {
  test("that is extended keeps the job from others; a lost one cannot be extended", async () => {
    await mark("a");
    const job = await takeOne(0.05);
    await extendLease(db, job, 60);
    await sql`select pg_sleep(0.1)`.execute(db);
    expect(await take()).toEqual([]);
    await extendLease(db, { ...job, leaseToken: "another" }, -1);
    expect(await take()).toEqual([]);
    expect(await keysAtWork(db, t.ctx.org, Q)).toEqual(["a"]);
  });

  test("of a killed process is given back at the start", async () => {
    await mark("a");
    await takeOne();
    await releaseLeases(db);
    expect(await keysAtWork(db, t.ctx.org, Q)).toEqual([]);
    expect(await takeOne()).toMatchObject({ key: "a", attempts: 2 });
  });
});

test("a job that is marked at every turn lets the others have theirs", async () => {
  await mark("busy");
  await mark("other");
  const done: string[] = [];
  for (let turn = 0; turn < 2; turn++) {
    const job = await takeOne();
    done.push(job.key);
    await mark("busy");
    await settle(db, job);
  }
  expect(done).toEqual(["busy", "other"]);
});

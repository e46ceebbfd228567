import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JobHandler, QueueWork } from "../../src/engine/run-job.ts";
import { startWorker, type Worker, type WorkBefore } from "../../src/engine/worker.ts";
import type { Topic } from "../../src/storage/db.ts";
import { Looks } from "../../src/storage/look.ts";
import { claim, enqueue } from "../../src/storage/queue.ts";
import { transact } from "../../src/storage/transact.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { until } from "../support/patience.ts";

let t: TestDatabase;
let worker: Worker | null = null;
beforeEach(async () => {
  t = await openTestDatabase();
  await t.database.exec("create table done (key text not null)");
});
afterEach(async () => {
  await worker?.stop();
  worker = null;
  await t.close();
});

const runAfter = (before: WorkBefore["work"] | null, ...queues: QueueWork[]) => {
  const looks = new Looks(t.ctx.db, t.ctx.org, { queues: ["q"], isAlone: true });
  worker = startWorker(t.database, t.ctx, looks, queues, before && { dueIn: () => 0, work: before });
};
const run = (...queues: QueueWork[]) => runAfter(null, ...queues);
const mark = async (...keys: string[]) => {
  await enqueue(t.ctx.db, t.ctx.org, "q", keys);
  t.database.hint("change");
};
const done = async () =>
  (await sql<{ key: string }>`select key from done order by key`.execute(t.ctx.db)).rows.map(
    (row) => row.key,
  );
const jobs = async () =>
  (
    await sql<{
      key: string;
      last_error: string | null;
    }>`select key, last_error from job order by key`.execute(t.ctx.db)
  ).rows;
const record: JobHandler = async (ctx, job) => {
  await sql`insert into done values (${job.key})`.execute(ctx.db);
};

test("does every job once and tells waiting pages", async () => {
  const heard: Topic[] = [];
  t.database.onHint((topic) => heard.push(topic));
  run({ queue: "q", handler: record, done: "dora" });
  await mark("a", "b", "c");
  await until(async () => (await jobs()).length === 0);
  expect(await done()).toEqual(["a", "b", "c"]);
  // PostgreSQL tells several at once.
  await until(() => heard.includes("dora"));
});

test("a job that fails leaves nothing of its work, keeps its error, and holds up no other", async () => {
  run({
    queue: "q",
    done: null,
    handler: async (ctx, job) => {
      await record(ctx, job);
      if (job.key === "bad") throw new Error("cannot do it");
    },
  });
  await mark("bad", "good");
  await until(async () => (await done()).includes("good"));
  await until(async () => (await jobs())[0]?.last_error !== null);
  expect(await jobs()).toEqual([{ key: "bad", last_error: "cannot do it" }]);
  expect(await done()).toEqual(["good"]);
});

test("a job whose lease went to another worker is undone, and stays with that worker", async () => {
  let attempts = 0;
  run({
    queue: "q",
    done: null,
    handler: async (ctx, job) => {
      attempts++;
      await record(ctx, job);
      // What happens when this takes longer than the lease; in this transaction, as the embedded database has one.
      await sql`update job set lease_token = 'another' where key = ${job.key}`.execute(ctx.db);
    },
  });
  await mark("a");
  await until(async () => attempts > 0 && (await jobs())[0]?.last_error !== null);
  expect(await done()).toEqual([]);
  expect((await jobs())[0]?.last_error).toMatch(/lease was lost/);
});

test("work that proves itself is kept though its lease went to another worker, whose the job stays", async () => {
  run({
    queue: "q",
    ...{ done: null, provesItself: true },
    handler: async (ctx, job) => {
      await record(ctx, job);
      await sql`update job set lease_token = 'another' where key = ${job.key} and key = 'a'`.execute(ctx.db);
    },
  });
  await mark("a", "b");
  await until(async () => (await done()).length === 2 && (await jobs()).length === 1);
  expect(await jobs()).toEqual([{ key: "a", last_error: null }]);
});

test("work that proves itself is settled after it: marked again meanwhile, it is done again; not done, put off", async () => {
  const seen: number[] = [];
  run({
    queue: "q",
    ...{ done: null, provesItself: true },
    handler: async (ctx, job) => {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from job where key = ${job.key} and lease_token = ${job.leaseToken}`.execute(
        ctx.db,
      );
      seen.push(rows[0]?.n ?? 0);
      if (seen.length === 1) await enqueue(ctx.db, ctx.org, "q", [job.key]);
      return seen.length === 2 ? { againInMs: 1 } : undefined;
    },
  });
  await mark("a");
  await until(async () => seen.length === 3 && (await jobs()).length === 0);
  expect(seen).toEqual([1, 1, 1]);
});

test("stop waits for the job at hand and takes no other", async () => {
  const started = Promise.withResolvers<void>();
  run({
    queue: "q",
    done: null,
    handler: async (ctx, job) => {
      started.resolve();
      await sleep(200);
      await record(ctx, job);
    },
  });
  await mark("a", "b");
  await started.promise;
  await worker?.stop();
  expect(await done()).toEqual(["a"]);
  expect(await claim(t.ctx.db, "q", 5, 60)).toMatchObject([{ key: "b" }]);
});

test("prepares outside the transaction, writes inside; a failure of either leaves nothing", async () => {
  const inside: boolean[] = [];
  run({
    queue: "q",
    done: null,
    prepare: async (ctx, job) => {
      inside.push(ctx.db.isTransaction);
      // Work of others goes on meanwhile, also on the one connection of the embedded database.
      await transact(t.ctx, (tx) => sql`insert into done values (${`beside ${job.key}`})`.execute(tx.db));
      if (job.key === "bad") throw new Error("cannot prepare");
      return (tx) => {
        inside.push(tx.db.isTransaction);
        return record(tx, job);
      };
    },
  });
  await mark("bad", "good");
  await until(async () => (await done()).includes("good"));
  await until(async () => (await jobs())[0]?.last_error !== null);
  expect(await done()).toEqual(["beside bad", "beside good", "good"]);
  expect(inside).toEqual([false, false, true]);
  expect(await jobs()).toEqual([{ key: "bad", last_error: "cannot prepare" }]);
});

test("work before a round that never succeeds holds up no job", async () => {
  runAfter(() => Promise.reject(new Error("a change that cannot be read")), {
    ...{ queue: "q", handler: record, done: null },
  });
  await mark("a");
  await until(async () => (await done()).length === 1);
});

test("goes on after the work before a round failed", async () => {
  let rounds = 0;
  const before = (): Promise<boolean> => {
    rounds++;
    return rounds === 1 ? Promise.reject(new Error("feed is away")) : Promise.resolve(false);
  };
  runAfter(before, { queue: "q", handler: record, done: null });
  await mark("a");
  await until(async () => (await done()).length === 1);
  expect(worker?.idleFor()).toBeLessThan(5000);
});

/** Many jobs at once that wait for others: what hangs takes its own share, and nothing of anybody else's. */
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Pool, startPool } from "../../src/engine/pool.ts";
import type { PoolLimits } from "../../src/engine/lane-shares.ts";
import type { JobPreparer, QueueWork } from "../../src/engine/run-job.ts";
import { Looks } from "../../src/storage/look.ts";
import type { Job } from "../../src/storage/queue.ts";
import { enqueue } from "../../src/storage/queue.ts";
import { transact } from "../../src/storage/transact.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { until } from "../support/patience.ts";

let t: TestDatabase;
let pool: Pool | null = null;
const gates: Gate[] = [];
beforeEach(async () => {
  t = await openTestDatabase();
});
afterEach(async () => {
  // What hangs is let go, or nothing would ever stop.
  const letting = setInterval(() => gates.forEach((one) => one.openAll()), 10);
  await pool?.stop();
  clearInterval(letting);
  gates.length = 0;
  pool = null;
  await t.close();
});

const looks = () => new Looks(t.ctx.db, t.ctx.org, { queues: ["q"], isAlone: true });
const jobs = async () =>
  (
    await sql<{ key: string; attempts: number }>`select key, attempts from job order by key`.execute(t.ctx.db)
  ).rows.map(({ key }) => key);
const hasFailed = async (): Promise<boolean> =>
  (await sql`select key from job where last_error is not null`.execute(t.ctx.db)).rows.length > 0;

interface Gate {
  readonly flying: Set<string>;
  readonly most: Map<string, number>;
  readonly done: string[];
  open(key: string, outcome?: "fails"): void;
  openAll(): void;
  readonly work: QueueWork;
}

/** Jobs whose key begins with `hang` wait until they are let go; `<lane>/<name>`. */
function gate(): Gate {
  const waiting = new Map<string, (outcome?: "fails") => void>();
  const flying = new Set<string>();
  const most = new Map<string, number>();
  const done: string[] = [];
  const prepare: JobPreparer = async (_ctx, job) => {
    flying.add(job.key);
    const [lane = ""] = job.key.split("/");
    most.set(
      lane,
      Math.max(most.get(lane) ?? 0, [...flying].filter((key) => key.startsWith(`${lane}/`)).length),
    );
    const outcome = job.key.startsWith("hang")
      ? await new Promise<"fails" | undefined>((resolve) => waiting.set(job.key, resolve))
      : undefined;
    flying.delete(job.key);
    if (outcome === "fails") throw new Error("no answer");
    return () => Promise.resolve(void done.push(job.key));
  };
  const made: Gate = {
    ...{ flying, most, done },
    open: (key, outcome) => waiting.get(key)?.(outcome),
    openAll: () => waiting.forEach((open) => open()),
    work: { queue: "q", prepare, done: null },
  };
  gates.push(made);
  return made;
}

const mark = async (lane: string | null, ...names: string[]) => {
  await enqueue(t.ctx.db, t.ctx.org, "q", names, 0, lane);
  t.database.hint("change");
};
/** Nothing is kept for anybody. */
const LIMITS: PoolLimits = { atOnce: 20, perOrg: 18, perLane: 3, ownAtOnce: 20, spare: 0, ownSpare: 0 };
const numbered = (lane: string, n: number) => Array.from({ length: n }, (_, i) => `${lane}/${i}`);

test("others end while four receivers hang, however many runs wait for these", async () => {
  const g = gate();
  const lanes = ["hang-a", "hang-b", "hang-c", "hang-d"];
  for (const lane of lanes) await mark(lane, ...numbered(lane, 20));
  pool = startPool(t.database, t.ctx, looks(), [g.work], LIMITS);
  await until(() => g.flying.size === 12);
  await mark("swift", ...numbered("swift", 30));
  await mark(null, "local/0");
  await until(() => g.done.length === 31);
  expect(lanes.map((lane) => g.most.get(lane))).toEqual([3, 3, 3, 3]);
  expect(g.flying.size).toBe(12);
  // What is done is told before its transaction ends.
  await until(async () => (g.openAll(), (await jobs()).length === 0));
  expect(g.done).toHaveLength(31 + 80);
  expect(new Set(g.done).size).toBe(g.done.length);
});

test("receivers with long queues that take all their places leave some for new ones, in turns, and for what calls nobody", async () => {
  const g = gate();
  const limits = { ...LIMITS, atOnce: 20, perOrg: 12, perLane: 4, ownAtOnce: 4, spare: 3, ownSpare: 1 };
  const lanes = ["hang-a", "hang-b"];
  for (const lane of lanes) await mark(lane, ...numbered(lane, 30));
  pool = startPool(t.database, t.ctx, looks(), [g.work], limits);
  await until(() => g.flying.size === 8);
  const step = async (): Promise<void> => {
    const before = new Set(g.done);
    for (const key of g.flying) if (/^hang-[ab]/.test(key)) g.open(key);
    await until(() => lanes.every((lane) => g.done.some((k) => k.startsWith(lane) && !before.has(k))));
  };
  // All of the common places are taken, and stay taken as jobs end.
  await step();
  await until(() => g.flying.size === 8);
  const others = ["hang-c", "hang-d", "hang-e", "hang-f"];
  // They come together: who comes while nobody else waits has had a turn before the next.
  await transact(t.ctx, async (tx) => {
    for (const lane of others) await enqueue(tx.db, tx.org, "q", numbered(lane, 5), 0, lane);
    await enqueue(tx.db, tx.org, "q", ["own/0"]);
  });
  t.database.hint("change");
  await until(() => g.flying.size === 11 && g.done.includes("own/0"));
  const waiting = others.filter((lane) => ![...g.flying].some((key) => key.startsWith(lane)));
  expect(waiting).toHaveLength(1);
  // Who had a place comes after who had none, though its own jobs wait for longer.
  const had = others.find((lane) => !waiting.includes(lane)) ?? "";
  g.open([...g.flying].find((key) => key.startsWith(had)) ?? "");
  await until(() => [...g.flying].some((key) => key.startsWith(String(waiting[0]))));
  expect([...g.flying].some((key) => key.startsWith(had))).toBe(false);
});

test("a destination that failed gets one at a time until it answers", async () => {
  const g = gate();
  await mark("hang", "hang/0");
  pool = startPool(t.database, t.ctx, looks(), [g.work], LIMITS);
  await until(() => g.flying.has("hang/0"));
  g.open("hang/0", "fails");
  await until(hasFailed);
  await mark("hang", "hang/1", "hang/2", "hang/3");
  await mark("swift", "swift/0");
  await until(() => g.done.includes("swift/0") && g.flying.size === 1);
  const [first = ""] = g.flying;
  g.open(first);
  await until(() => g.flying.size === 2);
});

test("a lane goes on by itself, within its share; where all places are taken a free one goes to who waits longest", async () => {
  const g = gate();
  await mark("swift", ...numbered("swift", 50));
  pool = startPool(t.database, t.ctx, looks(), [g.work], { ...LIMITS, atOnce: 4, perOrg: 4, perLane: 2 });
  await until(() => g.done.length === 50);
  expect(g.most.get("swift")).toBeLessThanOrEqual(2);
  await mark("hang", ...numbered("hang", 2));
  await mark("hang-too", ...numbered("hang-too", 2));
  await until(() => g.flying.size === 4);
  await mark("swift", "swift/again");
  g.open([...g.flying][0] ?? "");
  await until(() => g.done.includes("swift/again"));
});

test("what is at work here is not taken once more, though its lease ended", async () => {
  const g = gate();
  await mark("hang", ...numbered("hang", 2));
  pool = startPool(t.database, t.ctx, looks(), [g.work], LIMITS);
  await until(() => g.flying.size === 2);
  await sql`update job set lease_until = now() - interval '1 second'`.execute(t.ctx.db);
  // Its place looks for the next of the lane, and the pool for any.
  g.open("hang/1");
  await until(() => g.done.includes("hang/1"));
  await mark("swift", "swift/0");
  await until(async () => (await jobs()).length === 1);
  const { rows } = await sql`select key, attempts from job`.execute(t.ctx.db);
  expect(rows).toEqual([{ key: "hang/0", attempts: 1 }]);
  g.open("hang/0");
  await until(async () => (await jobs()).length === 0);
  expect(g.done).toEqual(["hang/1", "swift/0", "hang/0"]);
});

test("an organisation leaves room for others", async () => {
  const g = gate();
  pool = startPool(t.database, t.ctx, looks(), [g.work], { ...LIMITS, perOrg: 2, perLane: 20 });
  await mark(null, ...numbered("hang", 5));
  await until(() => g.flying.size === 2);
  await enqueue(t.ctx.db, "other", "q", ["swift/0"]);
  t.database.hint("change");
  await until(() => g.done.includes("swift/0"));
  expect(g.flying.size).toBe(2);
  await until(() => (g.openAll(), g.done.length === 6));
});

test("what is not done yet is looked at again, and not before its time", async () => {
  const asked: Job[] = [];
  const prepare: JobPreparer = (_ctx, job) => {
    asked.push(job);
    return Promise.resolve(() => Promise.resolve(asked.length < 3 ? { againInMs: 1 } : undefined));
  };
  await mark(null, "watched");
  pool = startPool(t.database, t.ctx, looks(), [{ queue: "q", prepare, done: null }], LIMITS);
  await until(async () => (await jobs()).length === 0);
  expect(asked.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
});

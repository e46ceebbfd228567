/** Starting runs: once for each key, in the transaction of the caller, in the change feed (workflows.md §3.4). */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAction } from "../../src/automation/define-action.ts";
import { createExecutor } from "../../src/automation/execute-run.ts";
import { noticeLaneOf } from "../../src/automation/lane-of.ts";
import { getRuns } from "../../src/automation/list-runs.ts";
import type { RunMeans } from "../../src/automation/run-means.ts";
import { endStaleRuns } from "../../src/automation/stale-runs.ts";
import { type StartRun, startRun } from "../../src/automation/start-run.ts";
import { type RunLogStreams, runLogStreamRoutes } from "../../src/http/run-log-stream.ts";
import { readAction } from "../../src/storage/actions.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { claim } from "../../src/storage/queue.ts";
import { insertRunLog, readRun } from "../../src/storage/runs.ts";
import { RUNS_QUEUE } from "../../src/storage/queues.ts";
import { transact } from "../../src/storage/transact.ts";
import { asPerson } from "../catalog/fixture.ts";
import { startGuardedRoutes } from "../support/guarded-routes.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

let t: TestDatabase;
let start: StartRun;
let streams: RunLogStreams | undefined;
beforeAll(async () => {
  t = await openTestDatabase();
  await createAction(t.ctx, {
    identifier: "nudge",
    publish: true,
    trigger: {
      type: "automation",
      event: { type: "RUN_UPDATED", actionIdentifier: "other" },
      condition: { type: "JQ", expressions: ['.diff.after.status == "FAILURE"'] },
    },
    invocationMethod: { type: "WEBHOOK", url: "http://127.0.0.1:9/" },
  });
  const action = await readAction(t.ctx.db, t.ctx.org, "nudge");
  if (action === null) throw new Error("no action");
  start = {
    ...{ action, source: "AUTOMATION", inputs: null, blueprint: null, entity: null },
    event: { action: "UPDATE" },
    trigger: { by: { orgId: t.ctx.org }, origin: "AUTOMATION" },
  };
});
afterAll(() => t.close());

const count = async (table: string): Promise<number> => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(
    t.ctx.db,
  );
  return rows[0]?.n ?? 0;
};
const go = (ctx: Ctx, key?: string) =>
  transact(ctx, (tx) => startRun(tx, { ...start, ...(key === undefined ? {} : { key }) }));

test("a key starts one run, however often and by however many at once", async () => {
  const results = await Promise.all(Array.from({ length: 8 }, () => go(t.ctx, "event_7")));
  expect(new Set(results.map(({ run }) => run.id)).size).toBe(1);
  expect(results.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(await count("action_run")).toBe(1);
  expect((await go(t.ctx, "event_8")).isNew).toBe(true);
  expect([await count("action_run"), await count("job")]).toEqual([2, 2]);
});

test("what is undone leaves no run, no job and no row of the feed", async () => {
  const before = [await count("action_run"), await count("job"), await count("change")];
  const failing = transact(t.ctx, async (tx) => {
    await startRun(tx, { ...start, key: "undone" });
    throw new Error("undo");
  });
  await expect(failing).rejects.toThrow("undo");
  expect([await count("action_run"), await count("job"), await count("change")]).toEqual(before);
  expect((await go(t.ctx, "undone")).isNew).toBe(true);
});

test("the change feed tells of a run and of each change of it", async () => {
  const { run } = await go(t.ctx);
  const later = { ...t.ctx, now: () => new Date(Date.now() + 200 * 3_600_000) };
  expect(await endStaleRuns(later, 168)).toBe(false);
  const { rows } = await sql<{ action: string; after: { status: string; statusLabel: string | null } }>`
    select action, after from change where kind = 'run' and identifier = ${run.id} order by seq`.execute(
    t.ctx.db,
  );
  expect(rows.map(({ action, after }) => [action, after.status, after.statusLabel])).toEqual([
    ["CREATE", "IN_PROGRESS", null],
    ["UPDATE", "FAILURE", "Timed out"],
  ]);
  expect(await endStaleRuns(later, 168)).toBe(false);
});

test("a run whose log grows is not given up", async () => {
  const { run } = await go(t.ctx);
  const later = { ...t.ctx, now: () => new Date(Date.now() + 200 * 3_600_000) };
  const { db, org } = t.ctx;
  await insertRunLog(db, org, { run: run.id, message: "still at it", at: later.now(), by: "ci" });
  await endStaleRuns(later, 168);
  expect((await readRun(db, org, run.id))?.status).toBe("IN_PROGRESS");
});

test("a log that is followed ends with the token of who follows it", async () => {
  const { run } = await go(t.ctx);
  let isGood = true;
  const small = await startGuardedRoutes(
    () => isGood,
    (routes) => {
      streams = runLogStreamRoutes(
        routes,
        { ctx: () => t.ctx, read: (_, work) => work(t.ctx), afterWrite: () => undefined },
        0,
      );
      return streams;
    },
  );
  try {
    const headers = { authorization: "Bearer some" };
    const log = await fetch(`${small.url}/v1/actions/runs/${run.id}/logs/live`, { headers });
    expect(log.status).toBe(200);
    const reader = log.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ""; !text.includes("event: run");) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: "" };
      expect(done).toBe(false);
      text += value ?? "";
    }
    isGood = false;
    streams?.changed();
    for (let isOver = false; !isOver;) isOver = (await reader?.read())?.done ?? true;
  } finally {
    await small.stop();
  }
});

test("approvers are told in the lane of whom that calls: one webhook that hangs holds up no other, and no mail", () => {
  const laneFor = (approvalNotification: object | undefined) =>
    noticeLaneOf({ action: { identifier: "nudge", document: { approvalNotification } } });
  expect(laneFor({ type: "webhook", url: "https://Chat.example.com/hook?x=1" })).toBe("chat.example.com");
  expect(laneFor({ type: "webhook", url: "https://other.example.com" })).toBe("other.example.com");
  expect(laneFor({ type: "email" })).toBe("EMAIL");
  expect(laneFor(undefined)).toBe("EMAIL");
});

test("runs that somebody may see are found behind those of automations", async () => {
  const { run } = await transact(t.ctx, (tx) => startRun(tx, { ...start, source: "UI" }));
  for (let n = 0; n < 120; n += 1) await go(t.ctx);
  const found = await getRuns(asPerson(t.ctx), { limit: 5 }, "v2");
  expect(found.map(({ id }) => id)).toEqual([run.id]);
});

test("a call that nobody answers is given up after seven attempts", async () => {
  const { run } = await go(t.ctx);
  const nobody = { request: () => Promise.reject(new Error("ECONNREFUSED")) };
  const means: RunMeans = {
    ...{ door: nobody, secrets: () => Promise.resolve({}), clientSecret: "s".repeat(40), mail: null },
    selfApproval: "allow",
    kafka: null,
    own: { origins: () => [], address: () => "", token: () => Promise.resolve(""), door: nobody },
  };
  const execute = createExecutor(means);
  const job = (await claim(t.ctx.db, RUNS_QUEUE, 1000, 60)).find(({ key }) => key === run.id);
  if (job === undefined) throw new Error("no job");
  for (const attempts of [1, 6])
    await expect(execute(t.ctx, { ...job, attempts })).rejects.toThrow("did not answer");
  await transact(t.ctx, await execute(t.ctx, { ...job, attempts: 7 }));
  const { rows } = await sql<{ status: string; summary: string }>`
    select status, summary from action_run where id = ${run.id}`.execute(t.ctx.db);
  expect(rows[0]).toMatchObject({
    status: "FAILURE",
    summary: expect.stringContaining("given up") as string,
  });
});

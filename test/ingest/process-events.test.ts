import { afterEach, beforeEach, expect, test } from "vitest";
import { listEvents, storeEvents } from "../../src/storage/events.ts";
import { MappedAhead } from "../../src/ingest/mapped-ahead.ts";
import { createEventProcessor } from "../../src/ingest/process-events.ts";
import { claim } from "../../src/storage/queue.ts";
import { INGEST_QUEUE } from "../../src/storage/queues.ts";
import { transact } from "../../src/storage/transact.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

const SOURCE = "webhook:gone:1";
let t: TestDatabase;
beforeEach(async () => {
  t = await openTestDatabase();
});
afterEach(() => t.close());

const store = (...ids: string[]): Promise<boolean[]> =>
  storeEvents(
    t.ctx.db,
    ids.map((deliveryId) => ({
      ...{ org: t.ctx.org, source: SOURCE, deliveryId, receivedAt: new Date() },
      ...{ request: "{}", body: "{}" },
    })),
  );
const statuses = async (): Promise<Record<string, string>> => {
  const rows = await listEvents(t.ctx.db, t.ctx.org, SOURCE, { status: null, before: null, limit: 50 });
  return Object.fromEntries(rows.map((row) => [row.delivery_id, row.status]));
};

test("a batch that two workers have at once is written by one of them, whichever comes first", async () => {
  await store("a", "b");
  const counted: string[] = [];
  const processor = createEventProcessor({}, new MappedAhead(), (kind, status, n) => {
    if (n > 0) counted.push(`${kind} ${status} ${n}`);
  });
  const [job] = await claim(t.ctx.db, INGEST_QUEUE, 1, 60);
  if (job === undefined) throw new Error("no job");
  const first = await processor(t.ctx, job);
  // The lease of the first ran out; the other one sees one event more.
  await store("c");
  const second = await processor(t.ctx, job);
  expect(await transact(t.ctx, second)).toBeUndefined();
  await expect(transact(t.ctx, first)).rejects.toThrow("closed by somebody else");
  expect(counted).toEqual(["webhook failed 3"]);
  expect(await statuses()).toEqual({ a: "failed", b: "failed", c: "failed" });
});

test("what came while a batch was written makes the job due again", async () => {
  await store("a");
  const processor = createEventProcessor({}, new MappedAhead());
  const [job] = await claim(t.ctx.db, INGEST_QUEUE, 1, 60);
  if (job === undefined) throw new Error("no job");
  const write = await processor(t.ctx, job);
  await store("b");
  expect(await transact(t.ctx, write)).toEqual({ againInMs: 0 });
  expect(await statuses()).toEqual({ a: "failed", b: "received" });
});

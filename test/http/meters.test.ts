import { expect, test } from "vitest";
import { createMeters } from "../../src/http/meters.ts";

const QUEUE = { queue: "ingest", pending: 3, failing: 0, lateSeconds: 1 };

test("metrics are told while the database hangs: it is down, and nothing old is told of its queues", async () => {
  let hangs = false;
  let asked = 0;
  const meters = createMeters({
    ...{ version: "1", role: "all", answerMs: 1 },
    queues: () => {
      asked += 1;
      return hangs ? new Promise(() => undefined) : Promise.resolve([QUEUE]);
    },
    feeds: () => Promise.resolve([]),
    derivation: () => Promise.resolve({ waiting: 0, rebuilding: 0, lateSeconds: 0, drift: 0 }),
    reads: { replica: 3, primary: 1 },
    connections: () => ({ total: 1, idle: 1, waiting: 0 }),
  });
  const queue = 'fairway_jobs_pending{queue="ingest"} 3';
  expect(await meters.text()).toContain(queue);
  hangs = true;
  for (let scrape = 0; scrape < 3; scrape += 1) {
    const text = await meters.text();
    expect([text.includes("fairway_database_up 0"), text.includes(queue)]).toEqual([true, false]);
    // Of this process, not of the database.
    expect(text).toContain('fairway_dashboard_reads_total{from="replica"} 3');
  }
  expect(asked).toBe(2);
});

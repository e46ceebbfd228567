/**
 * `kill -9` while events of a webhook pour in and a data source reads its system, again and again: every event that was
 * acknowledged is applied, each once in effect, and the reading goes on at the page that it had come to.
 * FAIRWAY_TEST_KILLS=20 for the long run.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CodefreshServer } from "../integrations/codefresh/codefresh-server.ts";
import type { VendorServer } from "../integrations/vendor-server.ts";
import { createTestPlace, type TestPlace } from "../support/database.ts";
import { openPortal, type Portal } from "./support/portal.ts";
import { endProcesses, type ServerProcess, startServer } from "./support/processes.ts";
import { seeded } from "./support/random.ts";

const KILLS = Number(process.env.FAIRWAY_TEST_KILLS ?? 2);
const SENDERS = 8;
const random = seeded(20_261_125);

let place: TestPlace;
let system: VendorServer;
const codefresh = new CodefreshServer();
beforeAll(async () => {
  [place, system] = await Promise.all([createTestPlace(), codefresh.start([])]);
});
afterAll(async () => {
  await endProcesses();
  await system.stop();
  await place.remove();
});

const BLUEPRINT = {
  ...{ identifier: "thing", title: "Thing" },
  schema: { properties: { n: { type: "number" }, sender: { type: "number" } } },
  relations: { latest: { target: "thing", many: false, required: false } },
};
const HOOK = {
  ...{ identifier: "load", title: "Load", enabled: true },
  security: { requestIdentifierPath: ".body.id" },
  mappings: [
    {
      blueprint: "thing",
      entity: { identifier: ".body.id", properties: { n: ".body.n", sender: ".body.sender" } },
    },
    // One entity for each sender that every event of it changes: their order counts.
    {
      blueprint: "thing",
      entity: {
        identifier: '"last-\\(.body.sender)"',
        properties: { n: ".body.n" },
        relations: { latest: ".body.id" },
      },
    },
  ],
};

interface Sent {
  readonly id: string;
  readonly sender: number;
  readonly n: number;
}

/** Sends until the server is gone, and tells of what was acknowledged. */
async function pour(
  url: string,
  key: string,
  from: readonly number[],
  acknowledge: (event: Sent) => void,
): Promise<void> {
  await Promise.all(
    from.map(async (start, sender) => {
      for (let n = start; ; n++) {
        const event = { id: `e-${sender}-${n}`, sender, n };
        try {
          const response = await fetch(`${url}/ingest/${key}`, {
            method: "POST",
            body: JSON.stringify(event),
          });
          await response.arrayBuffer();
          if (response.status !== 202) throw new Error(`answered ${response.status}`);
          acknowledge(event);
        } catch {
          return;
        }
      }
    }),
  );
}

async function settled(portal: Portal): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    const { events } = await portal.get<{ events: { received: number } }>("/v1/webhooks/load/events-count");
    if (events.received === 0) return;
    await sleep(50);
  }
  throw new Error("events still wait");
}

/** Kills come while the system keeps the server waiting for a page; so often, then it has read everything. */
const HELD_PAGES = 2;

/** From the request of this number on none is answered. @returns when one waits */
function holdPages(after: number): Promise<void> {
  return new Promise((resolve) =>
    system.beforeAnswer((request) => {
      if (request < after) return Promise.resolve();
      resolve();
      return new Promise(() => undefined);
    }),
  );
}

interface Run {
  readonly status: string;
  readonly counts: { readonly fetched: number };
}

async function readCompletely(portal: Portal, id: string): Promise<Run> {
  for (let i = 0; i < 1200; i++) {
    const { dataSource } = await portal.get<{ dataSource: { run: Run | null } }>(`/v1/data-sources/${id}`);
    if (dataSource.run !== null && dataSource.run.status !== "running") return dataSource.run;
    await sleep(50);
  }
  throw new Error("the data source still reads");
}

interface Thing {
  readonly identifier: string;
  readonly properties: { readonly n: number };
}

test(
  `${KILLS} times`,
  async () => {
    const acknowledged: Sent[] = [];
    let key = "";
    let sourceId = "";
    let server: ServerProcess = await startServer(place, { FAIRWAY_LOG_LEVEL: "fatal" });
    for (let round = 0; round < KILLS; round++) {
      const portal = await openPortal(server.url, place.dataDir);
      const isHeld = round < HELD_PAGES ? holdPages(system.asked.length + 2) : Promise.resolve();
      if (round === 0) {
        const connected = await portal.send("POST", "/v1/data-sources", {
          ...{ type: "codefresh", settings: codefresh.settings(system.url) },
        });
        sourceId = (connected as { dataSource: { id: string } }).dataSource.id;
        await portal.send("POST", "/v1/blueprints", BLUEPRINT);
        const created = await portal.send("POST", "/v1/webhooks", HOOK);
        key = (created as { integration: { webhookKey: string } }).integration.webhookKey;
      }
      const from = Array.from(
        { length: SENDERS },
        (_, sender) => 1 + Math.max(0, ...acknowledged.filter((e) => e.sender === sender).map(({ n }) => n)),
      );
      const enough = acknowledged.length + 40 + random.next() * 80;
      const pouring = pour(server.url, key, from, (event) => acknowledged.push(event));
      while (acknowledged.length < enough) await sleep(5);
      await isHeld;
      server.kill("SIGKILL");
      await pouring;
      await server.ended;
      system.beforeAnswer(() => Promise.resolve());
      server = await startServer(place, { FAIRWAY_LOG_LEVEL: "fatal" });
    }
    const portal = await openPortal(server.url, place.dataDir);
    await settled(portal);
    const { entities } = await portal.get<{ entities: Thing[] }>("/v1/blueprints/thing/entities");
    const things = new Map(entities.map((entity) => [entity.identifier, entity]));
    expect(acknowledged.filter(({ id }) => !things.has(id))).toEqual([]);
    const { events } = await portal.get<{ events: object }>("/v1/webhooks/load/events-count");
    // What was stored when the server died before it could say so is there as well.
    const stored = entities.length - SENDERS;
    expect(events).toEqual({ received: 0, processed: stored, failed: 0, rejected: 0 });
    for (let sender = 0; sender < SENDERS; sender++) {
      const own = entities.filter(({ identifier }) => identifier.startsWith(`e-${sender}-`));
      const last = things.get(`last-${sender}`);
      expect(last?.properties.n).toBe(Math.max(...own.map(({ properties }) => properties.n)));
      // One change for each event, none of them twice: what was half done when the server died was undone.
      const log = await portal.get<{ audits: object[] }>(
        `/v1/audit-log?blueprint=thing&entity=last-${sender}&limit=1000`,
      );
      expect(log.audits).toHaveLength(Math.min(1000, own.length));
    }
    const run = await readCompletely(portal, sourceId);
    const builds = codefresh.builds.length;
    expect(run).toMatchObject({
      status: "completed",
      counts: { fetched: builds + codefresh.pipelines.length },
    });
    const read = await portal.get<{ entities: Thing[] }>("/v1/blueprints/codefreshBuild/entities");
    expect(read.entities.map(({ identifier }) => identifier).toSorted()).toEqual(
      codefresh.builds.map((build) => String(build["id"])).toSorted(),
    );
    // One page of pipelines and four of builds, and again only those at which the server died.
    expect(system.asked.length).toBeGreaterThanOrEqual(5 + Math.min(KILLS, HELD_PAGES));
    expect(system.asked.length).toBeLessThanOrEqual(5 + KILLS);
    server.kill("SIGTERM");
    await server.ended;
  },
  KILLS * 60_000 + 60_000,
);

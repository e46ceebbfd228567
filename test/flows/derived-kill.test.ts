/**
 * `kill -9` while entities are written and their derived values follow: after a restart and settling, what is stored is
 * what follows from everything else. FAIRWAY_TEST_KILLS sets how often (fifty take some minutes).
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { createTestPlace } from "../support/database.ts";
import { patient } from "../support/patience.ts";
import { openPortal, type Portal } from "./support/portal.ts";
import { endProcesses, startServer } from "./support/processes.ts";
import { seeded } from "./support/random.ts";

const SEED = 50_551;
const KILLS = Number(process.env.FAIRWAY_TEST_KILLS ?? 2);
const SERVICES = 5;
const LONGEST_MS = 800;
/** Far more than it takes: on PostgreSQL what the dead process held waits until its lease runs out. */
const SETTLE_MS = patient(150_000);

afterAll(endProcesses);

const by = (func: string, more: object = {}) => ({
  ...{ title: func, target: "deployment" },
  calculationSpec:
    func === "count"
      ? { calculationBy: "entities", func }
      : { calculationBy: "property", func, property: "n" },
  ...more,
});

async function define(portal: Portal): Promise<void> {
  const blueprint = (identifier: string, properties: object, rest: object = {}) =>
    portal.send("POST", "/v1/blueprints", { identifier, title: identifier, schema: { properties }, ...rest });
  await blueprint("service", { tier: { type: "string" } });
  await blueprint(
    "deployment",
    { n: { type: "number" } },
    {
      relations: { service: { target: "service" } },
      mirrorProperties: { tier: { path: "service.tier" }, all: { path: "service.count" } },
      calculationProperties: { label: { calculation: ".properties.tier + .identifier", type: "string" } },
    },
  );
  const gold = { combinator: "and", rules: [{ property: "tier", operator: "=", value: "gold" }] };
  await portal.send("PATCH", "/v1/blueprints/service", {
    aggregationProperties: { count: by("count"), sum: by("sum"), gold: by("count", { query: gold }) },
  });
}

test(`${KILLS} kills leave no wrong derived value (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
  const random = seeded(SEED);
  const any = (n: number): number => Math.floor(random.next() * n);
  const place = await createTestPlace();
  try {
    let server = await startServer(place);
    let portal = await openPortal(server.url, place.dataDir);
    await define(portal);
    for (let kill = 0; kill < KILLS; kill++) {
      let isAlive = true;
      let hasWritten = kill > 0;
      const write = async (): Promise<void> => {
        while (isAlive) {
          const service = `s${any(SERVICES)}`;
          const writes = [
            ["service", { identifier: service, properties: { tier: random.next() < 0.5 ? "gold" : "tin" } }],
            [
              "deployment",
              { identifier: `d${any(60)}`, properties: { n: any(100) }, relations: { service } },
            ],
          ] as const;
          for (const [blueprint, body] of writes)
            await portal
              .send("POST", `/v1/blueprints/${blueprint}/entities?upsert=true&merge=true`, body)
              .then(
                () => (hasWritten = true),
                () => undefined,
              );
        }
      };
      const writers = [write(), write()];
      // Before the first of them there is nothing to compare.
      for (const end = Date.now() + SETTLE_MS; !hasWritten && Date.now() < end;) await sleep(10);
      await sleep(50 + random.next() * LONGEST_MS);
      server.kill("SIGKILL");
      await server.ended;
      isAlive = false;
      await Promise.all(writers);
      server = await startServer(place);
      portal = await openPortal(server.url, place.dataDir);
      expect(await settled(portal), `kill ${kill}`).toMatchObject({ drift: 0, examples: [] });
    }
    server.kill("SIGKILL");
    await server.ended;
  } finally {
    await place.remove();
  }
});

/** Waits, and compares with values from scratch. */
async function settled(portal: Portal): Promise<{ drift: number; checked: number }> {
  for (const end = Date.now() + SETTLE_MS; ; await sleep(50)) {
    const { derivation } = await portal.get<{ derivation: { isSettled: boolean } }>(
      "/v1/blueprints/service/derivation",
    );
    if (!derivation.isSettled && Date.now() < end) continue;
    // What the dead process had sent to the database may be committed after it.
    const answer = await portal
      .send("POST", "/v1/derivation/rebuild", { check: true })
      .catch((error: unknown) => {
        if (Date.now() < end && String(error).includes("still being computed")) return null;
        throw error;
      });
    if (answer === null) continue;
    const { rebuild } = answer as { rebuild: { drift: number; checked: number } };
    expect(rebuild.checked).toBeGreaterThan(0);
    return rebuild;
  }
}

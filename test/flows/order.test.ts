/**
 * The same facts in another order, cut otherwise, repeated or at the same time: the same numbers, rows and details.
 * ORDER_SEEDS=1,2,3,4 for other histories.
 */
import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ServiceFacts } from "../../src/dora/facts.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { onPostgres } from "../support/database.ts";
import { factsArbitrary, HOUR } from "../dora/support/history-arbitrary.ts";
import {
  type Baseline,
  createBlueprints,
  deliveries,
  type Delivery,
  inLegalOrder,
} from "./support/deliveries.ts";
import { openPortal, type Portal } from "./support/portal.ts";
import { type Random, seeded } from "./support/random.ts";
import { snapshot } from "./support/snapshot.ts";

/** Each is seven servers: one of them on the embedded database, another on PostgreSQL. */
const SEEDS = (process.env.ORDER_SEEDS ?? (onPostgres ? "3" : "1")).split(",").map(Number);
const WINDOW = "from=2026-03-01T00:00:00Z&to=2026-11-01T00:00:00Z";
const CREDENTIALS = { FAIRWAY_CLIENT_ID: "flow-test", FAIRWAY_CLIENT_SECRET: "a secret of the flow tests" };

/** The richest of some histories, ended so that nothing is open: what is open depends on when it is asked. */
function history(seed: number): ServiceFacts {
  const weight = (facts: ServiceFacts): number => facts.deployments.length * 2 + facts.changes.length;
  const [facts] = fc.sample(factsArbitrary, { seed, numRuns: 12 }).sort((a, b) => weight(b) - weight(a)) as [
    ServiceFacts,
  ];
  const last = Math.max(...facts.deployments.map(({ finishedAt }) => finishedAt));
  const template = facts.deployments.find(({ status }) => status === "success");
  if (template === undefined) throw new Error(`seed ${seed}: nothing was deployed`);
  const ends = ["Production", "Staging"].map((environment) => ({
    ...template,
    ...{ id: `last-${environment}`, environment, finishedAt: last + HOUR, startedAt: null },
    ...{ sha: null, previousSha: null, ref: null, changeIds: [], trigger: null },
  }));
  return { ...facts, deployments: [...facts.deployments, ...ends] };
}

type Send = (portal: Portal, order: readonly Delivery[], random: Random) => Promise<void>;

async function deliver(portal: Portal, { method, path, body }: Delivery): Promise<void> {
  const answer = (await portal.send(method, path, body)) as { errors?: unknown[] };
  expect(answer.errors ?? []).toEqual([]);
}

async function oneByOne(portal: Portal, order: readonly Delivery[]): Promise<void> {
  for (const delivery of inLegalOrder(order)) await deliver(portal, delivery);
}

const repeated = (order: readonly Delivery[], random: Random): Delivery[] => [
  ...order,
  ...order.filter(() => random.next() < 0.4),
];

const WAYS: readonly [string, Send][] = [
  ["deployments first, commits last", (portal, order) => oneByOne(portal, order.toReversed())],
  [
    "shuffled, with repeated deliveries",
    (portal, order, random) => oneByOne(portal, random.shuffle(repeated(order, random))),
  ],
  [
    "shuffled, derived in between",
    async (portal, order, random) => {
      for (const delivery of inLegalOrder(random.shuffle(order))) {
        await deliver(portal, delivery);
        if (random.next() < 0.3) await portal.settled();
      }
    },
  ],
  [
    "every delivery twice at once",
    async (portal, order, random) => {
      for (const delivery of inLegalOrder(random.shuffle(order)))
        await Promise.all([deliver(portal, delivery), deliver(portal, delivery)]);
    },
  ],
  [
    "three at a time, with repeated deliveries",
    async (portal, order, random) => {
      // Relations wait for the rest: in parallel nothing comes before anything.
      const all = random.shuffle(repeated(order, random));
      for (const waiting of [
        all.filter(({ needs }) => needs.length === 0),
        all.filter(({ needs }) => needs.length > 0),
      ]) {
        const lane = async (): Promise<void> => {
          for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
            await deliver(portal, next);
        };
        await Promise.all([lane(), lane(), lane()]);
      }
    },
  ],
];

let app: TestApp | null = null;
afterEach(async () => {
  await app?.stop();
  app = null;
});

describe.each(SEEDS)("seed %i", (seed) => {
  const facts = history(seed);
  const baseline: Baseline = seed % 2 === 0 ? "all" : "none";
  let expected: unknown;

  async function portalAfter(send: Send, random: Random, cut: Random): Promise<unknown> {
    app = await startTestApp(CREDENTIALS);
    const portal = await openPortal(app.url, app.dataDir);
    await createBlueprints(portal);
    await send(portal, deliveries(facts, baseline, cut), random);
    await portal.settled();
    const production = await snapshot(portal, WINDOW);
    const staging = await snapshot(portal, `${WINDOW}&environment=Staging`);
    return { production, staging };
  }

  beforeAll(async () => {
    expected = await portalAfter(oneByOne, seeded(seed), seeded(seed));
    await app?.stop();
    app = null;
  });

  test("in order: everything arrives, and makes numbers", () => {
    const { production } = expected as { production: { counts: unknown; metrics: unknown[] } };
    expect(production.counts).toEqual({
      services: 1,
      deployments: facts.deployments.length,
      changes: facts.changes.length,
      commits: facts.commits.length,
    });
    // Not the sameness of nothing.
    expect(production.metrics[0]).toMatchObject({
      metrics: {
        deploymentFrequency: { count: expect.toSatisfy((count: number) => count > 3) as number },
        changeLeadTime: { n: expect.toSatisfy((n: number) => n > 3) as number },
      },
    });
  });

  test.each(WAYS)("%s", async (name, send) => {
    const random = seeded(seed * 1000 + name.length);
    expect(await portalAfter(send, random, random)).toEqual(expected);
  });
});

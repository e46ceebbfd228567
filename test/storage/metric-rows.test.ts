/** What alerts read of DORA: one metric of each service, and whether enough is known of it for a tier. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBlueprint } from "../../src/catalog/define-blueprint.ts";
import { changeBlueprint, deploymentBlueprint, serviceBlueprint } from "../../src/integrations/blueprints.ts";
import { upsertEntities } from "../../src/catalog/upsert-entity.ts";
import { createDeriver } from "../../src/metrics/dora/derive-service.ts";
import { metricRows } from "../../src/metrics/dora/metric-rows.ts";
import type { MetricName } from "../../src/dora/results.ts";
import { countStatements } from "../support/count-statements.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

let t: TestDatabase;
const at = (hours: number): string => new Date(Date.UTC(2026, 7, 3) + hours * 3_600_000).toISOString();

/** Changes that were merged, of which so many are deployed. */
const SERVICES = { most: [4, 3], half: [4, 2], least: [4, 1], none: [0, 0] } as const;

beforeAll(async () => {
  t = await openTestDatabase();
  for (const body of [serviceBlueprint, changeBlueprint, deploymentBlueprint])
    await createBlueprint(t.ctx, body, { withPage: false });
  const services = Object.entries(SERVICES);
  const numbers = (until: number): number[] => Array.from({ length: until }, (_, n) => n);
  await write(
    "service",
    services.map(([identifier]) => ({ identifier, properties: {} })),
  );
  await write(
    "change",
    services.flatMap(([service, [merged]]) =>
      numbers(merged).map((n) => ({
        identifier: `${service}-${n}`,
        properties: { number: n, openedAt: at(n), mergedAt: at(n + 1), repository: service },
        relations: { service: [service] },
      })),
    ),
  );
  await write(
    "deployment",
    services.flatMap(([service, [, deployed]]) => {
      const made = { environment: "Production", deploymentStatus: "Success", trigger: "normal" };
      // What the first one shipped is not counted: it is there before anything is merged.
      const first = {
        identifier: `${service}-first`,
        properties: { createdAt: at(0.5), ...made },
        relations: { service },
      };
      const others = numbers(deployed).map((n) => ({
        identifier: `${service}-${n}`,
        properties: { createdAt: at(10 + n), ...made },
        relations: { service, pullRequest: `${service}-${n}` },
      }));
      return [first, ...others];
    }),
  );
  const deriver = createDeriver();
  for (const [service] of services) await (await deriver.derive(t.ctx, service))(t.ctx);
  await deriver.stop();
});
afterAll(() => t.close());

async function write(blueprint: string, bodies: readonly object[]): Promise<void> {
  const how = { present: "merge", absent: "create", createMissing: true } as const;
  const { outcomes } = await upsertEntities(t.ctx, blueprint, bodies, {
    ...{ ...how, validationOnly: false, closed: false },
  });
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
}

async function asked(metric: MetricName, isTierAsked: boolean) {
  const counted = countStatements(t.database.kysely);
  const question = { metric, isTierAsked, blueprint: "service", from: at(0), to: at(48) };
  const rows = await metricRows({ ...t.ctx, db: counted.db }, question);
  return {
    covered: Object.fromEntries(rows.map((row) => [row.scope.entity, row.metrics[metric]?.covered])),
    values: Object.fromEntries(rows.map((row) => [row.scope.entity, row.metrics[metric]?.value])),
    // What is held of the organisation reads them too, once for all questions.
    readsMerged: counted.statements.some(
      (text) => text.includes("dora_unshipped") && text.includes("below (root, owner"),
    ),
  };
}

test("covered: the share of merged changes that shipped reaches the floor; null where nothing was merged", async () => {
  const { covered, readsMerged } = await asked("changeLeadTime", true);
  expect(covered).toEqual({ most: true, half: true, least: false, none: null });
  expect(readsMerged).toBe(true);
});

test("other metrics rest on deployments alone: nothing is asked of what was merged", async () => {
  const { covered, readsMerged } = await asked("deploymentFrequency", true);
  expect(covered).toEqual({ most: true, half: true, least: true, none: true });
  expect(readsMerged).toBe(false);
});

test("where no tier is asked for, coverage is not read, and the numbers are the same", async () => {
  const [plain, withTier] = [await asked("changeLeadTime", false), await asked("changeLeadTime", true)];
  expect(plain.readsMerged).toBe(false);
  expect(Object.values(plain.covered)).toEqual([undefined, undefined, undefined, undefined]);
  expect(plain.values).toEqual(withTier.values);
});

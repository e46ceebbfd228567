/** The SQL views of docs/sql-views.md: its examples give what the API gives, its columns are there, and nothing can be written. */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBlueprint } from "../../src/catalog/define-blueprint.ts";
import { deleteEntities } from "../../src/catalog/delete-entity.ts";
import { upsertEntities } from "../../src/catalog/upsert-entity.ts";
import {
  changeBlueprint,
  deploymentBlueprint,
  property,
  relationTo,
  serviceBlueprint,
} from "../../src/integrations/blueprints.ts";
import { settleDerivations } from "../../src/engine/derivation.ts";
import { createDeriver } from "../../src/metrics/dora/derive-service.ts";
import { doraMetrics } from "../../src/metrics/dora/query.ts";
import { createAnnotation } from "../../src/metrics/dora/annotations.ts";
import { readHeldState } from "../../src/storage/dora-columns.ts";
import { type FollowedCount, followedCounts } from "../../src/storage/followed-counts.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

let t: TestDatabase;
let document: string;
const at = (hours: number): string => new Date(Date.UTC(2026, 7, 3) + hours * 3_600_000).toISOString();

const incident = {
  identifier: "incident",
  title: "Incident",
  schema: {
    properties: { startedAt: property.time("Started"), resolvedAt: property.time("Resolved") },
    required: [],
  },
  relations: { service: relationTo("Services", "service", true) },
};

beforeAll(async () => {
  t = await openTestDatabase();
  document = await readFile(new URL("../../docs/sql-views.md", import.meta.url), "utf8");
  for (const body of [serviceBlueprint, changeBlueprint, deploymentBlueprint, incident])
    await createBlueprint(t.ctx, body, { withPage: false });
  const put = async (blueprint: string, bodies: readonly object[]) => {
    const { outcomes } = await upsertEntities(t.ctx, blueprint, bodies, {
      present: "merge",
      absent: "create",
      createMissing: true,
      validationOnly: false,
      closed: false,
    });
    const refused = outcomes.find(({ ok }) => !ok);
    if (refused !== undefined) throw new Error(JSON.stringify(refused));
  };
  const services = ["shop", "cart"];
  await put(
    "service",
    services.map((identifier) => ({ identifier, properties: {} })),
  );
  await put(
    "change",
    services.flatMap((service, offset) =>
      [4, 9, 30].map((merged, n) => ({
        identifier: `${service}-c${n}`,
        properties: { number: n + 1, openedAt: at(offset + n), mergedAt: at(merged), repository: service },
        relations: { service: [service] },
      })),
    ),
  );
  await put(
    "deployment",
    services.flatMap((service) =>
      (
        [
          [5, "Success", "normal"],
          [10, "Success", "normal"],
          [20, "Failed", "normal"],
          [22, "Success", "hotfix"],
          [40, "Success", "normal"],
          [300, "Success", "normal"],
        ] as const
      ).map(([hours, deploymentStatus, trigger]) => ({
        identifier: `${service}-${hours}`,
        properties: { createdAt: at(hours), environment: "Production", deploymentStatus, trigger },
        relations: { service, ...(hours === 5 && { pullRequest: `${service}-c0` }) },
      })),
    ),
  );
  await put("deployment", [
    {
      identifier: "staged",
      properties: { createdAt: at(12), environment: "Staging", deploymentStatus: "Failed" },
      relations: { service: "shop" },
    },
  ]);
  await put("incident", [
    // One of two services counts once.
    {
      identifier: "i1",
      properties: { startedAt: at(12), resolvedAt: at(14) },
      relations: { service: services },
    },
    {
      identifier: "i2",
      properties: { startedAt: at(41), resolvedAt: at(42) },
      relations: { service: ["cart"] },
    },
  ]);
  const deriver = createDeriver();
  for (const service of [...services, ""]) await (await deriver.derive(t.ctx, service))(t.ctx);
  await deriver.stop();
});
afterAll(() => t.close());

interface Metrics {
  readonly deploymentFrequency: { readonly value: number };
  readonly changeLeadTime: { readonly p50: number; readonly p90: number; readonly n: number };
  readonly changeFailureRate: { readonly value: number };
  readonly reworkRate: { readonly value: number };
  readonly meanTimeToRecovery: { readonly mean: number; readonly n: number };
}

test("the examples of the document give what the API gives", async () => {
  const queries = [...document.matchAll(/```sql\n([\s\S]+?)```/g)].map(([, text = ""]) => text);
  expect(queries).toHaveLength(3);
  const [rates, lead, recovery] = await Promise.all(
    queries.map(
      async (text) => (await sql.raw<Record<string, number>>(text).execute(t.database.kysely)).rows[0],
    ),
  );
  const answer = (await doraMetrics(t.ctx, { from: at(0), to: at(240) }, null)) as { metrics: Metrics };
  const { metrics } = answer;
  expect(rates).toEqual({
    deployments_per_day: metrics.deploymentFrequency.value,
    change_failure_rate: metrics.changeFailureRate.value,
    rework_rate: metrics.reworkRate.value,
  });
  const { p50, p90, n } = metrics.changeLeadTime;
  expect(lead).toEqual({ p50, p90, changes: n });
  expect(recovery).toEqual({
    mean_seconds: metrics.meanTimeToRecovery.mean,
    incidents: metrics.meanTimeToRecovery.n,
  });
  expect([metrics.changeFailureRate.value, n, metrics.meanTimeToRecovery.mean]).toEqual([
    expect.any(Number),
    expect.any(Number),
    5400,
  ]);
  expect(n).toBeGreaterThan(2);
});

test("every column is described, in its place", async () => {
  const described = [...document.matchAll(/^\| `(\w+)` \| [^|]+ \| (.+) \|$/gm)].map(
    ([, view, columns = ""]) => [view, ["org", ...[...columns.matchAll(/`(\w+)`/g)].map(([, name]) => name)]],
  );
  const { rows } = await sql<{ view: string; columns: string[] }>`
    select table_name as view, array_agg(column_name::text order by ordinal_position) as columns
    from information_schema.columns where table_schema = 'fairway_dora' group by table_name`.execute(
    t.database.kysely,
  );
  expect(Object.fromEntries(described)).toEqual(
    Object.fromEntries(rows.map(({ view, columns }) => [view, columns])),
  );
});

test("causes, rework and links have their rows; nothing can be written", async () => {
  const rows = async (view: string) =>
    (await sql.raw<Record<string, string>>(`select * from fairway_dora.${view}`).execute(t.database.kysely))
      .rows;
  expect((await rows("failures")).map(({ deployment, cause }) => `${deployment} ${cause}`)).toEqual(
    expect.arrayContaining(["shop-20 status", "cart-40 incident"]),
  );
  expect((await rows("rework")).map(({ deployment }) => deployment)).toContain("shop-22");
  const links = await rows("incident_links");
  expect(Object.fromEntries(links.map(({ incident: id, deployment }) => [id, deployment]))).toEqual({
    i1: expect.any(String),
    i2: "cart-40",
  });
  expect((await rows("incidents")).map(({ services }) => services)).toContainEqual(["cart", "shop"]);
  for (const view of ["deployments", "changes", "incidents", "incident_links", "failures", "rework"])
    await expect(sql.raw(`delete from fairway_dora.${view}`).execute(t.database.kysely)).rejects.toThrow(
      /cannot delete from view/,
    );
});

test("an incident that began at another time counts once while one of its services is yet to be derived again", async () => {
  const { outcomes } = await upsertEntities(
    t.ctx,
    "incident",
    [{ identifier: "i1", properties: { startedAt: at(60), resolvedAt: at(62) } }],
    { present: "merge", absent: "create", createMissing: false, validationOnly: false, closed: false },
  );
  expect(outcomes.every(({ ok }) => ok)).toBe(true);
  // A query is answered row by row.
  const every = JSON.stringify({
    combinator: "and",
    rules: [{ property: "$identifier", operator: "!=", value: "nobody" }],
  });
  const told = async (rest: object) => {
    const asked = { from: at(0), to: at(240), interval: "day", ...rest };
    const { metrics, series, coverage } = (await doraMetrics(t.ctx, asked, null)) as {
      metrics: Metrics;
      series: object;
      coverage: { incidents: number };
    };
    return { metrics, series, coverage };
  };
  const deriver = createDeriver();
  for (const service of ["cart", "shop"]) {
    await (
      await deriver.derive(t.ctx, service)
    )(t.ctx);
    const folded = await told({});
    expect(folded).toEqual(await told({ query: every }));
    expect([folded.metrics.meanTimeToRecovery.n, folded.coverage.incidents]).toEqual([2, 2]);
  }
  await deriver.stop();
});

test("of environments that nothing was deployed to nothing is held: they are told from the others", async () => {
  const asked = ["Staging", "none", "Production", ""];
  const { environments } = await readHeldState(t.ctx.db, t.ctx.org, asked, null);
  expect(environments).toEqual(["Production", "Staging"]);
  expect((await readHeldState(t.ctx.db, "other", asked, null)).environments).toEqual([]);
});

test("counts that follow the feed are those of counting, whatever is written, taken back or deleted", async () => {
  const { db, org } = t.ctx;
  await createBlueprint(t.ctx, { ...incident, identifier: "counted" }, { withPage: false });
  const counted = async (): Promise<readonly FollowedCount[]> => {
    const { rows } = await sql<FollowedCount>`
      select count(*)::int as rows, count(properties ->> 'startedAt')::int as timed,
        max((properties ->> 'startedAt') collate "C") as last
      from entity where org = ${org} and blueprint = 'counted'`.execute(db);
    return [...rows, { rows: rows[0]?.rows ?? 0, timed: 0, last: null }];
  };
  const followed = (): Promise<readonly FollowedCount[]> => {
    const asked = ["startedAt", null].map((time) => ({ blueprint: "counted", time }));
    return followedCounts(db, org, asked, { now: Date.now() });
  };
  const none = { blueprint: "none", time: null };
  expect(await followed()).toEqual(await counted());
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const options = { present: "override", absent: "create", createMissing: true } as const;
  for (let step = 0; step < 25; step += 1) {
    // More than are known as the newest, and later most of these taken back.
    const some = [4, 15, 18].includes(step) ? 500 : 1 + random(6);
    // Of very many that are the newest, each is.
    const time = (): string => at(step === 18 ? 3000 : random(2000));
    const bodies = Array.from({ length: some }, (_, n) => ({
      identifier: `c${some === 500 ? n : random(40)}`,
      properties: (step === 15 && n > 100) || random(9) === 0 ? {} : { startedAt: time() },
    }));
    const written = upsertEntities(t.ctx, "counted", bodies, {
      ...{ ...options, validationOnly: false, closed: false },
    });
    // Asked for while it is written as well.
    await Promise.all([written, followed(), followed(), followed()]);
    if (random(4) === 0) {
      const identifiers = Array.from({ length: 12 }, (_, n) => `c${n}`);
      await deleteEntities(t.ctx, "counted", identifiers, { deleteDependents: false });
    }
    expect(await followed()).toEqual(await counted());
    // Counted at this step for the first time.
    const once = await followedCounts(
      db,
      org,
      [{ blueprint: "counted", time: "startedAt" }, ...Array.from({ length: step }, () => none)],
      { now: Date.now() },
    );
    expect(once[0]).toEqual((await counted())[0]);
  }
  await deleteEntities(
    t.ctx,
    "counted",
    Array.from({ length: 500 }, (_, n) => `c${n}`),
    { deleteDependents: false },
  );
  expect(await followed()).toEqual([
    { rows: 0, timed: 0, last: null },
    { rows: 0, timed: 0, last: null },
  ]);
});

test("times that are derived count like those that are stored, though no feed tells of them", async () => {
  const { db, org } = t.ctx;
  const time = { startedAt: property.time("Started") };
  await createBlueprint(
    t.ctx,
    { identifier: "plan", title: "Plan", schema: { properties: time, required: [] } },
    { withPage: false },
  );
  const mirrored = {
    ...{ identifier: "step", title: "Step", schema: { properties: { doneAt: property.time("Done") } } },
    relations: { plan: relationTo("Plan", "plan", false) },
    mirrorProperties: { plannedAt: { title: "Planned", path: "plan.startedAt" } },
  };
  await createBlueprint(t.ctx, mirrored, { withPage: false });
  const put = (blueprint: string, body: object) =>
    upsertEntities(t.ctx, blueprint, [body], {
      ...{ present: "merge", absent: "create", createMissing: true, validationOnly: false, closed: false },
    });
  const followed = async (): Promise<readonly FollowedCount[]> => {
    await settleDerivations(t.ctx);
    const asked = ["plannedAt", "doneAt"].map((one) => ({ blueprint: "step", time: one }));
    return followedCounts(db, org, asked, { now: Date.now() });
  };
  /** Soon: they are counted again after twenty times as long as it takes. */
  const expectCounts = async (counts: readonly FollowedCount[]): Promise<void> => {
    await expect.poll(followed).toEqual(counts);
  };
  const none = { timed: 0, last: null };
  await expectCounts([
    { rows: 0, ...none },
    { rows: 0, ...none },
  ]);
  await put("step", { identifier: "s1", relations: { plan: "p1" } });
  await expectCounts([
    { rows: 1, ...none },
    { rows: 1, ...none },
  ]);
  for (const hours of [5, 3]) {
    await put("plan", { identifier: "p1", properties: { startedAt: at(hours) } });
    await expectCounts([
      { rows: 1, timed: 1, last: at(hours) },
      { rows: 1, ...none },
    ]);
  }
  await put("step", { identifier: "s1", properties: { doneAt: at(4) } });
  await expectCounts([
    { rows: 1, timed: 1, last: at(3) },
    { rows: 1, timed: 1, last: at(4) },
  ]);
  await deleteEntities(t.ctx, "plan", ["p1"], { deleteDependents: false });
  await expectCounts([
    { rows: 1, ...none },
    { rows: 1, timed: 1, last: at(4) },
  ]);

  // Many who ask do not make it count for each of them.
  let counts = 0;
  const ask = () =>
    followedCounts(db, org, [{ blueprint: "step", time: "plannedAt" }], {
      now: Date.now(),
      counting: async (work) => {
        counts += 1;
        await sleep(100);
        return work(db);
      },
    });
  // Only counts that were held say so: who gets them asks once more.
  expect((await ask())[0]).not.toHaveProperty("isHeld");
  expect(await ask()).toMatchObject([{ isHeld: true }]);
  for (let n = 0; n < 3; n += 1) await ask();
  await Promise.all([ask(), ask(), ask()]);
  expect(counts).toBe(1);
  await expect.poll(async () => [await ask(), counts][1]).toBe(2);
  await expect.poll(async () => (await ask())[0]).not.toHaveProperty("isHeld");
});

test("an organisation has as many notes as charts can be read with, and no more", async () => {
  const { db, org } = t.ctx;
  await sql`insert into dora_annotation (org, identifier, day, text, created_at, created_by, updated_at, updated_by)
    select ${org}, 'old-' || n, date '2020-01-01', 'old', now(), 'a', now(), 'a' from generate_series(1, 9999) n`.execute(
    db,
  );
  const write = (identifier: string) =>
    createAnnotation(t.ctx, { identifier, day: "2026-08-10", text: "new" }, null);
  await write("last");
  await expect(write("too many")).rejects.toThrow("identifier");
  await expect(write("too-many")).rejects.toThrow("10000 notes");
  await sql`delete from dora_annotation where org = ${org}`.execute(db);
});

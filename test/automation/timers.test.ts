/** Timers (workflows.md §3.8): once per value, late but never lost, whoever looks and whenever. */
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { timerRound } from "../../src/automation/timers.ts";
import { auditLog } from "../../src/catalog/audit-log.ts";
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import { deleteEntity } from "../../src/catalog/delete-entity.ts";
import { entityPages } from "../../src/catalog/read-entities.ts";
import type { ExpiredTimer } from "../../src/model/automation-event.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { feedLag } from "../../src/storage/feed.ts";
import { changes, define, OVERRIDE, put } from "../catalog/fixture.ts";
import { onPostgres, openTestDatabase, type TestDatabase } from "../support/database.ts";
import { feedIsRead } from "../support/feed-is-read.ts";
import { until } from "../support/patience.ts";

let t: TestDatabase;
let clock = Date.parse("2026-03-01T00:00:00Z");
let ctx: Ctx;
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = { ...t.ctx, now: () => new Date(clock) };
});
afterAll(() => t.close());

const iso = (at: number): string => new Date(at).toISOString();

async function settleTimers(): Promise<void> {
  for (let i = 0; i < 2000; i++) if (!(await timerRound(ctx)) && (await feedIsRead(ctx, ["timers"]))) return;
  throw new Error("timers do not settle");
}

/** What fired so far: entity, property, value, in order. */
async function fired(blueprint: string): Promise<string[]> {
  return (await changes(ctx))
    .filter((row) => row.kind === "timer" && row.blueprint === blueprint)
    .map(({ identifier, before }) => {
      const { propertyIdentifier, value } = before as ExpiredTimer;
      return `${identifier} ${propertyIdentifier} ${value}`;
    });
}

const timers = { ttl: { type: "string", format: "timer" }, other: { type: "string", format: "timer" } };

test("§3.8 timers §4.1 TIMER_PROPERTY_EXPIRED: fires once when the value passes, with the entity as it is; a new value arms again; nothing fires twice", async () => {
  await define(ctx, "env", { ...timers, owner: { type: "string" } });
  const due = iso(clock + 5000);
  await put(ctx, "env", { identifier: "e1", properties: { ttl: due, owner: "anna" } });
  await settleTimers();
  expect(await fired("env")).toEqual([]);
  clock += 4999;
  await settleTimers();
  expect(await fired("env")).toEqual([]);
  clock += 1;
  await settleTimers();
  await settleTimers();
  expect(await fired("env")).toEqual([`e1 ttl ${due}`]);
  const row = (await changes(ctx)).find(({ kind }) => kind === "timer");
  expect(row).toMatchObject({ action: "TIMER_EXPIRED", after: { properties: { owner: "anna", ttl: due } } });
  // The same value again is no new one.
  await put(ctx, "env", { identifier: "e1", properties: { ttl: due, owner: "berta" } });
  await settleTimers();
  expect(await fired("env")).toHaveLength(1);
  const next = iso(clock + 1000);
  await put(ctx, "env", { identifier: "e1", properties: { ttl: next } });
  clock += 1_000_000;
  await settleTimers();
  expect(await fired("env")).toEqual([`e1 ttl ${due}`, `e1 ttl ${next}`]);
  for await (const [entity] of await entityPages(ctx, "env")) expect(entity?.identifier).toBe("e1");
});

test("TIMER_EXPIRED stands in the audit log, by the portal, at the time of expiry, naming the property", async () => {
  const [event] = await auditLog(ctx, { blueprint: "env", action: ["TIMER_EXPIRED"], resources: ["entity"] });
  expect(event).toMatchObject({
    ...{ action: "TIMER_EXPIRED", resourceType: "entity", status: "SUCCESS" },
    trigger: { by: { orgId: ctx.org, byPort: true }, origin: "API" },
    context: { blueprint: "env", entity: "e1" },
    additionalData: { propertyIdentifier: "ttl" },
  });
  const { trigger } = event as { trigger: { at: string } };
  expect(Date.parse(trigger.at)).toBeLessThan(clock);
});

test("§3.8 restarts: a value that passed before it was replaced or deleted is not lost; one that had not passed is", async () => {
  await define(ctx, "late", timers);
  const [a, b] = [iso(clock + 10), iso(clock + 20)];
  await put(ctx, "late", { identifier: "gone", properties: { ttl: a, other: iso(clock + 1_000_000) } });
  await put(ctx, "late", { identifier: "changed", properties: { ttl: b } });
  clock += 100;
  // Nobody looked in between: the server was down.
  await deleteEntity(ctx, "late", "gone", { deleteDependents: false });
  await put(ctx, "late", { identifier: "changed", properties: { ttl: iso(clock + 1_000_000) } });
  await settleTimers();
  expect((await fired("late")).sort()).toEqual([`changed ttl ${b}`, `gone ttl ${a}`]);
});

test("what passed before the property was a timer is no news; what is still to come is armed", async () => {
  await define(ctx, "grown", { until: { type: "string", format: "date-time" } });
  const [past, future] = [iso(clock - 1000), iso(clock + 1000)];
  await put(ctx, "grown", { identifier: "past", properties: { until: past } });
  await put(ctx, "grown", { identifier: "future", properties: { until: future } });
  await changeBlueprint(ctx, "grown", {
    schema: { properties: { until: { type: "string", format: "timer" } } },
  });
  await settleTimers();
  expect(await fired("grown")).toEqual([]);
  clock += 2000;
  await settleTimers();
  expect(await fired("grown")).toEqual([`future until ${future}`]);
  await changeBlueprint(ctx, "grown", {
    schema: { properties: { until: { type: "string", format: "date-time" } } },
  });
  await put(ctx, "grown", { identifier: "future", properties: { until: iso(clock + 10) } });
  clock += 1000;
  await settleTimers();
  expect(await fired("grown")).toHaveLength(1);
});

const format = (name: string, is: string) =>
  changeBlueprint(ctx, name, { schema: { properties: { until: { type: "string", format: is } } } });

test("what was no timer yet when it passed is no news, though other definitions change as well", async () => {
  await define(ctx, "older", { until: { type: "string", format: "date-time" } });
  await put(ctx, "older", { identifier: "passed", properties: { until: iso(clock + 1000) } });
  await put(ctx, "older", { identifier: "future", properties: { until: iso(clock + 5000) } });
  await define(ctx, "beside", { until: { type: "string", format: "date-time" } });
  clock += 2000;
  await put(ctx, "older", { identifier: "past", properties: { until: iso(clock - 10) } });
  await format("beside", "timer");
  await format("older", "timer");
  await settleTimers();
  expect(await fired("older")).toEqual([]);
  clock += 5000;
  await settleTimers();
  expect(await fired("older")).toHaveLength(1);
});

if (onPostgres)
  test("nor where the change of the definition cannot be read yet", async () => {
    await define(ctx, "early", { until: { type: "string", format: "date-time" } });
    await put(ctx, "early", { identifier: "past", properties: { until: iso(clock - 10) } });
    const slow = Promise.withResolvers<void>();
    const isOpen = Promise.withResolvers<void>();
    const other = t.database.kysely.transaction().execute(async (trx) => {
      await sql`select pg_current_xact_id()`.execute(trx);
      isOpen.resolve();
      await slow.promise;
    });
    await isOpen.promise;
    await format("early", "timer");
    // All that was written before the other transaction.
    await until(async () => !(await timerRound(ctx)) && (await feedLag(ctx.db, ctx.org, "timers", 2)) === 1);
    slow.resolve();
    await other;
    await settleTimers();
    expect(await fired("early")).toEqual([]);
  });

interface Write {
  readonly entity: string;
  /** Milliseconds from now; null: none. */
  readonly ttl: number | null;
  readonly isDeletion: boolean;
  /** The clock goes on by so much afterwards. */
  readonly pause: number;
  /** Somebody looks. */
  readonly looks: boolean;
}

/** From scratch: each value of each entity from when it was set to when it was replaced. */
function twin(
  history: readonly { entity: string; value: string | null; at: number }[],
  now: number,
): string[] {
  const expected: string[] = [];
  const current = new Map<string, string>();
  const passed = (entity: string, until: number): void => {
    const value = current.get(entity);
    if (value !== undefined && Date.parse(value) <= until) expected.push(`${entity} ttl ${value}`);
  };
  for (const { entity, value, at } of history) {
    if (current.get(entity) === (value ?? undefined)) continue;
    passed(entity, at);
    if (value === null) current.delete(entity);
    else current.set(entity, value);
  }
  for (const entity of current.keys()) passed(entity, now);
  return expected;
}

const write: fc.Arbitrary<Write> = fc.record({
  entity: fc.constantFrom("a", "b", "c"),
  ttl: fc.oneof(fc.constant(null), fc.integer({ min: -50, max: 300 })),
  isDeletion: fc.nat(9).map((n) => n === 0),
  pause: fc.nat(120),
  looks: fc.boolean(),
});

test("any history of writes, looked at whenever: what fired is what its fold from scratch says", async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 20 }), async (writes) => {
      const blueprint = `p${run++}`;
      await define(ctx, blueprint, { ttl: { type: "string", format: "timer" } });
      const history: { entity: string; value: string | null; at: number }[] = [];
      const known = new Set<string>();
      for (const { entity, ttl, isDeletion, pause, looks } of writes) {
        const value = ttl === null || isDeletion ? null : iso(clock + ttl);
        if (!isDeletion) {
          await put(ctx, blueprint, { identifier: entity, properties: { ttl: value } }, OVERRIDE);
          known.add(entity);
        } else if (known.delete(entity))
          await deleteEntity(ctx, blueprint, entity, { deleteDependents: false });
        history.push({ entity, value, at: clock });
        clock += pause;
        if (looks) await timerRound(ctx);
      }
      clock += 150;
      await settleTimers();
      expect((await fired(blueprint)).sort()).toEqual(twin(history, clock).sort());
    }),
    { numRuns: Number(process.env["TIMER_RUNS"] ?? 25), seed: 7 },
  );
});

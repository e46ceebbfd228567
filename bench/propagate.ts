/**
 * How soon derived values follow, and what they cost: freshness under writes, a rebuild of ten aggregations against one
 * statement written by hand for each, writes with and without definitions, how soon values follow writes at full speed
 * (`PARTS=pressed`), a hub with many dependants.
 * `tools/with-postgres node bench/propagate.ts`, or on the embedded database without. Sizes by DEPLOYMENTS, SERVICES,
 * DEPENDANTS, SECONDS, RATE, ROUNDS and BATCHES of writes, which parts by PARTS. Compare the ratios: times of another run or machine say nothing.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type RawBuilder, sql } from "kysely";
import { changeBlueprint, createBlueprint } from "../src/catalog/define-blueprint.ts";
import { rebuildDerived } from "../src/catalog/derivation.ts";
import { upsertEntities, type UpsertOptions } from "../src/catalog/upsert-entity.ts";
import { pendingDerivations, settleDerivations, startDerivation } from "../src/engine/derivation.ts";
import type { Ctx } from "../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../test/support/database.ts";
import { since, watchTurns, type WorkTime, workTime } from "./work-time.ts";

const sizeOf = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);
const SIZES = {
  deployments: sizeOf("DEPLOYMENTS", 100_000),
  services: sizeOf("SERVICES", 2000),
  dependants: sizeOf("DEPENDANTS", 50_000),
  seconds: sizeOf("SECONDS", 20),
  rate: sizeOf("RATE", 200),
  most: sizeOf("MOST", 100_000),
  rounds: sizeOf("ROUNDS", 8),
  batches: sizeOf("BATCHES", 100),
};
const WRITE: UpsertOptions = {
  ...{ present: "merge", absent: "create", createMissing: false, validationOnly: false, closed: false },
};
const STATUSES = ["Success", "Failed"];

const show = (name: string, value: unknown): void => console.log(`${name}: ${JSON.stringify(value)}`);
const rounded = (value: number): number => Math.round(value * 10) / 10;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const by = (func: string, property: string, status: string | null) => ({
  ...{ title: func, target: "deployment", calculationSpec: { calculationBy: "property", func, property } },
  ...(status === null ? {} : { query: onStatus(status) }),
});
const onStatus = (value: string) => ({
  ...{ combinator: "and", rules: [{ property: "status", operator: "=", value }] },
});

const AGGREGATIONS = {
  deployments: {
    title: "n",
    target: "deployment",
    calculationSpec: { calculationBy: "entities", func: "count" },
  },
  successes: {
    ...{ title: "n", target: "deployment", query: onStatus("Success") },
    calculationSpec: { calculationBy: "entities", func: "count" },
  },
  frequency: {
    ...{ title: "n", target: "deployment", query: onStatus("Success") },
    calculationSpec: {
      calculationBy: "entities",
      func: "average",
      averageOf: "month",
      measureTimeBy: "doneAt",
    },
  },
  total: by("sum", "minutes", null),
  mean: by("average", "minutes", "Success"),
  least: by("min", "minutes", null),
  most: by("max", "minutes", "Failed"),
  middle: by("median", "minutes", null),
  high: by("p95", "minutes", "Success"),
  kinds: by("countDistinct", "status", null),
};

/** One statement for each property, as somebody would write it who knows the tables. */
const BY_HAND: readonly (readonly [string, RawBuilder<unknown>])[] = (() => {
  const of = (value: RawBuilder<unknown>, where = sql`true`): RawBuilder<unknown> => sql`
    select r.target, ${value} from entity_relation r
    join entity e on e.org = r.org and e.blueprint = r.blueprint and e.identifier = r.identifier
    where r.blueprint = 'deployment' and r.relation = 'service' and ${where} group by r.target`;
  const minutes = sql`as_number(e.properties -> 'minutes')`;
  const success = sql`e.properties ->> 'status' = 'Success'`;
  const failed = sql`e.properties ->> 'status' = 'Failed'`;
  return [
    ["deployments", of(sql`count(*)`)],
    ["successes", of(sql`count(*)`, success)],
    ["frequency", of(sql`count(*), min(as_instant(e.properties ->> 'doneAt'))`, success)],
    ["total", of(sql`sum(${minutes})`)],
    ["mean", of(sql`avg(${minutes})`, success)],
    ["least", of(sql`min(${minutes})`)],
    ["most", of(sql`max(${minutes})`, failed)],
    ["middle", of(sql`percentile_cont(0.5) within group (order by (${minutes})::float8)`)],
    ["high", of(sql`percentile_cont(0.95) within group (order by (${minutes})::float8)`, success)],
    ["kinds", of(sql`count(distinct e.properties -> 'status')`)],
  ];
})();

async function define(ctx: Ctx): Promise<void> {
  const shell = (identifier: string, properties: object, rest: object) => ({
    ...{ identifier, title: identifier, schema: { properties } },
    ...rest,
  });
  await createBlueprint(ctx, shell("service", { tier: { type: "string" } }, {}));
  const properties = {
    ...{ minutes: { type: "number" }, status: { type: "string" } },
    doneAt: { type: "string", format: "date-time" },
  };
  await createBlueprint(
    ctx,
    shell("deployment", properties, { relations: { service: { target: "service" } } }),
  );
  // The same without anything that is derived from it.
  await createBlueprint(ctx, shell("plain", properties, { relations: { service: { target: "service" } } }));
  await createBlueprint(ctx, shell("dependant", {}, { relations: { hub: { target: "service" } } }));
}

/** Straight into the tables: the writes of the catalog are measured elsewhere. */
async function fill(ctx: Ctx): Promise<void> {
  const { db, org } = ctx;
  const insert = (
    blueprint: string,
    n: number,
    properties: RawBuilder<unknown>,
    relation: RawBuilder<unknown>,
  ) =>
    sql`
    insert into entity (org, blueprint, identifier, properties, relations, created_at, created_by, updated_at, updated_by)
    select ${org}, ${blueprint}, ${`${blueprint}-`} || n, ${properties}, ${relation}, now(), 'bench', now(), 'bench'
    from generate_series(1, ${n}::int) n`.execute(db);
  const relate = (blueprint: string, relation: string) =>
    sql`
    insert into entity_relation (org, blueprint, identifier, relation, target_blueprint, target, position)
    select org, blueprint, identifier, ${relation}, 'service', relations ->> ${relation}, 0 from entity
    where org = ${org} and blueprint = ${blueprint}`.execute(db);
  const services = sql.lit(SIZES.services);
  await insert("service", SIZES.services, sql`'{"tier":"gold"}'`, sql`'{}'`);
  await insert(
    "deployment",
    SIZES.deployments,
    sql`jsonb_build_object('minutes', n % 97, 'status', case when n % 9 = 0 then 'Failed' else 'Success' end,
      'doneAt', to_char(now() - n * interval '20 seconds', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))`,
    sql`jsonb_build_object('service', 'service-' || (n % ${services} + 1))`,
  );
  await insert("dependant", SIZES.dependants, sql`'{}'`, sql`jsonb_build_object('hub', 'service-1')`);
  await relate("deployment", "service");
  await relate("dependant", "hub");
  await sql`analyze entity`.execute(db);
  await sql`analyze entity_relation`.execute(db);
}

/** Straight into the tables. */
async function addDeployments({ db, org }: Ctx, service: string, n: number): Promise<void> {
  await sql`
    insert into entity (org, blueprint, identifier, properties, relations, created_at, created_by, updated_at, updated_by)
    select ${org}, 'deployment', ${service} || '-' || n, jsonb_build_object('minutes', n % 97, 'status', 'Success',
      'doneAt', to_char(now() - n * interval '20 seconds', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')),
      jsonb_build_object('service', ${service}::text), now(), 'bench', now(), 'bench'
    from generate_series(1, ${n}::int) n`.execute(db);
  await sql`
    insert into entity_relation (org, blueprint, identifier, relation, target_blueprint, target, position)
    select org, blueprint, identifier, 'service', 'service', ${service}, 0 from entity
    where org = ${org} and blueprint = 'deployment' and relations ->> 'service' = ${service}`.execute(db);
}

let written = 0;

function deployment(service: number): object {
  const n = ++written;
  return {
    identifier: `new-${n}`,
    properties: { minutes: n % 50, status: STATUSES[n % 2], doneAt: new Date().toISOString() },
    relations: { service: `service-${service}` },
  };
}

const anyService = (): number => 1 + Math.floor(Math.random() * SIZES.services);

async function writeBatches(ctx: Ctx, blueprint: string, batches: number): Promise<void> {
  for (let i = 0; i < batches; i++)
    await upsertEntities(
      ctx,
      blueprint,
      Array.from({ length: 20 }, () => deployment(anyService())),
      WRITE,
    );
}

async function rebuild(ctx: Ctx): Promise<void> {
  let byHand = 0;
  for (const [, statement] of BY_HAND) byHand += await timed(() => statement.execute(ctx.db));
  await changeBlueprint(ctx, "service", { aggregationProperties: AGGREGATIONS });
  const first = await timed(() => settleDerivations(ctx));
  await rebuildDerived(ctx);
  const again = await timed(() => settleDerivations(ctx));
  show("rebuild of ten aggregations", {
    ...{ byHandMs: rounded(byHand), firstMs: rounded(first), againMs: rounded(again) },
    ratio: rounded(again / byHand),
  });
}

async function freshness(t: TestDatabase): Promise<void> {
  const { ctx } = t;
  const loop = await startDerivation(t.database, ctx);
  const waiting = new Map<string, { readonly expected: number; readonly at: number }[]>();
  const { rows } = await sql<{ identifier: string; n: number }>`
    select identifier, (derived ->> 'deployments')::int as n from entity where blueprint = 'service'`.execute(
    ctx.db,
  );
  const counts = new Map(rows.map((row) => [row.identifier, row.n]));
  const delays: number[] = [];
  const answers: number[] = [];
  let isWriting = true;
  const look = async (): Promise<void> => {
    while (isWriting || waiting.size > 0) {
      const seen = await sql<{ identifier: string; n: number }>`
        select e.identifier, (e.derived ->> 'deployments')::int as n from entity e
        where e.org = ${ctx.org} and e.blueprint = 'service' and e.identifier = any(${[...waiting.keys()]}::text[])`.execute(
        ctx.db,
      );
      const now = performance.now();
      for (const { identifier, n } of seen.rows) {
        const list = waiting.get(identifier) ?? [];
        for (const one of list) if (one.expected <= n) delays.push(now - one.at);
        const left = list.filter((one) => one.expected > n);
        if (left.length === 0) waiting.delete(identifier);
        else waiting.set(identifier, left);
      }
      await sleep(20);
    }
  };
  const looking = look();
  const before = await workTime(ctx.db, t.database.kind);
  const end = performance.now() + SIZES.seconds * 1000;
  const writes: Promise<void>[] = [];
  const write = async (): Promise<void> => {
    const service = `service-${anyService()}`;
    const started = performance.now();
    await upsertEntities(ctx, "deployment", [deployment(Number(service.slice(8)))], WRITE);
    t.database.hint("change");
    const at = performance.now();
    answers.push(at - started);
    const expected = (counts.get(service) ?? 0) + 1;
    counts.set(service, expected);
    waiting.set(service, [...(waiting.get(service) ?? []), { expected, at }]);
  };
  for (let i = 0, begun = performance.now(); performance.now() < end; i++) {
    const pause = begun + (i * 1000) / SIZES.rate - performance.now();
    if (pause > 0) await sleep(pause);
    writes.push(write());
  }
  await Promise.all(writes);
  isWriting = false;
  await looking;
  await loop.stop();
  const used = since(before, await workTime(ctx.db, t.database.kind));
  show("freshness, ms from the answer to the visible value", {
    ...{ writes: writes.length, perSecond: rounded(writes.length / SIZES.seconds) },
    ...{ answers: quantiles(answers), delays: quantiles(delays) },
    workMsPerWrite: perUnit(used, writes.length),
  });
}

/** What one write costs until its values are settled, by how many entities its service has already; by turns. */
async function independence(t: TestDatabase): Promise<void> {
  const { ctx } = t;
  const sizes = [10, 1000, SIZES.most];
  const nameOf = (size: number): string => `of-${size}`;
  for (const size of sizes) {
    const service = nameOf(size);
    await upsertEntities(ctx, "service", [{ identifier: service, properties: {} }], WRITE);
    await addDeployments(ctx, service, size);
  }
  await rebuildDerived(ctx);
  await settleDerivations(ctx);
  const taken = new Map(sizes.map((size) => [size, { ms: [] as number[], work: [] as number[] }]));
  for (let i = 0; i < 40; i++)
    for (const size of sizes) {
      const before = await workTime(ctx.db, t.database.kind);
      const ms = await timed(async () => {
        await upsertEntities(
          ctx,
          "deployment",
          [{ ...deployment(1), relations: { service: nameOf(size) } }],
          WRITE,
        );
        await settleDerivations(ctx);
      });
      const { process, server } = since(before, await workTime(ctx.db, t.database.kind));
      taken.get(size)?.ms.push(ms);
      taken.get(size)?.work.push(process + (server ?? 0));
    }
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const shown = [...taken].map(([size, { ms, work }]) => [
    `among ${size}`,
    { ms: quantiles(ms), workMs: rounded(mean(work)) },
  ]);
  show("one write until it is settled", Object.fromEntries(shown));
}

function perUnit({ process, server }: WorkTime, n: number): object {
  const one = (ms: number | null): number | null => (ms === null ? null : Math.round((ms / n) * 1000) / 1000);
  return { process: one(process), server: one(server) };
}

function quantiles(values: readonly number[]): object {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => rounded(sorted[Math.floor(sorted.length * share)] ?? Number.NaN);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: rounded(sorted.at(-1) ?? Number.NaN) };
}

async function defineOwn(ctx: Ctx): Promise<void> {
  await changeBlueprint(ctx, "deployment", {
    mirrorProperties: { tier: { path: "service.tier" } },
    calculationProperties: { hours: { calculation: ".properties.minutes / 60", type: "number" } },
  });
  await settleDerivations(ctx);
}

/**
 * Writes with and without definitions by turns, on two blueprints of one database, so that what else the machine does
 * falls on both. Everything that derivation does counts, until it is settled.
 */
async function writePath(t: TestDatabase): Promise<void> {
  const { ctx } = t;
  const { rounds, batches } = SIZES;
  await defineOwn(ctx);
  const turn = async (blueprint: string): Promise<Turn> => {
    const before = await workTime(ctx.db, t.database.kind);
    const loop = await startDerivation(t.database, ctx);
    const ms = await timed(() => writeBatches(ctx, blueprint, batches));
    const work = since(before, await workTime(ctx.db, t.database.kind));
    await loop.stop();
    const rest = await timed(() => settleDerivations(ctx));
    const settled = since(before, await workTime(ctx.db, t.database.kind));
    return { ms, settledMs: ms + rest, work, settled };
  };
  const turns: Record<"plain" | "deployment", Turn[]> = { plain: [], deployment: [] };
  for (let i = 0; i <= rounds; i++)
    for (const blueprint of ["plain", "deployment"] as const) {
      const one = await turn(blueprint);
      // The first round warms up.
      if (i > 0) turns[blueprint].push(one);
    }
  const n = rounds * batches * 20;
  const sumOf = (list: readonly Turn[], of: (one: Turn) => number): number =>
    list.reduce((sum, one) => sum + of(one), 0);
  const costOf = (of: (one: Turn) => number): object => {
    const [without, withThem] = [sumOf(turns.plain, of), sumOf(turns.deployment, of)];
    const perSecond = (ms: number): number => rounded((n * 1000) / ms);
    return {
      ...{ without: perSecond(without), with: perSecond(withThem) },
      costPercent: rounded((1 - without / withThem) * 100),
    };
  };
  const workOf = (list: readonly Turn[], of: "work" | "settled"): object =>
    perUnit(
      {
        process: sumOf(list, (one) => one[of].process),
        server: sumOf(list, (one) => one[of].server ?? 0),
      },
      n,
    );
  show("writes in batches of 20, without definitions and with them by turns, entities a second", {
    ...{ entities: n, written: costOf((one) => one.ms), settled: costOf((one) => one.settledMs) },
    workMs: {
      ...{ without: workOf(turns.plain, "work"), with: workOf(turns.deployment, "work") },
      withSettled: workOf(turns.deployment, "settled"),
    },
  });
}

interface Turn {
  readonly ms: number;
  readonly settledMs: number;
  /** Until all is written. */
  readonly work: WorkTime;
  readonly settled: WorkTime;
}

/** Of so many batches the first entity is waited for. */
const WATCHED = 25;

/** One writer at full speed: how long until values follow. */
async function pressed(t: TestDatabase): Promise<void> {
  const { ctx } = t;
  await defineOwn(ctx);
  const { rows } = await sql<{ identifier: string; n: number }>`
    select identifier, (derived ->> 'deployments')::int as n from entity where blueprint = 'service'`.execute(
    ctx.db,
  );
  const counts = new Map(rows.map((row) => [row.identifier, row.n]));
  let waiting: { readonly service: string; readonly expected: number; readonly at: number }[] = [];
  const delays: number[] = [];
  const loop = await startDerivation(t.database, ctx);
  const started = performance.now();
  const end = started + SIZES.seconds * 1000;
  let isWriting = true;
  const look = async (): Promise<void> => {
    while (isWriting || waiting.length > 0) {
      await sleep(250);
      const { rows: seen } = await sql<{ identifier: string; n: number }>`
        select identifier, (derived ->> 'deployments')::int as n from entity
        where blueprint = 'service' and identifier = any(${waiting.map(({ service }) => service)}::text[])`.execute(
        ctx.db,
      );
      const now = performance.now();
      const found = new Map(seen.map((row) => [row.identifier, row.n]));
      const isShown = (one: (typeof waiting)[number]): boolean =>
        (found.get(one.service) ?? 0) >= one.expected;
      for (const one of waiting) if (isShown(one)) delays.push(now - one.at);
      waiting = waiting.filter((one) => !isShown(one));
    }
  };
  const looking = look();
  const before = await workTime(ctx.db, t.database.kind);
  let n = 0;
  for (let i = 0; performance.now() < end; i++) {
    const services = Array.from({ length: 20 }, anyService);
    await upsertEntities(ctx, "deployment", services.map(deployment), WRITE);
    n += services.length;
    for (const one of services) {
      const service = `service-${one}`;
      counts.set(service, (counts.get(service) ?? 0) + 1);
    }
    const service = `service-${services[0] ?? 1}`;
    if (i % WATCHED === 0)
      waiting.push({ service, expected: counts.get(service) ?? 0, at: performance.now() });
  }
  const seconds = (performance.now() - started) / 1000;
  const work = since(before, await workTime(ctx.db, t.database.kind));
  const left = waiting.length;
  isWriting = false;
  await looking;
  await loop.stop();
  show("writes at full speed, ms from the answer to the visible value", {
    ...{ entities: n, perSecond: rounded(n / seconds), watched: delays.length, leftAtTheEnd: left },
    ...{ delays: quantiles(delays), workMsPerEntity: perUnit(work, n) },
  });
}

async function hub(t: TestDatabase): Promise<void> {
  const { ctx } = t;
  await changeBlueprint(ctx, "dependant", { mirrorProperties: { tier: { path: "hub.tier" } } });
  await settleDerivations(ctx);
  const loop = await startDerivation(t.database, ctx);
  await sleep(500);
  const stop = watchTurns();
  const answer = await timed(() =>
    upsertEntities(ctx, "service", [{ identifier: "service-1", properties: { tier: "tin" } }], WRITE),
  );
  t.database.hint("change");
  const settled = await timed(async () => {
    for (;;) {
      await sleep(50);
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from entity where blueprint = 'dependant' and derived ->> 'tier' = 'tin'`.execute(
        ctx.db,
      );
      if (rows[0]?.n === SIZES.dependants && (await pendingDerivations(ctx)).isSettled) return;
    }
  });
  const longest = stop();
  await loop.stop();
  show(`a hub with ${SIZES.dependants} dependants`, {
    ...{ answerMs: rounded(answer), settledMs: rounded(settled), longestTurnMs: rounded(longest.clock) },
    longestTurnWorkMs: rounded(longest.work),
  });
}

const t = await openTestDatabase();
try {
  show("sizes", { store: t.database.kind, ...SIZES });
  await define(t.ctx);
  await fill(t.ctx);
  const parts = (process.env["PARTS"] ?? "independence freshness writes hub").split(" ");
  await rebuild(t.ctx);
  if (parts.includes("independence")) await independence(t);
  if (parts.includes("freshness")) await freshness(t);
  if (parts.includes("writes")) await writePath(t);
  if (parts.includes("pressed")) await pressed(t);
  if (parts.includes("hub")) await hub(t);
} finally {
  await t.close();
}

/**
 * Twelve searches over a catalog of a million entities (bench/queries-data.ts), as the routes ask them: how long they
 * take at first, which indexes they then get, and how long they take with these, with plans. Prints bench/queries.md.
 *
 *   nice -n -10 tools/with-postgres node bench/queries.ts > bench/queries.md     (five minutes, 2 GB of disk while it runs)
 *
 * BENCH_SCALE=0.01 makes a hundredth of it.
 */
import { randomBytes } from "node:crypto";
import { cpus, loadavg } from "node:os";
import { CompiledQuery, createQueryId, type Kysely, sql } from "kysely";
import pg from "pg";
import { searchEverywhere, searchInBlueprint } from "../src/catalog/search-entities.ts";
import { INDEX_RULES, tendIndexes } from "../src/catalog/search-keep-indexes.ts";
import { SYSTEM_ACTOR } from "../src/model/actor.ts";
import type { Ctx } from "../src/storage/context.ts";
import { type Database, openDatabase } from "../src/storage/db.ts";
import { migrate } from "../src/storage/migrate.ts";
import { readOnly } from "../src/storage/read-only.ts";
import type { IndexKey } from "../src/storage/search-drive.ts";
import type { Tables } from "../src/storage/tables.ts";
import { BENCH_ORG, generateCatalog } from "./queries-data.ts";
import { type Ask, SHAPES } from "./queries-shapes.ts";

const FIRST = 4;
/** The keeper looks every half a minute; so often it gets to look. */
const KEEPER_ROUNDS = 5;
const ROUNDS = 60;
const LIMIT_MS = 100;

interface Timing {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly rows: number;
}

async function ask(ctx: Ctx, { blueprint, query, include }: Ask): Promise<number> {
  if (blueprint !== null) {
    const page = { query, limit: 200, from: null, include: include ?? null, exclude: [] };
    return (await searchInBlueprint(ctx, blueprint, page)).entities.length;
  }
  const { pages } = await searchEverywhere(ctx, query, {
    shape: { include: include?.map((name) => name.replace("$", "")) ?? null, exclude: [] },
    attachTitles: false,
    excludeDerived: false,
    allowPartial: false,
  });
  let rows = 0;
  for await (const page of pages) rows += page.length;
  return rows;
}

async function time(ctx: Ctx, shape: (i: number) => Ask, rounds: number): Promise<Timing> {
  const taken: number[] = [];
  let rows = 0;
  for (let i = 0; i < rounds; i++) {
    const started = performance.now();
    rows = Math.max(rows, await ask(ctx, shape(i)));
    taken.push(performance.now() - started);
  }
  taken.sort((a, b) => a - b);
  const at = (share: number): number =>
    taken[Math.min(taken.length - 1, Math.floor(taken.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), max: taken.at(-1) ?? 0, rows };
}

/** What PostgreSQL did for one of them: the parts that ran, without estimates. */
async function planOf(ctx: Ctx, one: Ask): Promise<string> {
  const statements: CompiledQuery[] = [];
  const kysely = ctx.db as Kysely<Tables>;
  const recording = kysely.withPlugin({
    transformQuery: ({ node }) => {
      const compiled = kysely.getExecutor().compileQuery(node, createQueryId());
      if (compiled.sql.includes("as page")) statements.push(compiled);
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  await ask({ ...ctx, db: recording }, one);
  const [statement] = statements;
  if (statement === undefined) throw new Error("no statement");
  const { rows } = await readOnly(ctx.db, 60_000, (db) =>
    db.executeQuery<Record<string, string>>(
      CompiledQuery.raw(`explain (analyze, costs off) ${statement.sql}`, [...statement.parameters]),
    ),
  );
  return rows
    .map((row) => row["QUERY PLAN"] ?? "")
    .filter(
      (line) =>
        !line.includes("never executed") &&
        !/^\s*(Sort Method|Rows Removed|Planning:|Heap Blocks|Buffers)/.test(line),
    )
    .map((line) =>
      line
        .replace(/\(actual time=[\d.]+\.\.([\d.]+) rows=(\d+) loops=(\d+)\)/, "($1 ms, $2 rows, $3 ×)")
        .replaceAll("::text", ""),
    )
    .map((line) => (line.length > 180 ? `${line.slice(0, 180)}…` : line))
    .join("\n");
}

/** What the indexes cost a write: the same thousand rows updated, in a transaction that is taken back. */
async function timeWrites(db: Kysely<Tables>): Promise<number> {
  const taken: number[] = [];
  for (let i = 0; i < 7; i++) {
    const started = performance.now();
    await db
      .transaction()
      .execute(async (trx) => {
        await sql`update entity set properties = properties || jsonb_build_object('minutes', ${i}::int), updated_at = now()
          where org = ${BENCH_ORG} and blueprint = 'deployment' and identifier in (
            select 'deployment-' || n from generate_series(${i * 1000 + 1}::int, ${i * 1000 + 1000}::int) n)`.execute(
          trx,
        );
        throw new Error("taken back");
      })
      .catch(() => undefined);
    taken.push(performance.now() - started);
  }
  return taken.sort((a, b) => a - b)[3] ?? 0;
}

async function bench(database: Database): Promise<void> {
  const { kysely } = database;
  const started = performance.now();
  const entities = await generateCatalog(database, Number(process.env["BENCH_SCALE"] ?? "1"));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const quiet = (): undefined => undefined;
  const made: string[] = [];
  const ctx: Ctx = {
    db: kysely,
    org: BENCH_ORG,
    actor: {
      kind: "user",
      id: "user-17",
      datasource: null,
      person: { email: "_user-17", name: "User 17", roles: ["Admin"], teams: ["_team-17", "_team-18"] },
    },
    now: () => new Date("2024-10-01T00:00:00Z"),
    log: {
      debug: quiet,
      warn: quiet,
      error: quiet,
      info: (fields) => made.push(madeLine(fields)),
    },
  };
  // Indexes that are made must be noticed at once, not after ten seconds of a clock that stands still.
  let tick = ctx.now().getTime();
  const asked: Ctx = {
    ...ctx,
    now: () => new Date((tick += 11_000) - ((tick - Date.parse("2024-10-01T00:00:00Z")) % 60_000)),
  };

  const first = new Map<string, Timing>();
  for (const { name, make } of SHAPES) first.set(name, await time(asked, make, FIRST));
  const writesBefore = await timeWrites(kysely);
  for (let round = 0; round < KEEPER_ROUNDS; round++) {
    // What a search wished for is noted after its answer.
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (let i = 0; i < 3; i++) await tendIndexes({ ...ctx, actor: SYSTEM_ACTOR }, true, INDEX_RULES);
    for (const { make } of SHAPES) await time(asked, make, FIRST);
  }
  const writesAfter = await timeWrites(kysely);
  const after = new Map<string, Timing>();
  for (const { name, make } of SHAPES) {
    after.set(name, await time(asked, make, ROUNDS));
  }
  const plans = new Map<string, string>();
  for (const { name, make } of SHAPES) plans.set(name, await planOf(asked, make(1)));
  const all = await everything(asked);
  const { rows: indexes } = await sql<{ name: string; size: string; definition: string }>`
    select indexname as name, pg_size_pretty(pg_relation_size(indexname::regclass)) as size, indexdef as definition
    from pg_indexes where tablename = 'entity' and indexname like 'search\\_%' order by 1`.execute(kysely);
  const { rows: sizes } = await sql<{ entity: string; relation: string; version: string }>`
    select pg_size_pretty(pg_total_relation_size('entity')) as entity,
      pg_size_pretty(pg_total_relation_size('entity_relation')) as relation, current_setting('server_version') as version`.execute(
    kysely,
  );
  report({
    entities,
    seconds,
    sizes: sizes[0],
    first,
    after,
    plans,
    indexes,
    made,
    writesBefore,
    writesAfter,
    all,
  });
}

/** Planning and execution, from the plan. */
function executed(plan = ""): string {
  const times = [...plan.matchAll(/^(?:Planning|Execution) Time: ([\d.]+) ms/gm)].map(([, time]) =>
    Number(time),
  );
  return times.reduce((sum, time) => sum + time, 0).toFixed(1);
}

function madeLine(fields: object): string {
  const { index, ms } = fields as { index: IndexKey; ms: number };
  return `${index.blueprint} ${index.property} (${index.kind}): ${(ms / 1000).toFixed(1)} s`;
}

/** Every entity, streamed: how long, and how much memory at most. */
async function everything(ctx: Ctx): Promise<string> {
  let highest = 0;
  const started = performance.now();
  const { pages } = await searchEverywhere(
    ctx,
    { combinator: "and", rules: [] },
    {
      shape: { include: null, exclude: [] },
      attachTitles: false,
      excludeDerived: false,
      allowPartial: false,
    },
  );
  let rows = 0;
  for await (const page of pages) {
    rows += page.length;
    highest = Math.max(highest, process.memoryUsage().rss);
  }
  const seconds = (performance.now() - started) / 1000;
  return `all ${rows} entities in one answer: ${seconds.toFixed(0)} s, this process ${(highest / 1e6).toFixed(0)} MB at most`;
}

interface Report {
  readonly entities: number;
  readonly seconds: string;
  readonly sizes:
    | { readonly entity: string; readonly relation: string; readonly version: string }
    | undefined;
  readonly first: ReadonlyMap<string, Timing>;
  readonly after: ReadonlyMap<string, Timing>;
  readonly plans: ReadonlyMap<string, string>;
  readonly indexes: readonly { readonly name: string; readonly size: string; readonly definition: string }[];
  readonly made: readonly string[];
  readonly writesBefore: number;
  readonly writesAfter: number;
  readonly all: string;
}

function report(r: Report): void {
  const ms = (value: number | undefined): string => (value ?? Number.NaN).toFixed(1);
  const slow = [...r.after]
    .filter(([, timing]) => timing.rows <= 200 && timing.p95 > LIMIT_MS)
    .map(([name]) => name);
  const lines = [
    "# Searches over a million entities",
    "",
    "Printed by `tools/with-postgres node bench/queries.ts`. Times of the use case, without HTTP, in milliseconds, while other work",
    `kept the machine busy (${cpus().length} cores of ${cpus()[0]?.model.trim() ?? "?"}, load ${loadavg()[0]?.toFixed(0) ?? "?"}; this bench and its server at a higher priority).`,
    "",
    `${r.entities} entities, made in ${r.seconds} s; PostgreSQL ${r.sizes?.version ?? ""}; entities ${r.sizes?.entity ?? ""} and relations ${r.sizes?.relation ?? ""} with their indexes.`,
    `"First": median of ${FIRST} before any index on a property. Then p50, p95 and max of ${ROUNDS}, each with other values.`,
    "",
    "| search | rows at most | first | p50 | p95 | max | of which in PostgreSQL, one of them |",
    "|---|--:|--:|--:|--:|--:|--:|",
    ...SHAPES.map(({ name }) => {
      const [before, now] = [r.first.get(name), r.after.get(name)];
      return `| ${name} | ${now?.rows ?? 0} | ${ms(before?.p50)} | ${ms(now?.p50)} | ${ms(now?.p95)} | ${ms(now?.max)} | ${executed(r.plans.get(name))} |`;
    }),
    "",
    slow.length === 0
      ? `None that answers up to 200 rows takes over ${LIMIT_MS} ms (p95).`
      : `**Over ${LIMIT_MS} ms (p95): ${slow.join(", ")}.**`,
    "",
    `Streamed: ${r.all}.`,
    "",
    "## Indexes on properties that these searches got",
    "",
    `An update of 1,000 of 400,000 deployments: ${ms(r.writesBefore)} ms before, ${ms(r.writesAfter)} ms with them (one statement, median of 7).`,
    "",
    "| index | size |",
    "|---|--:|",
    ...r.indexes.map(
      ({ definition, size }) =>
        `| \`${definition.replace(/^CREATE INDEX \S+ ON public.entity USING /, "").replaceAll("::text", "")}\` | ${size} |`,
    ),
    "",
    `Made in this order, as slow searches asked for them: ${r.made.join("; ")}.`,
    "",
    "## Plans",
    ...SHAPES.flatMap(({ name, make }) => [
      "",
      `### ${name}`,
      "",
      "```json",
      JSON.stringify(make(1).query),
      "```",
      "```",
      r.plans.get(name) ?? "",
      "```",
    ]),
  ];
  console.log(lines.join("\n"));
  process.exitCode = slow.length === 0 ? 0 : 1;
}

const server = process.env["TEST_DATABASE_URL"] ?? process.env["DATABASE_URL"];
if (server === undefined)
  throw new Error("bench/queries.ts needs PostgreSQL: tools/with-postgres node bench/queries.ts");
const name = `fairway_bench_${randomBytes(4).toString("hex")}`;
const admin = new pg.Client({ connectionString: server });
await admin.connect();
await admin.query(`create database ${name}`);
try {
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = await openDatabase({
    url: url.href,
    dataDir: "",
    onError: (error) => console.error(error),
  });
  try {
    await migrate(database);
    await bench(database);
  } finally {
    await database.close();
  }
} finally {
  await admin.query(`drop database ${name} with (force)`);
  await admin.end();
}
